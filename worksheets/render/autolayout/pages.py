"""The pages of a kind's level: its plan, drawn, with what room is left between the drawings."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from worksheets import exercise
from worksheets.engine.graph import Graph
from worksheets.language import ENGLISH, Say, say_in
from worksheets.render.autolayout.frame import BAR, BETWEEN, BOTTOM, END, MARGIN, TOP, Page
from worksheets.render.autolayout.line_placer import BESIDE, LinePlacer, Reader, by_answer, by_step
from worksheets.render.autolayout.piece import Piece
from worksheets.render.autolayout.plan import Plan, kept
from worksheets.render.autolayout.roles import Roles
from worksheets.render.autolayout.row import BELOW, LEFT, RIGHT, width_of
from worksheets.render.autolayout.search import search

MOST_STRETCH = 12.0  # mm, what else may lie between rows of drawings
ROOM, ROOM_BESIDE = 24.0, 30.0  # how high, and how wide, what is left is offered to calculate in
MOST_ROOM = 36.0  # how high the room to calculate is at the end of a sheet: 15 % of the page


@cache
def pages(
    kind: str, level: int, language: str = ENGLISH, tasks: tuple[float, ...] = ()
) -> list[Page]:
    """Return the pages of a kind's level, the same for every sheet in a language.

    `tasks` is how much room, in mm, a text takes above the first step of each page.
    """
    graph = exercise.graph(kind, level, language)
    found = [
        replace(page, frames=list(map(replace, page.frames)), pieces=[])
        for page in _found(kind, level, language)
    ]
    roles = Roles(graph, exercise.find(kind).CHECKPOINTS)
    for page, task in zip(found, tasks or [0.0] * len(found), strict=True):
        _spread(page, task, last=page is found[-1])
        page.pieces = list(map(roles.of, page.pieces))
    return found


@cache
def _found(kind: str, level: int, language: str) -> list[Page]:
    """Return the pages before their drawings have places."""
    graph = exercise.graph(kind, level, language)
    return _planned(graph, say_in(language), kept(f"{kind} {level} {language}", graph))


def laid_out(graph: Graph, say: Say, plan: Plan | None = None) -> list[Page]:
    """Return the pages of a graph's lines by this plan, or by the best one."""
    found = _planned(graph, say, plan)
    for page in found:
        _spread(page, last=page is found[-1])
    return found


def _planned(graph: Graph, say: Say, plan: Plan | None) -> list[Page]:
    reader = Reader(graph, say)
    found = drawn(reader, plan) if plan else None
    return search(reader) if found is None else found


def drawn(reader: Reader, plan: Plan) -> list[Page] | None:
    """Return the pages of a plan, or None if its lines cannot be drawn in their ways."""
    lines, found = list(reader.graph.lines.values()), []
    for planned in plan:
        page = Page()
        torn = bool(planned) and reader.is_torn(lines[0])
        for one in planned:
            own, lines = lines[: one.lines], lines[one.lines :]
            placer = LinePlacer(reader, notes_below=one.notes_below)
            blocks = by_answer(own) if one.by_answer else by_step(own)
            first = torn and not page.frames
            state = placer.chosen(blocks, page.here, one.ways, torn=first)
            if state is None:
                return None
            page = page.framed(reader, own[0].step.part, state, one, torn=first)
        if page.bottom > BOTTOM:
            return None
        found.append(page)
    return None if lines else found


def _spread(page: Page, task: float = 0.0, *, last: bool) -> None:
    """Give the room that is left to the gaps, and the rest to calculate in.

    A text before the first step takes its room from them: where none is left, rows come closer.
    """
    rows = sum(len(frame.rows) for frame in page.frames)
    stretch = min((BOTTOM - page.bottom - task) / rows, MOST_STRETCH)
    y = TOP
    beside: list[Piece] = []
    for frame in page.frames:
        frame.y = y
        y += BAR + MARGIN + (task if frame is page.frames[0] else 0.0)
        begins = y
        for row in frame.rows:
            x = LEFT
            for column in row.columns:
                top = y
                for drawing in column:
                    page.pieces += [piece.moved(x, top) for piece in drawing.pieces]
                    top += drawing.size[1] + BELOW
                x += width_of(column) + BESIDE
            y += row.height + BELOW + stretch
        y += END - BELOW
        frame.height = y - frame.y
        free = RIGHT - LEFT - max(row.width for row in frame.rows) - BESIDE
        if free > ROOM_BESIDE:
            high = y - END - stretch - begins
            beside.append(Piece("room", RIGHT - free, begins, free, high))
        y += BETWEEN
    lowest = page.frames[-1]
    used = lowest.y + lowest.height
    if BOTTOM - used > ROOM:
        high = min(BOTTOM - MARGIN / 2 - used, MOST_ROOM if last else BOTTOM)
        page.pieces.append(Piece("room", LEFT, used, RIGHT - LEFT, high))
        lowest.height += high + MARGIN / 2
    elif beside:
        page.pieces.append(max(beside, key=lambda room: room.width * room.height))
