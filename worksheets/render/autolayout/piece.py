"""Describe a drawing's pieces, each with its place in mm, and how large matrices are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import gcd
from typing import TypeAlias

from worksheets.engine.matrix import BIAS, Labels
from worksheets.engine.node import Node
from worksheets.render.grid import Grid
from worksheets.render.metrics import BOLD, NO_BREAK, bound, lines, width_of

# A line's name to its grid as the sheet shows it; what a matrix on the page shows, from that.
Lines: TypeAlias = Callable[[str], Grid]
View: TypeAlias = Callable[[Lines], Grid]

CELL_HEIGHT = 7.2
NARROW, MIDDLE, WIDE = 8.8, 12.0, 15.0  # mm, the widths of cells
GAP = 6.0  # the length of an arrow
BAND = 4.2  # the height of a matrix's name, and of its column labels
TEXT, TITLE, SIGN = 9.0, 9.5, 12.0  # pt: of sentences and names, of steps' titles, of signs
LINE = 3.9  # the height of a sentence's line
ARROW = 14.0  # the length of one with a name over it, at least
SIGN_MARGIN = 3.0
OUTLINE = 1.2  # mm, of a border outside a matrix's cells
LEAST_CELL, CELL_PADDING = 7.6, 1.4  # mm, of a printed table's cells
LABEL_MARGIN = 0.4  # what stays free beside a label over a cell
NARROW_LETTERS, MIDDLE_LETTERS = 3, 6  # that fit such a cell in handwriting
MOST_DECIMALS = 6
TOUCH = 0.01  # mm, by which pieces may overlap that only touch


@dataclass(frozen=True)
class Table:
    """Hold a printed table: a function's name, its argument's, and rows of values under a head."""

    corner: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def widths(self) -> tuple[float, float]:
        """Return how wide its labels' column is, and each of the others, in mm."""
        labels = (self.corner, *(label for label, _ in self.rows))
        others = (*self.head, *(text for _, values in self.rows for text in values))
        return _room_for(labels), _room_for(others)

    @property
    def width(self) -> float:
        """Return how wide it is, in mm."""
        first, other = self.widths
        return first + other * len(self.head)


@dataclass(frozen=True)
class Piece:
    """Place a thing on the page: `kind` is the template's name of it, `style` its CSS class.

    A matrix shows its `view`, with labels for rows and columns where these say something. A text
    may hold words and constants of the sheet in braces, and begin with `strong` ones. `line` is
    what a matrix shows, `border` the CSS class of its border.
    """

    kind: str
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    style: str = ""
    view: View | None = None
    cell: float = NARROW
    rows: bool = False
    columns: bool = False
    number: int = 0
    table: Table | None = None
    strong: str = ""
    line: Node | None = None
    border: str = ""

    @property
    def unwidowed(self) -> str:
        """Return its text with the last two words held together, so that none stands alone."""
        whole, room = _named(self.strong, self.text, self.width)
        return bound(whole, room, TEXT)[len(whole) - len(self.text) :]

    def moved(self, x: float, y: float) -> Piece:
        """Return the same piece elsewhere."""
        return replace(self, x=self.x + x, y=self.y + y)

    def meets(self, other: Piece) -> bool:
        """Tell whether they would cover each other."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return across > TOUCH and down > TOUCH


@dataclass(frozen=True)
class Shown:
    """Hold a matrix to be drawn: its view, name and labels, and how wide its cells are, in mm.

    `answers` is true for the line that a drawing works out, whose cells are not copies; `line` is
    the node of the line that is shown as it is, `part_of` that of which it is a part.
    """

    view: View
    title: str
    row_labels: Labels
    column_labels: Labels
    cell: float
    answers: bool = False
    line: Node | None = None
    ground: str = ""
    part_of: Node | None = None

    @property
    def unlabelled(self) -> Shown:
        """Return it without labels, as those of the factors say what rows and columns are."""
        rows, columns = plain(self.row_labels), plain(self.column_labels)
        return replace(self, row_labels=rows, column_labels=columns)

    @property
    def turned(self) -> Shown:
        """Return it with its rows as columns."""
        view = self.view
        return replace(
            self,
            view=lambda lines: view(lines).turned,
            row_labels=self.column_labels,
            column_labels=self.row_labels,
        )

    @property
    def width(self) -> float:
        """Of its cells alone."""
        return len(self.column_labels) * self.cell

    @property
    def height(self) -> float:
        """Of its cells alone."""
        return len(self.row_labels) * CELL_HEIGHT

    @property
    def is_row(self) -> bool:
        """Tell whether it is one row of cells."""
        return len(self.row_labels) == 1

    @property
    def label_room(self) -> float:
        """Return the width of the labels before its rows, in mm."""
        return 2.5 + widest(self.row_labels) if labels_informative(self.row_labels) else 0.0

    @property
    def labels(self) -> float:
        """Return the height of its columns' labels, in mm."""
        return BAND * labels_informative(self.column_labels)

    @property
    def head(self) -> float:
        """Return the height of its name and its columns' labels, in mm."""
        return BAND * (bool(self.title) + labels_informative(self.column_labels))


@dataclass(frozen=True)
class Sign:
    """Stand between matrices: a sign, or an arrow with its name over it.

    `under` is small, below it.
    """

    text: str
    under: str = ""
    arrow: bool = False
    parts: bool = False  # a function's arguments
    strong: bool = False  # the name of a matrix

    @property
    def width(self) -> float:
        """Return its width in mm, with what stays free at both its sides."""
        below = SIGN_MARGIN + width_of(self.under, TEXT) if self.under else 0.0
        if self.arrow:
            return max(ARROW, 4 + width_of(self.text, TEXT), below)
        return max(SIGN_MARGIN + width_of(self.text, SIGN), below)


# What a line's right side is made of.
Item: TypeAlias = Shown | Sign


def labels_informative(labels: Labels) -> bool:
    """Tell whether labels say more than that there is a first, a second, ... one."""
    return len(labels) > 1 and not all(label.isdigit() or label == BIAS for label in labels)


def plain(labels: Labels) -> Labels:
    """Return labels that are not shown, as they tell nothing."""
    return tuple(
        label if label == BIAS else str(place) for place, label in enumerate(labels, start=1)
    )


def widest(labels: Labels) -> float:
    """Return the width of the widest label, in mm."""
    return max(width_of(label, TEXT) for label in labels)


def cell_under(labels: Labels) -> float:
    """Return how wide cells have to be for the labels above them, in mm."""
    width = widest(labels) + LABEL_MARGIN if labels_informative(labels) else 0.0
    return next((cell for cell in (NARROW, MIDDLE) if width <= cell), WIDE)


def cell_for(node: Node, columns: Labels) -> float:
    """Return how wide a cell has to be for what may stand in it, and above it, in mm."""
    if node.is_word or letters_of(node) > MIDDLE_LETTERS:
        return WIDE
    return max(cell_under(columns), MIDDLE if letters_of(node) > NARROW_LETTERS else NARROW)


def letters_of(node: Node) -> int:
    """Count the characters that the longest number of a matrix may have."""
    sign, decimals = int(not node.never_negative), decimals_of(node)
    if decimals is None:
        finest = _finest(node)
        return sign + 1 + len(str(min(node.reach, finest))) + len(str(finest))
    return sign + digits_of(node) + (1 + decimals if decimals else 0)


def digits_of(node: Node) -> int:
    """Count the digits before the point of the longest number of a matrix."""
    return len(str(node.reach // node.denominator))


def decimals_of(node: Node) -> int | None:
    """Count the decimals of its longest number; None if that may be a fraction without an end."""
    return next((n for n in range(MOST_DECIMALS) if 10**n % _finest(node) == 0), None)


def _finest(node: Node) -> int:
    return node.denominator if node.finest is None else gcd(node.denominator, node.finest)


@cache
def text_height(text: str, room: float) -> float:
    """Return a sentence's height in mm at a width; the sheet's words are as long as may be."""
    return lines(bound(text, room, TEXT), room, TEXT) * LINE


def name_width(text: str) -> float:
    """Return the width of a matrix's name in mm, in bold letters."""
    return width_of(text, TEXT, BOLD)


def named_height(name: str, text: str, room: float) -> float:
    """Return the height in mm of a text that begins with a name in bold letters."""
    return text_height(*_named(name, text, room))


def _named(name: str, text: str, room: float) -> tuple[str, float]:
    """Return a name and a text in one, and the room that regular letters would have for it."""
    bolder = name_width(name) - width_of(name, TEXT) if name else 0.0
    apart = NO_BREAK if name and text and not text.startswith(",") else ""
    return f"{name}{apart}{text}", room - bolder


def _room_for(texts: Sequence[str]) -> float:
    """Return how wide the cells of a printed table are that hold the longest of these, in mm."""
    return max(LEAST_CELL, *(width_of(text, TEXT) + CELL_PADDING for text in texts))
