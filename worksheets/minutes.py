"""Estimate how many minutes a sheet takes with careful work: operations, and cells to write."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from math import ceil, prod
from typing import Any

from worksheets.engine.graph import Graph

FILE = "copied.json"
# Somebody who works with care: seconds for a multiplication or an addition, for a cell, and for one
# that takes a table and a division.
SECONDS_AN_OPERATION, SECONDS_A_CELL, SECONDS_A_LOOK_UP, STEP = 6, 4, 20, 5


def minutes(kind: str, level: int, graph: Graph, effort: int) -> int:
    """Estimate the minutes of careful work on a sheet of so many operations, in steps of 5."""
    return rounded(effort, writing(kind, level, graph))


def writing(kind: str, level: int, graph: Graph) -> int:
    """Estimate the seconds that the cells take besides their operations, copied ones as well."""
    answers = sum(
        prod(line.node.shape)
        * (SECONDS_A_LOOK_UP if line.node.traits.looked_up else SECONDS_A_CELL)
        for line in graph.answers
    )
    copied: int = _copied().get(f"{kind} {level}", 0)
    return answers + SECONDS_A_CELL * copied


def rounded(effort: int, writing: int) -> int:
    """Return the minutes of so many operations and seconds of writing, rounded up to steps of 5.

    A class that has too little time is worse off than one with some left.
    """
    taken = (effort * SECONDS_AN_OPERATION + writing) / 60
    return max(1, ceil(taken / STEP)) * STEP


@cache
def _copied() -> dict[str, Any]:
    """Read how many cells the pages of each level ask to copy; it is counted with their plans."""
    file = files(__package__) / FILE
    found: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else {}
    return found
