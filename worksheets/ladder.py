"""The ladder: which kind builds on which, in order, and as a picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter

from worksheets import exercise
from worksheets.language import ENGLISH, say_in

# In mm: a box with a kind's title, and the room between two of them.
WIDTH, HEIGHT, BESIDE, ABOVE = 42.0, 10.0, 4.0, 9.0


@dataclass(frozen=True)
class Box:
    """A kind in the picture: where its upper left corner is, in mm."""

    kind: str
    title: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """Boxes, and arrows from one's upper edge to another's lower edge: x, y, x, y. In mm."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[float, float, float, float], ...]


@cache
def rungs() -> dict[str, int]:
    """Every kind, those first that others build on, and how high above the ground it stands.

    Raises:
        ValueError: if a kind builds on one that does not exist, or on itself.
    """
    below = {name: kind.BUILDS_ON for name, kind in exercise.all_kinds().items()}
    for name, others in below.items():
        if unknown := set(others) - set(below):
            raise ValueError(f"kind {name}: it builds on {', '.join(unknown)}, which is no kind")
    try:
        order = list(TopologicalSorter(below).static_order())
    except CycleError as error:
        raise ValueError(f"kinds build on each other: {' → '.join(error.args[1])}") from None
    heights: dict[str, int] = {}
    for name in order:
        heights[name] = max((heights[other] + 1 for other in below[name]), default=0)
    return dict(sorted(heights.items(), key=lambda rung: (rung[1], rung[0])))


def nearest(name: str, chosen: Collection[str]) -> list[str]:
    """Of the chosen kinds, those that this one builds on with none of them between."""
    found: dict[str, None] = {}
    for other in exercise.find(name).BUILDS_ON:
        found |= dict.fromkeys([other] if other in chosen else nearest(other, chosen))
    return list(found)


def picture(names: Iterable[str], language: str = ENGLISH) -> Picture:
    """These kinds as boxes, each above those that it builds on."""
    wanted = set(names)
    chosen = [name for name in rungs() if name in wanted]
    heights: dict[str, int] = {}
    for name in chosen:
        heights[name] = max((heights[other] + 1 for other in nearest(name, chosen)), default=0)
    rows = [[name for name in chosen if heights[name] == height] for height in _levels(heights)]
    width = max(len(row) for row in rows) * (WIDTH + BESIDE) - BESIDE
    height = len(rows) * (HEIGHT + ABOVE) - ABOVE
    boxes = {}
    for level, row in enumerate(rows):
        start = (width - len(row) * (WIDTH + BESIDE) + BESIDE) / 2
        y = height - HEIGHT - level * (HEIGHT + ABOVE)
        for place, name in enumerate(row):
            title = say_in(language)(exercise.find(name).TITLE)
            boxes[name] = Box(name, title, start + place * (WIDTH + BESIDE), y)
    arrows = (
        (boxes[other].x + WIDTH / 2, boxes[other].y, box.x + WIDTH / 2, box.y + HEIGHT)
        for name, box in boxes.items()
        for other in nearest(name, chosen)
    )
    return Picture(width, height, tuple(boxes.values()), tuple(arrows))


def _levels(heights: dict[str, int]) -> range:
    return range(max(heights.values()) + 1)
