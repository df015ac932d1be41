"""Large print: how much room a line's labels and cells take, whatever the sheet's words."""

from __future__ import annotations

from worksheets.engine.graph import Line
from worksheets.engine.matrix import Labels

LONGEST_WORD = 7
LETTER = 4.0  # mm, the widest on average, in 18 point
LONGEST_IN_A_CELL = 4  # letters of a label above a cell that is not wide


def room(line: Line) -> tuple[float, bool]:
    """How wide the labels before a line's rows are, in mm, and whether its cells are wide ones."""
    indent = 0.0 if line.node.shape == (1, 1) else 4 + LETTER * _letters(line.row_labels)
    node = line.node
    long = node.is_word or node.denominator > 1 or node.reach > 99
    return indent, long or _letters(line.column_labels) > LONGEST_IN_A_CELL


def _letters(labels: Labels) -> int:
    """How many letters the longest label may have; one in braces is a word of the sheet."""
    return max(LONGEST_WORD if label.startswith("{") else len(label) for label in labels)
