"""What whoever marks looks at first: some lines of a sheet, each a column of the answer booklet."""

from __future__ import annotations

from collections import Counter
from math import prod

from worksheets.engine.graph import Graph, Line
from worksheets.exercise import Kind
from worksheets.render.faded import shown_already

ROOM = 179  # mm that a booklet's page has beside names and sheets
CELL, EDGES = 10, 3  # mm: for a number, and around a column
WORD, WORDS = 9, 4  # mm: for a word of a phrase, and more for one that is longer than the others


def checkpoints(kind: Kind, graph: Graph, fade: str = "") -> list[str]:
    """The lines that whoever marks looks at first: the kind's, as far as the level has them.

    On a faded sheet they are those with something left to do, or else the last line with
    something left.
    """
    names = [name for name in kind.CHECKPOINTS if name in graph.lines]
    if not fade:
        return names
    shown = Counter(name for name, *_ in shown_already(graph, fade))
    left = [line.name for line in graph.answers if shown[line.name] < prod(line.node.shape)]
    return [name for name in names if name in left] or left[-1:]


def in_booklet(kind: Kind, graph: Graph, fade: str = "") -> list[Line]:
    """The checkpoints that a page has room for, beside each other.

    Where there are more, the last ones are chosen: who has these right went wrong nowhere before.
    So it is the last answer where a kind names no checkpoints.
    """
    room, chosen = ROOM, []
    for name in reversed(checkpoints(kind, graph, fade) or [graph.answers[-1].name]):
        line = graph.lines[name]
        if width(line) <= room:
            room -= width(line)
            chosen.append(line)
    return chosen[::-1]


def width(line: Line) -> int:
    """A line's column in mm."""
    cells = prod(line.node.shape) // height(line)
    return EDGES + (WORDS + WORD * cells if line.node.is_word else CELL * cells)


def height(line: Line) -> int:
    """How many rows a line has in the booklet: a matrix has its own, a vector lies in one."""
    return 1 if 1 in line.node.shape else line.node.shape[0]


def written(line: Line, values: list[list[str]]) -> list[str]:
    """A line's cells, row by row; the words of a row are one."""
    if line.node.is_word:
        rows = [" ".join(row) for row in values]
        return rows if height(line) > 1 else [" ".join(rows)]
    return [cell for row in values for cell in row]
