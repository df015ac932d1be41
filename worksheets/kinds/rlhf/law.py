"""The method stated a second time, by the papers' losses, so that a key is proved by another road.

Both models are functions and SymPy differentiates. No step is repeated; from a rounded σ or softmax
on, derivatives are taken where it has just that value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import sympy

    Exact: TypeAlias = sympy.Matrix
    Stated: TypeAlias = Mapping[str, Exact]


def _affine(W: Exact, inputs: Exact) -> Exact:
    from sympy import ones

    return W[:, :-1] * inputs + W[:, -1] * ones(1, inputs.cols)


def _reward_model(W1: Exact, W2: Exact, words: Exact) -> tuple[Exact, ...]:
    """The words' features, the sentence that they average to, and its reward."""
    from sympy import ones

    features = _affine(W1, words)
    sentence = features * ones(words.cols, 1) / words.cols
    return features, sentence, _affine(W2, sentence)


def _language_model(Wo: Exact, Wf: Exact, inputs: Exact, A: Exact, relu: bool) -> tuple[Exact, ...]:
    """What each position attends to, the feed forward, its ReLU, and the scores z."""
    from sympy import Piecewise

    raw = _affine(Wf, inputs * A)
    transformed = raw.applyfunc(lambda x: Piecewise((x, x > 0), (0, True))) if relu else raw
    return inputs * A, raw, transformed, _affine(Wo, transformed)


def _gap(W1: Exact, W2: Exact, loser: Exact, winner: Exact) -> Exact:
    return _reward_model(W1, W2, winner)[-1] - _reward_model(W1, W2, loser)[-1]


def _preference_loss(gap: Exact) -> Exact:
    """-log σ(gap)."""
    from sympy import exp, log

    return gap.applyfunc(lambda g: -log(1 / (1 + exp(-g))))


def _alignment_loss(powers: Exact, rewards: Exact) -> Exact:
    """-Σ softmax(z)_v R_v, in terms of the powers e^z; d/dz_v is e^z_v d/de^z_v."""
    return -powers.T * rewards / sum(powers)


def _by_output(Wo: Exact, transformed: Exact, slopes: Exact) -> Exact:
    """Σ slope_v z_v of the last position: what of the loss its output layer decides."""
    return slopes.T * _affine(Wo, transformed)[:, -1]


def _by_model(Wo: Exact, Wf: Exact, inputs: Exact, A: Exact, slopes: Exact) -> Exact:
    """The same, through the whole model and its ReLU."""
    return slopes.T * _language_model(Wo, Wf, inputs, A, relu=True)[-1][:, -1]


@cache
def _derivatives(
    function: Callable[..., Exact], by: int, *shapes: tuple[int, int]
) -> tuple[list[sympy.Symbol], Exact]:
    """The symbols that a function's matrices consist of, and its derivatives by one matrix."""
    from sympy import Matrix, symbols

    entries = [symbols(f"m{i}_:{rows * columns}") for i, (rows, columns) in enumerate(shapes)]
    matrices = [Matrix(*shape, some) for shape, some in zip(shapes, entries, strict=True)]
    return [*chain(*entries)], matrices[by].applyfunc(function(*matrices)[0].diff)


def _gradient(function: Callable[..., Exact], by: int, *values: Exact) -> Exact:
    """A function's derivatives by its matrix number `by`, taken at these values."""
    symbols, derivatives = _derivatives(function, by, *(value.shape for value in values))
    return derivatives.xreplace(dict(zip(symbols, chain(*values), strict=True)))


def _written(values: Exact, decimals: int) -> Exact:
    """Rounded half away from zero."""
    from sympy import N, Rational, floor, sign

    def rounded(value: sympy.Expr) -> sympy.Expr:
        precise = value if value.is_Rational else N(value, 50)
        return sign(precise) * floor(abs(precise) * 10**decimals + Rational(1, 2)) / 10**decimals

    return values.applyfunc(rounded)


def _highest(scores: Exact) -> Exact:
    """Each position's word of the highest score."""
    from sympy import Matrix

    columns = [list(scores[:, i]) for i in range(scores.cols)]
    return Matrix([[1 + column.index(max(column)) for column in columns]])


def _judged(name: str, W1: Exact, W2: Exact, words: Exact) -> dict[str, Exact]:
    values = (words, *_reward_model(W1, W2, words))
    parts = ("inputs", "features", "sentence", "reward")
    return {f"{name}_{part}": value for part, value in zip(parts, values, strict=True)}


def _law_of_rewards(given: Stated, word: Mapping[str, int], level: int) -> dict[str, Exact]:
    """The reward model descends -log σ(gap), its slope taken at the gap whose σ is as written."""
    from sympy import exp, log

    E, W1, W2 = (given[name] for name in ("embeddings", "rm_linear", "rm_output"))
    pair = [E[:, [word["subject"], word["link"], word[last]]] for last in ("losing", "winning")]
    gap = _gap(W1, W2, *pair)
    p = _written(gap.applyfunc(lambda g: 1 / (1 + exp(-g))), 1)
    slope = _gradient(_preference_loss, 0, p.applyfunc(lambda p: log(p / (1 - p))))
    law = _judged("loser", W1, W2, pair[0]) | _judged("winner", W1, W2, pair[1])
    law |= {"gap": gap, "prediction": p, "gap_gradient": slope}
    if level == 1:
        return law
    rate = slope.applyfunc(lambda s: 1 / abs(s))
    by_W1, by_W2 = (slope[0] * _gradient(_gap, by, W1, W2, *pair) for by in (0, 1))
    law |= {"rm_learning_rate": rate, "rm_output_gradient": by_W2}
    law["sentence_difference"] = by_W2[:, :-1].T / slope[0]
    law["rm_output_trained"] = W2 = W2 - rate[0] * by_W2
    if level == 3:
        law["input_difference"] = (E[:, word["winning"]] - E[:, word["losing"]]) / pair[0].cols
        law["rm_linear_gradient"] = by_W1
        law["rm_linear_trained"] = W1 = W1 - rate[0] * by_W1
        loser, winner = (_reward_model(W1, W2, words)[1] for words in pair)
        law["trained_sentence_difference"] = winner - loser
    return law | {"trained_gap": _gap(W1, W2, *pair)}


def _law_of_language(known: Stated, word: Mapping[str, int], level: int) -> dict[str, Exact]:
    """The language model descends minus the expected reward, at powers that are as written."""
    from sympy import Matrix, Symbol, exp

    E, A, Wf, Wo = (
        known[name] for name in ("embeddings", "attention", "llm_feed_forward", "llm_output")
    )
    W1, W2 = (known.get(f"{W}_trained", known[W]) for W in ("rm_linear", "rm_output"))
    prompt, link, relu = word["prompt"], word["link"], level == 3
    inputs = E[:, [word["start"], prompt, link]]
    attended, raw, transformed, z = _language_model(Wo, Wf, inputs, A, relu)
    said = _highest(z)
    law = {"prompt_inputs": inputs, "attended": attended, "transformed": transformed, "scores": z}
    law |= {"next_words": said} | _judged("sampled", W1, W2, E[:, [prompt, link, said[-1]]])
    R = Symbol("R")
    law |= {"loss": -law["sampled_reward"], "reward_gradient": Matrix([(-R).diff(R)])}
    if level == 1:
        return law
    powers = z[:, -1].applyfunc(exp)
    p = _written(powers / sum(powers), 1)
    passes = [_reward_model(W1, W2, E[:, [prompt, link, v]])[-1] for v in range(1, E.cols)]
    rewards = Matrix([r[0] if share else 0 for r, share in zip(passes, p, strict=True)])
    by_powers = _gradient(_alignment_loss, 0, p, rewards)
    slopes = _written(p.multiply_elementwise(by_powers), 0)
    last = (Wo, transformed[:, -1], slopes)
    by_Wo, by_transformed = (_gradient(_by_output, by, *last) for by in (0, 1))
    rate = 1 / max(map(abs, slopes))
    law |= {"probabilities": p, "rewards": rewards, "expected_reward": -_alignment_loss(p, rewards)}
    law |= {"score_gradient": slopes, "llm_learning_rate": Matrix([rate])}
    law["llm_output_gradient"] = by_Wo
    law["llm_output_trained"] = Wo_now = Wo - rate * by_Wo
    if level == 3:
        by_Wf = _gradient(_by_model, 1, Wo, Wf, inputs, A, slopes)
        law |= {"feed_forward": raw, "transformed_gradient": by_transformed}
        law["llm_feed_forward_gradient"] = by_Wf
        law["llm_feed_forward_trained"] = Wf = Wf - rate * by_Wf
    _, raw, transformed, z = _language_model(Wo_now, Wf, inputs, A, relu)
    law |= {"aligned_scores": z, "aligned_words": _highest(z)}
    if level == 3:
        law |= {"aligned_feed_forward": raw, "aligned_transformed": transformed}
        inputs = Matrix.hstack(inputs[:, 0], known["second_subject"], inputs[:, 2])
        attended, raw, transformed, z = _language_model(Wo_now, Wf, inputs, A[:, -1], relu)
        law |= {"second_inputs": inputs, "second_attended": attended, "second_feed_forward": raw}
        law |= {"second_transformed": transformed, "second_scores": z, "second_word": _highest(z)}
        law["generalised"] = Matrix([int(_highest(z)[0] == word["winning"])])
    return law


def law(given: Stated, word: Mapping[str, int], level: int) -> Stated:
    """Every answer and both learning rates, from the givens and the words' indices."""
    stated = _law_of_rewards(given, word, level)
    return stated | _law_of_language({**given, **stated}, word, level)
