"""Drawings on pages: side by side while there is room, each part in a frame of its colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, product

from worksheets import exercise
from worksheets.engine.graph import GIVEN, Graph, Line, Part
from worksheets.language import ENGLISH, Say, say_in
from worksheets.render.autolayout.drawing import Drawing
from worksheets.render.autolayout.line_placer import BESIDE, LinePlacer
from worksheets.render.autolayout.piece import Piece
from worksheets.render.autolayout.row import BELOW, LEFT, RIGHT, Row, width_of
from worksheets.render.autolayout.tables import drawing_of
from worksheets.render.autolayout.tabulated import Tabulated

TOP, BOTTOM = 15.0, 245.0  # of a page's frames
BAR, MARGIN = 7.5, 4.0  # a frame's title, and what stays free below it and at its end
TALLEST = (190.0, 75.0)  # how high a drawing may grow: lower ones may fill pages better
COLUMN = (90.0, 0.0, 190.0)  # how high lines of one step may be stacked
MOST_STRETCH = 9.0  # what else may lie between two rows of drawings
LITTLE = 12.0  # how much lower the fullest page has to be, to be worth other drawings
OVERLEAF = 24.0  # and to be worth a step that goes on overleaf
ROOM, ROOM_BESIDE = 24.0, 30.0  # how high, and how wide, what is left is offered to calculate in


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
        """Return its least height, in mm."""
        return BAR + MARGIN + sum(row.height + BELOW for row in self.rows) - BELOW + MARGIN


@dataclass
class Page:
    """Frames below each other, and what stands in them; `tables` of functions are among it."""

    frames: list[Frame] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    tables: list[Tabulated] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """Return where its last frame ends at least, in mm."""
        return TOP + sum(frame.needs + MARGIN / 2 for frame in self.frames) - MARGIN / 2

    @property
    def steps(self) -> frozenset[int]:
        """The numbers of the steps that have a title on it."""
        drawings = (
            drawing
            for frame in self.frames
            for row in frame.rows
            for column in row.columns
            for drawing in column
        )
        pieces = (piece for drawing in drawings for piece in drawing.pieces)
        return frozenset(piece.number for piece in pieces if piece.kind == "step")


@cache
def pages(kind: str, level: int, language: str = ENGLISH) -> list[Page]:
    """The pages of a kind's level, the same for every sheet in a language."""
    return laid_out(exercise.graph(kind, level, language), say_in(language))


def laid_out(graph: Graph, say: Say) -> list[Page]:
    """Pages of a graph's lines.

    They are as few as may be. The fullest of several is then about as low as may be, so that each
    has room to calculate in; a step that goes on overleaf is worth some of that.
    """
    ways = list(_ways(graph, say))
    fewest = min(map(len, ways))
    few = [way for way in ways if len(way) == fewest]
    least = min(map(_crowded, few))
    found = next(way for way in few if fewest == 1 or _crowded(way) <= least + LITTLE)
    for page in found:
        _spread(page)
    return found


def _ways(graph: Graph, say: Say) -> Iterator[list[Page]]:
    """Pages of drawings as high as they may grow, and of lower ones, filled and then evened out."""
    parts = list(dict.fromkeys(line.step.part for line in graph.lines.values()))
    drawn = {
        tallest: [
            (part, list(some))
            for part, some in groupby(
                _drawings(LinePlacer(graph, dict(zip(parts, tallest, strict=True)), say)), key=_part
            )
        ]
        for tallest in product(TALLEST, repeat=len(parts))
    }
    for column, drawings in product(COLUMN, drawn.values()):
        yield from _evened([(part, _rows(some, column, say)) for part, some in drawings], say)


def _evened(rows: Sequence[tuple[Part, list[Row]]], say: Say) -> Iterator[list[Page]]:
    """Rows on as few pages as they fit on, and on as many with the fullest ever less full."""
    limit, fewest = BOTTOM, 0
    while True:
        found = _on_pages(rows, limit, say)
        fullest, fewest = _fullest(found), fewest or len(found)
        if len(found) > fewest:
            return
        yield found
        if fullest > limit:  # a row that no page holds
            return
        limit = fullest - 1


def _crowded(pages: list[Page]) -> float:
    """Weigh how full the fullest page is, and more for each step that goes on overleaf."""
    steps = [page.steps for page in pages]
    overleaf = sum(map(len, steps)) - len(frozenset().union(*steps))
    return _fullest(pages) + OVERLEAF * overleaf


def _fullest(pages: list[Page]) -> float:
    return max(page.bottom for page in pages)


def _on_pages(rows: Sequence[tuple[Part, list[Row]]], limit: float, say: Say) -> list[Page]:
    """Every row in its order, none lower than this if it can be helped."""
    found = [Page()]
    for part, some in rows:
        for number, row in enumerate(some):
            _put(found, part, row, limit, say, first=number == 0)
    return found


def _part(drawing: Drawing) -> Part:
    if drawing.step is None:
        raise ValueError("a drawing without a step")
    return drawing.step.part


def _drawings(pen: LinePlacer) -> Iterator[Drawing]:
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


def _shown_in_their_step(graph: Graph, pen: LinePlacer) -> list[Line]:
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


def _put(found: list[Page], part: Part, row: Row, limit: float, say: Say, *, first: bool) -> None:
    """On the last page if there is room, else on a new one; with the tables that it lacks."""
    page = found[-1]
    rows = _with_tables(row, page)
    more = sum(one.height + BELOW for one in rows)
    if first and page.frames:
        more += BAR + 2.5 * MARGIN - BELOW
    if page.frames and page.bottom + more > limit:
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
                x += width_of(column) + BESIDE
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
