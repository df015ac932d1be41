"""A drawing grows line by line: products crosswise, functions behind an arrow, sums side by side.

Each line goes on from the matrix that it uses, where there is room: down if that is what the
weights at its left multiply, to the right if it stands at the left itself. Else a new drawing is
begun, with copies of what it needs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from worksheets.engine.graph import Line, Step
from worksheets.engine.node import Node
from worksheets.language import Say
from worksheets.render.autolayout.piece import (
    BAND,
    CELL_HEIGHT,
    LETTER,
    Piece,
    Shown,
    Sign,
    labels_informative,
    text_height,
)
from worksheets.render.autolayout.tabulated import Tabulated

WIDTH = 181.0
HEADER_WIDTH, TITLE_HEIGHT = 46.0, 6.4
UNDER_ARROW, UNDER_SIGN = 0.6, CELL_HEIGHT / 2


@dataclass(frozen=True)
class Placed:
    """A matrix that stands in a drawing: its first cell, and which piece it is."""

    shown: Shown
    x: float
    y: float
    piece: int

    @property
    def middle(self) -> tuple[float, float]:
        """Of its cells."""
        return self.x + self.shown.width / 2, self.y + self.shown.height / 2


@dataclass
class Drawing:
    """Pieces that belong together. Places may be negative until it is finished.

    `first` is the step that it begins with, `step` that of its last line. `tables` are of the
    functions in it: the page has to print them.
    """

    step: Step | None = None
    pieces: list[Piece] = field(default_factory=list)
    placed: dict[Node, Placed] = field(default_factory=dict)
    tables: list[Tabulated] = field(default_factory=list)
    first: Step | None = None

    def copy(self) -> Drawing:
        """The same, to be tried on."""
        return replace(
            self, pieces=list(self.pieces), placed=dict(self.placed), tables=list(self.tables)
        )

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        return (
            min(piece.x for piece in self.pieces),
            min(piece.y for piece in self.pieces),
            max(piece.x + piece.width for piece in self.pieces),
            max(piece.y + piece.height for piece in self.pieces),
        )

    def fits(self, tallest: float) -> bool:
        """Tell whether nothing lies on anything else, nor is it too wide, or higher than this."""
        left, top, right, bottom = self.box
        if right - left > WIDTH or bottom - top > tallest:
            return False
        return not any(
            one.meets(other)
            for place, one in enumerate(self.pieces)
            for other in self.pieces[:place]
        )

    @property
    def at_origin(self) -> Drawing:
        """Moved to the upper left corner."""
        left, top, *_ = self.box
        pieces = [piece.moved(-left, -top) for piece in self.pieces]
        return replace(self, pieces=pieces, placed={})

    def matrix(self, shown: Shown, x: float, y: float, style: str = "") -> None:
        """A matrix whose first cell is at x, y."""
        rows, columns = (
            labels_informative(shown.row_labels),
            labels_informative(shown.column_labels),
        )
        self.pieces.append(
            Piece(
                "matrix", x, y, shown.width, shown.height,
                style=style, view=shown.view, wide=shown.wide, rows=rows, columns=columns,
            )
        )  # fmt: skip
        if rows:
            self.space(x - shown.label_room, y, shown.label_room, shown.height)
        if columns:
            self.space(x, y - BAND, shown.width, BAND)
        if shown.title:
            self.name(shown.title, x, y - BAND * (1 + columns), shown.width)

    def name(self, text: str, x: float, y: float, width: float) -> None:
        """A matrix's name over it, in the middle, with room for the whole of it."""
        room = max(width, len(text) * LETTER)
        self.pieces.append(Piece("note", x + (width - room) / 2, y, room, BAND, text, "name-of"))

    def space(self, x: float, y: float, width: float, height: float) -> None:
        """Room that something else takes."""
        self.pieces.append(Piece("space", x, y, width, height))

    def result(self, line: Line, shown: Shown, x: float, y: float, style: str = "output") -> None:
        """The line that is worked out; later lines may go on from it."""
        self.placed[line.node] = Placed(shown, x, y, len(self.pieces))
        self.matrix(replace(shown, title=""), x, y, style)

    def say(self, text: str, x: float, y: float, width: float, style: str = "note") -> None:
        """A sentence."""
        self.pieces.append(Piece("note", x, y, width, text_height(text, width), text, style))

    def sign(self, sign: Sign, x: float, y: float) -> None:
        """A sign, or an arrow, in the middle of a line of matrices."""
        if sign.arrow:
            self.pieces.append(Piece("right", x, y, sign.width, 0))
            self.pieces.append(Piece("note", x, y - BAND, sign.width, BAND, sign.text, "over"))
        else:
            top = y - CELL_HEIGHT / 2
            self.pieces.append(Piece("note", x, top, sign.width, CELL_HEIGHT, sign.text, "sign"))
        if sign.under:
            below = y + (UNDER_ARROW if sign.arrow else UNDER_SIGN)
            self.pieces.append(Piece("note", x, below, sign.width, BAND, sign.under, "under"))

    def header(self, step: Step, x: float, y: float, width: float) -> None:
        """The step's circle and title, and its sentence."""
        self.step = step
        title = 7 + len(step.title) * LETTER * 1.1
        self.pieces.append(
            Piece(
                "step", x, y, title, TITLE_HEIGHT, step.title, step.part.colour, number=step.number
            )
        )
        if step.note:
            self.say(step.note, x, y + TITLE_HEIGHT, width)


def header_height(step: Step, width: float) -> float:
    """Return the height of a step's circle, title and sentence together, in mm."""
    return TITLE_HEIGHT + text_height(step.note, width)


def with_header(drawing: Drawing, step: Step) -> None:
    """In the corner that a product leaves free, if it is large enough there, else above.

    It comes first, as that is the order in which a screen reader reads.
    """
    left, top, right, _ = drawing.box
    wide = max(right - left, 60.0)
    for width, y in ((HEADER_WIDTH, top), (36.0, top), (wide, top - header_height(step, wide) - 1)):
        header = Drawing()
        header.header(step, left, y, width)
        both = Drawing(step, header.pieces + drawing.pieces)
        if y < top or (both.fits(math.inf) and both.box == drawing.box):
            break
    drawing.pieces[:0] = header.pieces
    drawing.placed = {
        node: replace(placed, piece=placed.piece + len(header.pieces))
        for node, placed in drawing.placed.items()
    }


def continued(drawing: Drawing, say: Say) -> Drawing:
    """With the number and title of the step that it begins with, unless it has them already."""
    step = drawing.first
    numbers = {piece.number for piece in drawing.pieces if piece.kind == "step"}
    if step is None or step.number in numbers:
        return drawing
    headed = drawing.copy()
    title = say("{step}, continued").format(step=step.title)
    with_header(headed, replace(step, title=title, note=""))
    return headed.at_origin
