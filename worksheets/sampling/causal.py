"""Make causal attention whose softmax a pencil can do: no position looks at a later one."""

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
    """Return 1 where a key (row) is not later than the query (column), (sheets, keys, queries)."""
    triangle = np.triu(np.ones((positions, positions), np.int64))
    return np.broadcast_to(triangle, (sheets, positions, positions))


def doable(scores: Array) -> Mask:
    """Tell which scores lie as far apart as `BELOW` says; the last axis is what a position sees."""
    seen = scores.shape[-1]
    good = np.array([tuple(sorted(below)) in BELOW[seen] for below in _patterns(seen)])
    return _looked_up(good, scores).astype(np.bool_)


def tenths(scores: Array) -> Array:
    """Return the softmax of doable scores, in tenths.

    Looked up: 4,000 columns of three scores take 0.5 ms, and over 60 ms one by one.
    """
    patterns = _patterns(scores.shape[-1])
    shares = [softmax_rounded(tuple(Fraction(-gap) for gap in below), 1) for below in patterns]
    return _looked_up(np.array(shares, dtype=np.int64), scores)


def every_share(seen: int) -> Array:
    """List the weights, in tenths, that a position may have of so many that it sees: (rows, seen).

    Each sees more of some than of others, or sees two alike.
    """
    scores = np.array(_patterns(seen))
    own = doable(scores) & (scores.min(axis=1) == 0)
    return tenths(scores[own])


def _patterns(seen: int) -> list[tuple[int, ...]]:
    return list(product(range(FURTHEST + 2), repeat=seen))


def _looked_up(table: Array | Mask, scores: Array) -> Array:
    """Look up by how far the scores of the last axis lie below the highest; a row a pattern."""
    seen = scores.shape[-1]
    # What lies further below than FURTHEST shares its pattern: none of these is doable.
    below = np.minimum(scores.max(axis=-1, keepdims=True) - scores, FURTHEST + 1)
    shaped = table.reshape((FURTHEST + 2,) * seen + table.shape[1:])
    # An axis for each score seen, so that the distances themselves are the index.
    values: Array = shaped[tuple(np.moveaxis(below, -1, 0))]
    return values
