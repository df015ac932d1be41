"""State the objective and DPO's loss, and leave the optimum and all slopes to SymPy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from worksheets.derived import Law, function

if TYPE_CHECKING:
    import sympy

BASE, SIZE = 2, 6  # instead of e; answers
APART = 2  # by so much a winner's reward is higher


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the objective; SymPy finds where it is stationary, and differentiates it and DPO's."""
    from sympy import Expr, Matrix, Rational, log, symbols

    r, q, pi = (
        given[name] for name in ("rewards", "reference_probabilities", "policy_probabilities")
    )
    beta = given["beta"][0]

    def each(of: Callable[..., Expr], *columns: Iterable[Expr]) -> sympy.Matrix:
        return Matrix([of(*cells) for cells in zip(*columns, strict=True)])

    def bits(p: sympy.Matrix) -> sympy.Matrix:
        return each(lambda p, q: log(p / q, BASE), p, q)

    stationary, of = _optimum()
    u = each(lambda r, q: stationary.subs(dict(zip(of, (r, q, beta), strict=True))), r, q)
    Z = sum(u)
    best, logs = u / Z, bits(pi)
    stated = {
        "exponents": bits(u),
        "powers": each(lambda u, q: u / q, u, q),
        "tilted": u,
        "partition_function": [Z],
        "optimal_probabilities": best,
        "optimal_log_ratios": bits(best),
        "optimal_implicit_rewards": r - beta * log(Z, BASE) * Matrix([1] * SIZE),
        "reward_offsets": beta * log(Z, BASE) * Matrix([1] * SIZE),
        "reference_objective": [q.dot(r)],
        "optimal_reward": [best.dot(r)],
        "optimal_kl": [best.dot(bits(best))],
        "optimal_objective": [beta * log(Z, BASE)],
        "log_ratios": logs,
        "expected_reward": [pi.dot(r)],
        "kl_divergence": [pi.dot(logs)],
        "objective": [pi.dot(r - beta * logs)],
    }
    if level > 1:
        slope = _of_scores()
        turned = [[*range(place, SIZE), *range(place)] for place in range(SIZE)]
        # The slope by the first answer's score: each answer in its turn is the first.
        dz = Matrix(
            [
                slope(*(column[at] for column in (pi, logs, r) for at in order), beta)[0]
                for order in turned
            ]
        )
        stated |= {"penalised_rewards": r - beta * logs, "score_gradient": dz}
        stated["advantages"] = each(lambda g, p: g / p, dz, pi)
    if level == 3:
        D, m, x = given["winner_less_loser"].T, symbols("m"), Matrix(SIZE, 1, symbols("x:6"))
        share = 1 / (1 + Rational(1, BASE) ** m)
        target = share.subs(m, APART)
        loss = -target * log(share, BASE) - (1 - target) * log(1 - share, BASE)
        margins = beta * D * logs
        slopes = margins.applyfunc(lambda margin: loss.diff(m).subs(m, margin))
        changed = slopes.dot(beta * D * x) / D.rows
        g = x.applyfunc(changed.diff)
        stated |= {
            "implicit_rewards": beta * logs,
            "margins": margins,
            "odds": margins.applyfunc(lambda margin: BASE**margin),
            "predictions": margins.applyfunc(lambda margin: share.subs(m, margin)),
            "margin_gradient": slopes,
            "log_probability_gradient": g,
            "trained_log_ratios": logs - g,
            "trained_margins": beta * D * (logs - g),
        }
    return {name: Matrix(cells) for name, cells in stated.items()}


@cache
def _of_scores() -> Law:
    arguments = [*(f"{name}{at}" for name in "pxr" for at in range(SIZE)), "b"]
    return function("score slope", arguments, 1, _score_slope)


def _score_slope() -> list[sympy.Expr]:
    """Derive the slope of J by the first answer's score, as a function of p, x, r and β.

    x are log-ratios in bits. What is shared out is exp(score), so its slope is itself.
    """
    from sympy import Expr, Integer, Symbol, log, symbols

    p, x, q, r = (symbols(f"{name}:{SIZE}") for name in "pxqr")
    whole, two = sum(p), log(BASE)
    J: Expr = sum(
        p / whole * (r - Symbol("b") * (log(p) - log(whole) - log(q)) / two)
        for p, q, r in zip(p, q, r, strict=True)
    )
    # At probabilities, which come to 1; their logarithms are those of the reference and x.
    slope = (p[0] * J.diff(p[0])).xreplace({log(whole): Integer(0), whole: Integer(1)})
    logs = {log(p): log(q) + x * two for p, q, x in zip(p, q, x, strict=True)}
    # What is left over log 2 has the factor Σp − 1, which is 0.
    return [slope.xreplace(logs).expand().coeff(1 / two, 0)]


@cache
def _optimum() -> tuple[sympy.Expr, tuple[sympy.Symbol, ...]]:
    """Derive the p at which J is stationary, before it is shared out, and what it depends on."""
    from sympy import Symbol, log, solve

    p, q, r, b = Symbol("p", positive=True), Symbol("q", positive=True), Symbol("r"), Symbol("b")
    multiplier = Symbol("multiplier")  # of the condition that probabilities come to 1
    term = p * r - b * p * log(p / q) / log(BASE)
    (stationary,) = solve(term.diff(p) - multiplier, p)
    # Another multiplier is another factor of all p, which sharing out takes away again.
    return stationary.subs(multiplier, -b / log(BASE)), (r, q, b)
