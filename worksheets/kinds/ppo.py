"""PPO on one word that was said in five places: penalty, advantages, clipped objective, gradient.

Schulman and others 2017, equation 7: the mean of min(ρA, clip(ρ, 1 − ε, 1 + ε)·A), on rewards with
the KL penalty of Ouyang and others 2022, equation 2: r − β·log(π / π_ref), of the policy that said
the word; V is what was expected of a place. Where ours departs: an episode is one word long,
A = r′ − V; ε is 0.2 and β is 2; γ is 0, so no pretraining; probabilities are printed in per cent;
logarithms are rounded to tenths, the objective and gradients to hundredths. The last steps reach
the word's row of the output layer, at learning rate 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import filled
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded, round_half_away
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small

if TYPE_CHECKING:
    import sympy

CODE = "PPO"
TITLE = "PPO by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("rlhf",)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 41, 2: 46, 3: 75}
CHECKPOINTS = ("advantages", "objective", "gradient", "trained")

PLACES, VALUE, FEATURES = ("a", "b", "c", "d", "e"), ("value",), ("1", "2", "3")
SIZE, BETA, RATE = len(PLACES), 2, 10
LOW, HIGH = Fraction(4, 5), Fraction(6, 5)
# Probabilities of policy and reference, in per cent, whose quotient comes out in tenths.
PAIRS = (
    (10, 5), (10, 20), (20, 10), (20, 25), (20, 40), (30, 15), (30, 20), (30, 25), (30, 50),
    (40, 20), (40, 25), (40, 50),
)  # fmt: skip
LOGS = tuple(log_rounded(Fraction(old, reference), 1) for old, reference in PAIRS)  # in tenths
# An advantage's sign and its ratio in tenths: all four cases, and a ratio within the clip.
CASES = ((1, (13, 14, 15)), (1, (5, 6, 7)), (-1, (13, 14, 15)), (-1, (5, 6, 7)), (0, (9, 10, 11)))
SIGNS = np.array([sign for sign, _ in CASES], dtype=np.int64)
RATIOS = np.array([ratios for _, ratios in CASES], dtype=np.int64)
REWARD = Part("The reward", "purple")
POLICY = Part("The policy", "orange")
BACK = Part("Backward", "purple")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw each of the four cases in one place, and one place where nothing is clipped."""
    order = draws.order("order", SIZE)
    either = draws.one_of("sign", (-1, 1), SIZE)
    signs = np.where(order < SIZE - 1, SIGNS[order], either)
    ratio = RATIOS[order, draws.below("ratio", 3, SIZE)]
    pair = draws.below("pair", len(PAIRS), SIZE)
    old, reference = np.moveaxis(np.array(PAIRS, dtype=np.int64)[pair], 2, 0)
    miss = signs * draws.integers("miss", 1, 2, SIZE)  # the reward less what was expected
    # The expectation V is such that both V and the reward V + miss lie within ±3.
    expected = draws.below("expected", 7 - np.abs(miss), SIZE) - 3 + np.maximum(-miss, 0)
    advantage = 10 * miss - BETA * np.array(LOGS, dtype=np.int64)[pair]  # in tenths
    new = old * ratio // 10
    accepted = (np.sign(advantage) == signs).all(axis=1)
    columns = {"old": old, "reference": reference, "rewards": expected + miss}
    columns |= {"expected": expected, "new": new}
    givens = {name: cells[:, :, None] for name, cells in columns.items()}
    if level == 3:
        inputs, weights = small(draws, "inputs", SIZE, 3), small(draws, "weights", 1, 3)
        accepted &= busy(inputs, weights) & _clear(advantage, ratio, new)
        givens |= {"inputs": inputs, "weights": weights}
    return Givens(givens, accepted=accepted)


def _clear(advantage: Array, ratio: Array, new: Array) -> Mask:
    """Find the sheets on which no slope of a score lies halfway between two hundredths."""
    # min(ρA, clip(ρ, 0.8, 1.2)·A), in hundredths; where ρA is larger, its slope is stopped.
    free, bounded = advantage * ratio, advantage * ratio.clip(8, 12)
    gradient = round_half_away(np.where(free > bounded, 0, free), SIZE, 0)
    clear: Mask = (gradient * (100 - new) % 100 != 50).all(axis=1)
    return clear


def steps(sheet: Tracer, level: int) -> None:
    """Work out penalised rewards, advantages and the clipped objective; and back."""
    with sheet.step(1, "Against the reference", REWARD):
        old = sheet.given("old", PLACES, VALUE, bound=40, symbol="old %")
        reference = sheet.given("reference", PLACES, VALUE, bound=50, symbol="ref. %")
        times = old.divided(reference, finest=10)
        times = sheet.answer("times", times, limit=2, finest=10, symbol="u")
    with sheet.step(2, "Logarithm", REWARD):
        log = sheet.answer("logarithm", times.logarithm(1), symbol="log u")
    with sheet.step(3, "Penalty", REWARD):
        r = sheet.given("rewards", PLACES, VALUE, bound=3, symbol="r")
        paid = sheet.answer("penalised", r - log * BETA, symbol="r′")
    with sheet.step(4, "Advantages", REWARD):
        V = sheet.given("expected", PLACES, VALUE, bound=3, symbol="V")
        A = sheet.answer("advantages", paid - V, symbol="A")
    with sheet.step(5, "Ratios", POLICY):
        new = sheet.given("new", PLACES, VALUE, bound=60, symbol="new %")
        ratio = sheet.answer("ratio", new.divided(old, finest=10), symbol="ρ")
    with sheet.step(6, "Clip", POLICY):
        clipped = sheet.answer("clipped", ratio.clip(LOW, HIGH), symbol="clip")
    with sheet.step(7, "Two products", POLICY):
        free = sheet.answer("free", ratio * A, symbol="ρA")
        bounded = sheet.answer("bounded", clipped * A, symbol="clip·A")
    with sheet.step(8, "Objective", POLICY):
        least = sheet.answer("least", free.minimum(bounded), symbol="min")
        mean = filled(("mean",), PLACES, Fraction(1, SIZE)) @ least
        sheet.answer("objective", mean.rounded(2), symbol="J")
    if level == 1:
        return
    with sheet.step(9, "Stopped", POLICY):
        stopped = sheet.answer("stopped", free.exceeds(bounded), symbol="stop")
    with sheet.step(10, "Log-probabilities", BACK):
        kept = sheet.answer("kept", free * (1 - stopped), symbol="kept")
        slope = (kept * Fraction(1, SIZE)).rounded(2)
        slope = sheet.answer("gradient", slope, symbol="g")
    if level == 2:
        return
    with sheet.step(11, "Score", BACK):
        score = (slope * (1 - new * Fraction(1, 100))).rounded(2)
        score = sheet.answer("score_gradient", score, symbol="dz")
    with sheet.step(12, "Weights", BACK):
        H = sheet.given("inputs", PLACES, FEATURES, bound=3, symbol="h")
        dw = sheet.answer("weight_gradient", score.transposed @ H, symbol="dw")
    with sheet.step(13, "One step up", BACK):
        w = sheet.given("weights", ("w",), FEATURES, bound=3, symbol="w")
        sheet.answer("trained", w + dw * RATE, symbol="w′")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the penalty and the objective, and log p of the weights, which SymPy differentiates."""
    from sympy import Expr, Integer, Matrix, Max, Min, Rational, Symbol, exp, log, sign

    def to(decimals: int, value: Expr) -> Expr:
        units = int((abs(value) * 10**decimals).evalf(50) + Rational(1, 2))
        return sign(value) * Rational(units, 10**decimals)

    def clip(ratio: Expr) -> Expr:
        return Min(Max(ratio, Rational(4, 5)), Rational(6, 5))

    def worth(log_ratio: Expr, advantage: Expr) -> Expr:
        return Min(exp(log_ratio) * advantage, clip(exp(log_ratio)) * advantage)

    old, reference, new = (given[name] for name in ("old", "reference", "new"))
    times = old.multiply_elementwise(reference.applyfunc(lambda percent: 1 / percent))
    logs = times.applyfunc(lambda u: to(1, log(u)))
    A = given["rewards"] - BETA * logs - given["expected"]
    ratio = new.multiply_elementwise(old.applyfunc(lambda percent: 1 / percent))
    each = list(zip(ratio, A, strict=True))
    least = [worth(log(p), a) for p, a in each]
    stated = {
        "times": times,
        "logarithm": logs,
        "penalised": given["rewards"] - BETA * logs,
        "advantages": A,
        "ratio": ratio,
        "clipped": ratio.applyfunc(clip),
        "free": ratio.multiply_elementwise(A),
        "bounded": ratio.applyfunc(clip).multiply_elementwise(A),
        "least": least,
        "objective": [to(2, sum(least) / SIZE)],
    }
    if level >= 2:
        at = Symbol("log_ratio", real=True)
        slopes = Matrix([worth(at, a).diff(at).subs(at, log(p)) for p, a in each])
        gradient = (slopes / SIZE).applyfunc(lambda slope: to(2, slope))
        stated["stopped"] = [Integer(bool(p * a > clip(p) * a)) for p, a in each]
        stated |= {"kept": slopes, "gradient": gradient}
    if level >= 3:
        z, w = Symbol("z"), Matrix(1, 3, [Symbol(f"w{place}") for place in range(3)])
        # Of p percent, the scores' powers are p for the word and 100 − p for all others.
        logs_of_p = [log(exp(z) / (exp(z) + 100 - percent)) for percent in new]
        at_score = [
            log_p.diff(z).subs(z, log(percent))
            for log_p, percent in zip(logs_of_p, new, strict=True)
        ]
        score = [to(2, g * slope) for g, slope in zip(gradient, at_score, strict=True)]
        asked = Matrix([score]) * given["inputs"] * w.T
        dw = w.applyfunc(asked[0].diff)
        stated |= {"score_gradient": score, "weight_gradient": dw}
        stated["trained"] = given["weights"] + RATE * dw
    return {name: Matrix(cells) for name, cells in stated.items()}


MISTAKES = (
    Mistake("penalty forgotten", {"penalised": lambda m: m["rewards"]}),
    Mistake("penalty added", {"penalised": lambda m: m["rewards"] + m["logarithm"] * BETA}),
    Mistake("expected minus reward", {"advantages": lambda m: m["expected"] - m["penalised"]}),
    Mistake(
        "ratio to the reference", {"ratio": lambda m: m["new"].divided_rounded(m["reference"], 2)}
    ),
    Mistake("not clipped", {"clipped": lambda m: m["ratio"]}),
    Mistake("clipped above alone", {"clipped": lambda m: m["ratio"].minimum(HIGH)}),
    Mistake("larger product taken", {"least": lambda m: m["free"].maximum(m["bounded"])}),
    Mistake("clipped product always taken", {"least": lambda m: m["bounded"]}),
    Mistake("slope through the clip", {"kept": lambda m: m["free"]}),
    Mistake(
        "ratio forgotten in the slope", {"kept": lambda m: m["advantages"] * (1 - m["stopped"])}
    ),
    Mistake("gradient not divided by the places", {"gradient": lambda m: m["kept"].rounded(2)}),
    Mistake(
        "p instead of 1 − p",
        {"score_gradient": lambda m: (m["gradient"] * (m["new"] * Fraction(1, 100))).rounded(2)},
    ),
    Mistake("1 − p forgotten", {"score_gradient": lambda m: m["gradient"]}),
    Mistake("step downwards", {"trained": lambda m: m["weights"] - m["weight_gradient"] * RATE}),
)
