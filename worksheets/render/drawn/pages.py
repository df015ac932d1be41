"""Drawings on pages: side by side while there is room, each part in a frame of its colour."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, product

from worksheets import exercise
from worksheets.engine.graph import GIVEN, Graph, Line, Part, Step
from worksheets.language import ENGLISH, Say, say_in
from worksheets.render.drawn.drawing import Drawing, continued
from worksheets.render.drawn.pen import BESIDE, Pen
from worksheets.render.drawn.piece import Piece
from worksheets.render.drawn.tables import drawing_of
from worksheets.render.drawn.tabulated import Tabulated

TOP, BOTTOM = 15.0, 245.0  # of a page's frames
LEFT, RIGHT = 4.5, 185.5  # of what stands in a frame
BAR, MARGIN = 7.5, 4.0  # a frame's title, and what stays free below it and at its end
TALLEST = (190.0, 75.0)  # how high a drawing may grow: lower ones may fill pages better
COLUMN = (90.0, 0.0, 190.0)  # how high lines of one step may be stacked
BELOW = 5.5  # between rows of drawings
MOST_STRETCH = 9.0  # what else may lie between two rows of drawings
ROOM, ROOM_BESIDE = 24.0, 30.0  # how high, and how wide, what is left is offered to calculate in


@dataclass
class Row:
    """Drawings side by side, or in columns where two or more are as low as the highest is alone."""

    columns: list[list[Drawing]] = field(default_factory=list)

    @property
    def width(self) -> float:
        """With what lies between."""
        return sum(map(_width, self.columns)) + BESIDE * (len(self.columns) - 1)

    @property
    def height(self) -> float:
        """Of the highest."""
        return max(map(_height, self.columns))

    def take(self, drawing: Drawing, highest: float) -> bool:
        """Below the last one or else beside it, if there is room.

        There is below it as long as the row gets no higher, or for the same step no higher than
        `highest`.
        """
        *before, last = self.columns
        limit = max(self.height, highest if drawing.step == last[-1].step else 0)
        below, beside = Row([*before, [*last, drawing]]), Row([*self.columns, [drawing]])
        for row, tallest in ((below, limit), (beside, math.inf)):
            if row.width <= RIGHT - LEFT and row.height <= tallest:
                self.columns = row.columns
                return True
        return False

    def is_of(self, step: Step | None) -> bool:
        """Whether it shows this step alone."""
        return all(one.first == one.step == step for column in self.columns for one in column)

    def begun_anew(self, say: Say) -> Row:
        """The same where nothing above it says which step it belongs to."""
        (first, *below), *others = self.columns
        return Row([[continued(first, say), *below], *others])


def _width(column: list[Drawing]) -> float:
    return max(one.box[2] for one in column)


def _height(column: list[Drawing]) -> float:
    return sum(one.box[3] for one in column) + BELOW * (len(column) - 1)


@dataclass
class Frame:
    """A part on a page, from y on; `continued` if it began on an earlier one."""

    part: Part
    y: float
    continued: bool
    rows: list[Row] = field(default_factory=list)
    height: float = 0.0

    @property
    def needs(self) -> float:
        """How high it is at least."""
        return BAR + MARGIN + sum(row.height + BELOW for row in self.rows) - BELOW + MARGIN


@dataclass
class Page:
    """Frames below each other, and what stands in them; `tables` of functions are among it."""

    frames: list[Frame] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    tables: list[Tabulated] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """Where its last frame ends, at least."""
        return TOP + sum(frame.needs + MARGIN / 2 for frame in self.frames) - MARGIN / 2


@cache
def pages(kind: str, level: int, language: str = ENGLISH) -> list[Page]:
    """The pages of a kind's level, the same for every sheet in a language: as few as may be."""
    graph, say = exercise.graph(kind, level, language), say_in(language)
    parts = list(dict.fromkeys(line.step.part for line in graph.lines.values()))
    choices = product(COLUMN, product(TALLEST, repeat=len(parts)))
    return min(
        (
            _laid_out(graph, dict(zip(parts, tallest, strict=True)), column, say)
            for column, tallest in choices
        ),
        key=len,
    )


def _laid_out(graph: Graph, tallest: Mapping[Part, float], column: float, say: Say) -> list[Page]:
    found = [Page()]
    for part, drawings in groupby(_drawings(Pen(graph, tallest, say)), key=_part):
        for number, row in enumerate(_rows(list(drawings), column, say)):
            _put(found, part, row, say, first=number == 0)
    for page in found:
        _spread(page)
    return found


def _part(drawing: Drawing) -> Part:
    if drawing.step is None:
        raise ValueError("a drawing without a step")
    return drawing.step.part


def _drawings(pen: Pen) -> Iterator[Drawing]:
    """The lines in their order, as few drawings as they fit in."""
    graph = pen.graph
    shown = _shown_in_their_step(graph, pen)
    current: Drawing | None = None
    for _, some in groupby(graph.lines.values(), key=lambda line: line.step):
        first = True
        for line in some:
            if line in shown:
                continue
            further = (
                pen.goes_on(current, line) if current and _part(current) == line.step.part else None
            )
            if further is None:
                if current:
                    yield current.at_origin
                current = pen.begun(line, header=first)
            else:
                current = further
            current.step = line.step
            first = False
    if current:
        yield current.at_origin


def _shown_in_their_step(graph: Graph, pen: Pen) -> list[Line]:
    """Given lines that need no drawing, as one of their own step shows them."""
    used = {
        (graph_line.step, node) for graph_line in graph.answers for node in pen.uses(graph_line)
    }
    return [
        line
        for line in graph.lines.values()
        if line.role == GIVEN and (line.step, line.node) in used
    ]


def _rows(drawings: list[Drawing], column: float, say: Say) -> list[Row]:
    rows: list[Row] = []
    for drawing in drawings:
        if not (rows and rows[-1].take(drawing, column)):
            row = Row([[drawing]])
            alone = not rows or rows[-1].is_of(drawing.first)
            rows.append(row if alone else row.begun_anew(say))
    return rows


def _put(found: list[Page], part: Part, row: Row, say: Say, *, first: bool) -> None:
    """On the last page if there is room, else on a new one; with the tables that it lacks."""
    page = found[-1]
    rows = _with_tables(row, page)
    more = sum(one.height + BELOW for one in rows)
    if first and page.frames:
        more += BAR + 2.5 * MARGIN - BELOW
    if page.frames and page.bottom + more > BOTTOM:
        page = Page()
        found.append(page)
        rows = _with_tables(row.begun_anew(say), page)
    if first or not page.frames:
        page.frames.append(Frame(part, 0, continued=not first))
    page.frames[-1].rows += rows
    page.tables += [table for table in _tables(row) if table not in page.tables]


def _with_tables(row: Row, page: Page) -> list[Row]:
    """The row, and tables of its functions that the page does not have yet, beside it or below."""
    rows = [Row(list(row.columns))]
    for table in _tables(row):
        if table not in page.tables and not rows[-1].take(drawing_of(table), 0):
            rows.append(Row([[drawing_of(table)]]))
    return rows


def _tables(row: Row) -> list[Tabulated]:
    return list(
        dict.fromkeys(table for column in row.columns for one in column for table in one.tables)
    )


def _spread(page: Page) -> None:
    """Give the room that is left to the gaps, and the rest to calculate in."""
    rows = sum(len(frame.rows) for frame in page.frames)
    stretch = min((BOTTOM - page.bottom) / rows, MOST_STRETCH)
    y = TOP
    for frame in page.frames:
        wide = max(row.width for row in frame.rows)
        frame.y = y
        y += BAR + MARGIN
        for row in frame.rows:
            x = LEFT
            for column in row.columns:
                top = y
                for drawing in column:
                    page.pieces += [piece.moved(x, top) for piece in drawing.pieces]
                    top += drawing.box[3] + BELOW
                x += _width(column) + BESIDE
            y += row.height + BELOW + stretch
        y += MARGIN - BELOW
        frame.height = y - frame.y
        free, top = RIGHT - LEFT - wide - BESIDE, frame.y + BAR + MARGIN
        if free > ROOM_BESIDE:
            height = y - MARGIN - stretch - top
            page.pieces.append(Piece("room", RIGHT - free, top, free, height))
        y += MARGIN / 2
    last = page.frames[-1]
    used = last.y + last.height
    last.height = BOTTOM - last.y
    if BOTTOM - used > ROOM:
        room = BOTTOM - MARGIN - used
        page.pieces.append(Piece("room", LEFT, used, RIGHT - LEFT, room))
