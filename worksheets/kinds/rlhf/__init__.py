"""Reinforcement learning from human feedback: a reward model, then a language model aligned by it.

The reward model's loss is -log σ(r_winner - r_loser): Ouyang et al. 2022, equation 1, for one pair.
The language model's is minus the expected reward, whose gradient is the policy gradient of
Williams 1992. Where ours departs: a feature is a row and a position a column, σ and softmax are
rounded to one decimal and every later line uses the written value, attention is given in zeros and
ones, the word that is said is the one with the largest score, a learning rate is 1 over the largest
entry of a gradient, and there is no KL penalty.
"""

from worksheets.kinds.rlhf.law import law
from worksheets.kinds.rlhf.mistakes import MISTAKES
from worksheets.kinds.rlhf.sampling.preference import draw
from worksheets.kinds.rlhf.steps import steps

__all__ = [
    "BUILDS_ON",
    "CHECKPOINTS",
    "CODE",
    "EDITIONS",
    "EFFORT",
    "LAW_OF_ARRAYS",
    "LEVELS",
    "MISTAKES",
    "PHRASES",
    "TITLE",
    "VARIETY",
    "draw",
    "law",
    "steps",
]

CODE = "RLHF"
BUILDS_ON = ("transformer", "pretraining")
TITLE = "RLHF by hand"
LEVELS = (1, 2, 3)
EDITIONS = ("free", "published")
LAW_OF_ARRAYS = True
# At least so many different sheets. Measured: of sheets 0 to 29,999 of each level, no two have the
# same given numbers. By the birthday bound there are then n²/(2 ln 20) or more, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
# The usual effort of a level, multiplications and additions, from which no sheet lies far.
EFFORT = {1: 163, 2: 228, 3: 276}
# What tells at a glance whether the work went well.
CHECKPOINTS = (
    "loser_reward", "winner_reward", "gap", "trained_gap", "next_words", "sampled_reward", "loss",
    "expected_reward", "aligned_words", "second_word",
)  # fmt: skip
WORKED = {1: "loser_features", 2: "score_gradient", 3: "rm_linear_gradient"}
# Sentences of the theme's words, as the key names them.
PHRASES = {
    "loser": ("{subject}", "{link}", "{losing}"),
    "winner": ("{subject}", "{link}", "{winning}"),
    "prompt": ("{start}", "{prompt}", "{link}"),
}
