"""Lines that are no products: matrices and signs side by side, functions behind an arrow, words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from worksheets.engine.graph import ANSWER, Line
from worksheets.engine.matrix import Labels
from worksheets.engine.node import Node
from worksheets.render.autolayout.bands import core_of
from worksheets.render.autolayout.bands import operands as operands_of
from worksheets.render.autolayout.drawing import WIDTH, Drawing, Placed
from worksheets.render.autolayout.expression import Expressions
from worksheets.render.autolayout.functions import decimals
from worksheets.render.autolayout.naming import how
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import (
    BAND,
    CELL_HEIGHT,
    LINE,
    WIDE,
    Item,
    Shown,
    Sign,
    labels_informative,
    name_width,
    plain,
)

WORDS_WIDTH = 62.0
ROW_GAP = 2.0


def whole_line(
    operands: Operands, expressions: Expressions, line: Line, core: Node, here: frozenset[Node]
) -> list[Item]:
    """The right side, a sign unless an arrow ends it, and the result; or the result alone.

    One matrix that the page has already is read there, by its name, and so is each number.
    """
    result = operands.line(line, copied=False)
    if line.how is not None:
        return [result]
    items = _named(expressions.items(core), here, operands)
    first = next((item for item in items if isinstance(item, Shown)), result)
    result = replace(
        result,
        row_labels=_other(result.row_labels, first.row_labels),
        column_labels=_other(result.column_labels, first.column_labels),
    )
    last = items[-1]
    about = core is not line.node and line.decimals is not None
    rounded = decimals(line.decimals or 0, operands.say) if about else ""
    if isinstance(last, Sign) and last.arrow:
        return [*items[:-1], replace(last, under=last.under or rounded), result]
    return [*items, Sign("≈", rounded) if about else Sign("="), result]


def _named(items: list[Item], here: frozenset[Node], operands: Operands) -> list[Item]:
    """Return them with names for numbers, and for the one matrix that it is hardest to copy."""
    there = [one for one in items if isinstance(one, Shown) and (one.line or one.part_of) in here]
    answers = {line.node for line in operands.lines.values() if line.role == ANSWER}
    there.sort(key=lambda one: (one.line in answers, one.width * one.height), reverse=True)
    several = [one for one in there if one.width * one.height > CELL_HEIGHT * WIDE]
    named = [one for one in there if one not in several[1:]]
    left = [one for one in items if isinstance(one, Shown) and one not in named]
    if not left and several:
        named = [one for one in named if one is not several[0]]
    return [Sign(one.title, strong=True) if one in named else one for one in items]


def arrow(
    operands: Operands,
    expressions: Expressions,
    drawing: Drawing,
    line: Line,
    here: frozenset[Node],
    *,
    new: bool,
) -> bool:
    """To the right of what it is worked out from cell by cell, with how over an arrow."""
    core = core_of(line.node)
    used = operands_of(core, operands.lines)
    if any(node not in here and node not in drawing.placed for node in used):
        return False
    items = expressions.items(core)
    last = items[-1]
    alone = isinstance(last, Sign) and last.arrow and len(used) == 1 == len(core.parents)
    text = last.text if alone and isinstance(last, Sign) else how(expressions, core, operands.say)
    under = "" if line.decimals is None else decimals(line.decimals, operands.say)
    shown = operands.line(line, copied=False)
    for node in sorted(used, key=lambda one: -_place(drawing, one)):
        placed = drawing.placed.get(node)
        if placed is None or len(placed.shown.row_labels) != len(shown.row_labels):
            continue
        if not new and operands.lines[node].step != line.step:  # nothing says whose step it is
            continue
        if _has_answer_below(operands, drawing, placed):  # a later line would stand above it
            continue
        trial = drawing.copy()
        sign = Sign(text, under, arrow=True)
        if _to_the_right(trial, line, placed, shown, sign, new) and trial.fits(
            math.inf, drawing.pieces
        ):
            drawing.pieces, drawing.placed = trial.pieces, trial.placed
            return True
    return False


def _has_answer_below(operands: Operands, drawing: Drawing, placed: Placed) -> bool:
    """Tell whether a row of a ledger is followed by one that was worked out before."""
    return placed.shown.is_row and any(
        one.x == placed.x and one.y > placed.bottom and operands.lines[node].role == ANSWER
        for node, one in drawing.placed.items()
    )


def _place(drawing: Drawing, node: Node) -> int:
    return drawing.placed[node].piece if node in drawing.placed else -1


def _to_the_right(
    drawing: Drawing, line: Line, placed: Placed, shown: Shown, sign: Sign, new: bool
) -> bool:
    x = placed.x + placed.shown.width
    drawing.sign(sign, x, placed.middle)
    x += sign.width
    same = shown.column_labels == placed.shown.column_labels
    bare = replace(
        shown,
        row_labels=plain(shown.row_labels),
        column_labels=plain(shown.column_labels) if same else shown.column_labels,
    )
    head = BAND * (1 + labels_informative(bare.column_labels))
    drawing.name(shown.title, x, placed.y - head, shown.width)
    drawing.put(line, bare, x, placed.y)
    top = placed.y - head
    return not new or drawing.headed(
        line.step,
        lambda high: (
            (x - sign.width + 2, top - high - 1),
            (x, top - high - 1),
            (x + shown.width + 4, top),
            (x - sign.width + 2, placed.bottom + 2),
        ),
    )


def from_placed(
    operands: Operands, drawing: Drawing, line: Line, items: Sequence[Item], *, new: bool
) -> bool:
    """To the right of the matrix that it starts with, if that is in the drawing as it is."""
    head = items[0]
    if not isinstance(head, Shown) or head.line not in drawing.placed:
        return False
    if not new and operands.lines[head.line].step != line.step:
        return False
    placed = drawing.placed[head.line]
    if len(placed.shown.row_labels) != len(head.row_labels):
        return False
    x, middle = placed.x + placed.shown.width, placed.middle
    rest = items[1:]
    above = max(one.head + one.height / 2 for one in rest if isinstance(one, Shown))
    _side_by_side(drawing, line, rest, x, middle, head.row_labels)
    right = drawing.box[2]
    return not new or drawing.headed(
        line.step,
        lambda high: (
            (x + 2, middle - above - high - 1),
            (right + 3, middle - above),
            (x + 2, placed.bottom + 2),
        ),
    )


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
    return max(item.width + item.label_room, name_width(item.title))


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
        beyond = max(0.0, (name_width(shown.title) - shown.width) / 2)  # of its name
        x += max(beyond, shown.label_room)
        _put(drawing, line, shown, x, middle - shown.height / 2)
        x += shown.width + beyond


def _put(drawing: Drawing, line: Line, item: Shown, x: float, y: float) -> None:
    """An operand, or the result, whose name stands over it as well."""
    if item.answers:
        drawing.name(item.title, x, y - item.head, item.width)
        drawing.put(line, item, x, y)
    else:
        drawing.matrix(item, x, y, item.ground)


def in_words(operands: Operands, drawing: Drawing, line: Line) -> None:
    """The matrix, and beside it how it is computed."""
    shown = operands.line(line, copied=False)
    x, y = shown.label_room, shown.head
    drawing.put(line, shown, x, y)
    text = f"= {operands.namer.inside(line.node)}"
    drawing.space(x + shown.width, y, 3, LINE)
    drawing.say(text, x + shown.width + 3, y + 1, WORDS_WIDTH)


def _other(labels: Labels, first: Labels) -> Labels:
    """Labels, unless the first matrix has the same."""
    return plain(labels) if labels == first else labels
