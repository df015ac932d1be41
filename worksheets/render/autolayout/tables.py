"""Tables of functions as a page prints them, in several shapes: it takes what it has room for."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import chain, product

from worksheets.engine.notation import on_paper, write
from worksheets.render.autolayout.drawing import WIDTH, Drawing
from worksheets.render.autolayout.piece import Piece, Table, text_height
from worksheets.render.autolayout.tabulated import FEW, Pair, Tabulated

CELL_HEIGHT = 5.4
NOTES = (31.5, 40.0, 60.0, 80.0, 120.0)  # mm, how long the lines of a note may be
LEAST_ROWS, TALLEST = 4, 200.0  # of pairs in a standing table, and mm
BELOW = 1.5
TEN = 10


def shapes(function: Tabulated) -> list[Drawing]:
    """Return the table lying, and standing with its pairs in one column, in two and so on.

    How to use it stands below, in lines of several lengths.
    """
    return _shapes(function, function.note)


@cache
def _shapes(function: Tabulated, _: str) -> list[Drawing]:
    """Return them, kept for each table and each note of it, which tells no two tables apart."""
    most = max(1, -(-len(function.pairs) // LEAST_ROWS))
    some = [_lying(function, note) for note in NOTES]
    if not _is_by_ten(function):
        some += [_standing(function, *way) for way in product(range(1, most + 1), NOTES)]
    found: dict[tuple[float, float], Drawing] = {}
    for one in some:
        if one.pieces and one.fits(TALLEST):
            found.setdefault(one.size, one)
    return list(found.values())


def _lying(function: Tabulated, note: float) -> Drawing:
    """The tables below each other, and how to use them in lines of this width at least."""
    drawing = Drawing()
    y = 0.0
    for table in _tables(function):
        width, height = table.width, (len(table.rows) + 1) * CELL_HEIGHT
        drawing.pieces.append(Piece("table", 0, y, width + 0.2, height + 0.2, table=table))
        y += height + BELOW
    width = max(note, drawing.box[2] if drawing.pieces else 0)
    for text in (function.in_tens if _is_by_ten(function) else "", function.note):
        if text:
            height = text_height(text, width)
            drawing.pieces.append(Piece("note", 0, y, width, height, text))
            y += height
    return drawing


def _standing(function: Tabulated, columns: int, note: float) -> Drawing:
    """Return the table with its pairs below each other in so many columns; nothing without pairs.

    How to use it stands in lines of this width at least.
    """
    drawing = Drawing()
    if not function.pairs:
        return drawing
    count = -(-len(function.pairs) // columns)
    columns = -(-len(function.pairs) // count)
    texts = [*function.pairs, *[("", "")] * (count * columns - len(function.pairs))]
    rows = [tuple(chain(*texts[place::count])) for place in range(count)]
    head = (function.argument, function.name) * columns
    table = Table(head[0], head[1:], tuple((row[0], row[1:]) for row in rows))
    wide, high = table.width + 0.2, (count + 1) * CELL_HEIGHT + 0.2
    drawing.pieces.append(Piece("table", 0, 0, wide, high, table=table))
    if function.note:
        room = max(wide, note)
        tall = text_height(function.note, room)
        drawing.pieces.append(Piece("note", 0, high + BELOW, room, tall, function.note))
    return drawing


def _tables(function: Tabulated) -> list[Table]:
    pairs = function.pairs
    if _is_by_ten(function):
        return [_by_ten(function)]
    for rows in range(1, len(pairs) + 1):
        each = -(-len(pairs) // rows)
        some = [_row(function, pairs[at : at + each]) for at in range(0, len(pairs), each)]
        if max(one.width for one in some) < WIDTH:
            return some
    return []


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
