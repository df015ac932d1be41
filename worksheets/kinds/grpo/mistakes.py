"""List the usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.graph import Mistake
from worksheets.kinds.grpo.steps import BETA, EPSILON, SIZE, mean_of

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
        {"whole_objective": lambda m: m["objective"] + mean_of(m["kl_estimate"]) * BETA},
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
