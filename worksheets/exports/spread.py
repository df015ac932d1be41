"""Spread tables over a spreadsheet such that they lie as on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worksheets.stamp.places import PlacedTable

NEAR = 1.0  # points within which two edges are one
PAGE = 10_000.0  # points by which a page's tables lie below those of the page before


@dataclass(frozen=True)
class Span:
    """Hold a table's start and end along an edge of the pages, in points, and its cells there."""

    start: float
    end: float
    cells: int


def span(table: PlacedTable, start: str, end: str, cells: int) -> Span:
    """Return a table's span, from its edge `start` to its edge `end`; pages follow each other."""
    first, last = table.rows[0][0].box, table.rows[-1][-1].box
    offset = PAGE * first.page if start == "top" else 0
    return Span(getattr(first, start) + offset, getattr(last, end) + offset, cells)


def laid_out(spans: Sequence[Span], room: int) -> list[int]:
    """Return the cells' numbers at which tables start, such that they lie as on paper.

    What starts at one place on paper does so here; what lies after another does so, with room
    between; what begins beside another begins beside the same of its cells.
    """
    places: dict[int, int] = {}
    order = sorted(range(len(spans)), key=lambda one: spans[one].start)
    for _, some in _near(order, spans):
        earliest = room
        for other, place in places.items():
            before = spans[other]
            if before.end <= spans[some[0]].start + NEAR:
                earliest = max(earliest, place + before.cells + room)
            else:
                pitch = (before.end - before.start) / before.cells
                along = round((spans[some[0]].start - before.start) / pitch)
                earliest = max(earliest, place + along)
        places.update(dict.fromkeys(some, earliest))
    return [places[one] for one in range(len(spans))]


def _near(order: Sequence[int], spans: Sequence[Span]) -> list[tuple[float, list[int]]]:
    """Group tables by their start; those that start at one place are together."""
    found: list[tuple[float, list[int]]] = []
    for one in order:
        if found and spans[one].start - found[-1][0] < NEAR:
            found[-1][1].append(one)
        else:
            found.append((spans[one].start, [one]))
    return found
