"""GRPO on six answers to one question: advantages within the group, and the clipped objective.

Shao and others 2024 (DeepSeekMath), equation 3: the mean of min(ρA, clip(ρ, 1 − ε, 1 + ε)·A), with
A = (r − mean) / std over the group's rewards, and the population's standard deviation, which comes
out whole. Where ours departs: an answer is one token, so that it has one ratio ρ of new to old
probability; probabilities are printed in per cent, and what is left of 100 is that of other
answers; ε is 0.2; the KL term is left out, β = 0; the objective and all gradients are rounded to
hundredths.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import Matrix, filled
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import round_half_away
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "GRPO"
TITLE = "GRPO by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("ppo",)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 61, 2: 67, 3: 79}
CHECKPOINTS = ("standard_deviation", "advantages", "objective", "gradient", "score_gradient")

ANSWERS, VALUE = ("a", "b", "c", "d", "e", "f"), ("value",)
SIZE, BEST = len(ANSWERS), 20
LOW, HIGH = Fraction(4, 5), Fraction(6, 5)
RATIOS = (5, 6, 7, 9, 10, 11, 13, 14, 15)  # in tenths: none on an edge of the clip
GROUP = Part("The group", "purple")
POLICY = Part("The policy", "orange")
BACK = Part("Backward", "purple")


@cache
def _spreads(std: int) -> Array:
    """List a group's deviations, rising, at most one of them 0, with this root mean square."""
    groups = combinations_with_replacement(range(-9, 10), SIZE)
    fits = [d for d in groups if not sum(d) and sum(x * x for x in d) == SIZE * std**2]
    return np.array([d for d in fits if d.count(0) <= 1], dtype=np.int64)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a group of standard deviation 2 or 5, and ratios within the clip and on both sides."""
    std = draws.one_of("std", (2, 5), 1)
    spreads = [_spreads(size)[draws.below("spread", len(_spreads(size)))[:, 0]] for size in (2, 5)]
    apart = np.take_along_axis(np.where(std == 2, *spreads), draws.order("order", SIZE), axis=1)
    # The mean keeps all rewards within 0 and BEST.
    edge = np.abs(apart).max(axis=1, keepdims=True)
    rewards = edge + draws.below("mean", BEST + 1 - 2 * edge) + apart
    ratio, old = draws.one_of("ratio", RATIOS, SIZE), draws.one_of("old", (10, 20), SIZE)
    new = ratio * old // 10
    accepted = (np.maximum(old.sum(axis=1), new.sum(axis=1)) <= 95) & _clear(
        10 // std * apart, ratio, new
    )
    givens = {"rewards": rewards, "new": new, "old": old}
    return Givens({name: cells[:, :, None] for name, cells in givens.items()}, accepted=accepted)


def _clear(advantage: Array, ratio: Array, new: Array) -> Mask:
    """Find the sheets with no value halfway between hundredths, and stopped answers on both sides.

    The gradients' sum is at least 0.1, so that it shows. Advantages and ratios are in tenths.
    """
    # min(ρA, clip(ρ, 0.8, 1.2)·A), in hundredths; where ρA is larger, its slope is stopped.
    free, bounded = advantage * ratio, advantage * ratio.clip(8, 12)
    kept = np.where(free > bounded, 0, free)
    gradient = round_half_away(kept, SIZE, 0)
    total = gradient.sum(axis=1, keepdims=True)
    halves = [kept % SIZE == SIZE // 2, new * total % 100 == 50]
    clear = np.minimum(free, bounded).sum(axis=1) % SIZE != SIZE // 2
    clear &= ~np.concatenate(halves, axis=1).any(axis=1) & (np.abs(total) >= 10)[:, 0]
    for side in (ratio < 8, ratio > 12):
        clear &= (side & (free > bounded)).any(axis=1)
    both: Mask = clear & ((ratio > 8) & (ratio < 12)).any(axis=1)
    return both


def _mean(column: Matrix) -> Matrix:
    return filled(("mean",), ANSWERS, Fraction(1, SIZE)) @ column


def steps(sheet: Tracer, level: int) -> None:
    """Work out the group's advantages; ratios, their clips and the objective; and back."""
    with sheet.step(1, "Mean", GROUP):
        R = sheet.given("rewards", ANSWERS, VALUE, bound=BEST, symbol="r")
        mean = sheet.answer("mean", _mean(R), symbol="mean")
    with sheet.step(2, "Deviations", GROUP):
        D = sheet.answer("deviations", R - mean, symbol="d")
    with sheet.step(3, "Squares", GROUP):
        S = sheet.answer("squares", D * D, symbol="d²")
    with sheet.step(4, "Standard deviation", GROUP):
        variance = sheet.answer("variance", _mean(S), symbol="var")
        std = variance.square_root(2)
        std = sheet.answer("standard_deviation", std, finest=1, symbol="std")
    with sheet.step(5, "Advantages", GROUP):
        A = D.divided_rounded(std, 2)
        A = sheet.answer("advantages", A, finest=10, symbol="A")
    with sheet.step(6, "Ratios", POLICY):
        new = sheet.given("new", ANSWERS, VALUE, bound=30, symbol="new %")
        old = sheet.given("old", ANSWERS, VALUE, bound=20, symbol="old %")
        ratio = sheet.answer("ratio", new.divided(old, finest=10), symbol="ρ")
    with sheet.step(7, "Clip", POLICY):
        clipped = sheet.answer("clipped", ratio.clip(LOW, HIGH), symbol="clip")
    with sheet.step(8, "Two products", POLICY):
        free = sheet.answer("free", ratio * A, symbol="ρA")
        bounded = sheet.answer("bounded", clipped * A, symbol="clip·A")
    with sheet.step(9, "Objective", POLICY):
        least = sheet.answer("least", free.minimum(bounded), symbol="min")
        sheet.answer("objective", _mean(least).rounded(2), symbol="J")
    if level == 1:
        return
    with sheet.step(10, "Stopped", BACK):
        stopped = sheet.answer("stopped", free.exceeds(bounded), symbol="stop")
    with sheet.step(11, "Log-probabilities", BACK):
        kept = sheet.answer("kept", free * (1 - stopped), symbol="kept")
        slope = (kept * Fraction(1, SIZE)).rounded(2)
        slope = sheet.answer("gradient", slope, symbol="g")
    if level == 2:
        return
    with sheet.step(12, "Sum", BACK):
        total = sheet.answer("total", slope.sum_of_all(), symbol="sum")
    with sheet.step(13, "Scores", BACK):
        pull = (new * (total * Fraction(1, 100))).rounded(2)
        pull = sheet.answer("pull", pull, symbol="p·sum")
        sheet.answer("score_gradient", slope - pull, symbol="dz")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the group's moments and the objective; SymPy differentiates it and log softmax."""
    from sympy import Expr, Integer, Matrix, Max, Min, Rational, Symbol, exp, log, ones

    def clip(ratio: Expr) -> Expr:
        return Min(Max(ratio, Rational(4, 5)), Rational(6, 5))

    def worth(log_ratio: Expr, advantage: Expr) -> Expr:
        return Min(exp(log_ratio) * advantage, clip(exp(log_ratio)) * advantage)

    R, new, old = (given[name] for name in ("rewards", "new", "old"))
    mean = sum(R) / Integer(SIZE)
    variance = R.dot(R) / SIZE - mean**2
    A = (R - mean * ones(SIZE, 1)) / variance ** Rational(1, 2)
    ratio = new.multiply_elementwise(old.applyfunc(lambda before: 1 / before))
    each = list(zip(ratio, A, strict=True))
    least = [worth(log(p), a) for p, a in each]
    stated = {
        "mean": [mean],
        "deviations": R - mean * ones(SIZE, 1),
        "squares": [r**2 - 2 * r * mean + mean**2 for r in R],
        "variance": [variance],
        "standard_deviation": [variance ** Rational(1, 2)],
        "advantages": A,
        "ratio": ratio,
        "clipped": ratio.applyfunc(clip),
        "free": ratio.multiply_elementwise(A),
        "bounded": ratio.applyfunc(clip).multiply_elementwise(A),
        "least": least,
        "objective": [written(sum(least) / SIZE, 2)],
    }
    if level >= 2:
        at = Symbol("log_ratio", real=True)
        slopes = Matrix([worth(at, a).diff(at).subs(at, log(p)) for p, a in each])
        gradient = (slopes / SIZE).applyfunc(lambda value: written(value, 2))
        stated["stopped"] = [Integer(bool(p * a > clip(p) * a)) for p, a in each]
        stated |= {"kept": slopes, "gradient": gradient}
    if level >= 3:
        scores = [Symbol(f"z{place}") for place in range(SIZE)]
        whole = log(sum(map(exp, scores)) + 100 - sum(new))  # of all answers, in per cent
        asked = sum(g * (z - whole) for g, z in zip(gradient, scores, strict=True))
        now = dict(zip(scores, map(log, new), strict=True))
        pull = gradient - Matrix([asked.diff(z).subs(now) for z in scores])
        pull = pull.applyfunc(lambda value: written(value, 2))
        stated |= {"total": [sum(gradient)], "pull": pull, "score_gradient": gradient - pull}
    return {name: Matrix(cells) for name, cells in stated.items()}


MISTAKES = (
    Mistake(
        "mean not taken off",
        {"advantages": lambda m: m["rewards"].divided_rounded(m["standard_deviation"], 2)},
    ),
    Mistake("mean minus reward", {"deviations": lambda m: m["mean"] - m["rewards"]}),
    Mistake(
        "divided by one less than the group",
        {"variance": lambda m: m["squares"].sum_of_all() * Fraction(1, SIZE - 1)},
    ),
    Mistake("root forgotten", {"standard_deviation": lambda m: m["variance"]}),
    Mistake("not clipped", {"clipped": lambda m: m["ratio"]}),
    Mistake("clipped above alone", {"clipped": lambda m: m["ratio"].minimum(HIGH)}),
    Mistake("larger product taken", {"least": lambda m: m["free"].maximum(m["bounded"])}),
    Mistake("slope through the clip", {"kept": lambda m: m["free"]}),
    Mistake(
        "ratio forgotten in the slope", {"kept": lambda m: m["advantages"] * (1 - m["stopped"])}
    ),
    Mistake("gradient not divided by the group", {"gradient": lambda m: m["kept"].rounded(2)}),
    Mistake("nothing taken off the scores", {"score_gradient": lambda m: m["gradient"]}),
    Mistake("pull added", {"score_gradient": lambda m: m["gradient"] + m["pull"]}),
)
