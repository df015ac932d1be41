"""What whoever marks looks at first: some lines of a sheet, each a column of the answer booklet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from worksheets.engine.graph import Graph, Line
from worksheets.exercise import Kind
from worksheets.render.faded import shown_already

ROOM = 179  # mm that a booklet's page has beside names and sheets
CELL, EDGES = 10, 3  # mm: for a number, and around a column
WORD, WORDS = 9, 4  # mm: for each of some words, and more for one that is longer than the others
Cells = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Checkpoint:
    """A line in the booklet, and the cells in each of its rows there, each as its row and column.

    A matrix has its own rows; a vector lies in one, and so does what a fade left of a line.
    """

    line: Line
    rows: tuple[Cells, ...]

    @property
    def width(self) -> int:
        """Its column in mm."""
        cells = len(self.rows[0])
        return EDGES + (WORDS + WORD * cells if self.line.node.is_word else CELL * cells)

    @property
    def texts(self) -> int:
        """How many texts each row has: the words of a row are one."""
        return 1 if self.line.node.is_word else len(self.rows[0])

    def written(self, values: list[list[str]]) -> list[str]:
        """Its texts, row by row."""
        rows = [[values[row][column] for row, column in cells] for cells in self.rows]
        return [", ".join(row) for row in rows] if self.line.node.is_word else list(chain(*rows))


def checkpoints(kind: Kind, graph: Graph) -> list[str]:
    """The answers that whoever marks looks at first: the kind's, as far as the level has them."""
    answers = {line.name for line in graph.answers}
    return [name for name in kind.CHECKPOINTS if name in answers]


def in_booklet(kind: Kind, graph: Graph, fade: str = "") -> list[Checkpoint]:
    """The checkpoints that a page has room for, beside each other; on a faded sheet all answers.

    Where there are more, the last ones are chosen: who has these right went wrong nowhere before.
    So it is the last answer where a kind names no checkpoints. On a faded sheet, where what is
    shown mends what went wrong before it, the checkpoints come before the other answers.
    """
    left = {line.name: _left(line, graph, fade) for line in graph.answers}
    names = checkpoints(kind, graph) or list(left)[-1:]
    if fade:
        names = [name for name in left if name not in names] + names
    room, chosen = ROOM, set()
    for name in reversed(names):
        if (found := left[name]).rows and found.width <= room:
            room -= found.width
            chosen.add(name)
    return [found for name, found in left.items() if name in chosen]


def _left(line: Line, graph: Graph, fade: str) -> Checkpoint:
    """What of an answer is left to do."""
    height, width = line.node.shape
    shown = shown_already(graph, fade)
    rows = tuple(
        tuple((row, column) for column in range(width) if (line.name, row, column) not in shown)
        for row in range(height)
    )
    whole = sum(map(len, rows)) == height * width
    flat = tuple(chain(*rows))
    return Checkpoint(line, rows if whole and 1 not in (height, width) else (flat,) * bool(flat))
