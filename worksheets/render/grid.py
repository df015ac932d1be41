"""Lay a line out as the page shows it: cells with a text and a reason to stand there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from worksheets.engine.graph import Line
from worksheets.engine.matrix import BIAS
from worksheets.render.metrics import HAND, REGULAR, shift
from worksheets.views.view import cell_name

GIVEN, ANSWER, COPY, CONSTANT = "given", "answer", "copy", "constant"
MISSING = "missing"  # a given that is hidden: it is to be found, wherever it stands
# What a marked cell shows besides the student's value: one of three signs, and what is right.
SIGNS = ("tick", "follows", "wrong", "right")


@dataclass(frozen=True)
class Cell:
    """Hold one cell: `text` is empty where a student writes; `role` says why it stands there.

    `signs` are a marked cell's small texts, each with the names of its styles. In a `fine` line
    numbers may be longer than elsewhere, as fractions are. A number stands below others on its
    point, where the `longest` of its column would stand in the middle.
    """

    text: str
    role: str
    signs: tuple[tuple[str, str], ...] = ()
    fine: bool = False
    longest: str = ""

    @property
    def copied(self) -> Cell:
        """Return a cell for the same number, to be copied."""
        return Cell(self.text, COPY, longest=self.longest)

    @property
    def indent(self) -> float:
        """Return twice what a number stands right of the middle, in em, as a line's indent."""
        by_hand = self.role in (ANSWER, COPY, MISSING)
        return 2 * shift(self.text, self.longest, HAND if by_hand else REGULAR)


@dataclass(frozen=True)
class Grid:
    """Hold rows of cells under the labels of a line. Every method returns another grid."""

    name: str
    cells: tuple[tuple[Cell, ...], ...]
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]

    @property
    def longest(self) -> int:
        """Return the length of the longest text in a cell."""
        return max(len(cell.text) for row in self.cells for cell in row)

    def fitted(self, letters: int) -> Grid:
        """Return it with numbers to align its own with of no more letters than fit its cells."""
        return replace(
            self,
            cells=tuple(
                tuple(replace(cell, longest=_shortened(cell.longest, letters)) for cell in row)
                for row in self.cells
            ),
        )

    @property
    def turned(self) -> Grid:
        """Return the transpose: rows become columns."""
        cells = tuple(zip(*self.cells, strict=True))
        return Grid(self.name, cells, self.column_labels, self.row_labels)

    @property
    def copied(self) -> Grid:
        """Return the same numbers, to be copied where the next product needs them."""
        cells = tuple(
            tuple(
                replace(cell, role=COPY, signs=(), fine=False) if cell.role == ANSWER else cell
                for cell in row
            )
            for row in self.cells
        )
        return replace(self, cells=cells)

    @property
    def without_bias(self) -> Grid:
        """Return all columns but the bias."""
        return self.columns(
            place for place, label in enumerate(self.column_labels) if label != BIAS
        )

    def columns(self, places: Iterable[int]) -> Grid:
        """Return some columns, counted from 0, or from the end if negative."""
        places = list(places)
        cells = tuple(tuple(row[place] for place in places) for row in self.cells)
        labels = tuple(self.column_labels[place] for place in places)
        return replace(self, cells=cells, column_labels=labels)

    def column(self, place: int) -> Grid:
        """Return one column."""
        return self.columns([place])

    def above(self, text: str) -> Grid:
        """Add a row of the same printed number below, which meets the weights' bias column."""
        row = tuple(Cell(text, CONSTANT) for _ in self.column_labels)
        return replace(self, cells=(*self.cells, row), row_labels=(*self.row_labels, BIAS))


def grid(
    line: Line,
    texts: Mapping[str, str],
    *,
    solved: bool,
    marked: bool = False,
    hints: Container[str] = (),
    hidden: Container[str] = (),
    longest: str = "",
) -> Grid:
    """Return a line of a sheet with that sheet's texts; on a blank one its answers are empty.

    Answers that are `hints` look like what is given, and givens that are `hidden` are missing.
    `longest` is the longest number that may stand in a column of it, with its point.
    """
    rows, columns = line.node.shape
    signs = SIGNS if marked and line.role == ANSWER else ()
    fine = " fine" if line.node.denominator > 1 else ""

    def cell(row: int, column: int) -> Cell:
        name = cell_name(line.name, row, column)
        role = GIVEN if name in hints else MISSING if name in hidden else line.role
        own = tuple(
            (f"{sign}{fine}", texts[sign_name(name, sign)]) for sign in signs if role == ANSWER
        )
        shown = solved or marked or role == GIVEN
        return Cell(texts[name] if shown else "", role, own, line.node.denominator > 1, longest)

    cells = tuple(tuple(cell(row, column) for column in range(columns)) for row in range(rows))
    row_labels, column_labels = (
        tuple(texts.get(label, label) for label in labels)
        for labels in (line.row_labels, line.column_labels)
    )
    return Grid(line.name, cells, row_labels, column_labels)


@cache
def _shortened(longest: str, letters: int) -> str:
    """Return a number of no more letters, with fewer digits and then with fewer decimals."""
    digits = longest.partition(".")[0].count("0")
    spare = max(0, min(len(longest) - letters, digits - 1))
    return longest.replace("0", "", spare)[:letters].rstrip(".")  # its digits come first


def beside(grids: Sequence[Grid]) -> Grid:
    """Join grids of equal height into one, under the first one's name and row labels."""
    cells = tuple(tuple(chain(*rows)) for rows in zip(*(one.cells for one in grids), strict=True))
    labels = tuple(chain(*(one.column_labels for one in grids)))
    return replace(grids[0], cells=cells, column_labels=labels)


def sign_name(cell: str, sign: str) -> str:
    """Return the name of a marked cell's small text."""
    return f"{cell}.{sign}"


def constant(text: str, rows: tuple[str, ...], columns: tuple[str, ...]) -> Grid:
    """Return the same printed number in every cell, such as the weights of a mean."""
    cells = tuple(tuple(Cell(text, CONSTANT) for _ in columns) for _ in rows)
    return Grid("", cells, rows, columns)
