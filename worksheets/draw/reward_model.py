"""A reward model and word embeddings on which one human preference can be worked by hand.

With W₁, W₂ and the mean input x̄, reward = a·x̄ + c, where a = W₂·W₁ (biases aside): a gap is a·d
for winning = losing + 3d, and a mean is whole where the inputs add up to a multiple of 3.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.draw.attempts import Arrays
from worksheets.draw.counter import Draws
from worksheets.engine.node import Array, Mask

STEPS = np.array([d for d in product((-1, 0, 1), repeat=3) if any(d)])
# The numbers within ±3 that leave a remainder by 3, thrice each so that all are found by index.
BY_REMAINDER = np.array([[-3, 0, 3, 0], [-2, 1, -2, 1], [-1, 2, -1, 2]])
# A bias or a reward of 0 would hide that it was forgotten.
NOT_ZERO = (-3, -2, -1, 1, 2, 3)
# What the reward model prints about the original walkthrough.
PUBLISHED_LOSER, PUBLISHED_SAMPLED, PUBLISHED_GAP = 3, 3, 2
# Below 8, a share of .7 times .3 moves a score by less than 1.5, so by less than 2 when rounded.
LEAST_TRAINED_GAP, LARGEST_REWARD = 8, 60


def propose(draws: Draws, level: int, published: bool) -> tuple[Arrays, Mask]:
    """Weights `rm_linear` (4×4), `rm_output` (1×5) and the embeddings of five words (3 each).

    Also returns `trained_gap`, and which proposals keep the sheet's guarantees.
    """
    linear = draws.integers("linear", -1, 1, 4, 3)
    linear_bias = draws.integers("linear bias", -2, 2, 4)
    output = draws.one_of("output", (-1, 1) if level > 1 else (-2, -1, 1, 2), 4)
    words = _words(draws)
    target = _target_gap(draws, level, published)

    moved = linear @ STEPS.T  # (sheets, 4, candidates): what each step does to the features
    gaps = np.einsum("nf,nfc->nc", output, moved)
    trained = gaps if level == 1 else _trained_gaps(level, output, moved)
    winning = words["losing"][:, None, :] + 3 * STEPS[None, :, :]
    allowed = (gaps == target[:, None]) & (np.abs(winning) <= 4).all(axis=2)
    allowed &= (moved != 0).sum(axis=1) >= 2
    if level > 1:
        allowed &= (trained >= LEAST_TRAINED_GAP) & (trained <= LARGEST_REWARD)
    choice, found = draws.pick_one("step", allowed)
    rows = np.arange(len(choice))
    words["winning"] = winning[rows, choice]
    moved = moved[rows, :, choice]

    loser = _mean(words["subject"], words["link"], words["losing"])
    raw = np.einsum("nf,nf->n", output, _features(linear, linear_bias, loser))
    bias = PUBLISHED_LOSER - raw if published else draws.one_of("output bias", NOT_ZERO, 1)[:, 0]
    sampled = _sampled_reward(level, linear, linear_bias, output, bias, words, STEPS[choice], moved)

    ok = found & _no_idle(linear) & _distinct(words) & (np.abs(bias) <= 3) & (bias != 0)
    ok &= (np.abs(sampled) <= LARGEST_REWARD - 20) & (sampled != 0)
    if published:
        ok &= sampled == PUBLISHED_SAMPLED
    return {
        "rm_linear": np.concatenate([linear, linear_bias[:, :, None]], axis=2),
        "rm_output": np.concatenate([output, bias[:, None]], axis=1)[:, None, :],
        "trained_gap": trained[rows, choice],
        **words,
    }, ok


def _words(draws: Draws) -> Arrays:
    """Embeddings (sheets, 3) such that all three mean pools come out whole."""
    subject = draws.integers("subject", -3, 3, 3)
    losing = draws.integers("losing", -4, 4, 3)
    link = BY_REMAINDER[(-(subject + losing)) % 3, draws.integers("link", 0, 3, 3)]
    prompt = BY_REMAINDER[subject % 3, draws.integers("prompt", 0, 3, 3)]
    return {"subject": subject, "prompt": prompt, "link": link, "losing": losing}


def _target_gap(draws: Draws, level: int, published: bool) -> Array:
    if published:
        return np.full(len(draws.keys), PUBLISHED_GAP)
    # At level 1 a gap of 0 would hide that it was taken the wrong way round.
    gaps = (-2, -1, 1, 2) if level == 1 else (0, 2)
    return draws.one_of("gap", gaps, 1)[:, 0]


def _trained_gaps(level: int, output: Array, moved: Array) -> Array:
    """The gap after one step of learning rate 1/|gradient|, for every candidate step d.

    W₂ grows by W₁d and, at level 3, W₁ by W₂ᵀdᵀ.
    """
    trained_output = output[:, :, None] + moved
    if level == 3:
        moved = moved + output[:, :, None] * (STEPS**2).sum(axis=1)
    return np.einsum("nfc,nfc->nc", trained_output, moved)


def _mean(*words: Array) -> Array:
    return sum(words[1:], start=words[0]) // len(words)


def _features(linear: Array, bias: Array, mean: Array) -> Array:
    return np.einsum("nfi,ni->nf", linear, mean) + bias


def _sampled_reward(
    level: int,
    linear: Array,
    linear_bias: Array,
    output: Array,
    bias: Array,
    words: Arrays,
    step: Array,
    moved: Array,
) -> Array:
    """The reward of the prompt with the losing word, by the model that this level uses there."""
    if level == 3:
        linear = linear + output[:, :, None] * step[:, None, :]
    mean = _mean(words["prompt"], words["link"], words["losing"])
    weights = output if level == 1 else output + moved
    return np.einsum("nf,nf->n", weights, _features(linear, linear_bias, mean)) + bias


def _no_idle(weights: Array) -> Mask:
    """No row and no column of the weights is all zero."""
    return (weights != 0).any(axis=2).all(axis=1) & (weights != 0).any(axis=1).all(axis=1)


def _distinct(words: Arrays) -> Mask:
    """No two embeddings are equal."""
    table = np.stack(list(words.values()), axis=1)
    same = (table[:, :, None, :] == table[:, None, :, :]).all(axis=3)
    return same.sum(axis=(1, 2)) == table.shape[1]
