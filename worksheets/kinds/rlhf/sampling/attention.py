"""Draw attention, and a start symbol, under which an update at position 3 stays local."""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.engine.node import Mask
from worksheets.kinds.rlhf.sampling.output_layer import ROLES
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.counter import Draws
from worksheets.sampling.small import small_rows

STARTS = small_rows(3, 3)
LARGEST_LENGTH, LARGEST_MOVE = 8, 2
SHORT = STARTS[STARTS.any(axis=1) & ((STARTS**2).sum(axis=1) <= LARGEST_LENGTH)]
# What positions 2 and 3 may look at before them: (1 at 2, 1 at 3, 2 at 3).
LOOKS = np.array([row for row in product((0, 1), repeat=3) if any(row[1:])], np.int16)
LOOKS_AT_SUBJECT = LOOKS[LOOKS[:, 2] == 1]  # or else a second subject would change nothing
TRIES = 32


def choose(level: int, draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw `start` (3), `attention` (3×3), and the `attended` sums (3×3): the first good of some.

    The update moves position p's hidden units in proportion to attended_p · attended_3 + 1: that
    is to be small at all positions, for the first two words must stay.
    """
    looks = LOOKS_AT_SUBJECT if level == 3 else LOOKS
    look = looks[draws.below("looks", len(looks), TRIES)]
    prompt, link = (known[role].T[:, :, None].astype(np.int16) for role in ("prompt", "link"))
    rest = link + prompt * look[:, :, 2]
    # Where position 3 looks at the start symbol, its embedding follows from the sum that is wanted.
    third = np.where(look[:, :, 1], SHORT.T[:, draws.below("third", len(SHORT), TRIES)], rest)
    start = STARTS.T[:, draws.below("start", len(STARTS), TRIES)]
    start = np.where(look[:, :, 1], third - rest, start)
    # (features, sheets, tries): each position's attended sum.
    second = prompt + start * look[:, :, 0]
    length = (third * third).sum(axis=0)
    ok = (np.abs(start) <= 3).all(axis=0) & (length > 0) & (length <= LARGEST_LENGTH)
    for column in (start, second):
        ok &= np.abs((column * third).sum(axis=0) + 1) <= LARGEST_MOVE
    each, best = np.arange(len(ok)), ok.argmax(axis=1)
    attention = np.zeros((len(ok), 3, 3), dtype=np.int16)
    attention[:, [0, 1, 2], [0, 1, 2]] = 1
    attention[:, [0, 0, 1], [1, 2, 2]] = look[each, best]
    columns = [column[:, each, best].T for column in (start, second, third)]
    found = ok.any(axis=1)
    for role in ROLES:
        found &= (columns[0] != known[role]).any(axis=1)
    chosen = {"start": columns[0], "attention": attention, "attended": np.stack(columns, axis=2)}
    return chosen, found
