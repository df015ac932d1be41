"""Try again until accepted: each sheet keeps its first accepted attempt, whatever its batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from worksheets.draw.counter import Draws
from worksheets.engine.node import Array, Mask

Arrays: TypeAlias = dict[str, Array]
# Proposes for the sheets of these rows; returns arrays and which proposals are acceptable.
Propose: TypeAlias = Callable[[Draws, Array], tuple[Arrays, Mask]]


def first_accepted(
    draws: Draws, stage: str, propose: Propose, *, at_once: int, limit: int
) -> tuple[Arrays, Mask]:
    """Each sheet's first acceptable proposal out of `limit` attempts.

    About `at_once` proposals are made at once, so that the last sheets that wait try many numbers
    together; as an attempt depends on nothing but its number, the result does not depend on it.
    Returns arrays of shape (sheets, ...) and which sheets found one.
    """
    size = len(draws.keys)
    waiting = np.arange(size)
    results: Arrays = {}
    start = 0
    while len(waiting) and start < limit:
        stop = min(start + max(1, at_once // len(waiting)), limit)
        numbers = np.arange(start, stop)
        start = stop
        rows = np.repeat(waiting, len(numbers))
        attempts = np.tile(numbers, len(waiting))
        proposed, acceptable = propose(draws.attempt(stage, rows, attempts), rows)
        table = acceptable.reshape(len(waiting), len(numbers))
        first = table.argmax(axis=1) + np.arange(len(waiting)) * len(numbers)
        found = table.any(axis=1)
        for name, values in proposed.items():
            if name not in results:
                results[name] = np.zeros((size, *values.shape[1:]), dtype=np.int64)
            results[name][waiting[found]] = values[first[found]]
        waiting = waiting[~found]
    accepted = np.ones(size, dtype=np.bool_)
    accepted[waiting] = False
    return results, accepted
