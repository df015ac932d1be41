"""Round the softmax of scores in tenths or other units, for whole batches, in whole numbers."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction
from functools import cache

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded

FARTHEST = 27  # below the highest score: e to that power is next to nothing
MILLION = 10**6
# −log of a share in tenths, in tenths; that of 0 is none.
SURPRISES = np.array(
    [0, *(-log_rounded(Fraction(tenth, 10), 1) for tenth in range(1, 11))], dtype=np.int64
)


@cache
def _powers(unit: int) -> Array:
    """Return e to the power of 0, −1/unit, −2/unit ... in units of 10⁻¹²."""
    context = Context(prec=30)
    every = (context.exp(Decimal(-k) / unit) for k in range(FARTHEST * unit + 1))
    return np.array([int(power.scaleb(12)) for power in every], dtype=np.int64)


def shares(scores: Array, decimals: int, unit: int = 10) -> tuple[Array, Mask]:
    """Return the softmax down each column of scores over `unit`, rounded, and the clear columns.

    Clear are those of which no share lies within a twentieth of a unit of where its rounding
    changes, so that a student with a printed table of powers comes to the same. Shapes are those of
    `scores`, (..., rows, columns), and (..., columns); shares are in units of 10**-decimals.
    """
    below = np.minimum(scores.max(axis=-2, keepdims=True) - scores, FARTHEST * unit)
    powers = _powers(unit)[below]
    millionths = MILLION * powers // powers.sum(axis=-2, keepdims=True)
    step = MILLION // 10**decimals
    # The quotients are cut off, by less than one millionth.
    clear: Mask = (np.abs(millionths % step - step // 2) > step // 20 + 1).all(axis=-2)
    return (millionths + step // 2) // step, clear
