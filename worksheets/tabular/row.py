"""Hold a file's row of cells, whatever its columns mean."""

from __future__ import annotations

from typing import NamedTuple

from worksheets.language import told

LONGEST_SHOWN = 40
# With these a spreadsheet's formula starts. Full-width ones are typed in East Asia, where
# spreadsheets take them too.
FORMULA_STARTS = tuple("=+-@＝＋－＠")


class Unusable(NamedTuple):
    """Mark a spreadsheet's cell that holds no text, with the reason, for whoever needs it."""

    shown: str
    reason: str


Cell = str | Unusable


class Row(NamedTuple):
    """Hold the cells of a row; `number` counts as a spreadsheet does, `line` as a text editor."""

    number: int
    cells: tuple[Cell, ...]
    line: int = 0

    @property
    def place(self) -> str:
        """Return the row's number, and its line in a text file if that is another."""
        elsewhere = (
            told(" (line {line})", line=self.line) if self.line not in {0, self.number} else ""
        )
        return told("row {number}{elsewhere}", number=self.number, elsewhere=elsewhere)


def shown(text: str) -> str:
    """Quote a value for a message, escaped and cut."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…")


def is_blank(cell: Cell) -> bool:
    """Tell whether nothing stands in a cell."""
    return isinstance(cell, str) and (not cell or cell.isspace())
