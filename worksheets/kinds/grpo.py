"""GRPO on six answers to one question: advantages within the group, and the clipped objective.

Group relative policy optimization, Shao and others 2024 (DeepSeekMath), equations 3 and 4: the mean
of min(ρA, clip(ρ, 1 − ε, 1 + ε)·A) − β·D, with A = (r − mean) / std over the group's rewards, the
population's standard deviation, which comes out whole or a half, and their estimator of the KL
divergence, D = u − log u − 1 of u = π_ref / π, which level 3 has. About one sheet of five has
rewards of 0 and 1, as a program that checks answers gives them, and the others those of a reward
model: a class meets both, and sees that only the distance from the group counts. Where ours
departs: an answer is one token, so that it has one ratio ρ of new to old probability, and there is
no mean over tokens; what is left of all probability is that of other answers, whose score stays 0,
and there are none of them where the old policy is that which a sheet of `rloo` has come to; ε is
0.2, and β is 0.6 instead of 0.04, so that it shows; logarithms are rounded to tenths, gradients to
hundredths, the scores after one step at learning rate 1 to tenths, and their softmax to hundredths.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import Matrix, filled, stacked
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded, round_half_away
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.digits import two_digits
from worksheets.sampling.earlier import Earlier
from worksheets.sampling.givens import Givens
from worksheets.sampling.ranked import ASKED, answers_before, ranked_answers
from worksheets.sampling.shares import shares
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "GRPO"
TITLE = "GRPO by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("ppo", "rloo")
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 51, 2: 56, 3: 155}
# The probabilities that rloo's policy has.
CONTINUES = Earlier("old_probabilities", "rloo", 1, "probabilities", effort={1: 53, 2: 59})
CHECKPOINTS = (
    "standard_deviation", "advantages", "objective", "log_probability_gradient",
    "trained_objective",
)  # fmt: skip
WORKED = {1: "advantages", 2: "log_probability_gradient", 3: "kl_estimate"}
PHRASES = ASKED

# The theme's answers, in the order in which a sheet has them.
ANSWERS = tuple(f"{{choice{place}}}" for place in range(1, 7))
VALUE, OTHERS = ("value",), ("others",)
SIZE, BEST = len(ANSWERS), 20
EPSILON, BETA = Fraction(1, 5), Fraction(6, 10)
RATIOS = (5, 6, 7, 9, 10, 11, 13, 14, 15)  # in tenths: none on an edge of the clip
# Twice the standard deviations: a half is that of three answers right and three wrong.
DOUBLED = (1, 4, 4, 6, 8)
STDS = tuple(dict.fromkeys(DOUBLED))
REFERENCES = (5, 6, 8, 10, 12, 15, 20)  # the reference's probability over the policy's, in tenths
FARTHEST = 30  # scores, in tenths
MOST_HARD = 7  # products and quotients of numbers of two digits, in a step and what comes of it
GROUP = Part("The group", "purple")
POLICY = Part("The policy", "orange")
BACK = Part("Backward", "purple")


@cache
def _spreads(doubled: int) -> Array:
    """List a group's doubled deviations, rising, at most one 0, with this root mean square.

    They are such multiples that advantages are whole or a half.
    """
    step = {1: 1, 4: 2, 6: 6, 8: 4}[doubled]
    every = (-1, 1) if doubled == 1 else range(-5 * step, 5 * step + 1, step)
    groups = combinations_with_replacement(every, SIZE)
    fits = [d for d in groups if not sum(d) and sum(x * x for x in d) == SIZE * doubled**2]
    return np.array([d for d in fits if d.count(0) <= 1], dtype=np.int64)


@cache
def _logs() -> Array:
    """Tabulate log(p / q) in tenths by p and q, whole numbers up to 100; 0 has none."""
    table = np.zeros((101, 101), dtype=np.int64)
    for p, q in product(range(1, 101), repeat=2):
        table[p, q] = log_rounded(Fraction(p, q), 1)
    return table


@cache
def _references() -> tuple[Array, Array]:
    """Tabulate the ratios that a reference may have to a probability in hundredths, and count.

    The reference's probability is in hundredths as well. Shapes: (31, 7) and (31,).
    """
    table = np.full((31, len(REFERENCES)), 10, dtype=np.int64)
    fits = [[u for u in REFERENCES if u * p % 10 == 0] for p in range(31)]
    for p, some in enumerate(fits):
        table[p, : len(some)] = some
    return table, np.array(list(map(len, fits)), dtype=np.int64)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a group of rewards, and ratios within the clip and on both sides."""
    doubled = draws.one_of("std", DOUBLED, 1)
    # Spreads rise, as answers do from the worst to the best.
    words, order = answers_before(draws) if draws.earlier else ({}, draws.order("order", SIZE))
    some = [_spreads(size)[draws.below("spread", len(_spreads(size)))[:, 0]] for size in STDS]
    spread = np.select([doubled == size for size in STDS], some)
    spread = np.take_along_axis(spread, order, axis=1)
    # The mean keeps all rewards within 0 and BEST; 0 and 1 say wrong and right.
    edge = np.abs(spread).max(axis=1, keepdims=True)
    mean = edge + 2 * draws.below("mean", np.where(doubled == 1, 1, BEST + 1 - edge))
    advantage = 10 * spread // doubled  # in tenths

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        if draws.earlier:
            return _continued(some, advantage[rows])
        return _policies(some, advantage[rows], level)

    columns, accepted = first_accepted(draws, "policies", propose, at_once=2000, limit=2000)
    columns["rewards"] = (mean + spread) // 2
    givens = {name: cells[:, :, None] for name, cells in columns.items()}
    return Givens(givens, words or ranked_answers(draws, columns["rewards"]), accepted)


def _continued(draws: Draws, advantage: Array) -> tuple[Arrays, Mask]:
    """Draw the policy now, in hundredths, of one before that has no other answers than these."""
    old, ratio = draws.earlier["old_probabilities"][:, :, 0], draws.one_of("ratio", RATIOS, SIZE)
    new = ratio * old // 10
    accepted = (new.sum(axis=1) == 100) & _clear(advantage, ratio)
    columns = {"old_probabilities": old, "new_probabilities": new}
    return {name: values[accepted] for name, values in columns.items()}, accepted


def _policies(draws: Draws, advantage: Array, level: int) -> tuple[Arrays, Mask]:
    """Draw the policy before and now, in hundredths, and for level 3 its scores and a reference."""
    ratio, old = draws.one_of("ratio", RATIOS, SIZE), draws.one_of("old", (10, 20), SIZE)
    new = ratio * old // 10
    columns = {"old_probabilities": old, "new_probabilities": new}
    accepted = (np.maximum(old.sum(axis=1), new.sum(axis=1)) <= 95) & _clear(advantage, ratio)
    if level == 3:
        kept = np.flatnonzero(accepted)
        more, learns = _learns(draws.some(kept), advantage[kept], old[kept], new[kept])
        accepted[kept] = learns
        columns = {name: values[accepted] for name, values in columns.items()}
        return columns | {name: values[learns] for name, values in more.items()}, accepted
    return {name: values[accepted] for name, values in columns.items()}, accepted


def _clear(advantage: Array, ratio: Array) -> Mask:
    """Find the sheets with no tie to round, whose clip counts on both sides and not everywhere.

    Advantages and ratios are in tenths.
    """
    # min(ρA, clip(ρ, 0.8, 1.2)·A), in hundredths; where ρA is larger, the clip counts.
    unclipped, clipped = advantage * ratio, advantage * ratio.clip(8, 12)
    kept = np.where(unclipped > clipped, 0, unclipped)
    clear = np.minimum(unclipped, clipped).sum(axis=1) % SIZE != SIZE // 2
    clear &= (kept % SIZE != SIZE // 2).all(axis=1)
    for side in (ratio < 8, ratio > 12):
        clear &= (side & (unclipped > clipped)).any(axis=1)
    both: Mask = clear & ((ratio > 8) & (ratio < 12)).any(axis=1)
    return both


def _learns(draws: Draws, advantage: Array, old: Array, new: Array) -> tuple[Arrays, Mask]:
    """Draw a reference, and find the policies of which a step raises the whole objective.

    Probabilities and slopes are in hundredths; scores, logarithms and advantages in tenths.
    """
    every, count = _references()
    u = every[new, draws.below("reference", count[new], SIZE)]
    reference, logs = u * new // 10, _logs()
    good = reference.sum(axis=1) <= 95
    good &= (np.abs(u - 10) > 0).sum(axis=1) >= SIZE // 2
    others = 100 - new.sum(axis=1, keepdims=True)
    scores = logs[new, others]
    good &= (np.abs(scores) <= FARTHEST).all(axis=1)
    good &= (_probabilities(scores)[0] == new).all(axis=1)

    unclipped, clipped = advantage * new * 10 // old, advantage * (new * 10 // old).clip(8, 12)
    kept = np.where(unclipped > clipped, 0, unclipped)
    # A sixth of the slope of both terms, the second one's being β·(u − 1): six times it is whole.
    slopes = round_half_away(kept + 6 * (u - 10), SIZE, 0)
    good &= ((kept + 6 * (u - 10)) % SIZE != SIZE // 2).all(axis=1)
    total = slopes.sum(axis=1, keepdims=True)
    pull = new * total
    good &= (np.abs(total) >= 10)[:, 0] & (pull % 100 != 50).all(axis=1)
    again = 10 * scores + slopes - round_half_away(pull, 100, 0)
    good &= (again % 10 != 5).all(axis=1)
    trained = round_half_away(again, 10, 0)
    good &= (np.abs(trained) <= FARTHEST).all(axis=1)
    now, clear = _probabilities(np.clip(trained, -FARTHEST, FARTHEST))
    good &= clear & (now > 0).all(axis=1) & (now <= 2 * old).all(axis=1)
    now = np.maximum(now, 1)
    u_now = (20 * reference + now) // (2 * now)  # in tenths, half up
    good &= (20 * reference % (2 * now) != now).all(axis=1)
    good &= (u_now > 0).all(axis=1) & (u_now <= 30).all(axis=1)

    def objective(p: Array, u: Array) -> Array:
        rho = 100 * p // old
        surrogate = np.minimum(advantage * rho, advantage * rho.clip(80, 120))  # in thousandths
        divergence = u - logs[np.clip(u, 1, 100), 10] - 10
        # Six times it, in thousandths: β is six tenths.
        whole: Array = surrogate.sum(axis=1) - 60 * divergence.sum(axis=1)
        return whole

    # By two hundredths at least: by one alone it falls, before rounding, on one of 1,500.
    good &= objective(now, u_now) >= objective(new, u) + 120
    pairs = ((new, total), (reference, new), (reference, now), (100 * now // old, advantage))
    hard = [(two_digits(left) & two_digits(right)).sum(axis=1) for left, right in pairs]
    good &= np.sum(hard, axis=0) <= MOST_HARD
    columns = {"reference_probabilities": reference, "scores": scores}
    return columns, good


def _probabilities(scores: Array) -> tuple[Array, Mask]:
    """Return the softmax of the scores and a 0, in hundredths, and where none is near a border."""
    every = np.concatenate([scores, np.zeros_like(scores[:, :1])], axis=1)
    hundredths, clear = shares(every[:, :, None], 2)
    return hundredths[:, :-1, 0], clear[:, 0]


def _mean(column: Matrix) -> Matrix:
    return filled(("mean",), ANSWERS, Fraction(1, SIZE)) @ column


def steps(sheet: Tracer, level: int) -> None:
    """Work out the group's advantages; ratios, clips and the objective; and back; and again."""
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
        std = sheet.answer("standard_deviation", std, finest=2, symbol="std")
    with sheet.step(5, "Advantages", GROUP):
        A = D.divided_rounded(std, 2)
        A = sheet.answer("advantages", A, finest=10, symbol="A")
    with sheet.step(6, "Ratios", POLICY):
        new = sheet.given("new_probabilities", ANSWERS, VALUE, bound=1, symbol="π", finest=100)
        old = sheet.given("old_probabilities", ANSWERS, VALUE, bound=1, symbol="π old", finest=100)
        ratio = sheet.answer("ratio", new.divided(old, finest=10), finest=10, symbol="ρ")
    with sheet.step(7, "Clip", POLICY):
        epsilon = sheet.constant("epsilon", EPSILON)
        clip = ratio.clip(1 - epsilon, 1 + epsilon)
        clip = sheet.answer("clipped_ratio", clip, symbol="clip")
    with sheet.step(8, "Two products", POLICY):
        unclipped = sheet.answer("unclipped", ratio * A, symbol="ρA")
        clipped = sheet.answer("clipped", clip * A, symbol="clip·A")
    with sheet.step(9, "Objective", POLICY):
        least = sheet.answer("surrogate", unclipped.minimum(clipped), symbol="min")
        J = sheet.answer("objective", _mean(least).rounded(2), symbol="J")
    if level == 1:
        return
    if level == 3:
        with sheet.step(10, "Away from the reference", POLICY):
            reference = sheet.given(
                "reference_probabilities", ANSWERS, VALUE, bound=1, symbol="π ref", finest=100
            )
            u = reference.divided(new, finest=10)
            u = sheet.answer("reference_ratio", u, limit=2, finest=10, symbol="u")
            kl = sheet.answer("kl_estimate", u - u.logarithm(1) - 1, finest=10, symbol="D")
            beta = sheet.constant("beta", BETA)
            sheet.answer("whole_objective", J - _mean(kl) * beta, symbol="J − β·D")
    with sheet.step(8 + level, "Where the clip counts", BACK):
        mask = sheet.answer("clip_mask", unclipped.exceeds(clipped), symbol="mask")
        kept = sheet.answer("surrogate_gradient", unclipped * (1 - mask), symbol="kept")
    if level == 2:
        with sheet.step(11, "Log-probabilities", BACK):
            slope = (kept * Fraction(1, SIZE)).rounded(2)
            sheet.answer("log_probability_gradient", slope, symbol="g")
        return
    with sheet.step(12, "Log-probabilities", BACK):
        slope = (kept * Fraction(1, SIZE) + (u - 1) * (beta / SIZE)).rounded(2)
        slope = sheet.answer("log_probability_gradient", slope, symbol="g")
    with sheet.step(13, "Sum", BACK):
        total = sheet.answer("gradient_sum", slope.sum_of_all(), symbol="sum")
    with sheet.step(14, "Scores", BACK):
        pull = sheet.answer("pull", (new * total).rounded(2), symbol="π·sum")
        dz = sheet.answer("score_gradient", slope - pull, symbol="dz")
    with sheet.step(15, "One step up", BACK):
        z = sheet.given("scores", ANSWERS, VALUE, bound=FARTHEST // 10, symbol="z", finest=10)
        sheet.constant("learning_rate", 1)
        z = (z + dz).rounded(1)
        z = sheet.answer("trained_scores", z, limit=FARTHEST // 10, finest=10, symbol="z′")
        p = stacked(z, filled(OTHERS, VALUE, Fraction(0))).softmax(2)
        p = sheet.answer("trained_probabilities", p, symbol="π′")
    with sheet.step(16, "The objective again", BACK):
        p = p[:SIZE, :]
        ratio = sheet.answer("trained_ratio", p.divided(old, finest=100), symbol="ρ′")
        least = (ratio * A).minimum(ratio.clip(1 - epsilon, 1 + epsilon) * A)
        least = sheet.answer("trained_surrogate", least, finest=1000, symbol="min′")
        u = reference.divided_rounded(p, 1)
        u = sheet.answer("trained_reference_ratio", u, limit=3, finest=10, symbol="u′")
        kl = sheet.answer("trained_kl_estimate", u - u.logarithm(1) - 1, finest=10, symbol="D′")
        whole = (_mean(least) - _mean(kl) * beta).rounded(2)
        sheet.answer("trained_objective", whole, symbol="J′")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the group's moments and the objective; SymPy differentiates it and log softmax."""
    from sympy import Expr, Integer, Matrix, Max, Min, Rational, Symbol, exp, log, ones

    def clip(ratio: Expr) -> Expr:
        return Min(Max(ratio, Rational(4, 5)), Rational(6, 5))

    def worth(log_ratio: Expr, advantage: Expr) -> Expr:
        return Min(exp(log_ratio) * advantage, clip(exp(log_ratio)) * advantage)

    def surrogate(ratios: sympy.Matrix) -> list[Expr]:
        return [worth(log(p), a) for p, a in zip(ratios, A, strict=True)]

    def over(upper: sympy.Matrix, lower: sympy.Matrix) -> sympy.Matrix:
        return upper.multiply_elementwise(lower.applyfunc(lambda p: 1 / p))

    def in_tenths(values: sympy.Matrix) -> sympy.Matrix:
        return values.applyfunc(lambda value: written(value, 1))

    R, new, old = (given[name] for name in ("rewards", "new_probabilities", "old_probabilities"))
    mean = sum(R) / Integer(SIZE)
    variance = R.dot(R) / SIZE - mean**2
    A = (R - mean * ones(SIZE, 1)) / variance ** Rational(1, 2)
    ratio = over(new, old)
    least = surrogate(ratio)
    J = written(sum(least) / SIZE, 2)
    stated = {
        "mean": [mean],
        "deviations": R - mean * ones(SIZE, 1),
        "squares": [r**2 - 2 * r * mean + mean**2 for r in R],
        "variance": [variance],
        "standard_deviation": [variance ** Rational(1, 2)],
        "advantages": A,
        "ratio": ratio,
        "clipped_ratio": ratio.applyfunc(clip),
        "unclipped": ratio.multiply_elementwise(A),
        "clipped": ratio.applyfunc(clip).multiply_elementwise(A),
        "surrogate": least,
        "objective": [J],
    }
    if level == 1:
        return {name: Matrix(cells) for name, cells in stated.items()}
    at = Symbol("log_ratio", real=True)
    each = list(zip(ratio, A, strict=True))
    slopes = Matrix([worth(at, a).diff(at).subs(at, log(p)) for p, a in each])
    stated["clip_mask"] = [Integer(bool(p * a > clip(p) * a)) for p, a in each]
    stated["surrogate_gradient"] = slopes
    if level == 3:
        # The estimator as a function of log π; that of the written logarithm has no slope.
        log_p, beta = Symbol("log_p", real=True), Rational(3, 5)
        u = over(given["reference_probabilities"], new)
        D = u - in_tenths(u.applyfunc(log)) - ones(SIZE, 1)
        stated |= {"reference_ratio": u, "kl_estimate": D}
        stated["whole_objective"] = [J - beta * sum(D) / SIZE]
        estimates = [
            ref * exp(-log_p) - log(ref) + log_p - 1 for ref in given["reference_probabilities"]
        ]
        slopes -= beta * Matrix(
            [d.diff(log_p).subs(log_p, log(p)) for d, p in zip(estimates, new, strict=True)]
        )
    gradient = (slopes / SIZE).applyfunc(lambda value: written(value, 2))
    stated["log_probability_gradient"] = gradient
    if level == 3:
        scores = [Symbol(f"z{place}") for place in range(SIZE)]
        whole = log(sum(map(exp, scores)) + 1 - sum(new))  # of all answers
        asked = sum(g * (z - whole) for g, z in zip(gradient, scores, strict=True))
        now = dict(zip(scores, map(log, new), strict=True))
        pull = gradient - Matrix([asked.diff(z).subs(now) for z in scores])
        pull = pull.applyfunc(lambda value: written(value, 2))
        stated |= {"gradient_sum": [sum(gradient)], "pull": pull}
        stated["score_gradient"] = gradient - pull
        z = in_tenths(given["scores"] + gradient - pull)
        powers = [*map(exp, z), Integer(1)]
        p = Matrix([written(power / sum(powers), 2) for power in powers])
        ratio = over(p[:SIZE, :], old)
        u = in_tenths(over(given["reference_probabilities"], p[:SIZE, :]))
        D = u - in_tenths(u.applyfunc(log)) - ones(SIZE, 1)
        least = surrogate(ratio)
        stated |= {"trained_scores": z, "trained_probabilities": p, "trained_ratio": ratio}
        stated |= {"trained_surrogate": least, "trained_reference_ratio": u}
        stated["trained_kl_estimate"] = D
        stated["trained_objective"] = [written((sum(least) - beta * sum(D)) / SIZE, 2)]
    return {name: Matrix(cells) for name, cells in stated.items()}


MISTAKES = (
    Mistake(
        "mean not taken off",
        {"advantages": lambda m: m["rewards"].divided_rounded(m["standard_deviation"], 2)},
    ),
    Mistake("mean minus reward", {"deviations": lambda m: m["mean"] - m["rewards"]}),
    Mistake("root forgotten", {"standard_deviation": lambda m: m["variance"]}),
    Mistake("not clipped", {"clipped_ratio": lambda m: m["ratio"]}),
    Mistake("clipped above alone", {"clipped_ratio": lambda m: m["ratio"].minimum(1 + EPSILON)}),
    Mistake("larger product taken", {"surrogate": lambda m: m["unclipped"].maximum(m["clipped"])}),
    Mistake("slope through the clip", {"surrogate_gradient": lambda m: m["unclipped"]}),
    Mistake(
        "ratio forgotten in the slope",
        {"surrogate_gradient": lambda m: m["advantages"] * (1 - m["clip_mask"])},
    ),
    Mistake(
        "gradient not divided by the group",
        {"log_probability_gradient": lambda m: m["surrogate_gradient"].rounded(2)},
    ),
    Mistake(
        "logarithm added",
        {"kl_estimate": lambda m: m["reference_ratio"] + m["reference_ratio"].logarithm(1) - 1},
    ),
    Mistake(
        "KL term added",
        {"whole_objective": lambda m: m["objective"] + _mean(m["kl_estimate"]) * BETA},
    ),
    Mistake(
        "slope of the KL term forgotten",
        {
            "log_probability_gradient": lambda m: (
                m["surrogate_gradient"] * Fraction(1, SIZE)
            ).rounded(2)
        },
        needs="kl_estimate",
    ),
    Mistake(
        "nothing taken off the scores", {"score_gradient": lambda m: m["log_probability_gradient"]}
    ),
    Mistake("pull added", {"score_gradient": lambda m: m["log_probability_gradient"] + m["pull"]}),
    Mistake(
        "step downwards",
        {"trained_scores": lambda m: (m["scores"] - m["score_gradient"]).rounded(1)},
    ),
)
