"""Describe what a blank page shows: all answers empty, some shown already, or givens hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from worksheets.engine.graph import Line

Place = tuple[Line, int, int]
CELL = re.compile(r"(\w+)\[(\d+),(\d+)\]")


@dataclass(frozen=True)
class View:
    """Hold what a sheet shows before it is solved: `hints` are answers' cells, `hidden` givens'.

    `blank`, `solved` and `form` are the files' names after the ID; `note` is the instruction.
    """

    blank: str = "blank"
    solved: str = "solved"
    form: str = "fillable"
    hints: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    note: str = ""

    @property
    def workbook(self) -> str:
        """Return an answer sheet's suffix: nothing, unless it shows something already."""
        return "" if self.blank == USUAL.blank else f"-{self.blank}"


USUAL = View()


def cell_name(line: str, row: int, column: int) -> str:
    """Return the name of a cell's text among the texts of a page."""
    return f"{line}[{row},{column}]"


def cell_of(name: str) -> tuple[str, int, int] | None:
    """Return the line, row and column whose text has this name, if it is a cell's."""
    found = CELL.fullmatch(name)
    return (found[1], int(found[2]), int(found[3])) if found else None


def cells_of(line: Line) -> list[Place]:
    """Return every cell of a line, row by row."""
    return [(line, row, column) for row, column in np.ndindex(line.node.shape)]
