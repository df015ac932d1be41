"""Give a theme's answers to a sheet's columns, so that a better one never has a lower reward."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.counter import Draws

ANSWERS = 6  # of a theme, from the worst to the best
ROLES = tuple(f"answer{answer}" for answer in range(1, ANSWERS + 1))
# What a key's words say of them, whichever are on the sheet.
ASKED = {
    "question": ("{question}",),
    "answers": tuple(f"{{{role}}}" for role in ROLES),
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
    return dict(zip(ROLES, places.T, strict=True))


def answers_before(draws: Draws) -> tuple[Arrays, Array]:
    """Return which column had each of six answers on the earlier sheet, and the answer of each.

    Columns count from 1 and answers from 0, the worst, on. Shapes: (sheets,) by role, and (sheets,
    columns).
    """
    words = {role: draws.earlier[role] for role in ROLES}
    return words, np.stack(list(words.values()), axis=1).argsort(axis=1).astype(np.int64)
