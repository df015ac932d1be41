"""A page is made of frames below each other, one for each part, in which drawings stand in rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import prod

from worksheets.engine.graph import GIVEN, Part
from worksheets.engine.node import Node
from worksheets.language import Say
from worksheets.render.autolayout.corner import filled
from worksheets.render.autolayout.drawing import Drawing
from worksheets.render.autolayout.line_placer import BESIDE, Reader, State
from worksheets.render.autolayout.narrative import (
    AFTER,
    BAR_GIVES,
    NARROWEST,
    ROW_GIVES,
    RULES,
    WIDEST,
    Narrative,
    Ruled,
)
from worksheets.render.autolayout.piece import Piece
from worksheets.render.autolayout.plan import Plan, PlannedFrame
from worksheets.render.autolayout.row import BELOW, LEFT, RIGHT, Row, lowest
from worksheets.render.autolayout.tables import shapes
from worksheets.render.autolayout.tabulated import Tabulated

TOP = 13.0  # mm, where a page's frames begin
ENDS = {"a4": 265.0, "letter": 249.0}  # mm, where they end at most, by paper
FOOT = 16.0  # mm, below them
BAR, MARGIN, END = 7.0, 2.0, 1.2  # a frame's title; what stays free below it, and at its end
BETWEEN = 1.3  # frames
COPY, GIVEN_AGAIN = 4.0, 0.4  # seconds a cell that is copied, or printed a second time
AFAR = 20.0  # seconds that it takes to find a matrix that stands elsewhere on the page
HIGH = 0.6  # seconds that a millimetre of a frame's height is worth


@dataclass
class Frame:
    """A part on a page, from y on; `continued` if it began on an earlier one."""

    part: Part
    y: float
    continued: bool
    planned: PlannedFrame
    rows: list[Row] = field(default_factory=list)
    height: float = 0.0

    @property
    def needs(self) -> float:
        """Return its least height, in mm."""
        return BAR + MARGIN + height(self.rows) - BELOW + END


@dataclass
class Page:
    """Frames below each other, and what stands in them; `tables` of functions are among it.

    `here` are the lines that it shows; `seconds` are what a student copies on it, and `afar` counts
    what is read where it stands in another drawing. So many mm stay free `above` the frames, for
    the story, and `below` the last one's rows, for the question, whose lines to write on are
    `ruled` like this. Frames end at `end`, in mm.
    What is to be done on an unusual sheet is said at `task`.
    """

    end: float
    frames: list[Frame] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    tables: list[Tabulated] = field(default_factory=list)
    seconds: float = 0.0
    here: frozenset[Node] = frozenset()
    afar: int = 0
    above: float = 0.0
    below: float = 0.0
    ruled: Ruled = RULES[0]
    task: Piece | None = None

    @property
    def bottom(self) -> float:
        """Return where its last frame ends at least, in mm.

        For story and question rows of drawings stand closer, as far as they can: to the row above,
        or to the bar of a frame but the first, below which the task stands.
        """
        return self.spaced - min(self.gives, self.above + self.below)

    @property
    def gives(self) -> float:
        """Return by how much its rows can stand closer, in mm."""
        bars = len(self.frames) - 1
        gaps = sum(len(frame.rows) - 1 for frame in self.frames)
        return ROW_GIVES * gaps + BAR_GIVES * bars

    @property
    def spaced(self) -> float:
        """Return where its last frame ends with rows as far apart as they should be, in mm."""
        frames = sum(frame.needs + BETWEEN for frame in self.frames) - BETWEEN
        return TOP + self.above + frames + self.below

    def framed(
        self, reader: Reader, part: Part, state: State, planned: PlannedFrame, *, torn: bool
    ) -> Page:
        """Return the page with one frame more: these drawings, and the tables that they need."""
        first, *others = _arranged(state.drawings, self.tables, reader.say)
        some = [first.begun_anew(reader.say) if torn else first, *others]
        frame = Frame(part, 0, torn, planned, some)
        tables = list(dict.fromkeys([*self.tables, *needed(state.drawings)]))
        seconds = self.seconds + copying(reader, state.drawings, self.here)
        return replace(
            self, frames=[*self.frames, frame], tables=tables, seconds=seconds, here=state.here,
            afar=self.afar + state.afar,
        )  # fmt: skip

    def ended(self, narrative: Narrative) -> Page | None:
        """Return it as the last page, with the question; None if it has no room for that.

        The question stands below the last frame's rows, or else beside the last row that is narrow.
        """
        if not narrative.question:
            return self
        return next((page for page in self._endings(narrative) if page.bottom <= self.end), None)

    def _endings(self, narrative: Narrative) -> Iterator[Page]:
        """Yield it with the question in each place, the lines far apart before they are close."""
        for ruled in RULES:
            high = narrative.asked(RIGHT - LEFT, ruled).size[1]
            yield replace(self, below=AFTER + high, ruled=ruled)
        yield from self._beside(narrative)

    def _beside(self, narrative: Narrative) -> Iterator[Page]:
        """Yield it with the question beside one of its rows, from the last on."""
        for at, frame in reversed(list(enumerate(self.frames))):
            for place, row in reversed(list(enumerate(frame.rows))):
                room = min(RIGHT - LEFT - row.width - BESIDE, WIDEST)
                if room >= NARROWEST:
                    rows, frames = list(frame.rows), list(self.frames)
                    rows[place] = Row([*row.columns, [narrative.asked(room, self.ruled)]])
                    frames[at] = replace(frame, rows=rows)
                    yield replace(self, frames=frames)


def plan_of(pages: Sequence[Page]) -> Plan:
    """Return the plan by which pages can be drawn again."""
    return tuple(tuple(frame.planned for frame in page.frames) for page in pages)


def cost(reader: Reader, state: State, here: frozenset[Node], worth: float) -> float:
    """Return what drawings cost on a page that shows some lines already, in seconds.

    What is copied is `worth` so much of its seconds.
    """
    high, _ = rows(tuple(state.drawings), reader.say)
    return HIGH * high + worth * copying(reader, state.drawings, here)


def copying(reader: Reader, drawings: Sequence[Drawing], here: frozenset[Node]) -> float:
    """Return how long a student copies, in seconds, and reads what is printed again."""
    seen, total = set(here), 0.0
    for piece in (piece for drawing in drawings for piece in drawing.pieces):
        if piece.view is None:
            continue
        total += COPY * reader.copies(piece.view)
        if piece.line is not None:
            line = reader.operands.lines[piece.line]
            total += (
                GIVEN_AGAIN * prod(line.node.shape) * (line.role == GIVEN and line.node in seen)
            )
            seen.add(line.node)
    return total


@lru_cache(2_000)
def rows(drawings: tuple[Drawing, ...], say: Say) -> tuple[float, tuple[Row, ...]]:
    """Return the height in mm, and the rows of columns, of the lowest way in their order.

    Of two as low it is the one with tables in a row of their own: beside these there is room.
    """
    if not drawings:
        return 0.0, ()
    ways = []
    for start in range(len(drawings)):
        row = lowest(drawings[start:], say)
        if row is None:
            continue
        before, some = rows(drawings[:start], say)
        if some and row.first and not some[-1].is_of(row.first):
            row = row.begun_anew(say)
        ways.append((before + row.height + BELOW, (*some, row)))
    return min(ways, key=_lowest)


def _lowest(way: tuple[float, tuple[Row, ...]]) -> tuple[float, bool]:
    high, some = way
    return round(high, 3), some[-1].first is not None


def height(rows: Sequence[Row]) -> float:
    """Return the height of rows with what stays free below each, in mm."""
    return sum(row.height + BELOW for row in rows)


def _arranged(drawings: Sequence[Drawing], printed: Sequence[Tabulated], say: Say) -> list[Row]:
    """Return the lowest rows of drawings, and of tables of their functions, if none is printed yet.

    A table stands anywhere after the drawing that needs it, in any of its shapes.
    """
    some = tuple(drawings)
    for table in needed(drawings):
        if table in printed:
            continue
        first = next(place for place, one in enumerate(some) if table in one.tables)
        ways = [
            (*some[:at], shape, *some[at:])
            for at in range(first + 1, len(some) + 1)
            for shape in shapes(table)
        ]
        ways += [
            (*some[:at], both, *some[at + 1 :])
            for at in range(len(some))
            for shape in shapes(table)
            if (both := filled(some[at], shape))
        ]
        some = min(ways, key=lambda way: _lowest(rows(way, say)))
    return list(rows(some, say)[1])


def needed(drawings: Sequence[Drawing]) -> list[Tabulated]:
    """Return the tables of functions that drawings need, each once."""
    return list(dict.fromkeys(table for one in drawings for table in one.tables))
