"""Say where a printed sheet has its tables, cells and fields, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from worksheets.engine.graph import ANSWER
from worksheets.views.names import DATE, STUDENT, WRITTEN
from worksheets.views.view import cell_of

POINTS = 0.75  # a pixel
FIELDS = (STUDENT, DATE, WRITTEN)


@dataclass(frozen=True)
class PageBox:
    """Hold a rectangle in points from a page's upper left corner; pages count from 0."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PlacedCell:
    """Hold a table's cell: how it is tagged, why it is there, its text and its box.

    `parts` are literal, name of a text, literal, name, ... literal, as on the solved sheet. A
    header has no role, nor has a number that every sheet shows.
    """

    header: bool
    role: str
    parts: tuple[str, ...]
    box: PageBox

    @property
    def shows(self) -> tuple[str, int, int] | None:
        """Return the cell of the key whose value, given, filled in or copied, stands here."""
        return cell_of(self.parts[1]) if len(self.parts) > 1 else None

    @property
    def answers(self) -> tuple[str, int, int] | None:
        """Return the cell of the key that is to be filled in here, if one is."""
        return self.shows if self.role == ANSWER else None

    def text(self, shown: Mapping[str, str]) -> str:
        """Return its text on the sheet with these texts."""
        return "".join(shown[part] if place % 2 else part for place, part in enumerate(self.parts))


@dataclass(frozen=True)
class PlacedTable:
    """Hold a table as it is tagged, row by row, and the title of the part that it stands in.

    A matrix is `labelled`: its first row and column are its labels. Those of a function's table
    are among its cells.
    """

    part: str
    labelled: bool
    tagged: tuple[tuple[PlacedCell, ...], ...]

    @property
    def rows(self) -> tuple[tuple[PlacedCell, ...], ...]:
        """Return the rows without labels."""
        return tuple(row[1:] for row in self.tagged[1:]) if self.labelled else self.tagged

    @property
    def row_labels(self) -> tuple[PlacedCell, ...]:
        """Return the labels beside the rows."""
        return tuple(row[0] for row in self.tagged[1:]) if self.labelled else ()

    @property
    def column_labels(self) -> tuple[PlacedCell, ...]:
        """Return the labels above the columns."""
        return self.tagged[0][1:] if self.labelled else ()


@dataclass(frozen=True)
class Places:
    """Hold a printed sheet's tables in the order of their tags, and the boxes of its fields."""

    tables: tuple[PlacedTable, ...] = ()
    fields: Mapping[str, tuple[PageBox, ...]] = field(
        default_factory=lambda: dict.fromkeys(FIELDS, ())
    )

    @property
    def cells(self) -> Iterator[PlacedCell]:
        """Yield what is tagged as a cell and not as a header, in the order of the tags."""
        for table in self.tables:
            for row in table.tagged:
                yield from (cell for cell in row if not cell.header)


NOWHERE = Places()
