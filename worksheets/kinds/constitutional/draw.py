"""Draw a model that its critique makes change its word, a critic nearly sure, a reward model."""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.kinds.constitutional.steps import FEATURES, LARGEST, UNITS, WORDS
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import affine, busy, small, unlike

AT_ONCE, MOST_ATTEMPTS = 2000, 4096
WIDTH = len(FEATURES)
EVERY_CRITIC = np.array(
    [row for row in product(range(-3, 4), repeat=WIDTH) if np.count_nonzero(row) > 1],
    dtype=np.int64,
)
OTHERS = ("subject", "link", "prompt")
# By how much the critic scores (B) higher than (A); it may err.
PREFERS = (1, 1, 2, 2, -1)
# In tenths: labels by that, the least and the most they are clamped to, and predictions by the gap.
LABELS = {-1: 3, 1: 7, 2: 9}
CLAMP, CERTAIN = (4, 6), 10
PREDICTIONS = {-2: 1, -1: 3, 1: 7, 2: 9}


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw both answers and their label first, then a reward model that predicts another one."""
    chosen, accepted = first_accepted(
        draws, "answers", _answers, at_once=AT_ONCE, limit=MOST_ATTEMPTS
    )
    words = {role: chosen.pop(role)[:, 0] for role in ("losing", "winning", *OTHERS)}
    words["start"] = np.zeros(len(draws.keys), dtype=np.int64)
    pair, label = chosen.pop("pair"), chosen.pop("label")

    if level > 1:
        label = np.clip(label, *CLAMP)

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return _reward_model(some, pair[rows], label[rows, 0])

    model, predicts = first_accepted(
        draws, "reward model", propose, at_once=AT_ONCE, limit=MOST_ATTEMPTS
    )
    return Givens(chosen | model, words, accepted & predicts)


def _answers(draws: Draws, _: Array) -> tuple[Arrays, Mask]:
    """Draw words in any order, and weights with which the critique makes another word win."""
    E = small(draws, "embeddings", WIDTH, 1 + len(WORDS))
    W = small(draws, "words", len(WORDS), WIDTH + 1, LARGEST)
    x, k = small(draws, "context", WIDTH, 1), small(draws, "critique", WIDTH, 1)
    scores = np.concatenate([affine(W, x), affine(W, x + k)], axis=2)
    # A tie would leave the word open: the two highest scores must differ.
    second, highest = np.sort(scores, axis=1)[:, -2:].transpose(1, 0, 2)
    roles = _roles(draws, *(scores.argmax(axis=1) + 1).T)
    each, losing, winning = np.arange(len(E)), roles["losing"], roles["winning"]
    acceptable = (second < highest).all(axis=1) & (losing != winning)
    acceptable &= busy(W[:, :, :-1], x, k) & unlike(E)
    pair = np.stack([E[each, :, losing], E[each, :, winning]], axis=2)
    # How much higher each possible critic scores (B) than (A); one with the wanted gap is picked.
    apart = EVERY_CRITIC @ (pair[:, :, 1] - pair[:, :, 0])[:, :, None]
    prefers = draws.one_of("prefers", PREFERS, 1)
    critic, found = draws.pick_one("critic", apart[:, :, 0] == prefers)
    label = np.select([prefers == wanted for wanted in LABELS], list(LABELS.values()))
    chosen = {role: places[:, None] for role, places in roles.items()}
    chosen |= {"embeddings": E, "word_weights": W, "context": x, "critique_read": k}
    chosen |= {"pair": pair, "label": label, "critic": EVERY_CRITIC[critic][:, :, None]}
    acceptable &= found
    return {name: values[acceptable] for name, values in chosen.items()}, acceptable


def _roles(draws: Draws, losing: Array, winning: Array) -> Arrays:
    """Return each role's place in the vocabulary; the other three words stand in any order."""
    order = draws.order("order", len(WORDS)) + 1
    # The stable sort of False before True leaves the words not said in front, in their order.
    said = (order == losing[:, None]) | (order == winning[:, None])
    rest = np.take_along_axis(order, said.argsort(axis=1, kind="stable"), axis=1)
    others = dict(zip(OTHERS, rest.T[: len(OTHERS)], strict=True))
    return {"losing": losing, "winning": winning, **others}


def _reward_model(draws: Draws, pair: Array, label: Array) -> tuple[Arrays, Mask]:
    """Draw units of which some are closed, and a gap whose σ is in the table and not the label.

    Nor is the slope the opposite of a hard label's, so that its sign can be told from it.
    """
    W1 = small(draws, "hidden", len(UNITS), WIDTH + 1, LARGEST)
    W2 = small(draws, "output", 1, len(UNITS) + 1, LARGEST)
    raw = affine(W1, pair)
    active = np.maximum(raw, 0)
    rewards = affine(W2, active)
    gap = rewards[:, 0, 1] - rewards[:, 0, 0]
    acceptable = busy(W1[:, :, :-1], W2[:, :, :-1], active)
    acceptable &= (raw < 0).any(axis=(1, 2)) & (raw != 0).all(axis=(1, 2))
    right = [
        (gap == wanted) & (p != label) & (label - p != p - CERTAIN)
        for wanted, p in PREDICTIONS.items()
    ]
    acceptable &= np.logical_or.reduce(right)
    return {"hidden_weights": W1[acceptable], "output_weights": W2[acceptable]}, acceptable
