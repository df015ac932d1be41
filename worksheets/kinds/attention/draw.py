"""Queries, keys and values of which a pencil can do the softmax."""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.draw.counter import Draws
from worksheets.draw.drawn import Drawn
from worksheets.draw.layer import busy, small, unlike
from worksheets.engine.node import Array, Mask
from worksheets.kinds.attention.steps import HIGHEST, LARGEST, LOWEST, POSITIONS, ROOT, SIZE, VALUES

EVERY_QUERY = np.array(list(product(range(-LARGEST, LARGEST + 1), repeat=len(SIZE))))
# How far the scores that a position sees lie below their highest one, in any order. Of these the
# printed powers of e give the same tenths as the exact ones, and the tenths come to 1.
BELOW: dict[int, set[tuple[int, ...]]] = {
    1: {(0,)},
    2: {(0, 0), (0, 1), (0, 2)},
    3: {(0, 0, 1), (0, 1, 1), (0, 1, 2), (0, 2, 2)},
}
FURTHEST = 2


def draw(draws: Draws, level: int, published: bool) -> Drawn:
    """Keys, and for each position a query whose scores are such that a pencil can do softmax."""
    K = small(draws, "keys", len(SIZE), len(POSITIONS), LARGEST)
    scores = EVERY_QUERY @ K  # one row for each possible query
    even = (scores % ROOT == 0).all(axis=2)
    scores //= ROOT
    if level == 1:
        even &= ((scores >= LOWEST) & (scores <= HIGHEST)).all(axis=2)
    queries, accepted = [], busy(K)
    for seen, position in enumerate(POSITIONS, start=1):
        chosen, found = draws.pick_one(f"query {position}", even & _doable(scores[:, :, :seen]))
        queries.append(EVERY_QUERY[chosen])
        accepted &= found
    Q, V = np.stack(queries, axis=2), small(draws, "values", len(VALUES), len(POSITIONS))
    mask = np.broadcast_to(np.triu(np.ones((3, 3), np.int64)), (len(V), 3, 3))
    givens = {"queries": Q, "keys": K, "values": V, "mask": mask}
    accepted &= busy(Q, V) & unlike(Q) & unlike(K) & unlike(V)
    if level >= 2:
        givens["slope"] = small(draws, "slope", len(VALUES), len(POSITIONS))
        accepted &= busy(givens["slope"])
    return Drawn(givens, accepted=accepted)


def _doable(scores: Array) -> Mask:
    """Which scores, the last axis, lie as far apart as the table says."""
    seen = scores.shape[2]
    below = np.minimum(scores.max(axis=2, keepdims=True) - scores, FURTHEST + 1)
    patterns = product(range(FURTHEST + 2), repeat=seen)
    good = np.array([tuple(sorted(one)) in BELOW[seen] for one in patterns])
    found: Mask = good.reshape((FURTHEST + 2,) * seen)[tuple(np.moveaxis(below, 2, 0))]
    return found
