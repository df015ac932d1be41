"""Decoding: how the next word is chosen from a model's scores, by temperature, cuts and chance.

Softmax at temperature T, exp(z / T) / Σ exp(z / T), is that of Ackley, Hinton and Sejnowski 1985;
top-k sampling that of Fan, Lewis and Dauphin 2018: of the k likeliest words, by their shares of
what these come to; top-p, or nucleus sampling, that of Holtzman and others 2020, section 3: of the
fewest likeliest words that come to P or more. A random number picks by the inverse of the
cumulative distribution. The slope of a sampled word's log-probability by a score is y − p, on which
REINFORCE rests (Williams 1992). Where ours departs: five words are all that there are, and stand
sorted; sums start at the least likely one, so that top-p drops the longest tail of 1 − P at most;
both cuts are made at temperature 1; probabilities are rounded to hundredths, and come to 1; and a
step at learning rate 1, the scores rounded to tenths, makes the sampled word likelier on every
sheet, whatever it is worth.
"""

from worksheets.kinds.decoding.draw import draw
from worksheets.kinds.decoding.law import law
from worksheets.kinds.decoding.mistakes import MISTAKES
from worksheets.kinds.decoding.steps import WORDS, steps

__all__ = [
    "BUILDS_ON", "CHECKPOINTS", "CODE", "EFFORT", "LEVELS", "MISTAKES", "PHRASES", "TITLE",
    "VARIETY", "draw", "law", "steps",
]  # fmt: skip

CODE = "DECO"
TITLE = "Decoding by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("pretraining",)
# Of sheets 0 to 29,999 of levels 1 to 3, 54, 19 and 86 have the numbers of an earlier one.
VARIETY = {1: 6_000_000, 2: 15_000_000, 3: 4_000_000}
EFFORT = {1: 20, 2: 36, 3: 46}
CHECKPOINTS = (
    "tempered_probabilities", "sampled_word", "nucleus_probabilities", "nucleus_word",
    "score_gradient", "trained_word",
)  # fmt: skip
PHRASES = {"sentence": ("{sentence1}", "{sentence2}", "{sentence3}"), "next words": WORDS}
