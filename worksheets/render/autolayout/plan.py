"""A plan says which lines stand on which page, and in which of its ways each is drawn.

It takes seconds to find and milliseconds to draw, so that the kinds' plans are kept beside the
program; one that no longer fits its kind is searched anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, TypeAlias

from worksheets.engine.graph import Graph

FILE = "plans.json"


@dataclass(frozen=True)
class PlannedFrame:
    """Hold how many lines stand in a frame, where the notes of rows do, and each line's way.

    A plan `by_answer` may break pages within a step.
    """

    lines: int
    notes_below: bool
    by_answer: bool
    ways: tuple[int, ...]


Plan: TypeAlias = tuple[tuple[PlannedFrame, ...], ...]  # page by page


def name_of(kind: str, level: int, language: str, paper: str) -> str:
    """Return the name by which a plan is kept."""
    return f"{kind} {level} {language} {paper}"


def digest(graph: Graph) -> str:
    """Return a hash of all that a plan depends on: what lines are, and the texts beside them."""
    said = [
        (line.name, line.title, line.role, line.node.operation, line.node.shape, line.decimals,
         line.node.reach, line.node.finest, line.row_labels, line.column_labels, line.step,
         line.how)
        for line in graph.lines.values()
    ]  # fmt: skip
    return sha256(repr(said).encode()).hexdigest()[:16]


def kept(name: str, graph: Graph) -> Plan | None:
    """Return the plan that is kept by this name, if it is of this graph."""
    found = _all().get(name)
    if found is None or found["of"] != digest(graph):
        return None
    return tuple(
        tuple(PlannedFrame(**one | {"ways": tuple(one["ways"])}) for one in page)
        for page in found["pages"]
    )


def written(plans: dict[str, tuple[Graph, Plan]]) -> str:
    """Return plans as the text of the file that keeps them, one a line."""
    lines = []
    for name, (graph, plan) in sorted(plans.items()):
        pages = [list(map(asdict, page)) for page in plan]
        lines.append(f"{json.dumps(name)}: {json.dumps({'of': digest(graph), 'pages': pages})}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _all() -> dict[str, Any]:
    """Read the file of plans; there are none where it is missing, as while they are made."""
    file = files(__package__) / FILE
    found: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else {}
    return found
