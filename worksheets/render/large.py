"""Large print: how much room a line's labels and cells take, whatever the sheet's words."""

from __future__ import annotations

from worksheets.engine.graph import Line
from worksheets.engine.matrix import Labels

LONGEST_WORD = 7
LETTER = 4.0  # mm, the widest on average, in 18 point
WIDTH, CELL, WIDE_CELL = 180.0, 16.0, 28.0  # mm, of a page and of cells
LONGEST_IN_A_CELL = 4  # letters of a label above a cell that is not wide


def room(line: Line) -> tuple[float, bool]:
    """How wide the labels before a line's rows are, in mm, and whether its cells are wide ones."""
    indent = 0.0 if line.node.shape == (1, 1) else 4 + LETTER * _letters(line.row_labels)
    node = line.node
    long = node.is_word or node.denominator > 1 or node.reach > 99
    return indent, long or _letters(line.column_labels) > LONGEST_IN_A_CELL


def parts(line: Line) -> list[range]:
    """Which columns stand beside each other: a wide matrix goes on below."""
    indent, wide = room(line)
    columns = line.node.shape[1]
    most = int((WIDTH - indent) // (WIDE_CELL if wide else CELL))
    return [range(start, min(start + most, columns)) for start in range(0, columns, most)]


def _letters(labels: Labels) -> int:
    """How many letters the longest label may have; one in braces is a word of the sheet."""
    return max(LONGEST_WORD if label.startswith("{") else len(label) for label in labels)
