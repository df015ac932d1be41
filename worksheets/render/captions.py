"""Say in words what a line is and how it is worked out, as large print has it above the cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from worksheets.engine.formula import formula
from worksheets.engine.graph import GIVEN, Graph, Line
from worksheets.language import Say, message
from worksheets.render.autolayout.tabulated import Pair, Tabulated, tabulated
from worksheets.render.large import SIZE, WIDTH, height
from worksheets.render.metrics import width_of

AGAIN = message("note: table again")
WHOLE, TENTH = message("≈ to a whole number"), message("≈ to one decimal")
DECIMALS = message("≈ to {decimals} decimals")
FEW = 2  # rows of pairs, which are not worth turning pages for
ROW, AROUND = 8.0, 2.4  # mm, of a table's row, and beside its numbers
BEFORE = 2.0  # mm, about a table


@dataclass(frozen=True)
class FunctionRows:
    """Hold a function's table, in as many rows of pairs as its widest number asks for."""

    function: Tabulated

    @property
    def first(self) -> float:
        """Return the width of the names before the rows, in mm."""
        return max(self._width(text) for text in (self.function.argument, self.function.name))

    @property
    def width(self) -> float:
        """Return the width of a pair, in mm."""
        return max(self._width(text) for pair in self.function.pairs for text in pair)

    @property
    def rows(self) -> list[tuple[Pair, ...]]:
        """Return the pairs of each row: about as many in each."""
        pairs = self.function.pairs
        if not pairs:
            return []
        count = ceil(len(pairs) / ((WIDTH - self.first) // self.width))
        each = ceil(len(pairs) / count)
        return [pairs[start : start + each] for start in range(0, len(pairs), each)]

    @property
    def height(self) -> float:
        """Return the height of all rows, in mm."""
        return BEFORE + len(self.rows) * 2 * ROW

    @staticmethod
    def _width(text: str) -> float:
        return width_of(text, SIZE) + AROUND


Paragraph: TypeAlias = str | FunctionRows


def captions(graph: Graph, say: Say, constants: Mapping[str, str]) -> dict[str, list[Paragraph]]:
    """Return each line's paragraphs: its name with its formula, and the tables that it needs.

    `constants` have the values of the sheet's by name. A table of many rows stands on a sheet once.
    """
    lines = {line.node for line in graph.lines.values()}
    printed: dict[Tabulated, int] = {}
    found: dict[str, list[Paragraph]] = {}
    for line in graph.lines.values():
        found[line.name] = [_formula(graph, line, say)]
        for table in tabulated(line, lines, say):
            step = printed.setdefault(table, line.step.number)
            found[line.name] += _table(table, step, say, again=step != line.step.number)
        found[line.name] += _rates(graph, line, say, constants)
    return found


def _formula(graph: Graph, line: Line, say: Say) -> str:
    if line.role == GIVEN:
        return say("{line}, given").replace("{line}", line.title)
    how = formula(graph, line, say)
    said = f"{line.title} = {how}" if how else line.title
    if line.decimals is None:
        return said
    rounded = say({0: WHOLE, 1: TENTH}.get(line.decimals, DECIMALS))
    return f"{said}, {rounded.replace('{decimals}', str(line.decimals))}"


def _table(table: Tabulated, step: int, say: Say, *, again: bool) -> Iterator[Paragraph]:
    if table.note:
        yield table.note
    rows = FunctionRows(table)
    if again and len(rows.rows) > FEW:
        yield say(AGAIN).replace("{step}", str(step))
    elif table.pairs:
        yield rows


def _rates(graph: Graph, line: Line, say: Say, constants: Mapping[str, str]) -> Iterator[str]:
    how = formula(graph, line, say)
    for name, value in constants.items():
        if name in graph.rates and say(name.replace("_", " ")) in how:
            yield f"{say(name.replace('_', ' '))} = {value}"


def height_of(paragraph: Paragraph) -> float:
    """Return the height of a text or a table, in mm."""
    return height(paragraph) if isinstance(paragraph, str) else paragraph.height
