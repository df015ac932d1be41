"""Search the best pages: a beam draws the lines of each frame, a shortest path breaks the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, product
from typing import TypeAlias

from worksheets.engine.graph import Line, Part
from worksheets.render.autolayout.frame import AFAR, ENDS, HIGH, TOP, Page, cost
from worksheets.render.autolayout.line_placer import LinePlacer, Reader, by_answer, by_step
from worksheets.render.autolayout.plan import PlannedFrame

# Seconds that an operand elsewhere costs, and how much of copying counts: drawings that are easy to
# work on are looked for, and low ones.
WEIGHTS = ((AFAR, 1.0), (0.0, 0.1))
FOUND = 10.0  # seconds that a matrix on the page takes to find, where a break would have it copied
EMPTY = 150.0  # seconds that a page without anything costs, unless it is the last one
Cost: TypeAlias = tuple[int, float]  # pages, then seconds


def search(reader: Reader, paper: str) -> list[Page]:
    """Return as few pages of this paper as may be, and then with as little to copy as may be.

    They begin with a step, unless a step is too long for one.

    Raises:
        ValueError: if a line is too high for a page.
    """
    lines = list(reader.graph.lines.values())
    end = ENDS[paper]
    found = _shortest(reader, by_step(lines), end, within=False)
    found = found or _shortest(reader, by_answer(lines), end, within=True)
    if found is None:
        raise ValueError("a line is too high for a page")
    return found


def _shortest(
    reader: Reader, blocks: Sequence[list[Line]], lowest: float, *, within: bool
) -> list[Page] | None:
    """Return the pages that cost the least, each with some blocks; None if one is too high."""
    best: list[tuple[Cost, list[Page]] | None] = [((0, 0.0), [])]
    best += [None] * len(blocks)
    for start in range(len(blocks)):
        before = best[start]
        if before is None:
            continue
        (count, seconds), some = before
        first = Page(lowest, above=0 if start else reader.narrative.above)
        found = _pages_from(reader, blocks[start:], first, within)
        for end, ways in enumerate(found, start=start + 1):
            endings = (way.ended(reader.narrative) for way in ways)
            page = ways[0] if end < len(blocks) else next(filter(None, endings), None)
            if page is None:
                continue
            empty = (lowest - page.spaced) / (lowest - TOP) if end < len(blocks) else 0.0
            total = count + 1, seconds + page.seconds + FOUND * page.afar + EMPTY * empty**2
            known = best[end]
            if known is None or total < known[0]:
                best[end] = total, [*some, page]
    last = best[-1]
    return last[1] if last else None


def _pages_from(
    reader: Reader, blocks: Sequence[list[Line]], first: Page, within: bool
) -> Iterator[list[Page]]:
    """Yield the pages of one block, of two and so on, as long as one page holds them.

    Of each there are the best one and, unless that is the same, the one with the most room left.
    """
    pages = [first]
    torn = reader.is_torn(blocks[0][0])
    for part, some in groupby(blocks, key=lambda block: block[0].step.part):
        own = list(some)
        ways = [
            _frames(reader, part, own, page, (below, within), weights, torn and not page.frames)
            for page, below, weights in product(pages, (False, True), WEIGHTS)
        ]
        for found in zip(*ways, strict=True):
            best, lowest = min(found, key=_worth), min(found, key=lambda page: page.bottom)
            if best.bottom > best.end:
                return
            pages = [best] if best is lowest else [best, lowest]
            yield pages


def _worth(page: Page) -> tuple[bool, float]:
    """Weigh a page: whether it is too full, and what it takes a student."""
    return page.bottom > page.end, page.seconds + AFAR * page.afar + HIGH * page.spaced


def _frames(
    reader: Reader,
    part: Part,
    blocks: list[list[Line]],
    page: Page,
    how: tuple[bool, bool],
    weights: tuple[float, float],
    torn: bool,
) -> Iterator[Page]:
    """Yield a page with a frame more: with one block of its part, with two and so on."""
    placer, (afar, worth) = LinePlacer(reader, notes_below=how[0]), weights
    states = placer.best(
        blocks,
        page.here,
        lambda state: cost(reader, state, page.here, worth) + afar * state.afar,
        torn=torn,
    )
    count = 0
    for block, state in zip(blocks, states, strict=True):
        count += len(block)
        planned = PlannedFrame(count, *how, state.choices)
        yield page.framed(reader, part, state, planned, torn=torn)
