"""Choose what is looked at first in marking: lines of a sheet, the answer booklet's columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, groupby
from math import prod
from operator import itemgetter

from worksheets import exercise
from worksheets.engine.graph import Graph, Line
from worksheets.exercise import Kind
from worksheets.language import ENGLISH
from worksheets.views.faded import Cell, left_to_do

ROOM = 179  # mm that a booklet's page has beside names and sheets
CELL, EDGES = 10, 3  # mm: for a number, and around a column
WORD, WORDS = 9, 4  # mm: for each of some words, and more for one that is longer than the others
LONG = 11  # mm: for each of some words that may all be long, where the page has room
Cells = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Checkpoint:
    """Hold a line of the booklet, and the cells in each of its rows there, by row and column.

    A matrix has its own rows; a vector lies in one, and so does what a fade left of a line. Each
    word has so many mm.
    """

    line: Line
    rows: tuple[Cells, ...]
    word: int = WORD

    @property
    def width(self) -> int:
        """Return its column's width in mm."""
        cells = len(self.rows[0])
        return EDGES + (WORDS + self.word * cells if self.line.node.is_word else CELL * cells)

    @property
    def texts(self) -> int:
        """Count the texts that each row has: the words of a row are one."""
        return 1 if self.line.node.is_word else len(self.rows[0])

    def written(self, values: list[list[str]]) -> list[str]:
        """Return its texts, row by row."""
        rows = [[values[row][column] for row, column in cells] for cells in self.rows]
        return [", ".join(row) for row in rows] if self.line.node.is_word else list(chain(*rows))


def checkpoints(kind: Kind, graph: Graph) -> list[str]:
    """Return the answers that are looked at first: the kind's, as far as the level has them."""
    answers = {line.name for line in graph.answers}
    return [name for name in kind.CHECKPOINTS if name in answers]


@cache
def in_booklet(
    name: str, level: int, fade: str = "", language: str = ENGLISH
) -> tuple[Checkpoint, ...]:
    """Return the checkpoints that fit beside each other on a page; on a faded sheet all answers.

    Where there are more, the last ones are chosen: who has these right went wrong nowhere before.
    So it is the last answer where a kind names no checkpoints. On a faded sheet, where what is
    shown mends what went wrong before it, the checkpoints come before the other answers.
    """
    graph = exercise.graph(name, level, language)
    left = {line.name: _left(line, cells) for line, cells in left_to_do(graph, fade)}
    names = checkpoints(exercise.find(name), graph) or list(left)[-1:]
    if fade:
        names = [one for one in left if one not in names] + names
    room, chosen = ROOM, set()
    for one in reversed(names):
        if (found := left[one]).rows and found.width <= room:
            room -= found.width
            chosen.add(one)
    some = tuple(found for one, found in left.items() if one in chosen)
    wider = tuple(replace(found, word=LONG) for found in some)
    return wider if sum(found.width for found in wider) <= ROOM else some


def _left(line: Line, cells: Sequence[Cell]) -> Checkpoint:
    """Put an answer's cells that are left to do in the booklet: a whole matrix has its own rows."""
    places = tuple((row, column) for _, row, column in cells)
    if len(places) == prod(line.node.shape) and 1 not in line.node.shape:
        return Checkpoint(line, tuple(tuple(row) for _, row in groupby(places, itemgetter(0))))
    return Checkpoint(line, (places,) if places else ())
