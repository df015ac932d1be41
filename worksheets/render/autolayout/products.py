"""Products drawn crosswise: weights at the left, inputs above, the result where they meet.

What stands on the page already is read where it stands: one factor next to the result, and the
other one by its name, if it is not next to it as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from worksheets.engine.graph import ANSWER, Line
from worksheets.engine.node import Node
from worksheets.language import message
from worksheets.render.autolayout.bands import core_of
from worksheets.render.autolayout.drawing import Drawing, Placed, header_height, header_sizes
from worksheets.render.autolayout.functions import decimals
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import (
    BAND,
    GAP,
    OUTLINE,
    TEXT,
    Piece,
    Shown,
    name_width,
    plain,
)
from worksheets.render.metrics import width_of

STUB = "stub"  # the style of what says which matrix elsewhere is read
ROWS_OF, COLUMNS_OF = message("rows of {}"), message("columns of {}")
RAISED = 0.8  # mm, by which the name of weights stands clear of their border
LOWER = 5.0  # mm, by which a header beside a result may reach below it
WITH = message("times the columns of {other}")


@dataclass(frozen=True)
class Factor:
    """One side of a product: how it is drawn, the line that it is of, and how that is read.

    It is `turned` if its rows are that line's columns as the page shows it, and `cut` if some of
    them are left out. `ones` is the number in the row that it has got below.
    """

    shown: Shown
    line: Line | None
    turned: bool
    cut: bool
    ones: str

    @property
    def ground(self) -> str:
        """Return what its cells stand on, if it is drawn as a product's inputs."""
        return "" if self.line and self.line.role == ANSWER else "inputs"

    def is_drawn(self, here: frozenset[Node]) -> bool:
        """Tell whether it is drawn for its product, as the page does not show it yet."""
        return self.line is None or self.line.node not in here

    def stands_in(self, drawing: Drawing) -> bool:
        """Tell whether it can be used where it stands in this drawing."""
        return self.line is not None and self.line.node in drawing.placed and not self.turned


def factors(operands: Operands, line: Line) -> tuple[Factor, Factor] | None:
    """Return what stands at the left of a product and above it; None if one cannot be drawn."""
    left, right = core_of(line.node).parents
    turned = line.node in operands.bands.turned  # then the right one, turned, stands at the left
    if turned:
        left, right = right, left
    found = [_factor(operands, node, turned=turned) for node in (left, right)]
    one, other = found
    return (one, other) if one and other else None


def _factor(operands: Operands, node: Node, *, turned: bool) -> Factor | None:
    # What is transposed and drawn turned stands as it is given.
    twice = turned and node.operation == "transpose"
    shown = operands.upright(node.parents[0] if twice else node)
    if shown is None:
        return None
    shown = shown.turned if turned and not twice else shown
    cut, ones = False, ""
    while node not in operands.lines and len(node.parents) == 1:
        if node.operation == "transpose":
            turned = not turned
        elif node.operation == "with_row":
            ones = str(node.settings[0])
        else:
            cut = True
        (node,) = node.parents
    line = operands.lines.get(node)
    turned ^= node in operands.bands.turned
    return Factor(shown, line, turned, cut, ones)


def down(
    operands: Operands,
    drawing: Drawing,
    line: Line,
    here: frozenset[Node],
    *,
    new: bool,
    beside: bool = False,
) -> bool:
    """Below the matrix that it multiplies, which is in the drawing.

    A new step's header stands at its left, above what it multiplies by, or else `beside` it at the
    right: lower where nothing else comes there.
    """
    pair = factors(operands, line)
    if pair is None:
        return False
    left, right = pair
    if not right.stands_in(drawing) or right.cut or right.line is None:
        return False
    node = right.line.node
    placed = drawing.placed[node]
    if operands.line(line, copied=False).cell != placed.shown.cell:
        return False
    ends = placed.bottom, drawing.bottom(placed.x, placed.x + placed.shown.width)
    for end in dict.fromkeys(round(one, 4) for one in ends):
        trial = drawing.copy()
        if right.ones and placed.grown != right.ones:
            if placed.grown or end > placed.bottom + 0.1:
                continue
            trial.grow(node, right.ones)
        drawn = _below(operands, trial, line, left, right, here, end, new=new and not beside)
        if beside:
            drawn = drawn and _titled_beside(trial, line)
        if drawn and trial.fits(math.inf, drawing.pieces):
            drawing.pieces, drawing.placed = trial.pieces, trial.placed
            return True
    return False


def _below(
    operands: Operands,
    drawing: Drawing,
    line: Line,
    left: Factor,
    right: Factor,
    here: frozenset[Node],
    end: float,
    *,
    new: bool,
) -> bool:
    """Put a product below its right factor, or below what stands there down to this end."""
    if right.line is None:
        return False
    placed = drawing.placed[right.line.node]
    first = end <= placed.bottom + 0.1
    below = max(end, placed.bottom) if first else end
    result = operands.line(line, copied=False)
    drawn = left.is_drawn(here)
    label = "" if drawn else read(operands, left, rows=True)
    weights = replace(left.shown, column_labels=plain(left.shown.column_labels))
    width = weights.width if drawn else stub_width(label)
    edge = placed.x - GAP - width - (weights.label_room if drawn else 0)
    head = (weights.head if drawn else 0) + 1
    y = below + GAP
    if new:
        header = _above_left(drawing, line, edge, placed.x - 2, y - head, below)
        if header is None:
            return False
        x, top, wide = header
        drawing.header(line.step, x, top, wide)
        y = max(y, top + header_height(line.step, wide) + head)
    elif drawn:
        y = max(y, drawing.bottom(edge, placed.x - 2) + head + 1)
    result = result.unlabelled
    first = first and drawing.clear(placed.x, placed.x + result.width, below, y)
    if drawn:
        _weights_left(drawing, weights, placed.x, y)
    else:
        _stub_left(drawing, label, placed.x, y + result.height / 2)
    if first:
        drawing.pieces.append(Piece("down", placed.x + result.width / 2, below, 0, y - below))
        _name(drawing, operands, line, placed.x + result.width / 2 + 1.5, y)
    else:
        more = operands.say(WITH).format(other=right.line.title)
        _name(drawing, operands, line, placed.x, y, f": {more}")
    drawing.put(line, result, placed.x, y)
    return True


def _titled_beside(drawing: Drawing, line: Line) -> bool:
    """Put the header of a step at the right of its result; tell if there is room."""
    placed = drawing.placed[line.node]
    x, high = placed.x + placed.shown.width + 3, placed.shown.height + LOWER
    return drawing.headed(line.step, lambda tall: ((x, placed.y),) if tall <= high else ())


def _above_left(
    drawing: Drawing, line: Line, edge: float, right: float, bottom: float, above: float
) -> tuple[float, float, float] | None:
    """Return the header's x, y and width: at the left of a result, above its weights."""
    for width, high in header_sizes(line.step):
        x = min(edge, right - width)
        top = max(bottom - high, drawing.bottom(x, right) + 2.5)
        if top <= above + 8 or width >= 60:
            return x, top, max(width, right - x)
    return None


def right(
    operands: Operands, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool
) -> bool:
    """To the right of its left factor, which is in the drawing."""
    pair = factors(operands, line)
    if pair is None:
        return False
    left, above = pair
    if not left.stands_in(drawing) or left.cut or left.ones or left.line is None:
        return False
    if not new and left.line.step != line.step:  # nothing would say whose step it is
        return False
    placed = drawing.placed[left.line.node]
    drawn = above.is_drawn(here)
    result = operands.line(line, copied=False)
    inputs = above.shown
    if drawn:
        cell = max(result.cell, inputs.cell)
        result, inputs = replace(result, cell=cell), replace(inputs, cell=cell)
    x = placed.x + placed.shown.width + GAP
    room = inputs.height + inputs.head + GAP if drawn else GAP + BAND
    top = placed.y - room
    result = result.unlabelled
    if drawn:
        drawing.matrix(inputs, x, placed.y - GAP - inputs.height, above.ground)
    else:
        _stub_above(drawing, read(operands, above, rows=False), x, placed.y, result.width)
    middle = x + result.width / 2
    drawing.pieces.append(Piece("down", middle, placed.y - GAP, 0, GAP))
    drawing.pieces.append(Piece("right", x - GAP, placed.middle, GAP, 0))
    _name(drawing, operands, line, middle + 1.5, placed.y)
    drawing.put(line, result, x, placed.y)
    return not new or drawing.headed(
        line.step,
        lambda high: (
            (x + result.width + 3, placed.y - GAP),
            (x, placed.y + result.height + 2),
            (x + max(result.width, inputs.width if drawn else 0) + 8, top),
            (x, top - high - 1),
        ),
    )


def crosswise(operands: Operands, drawing: Drawing, line: Line, here: frozenset[Node]) -> bool:
    """A product of its own; false if a factor cannot be drawn."""
    pair = factors(operands, line)
    if pair is None:
        return False
    left, above = pair
    draw_left, draw_above = (one.is_drawn(here) for one in pair)
    if not draw_left and not draw_above:  # at most one of them is read from afar
        sizes = [one.shown.width * one.shown.height * _weight(one) for one in pair]
        draw_left, draw_above = sizes[0] <= sizes[1], sizes[0] > sizes[1]
    result, inputs = operands.line(line, copied=False), above.shown
    cell = max(result.cell, inputs.cell if draw_above else 0.0)
    result, inputs = replace(result, cell=cell), replace(inputs, cell=cell)
    weights = replace(left.shown, column_labels=plain(left.shown.column_labels))
    label = read(operands, left, rows=True)
    x = GAP + (weights.label_room + weights.width if draw_left else stub_width(label))
    y = GAP + (inputs.head + inputs.height if draw_above else BAND)
    y = max(y, weights.head + 1 if draw_left else 0)
    if draw_left:
        if left.line and left.ground and not (left.cut or left.turned or left.ones):
            _stands(drawing, left, left.line, weights, x - GAP - weights.width, y)
        _weights_left(drawing, weights, x, y)
    else:
        _stub_left(drawing, label, x, y + result.height / 2)
    if draw_above:
        if above.line and above.ground and not (above.cut or above.turned):
            _stands(drawing, above, above.line, inputs, x, y - GAP - inputs.height)
        drawing.matrix(inputs, x, y - GAP - inputs.height, above.ground)
    else:
        _stub_above(drawing, read(operands, above, rows=False), x, y, result.width)
    middle = x + result.width / 2
    drawing.pieces.append(Piece("down", middle, y - GAP, 0, GAP))
    _name(drawing, operands, line, middle + 1.5, y)
    drawing.put(line, result.unlabelled, x, y)
    return True


def _stands(drawing: Drawing, factor: Factor, line: Line, shown: Shown, x: float, y: float) -> None:
    """Let later lines go on from a given, which is drawn next, for this product."""
    rows = shown.row_labels[:-1] if factor.ones else shown.row_labels
    own = replace(shown, row_labels=rows, line=line.node)
    drawing.placed[line.node] = Placed(own, x, y, len(drawing.pieces), factor.ones)


def _weight(factor: Factor) -> int:
    """Weigh what it costs to draw a factor again: a copy is ten times a given."""
    return 1 if factor.ground else 10


def read(operands: Operands, factor: Factor, *, rows: bool) -> str:
    """Say what is read of a factor that stands elsewhere on the page."""
    title = factor.line.title if factor.line else factor.shown.title
    if not factor.turned:
        return title
    return operands.say(COLUMNS_OF if rows else ROWS_OF).format(title)


def _weights_left(drawing: Drawing, weights: Shown, x: float, y: float) -> None:
    """Weights at the left of a product whose first cell is at x, y, with room for their border."""
    left = x - GAP - weights.width
    drawing.matrix(replace(weights, title=""), left, y)
    if weights.title:
        drawing.name(weights.title, left, y - weights.head - RAISED, weights.width)
    drawing.space(left, y + weights.height, weights.width, OUTLINE)
    drawing.pieces.append(Piece("right", x - GAP, y + weights.height / 2, GAP, 0))


def stub_width(text: str) -> float:
    """Return the width in mm of what says which matrix elsewhere is read."""
    return width_of(text, TEXT) + 2


def _stub_left(drawing: Drawing, text: str, x: float, middle: float) -> None:
    """An arrow from what stands elsewhere and has its rows in a product's."""
    width = stub_width(text)
    drawing.pieces.append(
        Piece("note", x - GAP - width, middle - BAND / 2, width, BAND, text, STUB)
    )
    drawing.pieces.append(Piece("right", x - GAP, middle, GAP, 0))


def _stub_above(drawing: Drawing, text: str, x: float, y: float, width: float) -> None:
    """The same of what has its columns in a product's."""
    room = max(width, stub_width(text))
    drawing.pieces.append(
        Piece("note", x + (width - room) / 2, y - GAP - BAND, room, BAND, text, f"{STUB} middle")
    )


def _name(
    drawing: Drawing, operands: Operands, line: Line, x: float, y: float, more: str = ""
) -> None:
    """A product's name, over it and beside the arrow that leads down to it."""
    text = line.title + more
    if line.decimals is not None:
        text += f", {decimals(line.decimals, operands.say)}"
    width = max(name_width(text), 4)
    drawing.pieces.append(Piece("note", x, y - BAND - 0.4, width, BAND, text, "beside"))
