"""Drawings on pages: side by side while there is room, each part in a frame of its colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, product

from worksheets import exercise
from worksheets.engine.graph import GIVEN, Graph, Line, Part
from worksheets.render.drawn.drawing import Drawing
from worksheets.render.drawn.pen import BESIDE, Pen
from worksheets.render.drawn.piece import Piece

TOP, BOTTOM = 15.0, 245.0  # of a page's frames
LEFT, RIGHT = 4.5, 185.5  # of what stands in a frame
BAR, MARGIN = 7.5, 4.0  # a frame's title, and what stays free below it and at its end
TALLEST = (190.0, 75.0)  # how high a drawing may grow: lower ones may fill pages better
BELOW = 6.0  # between rows of drawings
MOST_STRETCH = 9.0  # what else may lie between two rows of drawings
ROOM, ROOM_BESIDE = 24.0, 55.0  # how high, and how wide, what is left is offered to calculate in


@dataclass
class Row:
    """Drawings side by side."""

    drawings: list[Drawing]

    @property
    def width(self) -> float:
        """With what lies between."""
        return sum(one.box[2] for one in self.drawings) + BESIDE * (len(self.drawings) - 1)

    @property
    def height(self) -> float:
        """Of the highest."""
        return max(one.box[3] for one in self.drawings)


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
    """Frames below each other, and what stands in them."""

    frames: list[Frame] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """Where its last frame ends, at least."""
        return TOP + sum(frame.needs + MARGIN / 2 for frame in self.frames) - MARGIN / 2


@cache
def pages(kind: str, level: int) -> list[Page]:
    """The pages of a kind's level, the same for every sheet: as few as may be."""
    graph = exercise.graph(kind, level)
    parts = list(dict.fromkeys(line.step.part for line in graph.lines.values()))
    choices = product(TALLEST, repeat=len(parts))
    return min(
        (_laid_out(graph, dict(zip(parts, tallest, strict=True))) for tallest in choices), key=len
    )


def _laid_out(graph: Graph, tallest: Mapping[Part, float]) -> list[Page]:
    found = [Page()]
    for part, drawings in groupby(_drawings(Pen(graph, tallest)), key=_part):
        for number, row in enumerate(_rows(list(drawings))):
            _put(found, part, row, first=number == 0)
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


def _rows(drawings: list[Drawing]) -> list[Row]:
    rows: list[Row] = []
    for drawing in drawings:
        if rows and rows[-1].width + BESIDE + drawing.box[2] <= RIGHT - LEFT:
            rows[-1].drawings.append(drawing)
        else:
            rows.append(Row([drawing]))
    return rows


def _put(found: list[Page], part: Part, row: Row, *, first: bool) -> None:
    """On the last page if there is room, else on a new one."""
    page = found[-1]
    more = row.height + (BAR + 2.5 * MARGIN if first and page.frames else BELOW)
    if page.frames and page.bottom + more > BOTTOM:
        page = Page()
        found.append(page)
    if first or not page.frames:
        page.frames.append(Frame(part, 0, continued=not first))
    page.frames[-1].rows.append(row)


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
            for drawing in row.drawings:
                page.pieces += [piece.moved(x, y) for piece in drawing.pieces]
                x += drawing.box[2] + BESIDE
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
