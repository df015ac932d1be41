"""Count what of a submission is an answer: dashes and question marks in all cells are none."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from worksheets.marking.answer import read_number, spelling
from worksheets.marking.reading.cells import cells_of
from worksheets.marking.submission import Submission


def is_answered(one: Submission) -> bool:
    """Tell whether something of a submission is an answer."""
    return bool(one.taken_as_right or one.written) or any(_answers(one))


def answered(one: Submission) -> float:
    """Return how many cells hold an answer; of lines that are taken as right there is no end."""
    return inf if one.taken_as_right else sum(_answers(one))


def _answers(one: Submission) -> Iterator[bool]:
    """Tell of each cell that the sheet did not show already whether what it holds can be read."""
    cells = cells_of(one.id)
    lines = cells.graph.lines if cells else {}
    shown = cells.shown(one.fade) if cells and one.fade else ()
    for cell, entry in one.entries.items():
        is_word = cell[0] in lines and lines[cell[0]].node.is_word
        yield cell not in shown and (
            bool(spelling(entry.text)) if is_word else read_number(entry.text).value is not None
        )
