"""Tables of functions as a page prints them: a row of values, or ten columns if these are many."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain

from worksheets.engine.notation import on_paper, write
from worksheets.render.autolayout.drawing import Drawing
from worksheets.render.autolayout.piece import Piece, Table, text_height
from worksheets.render.autolayout.tabulated import FEW, IN_A_ROW, Pair, Tabulated

CELL_WIDTH, CELL_HEIGHT = 11.0, 5.4
NARROWEST = 60.0  # of a note
BELOW = 1.5
TEN = 10


def drawing_of(function: Tabulated) -> Drawing:
    """The tables below each other, and how to use them."""
    drawing = Drawing()
    y = 0.0
    for table in _tables(function):
        width, height = (len(table.head) + 1) * CELL_WIDTH, (len(table.rows) + 1) * CELL_HEIGHT
        drawing.pieces.append(Piece("table", 0, y, width + 0.2, height + 0.2, table=table))
        y += height + BELOW
    width = max(NARROWEST, drawing.box[2] if drawing.pieces else 0)
    for note in (function.in_tens if _is_by_ten(function) else "", function.note):
        if note:
            height = text_height(note, width)
            drawing.pieces.append(Piece("note", 0, y, width, height, note))
            y += height
    return drawing


def standing(function: Tabulated, width: float) -> Drawing | None:
    """Return the table with its pairs below each other, in as many columns as the width holds."""
    columns = int(width // (2 * CELL_WIDTH + 0.5))
    if columns < 1 or not function.pairs:
        return None
    count = -(-len(function.pairs) // columns)
    columns = -(-len(function.pairs) // count)
    texts = [*function.pairs, *[("", "")] * (count * columns - len(function.pairs))]
    rows = [tuple(chain(*texts[place::count])) for place in range(count)]
    head = (function.argument, function.name) * columns
    table = Table(head[0], head[1:], tuple((row[0], row[1:]) for row in rows))
    drawing = Drawing()
    wide, high = len(head) * CELL_WIDTH + 0.2, (count + 1) * CELL_HEIGHT + 0.2
    drawing.pieces.append(Piece("table", 0, 0, wide, high, table=table))
    if function.note:
        room = max(wide, width - 0.5)
        tall = text_height(function.note, room)
        drawing.pieces.append(Piece("note", 0, high + BELOW, room, tall, function.note))
    return drawing


def _tables(function: Tabulated) -> list[Table]:
    pairs = function.pairs
    if _is_by_ten(function):
        return [_by_ten(function)]
    rows = -(-len(pairs) // IN_A_ROW)
    each = -(-len(pairs) // rows) if rows else 1
    return [_row(function, pairs[start : start + each]) for start in range(0, len(pairs), each)]


def _is_by_ten(function: Tabulated) -> bool:
    return function.step is not None and len(function.pairs) > FEW


def _row(function: Tabulated, pairs: tuple[Pair, ...]) -> Table:
    arguments, values = zip(*pairs, strict=True)
    return Table(function.argument, tuple(arguments), ((function.name, tuple(values)),))


def _by_ten(function: Tabulated) -> Table:
    """An argument is the label of its row and that of its column together."""
    step = function.step or Fraction(1)
    values = dict(function.pairs)
    numbers = range(len(function.pairs) + 1)
    head = tuple(on_paper(write(step * place)) for place in range(TEN))
    rows = []
    for start in numbers[::TEN]:
        arguments = (on_paper(write(step * (start + place))) for place in range(TEN))
        row = tuple(values.pop(argument, "") for argument in arguments)
        if any(row):
            rows.append((on_paper(write(step * start)), row))
    blank = ("",) * (TEN - 1)  # each row has all columns, also for a screen reader
    rows += [(end, (value, *blank)) for end, value in values.items()]  # for less, or for more
    return Table(function.name, head, tuple(rows))
