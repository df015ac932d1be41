"""Products drawn crosswise: weights at the left, inputs above, the result where they meet."""

from __future__ import annotations

from dataclasses import replace

from worksheets.engine.graph import Line
from worksheets.engine.node import Node
from worksheets.render.autolayout.drawing import HEADER_WIDTH, Drawing, Placed, header_height
from worksheets.render.autolayout.functions import decimals
from worksheets.render.autolayout.operand import Operands, extended
from worksheets.render.autolayout.piece import (
    BAND,
    GAP,
    LETTER,
    Piece,
    Shown,
    labels_informative,
    plain,
)


def crosswise(operands: Operands, drawing: Drawing, line: Line, core: Node) -> bool:
    """A product of its own; false if a factor cannot be drawn."""
    left, right = map(operands.matrix, core.parents)
    if left is None or right is None:
        return False
    result, right = _as_wide(operands.line(line, copied=False), right)
    x = left.label_room + left.width + GAP
    y = right.head + right.height + GAP
    drawing.matrix(replace(left, column_labels=plain(left.column_labels)), left.label_room, y)
    drawing.matrix(right, x, right.head, "inputs")
    _arrows(operands, drawing, line, result, right.head + right.height, (x, y))
    drawing.result(line, result, x, y)
    return True


def down(
    operands: Operands, drawing: Drawing, line: Line, left: Node, right: Node, *, new: bool
) -> bool:
    """Below the matrix that it multiplies, which is in the drawing."""
    weights = operands.matrix(left)
    result = operands.line(line, copied=False)
    placed = drawing.placed[right.parents[0] if right.operation == "with_row" else right]
    if weights is None or (result.wide and not placed.shown.wide):
        return False
    result = replace(result.unlabelled, wide=placed.shown.wide)
    if right.operation == "with_row":
        placed = _grown(drawing, right, placed)
    bottom = placed.y + placed.shown.height
    head = weights.head if labels_informative(weights.column_labels) else BAND * bool(weights.title)
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
    drawing.matrix(replace(weights, column_labels=plain(weights.column_labels)), left_x, y)
    _arrows(operands, drawing, line, result, bottom, (placed.x, y))
    drawing.result(line, result, placed.x, y)
    return True


def right(
    operands: Operands, drawing: Drawing, line: Line, left: Node, right: Node, *, new: bool
) -> bool:
    """To the right of its left factor, which is in the drawing."""
    above = operands.matrix(right)
    if above is None:
        return False
    result, above = _as_wide(operands.line(line, copied=False), above)
    placed = drawing.placed[left]
    x = placed.x + placed.shown.width + GAP
    top = placed.y - GAP - above.height
    if new:
        height = header_height(line.step, HEADER_WIDTH)
        drawing.header(line.step, x, top - above.head - height - 1, HEADER_WIDTH)
    drawing.matrix(above, x, top, "inputs")
    _arrows(operands, drawing, line, result, top + above.height, (x, placed.y))
    drawing.result(line, result, x, placed.y)
    return True


def _arrows(
    operands: Operands,
    drawing: Drawing,
    line: Line,
    result: Shown,
    top: float,
    at: tuple[float, float],
) -> None:
    """The arrow down to a product at x, y, with its name beside, and the one from its left."""
    x, y = at
    middle = x + result.width / 2
    name = line.title
    if line.decimals is not None:
        name += f" ≈ {decimals(line.decimals, operands.say)}"
    drawing.pieces.append(Piece("down", middle, top, 0, y - top))
    drawing.pieces.append(
        Piece("note", middle + 1.5, y - BAND - 0.4, max(len(name) * LETTER, 4), BAND, name,
              "beside")
    )  # fmt: skip
    drawing.pieces.append(Piece("right", x - GAP, y + result.height / 2, GAP, 0))


def _as_wide(result: Shown, above: Shown) -> tuple[Shown, Shown]:
    """A product's columns are as wide as those that stand above it."""
    wide = result.wide or above.wide
    return replace(result.unlabelled, wide=wide), replace(above, wide=wide)


def _grown(drawing: Drawing, right: Node, placed: Placed) -> Placed:
    """A placed matrix with the row of ones, or zeros, that its next product needs."""
    shown = extended(placed.shown, str(right.settings[0]))
    piece = drawing.pieces[placed.piece]
    drawing.pieces[placed.piece] = replace(piece, view=shown.view, height=shown.height)
    return replace(placed, shown=shown)
