"""Place the boxes and arrows of a ladder: in rows from the ground up, with short arrows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from statistics import fmean
from typing import TypeAlias

# A kind, or an arrow's place in a row that it leads past: from which kind, to which, in which row.
Item: TypeAlias = str | tuple[str, str, int]


def layers(
    below: Mapping[str, Sequence[str]], most: int
) -> tuple[list[list[Item]], list[list[Item]]]:
    """Return every arrow as the items it leads through, and the rows from the ground up.

    A row has so many boxes at `most`; who comes when it is full stands a row higher.
    """
    heights: dict[str, int] = {}
    for name, others in below.items():
        height = max((heights[other] + 1 for other in others), default=0)
        while [*heights.values()].count(height) == most:
            height += 1
        heights[name] = height
    chains: list[list[Item]] = []
    rows: list[list[Item]] = [[] for _ in range(max(heights.values()) + 1)]
    for name, others in below.items():
        rows[heights[name]].append(name)
        for other in others:
            past = range(heights[other] + 1, heights[name])
            for row in past:
                rows[row].append((other, name, row))
            chains.append([other, *((other, name, row) for row in past), name])
    return chains, rows


def places(
    chains: Sequence[Sequence[Item]], rows: list[list[Item]], width: float, beside: float
) -> dict[Item, float]:
    """Return the x of every item's middle; items joined by an arrow are close to each other.

    Boxes are as wide as `width`, with room `beside` them, through which arrows lead past. Rows are
    about the same middle, unless all that is in one leads on from items at a side.
    """
    found: dict[Item, float] = {}
    before: dict[Item, list[Item]] = defaultdict(list)
    for low, high in chain.from_iterable(map(pairwise, chains)):
        before[high].append(low)
    for row in rows:
        row.sort(key=lambda item: fmean([found[low] for low in before[item]] or [0]))
        found |= _across(row, width, beside)
    while _swapped(before, rows, found, width, beside):
        pass
    step, half = (width + beside) / 2, max(map(_boxes, rows))
    for row in rows[1:]:
        boxes = [item for item in row if isinstance(item, str)]
        aside = fmean(fmean(found[low] for low in before[item]) - found[item] for item in boxes)
        room = half - len(boxes)
        shift = step * max(-room, min(room, round(aside / step)))
        found |= {item: found[item] + shift for item in row}
    return found


def _swapped(
    before: Mapping[Item, Sequence[Item]],
    rows: list[list[Item]],
    found: dict[Item, float],
    width: float,
    beside: float,
) -> bool:
    """Swap the first neighbours that shorten the arrows, and tell whether there were any.

    Sorted by what they stand on alone, all kinds' arrows lead 392 mm sideways instead of 294, and
    343 mm where a sweep down and one up again follow.
    """

    def length(places: Mapping[Item, float]) -> float:
        return sum(abs(places[low] - places[high]) for high, some in before.items() for low in some)

    for row in rows:
        for place in range(len(row) - 1):
            other = [*row[:place], row[place + 1], row[place], *row[place + 2 :]]
            across = _across(other, width, beside)
            if length(found | across) < length(found) - 1e-6:
                row[:] = other
                found |= across
                return True
    return False


def _boxes(row: Sequence[Item]) -> int:
    return sum(isinstance(item, str) for item in row)


def _across(row: Sequence[Item], width: float, beside: float) -> dict[Item, float]:
    """Return the x of the middles in a row: boxes about 0, arrows in the room beside them."""
    gaps: list[list[Item]] = [[]]  # the arrows before each box, and those after the last
    found: dict[Item, float] = {}
    start = -(width + beside) * _boxes(row) / 2 + beside / 2  # of a box
    for item in row:
        if isinstance(item, str):
            found[item] = start + width / 2
            start += width + beside
            gaps.append([])
        else:
            gaps[-1].append(item)
    start -= len(gaps) * (width + beside) - width  # of the room before the first box
    for gap in gaps:
        for place, item in enumerate(gap, 1):
            found[item] = start + beside * place / (len(gap) + 1)
        start += width + beside
    return found
