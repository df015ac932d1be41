"""Find a sheet's cells by their names in files, such as loser_features.r1.c2."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from numpy import ndindex

from worksheets import exercise, ids
from worksheets.engine.graph import Graph
from worksheets.errors import InputError
from worksheets.language import told
from worksheets.marking.submission import CellName
from worksheets.tabular.row import shown
from worksheets.views.faded import shown_already
from worksheets.views.names import name_of_cell

NAME = re.compile(r"([a-z_]\w*)\.r([1-9]\d{0,3})\.c([1-9]\d{0,3})", re.ASCII)
LONGEST_NAME = 100  # of those that are compared with the right ones


@dataclass(frozen=True)
class Cells:
    """Hold a sheet's answer cells and given ones by name, and its answer lines' shapes."""

    graph: Graph
    answers: Mapping[str, CellName]
    givens: Collection[str]
    lines: Mapping[str, tuple[int, int]]

    def named(self, name: str) -> CellName | None:
        """Return the answer cell of this name, or None for a given one.

        Raises:
            InputError: if there is none.
        """
        plain = _plain(name)
        if plain in self.answers:
            return self.answers[plain]
        if plain in self.givens:
            return None
        raise InputError(
            told(
                "cell {name} is unknown; the nearest is {nearest}",
                name=shown(name),
                nearest=self.nearest(plain),
            )
        )

    def shown(self, fade: str) -> Collection[CellName]:
        """Return the answer cells that a faded sheet shows already.

        Raises:
            InputError: if there is no such fade.
        """
        return shown_already(self.graph, fade)

    def nearest(self, name: str) -> str:
        """Return the name most like this one."""
        return get_close_matches(name[:LONGEST_NAME], self.answers, 1, 0)[0]


def cells_of(sheet_id: str) -> Cells | None:
    """Return the cells of the sheet with this ID, or None if no sheet has it."""
    try:
        identity = ids.parse(sheet_id, exercise.levels_by_code())
    except InputError:
        return None
    return _cells(identity.code, identity.level)


def is_known(name: str) -> bool:
    """Tell whether some sheet has a cell of this name."""
    plain = _plain(name)
    return any(plain in one.answers or plain in one.givens for one in _all())


def nearest_of_all(name: str) -> str:
    """Return the name most like this one on any sheet."""
    names = [right for one in _all() for right in one.answers]
    return get_close_matches(_plain(name)[:LONGEST_NAME], names, 1, 0)[0]


def parsed(name: str) -> CellName | None:
    """Parse a cell's name where the sheet is not known; None if it is no cell's name."""
    found = NAME.fullmatch(_plain(name))
    return (found[1], int(found[2]) - 1, int(found[3]) - 1) if found else None


def _plain(name: str) -> str:
    """Normalise a name as files write it: lines' names stand with spaces on the page."""
    return "_".join(name.casefold().split())


@cache
def _all() -> list[Cells]:
    return [
        _cells(code, level) for code, some in exercise.levels_by_code().items() for level in some
    ]


@cache
def _cells(code: str, level: int) -> Cells:
    graph = exercise.graph(exercise.by_code(code).name, level)
    names = {
        role: [(line.name, *place) for line in lines for place in ndindex(line.node.shape)]
        for role, lines in (("answer", graph.answers), ("given", graph.givens))
    }
    return Cells(
        graph,
        {name_of_cell(*cell).casefold(): cell for cell in names["answer"]},
        frozenset(name_of_cell(*cell).casefold() for cell in names["given"]),
        {line.name: line.node.shape for line in graph.answers},
    )
