"""Scaled dot-product attention: Vaswani et al. 2017, equation 1, softmax(Q·Kᵀ / √d_k)·V.

The mask is that of their section 3.2.3: no position looks at a later one. Where ours departs: a
position is a column, so the scores are Kᵀ·Q, softmax runs down each column, and the output is V·A.
There is one head, and Q, K and V are given. Level 1 takes powers of 3 instead of e, so that the
weights are exact fractions, and masks the powers, as 3 to the power of minus infinity is 0. From
level 2 on softmax is rounded to tenths, and what follows uses the written weights.
"""

from worksheets.kinds.attention.draw import draw
from worksheets.kinds.attention.law import law
from worksheets.kinds.attention.mistakes import MISTAKES
from worksheets.kinds.attention.steps import POSITIONS, steps

__all__ = [
    "BUILDS_ON",
    "CHECKPOINTS", "CODE", "EFFORT", "LEVELS", "MISTAKES", "PHRASES", "TITLE", "VARIETY",
    "draw", "law", "steps",
]  # fmt: skip

CODE = "ATTN"
# The words that the positions have.
PHRASES = {"sentence": POSITIONS}
BUILDS_ON = ("softmax",)
TITLE = "Attention by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 43, 2: 47, 3: 116}
CHECKPOINTS = ("scaled", "weights", "output", "value_gradient", "query_gradient", "key_gradient")
WORKED = {1: "weights"}
