"""From RLHF to DPO: the policy that weighs rewards against its distance from a reference.

Objective, optimum and implicit reward are those of Rafailov and others 2023 (DPO), equations 3, 4
and 5: J(π) = E r − β·KL(π ‖ π_ref) is greatest at π* = π_ref·exp(r / β) / Z, so that r = β·log(π* /
π_ref) + β·log Z. The slope of J by a score is a policy gradient's, the reward having its penalty
taken off and J being the baseline. Level 3 goes the way back: of implicit rewards, a preference is
Bradley's and Terry's of 1952, and the loss is DPO's, their equation 7. Where ours departs: there
are no other answers than six; powers and logarithms have base 2 instead of e, so that KL is in bits
and all comes out; as winners' rewards are 2 higher, eight of ten people prefer them, which is
the loss's target; and one step is made by log-probabilities, at learning rate 1, after which they
are not shared out again: that is the same for winner and loser.
"""

from worksheets.kinds.kl_optimum.draw import draw
from worksheets.kinds.kl_optimum.law import law
from worksheets.kinds.kl_optimum.mistakes import MISTAKES
from worksheets.kinds.kl_optimum.steps import steps
from worksheets.sampling.ranked import ASKED

__all__ = [
    "BUILDS_ON", "CHECKPOINTS", "CODE", "EFFORT", "LEVELS", "MISTAKES", "PHRASES", "TITLE",
    "VARIETY", "draw", "law", "steps",
]  # fmt: skip

CODE = "KLOP"
TITLE = "From RLHF to DPO by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("reward_ranking",)
# Of sheets 0 to 29,999 of levels 1 to 3, none, 87 and 44 have the numbers of an earlier one.
VARIETY = {1: 150_000_000, 2: 4_000_000, 3: 8_000_000}
EFFORT = {1: 82, 2: 95, 3: 124}
CHECKPOINTS = (
    "optimal_probabilities", "optimal_objective", "objective", "score_gradient", "trained_margins",
)  # fmt: skip
WORKED = {1: "optimal_probabilities", 3: "log_probability_gradient"}
PHRASES = ASKED
