"""State the group's moments and the objective; SymPy differentiates it and log softmax."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worksheets.written import written

if TYPE_CHECKING:
    import sympy

SIZE = 6  # answers


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
