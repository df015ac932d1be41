"""Draw a class on its sheet: for every cell, its place on the page and its share of right ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from worksheets import exercise
from worksheets.engine.graph import Line
from worksheets.layouts.specification import Specification
from worksheets.marking.apportion import apportioned
from worksheets.marking.marks import Mark, Marked
from worksheets.marking.submission import CellName
from worksheets.stamp.places import POINTS, PageBox
from worksheets.views.page import Page

# From so many percent on, a cell is drawn in the next lighter grade.
GRADES = (25, 50, 75, 90)
MARGIN = 14.0  # pixels of a page that are shown around its cells
# How large a page is shown: smaller than it is, and with its legend on one page of the report.
SCALE, TALLEST = 0.8, 720.0


@dataclass(frozen=True)
class Shares:
    """Count, by mark, how many of so many answers a cell or a line's cells got."""

    of: int
    marks: Mapping[Mark, int]

    @cached_property
    def percents(self) -> Mapping[Mark, int]:
        """Return the marks' shares in whole percent, which add up to 100."""
        parts = [Fraction(100 * self.marks.get(mark, 0), self.of) for mark in Mark]
        return dict(zip(Mark, map(int, apportioned(parts, 0)), strict=True))

    def percent(self, mark: Mark) -> int:
        """Return the share of a mark in percent."""
        return self.percents[mark]

    @property
    def right(self) -> int:
        """Return the percentage that hold the key's value."""
        return self.percent(Mark.RIGHT)

    @property
    def follows(self) -> int:
        """Return the percentage that follow from own earlier values."""
        return self.percent(Mark.FOLLOWS)

    @property
    def grade(self) -> int:
        """Return how light the cell is: 0 where fewest had it right."""
        return sum(self.right >= least for least in GRADES)


@dataclass(frozen=True)
class HeatBox:
    """Hold a cell's place on its page, in pixels; cells that nobody fills in have no shares."""

    x: float
    y: float
    width: float
    height: float
    shares: Shares | None = None
    step: int | None = None


@dataclass(frozen=True)
class HeatPage:
    """Hold a page with its cells, and the part of it that is shown, in pixels."""

    number: int
    left: float
    top: float
    width: float
    height: float
    boxes: tuple[HeatBox, ...]

    @property
    def shown_width(self) -> float:
        """Return the page's width in the report, in pixels."""
        return self.width * min(SCALE, TALLEST / self.height)


def shares(marked: Sequence[Marked], line: Line) -> dict[CellName, Shares]:
    """Return the shares of each cell of a line that these students were to fill in."""
    cells = ((line.name, *at) for at in np.ndindex(line.node.shape))
    return {
        (name, row, column): Shares(
            len(marked), Counter([one.cells[name, row, column].mark for one in marked])
        )
        for name, row, column in cells
        if (name, row, column) in marked[0].cells
    }


def line_shares(cells: Mapping[CellName, Shares]) -> Shares:
    """Add up the shares of a line's cells."""
    marks: Counter[Mark] = Counter()
    for one in cells.values():
        marks.update(one.marks)
    return Shares(sum(one.of for one in cells.values()), marks)


def heat_map(
    kind: str, level: int, paper: str, by_line: Mapping[str, Mapping[CellName, Shares]]
) -> list[HeatPage]:
    """Return a level's pages with their cells, each at its first place: it may be copied later."""
    boxes: dict[CellName, PageBox] = {}
    specification = Specification(kind, level, solved=False, page=Page(paper=paper))
    for placed in specification.layout().places.cells:
        if placed.shows:
            boxes.setdefault(placed.shows, placed.box)
    pages: dict[int, list[HeatBox]] = {}
    for line in exercise.graph(kind, level).lines.values():
        for row, column in np.ndindex(line.node.shape):
            name = (line.name, row, column)
            if name not in boxes:  # some kinds draw what is given in another way
                continue
            box = boxes[name]
            first = line.name in by_line and (row, column) == (0, 0)
            heat = HeatBox(
                box.left / POINTS,
                box.top / POINTS,
                (box.right - box.left) / POINTS,
                (box.bottom - box.top) / POINTS,
                by_line.get(line.name, {}).get(name),
                line.step.number if first else None,
            )
            pages.setdefault(box.page, []).append(heat)
    return [_page(number, boxes) for number, boxes in sorted(pages.items())]


def _page(number: int, boxes: list[HeatBox]) -> HeatPage:
    left = min(box.x for box in boxes) - MARGIN
    top = min(box.y for box in boxes) - MARGIN
    right = max(box.x + box.width for box in boxes) + MARGIN
    bottom = max(box.y + box.height for box in boxes) + MARGIN
    return HeatPage(number + 1, left, top, right - left, bottom - top, tuple(boxes))
