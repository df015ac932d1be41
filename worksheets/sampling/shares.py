"""Round the softmax of scores in tenths, for whole batches, with whole numbers alone."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded

FARTHEST = 270  # tenths below the highest score: e to that power is next to nothing
# e to the power of 0, −0.1, −0.2 ... in units of 10⁻¹².
POWERS = np.array(
    [int(Context(prec=30).exp(Decimal(-k) / 10).scaleb(12)) for k in range(FARTHEST + 1)],
    dtype=np.int64,
)
MILLION = 10**6
# −log of a share in tenths, in tenths; that of 0 is none.
SURPRISES = np.array(
    [0, *(-log_rounded(Fraction(tenth, 10), 1) for tenth in range(1, 11))], dtype=np.int64
)


def shares(scores: Array, decimals: int) -> tuple[Array, Mask]:
    """Return the softmax down each column of scores in tenths, rounded, and the clear columns.

    Clear are those of which no share lies within a twentieth of a unit of where its rounding
    changes, so that a student with a printed table of powers comes to the same. Shapes are those of
    `scores`, (..., rows, columns), and (..., columns); shares are in units of 10**-decimals.
    """
    below = np.minimum(scores.max(axis=-2, keepdims=True) - scores, FARTHEST)
    powers = POWERS[below]
    millionths = MILLION * powers // powers.sum(axis=-2, keepdims=True)
    unit = MILLION // 10**decimals
    # The quotients are cut off, by less than one millionth.
    clear: Mask = (np.abs(millionths % unit - unit // 2) > unit // 20 + 1).all(axis=-2)
    return (millionths + unit // 2) // unit, clear
