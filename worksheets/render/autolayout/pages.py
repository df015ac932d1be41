"""The pages of a kind's level: its plan, drawn, with what room is left between the drawings."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from worksheets import exercise
from worksheets.engine.graph import Graph
from worksheets.language import ENGLISH, Say, say_in
from worksheets.render.autolayout.frame import BAR, BETWEEN, END, ENDS, MARGIN, TOP, Page
from worksheets.render.autolayout.line_placer import BESIDE, LinePlacer, Reader, by_answer, by_step
from worksheets.render.autolayout.narrative import BAR_GIVES, NOTHING, ROW_GIVES, Narrative
from worksheets.render.autolayout.pay_off import LOOK, pay_off
from worksheets.render.autolayout.piece import Piece
from worksheets.render.autolayout.plan import Plan, kept, name_of
from worksheets.render.autolayout.roles import Roles
from worksheets.render.autolayout.row import BELOW, LEFT, RIGHT, width_of
from worksheets.render.autolayout.search import search
from worksheets.render.autolayout.task_place import UNDER_BAR, before, within
from worksheets.sentences import BESIDE as BESIDE_STEPS
from worksheets.sentences import Sentences

MOST_STRETCH = 12.0  # mm, what else may lie between rows of drawings
ROOM, ROOM_BESIDE = 24.0, 30.0  # how high, and how wide, what is left is offered to calculate in
MOST_ROOM = 36.0  # how high the room to calculate is at the end of a sheet: 15 % of the page


@cache
def pages(
    kind: str,
    level: int,
    language: str = ENGLISH,
    paper: str = "a4",
    tasks: tuple[float, ...] = (),
) -> list[Page]:
    """Return the pages of a kind's level, the same for every sheet in a language on a paper.

    `tasks` are how long, in mm, the texts are that say what is to be done on each page.
    """
    reader = reader_of(kind, level, language)
    found = [
        replace(page, frames=list(map(replace, page.frames)), pieces=[])
        for page in _found(kind, level, language, paper)
    ]
    roles = Roles(reader.graph, exercise.find(kind).CHECKPOINTS)
    for page, task in zip(found, tasks or [0.0] * len(found), strict=True):
        _spread(page, reader, task, last=page is found[-1])
        page.pieces = list(map(roles.of, page.pieces))
    found[0].pieces = reader.narrative.told() + found[0].pieces
    return found


@cache
def _found(kind: str, level: int, language: str, paper: str) -> list[Page]:
    """Return the pages before their drawings have places."""
    reader = reader_of(kind, level, language)
    return _planned(reader, kept(name_of(kind, level, language, paper), reader.graph), paper)


@cache
def reader_of(kind: str, level: int, language: str) -> Reader:
    """Return how the lines of a kind's level are read, and what is said beside them."""
    graph = exercise.graph(kind, level, language)
    return Reader(graph, say_in(language), narrative(kind, level, language))


def narrative(kind: str, level: int, language: str = ENGLISH) -> Narrative:
    """Return what a kind's catalogue says beside the steps of a level."""
    sentences = Sentences(kind, language)
    return Narrative(*(sentences.beside(name, level) for name in BESIDE_STEPS))


def laid_out(
    graph: Graph,
    say: Say,
    plan: Plan | None = None,
    beside: Narrative = NOTHING,
    paper: str = "a4",
) -> list[Page]:
    """Return the pages of a graph's lines by this plan, or by the best one."""
    reader = Reader(graph, say, beside)
    found = _planned(reader, plan, paper)
    for page in found:
        _spread(page, reader, last=page is found[-1])
    found[0].pieces = beside.told() + found[0].pieces
    return found


def _planned(reader: Reader, plan: Plan | None, paper: str) -> list[Page]:
    found = drawn(reader, plan, paper) if plan else None
    return search(reader, paper) if found is None else found


def drawn(reader: Reader, plan: Plan, paper: str) -> list[Page] | None:
    """Return the pages of a plan, or None if its lines cannot be drawn in their ways."""
    lines, found = list(reader.graph.lines.values()), list[Page]()
    for planned in plan:
        page = Page(ENDS[paper], above=0 if found else reader.narrative.above)
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
        if page.bottom > page.end:
            return None
        found.append(page)
    ended = found[-1].ended(reader.narrative)
    return [*found[:-1], ended] if ended and not lines else None


def _spread(page: Page, reader: Reader, length: float = 0.0, *, last: bool) -> None:
    """Give drawings their places, and what is left to what stands at the end.

    A text of this length, in mm, stands before the first step; on a full page where the first frame
    has room, or else rows are squeezed for it.
    """
    page.task = before(page, length) if length else None
    task = page.task.height + UNDER_BAR if page.task else 0.0
    full = page.spaced + task - page.gives > page.end
    _set(page, 0.0 if full else task)
    if page.task and full:
        if found := within(page, length):
            page.task, task = found, 0.0
            page.pieces.append(found)
        else:
            page.pieces.clear()
            _set(page, task)
    if last and (label := pay_off(page, reader)):
        page.pieces.append(label)
        lowest = page.frames[-1]
        lowest.height = max(lowest.height, label.y + label.height - lowest.y)
    _room(page, task, last=last)
    if page.below:
        _ask(page, reader.narrative)


def _set(page: Page, task: float) -> None:
    """Set the drawings down below a text so high, and give the room that is left to the gaps.

    Where none is left, rows come closer.
    """
    left = page.end - page.spaced - task
    stretch, tight = _stretch(page, task), min(left, 0) / (page.gives or 1)
    closer = ROW_GIVES * tight
    y = TOP + page.above
    for frame in page.frames:
        frame.y = y
        y += BAR + MARGIN + (task if frame is page.frames[0] else BAR_GIVES * tight)
        for row in frame.rows:
            x = LEFT
            for column in row.columns:
                top = y
                for drawing in column:
                    page.pieces += [piece.moved(x, top) for piece in drawing.pieces]
                    top += drawing.size[1] + BELOW
                x += width_of(column) + BESIDE
            y += row.height + BELOW + stretch + closer
        y += END - BELOW - closer
        frame.height = y - frame.y
        y += BETWEEN


def _stretch(page: Page, task: float) -> float:
    """Return how much farther apart rows may stand, in mm."""
    rows = sum(len(frame.rows) for frame in page.frames)
    return min(max(page.end - page.spaced - task, 0) / rows, MOST_STRETCH)


def _room(page: Page, task: float, *, last: bool) -> None:
    """Offer what is left below the drawings to calculate in, or else the most beside them."""
    lowest = page.frames[-1]
    used = lowest.y + lowest.height
    if page.end - page.below - used > ROOM:
        high = min(page.end - page.below - MARGIN / 2 - used, MOST_ROOM if last else page.end)
        page.pieces.append(Piece("room", LEFT, used, RIGHT - LEFT, high))
        lowest.height += high + MARGIN / 2
        return
    beside: list[Piece] = []
    for frame in page.frames:
        free = RIGHT - LEFT - max(row.width for row in frame.rows) - BESIDE
        if free > ROOM_BESIDE:
            top = frame.y + BAR + MARGIN + (task if frame is page.frames[0] else 0.0)
            end = frame.y + frame.height - END - _stretch(page, task)
            beside.append(Piece("room", RIGHT - free, top, free, end - top))
    said = [one for one in page.pieces if one.style.startswith(LOOK) or one is page.task]
    beside = [room for room in beside if not any(map(room.meets, said))]
    if beside:
        page.pieces.append(max(beside, key=lambda room: room.width * room.height))


def _ask(page: Page, narrative: Narrative) -> None:
    """Put the question at the end of the last frame."""
    lowest = page.frames[-1]
    top = lowest.y + lowest.height
    asked = narrative.asked(RIGHT - LEFT, page.ruled)
    page.pieces += [piece.moved(LEFT, top) for piece in asked.pieces]
    lowest.height += page.below
