"""Find whole scores whose softmax comes out in tenths with powers of e of two decimals."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import rounded_fraction, softmax_rounded

# In hundredths, e to the power 0, -1, -2 and -3; what lies further down counts as 0.
POWERS = (100, 37, 14, 5)
# From so far below the highest score on, a share is 0.0 and changes no other one.
FARTHEST = 6
DIGITS = 6
# The digits beyond the tenth, where they lie within 0.005 of half a tenth.
NEAR_BORDER = range(45_000, 55_001)


def tenths(scores: Array) -> tuple[Array, Mask]:
    """Return the softmax down each column of whole scores, in tenths, and the doable columns.

    These are the columns for which the rounded powers give the same tenths as the exact ones, none
    of which lies near the border of its rounding, and for which the tenths come to 1. Shapes are
    those of `scores`, (sheets, rows, columns), and (sheets, columns). Looked up: 4,000 sheets' two
    columns of three scores take 0.6 ms, and 100 ms or more one by one.
    """
    below = np.minimum(scores.max(axis=1, keepdims=True) - scores, FARTHEST)
    # The distances are the index, an axis of the table for each row.
    shares = _table(scores.shape[1])[tuple(below.transpose(1, 0, 2))].transpose(0, 2, 1)
    return shares, shares[:, 0] >= 0


@cache
def _table(size: int) -> Array:
    """Tabulate the tenths by how far a column's scores lie below the highest; -1 if not doable."""
    table = np.full((FARTHEST + 1,) * size + (size,), -1, dtype=np.int64)
    for below in product(range(FARTHEST + 1), repeat=size):
        if min(below) == 0 and (shares := _doable(tuple(sorted(below)))):
            table[below] = [shares[distance] for distance in below]
    return table


@cache
def _doable(below: tuple[int, ...]) -> dict[int, int]:
    """Return the tenths by distance below the highest score; empty if the column is not doable."""
    scores = tuple(Fraction(-distance) for distance in below)
    exact, fine = (softmax_rounded(scores, decimals) for decimals in (1, DIGITS))
    powers = [dict(enumerate(POWERS)).get(distance, 0) for distance in below]
    by_hand = [rounded_fraction(Fraction(power, sum(powers)), 1) * 10 for power in powers]
    if (
        sum(exact) != 10
        or list(exact) != by_hand
        or any(share % 10 ** (DIGITS - 1) in NEAR_BORDER for share in fine)
    ):
        return {}
    return dict(zip(below, exact, strict=True))
