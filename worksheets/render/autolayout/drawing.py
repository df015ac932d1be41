"""A drawing grows line by line, each next to what it is worked out from.

Products stand where rows meet columns, what is worked out cell by cell below its operand or to the
right of it. A drawing has no place on its page yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from worksheets.engine.graph import Line, Step
from worksheets.engine.node import Node
from worksheets.language import Say
from worksheets.render.autolayout.piece import (
    BAND,
    CELL_HEIGHT,
    TITLE,
    Piece,
    Shown,
    Sign,
    labels_informative,
    name_width,
    text_height,
)
from worksheets.render.autolayout.tabulated import Tabulated
from worksheets.render.metrics import BOLD, width_of

WIDTH = 181.0
TITLE_HEIGHT, CIRCLE, TITLE_MARGIN = 5.4, 7.0, 1.5
UNDER_ARROW, UNDER_SIGN = 0.6, CELL_HEIGHT / 2


@dataclass(frozen=True)
class Placed:
    """A matrix that stands in a drawing: its first cell, and which piece it is.

    It has grown if a row of ones, or of zeros, stands below it.
    """

    shown: Shown
    x: float
    y: float
    piece: int
    grown: str = ""

    @property
    def middle(self) -> float:
        """Of its own rows, in mm."""
        return self.y + self.shown.height / 2

    @property
    def bottom(self) -> float:
        """Of all its rows, in mm."""
        return self.y + self.shown.height + CELL_HEIGHT * bool(self.grown)


@dataclass(frozen=True)
class Noted:
    """A step whose note still needs a place: beside its rows, or below them."""

    step: Step
    left: float
    right: float
    top: float


@dataclass(eq=False)  # told apart by identity: it stays as it is once it is drawn
class Drawing:
    """Pieces that belong together. Places may be negative until it is finished.

    `first` is the step that it begins with, `step` that of its last line. `tables` are of the
    functions in it: the page has to print them. `ledger` is where the cells of its rows begin,
    `noted` a step of such rows.
    """

    step: Step | None = None
    pieces: list[Piece] = field(default_factory=list)
    placed: dict[Node, Placed] = field(default_factory=dict)
    tables: list[Tabulated] = field(default_factory=list)
    first: Step | None = None
    ledger: float | None = None
    noted: Noted | None = None
    sized: tuple[int, float, float] | None = None
    untitled: tuple[int, int] = (0, 0)  # the step of the last rows, and the first one's place

    def copy(self) -> Drawing:
        """The same, to be tried on."""
        return replace(
            self, pieces=list(self.pieces), placed=dict(self.placed), tables=list(self.tables)
        )

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        first = self.pieces[0]
        left, top, right, bottom = first.x, first.y, first.x, first.y
        for piece in self.pieces:  # four times as fast as minima and maxima of generators
            left = piece.x if piece.x < left else left
            top = piece.y if piece.y < top else top
            edge = piece.x + piece.width
            right = edge if edge > right else right
            edge = piece.y + piece.height
            bottom = edge if edge > bottom else bottom
        return left, top, right, bottom

    @property
    def size(self) -> tuple[float, float]:
        """Width and height; counted once for as many pieces."""
        if self.sized is None or self.sized[0] != len(self.pieces):
            left, top, right, bottom = self.box
            self.sized = len(self.pieces), right - left, bottom - top
        return self.sized[1:]

    def fits(self, tallest: float, before: Sequence[Piece] = ()) -> bool:
        """Tell whether nothing lies on anything else, nor is it too wide, or higher than this.

        What stood there `before` does not lie on each other.
        """
        left, top, right, bottom = self.box
        if right - left > WIDTH or bottom - top > tallest:
            return False
        old = set(map(id, before))
        new = [place for place, piece in enumerate(self.pieces) if id(piece) not in old]
        return not any(
            self.pieces[place].meets(other)
            for place in new
            for at, other in enumerate(self.pieces)
            if at != place
        )

    def free(self, pieces: Iterable[Piece]) -> bool:
        """Tell whether these pieces would lie on nothing, nor make it too wide."""
        some = list(pieces)
        left, _, right, _ = replace(self, pieces=self.pieces + some).box
        return right - left <= WIDTH and not any(
            one.meets(other) for one in some for other in self.pieces
        )

    def clear(self, left: float, right: float, top: float, bottom: float) -> bool:
        """Tell whether nothing lies between these edges."""
        room = Piece("space", left, top, right - left, bottom - top)
        return not any(room.meets(piece) for piece in self.pieces)

    def bottom(self, left: float, right: float) -> float:
        """Return where all ends that stands between two places, in mm."""
        among = [one for one in self.pieces if one.x < right - 0.01 and one.x + one.width > left]
        return max((one.y + one.height for one in among), default=-math.inf)

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
                style=style, view=shown.view, cell=shown.cell, rows=rows, columns=columns,
                line=shown.line,
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
        room = max(width, name_width(text))
        self.pieces.append(Piece("note", x + (width - room) / 2, y, room, BAND, text, "name-of"))

    def space(self, x: float, y: float, width: float, height: float) -> None:
        """Room that something else takes."""
        self.pieces.append(Piece("space", x, y, width, height))

    def put(self, line: Line, shown: Shown, x: float, y: float, style: str = "output") -> None:
        """A line, from which later ones may go on."""
        self.placed[line.node] = Placed(shown, x, y, len(self.pieces))
        self.matrix(replace(shown, title=""), x, y, style)

    def insert(self, place: int, pieces: list[Piece]) -> None:
        """Put pieces before others, as a screen reader reads them in their order."""
        self.pieces[place:place] = pieces
        self.placed = {
            node: replace(one, piece=one.piece + len(pieces) * (one.piece >= place))
            for node, one in self.placed.items()
        }

    def untitle(self, step: Step) -> None:
        """Note where a step's rows begin: its title is read before all of them."""
        if self.untitled[0] != step.number:
            self.untitled = step.number, len(self.pieces)

    def grow(self, node: Node, text: str) -> None:
        """Add the row of ones, or zeros, that a placed matrix's next product needs."""
        placed = self.placed[node]
        view, piece = placed.shown.view, self.pieces[placed.piece]
        self.pieces[placed.piece] = replace(
            piece, view=lambda lines: view(lines).above(text), height=piece.height + CELL_HEIGHT
        )
        self.placed[node] = replace(placed, grown=text)

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
        self.pieces += header(step, x, y, width)

    def headed(self, step: Step, places: Callable[[float], Iterable[tuple[float, float]]]) -> bool:
        """Put the header at the first place that is free, x and y by its height; tell if one is."""
        for width, high in header_sizes(step):
            for x, y in places(high):
                if self.free(some := header(step, x, y, width)):
                    self.pieces += some
                    return True
        return False

    def close(self, *, below: bool = False) -> None:
        """Put the note of the last step in rows: to their right if it is low enough, else below."""
        noted, self.noted = self.noted, None
        if noted is None or not noted.step.note:
            return
        text, edge = noted.step.note, self.box[0] + WIDTH
        bottom = self.bottom(noted.left, noted.right)
        beside = [one for one in self.pieces if one.y < bottom and one.y + one.height > noted.top]
        for x in () if below else (noted.right, max(one.x + one.width for one in beside)):
            width = edge - x - 3
            high = text_height(text, width) if width > NARROWEST else math.inf
            top = noted.top + max(0.0, (min(bottom - noted.top, CELL_HEIGHT) - high) / 2)
            note = Piece("note", x + 3, top, width, high, text, "note")
            if high <= bottom - noted.top + 0.5 and self.free([note]):
                self.pieces.append(note)
                return
        left = noted.left + CIRCLE
        self.say(text, left, bottom + 0.6, max(noted.right - left, WIDEST_NOTE))


NARROWEST, WIDEST_NOTE = 26.0, 90.0


def title_width(step: Step) -> float:
    """Return the width of a step's circle and title in mm, with what stays free behind it."""
    return CIRCLE + width_of(step.title, TITLE, BOLD) + TITLE_MARGIN


def header(step: Step, x: float, y: float, width: float) -> list[Piece]:
    """Return a step's circle and title, and its sentence below."""
    title = Piece(
        "step", x, y, title_width(step), TITLE_HEIGHT, step.title, step.part.colour,
        number=step.number,
    )  # fmt: skip
    if not step.note:
        return [title]
    high = text_height(step.note, width)
    return [title, Piece("note", x, y + TITLE_HEIGHT, width, high, step.note, "note")]


def header_height(step: Step, width: float) -> float:
    """Return the height of a step's circle, title and sentence together, in mm."""
    return TITLE_HEIGHT + text_height(step.note, width)


def header_sizes(step: Step) -> Iterator[tuple[float, float]]:
    """Yield widths that a header may have, from narrow ones on, and how high it then is, in mm."""
    for width in (38.0, 46.0, 60.0, 90.0, 130.0):
        if width >= title_width(step) or width == 130.0:
            yield width, header_height(step, width)


def with_header(drawing: Drawing, step: Step) -> None:
    """In the corner that a product leaves free, if it is large enough there, else above.

    It comes first, as that is the order in which a screen reader reads.
    """
    left, top, right, _ = drawing.box
    wide = max(right - left, 60.0, min(title_width(step), WIDTH))
    inside = [(width, top) for width, _ in header_sizes(step)]
    for width, y in (*inside, (wide, top - header_height(step, wide) - 1)):
        both = Drawing(step, header(step, left, y, width) + drawing.pieces)
        if y < top or (both.fits(math.inf) and both.box == drawing.box):
            break
    drawing.insert(0, both.pieces[: len(both.pieces) - len(drawing.pieces)])


@lru_cache(500)
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
