"""Give a theme's answers to a sheet's columns, so that a better one never has a lower reward."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.counter import Draws

ANSWERS = 6  # of a theme, from the worst to the best
# What a key's words say of them, whichever are on the sheet.
ASKED = {
    "question": ("{question}",),
    "answers": tuple(f"{{answer{answer}}}" for answer in range(1, ANSWERS + 1)),
}


def ranked_answers(draws: Draws, values: Array) -> Arrays:
    """Return by each answer's role the column that has it, from 1 on, or 0 if none does.

    `values` are (sheets, columns). Of six answers as many as there are columns are drawn, and the
    worst goes where the value is least; columns of equal values have theirs in order.
    """
    count, columns = values.shape
    drawn = np.sort(draws.order("answers", ANSWERS)[:, :columns], axis=1)
    places = np.zeros((count, ANSWERS), dtype=np.int64)
    np.put_along_axis(places, drawn, values.argsort(axis=1, kind="stable") + 1, axis=1)
    return {f"answer{answer + 1}": places[:, answer] for answer in range(ANSWERS)}
