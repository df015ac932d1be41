"""Order the kinds: each stands above those that it builds on."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from graphlib import CycleError, TopologicalSorter

from worksheets import exercise


@cache
def rungs() -> dict[str, int]:
    """Return every kind, those first that others build on, and its height above the ground.

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
    """Return the chosen kinds that this one builds on directly, through no other chosen one."""
    found: dict[str, None] = {}
    for other in exercise.find(name).BUILDS_ON:
        found |= dict.fromkeys([other] if other in chosen else nearest(other, chosen))
    between = set[str]().union(*map(_all_below, found))
    return [other for other in found if other not in between]


def _all_below(name: str) -> set[str]:
    """Return all that a kind builds on, down to the ground."""
    others = exercise.find(name).BUILDS_ON
    return set(others).union(*map(_all_below, others))
