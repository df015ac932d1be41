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
    draws: Draws, stage: str, propose: Propose, *, width: int, limit: int
) -> tuple[Arrays, Mask]:
    """Each sheet's first acceptable proposal out of `limit` attempts.

    `width` attempts of every waiting sheet are proposed at once; as an attempt depends on nothing
    but its number, the result does not depend on `width`. Returns arrays of shape (sheets, ...)
    and which sheets found one.
    """
    size = len(draws.keys)
    waiting = np.arange(size)
    results: Arrays = {}
    for start in range(0, limit, width):
        if not len(waiting):
            break
        numbers = np.arange(start, min(start + width, limit))
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
