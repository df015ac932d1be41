"""Draw the output layer's rows: each layer input says its word, before and after the update.

They are chosen one by one from all small rows: as the layer's inputs are known, so are each row's
scores, and only rows which can win are drawn from.
"""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.counter import Draws
from worksheets.sampling.small import small_rows

ROLES = ("subject", "prompt", "link", "losing", "winning")
ROWS = small_rows(3, 3, busy=2)
# Position 3's other scores lie so far below the highest that their shares round to .0 and leave
# .7 and .3, or .9 and .1, to the two words that matter.
MARGINS = {1: 4, 2: 6}
LARGEST_ALIGNED = 50
LOSING_TRIES = 16


def results(rows: Array, inputs: Array) -> Array:
    """Compute rows · [inputs; 1] as (positions, sheets, rows).

    `rows` has its bias last and shape (sheets or 1, rows, size + 1), `inputs` (sheets, size,
    positions).
    """
    total = rows[..., -1]
    for feature in range(inputs.shape[1]):
        total = total + rows[..., feature] * inputs[:, feature].T[:, :, None]
    return total


def choose(level: int, draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw `llm_output`, a row for each role, given the transformed columns before and after."""
    before, after, difference = known["transformed"], known["after"], known["difference"]
    step = np.zeros_like(difference)
    if level > 1:
        step = np.concatenate([before[:, :, 2], np.ones_like(before[:, :1, 2])], axis=1)
    # Every row's scores at once: the update takes `step` off the losing row and adds it to the
    # winning one, which is the losing row less `difference`.
    scores, aligned = results(ROWS[None], before), results(ROWS[None], after)
    losing_after = aligned - results(step[:, None], after)
    winning_scores = scores - results(difference[:, None], before)
    winning_after = aligned + results((step - difference)[:, None], after)
    # Scores before are small by themselves.
    allowed = _small_rows(difference)
    possible = np.abs(aligned).max(axis=0) <= LARGEST_ALIGNED
    for values in (losing_after, winning_after):
        allowed &= np.abs(values).max(axis=0) <= LARGEST_ALIGNED
    # The bar that everyone else has at each position, before and after, for each losing row:
    # (before or after, positions, sheets, rows).
    bars = np.stack([np.maximum(scores, winning_scores), np.maximum(losing_after, winning_after)])
    joint = np.stack([scores, aligned])
    margin = np.where(known["lead"] == 1, MARGINS[1], MARGINS[2]).astype(np.int16)
    losing, fits, top, some = _losing_row(draws, level, allowed, possible, bars, joint, margin)
    others, complete = _other_rows(draws, joint, top, fits)
    rows = np.stack([*others, ROWS[losing], ROWS[losing] - difference], axis=1)
    idle = (rows[:, :, :2] == 0).all(axis=1).any(axis=1)
    return {"llm_output": rows}, some & complete & ~idle


def _small_rows(difference: Array) -> Mask:
    """Find the losing rows whose winning row is small as well, and not idle; (sheets, rows)."""
    winning = ROWS.T[:, None] - difference.T[:, :, None]
    small: Mask = (np.abs(winning).max(axis=0) <= 3) & ((winning[0] | winning[1]) != 0)
    return small


def _losing_row(
    draws: Draws,
    level: int,
    allowed: Mask,
    possible: Mask,
    bars: Array,
    joint: Array,
    margin: Array,
) -> tuple[Array, Mask, Array, Mask]:
    """Draw the first of some rows that leaves a row for the prompt's word and for the link.

    Returns its index, which other rows fit below it at position 3, its bars (before or after,
    positions, sheets), and whether any did.
    """
    index, found = draws.pick("losing row", allowed, LOSING_TRIES)
    each = np.arange(len(index))
    bar = bars[:, :, each[:, None], index][..., None]
    wide = joint[:, :, :, None]
    fits = possible[:, None] & (wide[0, 2] <= bar[0, 2] - margin[:, None, None])
    if level > 1:
        fits &= wide[1, 2] < bar[1, 2]
    leaves = np.ones(index.shape, dtype=np.bool_)
    for position in (0, 1):
        wins = (wide[0, position] > bar[0, position]) & (wide[1, position] > bar[1, position])
        leaves &= (wins & fits).any(axis=2)
    first = leaves.argmax(axis=1)
    some = leaves.any(axis=1) & found
    return index[each, first], fits[each, first], bar[:, :, each, first, 0], some


def _other_rows(
    draws: Draws, joint: Array, top: Array, fits: Mask
) -> tuple[tuple[Array, Array, Array], Mask]:
    """Draw the subject's, the prompt's and the link's rows, so that each position says its word.

    Position 1 must say the prompt's word and position 2 the link, before and after. `joint` holds
    every row's scores (before or after, positions, sheets, rows), `top` the highest so far.
    """
    each = np.arange(top.shape[2])
    says_prompt = (joint[:, 0] > top[:, 0, :, None]).all(axis=0)
    prompt, found = draws.pick_one("prompt row", fits & says_prompt)
    of_prompt = joint[:, :, each, prompt]
    yields = (joint[:, 0] < of_prompt[:, 0, :, None]).all(axis=0)
    says_link = (joint[:, 1] > np.maximum(top, of_prompt)[:, 1, :, None]).all(axis=0)
    link, found_link = draws.pick_one("link row", fits & says_link & yields)
    of_link = joint[:, :, each, link]
    yields &= (joint[:, 1] < of_link[:, 1, :, None]).all(axis=0)
    subject, found_subject = draws.pick_one("subject row", fits & yields)
    return (ROWS[subject], ROWS[prompt], ROWS[link]), found & found_link & found_subject
