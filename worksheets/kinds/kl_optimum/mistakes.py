"""List the usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.graph import Mistake
from worksheets.kinds.kl_optimum.steps import BASE, SIZE, TARGET, expected, log_ratios

MISTAKES = (
    Mistake("multiplied by β", {"exponents": lambda m: m["rewards"] * m["beta"]}),
    Mistake("twice instead of a power", {"powers": lambda m: m["exponents"] * BASE}),
    Mistake("reference forgotten", {"tilted": lambda m: m["powers"]}),
    Mistake("not divided by Z", {"optimal_probabilities": lambda m: m["tilted"]}),
    Mistake(
        "log-ratio upside down",
        {
            "optimal_log_ratios": lambda m: (
                -log_ratios(m["optimal_probabilities"], m["reference_probabilities"])
            ),
        },
    ),
    Mistake(
        "β forgotten",
        {
            "optimal_implicit_rewards": lambda m: m["optimal_log_ratios"],
            "optimal_objective": lambda m: m["optimal_reward"] - m["optimal_kl"],
            "objective": lambda m: m["expected_reward"] - m["kl_divergence"],
            "implicit_rewards": lambda m: m["log_ratios"],
        },
    ),
    Mistake(
        "expected under the reference",
        {
            "optimal_reward": lambda m: expected(m["reference_probabilities"], m["rewards"]),
            "expected_reward": lambda m: expected(m["reference_probabilities"], m["rewards"]),
        },
    ),
    Mistake(
        "mean instead of expectation",
        {
            "optimal_kl": lambda m: m["optimal_log_ratios"].sum_of_all() * Fraction(1, SIZE),
            "kl_divergence": lambda m: m["log_ratios"].sum_of_all() * Fraction(1, SIZE),
        },
    ),
    Mistake(
        "penalty added",
        {
            "optimal_objective": lambda m: m["optimal_reward"] + m["optimal_kl"] * m["beta"],
            "objective": lambda m: m["expected_reward"] + m["kl_divergence"] * m["beta"],
            "penalised_rewards": lambda m: m["rewards"] + m["log_ratios"] * m["beta"],
        },
    ),
    Mistake("penalty forgotten", {"penalised_rewards": lambda m: m["rewards"]}),
    Mistake("baseline forgotten", {"advantages": lambda m: m["penalised_rewards"]}),
    Mistake("probability forgotten", {"score_gradient": lambda m: m["advantages"]}),
    Mistake(
        "loser minus winner",
        {"margins": lambda m: -(m["winner_less_loser"].transposed @ m["implicit_rewards"])},
    ),
    Mistake("odds taken for a probability", {"predictions": lambda m: m["odds"]}),
    Mistake("sign of the slope", {"margin_gradient": lambda m: TARGET - m["predictions"]}),
    Mistake(
        "sum taken for the mean",
        {
            "log_probability_gradient": lambda m: (
                (m["winner_less_loser"] @ m["margin_gradient"]) * m["beta"]
            )
        },
    ),
    Mistake(
        "step up instead of down",
        {"trained_log_ratios": lambda m: m["log_ratios"] + m["log_probability_gradient"]},
    ),
)
