"""Lines that are no products: functions behind an arrow, sums side by side, and words."""

from __future__ import annotations

import math
from dataclasses import replace

from worksheets.engine.graph import ROUNDED, Line
from worksheets.engine.node import Node
from worksheets.render.drawn.drawing import HEADER_WIDTH, Drawing, Placed, header_height, sign_width
from worksheets.render.drawn.operand import Item, Operands
from worksheets.render.drawn.piece import BAND, LETTER, LINE, Piece, Shown
from worksheets.render.drawn.tables import table_of

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
ARROW = 16.0  # with a name over it
WORDS_WIDTH = 62.0
ROW_GAP = 2.0


def function(operands: Operands, drawing: Drawing, line: Line, core: Node, *, new: bool) -> bool:
    """To the right of what it is a function of, which is in the drawing."""
    placed = drawing.placed[core.parents[0]]
    result = operands.line(line, copied=False)
    x = placed.x + placed.shown.width + ARROW
    if new:
        height = header_height(line.step, HEADER_WIDTH)
        drawing.header(line.step, x, placed.y - BAND - height - 1, HEADER_WIDTH)
    _named_arrow(drawing, core, placed.x + placed.shown.width, placed.middle[1])
    drawing.name(line.title, x, placed.y - BAND, result.width)
    drawing.result(line, result, x, placed.y)
    return table_of(core) is None


def from_copy(operands: Operands, drawing: Drawing, line: Line, core: Node) -> bool:
    """Beside a copy of what it is a function of; false if that cannot be drawn."""
    parent = operands.matrix(core.parents[0])
    if parent is None:
        return False
    result = operands.line(line, copied=False)
    x, y = parent.label_room, parent.head
    drawing.matrix(parent, x, y)
    _named_arrow(drawing, core, x + parent.width, y + parent.height / 2)
    x += parent.width + ARROW
    middle = y + (parent.height - result.height) / 2
    drawing.name(line.title, x, middle - BAND, result.width)
    drawing.result(line, result, x, middle)
    return True


def _named_arrow(drawing: Drawing, core: Node, x: float, y: float) -> None:
    text = FUNCTIONS[core.operation]
    drawing.pieces.append(Piece("right", x, y, ARROW, 0))
    drawing.pieces.append(Piece("note", x, y - BAND, ARROW, BAND, text, "over"))
    if core.operation in ROUNDED:
        decimals = len(str(core.denominator)) - 1
        text = f"≈ 0.{'0' * (decimals - 1)}1" if decimals else "≈ 1"
        drawing.pieces.append(Piece("note", x, y + 0.6, ARROW, BAND, text, "under"))


def in_line(operands: Operands, drawing: Drawing, line: Line, core: Node, sign: str) -> bool:
    """Matrices and signs side by side, or below each other if that is too wide."""
    items = operands.items(core)
    if items is None or not any(isinstance(item, Shown) for item in items):
        return False
    result = operands.line(line, copied=False)
    beside = Drawing()
    _side_by_side(beside, line, [*items, sign, result])
    if not beside.fits(math.inf):
        beside = Drawing()
        _below_each_other(beside, line, [*items, sign, result])
    drawing.pieces += beside.pieces
    drawing.placed |= beside.placed
    return True


def _side_by_side(drawing: Drawing, line: Line, items: list[Item]) -> None:
    matrices = [item for item in items if isinstance(item, Shown)]
    middle = max(one.head for one in matrices) + max(one.height for one in matrices) / 2
    x = 0.0
    for item in items:
        if isinstance(item, str):
            x += drawing.sign(item, x, middle)
            continue
        beyond = max(0.0, (len(item.title) * LETTER - item.width) / 2)  # of its name
        x += max(beyond, item.label_room if item is matrices[0] else 0)
        _of_line(drawing, line, item, (x, middle - item.height / 2), first=item is matrices[0])
        x += item.width + beyond


def _below_each_other(drawing: Drawing, line: Line, items: list[Item]) -> None:
    """Each matrix in a row of its own, behind the sign that it comes with."""
    signs = [item for item in items if isinstance(item, str)]
    matrices = [item for item in items if isinstance(item, Shown)]
    x = matrices[0].label_room + max(sign_width(sign) for sign in signs)
    y = 0.0
    before = ""
    for item in items:
        if isinstance(item, str):
            before += f" {item}" if before else item
            continue
        y += item.head
        if before:
            drawing.sign(before, x - sign_width(before), y + item.height / 2)
        _of_line(drawing, line, item, (x, y), first=item is matrices[0])
        y += item.height + ROW_GAP
        before = ""


def _of_line(
    drawing: Drawing, line: Line, item: Shown, at: tuple[float, float], *, first: bool
) -> None:
    """An operand, of which the first alone has its rows labelled, or the result."""
    x, y = at
    if item.answers:
        drawing.name(item.title, x, y - BAND, item.width)
        drawing.result(line, item, x, y)
    else:
        drawing.matrix(item if first else replace(item, row_labels=_plain_rows(item)), x, y)


def in_words(operands: Operands, drawing: Drawing, line: Line) -> None:
    """The matrix, and beside it how it is computed."""
    shown = operands.line(line, copied=False)
    x, y = shown.label_room, shown.head
    drawing.placed[line.node] = Placed(shown, x, y, 0)
    drawing.matrix(shown, x, y, "output")
    text = f"= {operands.namer.inside(line.node)}"
    drawing.space(x + shown.width, y, 3, LINE)
    drawing.say(text, x + shown.width + 3, y + 1, WORDS_WIDTH)


def _plain_rows(shown: Shown) -> tuple[str, ...]:
    return tuple(str(place + 1) for place in range(len(shown.row_labels)))
