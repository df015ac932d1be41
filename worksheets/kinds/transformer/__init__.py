"""A transformer layer: Vaswani et al. 2017, attention by equation 1, feed forward by equation 2.

Equation 2 is FFN(x) = max(0, x·W₁ + b₁)·W₂ + b₂. Where ours departs: a position is a column and a
bias the last column of its weights, so it is W₂·[max(0, W₁·[x; 1]); 1]. On levels 1 and 2 the
attention weights are given, or those that a sheet of `attention` has come to; there is no residual
connection. On level 3 they are computed, softmax in tenths, by one head whose values
are its inputs, and each of both sublayers is added to what came into it, the residual connection of
their section 3.1; its layer normalisation is left out.
"""

from worksheets.kinds.transformer.draw import draw
from worksheets.kinds.transformer.law import law
from worksheets.kinds.transformer.mistakes import MISTAKES
from worksheets.kinds.transformer.steps import POSITIONS, steps
from worksheets.sampling.earlier import Earlier

__all__ = [
    "BUILDS_ON",
    "CHECKPOINTS", "CODE", "CONTINUES", "EFFORT", "LEVELS", "MISTAKES", "PHRASES", "TITLE",
    "VARIETY", "draw", "law", "steps",
]  # fmt: skip

CODE = "TRAN"
# The words that the positions have.
PHRASES = {"sentence": POSITIONS}
BUILDS_ON = ("attention", "linear_relu")
TITLE = "Transformer by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 75, 2: 107, 3: 242}
# The weights that attention has come to.
CONTINUES = Earlier("attention", "attention", 2, "weights", effort={1: 76, 2: 106})
CHECKPOINTS = (
    "attention", "attended", "forward", "output", "output_weights_gradient",
    "hidden_weights_gradient", "residual_gradient",
)  # fmt: skip
WORKED = {1: "forward"}
