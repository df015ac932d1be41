"""Place a page's lines: each next to what it is worked out from, or in a drawing of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import groupby
from typing import TypeAlias

from worksheets.engine.graph import ANSWER, GIVEN, Graph, Line
from worksheets.engine.node import Node
from worksheets.language import Say
from worksheets.render.autolayout import in_line, products
from worksheets.render.autolayout.bands import FEW_ROWS, core_of, is_crosswise, operands
from worksheets.render.autolayout.drawing import Drawing, with_header
from worksheets.render.autolayout.expression import Expressions
from worksheets.render.autolayout.functions import reduced
from worksheets.render.autolayout.ledger import Ledger
from worksheets.render.autolayout.narrative import NOTHING, Narrative
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import Item, View
from worksheets.render.autolayout.tabulated import Tabulated, tabulated
from worksheets.render.grid import COPY, grid

BESIDE = 9.0
MANY = 4  # times as hard is it to read two matrices elsewhere
ALONE = -1  # the way of a line that begins a drawing
A_LEDGER = -2  # the way of a product that begins one, as a row of it
BEAM = 6  # ways to draw the lines so far that are kept
TALLEST = 212.0  # mm, of a drawing
Form: TypeAlias = Callable[[Drawing, bool], bool]
Cost: TypeAlias = Callable[["State"], float]
AFAR = 2  # lines at most that a line is worked out from where they stand elsewhere
ITEMS = 3  # columns at least of what stands in the rows of a ledger


class Reader:
    """Hold how a graph's lines are read, for all of its pages, and what is said beside them."""

    def __init__(self, graph: Graph, say: Say, narrative: Narrative = NOTHING) -> None:
        """Read the graph; `say` translates."""
        self.graph, self.say, self.narrative = graph, say, narrative
        self.operands = Operands(graph, say)
        self.expressions = Expressions(graph, self.operands)
        self.bands = self.operands.bands
        self.blank = {
            line.name: grid(line, defaultdict(str), solved=False) for line in graph.lines.values()
        }
        self.counted: dict[View, int] = {}
        self.tabulated: dict[Node, list[Tabulated]] = {}

    def copies(self, view: View) -> int:
        """Count the cells of a matrix that are copied; once for each, as a search asks often."""
        if view not in self.counted:
            cells = (cell for row in view(self.blank.__getitem__).cells for cell in row)
            self.counted[view] = sum(cell.role == COPY for cell in cells)
        return self.counted[view]

    def tables(self, line: Line) -> list[Tabulated]:
        """Return the tables that a line needs; made once, a fifth of a search's time."""
        if line.node not in self.tabulated:
            self.tabulated[line.node] = tabulated(line, self.operands.lines, self.say)
        return self.tabulated[line.node]

    def is_torn(self, line: Line) -> bool:
        """Tell whether a line does not begin its step."""
        return line is not next(one for one in self.graph.lines.values() if one.step == line.step)

    def is_row(self, line: Line) -> bool:
        """Tell whether a line is drawn as a row of a ledger, or as two."""
        rows, columns = self.bands.size(line.node)
        return rows == 1 < columns or (rows <= FEW_ROWS and columns >= ITEMS)


@dataclass(frozen=True)
class State:
    """Hold what is drawn of a page so far: finished drawings and the one that may still grow.

    `here` are the lines that the page shows, `headed` the steps whose title it has; `choices` say
    which of its ways each line was drawn in; `afar` counts operands that stand in other drawings.
    """

    here: frozenset[Node]
    headed: frozenset[int] = frozenset()
    done: tuple[Drawing, ...] = ()
    current: Drawing | None = None
    choices: tuple[int, ...] = ()
    afar: int = 0

    @property
    def drawings(self) -> list[Drawing]:
        """Return all drawings."""
        return [*self.done, self.current] if self.current else list(self.done)


class LinePlacer:
    """Draw the lines of one part on one page."""

    def __init__(self, reader: Reader, *, notes_below: bool) -> None:
        """Set whether the notes of rows stand below them, or beside them where there is room."""
        self.reader, self.notes_below = reader, notes_below
        self.operands, self.expressions = reader.operands, reader.expressions
        self.ledger = Ledger(self.operands, self.expressions)

    def best(
        self, steps: Sequence[list[Line]], here: frozenset[Node], cost: Cost, *, torn: bool
    ) -> Iterator[State]:
        """Yield, after each step, the cheapest way found to draw all so far: a beam search."""
        states = [_first(steps, here, torn=torn)]
        for lines in steps:
            for line in self._drawn_alone(lines):
                further = [
                    found
                    for state in states
                    for way in self._ways(state, line)
                    if (found := self._further(state, line, lines, way))
                ]
                states = nsmallest(BEAM, further, key=cost)
            ended = (self._closed(state) for state in states)
            yield min(ended, key=cost)

    def chosen(
        self,
        steps: Sequence[list[Line]],
        here: frozenset[Node],
        choices: Iterable[int],
        *,
        torn: bool,
    ) -> State | None:
        """Return the lines drawn in the ways that were chosen before, if they can be."""
        state, left = _first(steps, here, torn=torn), iter(choices)
        for lines in steps:
            for line in self._drawn_alone(lines):
                found = self._further(state, line, lines, next(left, ALONE))
                if found is None:
                    return None
                state = found
        return self._closed(state)

    def _drawn_alone(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines of a step without the givens that are drawn with others."""
        return [
            line
            for line in lines
            if not (line.role == GIVEN and self._with_its_answer(line, lines))
        ]

    def _closed(self, state: State) -> State:
        """Return it with its last drawing finished."""
        if state.current is None:
            return state
        current = state.current.copy()
        current.close(below=self.notes_below)
        if current.step and current.step.number not in state.headed:  # givens alone
            with_header(current, current.step)
            state = replace(state, headed=state.headed | {current.step.number})
        return replace(state, done=(*state.done, current.at_origin), current=None)

    def _ways(self, state: State, line: Line) -> range:
        """Return the numbers of the ways to draw one line more."""
        ways = 2 * len(self._forms(line, state.here)) if state.current else 0
        return range(A_LEDGER if is_crosswise(core_of(line.node)) else ALONE, ways)

    def _further(self, state: State, line: Line, lines: Sequence[Line], way: int) -> State | None:
        """Return a state with one line more, in the last drawing or in one of its own.

        Of a form's two ways the second one puts the note of the step before below its rows.
        """
        if way < 0:
            state = self._closed(state)
        new = line.step.number not in state.headed
        new = new and (line.role == ANSWER or self._heads(line, lines))
        headed = state.headed | {line.step.number} if new else state.headed
        state = replace(state, headed=headed, choices=(*state.choices, way))
        drawing = state.current
        if way == A_LEDGER:
            begun = Drawing(None, first=line.step)
            good = self.ledger.begin_product(begun, line, state.here, new=new)
            return self._grown(state, begun, line) if good else None
        if way == ALONE:
            return self._grown(state, self._begun(line, state.here, new), line)
        if drawing is None:
            return None
        form, below = self._forms(line, state.here)[way // 2], bool(way % 2)
        closing = drawing.noted is not None and drawing.noted.step != line.step
        if below != self.notes_below and not (closing and below):
            return None
        trial = drawing.copy()
        if closing:
            trial.close(below=below)
        if form(trial, new) and trial.fits(TALLEST, drawing.pieces):
            return self._grown(state, trial, line)
        return None

    def _grown(self, state: State, drawing: Drawing, line: Line) -> State:
        """Return the state with a drawing that has got one line more."""
        drawing.step = line.step
        needed = self.reader.tables(line)
        drawing.tables = drawing.tables + [one for one in needed if one not in drawing.tables]
        shown = {piece.line for piece in drawing.pieces if piece.line}
        used = operands(core_of(line.node), self.operands.lines) if line.role == ANSWER else []
        missing = [one for one in used if one.shape != (1, 1) and one not in shown]
        afar = state.afar + (MANY * len(missing) if len(missing) > 1 else len(missing))
        return replace(state, current=drawing, here=state.here | shown, afar=afar)

    def _forms(self, line: Line, here: frozenset[Node]) -> list[Form]:
        """Return the ways in which a drawing may go on with a line."""
        core, read, ledger = core_of(line.node), self.operands, self.ledger
        one = line.node.shape == (1, 1)
        if line.role == GIVEN:
            return [
                lambda d, new: self.reader.is_row(line) and ledger.given(d, line, headed=new),
                lambda d, new: not new and self._one_more_given(d, line),
                lambda d, new: one and ledger.scalar(d, line, here, new=new),
            ]
        if line.how is not None:
            return [
                lambda d, new: bool(line.how) and ledger.row(d, line, here, new=new),
                lambda d, new: bool(line.how) and one and ledger.scalar(d, line, here, new=new),
            ]
        if is_crosswise(core):
            return [
                lambda d, new: products.down(read, d, line, here, new=new),
                lambda d, new: products.right(read, d, line, here, new=new),
                lambda d, new: new and products.down(read, d, line, here, new=True, beside=True),
                lambda d, new: ledger.product(d, line, here, new=new),
            ]
        in_rows = self.reader.is_row(line) or core.operation == "highest" or not one
        return [
            lambda d, new: (one and not new) and ledger.reduced(d, line),
            lambda d, new: in_rows and ledger.row(d, line, here, new=new),
            lambda d, new: in_line.arrow(read, self.expressions, d, line, here, new=new),
            lambda d, new: in_line.from_placed(read, d, line, self._items(line, here, d), new=new),
            lambda d, new: one and ledger.scalar(d, line, here, new=new),
        ]

    def _begun(self, line: Line, here: frozenset[Node], new: bool) -> Drawing:
        """Return a drawing of its own for a line."""
        drawing = Drawing(None, first=line.step)
        core = core_of(line.node)
        if self._in_rows(line, core, here) or self._before_rows(line):
            self.ledger.begin(drawing, line, here, new=new)
            return drawing
        if line.role == GIVEN:
            self._given(drawing, line, 0, 0)
        elif not self._drawn(drawing, line, core, here):
            in_line.in_words(self.operands, drawing, line)
        if new:
            with_header(drawing, line.step)
        return drawing

    def _in_rows(self, line: Line, core: Node, here: frozenset[Node]) -> bool:
        """Tell whether it begins a ledger: a row, or what comes from lines that stand elsewhere."""
        if line.how is not None:
            return bool(line.how)
        if is_crosswise(core):
            return False
        used = operands(core, self.operands.lines)
        return self.reader.is_row(line) or (
            line.role == ANSWER
            and 1 <= len(used) <= AFAR
            and here.issuperset(used)
            and all(one.operation != "look_up" for one in core.parents)
        )

    def _drawn(self, drawing: Drawing, line: Line, core: Node, here: frozenset[Node]) -> bool:
        """Crosswise if it can be, else side by side; false if it is too large for either."""
        if is_crosswise(core) and products.crosswise(self.operands, drawing, line, here):
            return True
        return in_line.in_line(drawing, line, self._items(line, here))

    def _items(
        self, line: Line, here: frozenset[Node], drawing: Drawing | None = None
    ) -> list[Item]:
        there = here.difference(drawing.placed if drawing else ())
        return in_line.whole_line(self.operands, self.expressions, line, core_of(line.node), there)

    def _heads(self, line: Line, lines: Sequence[Line]) -> bool:
        """Tell whether a given has its step's title: if what comes next ends its row.

        Nor has a row of a ledger, or a number that stands beside one.
        """
        after = [one for one in lines if one.step == line.step and one.role == ANSWER]
        if not after or not (self._before_rows(line) or self.reader.is_row(line)):
            return True
        return reduced(core_of(after[0].node)) is line.node

    def _before_rows(self, line: Line) -> bool:
        """Tell whether a line is a given number whose step goes on with rows of a ledger."""
        lines = self.operands.lines.values()
        after = (one for one in lines if one.step == line.step and one.role == ANSWER)
        first = next(after, None) if line.role == GIVEN and line.node.shape == (1, 1) else None
        every = frozenset(self.operands.lines)
        return first is not None and self._in_rows(first, core_of(first.node), every)

    def _with_its_answer(self, line: Line, lines: Sequence[Line]) -> bool:
        """Tell whether a given is drawn with an answer of its step: beside it, as a factor."""
        for one in lines:
            if one.role == ANSWER and one.step == line.step and one.how is None:
                core = core_of(one.node)
                if line.node not in _in_full(core, set(self.operands.lines)):
                    continue
                if is_crosswise(core) or not (
                    self.reader.is_row(one) or reduced(core) is line.node
                ):
                    return True
        return False

    def _given(self, drawing: Drawing, line: Line, x: float, y: float) -> None:
        shown = self.operands.line(line, copied=False)
        drawing.put(line, shown, x, y, "inputs")
        drawing.name(shown.title, x, y - shown.head, shown.width)

    def _one_more_given(self, drawing: Drawing, line: Line) -> bool:
        """To the right of those that are there, if there is nothing else."""
        styles = {piece.style for piece in drawing.pieces if piece.kind == "matrix"}
        if styles != {"inputs"}:
            return False
        shown = self.operands.line(line, copied=False)
        solid = [one for one in drawing.pieces if one.kind != "step" and one.style != "note"]
        x = max(piece.x + piece.width for piece in solid)
        y = next(piece.y for piece in drawing.pieces if piece.kind == "matrix")
        self._given(drawing, line, x + BESIDE + shown.label_room, y)
        return True


def _first(steps: Sequence[list[Line]], here: frozenset[Node], *, torn: bool) -> State:
    """Return the state before anything is drawn; a step that goes on has its title already."""
    return State(here, frozenset({steps[0][0].step.number} if torn else ()))


def by_step(lines: Iterable[Line]) -> list[list[Line]]:
    """Return lines by their steps."""
    return [list(some) for _, some in groupby(lines, key=lambda line: line.step)]


def by_answer(lines: Iterable[Line]) -> list[list[Line]]:
    """Return lines by the answers that they lead to, each with the givens before it."""
    found: list[list[Line]] = [[]]
    for line in lines:
        found[-1].append(line)
        if line.role == ANSWER:
            found.append([])
    return [some for some in found if some]


def _in_full(node: Node, lines: set[Node]) -> set[Node]:
    """The lines that an expression is made of, of which it does not take a part alone."""
    found: set[Node] = set()
    for parent in node.parents:
        if parent in lines:
            found |= {parent} if node.operation not in ("columns", "rows") else set()
        else:
            found |= _in_full(parent, lines)
    return found
