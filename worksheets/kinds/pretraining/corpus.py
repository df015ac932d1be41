"""Draw a small corpus, and a model that has yet to learn it: one update is enough."""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import affine, busy, small, unlike
from worksheets.sampling.tenths import tenths

ROLES = ("losing", "winning", "link")
TEXTS, TENTHS = (10, 20), 10  # of each context; the corpus's shares come out in tenths
LEAST, MOST = 6, 9  # tenths of the texts that have the losing word
LARGEST_WEIGHT = 2
EVERY_ROW = np.array(list(product(range(-3, 4), repeat=3)), dtype=np.int64).T


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a model that has yet to learn the losing word, and has learned it after one update."""
    found, accepted = first_accepted(
        draws,
        "model",
        lambda some, _: in_turn(some, {}, (_corpus, _model, _unread)),
        at_once=4000,
        limit=100,
    )
    order = draws.order("vocabulary", len(ROLES))
    givens = {name: found[name] for name in ("inputs", "unread")}
    for name in ("counts", "weights"):
        givens[name] = np.take_along_axis(found[name], order[:, :, None], axis=1)
    if level < 3:
        del givens["unread"]
    place = order.argsort(axis=1).astype(np.int64) + 1
    return Givens(givens, {role: place[:, row] for row, role in enumerate(ROLES)}, accepted)


def _corpus(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw counts in which the losing word leads, and features; rows are those of the roles."""
    losing = draws.integers("losing", LEAST, MOST, 1, 2)
    shares = np.concatenate([losing, TENTHS - losing, np.zeros_like(losing)], axis=1)
    X = small(draws, "inputs", 3, 2)
    texts = draws.one_of("texts", TEXTS, 1, 1)
    return {"shares": shares, "counts": shares * texts // TENTHS, "inputs": X}, busy(X) & unlike(X)


def _model(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw weights for which a pencil finds the probabilities, and that the update sets right."""
    # Of all 343 biases, the last axis, those are picked from that both contexts can be done with.
    W, X = small(draws, "weights", 3, 3, LARGEST_WEIGHT), known["inputs"]
    doable = [tenths((W @ X)[:, :, context, None] + EVERY_ROW)[1] for context in range(2)]
    bias, found = draws.pick_one("bias", doable[0] & doable[1])
    weights = np.concatenate([W, EVERY_ROW.T[bias][:, :, None]], axis=2)
    before = affine(weights, X)
    error = tenths(before)[0] - known["shares"]
    gradient = error @ np.concatenate([X, np.ones_like(X[:, :1])], axis=1).transpose(0, 2, 1)
    trained = 10 * weights - gradient  # in tenths
    accepted = found & busy(W, error) & _unique(before) & _says_losing(affine(trained, X)).all(1)
    return {"weights": weights, "trained": trained}, accepted & ~_says_losing(before).all(axis=1)


def _unread(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw a context that the corpus lacks: the update makes it say the losing word too."""
    before, after = (affine(known[name], EVERY_ROW[None]) for name in ("weights", "trained"))
    learned = _says_losing(after) & ~_says_losing(before)
    for context in known["inputs"].transpose(2, 0, 1):
        learned &= (context[:, :, None] != EVERY_ROW).any(axis=1)
    chosen, found = draws.pick_one("unread", learned)
    return {"unread": EVERY_ROW.T[chosen][:, :, None]}, found


def _unique(scores: Array) -> Mask:
    """Return the sheets on which no column's highest score stands there twice."""
    unique: Mask = ((scores == scores.max(axis=1, keepdims=True)).sum(axis=1) == 1).all(axis=1)
    return unique


def _says_losing(scores: Array) -> Mask:
    """Find the columns in which the losing word alone has the highest score, (sheets, columns)."""
    says: Mask = scores[:, 0] > scores[:, 1:].max(axis=1)
    return says
