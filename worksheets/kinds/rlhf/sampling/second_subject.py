"""Draw a second subject's embedding, on which the aligned model says a word by a coin."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.kinds.rlhf.sampling import output_layer
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.counter import Draws
from worksheets.sampling.small import small_rows

CANDIDATES = small_rows(3, 3)
LOSING, WINNING = output_layer.ROLES.index("losing"), output_layer.ROLES.index("winning")


def choose(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw `second_subject`: heads, the aligned model says the winning word on it; tails, another.

    Tails asks for the losing word, else for any other; where no embedding gives the side of the
    coin, the other side is taken.
    """
    feed_forward, output = _aligned(known)
    looks = known["attention"][:, :, 2]
    rest = known["start"] * looks[:, :1] + known["link"] * looks[:, 2:]
    second = rest.T[:, :, None] + looks[:, 1, None] * CANDIDATES.T[:, None]
    raw = _affine(feed_forward, second)
    scores = _affine(output, np.maximum(raw, 0))
    fits = np.abs(scores).max(axis=0) <= output_layer.LARGEST_ALIGNED
    says = _winner(scores)
    heads, losing, others = (
        fits & which for which in (says == WINNING, says == LOSING, (says >= 0) & (says != WINNING))
    )
    tails = np.where(losing.any(axis=1, keepdims=True), losing, others)
    coin = draws.integers("coin", 0, 1).astype(np.bool_)[:, None]
    wanted, instead = np.where(coin, heads, tails), np.where(coin, tails, heads)
    allowed = np.where(wanted.any(axis=1, keepdims=True), wanted, instead)
    choice, found = draws.pick_one("second subject", allowed)
    chosen = CANDIDATES[choice]
    for word in ("start", *output_layer.ROLES):
        found &= (chosen != known[word]).any(axis=1)
    return {"second_subject": chosen}, found


def _affine(weights: Array, inputs: Array) -> Array:
    """Apply weights (sheets, rows, size + 1) to inputs (size, sheets, candidates)."""
    by_row = weights.transpose(1, 2, 0)[..., None]
    total = by_row[:, -1]
    for feature, values in enumerate(inputs):
        total = total + by_row[:, feature] * values
    return total


def _winner(scores: Array) -> Array:
    """Return the role of the highest score, or -1 at a tie; scores (roles, sheets, candidates)."""
    top = scores.max(axis=0)
    tied = (scores == top).sum(axis=0) > 1
    return np.where(tied, -1, scores.argmax(axis=0))


def _aligned(known: Arrays) -> tuple[Array, Array]:
    """Return the language model's weights after one step of rate 1/|score gradient|."""
    feed_forward, output, raw = known["llm_feed_forward"], known["llm_output"], known["raw"]
    ones = np.ones((len(output), 1), dtype=np.int16)
    last = np.concatenate([known["attended"][:, :, 2], ones], axis=1)
    step = np.concatenate([np.maximum(raw[:, :, 2], 0), ones], axis=1)
    flow = known["difference"][:, :2] * (raw[:, :, 2] > 0)
    trained = output.copy()
    trained[:, LOSING] -= step
    trained[:, WINNING] += step
    return feed_forward - flow[:, :, None] * last[:, None], trained
