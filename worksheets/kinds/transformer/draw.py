"""Draw a layer's inputs and weights: attention that a pencil can do, units of which some close."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.kinds.transformer.steps import FEATURES, LARGEST, POSITIONS, ROOT, SIZE, UNITS
from worksheets.sampling import causal
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small, unlike

WIDTH, LENGTH = len(FEATURES), len(POSITIONS)
LARGEST_INPUT = 2
AT_ONCE, MOST_ATTEMPTS = 2000, 4096
TENTHS = 10


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw attention first, which is kept while the feed forward tries again."""
    if level == 3:
        given, attends = first_accepted(
            draws, "attention", _attention, at_once=AT_ONCE, limit=MOST_ATTEMPTS
        )
        weights = given.pop("weights")
        given["mask"] = causal.mask(len(draws.keys), LENGTH)
        mixed = TENTHS * given["inputs"] + given["inputs"] @ weights
    else:
        given, attends = _continued(draws) if draws.earlier else _looks(draws)
        mixed = given["inputs"] @ given["attention"]

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return _feed_forward(some, mixed[rows])

    layers, works = first_accepted(
        draws, "feed forward", propose, at_once=AT_ONCE, limit=MOST_ATTEMPTS
    )
    given |= layers
    accepted = attends & works
    if level >= 2:
        given["upstream_gradient"] = small(draws, "upstream_gradient", WIDTH, LENGTH)
        accepted &= busy(given["upstream_gradient"])
    return Givens(given, accepted=accepted)


def _looks(draws: Draws) -> tuple[Arrays, Mask]:
    """Draw inputs, and weights such as softmax makes them of what each position sees."""
    X, A = (
        small(draws, "inputs", WIDTH, LENGTH, LARGEST_INPUT),
        causal.mask(len(draws.keys), LENGTH),
    )
    A = TENTHS * A
    for seen in range(2, LENGTH + 1):
        shares = causal.every_share(seen)
        A[:, :seen, seen - 1] = shares[draws.below(f"position {seen}", len(shares))[:, 0]]
    return {"inputs": X, "attention": A}, busy(X) & unlike(X) & unlike(X @ A)


def _continued(draws: Draws) -> tuple[Arrays, Mask]:
    """Draw inputs for the attention weights of an earlier sheet, which are in tenths."""
    X, A = small(draws, "inputs", WIDTH, LENGTH, LARGEST_INPUT), draws.earlier["attention"]
    return {"inputs": X, "attention": A}, busy(X) & unlike(X) & unlike(X @ A)


def _feed_forward(draws: Draws, mixed: Array) -> tuple[Arrays, Mask]:
    """Draw weights without an idle row, and no unit on the border between open and closed.

    What comes in is `mixed`, in tenths.
    """
    W1 = small(draws, "hidden", len(UNITS), WIDTH + 1, LARGEST)
    W2 = small(draws, "output", WIDTH, len(UNITS) + 1, LARGEST)
    raw = W1[:, :, :-1] @ mixed + TENTHS * W1[:, :, -1:]
    acceptable = busy(W1[:, :, :-1], W2[:, :, :-1], np.maximum(raw, 0))
    acceptable &= (raw < 0).any(axis=(1, 2)) & (raw != 0).all(axis=(1, 2))
    return {"hidden_weights": W1[acceptable], "output_weights": W2[acceptable]}, acceptable


def _attention(draws: Draws, _: Array) -> tuple[Arrays, Mask]:
    """Draw inputs, and weights whose scores lie as near each other as the printed table needs.

    No query, key or score is idle: no row of them is all 0, nor are two of a kind alike.
    """
    X = small(draws, "inputs", WIDTH, LENGTH, LARGEST_INPUT)
    Wq, Wk = (_in_pairs(draws, f"{name} weights") for name in ("query", "key"))
    scores = (Wk @ X).transpose(0, 2, 1) @ (Wq @ X) // ROOT
    Q, K = Wq @ X, Wk @ X
    acceptable = busy(X, Wq, Wk, Q, K, scores) & unlike(X) & unlike(X.transpose(0, 2, 1))
    acceptable &= unlike(Q.transpose(0, 2, 1)) & unlike(K.transpose(0, 2, 1))
    weights = np.zeros_like(scores)
    for query in range(LENGTH):
        # A query sees the keys up to its own position; later weights stay 0.
        seen = scores[:, : query + 1, query]
        acceptable &= causal.doable(seen)
        weights[:, : query + 1, query] = causal.tenths(seen)
    found = {"inputs": X, "query_weights": Wq, "key_weights": Wk, "weights": weights}
    return {name: values[acceptable] for name, values in found.items()}, acceptable


def _in_pairs(draws: Draws, name: str) -> Array:
    """Draw rows in pairs that differ in signs alone, so that every score is even."""
    rows = small(draws, name, len(SIZE) // 2, WIDTH, 1)
    signs = draws.one_of(f"signs of {name}", (-1, 1), len(SIZE) // 2, WIDTH)
    return np.concatenate([rows, rows * signs], axis=1)
