"""Reinforcement learning from human feedback: a reward model, then a language model aligned by it.

The reward model's loss is -log σ(r_winner - r_loser): Ouyang et al. 2022, equation 1, for one pair.
The language model's is minus the expected reward, whose gradient is the policy gradient of
Williams 1992. Where ours departs: a feature is a row and a position a column, σ and softmax are
rounded to one decimal and every later line uses the written value, attention is given in zeros and
ones, and there is no KL penalty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from worksheets.draw.feedback import draw
from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix, beside

if TYPE_CHECKING:
    import sympy

    Exact: TypeAlias = sympy.Matrix
    Stated: TypeAlias = Mapping[str, Exact]

__all__ = [
    "CODE",
    "LEVELS",
    "MISTAKES",
    "PHRASES",
    "SUMMARY",
    "TITLE",
    "VARIETY",
    "draw",
    "law",
    "steps",
]

CODE = "RLHF"
TITLE = "RLHF by hand"
SUMMARY = "train a reward model on one human preference, then align a language model with it"
LEVELS = {
    1: "forward passes and both loss gradients",
    2: "and the gradients and updates of both output layers",
    3: "and full backpropagation with ReLU, the aligned model, and a second subject",
}
# At least so many different sheets. Measured: of sheets 0 to 29,999 of each level, no two have the
# same given numbers. By the birthday bound there are then n²/(2 ln 20) or more, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
# Sentences of the theme's words, as the key names them.
PHRASES = {
    "loser": ("{subject}", "{link}", "{losing}"),
    "winner": ("{subject}", "{link}", "{winning}"),
    "prompt": ("{start}", "{prompt}", "{link}"),
}

FEATURES = ("1", "2", "3")
REWARD_FEATURES = ("1", "2", "3", "4")
TRANSFORMED = ("1", "2")
VOCABULARY = ("{word1}", "{word2}", "{word3}", "{word4}", "{word5}")
PROMPT = ("[S]", "{prompt}", "{link}")

REWARD = Part("Train the reward model", "higher rewards for winners", "purple")
LANGUAGE = Part("Align the LLM", "weights that earn more reward", "orange")


def steps(sheet: Tracer, level: int) -> None:
    """The sheet, line by line in the order of the key."""
    start, subject, prompt, link, losing, winning = (
        sheet.word(role) for role in ("start", "subject", "prompt", "link", "losing", "winning")
    )
    with sheet.step(1, "Given", REWARD):
        E = sheet.given("embeddings", FEATURES, ("[S]", *VOCABULARY), bound=4)
        W1 = sheet.given("rm_linear", REWARD_FEATURES, (*FEATURES, BIAS), bound=3)
        W2 = sheet.given("rm_output", ("reward",), (*REWARD_FEATURES, BIAS), bound=3)
        A = sheet.given("attention", PROMPT, PROMPT, bound=1)
        Wf = sheet.given("llm_feed_forward", TRANSFORMED, (*FEATURES, BIAS), bound=3)
        Wo = sheet.given("llm_output", VOCABULARY, (*TRANSFORMED, BIAS), bound=3)
    with sheet.step(2, "Preference", REWARD):
        pair = beside(losing, winning).labelled(("preference",), ("loser", "winner"))
        sheet.given_words("preference", pair)

    with sheet.step(3, "Word embeddings", REWARD):
        loser = sheet.answer("loser_inputs", E.columns(subject, link, losing))
    with sheet.step(4, "Linear layer", REWARD):
        loser_features = sheet.answer("loser_features", W1 @ loser.with_ones())
    with sheet.step(5, "Mean pool", REWARD):
        loser_sentence = sheet.answer("loser_sentence", loser_features.mean(), finest=1)
    with sheet.step(6, "Output layer", REWARD):
        loser_reward = sheet.answer("loser_reward", W2 @ loser_sentence.with_ones())
    with sheet.step(7, "The winner’s reward", REWARD):
        winner = sheet.answer("winner_inputs", E.columns(subject, link, winning))
        winner_features = sheet.answer("winner_features", W1 @ winner.with_ones())
        winner_sentence = sheet.answer("winner_sentence", winner_features.mean(), finest=1)
        winner_reward = sheet.answer("winner_reward", W2 @ winner_sentence.with_ones())
    with sheet.step(8, "Winner against loser", REWARD):
        gap = sheet.answer("gap", winner_reward - loser_reward)

    with sheet.step(9, "Loss gradient", REWARD):
        prediction = sheet.answer("prediction", gap.sigma(1))
        slope = sheet.answer("gap_gradient", prediction - 1)
        W1_now, W2_now = W1, W2
        if level >= 2:
            change = sheet.answer("sentence_difference", winner_sentence - loser_sentence)
            dW2 = (slope @ change.with_zeros().transposed).labelled(rows=("reward",))
            dW2 = sheet.answer("rm_output_gradient", dW2)
            rm_rate = sheet.rate("rm_learning_rate", slope.largest_magnitude())
        if level == 3:
            input_change = sheet.answer("input_difference", winner.mean() - loser.mean())
            flow = W2.without_bias().transposed * slope
            dW1 = sheet.answer("rm_linear_gradient", flow @ input_change.with_zeros().transposed)
        if level >= 2:
            W2_now = sheet.answer("rm_output_trained", W2.descended(dW2, rm_rate))
        if level == 3:
            W1_now = sheet.answer("rm_linear_trained", W1.descended(dW1, rm_rate))
            change = W1_now @ input_change.with_zeros()
            change = sheet.answer("trained_sentence_difference", change)
        if level >= 2:
            trained_gap = sheet.answer("trained_gap", W2_now @ change.with_zeros())

    with sheet.step(10, "Prompt to embeddings", LANGUAGE):
        inputs = sheet.answer("prompt_inputs", E.columns(start, prompt, link))
    with sheet.step(11, "Transformer", LANGUAGE):
        attended = sheet.answer("attended", inputs @ A)
        transformed = Wf @ attended.with_ones()
        if level == 3:
            feed_forward = sheet.answer("feed_forward", transformed)
            transformed = feed_forward.relu()
        transformed = sheet.answer("transformed", transformed)
    with sheet.step(12, "Output probabilities", LANGUAGE):
        scores = sheet.answer("scores", Wo @ transformed.with_ones())
        if level >= 2:
            p = sheet.answer("probabilities", scores.column(-1).softmax(1))
    with sheet.step(13, "Sample", LANGUAGE):
        next_words = sheet.answer("next_words", scores.highest())

    with sheet.step(14, "Reward model", LANGUAGE):
        picked = E.columns(prompt, link, next_words.column(-1))
        sampled = sheet.answer("sampled_inputs", picked)
        sampled_features = sheet.answer("sampled_features", W1_now @ sampled.with_ones())
        sampled_sentence = sheet.answer("sampled_sentence", sampled_features.mean(), finest=1)
        reward = sheet.answer("sampled_reward", W2_now @ sampled_sentence.with_ones())
    with sheet.step(15, "Loss gradient", LANGUAGE):
        sheet.answer("loss", -reward)
        minus_one = sheet.answer("reward_gradient", reward.minus_ones())
        if level == 1:
            return
        R = losing.one_hot(VOCABULARY) * reward + winning.one_hot(VOCABULARY) * (
            reward + trained_gap
        )
        R = sheet.answer("rewards", R.labelled(columns=("reward",)))
        expected = sheet.answer("expected_reward", p.transposed @ R)
        policy_gradient = minus_one * (p * (R - expected))
        dz = sheet.answer("score_gradient", policy_gradient.rounded(0))
        dWo = dz @ transformed.column(-1).with_ones().transposed
        dWo = sheet.answer("llm_output_gradient", dWo)
        rate = sheet.rate("llm_learning_rate", dz.largest_magnitude())
        if level == 3:
            dt = sheet.answer("transformed_gradient", Wo.without_bias().transposed @ dz)
            dWf = (dt * feed_forward.column(-1).open()) @ attended.column(
                -1
            ).with_ones().transposed
            dWf = sheet.answer("llm_feed_forward_gradient", dWf)
        Wo_now = sheet.answer("llm_output_trained", Wo.descended(dWo, rate))
        if level == 3:
            Wf_now = sheet.answer("llm_feed_forward_trained", Wf.descended(dWf, rate))

    with sheet.step(16, "Celebrate", LANGUAGE):
        if level == 3:
            aligned = sheet.answer("aligned_feed_forward", Wf_now @ attended.with_ones())
            transformed = sheet.answer("aligned_transformed", aligned.relu())
        aligned_scores = Wo_now @ transformed.with_ones()
        aligned_scores = sheet.answer("aligned_scores", aligned_scores, limit=50)
        sheet.answer("aligned_words", aligned_scores.highest())
    if level == 3:
        with sheet.step(17, "Did the value generalise?", LANGUAGE):
            unrated = sheet.given("second_subject", FEATURES, ("{second}",), bound=3)
            second = beside(E.columns(start), unrated, E.columns(link))
            second = sheet.answer("second_inputs", second)
            second_attended = sheet.answer("second_attended", second @ A.column(-1))
            raw = sheet.answer("second_feed_forward", Wf_now @ second_attended.with_ones())
            second_transformed = sheet.answer("second_transformed", raw.relu())
            second_scores = Wo_now @ second_transformed.with_ones()
            second_scores = sheet.answer("second_scores", second_scores, limit=50)
            word = sheet.answer("second_word", second_scores.highest())
            sheet.answer("generalised", word.same_word(winning), entries="verdict")


Lines = Mapping[str, Matrix]


def _now(line: Lines, weights: str) -> Matrix:
    """The reward model's weights as step 14 uses them."""
    return line.get(f"{weights}_trained", line[weights])


MISTAKES = (
    Mistake(
        "bias forgotten in the linear layer",
        "The row of ones meets the grey bias column: add the bias to every column.",
        {
            "loser_features": lambda m: m["rm_linear"].without_bias() @ m["loser_inputs"],
            "winner_features": lambda m: m["rm_linear"].without_bias() @ m["winner_inputs"],
            "sampled_features": lambda m: (
                _now(m, "rm_linear").without_bias() @ m["sampled_inputs"]
            ),
        },
    ),
    Mistake(
        "bias forgotten in the output layer",
        "The last weight stands over the 1 under the sentence: add it.",
        {
            "loser_reward": lambda m: m["rm_output"].without_bias() @ m["loser_sentence"],
            "winner_reward": lambda m: m["rm_output"].without_bias() @ m["winner_sentence"],
            "sampled_reward": lambda m: (
                _now(m, "rm_output").without_bias() @ m["sampled_sentence"]
            ),
        },
    ),
    Mistake(
        "bias forgotten in the language model",
        "Each layer adds its grey column once: the row of ones stands under its inputs.",
        {
            "feed_forward": lambda m: m["llm_feed_forward"].without_bias() @ m["attended"],
            "scores": lambda m: m["llm_output"].without_bias() @ m["transformed"],
        },
    ),
    Mistake(
        "sum taken for the mean",
        "Mean pool weighs each of the three columns by 1/3.",
        {
            "loser_sentence": lambda m: m["loser_features"].total(),
            "winner_sentence": lambda m: m["winner_features"].total(),
            "sampled_sentence": lambda m: m["sampled_features"].total(),
        },
    ),
    Mistake(
        "loser and winner swapped",
        "The gap is the winner’s reward minus the loser’s.",
        {
            "gap": lambda m: m["loser_reward"] - m["winner_reward"],
            "sentence_difference": lambda m: m["loser_sentence"] - m["winner_sentence"],
            "input_difference": lambda m: m["loser_inputs"].mean() - m["winner_inputs"].mean(),
        },
    ),
    Mistake(
        "prediction rounded too early",
        "Write one decimal: a whole number loses what there was to learn.",
        {"prediction": lambda m: m["gap"].sigma(0)},
    ),
    Mistake(
        "sign of the loss gradient",
        "The gradient is prediction minus target, and the target is 1.",
        {"gap_gradient": lambda m: 1 - m["prediction"]},
    ),
    Mistake(
        "attention multiplied the wrong way round",
        "Inputs stand at the left and the attention matrix above: inputs times attention.",
        {"attended": lambda m: m["attention"] @ m["prompt_inputs"]},
    ),
    Mistake(
        "attention read by rows",
        "Column i of the attention matrix says what position i looks at.",
        {"attended": lambda m: m["prompt_inputs"] @ m["attention"].transposed},
    ),
    Mistake(
        "attention skipped",
        "Add up the columns that the attention matrix marks with 1.",
        {"attended": lambda m: m["prompt_inputs"]},
    ),
    Mistake(
        "sign of the loss",
        "The loss is minus the reward: a high reward is a low loss.",
        {"loss": lambda m: m["sampled_reward"]},
    ),
    Mistake(
        "sign of the reward’s gradient",
        "The loss falls by 1 when the reward grows by 1.",
        {"reward_gradient": lambda m: -m["sampled_reward"].minus_ones()},
    ),
    Mistake(
        "update in the wrong direction",
        "Descend: subtract the learning rate times the gradient.",
        {
            "rm_output_trained": lambda m: m["rm_output"].ascended(
                m["rm_output_gradient"], m["gap_gradient"].largest_magnitude()
            ),
            "rm_linear_trained": lambda m: m["rm_linear"].ascended(
                m["rm_linear_gradient"], m["gap_gradient"].largest_magnitude()
            ),
            "llm_output_trained": lambda m: m["llm_output"].ascended(
                m["llm_output_gradient"], m["score_gradient"].largest_magnitude()
            ),
            "llm_feed_forward_trained": lambda m: m["llm_feed_forward"].ascended(
                m["llm_feed_forward_gradient"], m["score_gradient"].largest_magnitude()
            ),
        },
    ),
    Mistake(
        "learning rate forgotten",
        "Multiply the gradient by the learning rate η before you subtract it.",
        {
            "rm_output_trained": lambda m: m["rm_output"] - m["rm_output_gradient"],
            "llm_output_trained": lambda m: m["llm_output"] - m["llm_output_gradient"],
        },
    ),
    Mistake(
        "untrained reward model used",
        "From step 9 on, the reward model has its trained weights.",
        {
            "sampled_features": lambda m: m["rm_linear"] @ m["sampled_inputs"].with_ones(),
            "sampled_reward": lambda m: m["rm_output"] @ m["sampled_sentence"].with_ones(),
        },
        needs="rm_output_trained",
    ),
    Mistake(
        "expected reward forgotten",
        "Compare each reward with the expected one: only the difference teaches.",
        {
            "score_gradient": lambda m: (
                m["reward_gradient"] * (m["probabilities"] * m["rewards"])
            ).rounded(0),
        },
    ),
    Mistake(
        "bias entry of the gradient forgotten",
        "The layer’s inputs end with a 1: the bias’s gradient is the score’s.",
        {
            "llm_output_gradient": lambda m: (
                m["score_gradient"] @ m["transformed"].column(-1).with_zeros().transposed
            ),
        },
    ),
    Mistake(
        "ReLU forgotten",
        "ReLU turns every negative number into 0.",
        {
            "transformed": lambda m: m["feed_forward"],
            "aligned_transformed": lambda m: m["aligned_feed_forward"],
            "second_transformed": lambda m: m["second_feed_forward"],
        },
        needs="feed_forward",
    ),
)


# The law: both models as functions and the papers' losses, which SymPy differentiates. It repeats
# no step; from a rounded σ or softmax on, derivatives are taken where it has just that value.


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
