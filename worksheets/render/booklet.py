"""Render the answer booklet's page: a table of sheets, each with some of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from worksheets.render.page import PAPERS, template
from worksheets.render.speech import speech

HEIGHT = 166.4  # mm of a page below its headings
ONE, LEADING = 5.2, 3.4  # mm: a row of the table, and each further row of a matrix in it


class Column(NamedTuple):
    """Hold a line's column: heading, its and a cell's width in mm, rows, cells, first cell."""

    heading: str
    width: int
    cell: int
    rows: int
    cells: int
    first: int


@dataclass(frozen=True)
class Table:
    """Hold what all pages of a booklet share."""

    columns: tuple[Column, ...]
    paper: str
    language: str

    @property
    def row(self) -> float:
        """Return the height of a sheet's row, in mm."""
        return ONE + LEADING * (max(column.rows for column in self.columns) - 1)

    @property
    def sheets(self) -> int:
        """Return how many sheets a page has."""
        return int(HEIGHT / self.row)

    @property
    def cells(self) -> int:
        """Return how many cells a sheet has."""
        return sum(column.rows * column.cells for column in self.columns)

    def names(self) -> list[str]:
        """Return the names of a page's texts; a sheet's cells are numbered, line by line."""
        cells = "name", "sheet", *range(self.cells)
        texts = [f"{row}.{cell}" for row in range(self.sheets) for cell in cells]
        return ["heading", "page", *texts]


def page(table: Table, texts: Mapping[str, str]) -> str:
    """Render a page with its texts."""
    width, height = PAPERS[table.paper]
    return template("booklet.html.jinja").render(
        **speech(table.language),
        language=table.language,
        texts=texts,
        table=table,
        paper_width=width,
        paper_height=height,
    )
