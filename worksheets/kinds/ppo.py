"""PPO on one word that was said in five places: penalty, advantages, clipped objective, gradient.

Proximal policy optimization, Schulman and others 2017, equation 7: the mean of
min(ρA, clip(ρ, 1 − ε, 1 + ε)·A), on rewards with the KL penalty of Ouyang and others 2022, equation
2: r − β·log(π / π_ref), of the policy that said the word. Where ours departs: an episode is one
word long, so that A = r′ − V without later rewards and without GAE; V, the value, is given, and its
critic is not trained; ε is 0.2 and β is 2; γ is 0, so no pretraining; logarithms are rounded to
tenths, slopes of scores to hundredths. The last steps reach the word's row of the output layer, at
learning rate 1, and work the objective out again: π is σ(w·h − c) to hundredths, c being the log of
the sum of all other words' powers of e, and w·h − c is rounded to tenths.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import filled
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded, round_half_away, softmax_rounded
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "PPO"
TITLE = "PPO by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("rlhf",)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 39, 2: 43, 3: 89}
CHECKPOINTS = (
    "advantages", "objective", "log_probability_gradient", "trained_weights", "trained_objective",
)  # fmt: skip

PLACES = tuple(f"{{subject{place}}}" for place in range(1, 6))
VALUE, FEATURES = ("value",), ("1", "2", "3")
# Sentences of the theme's words, as the key names them.
PHRASES = {"text": ("{subject}", "{link}", "{winning}")}
SIZE, BETA = len(PLACES), 2
LOW, HIGH = Fraction(4, 5), Fraction(6, 5)
FARTHEST = 30  # scores, in tenths: beyond ±3 σ to hundredths hardly changes
# Probabilities of policy and reference, in hundredths, whose quotient comes out in tenths.
PAIRS = (
    (10, 5), (10, 20), (20, 10), (20, 25), (20, 40), (30, 15), (30, 20), (30, 25), (30, 50),
    (40, 20), (40, 25), (40, 50),
)  # fmt: skip
# σ, in hundredths, of scores in tenths; and of each such probability one score.
SIGMA = np.array(
    [
        softmax_rounded((Fraction(score, 10), Fraction(0)), 2)[0]
        for score in range(-FARTHEST, FARTHEST + 1)
    ],
    dtype=np.int64,
)
SCORES = {probability: place - FARTHEST for place, probability in enumerate(SIGMA.tolist())}
BELOW, WITHIN, ABOVE = (5, 6, 7), (9, 10, 11), (13, 14, 15)  # ratios in tenths: none on an edge
# An advantage's sign with its ratios: where the clip counts, where it does not, and within it.
CASES = (((1, ABOVE), (-1, BELOW)), ((1, BELOW), (-1, ABOVE)), ((1, WITHIN), (-1, WITHIN)))
REWARD = Part("The reward", "purple")
POLICY = Part("The policy", "orange")
BACK = Part("Backward", "purple")


def _places(case: tuple[tuple[int, tuple[int, ...]], ...]) -> Array:
    """List a case's places: sign, policy, reference, ratio, score of the new policy, penalty."""
    every = [
        (sign, *pair, ratio) for (sign, ratios), pair in product(case, PAIRS) for ratio in ratios
    ]
    rows = [
        (sign, old, ref, ratio, SCORES[new], BETA * log_rounded(Fraction(old, ref), 1))
        for sign, old, ref, ratio in every
        if (new := old * ratio // 10) in SCORES
    ]
    return np.array(rows, dtype=np.int64)


EVERY_PLACE = tuple(map(_places, CASES))


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw places, and at level 3 weights whose step raises the objective: one in sixteen."""
    givens, accepted = first_accepted(
        draws, "places", lambda some, _: _propose(some, level), at_once=2000, limit=200
    )
    return Givens(givens, accepted=accepted)


def _propose(draws: Draws, level: int) -> tuple[Arrays, Mask]:
    """Draw a place of each case, two more of any, and values that make all advantages whole."""
    case = draws.below("case", len(CASES), SIZE)
    case[:, : len(CASES)] = np.arange(len(CASES))
    case = np.take_along_axis(case, draws.order("order", SIZE), axis=1)[:, :, None]
    some = [
        every[draws.below(f"places of case {number}", len(every), SIZE)]
        for number, every in enumerate(EVERY_PLACE)
    ]
    places = np.select([case == number for number in range(len(CASES))], some)
    sign, old, reference, ratio, score, penalty = np.moveaxis(places, 2, 0)
    advantage = sign * draws.integers("advantage", 1, 3, SIZE)
    # Rewards of which V = r − β·log u − A, in tenths, lies within ±3 as they do.
    low, high = -30 + penalty + 10 * advantage, 30 + penalty + 10 * advantage
    lowest, highest = np.maximum(-(-low // 10), -3), np.minimum(high // 10, 3)
    rewards = lowest + draws.below("reward", highest - lowest + 1, SIZE)
    values = 10 * (rewards - advantage) - penalty
    accepted = (ratio < 8).any(axis=1) & (ratio > 12).any(axis=1)
    columns = {"old_probabilities": old, "reference_probabilities": reference, "rewards": rewards}
    columns |= {"values": values, "new_probabilities": old * ratio // 10}
    if level == 3:
        inputs, weights = draws.integers("inputs", -1, 1, SIZE, 3), small(draws, "weights", 1, 3)
        columns["others"] = 10 * (inputs @ weights.transpose(0, 2, 1))[:, :, 0] - score
        accepted &= busy(inputs, weights) & _learns(advantage, old, ratio, score, inputs)
    givens = {name: cells[:, :, None] for name, cells in columns.items()}
    if level == 3:
        givens |= {"inputs": inputs, "weights": weights}
    return {name: values[accepted] for name, values in givens.items()}, accepted


def _learns(advantage: Array, old: Array, ratio: Array, score: Array, inputs: Array) -> Mask:
    """Find the sheets whose step raises the objective, as written, and has no tie to round.

    Advantages are whole, ratios and scores are in tenths, probabilities in hundredths.
    """
    free, bounded = advantage * ratio, advantage * ratio.clip(8, 12)
    # A slope of a log-probability is 0 where ρA is larger, and a fifth of it elsewhere.
    slopes = 10 // SIZE * np.where(free > bounded, 0, free) * (100 - old * ratio // 10)
    dw = round_half_away(slopes, 100, 0)[:, None, :] @ inputs
    scores = 10 * score + (inputs @ dw.transpose(0, 2, 1))[:, :, 0]
    trained = round_half_away(scores, 10, 0)
    clear = (slopes % 100 != 50) & (scores % 10 != 5) & (np.abs(trained) <= FARTHEST)
    probability = SIGMA[np.clip(trained, -FARTHEST, FARTHEST) + FARTHEST]
    clear &= 200 * probability % (2 * old) != old
    again = _ratio_again(probability, old)
    surrogate = np.minimum(advantage * again, advantage * again.clip(80, 120))
    objective = round_half_away(surrogate.sum(axis=1), SIZE, 0)  # in hundredths
    better = objective > 10 // SIZE * np.minimum(free, bounded).sum(axis=1)
    learns: Mask = clear.all(axis=1) & better
    return learns


def _ratio_again(probability: Array, old: Array) -> Array:
    """Divide the trained policy's probabilities by the old one's; return hundredths."""
    # Half away from 0 of what is never negative; the divisors differ, as round_half_away's do not.
    return (200 * probability + old) // (2 * old)


def steps(sheet: Tracer, level: int) -> None:
    """Work out penalised rewards, advantages and the clipped objective; and back; and again."""
    with sheet.step(1, "Against the reference", REWARD):
        old = sheet.given("old_probabilities", PLACES, VALUE, 1, "π old", finest=100)
        reference = sheet.given("reference_probabilities", PLACES, VALUE, 1, "π ref", finest=100)
        u = old.divided(reference, finest=10)
        u = sheet.answer("reference_ratio", u, limit=2, finest=10, symbol="u")
    with sheet.step(2, "Log-ratio", REWARD):
        log = sheet.answer("log_ratio", u.logarithm(1), symbol="log u")
    with sheet.step(3, "Penalty", REWARD):
        r = sheet.given("rewards", PLACES, VALUE, bound=3, symbol="r")
        paid = sheet.answer("penalised_rewards", r - log * BETA, symbol="r′")
    with sheet.step(4, "Advantages", REWARD):
        V = sheet.given("values", PLACES, VALUE, bound=3, symbol="V", finest=10)
        A = sheet.answer("advantages", paid - V, limit=3, finest=1, symbol="A")
    with sheet.step(5, "Ratios", POLICY):
        new = sheet.given("new_probabilities", PLACES, VALUE, bound=1, symbol="π", finest=100)
        ratio = sheet.answer("ratio", new.divided(old, finest=10), finest=10, symbol="ρ")
    with sheet.step(6, "Clip", POLICY):
        clip = sheet.answer("clipped_ratio", ratio.clip(LOW, HIGH), symbol="clip")
    with sheet.step(7, "Two products", POLICY):
        unclipped = sheet.answer("unclipped", ratio * A, symbol="ρA")
        clipped = sheet.answer("clipped", clip * A, symbol="clip·A")
    with sheet.step(8, "Objective", POLICY):
        least = sheet.answer("surrogate", unclipped.minimum(clipped), symbol="min")
        mean = filled(("mean",), PLACES, Fraction(1, SIZE))
        sheet.answer("objective", mean @ least, symbol="J")
    if level == 1:
        return
    with sheet.step(9, "Where the clip counts", POLICY):
        mask = sheet.answer("clip_mask", unclipped.exceeds(clipped), symbol="mask")
    with sheet.step(10, "Log-probabilities", BACK):
        kept = sheet.answer("surrogate_gradient", unclipped * (1 - mask), symbol="kept")
        slope = kept * Fraction(1, SIZE)
        slope = sheet.answer("log_probability_gradient", slope, symbol="g")
    if level == 2:
        return
    with sheet.step(11, "Score", BACK):
        score = (slope * (1 - new)).rounded(2)
        score = sheet.answer("score_gradient", score, symbol="dz")
    with sheet.step(12, "Weights", BACK):
        H = sheet.given("inputs", PLACES, FEATURES, bound=1, symbol="h")
        dw = sheet.answer("weights_gradient", score.transposed @ H, symbol="dw")
    with sheet.step(13, "One step up", BACK):
        w = sheet.given("weights", ("w",), FEATURES, bound=3, symbol="w")
        trained = sheet.answer("trained_weights", w + dw, symbol="w′")
    with sheet.step(14, "The policy again", BACK):
        c = sheet.given("others", PLACES, VALUE, bound=12, symbol="c", finest=10)
        z = (H @ trained.transposed - c).rounded(1)
        z = sheet.answer("trained_scores", z, limit=FARTHEST // 10, finest=10, symbol="z′")
        p = sheet.answer("trained_probabilities", z.sigma(2), symbol="π′")
    with sheet.step(15, "The objective again", BACK):
        again = sheet.answer("trained_ratio", p.divided_rounded(old, 2), symbol="ρ′")
        least = (again * A).minimum(again.clip(LOW, HIGH) * A)
        least = sheet.answer("trained_surrogate", least, symbol="min′")
        sheet.answer("trained_objective", (mean @ least).rounded(2), symbol="J′")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the penalty and the objective, and log p of the weights, which SymPy differentiates."""
    from sympy import Expr, Integer, Matrix, Max, Min, Rational, Symbol, exp, log

    def clip(ratio: Expr) -> Expr:
        return Min(Max(ratio, Rational(4, 5)), Rational(6, 5))

    def worth(log_ratio: Expr, advantage: Expr) -> Expr:
        return Min(exp(log_ratio) * advantage, clip(exp(log_ratio)) * advantage)

    old, new = given["old_probabilities"], given["new_probabilities"]
    over_reference = given["reference_probabilities"].applyfunc(lambda p: 1 / p)
    over_old = old.applyfunc(lambda p: 1 / p)
    u = old.multiply_elementwise(over_reference)
    logs = u.applyfunc(lambda quotient: written(log(quotient), 1))
    A = given["rewards"] - BETA * logs - given["values"]
    ratio = new.multiply_elementwise(over_old)
    each = list(zip(ratio, A, strict=True))
    least = [worth(log(p), a) for p, a in each]
    stated = {
        "reference_ratio": u,
        "log_ratio": logs,
        "penalised_rewards": given["rewards"] - BETA * logs,
        "advantages": A,
        "ratio": ratio,
        "clipped_ratio": ratio.applyfunc(clip),
        "unclipped": ratio.multiply_elementwise(A),
        "clipped": ratio.applyfunc(clip).multiply_elementwise(A),
        "surrogate": least,
        "objective": [sum(least) / SIZE],
    }
    if level >= 2:
        at = Symbol("log_ratio", real=True)
        slopes = Matrix([worth(at, a).diff(at).subs(at, log(p)) for p, a in each])
        stated["clip_mask"] = [Integer(bool(p * a > clip(p) * a)) for p, a in each]
        stated |= {"surrogate_gradient": slopes, "log_probability_gradient": slopes / SIZE}
    if level >= 3:
        z, w = Symbol("z"), Matrix(1, 3, [Symbol(f"w{place}") for place in range(3)])
        # Of a probability p, the scores' powers are p for the word and 1 − p for all others.
        at_score = [log(exp(z) / (exp(z) + 1 - p)).diff(z).subs(z, log(p)) for p in new]
        score = [written(g * slope, 2) for g, slope in zip(slopes / SIZE, at_score, strict=True)]
        H, c = given["inputs"], given["others"]
        asked = Matrix([score]) * H * w.T
        dw = w.applyfunc(asked[0].diff)
        trained = (H * (given["weights"] + dw).T - c).applyfunc(lambda score: written(score, 1))
        # Beside the word's power stands that of all others together, whose log is taken off.
        p = trained.applyfunc(lambda score: written(exp(score) / (exp(score) + 1), 2))
        again = p.multiply_elementwise(over_old).applyfunc(lambda quotient: written(quotient, 2))
        least = [worth(log(p), a) for p, a in zip(again, A, strict=True)]
        stated |= {"score_gradient": score, "weights_gradient": dw}
        stated |= {"trained_weights": given["weights"] + dw, "trained_scores": trained}
        stated |= {"trained_probabilities": p, "trained_ratio": again, "trained_surrogate": least}
        stated["trained_objective"] = [written(sum(least) / SIZE, 2)]
    return {name: Matrix(cells) for name, cells in stated.items()}


MISTAKES = (
    Mistake("penalty forgotten", {"penalised_rewards": lambda m: m["rewards"]}),
    Mistake("penalty added", {"penalised_rewards": lambda m: m["rewards"] + m["log_ratio"] * BETA}),
    Mistake("value minus reward", {"advantages": lambda m: m["values"] - m["penalised_rewards"]}),
    Mistake(
        "ratio to the reference",
        {
            "ratio": lambda m: m["new_probabilities"].divided_rounded(
                m["reference_probabilities"], 2
            )
        },
    ),
    Mistake("not clipped", {"clipped_ratio": lambda m: m["ratio"]}),
    Mistake("clipped above alone", {"clipped_ratio": lambda m: m["ratio"].minimum(HIGH)}),
    Mistake("larger product taken", {"surrogate": lambda m: m["unclipped"].maximum(m["clipped"])}),
    Mistake("clipped product always taken", {"surrogate": lambda m: m["clipped"]}),
    Mistake("slope through the clip", {"surrogate_gradient": lambda m: m["unclipped"]}),
    Mistake(
        "ratio forgotten in the slope",
        {"surrogate_gradient": lambda m: m["advantages"] * (1 - m["clip_mask"])},
    ),
    Mistake(
        "gradient not divided by the places",
        {"log_probability_gradient": lambda m: m["surrogate_gradient"]},
    ),
    Mistake(
        "p instead of 1 − p",
        {
            "score_gradient": lambda m: (
                m["log_probability_gradient"] * m["new_probabilities"]
            ).rounded(2)
        },
    ),
    Mistake("1 − p forgotten", {"score_gradient": lambda m: m["log_probability_gradient"]}),
    Mistake("step downwards", {"trained_weights": lambda m: m["weights"] - m["weights_gradient"]}),
    Mistake(
        "old weights used again",
        {
            "trained_scores": lambda m: (
                m["inputs"] @ m["weights"].transposed - m["others"]
            ).rounded(1)
        },
    ),
    Mistake(
        "ratio to the policy before the step",
        {
            "trained_ratio": lambda m: m["trained_probabilities"].divided_rounded(
                m["new_probabilities"], 2
            )
        },
    ),
)
