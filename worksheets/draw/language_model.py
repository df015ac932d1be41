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

STARTS = np.array(list(product(range(-3, 4), repeat=3)))
# What positions 2 and 3 may look at before them: (1 at 2, 1 at 3, 2 at 3).
LOOKS = np.array([row for row in product((0, 1), repeat=3) if any(row[1:])], np.int16)
UNITS = np.array([row for row in product(range(-2, 3), repeat=4) if any(row[:3])], np.int16)
ROWS = np.array([row for row in product(range(-3, 4), repeat=3) if any(row[:2])], np.int16)
# How the losing word's row may differ from the winning word's, bias aside.
DIFFERENCES = np.array([row for row in product(range(-3, 4), repeat=2) if any(row)], np.int16)

# Position 3's other scores lie so far below the highest that their shares round to .0 and leave
# .7 and .3, or .9 and .1, to the two words that matter.
MARGINS = {1: 4, 2: 6}
LEAST_GAP_FOR_NINE_TO_ONE = 17
LARGEST_SCORE, LARGEST_ALIGNED = 99, 50
# Small and different columns before and after the update leave room for rows that tell them apart.
LARGEST_TRANSFORMED, LEAST_DISTANCE, LARGEST_OVERLAP, LARGEST_LEAD = 5, 3, 6, 40
UNIT_TRIES, LOSING_TRIES = 32, 16


def propose_attention(draws: Draws, words: Arrays) -> tuple[Arrays, Mask]:
    """`start` (3) and `attention` (3×3) such that an update at position 3 stays local.

    The update moves position p's hidden units in proportion to attended_p · attended_3 + 1: that
    is to be small at position 3, and smaller still at the two positions whose words must stay.
    `words` maps the other words' roles to embeddings, shape (proposals, 3).
    """
    by_feature = STARTS.T.astype(np.int16)[:, None]  # (features, 1, starts)
    others = {role: word.T.astype(np.int16)[:, :, None] for role, word in words.items()}
    options = []
    for at_second, start_at_third, prompt_at_third in LOOKS:
        third = others["link"] + start_at_third * by_feature + prompt_at_third * others["prompt"]
        second = others["prompt"] + at_second * by_feature
        length = (third * third).sum(axis=0)
        local = (length > 0) & (length <= 8) & ((by_feature * third).sum(axis=0) <= 4)
        options.append(local & ((second * third).sum(axis=0) <= 6))
    allowed = np.stack(options, axis=1)
    for word in others.values():
        allowed &= (by_feature != word).any(axis=0)[:, None]
    choice, found = draws.pick_one("start and looks", allowed.reshape(len(allowed), -1))
    attention = np.zeros((len(choice), 3, 3), dtype=np.int64)
    attention[:, [0, 1, 2], [0, 1, 2]] = 1
    attention[:, [0, 0, 1], [1, 2, 2]] = LOOKS[choice // len(STARTS)]
    return {"start": STARTS[choice % len(STARTS)], "attention": attention}, found


def propose_weights(
    draws: Draws, level: int, rows: Array, attended: Array, trained_gap: Array
) -> tuple[Arrays, Mask]:
    """`llm_feed_forward` (2×4) and `llm_output`, one row (3) each of five roles.

    Proposal i is one for sheet rows[i], with attended (sheets, 3, 3). The output's rows are those
    of subject, prompt, link, losing and winning. Also returns which proposals keep the sheet's
    guarantees; costly choices are made for those alone that survived the cheap ones.
    """
    layers, alive = _feed_forward(draws, level, rows, attended.astype(np.int16))
    layers["lead"] = np.where(
        trained_gap[rows] < LEAST_GAP_FOR_NINE_TO_ONE, 1, draws.integers("lead", 1, 2)
    ).astype(np.int16)
    for choose in (_difference, _output):
        kept = np.flatnonzero(alive)
        some = {name: values[kept] for name, values in layers.items()}
        chosen, alive[kept] = choose(Draws(draws.keys[kept]), level, some)
        for name, values in chosen.items():
            layers[name] = np.zeros((len(alive), *values.shape[1:]), dtype=values.dtype)
            layers[name][kept] = values
    weights = ("llm_feed_forward", "llm_output")
    return {name: layers[name].astype(np.int64) for name in weights}, alive


# Below, small axes stand first, (units, positions, sheets, candidates), for numpy reduces long
# last axes many times faster than short ones; and int16 holds all that these small numbers give.


def _results(rows: Array, inputs: Array) -> Array:
    """rows · [inputs; 1] as (positions, sheets, rows).

    `rows` has its bias last and shape (sheets or 1, rows, size + 1), `inputs` (sheets, size,
    positions).
    """
    total = np.broadcast_to(rows[..., -1], (inputs.shape[2], len(inputs), rows.shape[1]))
    for feature in range(inputs.shape[1]):
        total = total + rows[..., feature] * inputs[:, feature].T[:, :, None]
    return total


def _feed_forward(
    draws: Draws, level: int, rows: Array, attended: Array
) -> tuple[Arrays, Mask]:
    """Two rows of weights whose results are small, and far enough apart, at each position."""
    sheets, group = np.unique(rows, return_inverse=True)
    results = _results(UNITS[None], attended[sheets])
    small = (np.abs(results) <= LARGEST_TRANSFORMED).all(axis=0)
    first, found = draws.pick("first unit", small, UNIT_TRIES, group)
    second, _ = draws.pick("second unit", small, UNIT_TRIES, group)
    raw = np.stack([results[:, group[:, None], index] for index in (first, second)])
    transformed = np.maximum(raw, 0) if level == 3 else raw
    last = transformed[:, 2]
    ok = _far_apart(transformed) & (last != 0).any(axis=0)
    for feature in range(3):
        ok &= (UNITS[first, feature] != 0) | (UNITS[second, feature] != 0)
    if level > 1:
        for position in (0, 1):
            ok &= (last * transformed[:, position]).sum(axis=0) <= LARGEST_OVERLAP
    if level == 3:
        ok &= (raw < 0).any(axis=(0, 1)) & (raw[:, 2] != 0).all(axis=0)
    best = ok.argmax(axis=1)
    each = np.arange(len(rows))
    return {
        "attended": attended[rows],
        "llm_feed_forward": UNITS[np.stack([first[each, best], second[each, best]], axis=1)],
        "raw": raw[:, :, each, best].transpose(2, 0, 1),
        "transformed": transformed[:, :, each, best].transpose(2, 0, 1),
    }, found & ok.any(axis=1)


def _far_apart(columns: Array) -> Mask:
    """Whether any two of three columns, (units, 3, ...), differ by enough in sum."""
    rolled = np.roll(columns, 1, axis=1)
    return (np.abs(columns - rolled).sum(axis=0) >= LEAST_DISTANCE).all(axis=0)


def _difference(draws: Draws, level: int, layers: Arrays) -> tuple[Arrays, Mask]:
    """The losing row less the winning one, and the transformed columns after the update.

    It decides all that the update does to the feed forward's weights.
    """
    before = layers["transformed"].transpose(1, 2, 0)[..., None]
    last = before[:, 2]
    choices = DIFFERENCES.T[:, None]
    bias = layers["lead"][:, None] - (last * choices).sum(axis=0)
    allowed = np.abs(bias) <= 6
    after = np.broadcast_to(before, (*before.shape[:3], len(DIFFERENCES)))
    if level == 3:
        raw, attended = layers["raw"].transpose(1, 2, 0)[..., None], layers["attended"]
        flow = choices * (raw[:, 2] > 0)
        overlap = (attended * attended[:, :, 2:]).sum(axis=1, dtype=np.int16) + np.int16(1)
        after = np.maximum(raw - flow[:, None] * overlap.T[:, :, None], 0)
        allowed &= (flow != 0).any(axis=0) & (after[:, 2] > 0).any(axis=0)
        allowed &= (after <= 2 * LARGEST_TRANSFORMED).all(axis=(0, 1)) & _far_apart(after)
        towards = (after * last[:, None]).sum(axis=0)
        allowed &= (towards[2] - towards[:2] <= LARGEST_LEAD).all(axis=0)
    if level > 1:
        gain = 2 * ((after[:, 2] * last).sum(axis=0) + 1)
        allowed &= gain > (after[:, 2] * choices).sum(axis=0) + bias
    choice, found = draws.pick_one("difference", allowed)
    each = np.arange(len(choice))
    difference = np.concatenate([DIFFERENCES[choice], bias[each, choice][:, None]], axis=1)
    chosen = {"difference": difference, "after": after[:, :, each, choice].transpose(2, 0, 1)}
    return {name: values.astype(np.int16) for name, values in chosen.items()}, found


def _output(draws: Draws, level: int, layers: Arrays) -> tuple[Arrays, Mask]:
    """The output layer's rows, and which are complete."""
    before, after, difference = (
        layers[name] for name in ("transformed", "after", "difference")
    )
    step = np.zeros_like(difference)
    if level > 1:
        step = np.concatenate([before[:, :, 2], np.ones_like(before[:, :1, 2])], axis=1)
    scores, aligned = _results(ROWS[None], before), _results(ROWS[None], after)
    losing_after = aligned - _results(step[:, None], after)
    winning_scores = scores - _results(difference[:, None], before)
    winning_after = aligned + _results((step - difference)[:, None], after)
    allowed = _small_rows(difference)
    possible = (np.abs(scores) <= LARGEST_SCORE).all(axis=0)
    if level > 1:
        possible &= (np.abs(aligned) <= LARGEST_ALIGNED).all(axis=0)
    for results in (losing_after, winning_after):
        allowed &= (np.abs(results) <= LARGEST_ALIGNED).all(axis=0)
    # The bar that everyone else has at each position, before and after, for each losing row:
    # (before or after, positions, sheets, rows).
    bars = np.stack(
        [np.maximum(scores, winning_scores), np.maximum(losing_after, winning_after)]
    )
    joint = np.stack([scores, aligned])
    margin = np.where(layers["lead"] == 1, MARGINS[1], MARGINS[2])
    losing, fits, top, some = _losing_row(draws, level, allowed, possible, bars, joint, margin)
    others, complete = _other_rows(draws, joint, top, fits)
    rows = np.stack([*others, ROWS[losing], ROWS[losing] - difference], axis=1)
    idle = (rows[:, :, :2] == 0).all(axis=1).any(axis=1)
    return {"llm_output": rows}, some & complete & ~idle


def _small_rows(difference: Array) -> Mask:
    """Losing rows whose winning row is small as well, and not idle; (sheets, rows)."""
    winning = ROWS.T[:, None] - difference.T[:, :, None]
    return (np.abs(winning) <= 3).all(axis=0) & (winning[:2] != 0).any(axis=0)


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
    """The subject's, the prompt's and the link's rows, so that each position says its word.

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
