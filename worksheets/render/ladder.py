"""The ladder as a picture: each kind a box, above those that it builds on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import TypeAlias

from worksheets import exercise
from worksheets.ladder import nearest, rungs
from worksheets.language import ENGLISH, say_in

# In mm: a box with a kind's title, an arrow that leads past it, and the room between.
WIDTH, HEIGHT, PAST, BESIDE, ABOVE = 42.0, 10.0, 2.0, 4.0, 9.0
# A kind, or an arrow's place in a row that it leads past: from which kind, to which, in which row.
Item: TypeAlias = str | tuple[str, str, int]
Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A kind in the picture: where its upper left corner is, in mm."""

    kind: str
    title: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """Boxes, and arrows: from one's upper edge, straight past other rows, to another's lower edge.

    An arrow's points are pairs of x and y, in mm.
    """

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[Point, ...], ...]


def picture(names: Iterable[str], language: str = ENGLISH) -> Picture:
    """These kinds as boxes. What lies in a row is sorted by what it leads on from."""
    wanted = set(names)
    chosen = [name for name in rungs() if name in wanted]
    chains, rows = _layers({name: nearest(name, chosen) for name in chosen})
    before = defaultdict(list)
    for chain in chains:
        for low, high in pairwise(chain):
            before[high].append(low)
    width, height = max(map(_width, rows)), len(rows) * (HEIGHT + ABOVE) - ABOVE
    places: dict[Item, Point] = {}  # of each one's upper edge, the middle
    for level, row in enumerate(rows):
        row.sort(key=lambda item: fmean([places[low][0] for low in before[item]] or [0]))
        x = (width - _width(row)) / 2
        for item in row:
            places[item] = x + _width([item]) / 2, height - HEIGHT - level * (HEIGHT + ABOVE)
            x += _width([item]) + BESIDE
    say = say_in(language)
    boxes = (
        Box(name, say(exercise.find(name).TITLE), places[name][0] - WIDTH / 2, places[name][1])
        for name in chosen
    )
    return Picture(width, height, tuple(boxes), tuple(_arrow(chain, places) for chain in chains))


def _layers(below: Mapping[str, Sequence[str]]) -> tuple[list[list[Item]], list[list[Item]]]:
    """Every arrow as what it leads through, and the rows from the ground up."""
    heights: dict[str, int] = {}
    for name, others in below.items():
        heights[name] = max((heights[other] + 1 for other in others), default=0)
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


def _width(row: Sequence[Item]) -> float:
    return sum(WIDTH if isinstance(item, str) else PAST for item in row) + BESIDE * (len(row) - 1)


def _arrow(chain: Sequence[Item], places: Mapping[Item, Point]) -> tuple[Point, ...]:
    points = []
    for item in chain:
        x, y = places[item]
        points += [(x, y + HEIGHT), (x, y)]
    return tuple(points[1:-1])
