"""Lines that are no products: matrices and signs side by side, functions behind an arrow, words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worksheets.engine.graph import Line
from worksheets.engine.matrix import Labels
from worksheets.engine.node import Node
from worksheets.render.autolayout.drawing import HEADER_WIDTH, WIDTH, Drawing, Placed, header_height
from worksheets.render.autolayout.expression import Expressions
from worksheets.render.autolayout.functions import decimals
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import LETTER, LINE, Item, Shown, Sign, plain

WORDS_WIDTH = 62.0
ROW_GAP = 2.0


def whole_line(operands: Operands, expressions: Expressions, line: Line, core: Node) -> list[Item]:
    """The right side, a sign unless an arrow ends it, and the result; or the result alone."""
    result = operands.line(line, copied=False)
    if not line.drawn:
        return [result]
    items = expressions.items(core)
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
    return [
        *items,
        Sign("≈", decimals(line.decimals or 0, operands.say)) if about else Sign("="),
        result,
    ]


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
    """Side by side, in as many rows as it takes; false if a matrix alone is too wide."""
    tried, y = Drawing(), 0.0
    for row in _rows(items):
        shown = [one for one in row if isinstance(one, Shown)]
        middle = max(one.head + one.height / 2 for one in shown)
        _side_by_side(tried, line, row, 0.0, y + middle)
        y += middle + max(one.height / 2 for one in shown) + ROW_GAP
    if not tried.fits(math.inf):
        return False
    drawing.pieces += tried.pieces
    drawing.placed |= tried.placed
    return True


def _rows(items: Sequence[Item]) -> list[list[Item]]:
    """Broken where a sign comes before the matrix for which there is no room any more."""
    rows: list[list[Item]] = [[]]
    for some in _unbroken(items):
        if rows[-1] and sum(map(_room, [*rows[-1], *some])) > WIDTH:
            rows.append([])
        rows[-1] += some
    return rows


def _unbroken(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Each matrix with the signs before it, and the brackets that close behind it."""
    some: list[Item] = []
    for place, item in enumerate(items):
        some.append(item)
        closing = items[place + 1 : place + 2] == [Sign(")")]
        ends = isinstance(item, Shown) or item.text == ")"
        if ends and not closing and any(isinstance(one, Shown) for one in some):
            yield some
            some = []


def _room(item: Item) -> float:
    if isinstance(item, Sign):
        return item.width
    return max(item.width + item.label_room, len(item.title) * LETTER)


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
