"""Find which cells of earlier lines a cell is worked out from: the row and the column that meet.

No operation is asked how it works. A line is computed from made-up values, and again with one of
them changed: where the cell changes too, it is worked out from that one.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np

from worksheets.engine.evaluate import Evaluation, extend
from worksheets.engine.graph import Graph, Line
from worksheets.engine.node import Array, Node

Place = tuple[str, int, int]  # a line's name, row and column from 0
TRIALS = 8  # made-up sheets: a factor of 0 or a closed ReLU hides a cell on some of them
LARGEST = 9  # of a made-up numerator


def origins(sheet: Evaluation, line: Line, row: int, column: int) -> list[Place]:
    """Return the cells of other lines that this cell is worked out from, in their order.

    `sheet` is one evaluated: its words say which columns are looked up. Its numbers are not used.
    """
    graph = sheet.graph
    leaves = list(_leaves(graph, line))
    places = [(one, *place) for one in leaves for place in np.ndindex(one.node.shape)]
    size = TRIALS * (1 + len(places))  # each trial as it is, then with each place changed
    values = Random(0)  # noqa: S311 - made-up numbers are no secret
    arrays: dict[Node, Array] = {}
    for one in leaves:
        of_sheet = sheet.arrays[one.node][0]
        trials = [
            of_sheet if one.node.is_word else _made_up(one.node, values) for _ in range(TRIALS)
        ]
        arrays[one.node] = np.repeat(np.array(trials, np.int64), 1 + len(places), axis=0)
    for node in (*graph.words.values(), *graph.rates.values()):
        arrays[node] = np.repeat(sheet.arrays[node], size, axis=0)
    for number, (one, *place) in enumerate(places, start=1):
        for trial in range(TRIALS):
            other = _made_up(one.node, values)[tuple(place)]
            arrays[one.node][(trial * (1 + len(places)) + number, *place)] = other
    extend(arrays, [line.node], size)  # sheets that it refuses have numbers too
    cells = arrays[line.node][:, row, column].reshape(TRIALS, -1)
    changed = (cells != cells[:, :1]).any(axis=0)[1:]
    return [
        (one.name, *place)
        for (one, *place), is_origin in zip(places, changed.tolist(), strict=True)
        if is_origin
    ]


def _leaves(graph: Graph, line: Line) -> Iterator[Line]:
    """Yield the lines whose values stand in the expression of this one."""
    lines = {one.node: one for one in graph.lines.values()}
    seen: set[Node] = set()
    waiting = [*line.node.parents]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node in lines:
            found.add(lines[node].name)
        else:
            waiting += node.parents
    yield from (one for one in graph.lines.values() if one.name in found)


def _made_up(node: Node, values: Random) -> Array:
    """Return made-up numerators, or indices of words, within the node's bounds."""
    most = min(node.reach, LARGEST * (1 if node.is_word else node.denominator))
    least = 0 if node.is_word or node.never_negative else -most
    rows, columns = node.shape
    made = [[values.randint(least, most) for _ in range(columns)] for _ in range(rows)]
    return np.array(made, np.int64)
