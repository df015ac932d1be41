"""A language model that says the biased word, and after one update the preferred one.

Each weight matrix is chosen row by row from all small rows: given a layer's inputs, each row has
known results, so that only rows which can win are drawn from.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from worksheets.draw.attempts import Arrays
from worksheets.draw.counter import Draws
from worksheets.engine.node import Array, Mask

ROWS = np.array([row for row in product(range(-3, 4), repeat=3) if row[0] or row[1]])
UNITS = np.array([row for row in product(range(-2, 3), repeat=4) if any(row[:3])])
# How the losing word's row may differ from the winning word's, bias aside.
DIFFERENCES = np.array([row for row in product(range(-3, 4), repeat=2) if any(row)])
STARTS = np.array(list(product(range(-3, 4), repeat=3)))
# What positions 2 and 3 may look at before them: (1 at 2, 1 at 3, 2 at 3).
LOOKS = np.array([row for row in product((0, 1), repeat=3) if row[1] or row[2]])

# Position 3's other scores lie so far below the highest that their shares round to .0 and leave
# .7 and .3, or .9 and .1, to the two words that matter.
MARGINS = {1: 4, 2: 6}
SHARES = {1: 21, 2: 9}  # the two shares' product, in hundredths
LEAST_GAP_FOR_NINE_TO_ONE = 17
# Small and different columns before and after the update leave room for rows that tell them apart.
LARGEST_TRANSFORMED, LARGEST_SCORE, LARGEST_ALIGNED = 6, 99, 50
LEAST_DISTANCE = 3
LOSING_TRIES = 16


def propose(draws: Draws, level: int, words: Arrays, trained_gap: Array) -> tuple[Arrays, Mask]:
    """`start` (3), `attention` (3×3), `llm_feed_forward` (2×4) and `llm_output` (5×3).

    `words` maps the other words' roles to embeddings, shape (proposals, 3); the output's rows are
    those of subject, prompt, link, losing and winning. Also returns which proposals keep the
    sheet's guarantees. Costly choices are made for those alone that survived the cheap ones.
    """
    layers, alive = _layers(draws, level, words)
    lead = np.where(
        trained_gap < LEAST_GAP_FOR_NINE_TO_ONE, 1, draws.integers("lead", 1, 2)
    )
    layers["lead"] = lead
    hundredths = np.where(lead == 1, SHARES[1], SHARES[2]) * trained_gap
    alive &= (hundredths - 50) % 100 != 0  # the score gradient would lie between two roundings
    rows = np.zeros((len(alive), 5, 3), dtype=np.int64)
    kept = np.flatnonzero(alive)
    some = {name: values[kept] for name, values in layers.items()}
    rows[kept], alive[kept] = _output(Draws(draws.keys[kept]), level, some)
    return {
        "start": layers["start"],
        "attention": layers["attention"],
        "llm_feed_forward": layers["feed_forward"],
        "llm_output": rows,
    }, alive


def _results(rows: Array, inputs: Array) -> Array:
    """rows · [inputs; 1]: rows with their bias last, inputs of shape (sheets, size, positions).

    The inner size is 2 or 3, so a sum of products over whole arrays is faster than matmul.
    """
    total = rows[..., -1:]
    for feature in range(inputs.shape[-2]):
        total = total + rows[..., feature, None] * inputs[..., None, feature, :]
    return total


def _layers(draws: Draws, level: int, words: Arrays) -> tuple[Arrays, Mask]:
    """The start symbol's embedding, attention and feed forward, and what they give."""
    start, looks, quiet = _start_and_looks(draws, words)
    inputs = np.stack([start, words["prompt"], words["link"]], axis=2)
    attention = np.zeros((len(start), 3, 3), dtype=np.int64)
    attention[:, [0, 1, 2], [0, 1, 2]] = 1
    attention[:, [0, 0, 1], [1, 2, 2]] = looks
    attended = inputs @ attention
    results = np.abs(_results(UNITS[None], attended))
    small = (results <= LARGEST_TRANSFORMED).all(axis=2)
    first, found = draws.pick("first unit", small)
    second, _ = draws.pick("second unit", small)
    weights = np.stack([UNITS[first], UNITS[second]], axis=1)
    raw = _results(weights, attended)
    transformed = np.maximum(raw, 0) if level == 3 else raw
    ok = quiet & found & (weights[:, :, :3] != 0).any(axis=1).all(axis=1) & _far_apart(transformed)
    ok &= (transformed[:, :, 2] != 0).any(axis=1)
    if level == 3:
        ok &= (raw < 0).any(axis=(1, 2)) & (raw[:, :, 2] != 0).all(axis=1)
    return {
        "start": start,
        "attention": attention,
        "attended": attended,
        "feed_forward": weights,
        "raw": raw,
        "transformed": transformed,
    }, ok


def _start_and_looks(draws: Draws, words: Arrays) -> tuple[Array, Array, Mask]:
    """The start symbol's embedding, and who looks at whom, so that one update stays local.

    The update moves position p's hidden units in proportion to attended_p · attended_3 + 1: that
    is to be small at position 3, and smaller still at the two positions whose words must stay.
    """
    starts, prompt, link = STARTS[None], words["prompt"][:, None], words["link"][:, None]
    options = []
    for at_second, start_at_third, prompt_at_third in LOOKS:
        third = link + start_at_third * starts + prompt_at_third * prompt
        second = prompt + at_second * starts
        length = (third**2).sum(axis=2)
        local = (length > 0) & (length <= 8) & ((starts * third).sum(axis=2) <= 4)
        options.append(local & ((second * third).sum(axis=2) <= 6))
    allowed = np.stack(options, axis=1)
    for word in words.values():
        allowed &= (starts != word[:, None]).any(axis=2)[:, None]
    choice, found = draws.pick("start and looks", allowed.reshape(len(allowed), -1))
    return STARTS[choice % len(STARTS)], LOOKS[choice // len(STARTS)], found


def _far_apart(columns: Array) -> Mask:
    """Whether any two of three columns, (..., size, 3), differ by enough in sum."""
    rolled = np.roll(columns, 1, axis=-1)
    return (np.abs(columns - rolled).sum(axis=-2) >= LEAST_DISTANCE).all(axis=-1)


def _output(draws: Draws, level: int, layers: Arrays) -> tuple[Array, Mask]:
    """The output layer's rows, shape (sheets, 5, 3), and which are complete."""
    difference, after, found = _difference(draws, level, layers)
    rows = np.zeros((len(found), 5, 3), dtype=np.int64)
    kept = np.flatnonzero(found)
    before, after, difference, lead = (
        values[kept] for values in (layers["transformed"], after, difference, layers["lead"])
    )
    step = np.zeros_like(difference)
    if level > 1:
        step = np.concatenate([before[:, :, 2], np.ones_like(before[:, :1, 2])], axis=1)
    scores, aligned = _results(ROWS[None], before), _results(ROWS[None], after)
    losing_after = aligned - _results(step[:, None], after)
    winning = ROWS[None] - difference[:, None]
    winning_scores = scores - _results(difference[:, None], before)
    winning_after = aligned + _results((step - difference)[:, None], after)
    allowed = (np.abs(winning) <= 3).all(axis=2) & (winning[:, :, :2] != 0).any(axis=2)
    for results in (losing_after, winning_after):
        allowed &= (np.abs(results) <= LARGEST_ALIGNED).all(axis=2)
    # Everyone else's bar at each position, before and after, for each losing row.
    bars = np.stack(
        [np.maximum(scores, winning_scores), np.maximum(losing_after, winning_after)], axis=3
    )
    joint = np.stack([scores, aligned], axis=3)
    margin = np.where(lead == 1, MARGINS[1], MARGINS[2])
    possible = (np.abs(scores) <= LARGEST_SCORE).all(axis=2)
    if level > 1:
        possible &= (np.abs(aligned) <= LARGEST_ALIGNED).all(axis=2)
    draws = Draws(draws.keys[kept])
    losing, fits, top, some = _losing_row(draws, level, allowed, possible, bars, joint, margin)
    others, complete = _other_rows(draws, joint, top, fits)
    sheet = np.arange(len(losing))
    rows[kept] = np.stack([*others, ROWS[losing], winning[sheet, losing]], axis=1)
    idle = (rows[:, :, :2] == 0).all(axis=1).any(axis=1)
    found[kept] = some & complete
    return rows, found & ~idle


def _losing_row(
    draws: Draws,
    level: int,
    allowed: Mask,
    possible: Mask,
    bars: Array,
    joint: Array,
    margin: Array,
) -> tuple[Array, Mask, Array, Mask]:
    """The first of some drawn rows that leaves a row for the prompt's word and for the link.

    Returns its index, which other rows fit below it at position 3, its bars, and whether any did.
    """
    tries = [draws.pick(f"losing row {number}", allowed) for number in range(LOSING_TRIES)]
    index = np.stack([choice for choice, _ in tries], axis=1)
    bar = np.take_along_axis(bars, index[:, :, None, None], axis=1)[:, :, None]
    fits = possible[:, None] & (joint[:, None, :, 2, 0] <= bar[..., 2, 0] - margin[:, None, None])
    if level > 1:
        fits &= joint[:, None, :, 2, 1] < bar[..., 2, 1]
    leaves = np.ones(index.shape, dtype=np.bool_)
    for position in (0, 1):
        wins = fits & (joint[:, None, :, position, 0] > bar[..., position, 0])
        leaves &= (wins & (joint[:, None, :, position, 1] > bar[..., position, 1])).any(axis=2)
    first = leaves.argmax(axis=1)
    sheet = np.arange(len(first))
    some = leaves.any(axis=1) & tries[0][1]
    return index[sheet, first], fits[sheet, first], bar[sheet, first, 0], some


def _difference(draws: Draws, level: int, layers: Arrays) -> tuple[Array, Array, Mask]:
    """The losing row less the winning one, and the transformed columns after the update.

    It decides all that the update does to the feed forward's weights.
    """
    before, lead = layers["transformed"], layers["lead"]
    last = before[:, :, 2]
    bias = lead[:, None] - last @ DIFFERENCES.T
    allowed = np.abs(bias) <= 6
    if level < 3:
        after = np.broadcast_to(before[:, None], (len(lead), len(DIFFERENCES), *before.shape[1:]))
    else:
        is_open = layers["raw"][:, None, :, 2] > 0
        flow = DIFFERENCES[None] * is_open  # (sheets, candidates, units)
        attended = layers["attended"]
        gram = np.einsum("nfp,nf->np", attended, attended[:, :, 2]) + 1
        after = layers["raw"][:, None] - flow[..., None] * gram[:, None, None, :]
        after = np.maximum(after, 0)
        allowed &= (flow != 0).any(axis=2) & (after[:, :, :, 2] > 0).any(axis=2)
        allowed &= (after <= 2 * LARGEST_TRANSFORMED).all(axis=(2, 3)) & _far_apart(after)
    if level > 1:
        last_after = after[:, :, :, 2]
        gain = 2 * (np.einsum("ncu,nu->nc", last_after, last) + 1)
        allowed &= gain > (last_after * DIFFERENCES).sum(axis=2) + bias
    choice, found = draws.pick("difference", allowed)
    sheet = np.arange(len(choice))
    difference = np.concatenate([DIFFERENCES[choice], bias[sheet, choice][:, None]], axis=1)
    return difference, after[sheet, choice], found


def _other_rows(
    draws: Draws, joint: Array, top: Array, fits: Mask
) -> tuple[tuple[Array, Array, Array], Mask]:
    """The subject's, the prompt's and the link's rows, so that each position says its word.

    Position 1 must say the prompt's word and position 2 the link, before and after. `joint` holds
    every row's scores (sheets, rows, positions, 2), `top` the highest so far.
    """
    sheet = np.arange(len(top))
    says_prompt = (joint[:, :, 0] > top[:, None, 0]).all(axis=2)
    prompt, found = draws.pick("prompt row", fits & says_prompt)
    of_prompt = joint[sheet, prompt]
    yields = (joint[:, :, 0] < of_prompt[:, None, 0]).all(axis=2)
    says_link = (joint[:, :, 1] > np.maximum(top, of_prompt)[:, None, 1]).all(axis=2)
    link, found_link = draws.pick("link row", fits & says_link & yields)
    of_link = joint[sheet, link]
    yields &= (joint[:, :, 1] < of_link[:, None, 1]).all(axis=2)
    subject, found_subject = draws.pick("subject row", fits & yields)
    return (ROWS[subject], ROWS[prompt], ROWS[link]), found & found_link & found_subject
