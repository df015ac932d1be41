"""A drawing grows line by line: products crosswise, functions behind an arrow, sums side by side.

Each line goes on from the matrix that it uses, where there is room: down if that is what the
weights at its left multiply, to the right if it stands at the left itself. Else a new drawing is
begun, with copies of what it needs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from worksheets.engine.formula import formula
from worksheets.engine.graph import GIVEN, Graph, Line, Part, Step
from worksheets.engine.matrix import BIAS
from worksheets.engine.node import Node
from worksheets.render.drawn.operand import Operands, extended, filler
from worksheets.render.drawn.piece import (
    BAND,
    CELL_HEIGHT,
    GAP,
    LETTER,
    LINE,
    Piece,
    Shown,
    telling,
    text_height,
)
from worksheets.render.drawn.tables import table_of

WIDTH = 181.0
HEADER_WIDTH, TITLE_HEIGHT = 46.0, 6.4
ARROW_WITH_NAME = 14.0
SIGN_LETTER, SIGN_MARGIN = 2.3, 3.0
WORDS_WIDTH = 62.0
GIVEN_GROUND, BESIDE = "inputs", 9.0
FUNCTIONS = {
    "relu": "ReLU",
    "softmax": "softmax",
    "softmax_where": "softmax",
    "sigma": "σ",
    "open": "> 0 ?",
    "square_root": "√",
    "logarithm": "log",
    "shares": "shares",
    "sum_of_all": "add all",
    "largest": "largest",
}


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
    """Pieces that belong together. Places may be negative until it is finished."""

    step: Step | None = None
    pieces: list[Piece] = field(default_factory=list)
    placed: dict[Node, Placed] = field(default_factory=dict)

    def copy(self) -> Drawing:
        """The same, to be tried on."""
        return Drawing(self.step, list(self.pieces), dict(self.placed))

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
        """Whether nothing lies on anything else, nor is it too wide, or higher than this."""
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
        return Drawing(self.step, [piece.moved(-left, -top) for piece in self.pieces])

    def matrix(
        self, shown: Shown, x: float, y: float, style: str = "", *, bare: bool = False
    ) -> None:
        """A matrix whose first cell is at x, y; a bare one has neither name nor labels."""
        rows, columns = (telling(shown.row_labels), telling(shown.column_labels))
        if bare:
            rows = columns = False
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
        if shown.title and not bare:
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
        bare = replace(shown, title="")
        self.placed[line.node] = Placed(shown, x, y, len(self.pieces))
        self.matrix(bare, x, y, style, bare=True)

    def say(self, text: str, x: float, y: float, width: float, style: str = "note") -> None:
        """A sentence."""
        self.pieces.append(Piece("note", x, y, width, text_height(text, width), text, style))

    def sign(self, text: str, x: float, y: float) -> float:
        """A sign in the middle of a line of matrices; how much room it took."""
        letters = 2 if text.startswith("−") and "{" in text else len(text)
        width = SIGN_MARGIN + SIGN_LETTER * (letters + 3 * ("{" in text))
        self.pieces.append(Piece("note", x, y - CELL_HEIGHT / 2, width, CELL_HEIGHT, text, "sign"))
        return width

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
    """How high a step's circle, title and sentence are together."""
    return TITLE_HEIGHT + text_height(step.note, width)


class Pen:
    """Draws the lines of a graph."""

    def __init__(self, graph: Graph, tallest: Mapping[Part, float]) -> None:
        """Drawings that go on grow as high as their part allows."""
        self.tallest = tallest
        self.graph = graph
        self.operands = Operands(graph)

    def goes_on(self, drawing: Drawing, line: Line) -> Drawing | None:
        """The drawing with one line more, if that line goes on from it and there is room."""
        drawing = drawing.copy()
        core, _ = _core(line.node)
        new = line.step != drawing.step
        if line.role == GIVEN:
            drawn = not new and self._one_more_given(drawing, line)
        elif core.operation == "product":
            left, right = core.parents
            below = right.parents[0] if right.operation == "with_row" else right
            if below in drawing.placed:
                drawn = self._down(drawing, line, left, right, new=new)
            elif left in drawing.placed:
                drawn = self._right(drawing, line, left, right, new=new)
            else:
                drawn = False
        elif core.operation in FUNCTIONS and core.parents[0] in drawing.placed:
            drawn = self._function(drawing, line, core, new=new)
        else:
            drawn = False
        return drawing if drawn and drawing.fits(self.tallest[line.step.part]) else None

    def begun(self, line: Line, *, header: bool) -> Drawing:
        """A drawing of its own for a line; with the header of its step, if it is the first."""
        drawing = Drawing(line.step)
        core, sign = _core(line.node)
        if line.role == GIVEN:
            drawing.matrix(self.operands.line(line, copied=False), 0, 0, GIVEN_GROUND)
        elif not (
            (core.operation == "product" and self._crosswise(drawing, line, core))
            or (core.operation in FUNCTIONS and self._from_copy(drawing, line, core))
            or self._in_line(drawing, line, core, sign)
        ):
            self._in_words(drawing, line)
        if table := table_of(core):
            name, argument, pairs = table
            left, *_, bottom = drawing.box
            width, height = 11.2 * (len(pairs) + 1), 11.2
            drawing.space(left, bottom, width, 4)
            drawing.pieces.append(
                Piece("table", left, bottom + 4, width, height, name, argument, number=len(pairs),
                      pairs=pairs)
            )  # fmt: skip
        if header:
            _with_header(drawing, line.step)
        return drawing

    def _one_more_given(self, drawing: Drawing, line: Line) -> bool:
        """To the right of those that are there, if there is nothing else."""
        styles = {piece.style for piece in drawing.pieces if piece.kind == "matrix"}
        if styles != {GIVEN_GROUND} or drawing.placed:
            return False
        shown = self.operands.line(line, copied=False)
        x = max(piece.x + piece.width for piece in drawing.pieces if piece.kind != "note")
        y = next(piece.y for piece in drawing.pieces if piece.kind == "matrix")
        drawing.matrix(shown, x + BESIDE + shown.label_room, y, GIVEN_GROUND)
        return True

    def uses(self, line: Line) -> set[Node]:
        """The lines whose matrices a drawing of this line shows in full."""
        core, _ = _core(line.node)
        if line.role == GIVEN:
            return set()
        items = (
            self.operands.items(core)
            if core.operation != "product"
            else list(map(self.operands.matrix, core.parents))
        )
        if items is None or None in items:
            return set()
        return {
            parent
            for parent in _below(core, set(self.operands.lines))
            if parent in self.operands.lines
        }

    def _crosswise(self, drawing: Drawing, line: Line, core: Node) -> bool:
        left, right = map(self.operands.matrix, core.parents)
        if left is None or right is None:
            return False
        result, right = _as_wide(self.operands.line(line, copied=False), right)
        x = left.label_room + left.width + GAP
        y = right.head + right.height + GAP
        drawing.matrix(replace(left, column_labels=_plain(left)), left.label_room, y)
        drawing.matrix(right, x, right.head, "inputs")
        self._arrows(drawing, line, result, right.head + right.height, (x, y))
        drawing.result(line, result, x, y)
        return True

    def _arrows(
        self, drawing: Drawing, line: Line, result: Shown, top: float, at: tuple[float, float]
    ) -> None:
        """The arrow down to a product at x, y, with its name beside, and the one from its left."""
        x, y = at
        middle = x + result.width / 2
        drawing.pieces.append(Piece("down", middle, top, 0, y - top))
        drawing.pieces.append(
            Piece("note", middle + 1.5, y - BAND - 0.4, max(len(line.title) * LETTER, 4), BAND,
                  line.title, "beside")
        )  # fmt: skip
        drawing.pieces.append(Piece("right", x - GAP, y + result.height / 2, GAP, 0))

    def _down(self, drawing: Drawing, line: Line, left: Node, right: Node, *, new: bool) -> bool:
        weights = self.operands.matrix(left)
        result = self.operands.line(line, copied=False)
        placed = drawing.placed[right.parents[0] if right.operation == "with_row" else right]
        if weights is None or (result.wide and not placed.shown.wide):
            return False
        result = replace(result, wide=placed.shown.wide)
        if right.operation == "with_row":
            placed = _grown(drawing, right, placed)
        bottom = placed.y + placed.shown.height
        head = weights.head if telling(weights.column_labels) else BAND * bool(weights.title)
        y = bottom + GAP
        left_x = placed.x - GAP - weights.width
        if new:
            x = min(left_x - weights.label_room, placed.x - GAP - HEADER_WIDTH)
            width = placed.x - 2 - x
            height = header_height(line.step, width)
            above = [p for p in drawing.pieces if p.x < placed.x - 2 and p.x + p.width > x]
            top = max((p.y + p.height for p in above), default=bottom) + 3
            y = max(y, top + height + head + 1)
            drawing.header(line.step, x, y - head - 1 - height, width)
        drawing.matrix(replace(weights, column_labels=_plain(weights)), left_x, y)
        self._arrows(drawing, line, result, bottom, (placed.x, y))
        drawing.result(line, result, placed.x, y)
        return True

    def _right(self, drawing: Drawing, line: Line, left: Node, right: Node, *, new: bool) -> bool:
        above = self.operands.matrix(right)
        if above is None:
            return False
        result, above = _as_wide(self.operands.line(line, copied=False), above)
        placed = drawing.placed[left]
        x = placed.x + placed.shown.width + GAP
        top = placed.y - GAP - above.height
        if new:
            height = header_height(line.step, HEADER_WIDTH)
            drawing.header(line.step, x, top - above.head - height - 1, HEADER_WIDTH)
        drawing.matrix(above, x, top, "inputs")
        self._arrows(drawing, line, result, top + above.height, (x, placed.y))
        drawing.result(line, result, x, placed.y)
        return True

    def _function(self, drawing: Drawing, line: Line, core: Node, *, new: bool) -> bool:
        placed = drawing.placed[core.parents[0]]
        result = self.operands.line(line, copied=False)
        x = placed.x + placed.shown.width + ARROW_WITH_NAME
        if new:
            height = header_height(line.step, HEADER_WIDTH)
            drawing.header(line.step, x, placed.y - BAND - height - 1, HEADER_WIDTH)
        self._named_arrow(drawing, core, placed.x + placed.shown.width, placed.middle[1])
        drawing.name(line.title, x, placed.y - BAND, result.width)
        drawing.result(line, result, x, placed.y)
        return table_of(core) is None

    def _from_copy(self, drawing: Drawing, line: Line, core: Node) -> bool:
        parent = self.operands.matrix(core.parents[0])
        if parent is None:
            return False
        result = self.operands.line(line, copied=False)
        x, y = parent.label_room, parent.head
        drawing.matrix(parent, x, y)
        self._named_arrow(drawing, core, x + parent.width, y + parent.height / 2)
        x += parent.width + ARROW_WITH_NAME
        middle = y + (parent.height - result.height) / 2
        drawing.name(line.title, x, middle - BAND, result.width)
        drawing.result(line, result, x, middle)
        return True

    def _named_arrow(self, drawing: Drawing, core: Node, x: float, y: float) -> None:
        text = FUNCTIONS[core.operation]
        drawing.pieces.append(Piece("right", x, y, ARROW_WITH_NAME, 0))
        drawing.pieces.append(Piece("note", x, y - BAND, ARROW_WITH_NAME, BAND, text, "over"))

    def _in_line(self, drawing: Drawing, line: Line, core: Node, sign: str) -> bool:
        items = self.operands.items(core)
        if items is None:
            return False
        result = self.operands.line(line, copied=False)
        matrices = [item for item in items if isinstance(item, Shown)]
        if not matrices:
            return False
        top = max(one.head for one in [*matrices, result])
        middle = top + max(one.height for one in [*matrices, result]) / 2
        x = 0.0
        for item in [*items, sign, result]:
            if isinstance(item, str):
                x += drawing.sign(item, x, middle)
                continue
            x += item.label_room if item is matrices[0] else 0
            y = middle - item.height / 2
            wide = max(0.0, (len(item.title) * LETTER - item.width) / 2)
            x += wide
            if item is result:
                drawing.name(result.title, x, y - BAND, result.width)
                drawing.result(line, result, x, y)
            else:
                labelled = (
                    item if item is matrices[0] else replace(item, row_labels=_plain_rows(item))
                )
                drawing.matrix(labelled, x, y)
            x += item.width + wide
        return True

    def _in_words(self, drawing: Drawing, line: Line) -> None:
        shown = self.operands.line(line, copied=False)
        x, y = shown.label_room, shown.head
        drawing.placed[line.node] = Placed(shown, x, y, 0)
        drawing.matrix(shown, x, y, "output")
        text = f"= {formula(self.graph, line)}"
        drawing.space(x + shown.width, y, 3, LINE)
        drawing.say(text, x + shown.width + 3, y + 1, WORDS_WIDTH)


def _core(node: Node) -> tuple[Node, str]:
    """A line's operation without the rounding at its end, and the sign before the result."""
    if node.operation == "rounded":
        return node.parents[0], "≈"
    return node, "="


def _as_wide(result: Shown, above: Shown) -> tuple[Shown, Shown]:
    """A product's columns are as wide as those that stand above it."""
    wide = result.wide or above.wide
    return replace(result, wide=wide), replace(above, wide=wide)


def _grown(drawing: Drawing, right: Node, placed: Placed) -> Placed:
    """A placed matrix with the row of ones, or zeros, that its next product needs."""
    shown = extended(placed.shown, filler(right))
    piece = drawing.pieces[placed.piece]
    drawing.pieces[placed.piece] = replace(piece, view=shown.view, height=shown.height)
    return replace(placed, shown=shown)


def _below(node: Node, stop: set[Node]) -> set[Node]:
    """The nodes that an expression is made of, down to those where it stops."""
    found: set[Node] = set()
    for parent in node.parents:
        found |= {parent} if parent in stop else _below(parent, stop)
    return found


def _plain(shown: Shown) -> tuple[str, ...]:
    """Labels that are not shown, since those of the rows that they meet are."""
    return tuple(
        label if label == BIAS else str(place + 1)
        for place, label in enumerate(shown.column_labels)
    )


def _plain_rows(shown: Shown) -> tuple[str, ...]:
    return tuple(str(place + 1) for place in range(len(shown.row_labels)))


def _with_header(drawing: Drawing, step: Step) -> None:
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
