"""Draw a language model that says the biased word, and after one update the preferred one.

It is chosen layer by layer, each proposal going on only while it can still keep its sheet's
guarantees: the feed forward, what the update changes, the output layer's rows, a second subject.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.kinds.rlhf.sampling import output_layer, second_subject
from worksheets.sampling.attempts import Arrays, Choose
from worksheets.sampling.counter import Draws
from worksheets.sampling.small import small_rows

# Below, small axes stand first, (units, positions, sheets, candidates), for numpy reduces over
# first axes faster: of 2×3×200×625 numbers in 0.1 ms, over last ones in 3. int16 holds all that
# these small numbers give, and takes half the time of int64.
UNITS = small_rows(2, 4, busy=3)
# How the losing word's row may differ from the winning word's, bias aside.
DIFFERENCES = small_rows(3, 2, busy=2)

LEAST_GAP_FOR_NINE_TO_ONE = 17
# Small and different columns before and after the update leave room for rows that tell them apart.
LARGEST_TRANSFORMED, LEAST_AREA = 5, 5
LARGEST_OVERLAP, LARGEST_OVERLAP_AFTER = 6, 8
UNIT_TRIES = 32


def choices(level: int) -> list[Choose]:
    """List the choices in turn: `llm_feed_forward` (2×4), `llm_output` (5×3, one row a role).

    Known before are int16 arrays: the roles' embeddings (3 each), `start` (3), `attention` and
    what is `attended` (3×3), and `trained_gap`; at level 3 `second_subject` (3) is chosen as well.
    """
    first: list[Choose] = [partial(_feed_forward, level), partial(_update, level)]
    first.append(partial(output_layer.choose, level))
    return [*first, second_subject.choose] if level == 3 else first


def _feed_forward(level: int, draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw two rows of weights whose results are small, and far enough apart, at each position."""
    results = output_layer.results(UNITS[None], known["attended"])
    small = np.abs(results).max(axis=0) <= LARGEST_TRANSFORMED
    first, found = draws.pick("first unit", small, UNIT_TRIES)
    second, _ = draws.pick("second unit", small, UNIT_TRIES)
    each = np.arange(len(first))
    # (units, positions, sheets, tries), by index from what every row of weights gives.
    raw = np.stack([results[:, each[:, None], index] for index in (first, second)])
    transformed = np.maximum(raw, 0) if level == 3 else raw
    last = transformed[:, 2]
    ok = (np.abs(_area(transformed)) >= LEAST_AREA) & (last != 0).any(axis=0)
    for feature in range(3):
        ok &= (UNITS[first, feature] != 0) | (UNITS[second, feature] != 0)
    if level > 1:
        for position in (0, 1):
            ok &= (last * transformed[:, position]).sum(axis=0) <= LARGEST_OVERLAP
    if level == 3:
        ok &= (raw.min(axis=(0, 1)) < 0) & (raw[:, 2] != 0).all(axis=0)
    best = ok.argmax(axis=1)
    return {
        "llm_feed_forward": UNITS[np.stack([first[each, best], second[each, best]], axis=1)],
        "raw": raw[:, :, each, best].transpose(2, 0, 1),
        "transformed": transformed[:, :, each, best].transpose(2, 0, 1),
    }, found & ok.any(axis=1)


def _area(columns: Array) -> Array:
    """Return twice the signed area of the triangle between three columns, (2, 3, ...)."""
    (x1, x2, x3), (y1, y2, y3) = columns
    area: Array = (x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)
    return area


def _update(level: int, draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw `difference`, the losing row less the winning one, and its `lead` at position 3.

    It decides all that the update does to the feed forward's weights, and so the transformed
    columns `after` it.
    """
    lead = draws.integers("lead", 1, 2).astype(np.int16)
    lead = np.where(known["trained_gap"] < LEAST_GAP_FOR_NINE_TO_ONE, np.int16(1), lead)
    before = known["transformed"].transpose(1, 2, 0)[..., None]
    last = before[:, 2]
    choices = DIFFERENCES.T[:, None]
    bias = lead[:, None] - (last * choices).sum(axis=0)
    allowed = np.abs(bias) <= 5
    after = np.broadcast_to(before, (*before.shape[:3], len(DIFFERENCES)))
    if level == 3:
        raw, attended = known["raw"].transpose(1, 2, 0)[..., None], known["attended"]
        # The update takes flow · (attended_p · attended_3 + 1) off position p's hidden units.
        flow = choices * (raw[:, 2] > 0)
        overlap = (attended * attended[:, :, 2:]).sum(axis=1, dtype=np.int16) + np.int16(1)
        after = np.maximum(raw - flow[:, None] * overlap.T[:, :, None], 0)
        allowed &= (flow != 0).any(axis=0) & (after[:, 2] > 0).any(axis=0)
        allowed &= after.max(axis=(0, 1)) <= 2 * LARGEST_TRANSFORMED
        towards = (after * last[:, None]).sum(axis=0)
        allowed &= towards[:2].max(axis=0) <= LARGEST_OVERLAP_AFTER
        allowed &= _area(before) * _area(after) > 0
    if level > 1:
        gain = 2 * ((after[:, 2] * last).sum(axis=0) + 1)
        allowed &= gain > (after[:, 2] * choices).sum(axis=0) + bias
    choice, found = draws.pick_one("difference", allowed)
    each = np.arange(len(choice))
    difference = np.concatenate([DIFFERENCES[choice], bias[each, choice][:, None]], axis=1)
    chosen = {"difference": difference, "after": after[:, :, each, choice].transpose(2, 0, 1)}
    small = {name: values.astype(np.int16) for name, values in chosen.items()}
    return {"lead": lead, **small}, found
