"""State the method again, by the papers' losses, so that a key is proved by another road.

Both models are functions of arrays, whose entries are symbols where SymPy differentiates and exact
numbers where a sheet is proved. No step is repeated; from a rounded σ or softmax on, derivatives
are taken where it has just that value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from worksheets import derived

Exact: TypeAlias = Any  # a two-dimensional array of symbols or of exact numbers
Stated: TypeAlias = Mapping[str, Exact]

HALF = Fraction(1, 2)
DIGITS = 50  # of e^k, far more than any rounding needs


def _affine(W: Exact, inputs: Exact) -> Exact:
    return W[:, :-1] @ inputs + W[:, -1:]


def _mean(columns: Exact) -> Exact:
    count = columns.shape[1]
    share = Fraction(1, count)
    return _each(
        lambda x: x // count if isinstance(x, int) and x % count == 0 else x * share,
        columns.sum(axis=1, keepdims=True),
    )


def _reward_model(W1: Exact, W2: Exact, words: Exact) -> tuple[Exact, ...]:
    """Return the words' features, the sentence that they average to, and its reward."""
    features = _affine(W1, words)
    sentence = _mean(features)
    return features, sentence, _affine(W2, sentence)


def _language_model(Wo: Exact, Wf: Exact, inputs: Exact, A: Exact, relu: bool) -> tuple[Exact, ...]:
    """Compute each position's attended sum, the feed forward, its ReLU, and the scores z."""
    attended = inputs @ A
    raw = _affine(Wf, attended)
    transformed = _each(_relu, raw) if relu else raw
    return attended, raw, transformed, _affine(Wo, transformed)


def _relu(x: Any) -> Any:
    if isinstance(x, int | Fraction):
        return max(x, 0)
    from sympy import Piecewise

    return Piecewise((x, x > 0), (0, True))


def _gap(W1: Exact, W2: Exact, loser: Exact, winner: Exact) -> Exact:
    return _reward_model(W1, W2, winner)[-1] - _reward_model(W1, W2, loser)[-1]


def _preference_loss(gap: Exact) -> Exact:
    """Return -log σ(gap)."""
    from sympy import exp, log

    return _each(lambda g: -log(1 / (1 + exp(-g))), gap)


def _loss(reward: Exact) -> Exact:
    return -reward


def _alignment_loss(powers: Exact, rewards: Exact) -> Exact:
    """Return -Σ softmax(z)_v R_v, in terms of the powers e^z; d/dz_v is e^z_v d/de^z_v."""
    return -(powers.T @ rewards) / powers.sum()


def _by_output(Wo: Exact, transformed: Exact, slopes: Exact) -> Exact:
    """Return Σ slope_v z_v of the last position, the part of the loss that its layer decides."""
    return slopes.T @ _affine(Wo, transformed)[:, -1:]


def _by_model(Wo: Exact, Wf: Exact, inputs: Exact, A: Exact, slopes: Exact) -> Exact:
    """Return the same, through the whole model and its ReLU."""
    return slopes.T @ _language_model(Wo, Wf, inputs, A, relu=True)[-1][:, -1:]


@cache
def _derivatives(
    function: Callable[..., Exact], by: int, *shapes: tuple[int, int]
) -> Callable[..., list[Any]]:
    """Return a function's derivatives by one of its matrices, as a function of all entries.

    SymPy differentiates once; what it finds is then computed in exact numbers for every sheet.
    """
    sizes = [rows * columns for rows, columns in shapes]
    names = [[f"m{i}_{entry}" for entry in range(size)] for i, size in enumerate(sizes)]

    def derive() -> list[Any]:
        from sympy import Symbol, factor_terms

        matrices = [
            np.array(list(map(Symbol, entries)), object).reshape(shape)
            for entries, shape in zip(names, shapes, strict=True)
        ]
        loss = function(*matrices)[0, 0]
        return [factor_terms(loss.diff(Symbol(entry))) for entry in names[by]]

    which = f"{function.__qualname__} {by} {shapes}"
    return derived.function(which, [*chain(*names)], sizes[by], derive)


def _gradient(function: Callable[..., Exact], by: int, *values: Exact) -> Exact:
    """Return a function's derivatives by its matrix number `by`, taken at these values."""
    derivatives = _derivatives(function, by, *(value.shape for value in values))
    found = derivatives(*chain.from_iterable(value.flat for value in values))
    return _plain(np.array(found, object).reshape(values[by].shape))


@cache
def _preference_slope(p: Fraction) -> Fraction:
    """Return the slope of the preference loss at the gap whose σ is p."""

    def derive() -> list[Any]:
        from sympy import Symbol, log, simplify, symbols

        g, sigma = Symbol("g"), symbols("p", positive=True)
        slope = _preference_loss(np.array([[g]]))[0, 0].diff(g)
        return [simplify(slope.subs(g, log(sigma / (1 - sigma))))]

    (slope,) = derived.function("preference slope", ["p"], 1, derive)(p)
    return Fraction(slope)


@cache
def _power(exponent: Fraction) -> Fraction:
    """e to a power."""
    with localcontext(prec=DIGITS):
        return Fraction((Decimal(exponent.numerator) / exponent.denominator).exp())


def _each(function: Callable[[Any], Any], values: Exact) -> Exact:
    return np.array([list(map(function, row)) for row in values.tolist()], object)


def _plain(values: Exact) -> Exact:
    """Make whole numbers integers, with which Python is quick."""
    return _each(
        lambda x: x.numerator if isinstance(x, Fraction) and x.denominator == 1 else x, values
    )


def _written(values: Exact, decimals: int) -> Exact:
    """Round half away from zero."""

    def rounded(value: Fraction) -> Fraction:
        units = int(abs(value) * 10**decimals + HALF)
        return Fraction(units if value > 0 else -units, 10**decimals)

    return _each(rounded, values)


def _highest(scores: Exact) -> Exact:
    """Return each position's word of the highest score."""
    words = [1 + column.index(max(column)) for column in scores.T.tolist()]
    return np.array([words], object)


def _judged(name: str, W1: Exact, W2: Exact, words: Exact) -> dict[str, Exact]:
    values = (words, *_reward_model(W1, W2, words))
    parts = ("inputs", "features", "sentence", "reward")
    return {f"{name}_{part}": value for part, value in zip(parts, values, strict=True)}


def _law_of_rewards(given: Stated, word: Mapping[str, int], level: int) -> dict[str, Exact]:
    """Descend -log σ(gap), its slope taken at the gap whose σ is as written."""
    E, W1, W2 = (given[name] for name in ("embeddings", "rm_linear", "rm_output"))
    pair = [E[:, [word["subject"], word["link"], word[last]]] for last in ("losing", "winning")]
    law = _judged("loser", W1, W2, pair[0]) | _judged("winner", W1, W2, pair[1])
    gap = _gap(W1, W2, *pair)
    p = _written(_each(lambda g: 1 / (1 + _power(-g)), gap), 1)
    slope = _each(_preference_slope, p)
    law |= {"gap": gap, "prediction": p, "gap_gradient": slope}
    if level == 1:
        return law
    rate = 1 / abs(slope)
    by_W2 = _plain(slope * _gradient(_gap, 1, W1, W2, *pair))
    law |= {"rm_learning_rate": rate, "rm_output_gradient": by_W2}
    law["sentence_difference"] = by_W2[:, :-1].T / slope
    law["rm_output_trained"] = W2_now = _plain(W2 - rate * by_W2)
    W1_now = W1
    if level == 3:
        by_W1 = _plain(slope * _gradient(_gap, 0, W1, W2, *pair))
        law["input_difference"] = _mean(pair[1]) - _mean(pair[0])
        law["rm_linear_gradient"] = by_W1
        law["rm_linear_trained"] = W1_now = _plain(W1 - rate * by_W1)
        loser, winner = (_reward_model(W1_now, W2_now, words)[1] for words in pair)
        law["trained_sentence_difference"] = winner - loser
    return law | {"trained_gap": _gap(W1_now, W2_now, *pair)}


def _law_of_language(known: Stated, word: Mapping[str, int], level: int) -> dict[str, Exact]:
    """Descend minus the expected reward, at powers that are as written."""
    E, A, Wf, Wo = (
        known[name] for name in ("embeddings", "attention", "llm_feed_forward", "llm_output")
    )
    W1, W2 = (known.get(f"{W}_trained", known[W]) for W in ("rm_linear", "rm_output"))
    prompt, link, relu = word["prompt"], word["link"], level == 3
    inputs = E[:, [word["start"], prompt, link]]
    attended, raw, transformed, z = _language_model(Wo, Wf, inputs, A, relu)
    said = _highest(z)
    law = {"prompt_inputs": inputs, "attended": attended, "transformed": transformed, "scores": z}
    powers = _each(_power, z[:, -1:])
    p = _written(powers / powers.sum(), 1)
    law |= {"probabilities": p, "next_words": said} | _judged(
        "sampled", W1, W2, E[:, [prompt, link, said[0, -1]]]
    )
    reward = law["sampled_reward"]
    law |= {"loss": _loss(reward), "reward_gradient": _gradient(_loss, 0, reward)}
    if level == 1:
        return law
    passes = [_reward_model(W1, W2, E[:, [prompt, link, v]])[-1] for v in range(1, E.shape[1])]
    rewards = np.where(p != 0, np.vstack(passes), 0)
    by_powers = _gradient(_alignment_loss, 0, p, rewards)
    slopes = _plain(_written(p * by_powers, 0))
    last = (Wo, transformed[:, -1:], slopes)
    by_Wo, by_transformed = (_gradient(_by_output, by, *last) for by in (0, 1))
    rate = np.array([[Fraction(1, max(map(abs, slopes.flat)))]])
    law |= {"rewards": rewards, "expected_reward": -_alignment_loss(p, rewards)}
    law |= {"score_gradient": slopes, "llm_learning_rate": rate, "llm_output_gradient": by_Wo}
    law["llm_output_trained"] = Wo_now = _plain(Wo - rate * by_Wo)
    if level == 3:
        by_Wf = _gradient(_by_model, 1, Wo, Wf, inputs, A, slopes)
        law |= {"feed_forward": raw, "transformed_gradient": by_transformed}
        law["llm_feed_forward_gradient"] = by_Wf
        law["llm_feed_forward_trained"] = Wf = _plain(Wf - rate * by_Wf)
    _, raw, transformed, z = _language_model(Wo_now, Wf, inputs, A, relu)
    law |= {"aligned_scores": z, "aligned_words": _highest(z)}
    if level == 3:
        law |= {"aligned_feed_forward": raw, "aligned_transformed": transformed}
        inputs = np.hstack([inputs[:, :1], known["second_subject"], inputs[:, 2:]])
        attended, raw, transformed, z = _language_model(Wo_now, Wf, inputs, A[:, -1:], relu)
        law |= {"second_inputs": inputs, "second_attended": attended, "second_feed_forward": raw}
        law |= {"second_transformed": transformed, "second_scores": z, "second_word": _highest(z)}
        law["generalised"] = _highest(z) == word["winning"]
    return law


def law(given: Stated, word: Mapping[str, int], level: int) -> Stated:
    """State every answer and both learning rates, from the givens and the words' indices."""
    stated = _law_of_rewards(given, word, level)
    return stated | _law_of_language({**given, **stated}, word, level)
