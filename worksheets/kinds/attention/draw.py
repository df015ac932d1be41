"""Draw queries, keys and values whose softmax a pencil can do."""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.kinds.attention.steps import HIGHEST, LARGEST, LOWEST, POSITIONS, ROOT, SIZE, VALUES
from worksheets.sampling import causal
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small, unlike

EVERY_QUERY = np.array(
    list(product(range(-LARGEST, LARGEST + 1), repeat=len(SIZE))), dtype=np.int64
)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw keys, and for each position a query whose scores' softmax a pencil can do.

    √d_k divides all scores, so that softmax(Q·Kᵀ / √d_k) (Vaswani et al. 2017, equation 1) is of
    whole numbers.
    """
    K = small(draws, "keys", len(SIZE), len(POSITIONS), LARGEST)
    scores = EVERY_QUERY @ K  # (sheets, queries, keys): one row for each possible query
    even = (scores % ROOT == 0).all(axis=2)
    scores //= ROOT
    if level == 1:
        even &= ((scores >= LOWEST) & (scores <= HIGHEST)).all(axis=2)
    queries, accepted = [], busy(K)
    for seen, position in enumerate("abc", start=1):
        # A position's scores depend on its own query alone, so that each is picked for itself.
        chosen, found = draws.pick_one(
            f"query {position}", even & causal.doable(scores[:, :, :seen])
        )
        queries.append(EVERY_QUERY[chosen])
        accepted &= found
    Q, V = np.stack(queries, axis=2), small(draws, "values", len(VALUES), len(POSITIONS))
    mask = causal.mask(len(V), len(POSITIONS))
    givens = {"queries": Q, "keys": K, "values": V, "mask": mask}
    accepted &= busy(Q, V) & unlike(Q) & unlike(K) & unlike(V)
    if level >= 2:
        givens["upstream_gradient"] = small(draws, "upstream_gradient", len(VALUES), len(POSITIONS))
        accepted &= busy(givens["upstream_gradient"])
    return Givens(givens, accepted=accepted)
