"""Causal attention of which a pencil can do the softmax: no position looks at a later one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import softmax_rounded

# How far the scores that a position sees lie below their highest one, in any order. Of these the
# printed powers of e give the same tenths as the exact ones, and the tenths come to 1.
BELOW: dict[int, set[tuple[int, ...]]] = {
    1: {(0,)},
    2: {(0, 0), (0, 1), (0, 2)},
    3: {(0, 0, 1), (0, 1, 1), (0, 1, 2), (0, 2, 2)},
}
FURTHEST = 2


def mask(sheets: int, positions: int) -> Array:
    """1 where a key, the row, is not later than the query, the column; the same on all sheets."""
    one = np.triu(np.ones((positions, positions), np.int64))
    return np.broadcast_to(one, (sheets, positions, positions))


def doable(scores: Array) -> Mask:
    """Which scores, the last axis being what a position sees, lie as far apart as `BELOW` says."""
    seen = scores.shape[-1]
    good = np.array([tuple(sorted(one)) in BELOW[seen] for one in _patterns(seen)])
    return _looked_up(good, scores).astype(np.bool_)


def tenths(scores: Array) -> Array:
    """The softmax of such scores, in tenths."""
    patterns = _patterns(scores.shape[-1])
    shares = [softmax_rounded(tuple(Fraction(-one) for one in below), 1) for below in patterns]
    return _looked_up(np.array(shares, dtype=np.int64), scores)


def _patterns(seen: int) -> list[tuple[int, ...]]:
    return list(product(range(FURTHEST + 2), repeat=seen))


def _looked_up(table: Array | Mask, scores: Array) -> Array:
    """What the table has, by patterns, for how far the last axis lies below its highest."""
    seen = scores.shape[-1]
    below = np.minimum(scores.max(axis=-1, keepdims=True) - scores, FURTHEST + 1)
    shaped = table.reshape((FURTHEST + 2,) * seen + table.shape[1:])
    found: Array = shaped[tuple(np.moveaxis(below, -1, 0))]
    return found
