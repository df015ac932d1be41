"""Write the lines down: a group's advantages, the clipped objective, and a step up."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import Matrix, filled, stacked
from worksheets.language import message

# The theme's answers, in the order in which a sheet has them.
ANSWERS = tuple(f"{{choice{place}}}" for place in range(1, 7))
VALUE, OTHERS = ("value",), ("others",)
RATIO, REFERENCE_RATIO = message("π′ ÷ π old"), message("π ref ÷ π′")
SIZE, BEST = len(ANSWERS), 20
EPSILON, BETA = Fraction(1, 5), Fraction(6, 10)
FARTHEST = 30  # scores, in tenths
GROUP = Part("The group", "purple")
POLICY = Part("The policy", "orange")
BACK = Part("Backward", "purple")


def mean_of(column: Matrix) -> Matrix:
    """Average over the answers."""
    return filled(("mean",), ANSWERS, Fraction(1, SIZE)) @ column


def steps(sheet: Tracer, level: int) -> None:
    """Work out the group's advantages; ratios, clips and the objective; and back; and again."""
    with sheet.step(1, "Mean", GROUP):
        R = sheet.given("rewards", ANSWERS, VALUE, bound=BEST, symbol="r")
        mean = sheet.answer("mean", mean_of(R), symbol="mean")
    with sheet.step(2, "Deviations", GROUP):
        D = sheet.answer("deviations", R - mean, symbol="d")
    with sheet.step(3, "Squares", GROUP):
        S = sheet.answer("squares", D * D, symbol="d²")
    with sheet.step(4, "Standard deviation", GROUP):
        variance = sheet.answer("variance", mean_of(S), symbol="var")
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
        J = sheet.answer("objective", mean_of(least).rounded(2), symbol="J")
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
            sheet.answer("whole_objective", J - mean_of(kl) * beta, symbol="J − β·D")
    with sheet.step(8 + level, "Where the clip counts", BACK):
        mask = sheet.answer("clip_mask", unclipped.exceeds(clipped), symbol="clipped")
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
        ratio = sheet.answer("trained_ratio", p.divided(old, finest=100), symbol="ρ′", how=RATIO)
        least = (ratio * A).minimum(ratio.clip(1 - epsilon, 1 + epsilon) * A)
        least = sheet.answer("trained_surrogate", least, finest=1000, symbol="min′")
        u = reference.divided_rounded(p, 1)
        u = sheet.answer(
            "trained_reference_ratio", u, limit=3, finest=10, symbol="u′", how=REFERENCE_RATIO
        )
        kl = sheet.answer("trained_kl_estimate", u - u.logarithm(1) - 1, finest=10, symbol="D′")
        whole = (mean_of(least) - mean_of(kl) * beta).rounded(2)
        sheet.answer("trained_objective", whole, symbol="J′")
