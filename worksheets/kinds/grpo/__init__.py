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

from worksheets.kinds.grpo.draw import draw
from worksheets.kinds.grpo.law import law
from worksheets.kinds.grpo.mistakes import MISTAKES
from worksheets.kinds.grpo.steps import steps
from worksheets.sampling.earlier import Earlier
from worksheets.sampling.ranked import ASKED

__all__ = [
    "BUILDS_ON", "CHECKPOINTS", "CODE", "CONTINUES", "EFFORT", "LEVELS", "MISTAKES", "PHRASES",
    "TITLE", "VARIETY", "WORKED", "draw", "law", "steps",
]  # fmt: skip

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
