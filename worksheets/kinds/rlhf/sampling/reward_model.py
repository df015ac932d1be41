"""Draw a reward model and embeddings on which one human preference can be worked by hand.

With W₁, W₂ and the mean input x̄, reward = a·x̄ + c, where a = W₂·W₁ (biases aside): a gap is a·d
for winning = losing + 3d, and a mean is whole where the inputs add up to a multiple of 3. The
biases set the rewards themselves.
"""

from __future__ import annotations

from functools import partial
from itertools import product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays, Choose
from worksheets.sampling.counter import Draws

STEPS = np.array([d for d in product((-1, 0, 1), repeat=3) if any(d)], dtype=np.int64)
# The numbers within ±3 that leave a remainder by 3, thrice each so that all are found by index.
BY_REMAINDER = np.array([[-3, 0, 3, 0], [-2, 1, -2, 1], [-1, 2, -1, 2]], dtype=np.int64)
# A bias or a reward of 0 would hide that it was forgotten.
NOT_ZERO = (-3, -2, -1, 1, 2, 3)
# What the reward model prints about the original walkthrough.
PUBLISHED_LOSER, PUBLISHED_SAMPLED, PUBLISHED_GAP = 3, 3, 2
PUBLISHED_BIAS_TRIES = 64
# Below 8, a share of .7 times .3 moves a score by less than 1.5, so by less than 2 when rounded.
LEAST_TRAINED_GAP, LARGEST_REWARD = 8, 60


def choices(level: int, published: bool) -> list[Choose]:
    """List the choices in turn: `rm_linear` (4×4), `rm_output` (1×5), five words' embeddings (3).

    With them comes the `trained_gap`.
    """
    return [partial(_preference, level, published), partial(_biases, level, published)]


def _preference(level: int, published: bool, draws: Draws, _: Arrays) -> tuple[Arrays, Mask]:
    """Draw weights, words, and a step from the losing to the winning word with the wanted gap."""
    linear = draws.integers("linear", -1, 1, 4, 3)
    output = draws.one_of("output", (-1, 1) if level > 1 else (-2, -1, 1, 2), 4)
    words = _words(draws)
    moved = linear @ STEPS.T  # (sheets, 4, candidates): what each step does to the features
    gaps = np.einsum("nf,nfc->nc", output, moved)
    trained = gaps if level == 1 else _trained_gaps(level, output, moved)
    winning = words["losing"][:, None, :] + 3 * STEPS[None, :, :]
    target = _target_gap(draws, level, published)
    allowed = (gaps == target[:, None]) & (np.abs(winning) <= 4).all(axis=2)
    allowed &= (moved != 0).sum(axis=1) >= 2
    if level > 1:
        allowed &= (trained >= LEAST_TRAINED_GAP) & (trained <= LARGEST_REWARD)
    choice, found = draws.pick_one("step", allowed)
    each = np.arange(len(choice))
    words["winning"] = winning[each, choice]
    chosen = {
        "linear": linear,
        "output": output,
        "step": STEPS[choice],
        "moved": moved[each, :, choice],
        "trained_gap": trained[each, choice],
        **words,
    }
    return chosen, found & _no_idle(linear) & _distinct(words)


def _words(draws: Draws) -> Arrays:
    """Draw embeddings (sheets, 3) such that all three mean pools come out whole."""
    subject = draws.integers("subject", -3, 3, 3)
    losing = draws.integers("losing", -4, 4, 3)
    link = BY_REMAINDER[(-(subject + losing)) % 3, draws.integers("link", 0, 3, 3)]
    prompt = BY_REMAINDER[subject % 3, draws.integers("prompt", 0, 3, 3)]
    return {"subject": subject, "prompt": prompt, "link": link, "losing": losing}


def _target_gap(draws: Draws, level: int, published: bool) -> Array:
    if published:
        return np.full(len(draws.keys), PUBLISHED_GAP, dtype=np.int64)
    # At level 1 a gap of 0 would hide that it was taken the wrong way round.
    gaps = (-2, -1, 1, 2) if level == 1 else (0, 2)
    return draws.one_of("gap", gaps, 1)[:, 0]


def _trained_gaps(level: int, output: Array, moved: Array) -> Array:
    """Return the gap after one step of learning rate 1/|gradient|, for every candidate step d.

    W₂ grows by W₁d and, at level 3, W₁ by W₂ᵀdᵀ.
    """
    trained_output = output[:, :, None] + moved
    if level == 3:
        moved = moved + output[:, :, None] * (STEPS**2).sum(axis=1)
    gaps: Array = np.einsum("nfc,nfc->nc", trained_output, moved)
    return gaps


def _no_idle(weights: Array) -> Mask:
    """Return the sheets on which no row and no column of the weights is all zero."""
    works = weights != 0
    busy: Mask = works.any(axis=2).all(axis=1) & works.any(axis=1).all(axis=1)
    return busy


def _distinct(words: Arrays) -> Mask:
    """Return the sheets on which no two embeddings are equal."""
    table = np.stack(list(words.values()), axis=1)
    # Each embedding against each: as many equal pairs as words means each equals itself alone.
    same = (table[:, :, None, :] == table[:, None, :, :]).all(axis=3)
    distinct: Mask = same.sum(axis=(1, 2)) == table.shape[1]
    return distinct


def _biases(level: int, published: bool, draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw the first of some biases that give small rewards, or those of the walkthrough."""
    linear, output = known["linear"], known["output"]
    tries = PUBLISHED_BIAS_TRIES if published else 1
    linear_bias = draws.integers("linear bias", -2, 2, 4, tries)
    if published:
        loser = _mean(known["subject"], known["link"], known["losing"])
        bias = PUBLISHED_LOSER - _reward(linear, output, linear_bias, loser)
    else:
        bias = draws.one_of("output bias", NOT_ZERO, tries)
    sentence = _mean(known["prompt"], known["link"], known["losing"])
    untrained = _reward(linear, output, linear_bias, sentence) + bias
    sampled = untrained
    if level > 1:
        output_now = output + known["moved"]
        linear_now = linear
        if level == 3:
            linear_now = linear + output[:, :, None] * known["step"][:, None, :]
        sampled = _reward(linear_now, output_now, linear_bias, sentence) + bias
    ok = (np.abs(bias) <= 3) & (bias != 0)
    ok &= (np.abs(sampled) <= LARGEST_REWARD - 20) & (sampled != 0)
    if level > 1:
        ok &= sampled != untrained
    if published:
        ok &= sampled == PUBLISHED_SAMPLED
    each, best = np.arange(len(ok)), ok.argmax(axis=1)
    linear_bias, bias = linear_bias[each, :, best], bias[each, best]
    return {
        "rm_linear": np.concatenate([linear, linear_bias[:, :, None]], axis=2),
        "rm_output": np.concatenate([output, bias[:, None]], axis=1)[:, None, :],
    }, ok.any(axis=1)


def _mean(*words: Array) -> Array:
    return sum(words[1:], start=words[0]) // len(words)


def _reward(linear: Array, output: Array, linear_bias: Array, sentence: Array) -> Array:
    """Compute W₂ · (W₁ · sentence + bias) for each candidate of a bias, (sheets, 4, candidates)."""
    features = np.einsum("nfi,ni->nf", linear, sentence)
    rewards: Array = np.einsum("nf,nfc->nc", output, features[:, :, None] + linear_bias)
    return rewards
