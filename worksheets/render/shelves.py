"""Choose what stands side by side in large print, so that a sheet takes as few pages as it can."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from worksheets.engine.graph import GIVEN, Graph, Line, Part
from worksheets.engine.node import Node
from worksheets.render.autolayout.narrative import Narrative
from worksheets.render.captions import Paragraph, height_of
from worksheets.render.large import (
    FIRST_LINE,
    GAP,
    HEIGHT,
    LINE,
    RULE,
    SIZE,
    WIDTH,
    Block,
    alone,
    height,
    rules,
    side_by_side,
    stacked,
)
from worksheets.render.metrics import BOLD, width_of

BELOW, BEFORE, BETWEEN = 3.0, 2.0, 1.0  # mm, below a shelf, before its other titles, and captions
MOST = 8  # lines on one shelf
# mm: a page's margins, what stands above the first one's text, above a part's goal, and above a
# question.
MARGINS, HEAD, PART, ASK = 44.0, 66.0, 21.0, 4.0

# The paragraphs of each line's caption.
Captions: TypeAlias = Mapping[str, Sequence[Paragraph]]


@dataclass(frozen=True)
class Shelf:
    """Hold matrices that stand side by side below the titles and the captions of their lines.

    `begins` are the steps that begin with it, `ends` those that end; `named` are the lines that
    have a caption. Where the one box stands behind its caption, it is `in_line`.
    """

    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]
    begins: frozenset[int]
    ends: frozenset[int]
    named: frozenset[str]
    in_line: bool = False

    @property
    def height(self) -> float:
        """Return the height of what stands below the captions, in mm."""
        return max(block.height for block in self.blocks)


@dataclass(frozen=True)
class Filled:
    """Hold how far pages are filled: the last one's number, and how much of it is used, in mm.

    `crossed` counts the steps that share a shelf with the one before.
    """

    page: int
    used: float
    crossed: int = 0
    shelves: tuple[Shelf, ...] = ()

    def with_block(self, size: float, room: float) -> Filled:
        """Add a block that no page break divides; what is below it may be cut off."""
        if self.used + size - BELOW <= room:
            return replace(self, used=self.used + size)
        return replace(self, page=self.page + 1, used=size)

    def with_shelves(
        self, some: Sequence[Shelf], sizes: Sequence[float], crossed: int, room: float
    ) -> Filled:
        """Add shelves of these sizes, which cross so many steps."""
        found = self
        for size in sizes:
            found = found.with_block(size, room)
        return replace(found, crossed=self.crossed + crossed, shelves=(*self.shelves, *some))


def compose(
    graph: Graph,
    captions: Captions,
    lying: Container[Node],
    beside: Narrative,
    task: str,
    source: str,
    paper: float,
) -> list[tuple[Part, list[Shelf]]]:
    """Return the parts with their shelves: on the fewest pages, then with the fewest steps crossed.

    A column that is `lying` is shown as a row, or stands beside others. `task` is said before the
    first step, the `source` behind all; pages are as high as the `paper`, in mm.
    """
    room = paper - MARGINS
    said = height(beside.story) + BELOW if beside.story else 0.0
    states = [Filled(1, HEAD + said)]
    parts = {part: list(some) for part, some in groupby(graph.lines.values(), _part)}
    for part, lines in parts.items():
        head = PART + height(part.goal)
        if lines[0] is next(iter(graph.lines.values())):
            head += BEFORE + LINE + height(task)
        states = _placed(lines, lying, captions, head, states, room)
    last = (state.with_block(_asked(beside) + height(source), room) for state in states)
    best = min(last, key=lambda state: (state.page, state.crossed))
    return [
        (part, [shelf for shelf in best.shelves if shelf.lines[0].step.part == part])
        for part in parts
    ]


def _asked(beside: Narrative) -> float:
    """Return the height of the question, with what is looked at before it and lines to write on."""
    if not beside.question:
        return 0.0
    said = height(beside.pay_off) + height(beside.question, file=BOLD)
    return ASK + said + RULE * rules(beside.answer)


def _part(line: Line) -> Part:
    return line.step.part


def _placed(
    part: Sequence[Line],
    lying: Container[Node],
    captions: Captions,
    head: float,
    states: Sequence[Filled],
    room: float,
) -> list[Filled]:
    """Place a part's lines in every way worth while: one for each number of steps crossed."""
    after: list[dict[int, Filled]] = [{} for _ in range(len(part) + 1)]
    after[0] = {state.crossed: state for state in states}
    for start in range(len(part)):
        for end in range(start + 1, min(start + MOST, len(part)) + 1):
            for shelves in _ways(part, start, end, lying, captions):
                crossed = len({line.step for line in part[start:end]}) - 1
                sizes = [_size(shelf, captions) for shelf in shelves]
                sizes[0] += head if start == 0 else 0
                if end > start + 1 and sizes[0] - BELOW > room:
                    continue
                for state in after[start].values():
                    found = state.with_shelves(shelves, sizes, crossed, room)
                    before = after[end].get(found.crossed, found)
                    after[end][found.crossed] = min(before, found, key=_filled)
    return list(after[-1].values())


def _filled(state: Filled) -> tuple[int, float]:
    return state.page, state.used


def _ways(
    part: Sequence[Line],
    start: int,
    end: int,
    lying: Container[Node],
    captions: Captions,
) -> Iterator[list[Shelf]]:
    """Yield the ways in which some of a part's lines may stand on one shelf.

    A line alone has its caption as its name, and goes on below where it is too wide.
    """
    some = tuple(part[start:end])
    begins = frozenset(
        line.step.number
        for place, line in enumerate(some, start)
        if not place or part[place - 1].step != line.step
    )
    ends = frozenset(
        line.step.number
        for place, line in enumerate(some, start + 1)
        if place == len(part) or part[place].step != line.step
    )
    if len(some) == 1:
        (line,) = some
        first, *others = alone(line, lying)
        named = frozenset([line.name])
        behind = _behind(line, captions[line.name])
        if first.is_one_row and not others and behind + first.right <= WIDTH:
            placed = replace(first, left=behind)
            yield [Shelf(some, (placed,), begins, ends, named, in_line=True)]
            return
        none: frozenset[int] = frozenset()
        blocks = [first, *others]
        yield [
            Shelf(
                some,
                (block,),
                none if place else begins,
                ends if place == len(others) else none,
                frozenset() if place else named,
            )
            for place, block in enumerate(blocks)
        ]
        return
    named = frozenset(line.name for line in some if line.role != GIVEN)
    ways = [stacked(some, lying), side_by_side(some, lying)]
    if any(line.node in lying for line in some):
        ways.append(side_by_side(some, ()))
    for together in filter(None, ways):
        yield [Shelf(some, tuple(together), begins, ends, named)]


def _behind(line: Line, caption: Sequence[Paragraph]) -> float:
    """Return where a box may stand behind a caption of one line."""
    first, *others = caption
    if others or not isinstance(first, str):
        return WIDTH
    return GAP + width_of(line.title, SIZE, BOLD) + width_of(first.removeprefix(line.title), SIZE)


def _size(shelf: Shelf, captions: Captions) -> float:
    """Return the height of a shelf with its titles and captions, and with what is below it."""
    size = BELOW
    steps = {line.step.number: line.step for line in shelf.lines}
    for number in shelf.begins:
        step = steps[number]
        size += height(step.note, step.title) if step.note else FIRST_LINE
        size += BEFORE * (shelf.lines[0].step != step)
    if shelf.in_line:
        return size + HEIGHT
    for line in shelf.lines:
        if line.name in shelf.named:
            size += sum(map(height_of, captions[line.name]))
    return size + BETWEEN + shelf.height
