"""Lines that are no products: matrices and signs side by side, functions behind an arrow, words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from worksheets.engine.graph import Line
from worksheets.engine.matrix import Labels
from worksheets.engine.node import Node
from worksheets.render.drawn.drawing import HEADER_WIDTH, Drawing, Placed, header_height
from worksheets.render.drawn.expression import Expressions
from worksheets.render.drawn.functions import decimals
from worksheets.render.drawn.operand import Operands
from worksheets.render.drawn.piece import LETTER, LINE, Item, Shown, Sign, plain

WORDS_WIDTH = 62.0
ROW_GAP = 2.0


def whole_line(operands: Operands, expressions: Expressions, line: Line, core: Node) -> list[Item]:
    """The right side, a sign unless an arrow ends it, and the result."""
    items = expressions.items(core)
    result = operands.line(line, copied=False)
    first = next((item for item in items if isinstance(item, Shown)), result)
    result = replace(
        result,
        row_labels=_other(result.row_labels, first.row_labels),
        column_labels=_other(result.column_labels, first.column_labels),
    )
    last = items[-1]
    if isinstance(last, Sign) and last.arrow:
        return [*items, result]
    about = core is not line.node and line.decimals is not None
    return [*items, Sign("≈", decimals(line.decimals or 0)) if about else Sign("="), result]


def from_placed(drawing: Drawing, line: Line, items: Sequence[Item], *, new: bool) -> bool:
    """To the right of the matrix that it starts with, if that is in the drawing as it is."""
    head = items[0]
    if not isinstance(head, Shown) or head.line not in drawing.placed:
        return False
    placed = drawing.placed[head.line]
    if placed.shown.height != head.height:  # it has got a row of ones
        return False
    x, middle = placed.x + placed.shown.width, placed.middle[1]
    rest = items[1:]
    if new:
        above = max(one.head + one.height / 2 for one in rest if isinstance(one, Shown))
        height = header_height(line.step, HEADER_WIDTH)
        drawing.header(line.step, x + 2, middle - above - height - 1, HEADER_WIDTH)
    _side_by_side(drawing, line, rest, x, middle, head.row_labels)
    return True


def in_line(drawing: Drawing, line: Line, items: Sequence[Item]) -> bool:
    """Side by side, or below each other if that is too wide; false if that is so, too."""
    for lay_out in (_in_one_row, _below_each_other):
        tried = Drawing()
        lay_out(tried, line, items)
        if tried.fits(math.inf):
            drawing.pieces += tried.pieces
            drawing.placed |= tried.placed
            return True
    return False


def _in_one_row(drawing: Drawing, line: Line, items: Sequence[Item]) -> None:
    middle = max(one.head + one.height / 2 for one in items if isinstance(one, Shown))
    _side_by_side(drawing, line, items, 0.0, middle)


def _side_by_side(
    drawing: Drawing,
    line: Line,
    items: Sequence[Item],
    x: float,
    middle: float,
    labels: Labels | None = None,
) -> None:
    """From x on; rows have labels unless these are the same as the first matrix's."""
    for item in items:
        if isinstance(item, Sign):
            drawing.sign(item, x, middle)
            x += item.width
            continue
        shown = (
            replace(item, row_labels=plain(item.row_labels)) if item.row_labels == labels else item
        )
        labels = labels or item.row_labels
        beyond = max(0.0, (len(shown.title) * LETTER - shown.width) / 2)  # of its name
        x += max(beyond, shown.label_room)
        _put(drawing, line, shown, x, middle - shown.height / 2)
        x += shown.width + beyond


def _below_each_other(drawing: Drawing, line: Line, items: Sequence[Item]) -> None:
    """Each matrix in a row of its own, behind the signs that it comes with."""
    rows: list[tuple[list[Sign], Shown]] = []
    before: list[Sign] = []
    for item in items:
        if isinstance(item, Shown):
            rows.append((before, item))
            before = []
        else:
            before.append(item)
    x = max(shown.label_room + sum(sign.width for sign in signs) for signs, shown in rows)
    y = 0.0
    for signs, shown in rows:
        y += shown.head
        at = x - shown.label_room - sum(sign.width for sign in signs)
        for sign in signs:
            drawing.sign(sign, at, y + shown.height / 2)
            at += sign.width
        _put(drawing, line, shown, x, y)
        y += shown.height + ROW_GAP


def _put(drawing: Drawing, line: Line, item: Shown, x: float, y: float) -> None:
    """An operand, or the result, whose name stands over it as well."""
    if item.answers:
        drawing.name(item.title, x, y - item.head, item.width)
        drawing.result(line, item, x, y)
    else:
        drawing.matrix(item, x, y)


def in_words(operands: Operands, drawing: Drawing, line: Line) -> None:
    """The matrix, and beside it how it is computed."""
    shown = operands.line(line, copied=False)
    x, y = shown.label_room, shown.head
    drawing.placed[line.node] = Placed(shown, x, y, 0)
    drawing.matrix(shown, x, y, "output")
    text = f"= {operands.namer.inside(line.node)}"
    drawing.space(x + shown.width, y, 3, LINE)
    drawing.say(text, x + shown.width + 3, y + 1, WORDS_WIDTH)


def _other(labels: Labels, first: Labels) -> Labels:
    """Labels, unless the first matrix has the same."""
    return plain(labels) if labels == first else labels
