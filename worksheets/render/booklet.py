"""The answer booklet's page: a table of sheets, each with some of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from worksheets.render.page import PAPERS, template
from worksheets.render.speech import speech

HEIGHT = 166.4  # mm of a page below its headings
ONE, LEADING = 5.2, 3.4  # mm: a row of the table, and each further row of a matrix in it


class Column(NamedTuple):
    """A line's column: heading, its and a cell's width in mm, rows, cells in each, first cell."""

    heading: str
    width: int
    cell: int
    rows: int
    cells: int
    first: int


@dataclass(frozen=True)
class Table:
    """What all pages of a booklet share."""

    columns: tuple[Column, ...]
    paper: str
    language: str

    @property
    def row(self) -> float:
        """How high a sheet's row is, in mm."""
        return ONE + LEADING * (max(column.rows for column in self.columns) - 1)

    @property
    def sheets(self) -> int:
        """How many sheets a page has."""
        return int(HEIGHT / self.row)

    @property
    def cells(self) -> int:
        """How many cells a sheet has."""
        return sum(column.rows * column.cells for column in self.columns)

    def names(self) -> list[str]:
        """What a page's texts are called; a sheet's cells are numbered, line by line."""
        cells = "name", "sheet", *range(self.cells)
        texts = [f"{row}.{cell}" for row in range(self.sheets) for cell in cells]
        return ["id", "heading", "page", *texts]


def page(table: Table, texts: Mapping[str, str]) -> str:
    """A page, filled with texts."""
    width, height = PAPERS[table.paper]
    return template("booklet.html.jinja").render(
        **speech(table.language),
        language=table.language,
        texts=texts,
        table=table,
        paper_width=width,
        paper_height=height,
    )
