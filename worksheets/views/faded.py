"""Choose the answers that the blank page of a faded sheet shows already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from zlib import crc32

from worksheets.engine.graph import Graph, Line
from worksheets.errors import InputError
from worksheets.language import told
from worksheets.views.derivable import largest_worked_out
from worksheets.views.view import USUAL, Place, View, cell_name, cells_of

Cell = tuple[str, int, int]  # a line's name, row and column


def faded(graph: Graph, how: str) -> View:
    """Return a view that shows some answers, the same on every sheet of a kind and level.

    `how` is as `shown_already` has it; without it, the view is the usual one.

    Raises:
        InputError: if there is no such fade.
    """
    if not how:
        return USUAL
    hints = frozenset(cell_name(*cell) for cell in shown_already(graph, how))
    name = f"faded-{how}"
    return View(name, form=f"{name}-fillable", hints=hints)


def shown_already(graph: Graph, how: str) -> frozenset[Cell]:
    """Return the answers' cells that a fade shows.

    `how` is one of `FADES`, the name of the one answer that is left to do, or nothing.

    Raises:
        InputError: if there is no such fade.
    """
    if not how:
        return frozenset()
    names = {line.name: line for line in graph.answers}
    if how in FADES:
        found = FADES[how](graph.answers)
    elif how in names:
        found = _all_but(graph.answers, names[how])
    else:
        raise InputError(
            told(
                "fade {how!r}: it is one of {fades}, or an answer's name: {names}",
                how=how,
                fades=", ".join(FADES),
                names=", ".join(names),
            )
        )
    return frozenset((line.name, row, column) for line, row, column in found)


def left_to_do(graph: Graph, how: str) -> tuple[tuple[Line, tuple[Cell, ...]], ...]:
    """Return each answer line with those of its cells, row by row, that a fade leaves to do.

    A line that is shown as a whole has none.

    Raises:
        InputError: if there is no such fade.
    """
    shown = shown_already(graph, how)

    def left(line: Line) -> Iterator[Cell]:
        for _, row, column in cells_of(line):
            if (line.name, row, column) not in shown:
                yield line.name, row, column

    return tuple((line, tuple(left(line))) for line in graph.answers)


def _alternate(answers: Sequence[Line]) -> Iterator[Place]:
    for line in answers[::2]:
        yield from cells_of(line)


def _all_but_a_matrix(answers: Sequence[Line]) -> Iterator[Place]:
    return _all_but(answers, largest_worked_out(answers))


def _all_but(answers: Sequence[Line], left: Line) -> Iterator[Place]:
    for line in answers:
        if line is not left:
            yield from cells_of(line)


def _all_but_a_cell(answers: Sequence[Line]) -> Iterator[Place]:
    """Yield all cells but one a matrix, in a place that differs from matrix to matrix."""
    for line in answers:
        cells = cells_of(line)
        left = crc32(line.name.encode()) % len(cells)
        yield from cells[:left] + cells[left + 1 :]


FADES: dict[str, Callable[[Sequence[Line]], Iterator[Place]]] = {
    "alternate": _alternate,
    "one-matrix": _all_but_a_matrix,
    "one-cell": _all_but_a_cell,
}
