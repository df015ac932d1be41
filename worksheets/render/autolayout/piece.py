"""Describe a drawing's pieces, each with its place in mm, and how large matrices are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, gcd
from typing import TypeAlias

from worksheets.engine.matrix import BIAS, Labels
from worksheets.engine.node import Node
from worksheets.render.grid import Grid

# A line's name to its grid as the sheet shows it; what a matrix on the page shows, from that.
Lines: TypeAlias = Callable[[str], Grid]
View: TypeAlias = Callable[[Lines], Grid]

CELL_WIDTH, WIDE_CELL, CELL_HEIGHT = 8.8, 15.0, 7.8
GAP = 6.0  # the length of an arrow
BAND = 4.2  # the height of a matrix's name, and of its column labels
LETTER = 1.75  # mm, how wide a letter of 9 or 9.5 points is at most, on average
LINE = 3.9
SMALL = 1.65  # mm, the same of 9 points where no word is bold
ARROW = 14.0  # the length of one with a name over it, at least
SIGN_LETTER, SIGN_MARGIN = 2.3, 3.0
LONGEST_WORD, LONGEST_CONSTANT = 7, 4
BRACED = re.compile(r"\{([^}]*)\}")
LONGEST_LABEL = 5  # in letters, above a narrow cell
NARROW_LETTERS = 4  # that fit a narrow cell in handwriting


@dataclass(frozen=True)
class Table:
    """Hold a printed table: a function's name, its argument's, and rows of values under a head."""

    corner: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


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
    wide: bool = False
    rows: bool = False
    columns: bool = False
    number: int = 0
    table: Table | None = None
    strong: str = ""
    line: Node | None = None
    border: str = ""

    def moved(self, x: float, y: float) -> Piece:
        """Return the same piece elsewhere."""
        return replace(self, x=self.x + x, y=self.y + y)

    def meets(self, other: Piece) -> bool:
        """Tell whether they would cover each other."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return across > 0.01 and down > 0.01


@dataclass(frozen=True)
class Shown:
    """Hold a matrix to be drawn: its view, name and labels, and whether its cells are wide.

    `answers` is true for the line that a drawing works out, whose cells are not copies; `line` is
    the node of the line that is shown as it is, `part_of` that of which it is a part.
    """

    view: View
    title: str
    row_labels: Labels
    column_labels: Labels
    wide: bool
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
        return len(self.column_labels) * (WIDE_CELL if self.wide else CELL_WIDTH)

    @property
    def height(self) -> float:
        """Of its cells alone."""
        return len(self.row_labels) * CELL_HEIGHT

    @property
    def label_room(self) -> float:
        """Return the width of the labels before its rows, in mm."""
        return (
            2.0 + LETTER * longest(self.row_labels) if labels_informative(self.row_labels) else 0.0
        )

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
        below = SIGN_MARGIN + SMALL * len(self.under)
        if self.arrow:
            return max(ARROW, 4 + SMALL * letters(self.text), below)
        return max(SIGN_MARGIN + SIGN_LETTER * letters(self.text), below if self.under else 0)


# What a line's right side is made of.
Item: TypeAlias = Shown | Sign


def letters(text: str) -> int:
    """Count a text's letters at most, with the sheet's own words and constants in it."""
    bare = BRACED.sub("", text)
    inside = BRACED.findall(text)
    return len(bare) + sum(
        LONGEST_CONSTANT if name.startswith("constant.") else LONGEST_WORD for name in inside
    )


def labels_informative(labels: Labels) -> bool:
    """Tell whether labels say more than that there is a first, a second, ... one."""
    return len(labels) > 1 and not all(label.isdigit() or label == BIAS for label in labels)


def plain(labels: Labels) -> Labels:
    """Return labels that are not shown, as they tell nothing."""
    return tuple(
        label if label == BIAS else str(place) for place, label in enumerate(labels, start=1)
    )


def longest(labels: Labels) -> int:
    """Count the longest label's letters at most; one in braces is a word of the sheet."""
    return max(LONGEST_WORD if label.startswith("{") else len(label) for label in labels)


def is_wide(node: Node, columns: Labels) -> bool:
    """Tell whether a narrow cell is too small for what may stand in it, or above it."""
    return node.is_word or _letters(node) > NARROW_LETTERS or longest(columns) > LONGEST_LABEL


def _letters(node: Node) -> int:
    """Count the characters that the longest number of this matrix may have."""
    finest = node.denominator if node.finest is None else gcd(node.denominator, node.finest)
    digits = len(str(node.reach // node.denominator))
    sign = int(not node.never_negative)
    decimals = next((n for n in range(6) if 10**n % finest == 0), None)
    if decimals is None:
        return sign + 1 + len(str(min(node.reach, finest))) + len(str(finest))
    return sign + digits + (1 + decimals if decimals else 0)


def text_height(text: str, width: float) -> float:
    """Return a text's height in mm at a width; words of the sheet are as long as they may be."""
    return ceil(letters(text) * LETTER / width) * LINE if text else 0.0
