"""Write the lines down: the optimum, the objective and its slopes, and preferences alone."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import Matrix
from worksheets.language import message

ANSWERS = tuple(f"{{choice{place}}}" for place in range(1, 7))
VALUE, PAIRS = ("value",), ("1", "2", "3")
SIZE, BASE = len(ANSWERS), 2
LOWEST, HIGHEST = -2, 3  # of exponents, so that powers have two decimals at most
FINEST_RATIO = 1000  # of a wrong probability to another one, before its logarithm is whole again
HUNDREDTHS = 100  # probabilities are so fine
TARGET, MARGIN = Fraction(4, 5), 2
PULLS = message("(rows of D times dm) · β ÷ 3")
MARGINS_AGAIN = message("columns of D times ℓ′, then · β")

OPTIMUM = Part("The optimum", "orange")
OBJECTIVE = Part("The objective", "purple")
GRADIENT = Part("The gradient", "orange")
PREFERENCES = Part("Preferences alone", "purple")


def steps(sheet: Tracer, level: int) -> None:
    """Work out the optimum and its rewards; the objective, its slopes; and preferences alone."""
    with sheet.step(1, "Rewards over β", OPTIMUM):
        r = sheet.given("rewards", ANSWERS, VALUE, bound=6, symbol="r")
        beta = sheet.given("beta", ("β",), VALUE, bound=2, symbol="β")
        k = sheet.answer("exponents", r / beta, limit=HIGHEST, symbol="k")
    with sheet.step(2, "Powers of 2", OPTIMUM):
        powers = k.power_of(BASE, LOWEST, HIGHEST)
        powers = sheet.answer("powers", powers, symbol="2ᵏ")
    with sheet.step(3, "Times the reference", OPTIMUM):
        reference = sheet.given(
            "reference_probabilities", ANSWERS, VALUE, bound=1, symbol="π ref", finest=HUNDREDTHS
        )
        u = sheet.answer("tilted", reference * powers, limit=4, finest=HUNDREDTHS, symbol="u")
        Z = sheet.answer("partition_function", u.sum_of_all(), limit=4, finest=4, symbol="Z")
    with sheet.step(4, "The optimum", OPTIMUM):
        best = u.divided_rounded(Z, 2)
        best = sheet.answer("optimal_probabilities", best, limit=1, symbol="π*")
    with sheet.step(5, "Log-ratios", OPTIMUM):
        best_logs = sheet.answer("optimal_log_ratios", log_ratios(best, reference), symbol="ℓ*")
    with sheet.step(6, "Rewards of the optimum", OPTIMUM):
        implicit = sheet.answer("optimal_implicit_rewards", best_logs * beta, symbol="r*")
        sheet.answer("reward_offsets", r - implicit, symbol="r − r*")
    with sheet.step(7, "Of the optimum", OPTIMUM):
        E = sheet.answer("optimal_reward", expected(best, r), symbol="E*")
        KL = sheet.answer("optimal_kl", expected(best, best_logs), symbol="KL*")
        sheet.answer("optimal_objective", E - KL * beta, symbol="J*")
    with sheet.step(8, "Of the reference", OBJECTIVE):
        sheet.answer("reference_objective", expected(reference, r), symbol="J ref")
    with sheet.step(9, "Of a policy", OBJECTIVE):
        pi = sheet.given(
            "policy_probabilities", ANSWERS, VALUE, bound=1, symbol="π", finest=HUNDREDTHS
        )
        logs = sheet.answer("log_ratios", log_ratios(pi, reference), symbol="ℓ")
        E = sheet.answer("expected_reward", expected(pi, r), symbol="E")
        KL = sheet.answer("kl_divergence", expected(pi, logs), symbol="KL")
        J = sheet.answer("objective", E - KL * beta, symbol="J")
    if level == 1:
        return
    with sheet.step(10, "Penalised rewards", GRADIENT):
        a = sheet.answer("penalised_rewards", r - logs * beta, symbol="r′")
    with sheet.step(11, "Advantages", GRADIENT):
        A = sheet.answer("advantages", a - J, finest=1, symbol="A")
    with sheet.step(12, "Gradient of the scores", GRADIENT):
        sheet.answer("score_gradient", pi * A, symbol="dz")
    if level == 2:
        return
    with sheet.step(13, "Implicit rewards", PREFERENCES):
        implicit = sheet.answer("implicit_rewards", logs * beta, symbol="implicit r")
    with sheet.step(14, "Margins", PREFERENCES):
        D = sheet.given("winner_less_loser", ANSWERS, PAIRS, bound=1, symbol="D")
        m = sheet.answer("margins", D.transposed @ implicit, limit=MARGIN, symbol="m")
    with sheet.step(15, "Predictions", PREFERENCES):
        odds = m.power_of(BASE, -MARGIN, MARGIN)
        odds = sheet.answer("odds", odds, finest=BASE**MARGIN, symbol="2ᵐ")
        p = sheet.answer("predictions", odds.divided_rounded(odds + 1, 1), symbol="p")
    with sheet.step(16, "Slope of each margin", PREFERENCES):
        dm = sheet.answer("margin_gradient", p - TARGET, finest=10, symbol="dm")
    with sheet.step(17, "Gradient of the log-probabilities", PREFERENCES):
        g = (D @ dm) * beta * Fraction(1, len(PAIRS))
        g = sheet.answer("log_probability_gradient", g, finest=10, symbol="g", how=PULLS)
    with sheet.step(18, "One step", PREFERENCES):
        sheet.constant("learning_rate", 1)
        logs = sheet.answer("trained_log_ratios", logs - g, finest=10, symbol="ℓ′")
    with sheet.step(19, "Margins again", PREFERENCES):
        m = (D.transposed @ logs) * beta
        sheet.answer("trained_margins", m, finest=10, symbol="m′", how=MARGINS_AGAIN)


def expected(probabilities: Matrix, values: Matrix) -> Matrix:
    """Return the mean of values, each as often as its answer is given, 1×1."""
    return (probabilities * values).sum_of_all()


def log_ratios(some: Matrix, others: Matrix) -> Matrix:
    """Return how often each of the others is doubled to become one of these."""
    ratios = some.divided(others, finest=FINEST_RATIO, cut=True)
    return ratios.exponent_of(BASE, LOWEST, HIGHEST)
