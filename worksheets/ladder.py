"""The ladder: which kind builds on which, in order."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from graphlib import CycleError, TopologicalSorter

from worksheets import exercise


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
    """Of the chosen kinds, those that this one builds on with none of them between, on no way."""
    found: dict[str, None] = {}
    for other in exercise.find(name).BUILDS_ON:
        found |= dict.fromkeys([other] if other in chosen else nearest(other, chosen))
    between = set[str]().union(*map(_all_below, found))
    return [other for other in found if other not in between]


def _all_below(name: str) -> set[str]:
    """All that a kind builds on, down to the ground."""
    others = exercise.find(name).BUILDS_ON
    return set(others).union(*map(_all_below, others))
