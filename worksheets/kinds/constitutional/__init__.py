"""Constitutional AI, feedback by a model instead of a person: Bai et al. 2022.

First the model criticises its own answer by a principle and revises it (their section 3); then a
feedback model says which of two answers, (A) or (B), is better, and the normalised probabilities of
"(A)" and "(B)" are the soft labels t of a preference model (section 4.1), whose loss is the
cross-entropy -t·log σ(gap) - (1 - t)·log σ(-gap). From level 2 on labels are clamped to between 0.4
and 0.6, as theirs are where the feedback model reasons before it answers. Where ours departs: an
answer is one word; reading the critique adds a column to what the model has read; softmax and σ are
rounded to one decimal, and every later line uses the written value. The learning rate is 1/10.
"""

from worksheets.kinds.constitutional.draw import draw
from worksheets.kinds.constitutional.law import law
from worksheets.kinds.constitutional.mistakes import MISTAKES
from worksheets.kinds.constitutional.steps import steps

__all__ = [
    "BUILDS_ON",
    "CHECKPOINTS", "CODE", "EFFORT", "LEVELS", "MISTAKES", "PHRASES", "TITLE", "VARIETY",
    "draw", "law", "steps",
]  # fmt: skip

CODE = "CNST"
BUILDS_ON = ("rlhf",)
TITLE = "AI feedback by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 59, 2: 78, 3: 124}
CHECKPOINTS = (
    "first_word", "revised_word", "labels", "gap", "gap_gradient", "trained_output_weights",
    "trained_hidden_weights", "trained_gap",
)  # fmt: skip
WORKED = {1: "labels", 2: "output_weights_gradient", 3: "hidden_weights_gradient"}
# Sentences of the theme's words, as the key names them.
PHRASES = {
    "prompt": ("{subject}", "{link}"),
    "against": ("{subject}", "{link}", "{losing}"),
    "in order": ("{subject}", "{link}", "{winning}"),
}
