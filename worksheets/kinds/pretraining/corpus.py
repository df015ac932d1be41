"""Draw a small corpus, and a model that has yet to learn it and learns some of it at once."""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import affine, busy, small, unlike
from worksheets.sampling.shares import SURPRISES, shares

ROLES = ("losing", "winning", "link")
TEXTS, TENTHS = (10, 20), 10  # of each context; the corpus's shares come out in tenths
LEAST, MOST = 6, 9  # tenths of the texts that have a context's most frequent word
LARGEST_WEIGHT, LARGEST_INPUT = 2, 1
FARTHEST = 3  # trained scores, whose differences are looked up, lie within it
EVERY_ROW = np.array(
    [
        (*row, bias)
        for row in product(range(-LARGEST_WEIGHT, LARGEST_WEIGHT + 1), repeat=3)
        for bias in range(-3, 4)
    ],
    dtype=np.int64,
)
# Of a context without features a bias alone would speak, and nothing that it has from others.
EVERY_INPUT = np.array(
    [x for x in product(range(-LARGEST_INPUT, LARGEST_INPUT + 1), repeat=3) if any(x)],
    dtype=np.int64,
).T
# Which of losing and winning word leads in each context: the losing one in three of four.
LEADS = np.array([(0, 0), (0, 0), (0, 1), (1, 0)], dtype=np.int64)
# Of four sheets one has a context that has yet to learn its word after the step.
LEARNED = (2, 2, 2, 1)
# Whole scores lie 1 or 2 below the highest: all probabilities are at least a tenth.
CLOSE, CLOSE_TRAINED = 20, 31
PAIRS = 24  # of columns of scores that are looked at
# Of both contexts, how far the scores lie below the highest: (pairs, rows, contexts).
_COLUMNS = [
    below
    for below in product(range(CLOSE // TENTHS + 1), repeat=3)
    if sorted(below)[:2] in ([0, 1], [0, 2])
]
PATTERNS = -np.array(list(product(_COLUMNS, repeat=2)), dtype=np.int64).swapaxes(1, 2)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a model that has yet to learn a word, and that one step brings closer to the corpus."""
    leads = LEADS[draws.below("leads", len(LEADS))[:, 0]]
    learned = draws.one_of("learned", LEARNED, 1)[:, 0]
    says = draws.one_of("unread", (0, 0, 1), 1)[:, 0]

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        known = {"leads": leads[rows], "learned": learned[rows], "says": says[rows]}
        return in_turn(some, known, (_corpus, _scores, _weights, _unread))

    found, accepted = first_accepted(draws, "model", propose, at_once=1000, limit=1000)
    order = draws.order("vocabulary", len(ROLES))
    givens = {name: found[name] for name in ("inputs", "unread")}
    for name in ("counts", "weights"):
        givens[name] = np.take_along_axis(found[name], order[:, :, None], axis=1)
    if level < 3:
        del givens["unread"]
    place = order.argsort(axis=1).astype(np.int64) + 1
    return Givens(givens, {role: place[:, row] for row, role in enumerate(ROLES)}, accepted)


def _corpus(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw counts in which the leading words lead, and features; rows are those of the roles."""
    most = draws.integers("most", LEAST, MOST, 1, 2)
    losing = np.where(known["leads"][:, None] == 0, most, TENTHS - most)
    Y = np.concatenate([losing, TENTHS - losing, np.zeros_like(losing)], axis=1)
    X = small(draws, "inputs", 3, 2, LARGEST_INPUT)
    texts = draws.one_of("texts", TEXTS, 1, 1)
    counts = Y * texts // TENTHS
    return {"shares": Y, "counts": counts, "inputs": X}, busy(X) & unlike(X) & unlike(Y)


def _scores(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw scores that a step brings closer to the corpus.

    What the step adds to them, −(P − Y)·(XᵀX + 1), does not depend on the weights: of 24 of the 144
    pairs of columns, one is picked of which the page's words come true.
    """
    X, Y = known["inputs"][:, None], known["shares"][:, None]
    offset = draws.integers("offset", -1, 2, 1, 1, 2)
    before = offset + PATTERNS[draws.below("pairs", len(PATTERNS), PAIRS)]
    P, _ = _shares(TENTHS * before, CLOSE)
    after = TENTHS * before - (P - Y) @ (X.swapaxes(2, 3) @ X + 1)  # in tenths
    P_now, clear = _shares(after, CLOSE_TRAINED)
    # Words that are right already stay so, and there is something to learn.
    leads = known["leads"][:, None]
    was, now = (scores.argmax(axis=2) == leads for scores in (before, after))
    good = clear.all(axis=2) & (now.sum(axis=2) == known["learned"][:, None])
    good &= (now >= was).all(axis=2) & ~was.all(axis=2) & (P != Y).any(axis=3).all(axis=2)
    good &= (np.abs(after) <= TENTHS * FARTHEST).all(axis=(2, 3))
    losses = [(Y * SURPRISES[some]).sum(axis=(2, 3)) for some in (P, P_now)]
    picked, found = draws.pick_one("scores", good & (losses[1] < losses[0]))
    return {"scores": before[np.arange(len(before)), picked]}, found


def _weights(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw, for each word, one of the rows of weights that give its scores; and train them."""
    X, scores = known["inputs"], known["scores"]
    with_ones = np.concatenate([X, np.ones_like(X[:, :1])], axis=1)
    reached = EVERY_ROW @ with_ones  # (sheets, rows, contexts)
    picked = [
        draws.pick_one(role, (reached == scores[:, None, word]).all(axis=2))
        for word, role in enumerate(ROLES)
    ]
    W = np.stack([EVERY_ROW[row] for row, _ in picked], axis=1)
    error = _shares(TENTHS * scores, CLOSE)[0] - known["shares"]
    trained = TENTHS * W - error @ with_ones.transpose(0, 2, 1)
    found = np.logical_and.reduce([some for _, some in picked])
    return {"weights": W, "trained": trained}, found & busy(W[:, :, :-1])


def _unread(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw a context that the corpus lacks, and of which the step makes the model say a word."""
    before, after = (affine(known[name], EVERY_INPUT[None]) for name in ("weights", "trained"))
    learned = _says(after, known["says"]) & ~_says(before, known["says"])
    for context in known["inputs"].transpose(2, 0, 1):
        learned &= (context[:, :, None] != EVERY_INPUT).any(axis=1)
    chosen, found = draws.pick_one("unread", learned)
    return {"unread": EVERY_INPUT.T[chosen][:, :, None]}, found


def _says(scores: Array, word: Array) -> Mask:
    """Find the columns in which this word alone has the highest score, (sheets, columns)."""
    own = scores[np.arange(len(scores)), word][:, None]
    says: Mask = (scores >= own).sum(axis=1) == 1
    return says


def _shares(scores: Array, farthest: int) -> tuple[Array, Mask]:
    """Return the softmax down each column of scores in tenths, in tenths, and the doable columns.

    In these one score is the highest, no other lies more than `farthest` below, all shares are at
    least a tenth and come to 1, and none lies near a border. Shapes: `scores`, (..., rows,
    columns), and (..., columns).
    """
    tenths, clear = shares(scores, 1)
    below = scores.max(axis=-2, keepdims=True) - scores
    doable: Mask = clear & ((below == 0).sum(axis=-2) == 1) & (below <= farthest).all(axis=-2)
    doable &= (tenths > 0).all(axis=-2) & (tenths.sum(axis=-2) == TENTHS)
    return tenths, doable
