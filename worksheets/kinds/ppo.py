"""PPO in five places: the clipped objective of advantages that a critic gave, and its gradient.

Proximal policy optimization, Schulman and others 2017, section 3: the mean of
min(ρA, clip(ρ, 1 − ε, 1 + ε)·A). Advantages are given, or those that a sheet of `gae` has come to,
on rewards with the KL penalty of Ouyang and others 2022, equation 2. Where ours departs: ε is 0.2,
γ is 0, so no pretraining, and slopes of scores are rounded to hundredths. On levels 1 and 2 the
places are the words of one text; on level 3 one word was said in five texts, and the last steps
reach its row of the output layer, at learning rate 1, and work the objective out again: π is
σ(w·h − c) to hundredths, c being the log of the sum of all other words' powers of e, and w·h − c is
rounded to tenths.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import round_half_away, softmax_rounded
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.earlier import Earlier
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "PPO"
TITLE = "PPO by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("gae",)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 20, 2: 25, 3: 69}
# The advantages that gae has come to.
CONTINUES = Earlier("advantages", "gae", 1, "advantages", effort={1: 22, 2: 27})
CHECKPOINTS = (
    "objective", "log_probability_gradient", "trained_weights", "trained_objective",
)  # fmt: skip
WORKED = {1: "surrogate", 2: "surrogate_gradient"}

# The words of one text, up to the symbol that ends it; and the subjects of which one word is said.
WORDS = ("{subject}", "{link}", "{winning}", ".", "[E]")
SUBJECTS = tuple(f"{{subject{place}}}" for place in range(1, 6))
VALUE, FEATURES = ("value",), ("1", "2", "3")
# Sentences of the theme's words, as the key names them.
PHRASES = {"text": ("{subject}", "{link}", "{winning}")}
SIZE, LARGEST_ADVANTAGE = len(WORDS), 4
EPSILON = Fraction(1, 5)
FARTHEST = 30  # scores, in tenths: beyond ±3 σ to hundredths hardly changes
OLD = (10, 20, 30, 40)  # probabilities, in hundredths
# σ, in hundredths, of scores in tenths; and of each such probability one score.
SIGMA = np.array(
    [
        softmax_rounded((Fraction(score, 10), Fraction(0)), 2)[0]
        for score in range(-FARTHEST, FARTHEST + 1)
    ],
    dtype=np.int64,
)
# The same to four decimals, of scores in hundredths, by which no step is taken for a better one
# because of its rounding: that is one of 140 else.
FINE_SIGMA = np.array(
    [
        softmax_rounded((Fraction(score, 100), Fraction(0)), 4)[0]
        for score in range(-10 * FARTHEST, 10 * FARTHEST + 1)
    ],
    dtype=np.int64,
)
ALL_OLD = 120  # what all of OLD divide
ROUNDED_OFF = 600  # five ratios' errors, times advantages of 4
SCORES = {probability: place - FARTHEST for place, probability in enumerate(SIGMA.tolist())}
BELOW, WITHIN, ABOVE = (5, 6, 7), (9, 10, 11), (13, 14, 15)  # ratios in tenths: none on an edge
# Ratios of good words and of bad ones: where the clip counts, where it does not, and within it.
CASES = ((ABOVE, BELOW), (BELOW, ABOVE), (WITHIN, WITHIN))
POLICY = Part("The policy", "orange")
BACK = Part("Backward", "purple")


def _places(ratios: tuple[int, ...]) -> Array:
    """List places with these ratios: old policy, ratio, score of the new policy."""
    every = [(old, ratio, old * ratio // 10) for old, ratio in product(OLD, ratios)]
    return np.array([(o, r, SCORES[new]) for o, r, new in every if new in SCORES], dtype=np.int64)


EVERY_PLACE = tuple(tuple(map(_places, case)) for case in CASES)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw places, and at level 3 weights whose step raises the objective: one in sixteen."""
    givens, accepted = first_accepted(
        draws, "places", lambda some, _: _propose(some, level), at_once=2000, limit=200
    )
    return Givens(givens, accepted=accepted)


def _propose(draws: Draws, level: int) -> tuple[Arrays, Mask]:
    """Draw a place of each case, and two more of any, for advantages of either sign."""
    if "advantages" in draws.earlier:
        advantage = draws.earlier["advantages"][:, 0]
    else:
        advantage = draws.one_of("sign", (-1, 1), SIZE) * draws.integers("advantage", 1, 3, SIZE)
    case = draws.below("case", len(CASES), SIZE)
    case[:, : len(CASES)] = np.arange(len(CASES))
    case = np.take_along_axis(case, draws.order("order", SIZE), axis=1)[:, :, None]
    good = (advantage > 0)[:, :, None]
    some = [
        np.where(
            good, *(one[draws.below(f"places of case {number}", len(one), SIZE)] for one in pair)
        )
        for number, pair in enumerate(EVERY_PLACE)
    ]
    places = np.select([case == number for number in range(len(CASES))], some)
    old, ratio, score = np.moveaxis(places, 2, 0)
    accepted = (ratio < 8).any(axis=1) & (ratio > 12).any(axis=1)
    columns = {"advantages": advantage, "old_probabilities": old}
    columns["new_probabilities"] = old * ratio // 10
    if level == 3:
        inputs, weights = draws.integers("inputs", -1, 1, SIZE, 3), small(draws, "weights", 1, 3)
        columns["others"] = 10 * (inputs @ weights.transpose(0, 2, 1))[:, :, 0] - score
        accepted &= busy(inputs, weights) & _learns(advantage, old, ratio, score, inputs)
    givens = {name: cells[:, None] for name, cells in columns.items()}
    if level == 3:
        givens |= {"inputs": inputs.transpose(0, 2, 1), "weights": weights}
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
    before, after = (_before_rounding(advantage, old, some) for some in (10 * score, scores))
    learns: Mask = clear.all(axis=1) & better & (after > before + ROUNDED_OFF)
    return learns


def _before_rounding(advantage: Array, old: Array, scores: Array) -> Array:
    """Return five times the objective, in parts of 100 · ALL_OLD, of scores in hundredths."""
    p = FINE_SIGMA[np.clip(scores, -10 * FARTHEST, 10 * FARTHEST) + 10 * FARTHEST]
    ratio, one = p * (ALL_OLD // old), 100 * ALL_OLD
    surrogate = np.minimum(advantage * ratio, advantage * ratio.clip(4 * one // 5, 6 * one // 5))
    objective: Array = surrogate.sum(axis=1)
    return objective


def _ratio_again(probability: Array, old: Array) -> Array:
    """Divide the trained policy's probabilities by the old one's; return hundredths."""
    # Half away from 0 of what is never negative; the divisors differ, as round_half_away's do not.
    return (200 * probability + old) // (2 * old)


def steps(sheet: Tracer, level: int) -> None:
    """Work out the clipped objective; and back as far as the level asks for; and again."""
    places = SUBJECTS if level == 3 else WORDS
    with sheet.step(1, "Ratios", POLICY):
        new = sheet.given("new_probabilities", VALUE, places, bound=1, symbol="π", finest=100)
        old = sheet.given("old_probabilities", VALUE, places, bound=1, symbol="π old", finest=100)
        ratio = sheet.answer("ratio", new.divided(old, finest=10), finest=10, symbol="ρ")
    with sheet.step(2, "Clip", POLICY):
        epsilon = sheet.constant("epsilon", EPSILON)
        clip = ratio.clip(1 - epsilon, 1 + epsilon)
        clip = sheet.answer("clipped_ratio", clip, symbol="clip")
    with sheet.step(3, "Two products", POLICY):
        A = sheet.given("advantages", VALUE, places, bound=LARGEST_ADVANTAGE, symbol="A")
        unclipped = sheet.answer("unclipped", ratio * A, symbol="ρA")
        clipped = sheet.answer("clipped", clip * A, symbol="clip·A")
    with sheet.step(4, "Objective", POLICY):
        least = sheet.answer("surrogate", unclipped.minimum(clipped), symbol="min")
        sheet.answer("objective", least.mean(), symbol="J")
    if level == 1:
        return
    with sheet.step(5, "Where the clip counts", POLICY):
        mask = sheet.answer("clip_mask", unclipped.exceeds(clipped), symbol="clipped")
    with sheet.step(6, "Log-probabilities", BACK):
        kept = sheet.answer("surrogate_gradient", unclipped * (1 - mask), symbol="kept")
        slope = kept * Fraction(1, SIZE)
        slope = sheet.answer("log_probability_gradient", slope, symbol="g")
    if level == 2:
        return
    with sheet.step(7, "Score", BACK):
        score = (slope * (1 - new)).rounded(2)
        score = sheet.answer("score_gradient", score, symbol="dz")
    with sheet.step(8, "Weights", BACK):
        H = sheet.given("inputs", FEATURES, places, bound=1, symbol="H")
        dw = sheet.answer("weights_gradient", score @ H.transposed, symbol="dw")
    with sheet.step(9, "One step up", BACK):
        w = sheet.given("weights", ("w",), FEATURES, bound=3, symbol="w")
        sheet.constant("learning_rate", 1)
        trained = sheet.answer("trained_weights", w + dw, symbol="w′")
    with sheet.step(10, "The policy again", BACK):
        c = sheet.given("others", VALUE, places, bound=12, symbol="c", finest=10)
        z = (trained @ H - c).rounded(1)
        z = sheet.answer("trained_scores", z, limit=FARTHEST // 10, finest=10, symbol="z′")
        p = sheet.answer("trained_probabilities", z.sigma(2), symbol="π′")
    with sheet.step(11, "The objective again", BACK):
        again = sheet.answer("trained_ratio", p.divided_rounded(old, 2), symbol="ρ′")
        least = (again * A).minimum(again.clip(1 - epsilon, 1 + epsilon) * A)
        least = sheet.answer("trained_surrogate", least, symbol="min′")
        sheet.answer("trained_objective", least.mean().rounded(2), symbol="J′")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the objective, and log p of the weights; SymPy differentiates both."""
    from sympy import Expr, Integer, Matrix, Max, Min, Rational, Symbol, exp, log

    def clip(ratio: Expr) -> Expr:
        return Min(Max(ratio, Rational(4, 5)), Rational(6, 5))

    def worth(log_ratio: Expr, advantage: Expr) -> Expr:
        return Min(exp(log_ratio) * advantage, clip(exp(log_ratio)) * advantage)

    old, new = given["old_probabilities"], given["new_probabilities"]
    over_old = old.applyfunc(lambda p: 1 / p)
    A = given["advantages"]
    ratio = new.multiply_elementwise(over_old)
    each = list(zip(ratio, A, strict=True))
    least = Matrix([[worth(log(p), a) for p, a in each]])
    stated = {
        "ratio": ratio,
        "clipped_ratio": ratio.applyfunc(clip),
        "unclipped": ratio.multiply_elementwise(A),
        "clipped": ratio.applyfunc(clip).multiply_elementwise(A),
        "surrogate": least,
        "objective": [sum(least) / SIZE],
    }
    if level >= 2:
        at = Symbol("log_ratio", real=True)
        slopes = Matrix([[worth(at, a).diff(at).subs(at, log(p)) for p, a in each]])
        stated["clip_mask"] = [[Integer(bool(p * a > clip(p) * a)) for p, a in each]]
        stated |= {"surrogate_gradient": slopes, "log_probability_gradient": slopes / SIZE}
    if level >= 3:
        z, w = Symbol("z"), Matrix(1, 3, [Symbol(f"w{place}") for place in range(3)])
        # Of a probability p, the scores' powers are p for the word and 1 − p for all others.
        at_score = [log(exp(z) / (exp(z) + 1 - p)).diff(z).subs(z, log(p)) for p in new]
        score = [written(g * slope, 2) for g, slope in zip(slopes / SIZE, at_score, strict=True)]
        H, c = given["inputs"], given["others"]
        asked = Matrix([score]) * H.T * w.T
        dw = w.applyfunc(asked[0].diff)
        trained = ((given["weights"] + dw) * H - c).applyfunc(lambda score: written(score, 1))
        # Beside the word's power stands that of all others together, whose log is taken off.
        p = trained.applyfunc(lambda score: written(exp(score) / (exp(score) + 1), 2))
        again = p.multiply_elementwise(over_old).applyfunc(lambda quotient: written(quotient, 2))
        least = Matrix([[worth(log(p), a) for p, a in zip(again, A, strict=True)]])
        stated |= {"score_gradient": [score], "weights_gradient": dw}
        stated |= {"trained_weights": given["weights"] + dw, "trained_scores": trained}
        stated |= {"trained_probabilities": p, "trained_ratio": again, "trained_surrogate": least}
        stated["trained_objective"] = [written(sum(least) / SIZE, 2)]
    return {name: Matrix(cells) for name, cells in stated.items()}


MISTAKES = (
    Mistake(
        "ratio turned round",
        {"ratio": lambda m: m["old_probabilities"].divided_rounded(m["new_probabilities"], 2)},
    ),
    Mistake("not clipped", {"clipped_ratio": lambda m: m["ratio"]}),
    Mistake("clipped above alone", {"clipped_ratio": lambda m: m["ratio"].minimum(1 + EPSILON)}),
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
        {"trained_scores": lambda m: (m["weights"] @ m["inputs"] - m["others"]).rounded(1)},
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
