"""What of a sheet its blank page shows: all answers empty, some shown already, or givens hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from worksheets.engine.graph import Line

Place = tuple[Line, int, int]


@dataclass(frozen=True)
class View:
    """What a sheet shows before it is solved: `hints` are cells of answers, `hidden` of givens.

    `blank`, `solved` and `form` are the files' names after the ID; `note` says what is asked.
    """

    blank: str = "blank"
    solved: str = "solved"
    form: str = "fillable"
    hints: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    note: str = ""

    @property
    def workbook(self) -> str:
        """The same for an answer sheet: nothing, unless it shows something already."""
        return "" if self.blank == USUAL.blank else f"-{self.blank}"


USUAL = View()


def cell_name(line: str, row: int, column: int) -> str:
    """Return what a cell's text is called among the texts of a page."""
    return f"{line}[{row},{column}]"


def cells_of(line: Line) -> list[Place]:
    """Return every cell of a line, row by row."""
    return [(line, row, column) for row, column in np.ndindex(line.node.shape)]
