"""Compute the room that a line's labels and cells take in large print, for any words."""

from __future__ import annotations

from worksheets.engine.graph import Line
from worksheets.engine.matrix import Labels
from worksheets.render.metrics import lines

LONGEST_WORD = 7
LETTER = 4.0  # mm, the widest on average, in 18 point
WIDTH = 180.0  # mm, of a page
SIZE, LINE = 18.0, 7.94  # pt and mm, of a text and of each of its lines
NARROW, WIDE, WIDEST = "", "wide", "wide widest"  # classes of matrices, by their cells
CELLS = {NARROW: 16.0, WIDE: 28.0, WIDEST: 36.0}  # mm
LONGEST_IN_A_CELL = 4  # letters of a label above a narrow cell


def height(text: str) -> float:
    """Return the height of a text in mm, the sheet's words in it being as long as they may be.

    A layout does not know them, and what stands below must not move with them.
    """
    return LINE * lines(text, WIDTH, SIZE)


def room(line: Line, *, lies: bool) -> tuple[float, str]:
    """Return the width of the labels before a line's rows, in mm, and its matrix's class.

    Labels side by side, longer than a word of the sheet may be, take the widest cells. A column
    that `lies` is shown as a row.
    """
    rows, columns = _sides(line, lies=lies)
    indent = 0.0 if line.node.shape == (1, 1) else 4 + LETTER * _letters(rows)
    node = line.node
    long = node.is_word or node.denominator > 1 or node.reach > 99
    letters = _letters(columns)
    if letters > LONGEST_WORD and len(columns) > 1:
        return indent, WIDEST
    return indent, WIDE if long or letters > LONGEST_IN_A_CELL else NARROW


def parts(line: Line, *, lies: bool) -> list[range]:
    """Return the ranges of columns that stand side by side: a wide matrix goes on below."""
    indent, cells = room(line, lies=lies)
    columns = len(_sides(line, lies=lies)[1])
    most = int((WIDTH - indent) // CELLS[cells])
    return [range(start, min(start + most, columns)) for start in range(0, columns, most)]


def _sides(line: Line, *, lies: bool) -> tuple[Labels, Labels]:
    """Return the labels of rows and of columns as they are shown."""
    sides = line.row_labels, line.column_labels
    return sides[::-1] if lies else sides


def _letters(labels: Labels) -> int:
    """Return the most letters a label may have; one in braces is a word of the sheet."""
    return max(LONGEST_WORD if label.startswith("{") else len(label) for label in labels)
