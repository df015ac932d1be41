"""Work one line of a sheet: its operands, the line itself, and one cell's arithmetic."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

import numpy as np

from worksheets import exercise
from worksheets.engine.evaluate import Evaluation
from worksheets.engine.formula import formula
from worksheets.engine.graph import Line
from worksheets.engine.in_numbers import in_numbers
from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper
from worksheets.engine.origins import origins
from worksheets.language import say_in
from worksheets.marking.remarks import cell_place
from worksheets.sheet import Sheet
from worksheets.views.derivable import largest_worked_out

NUMBER = re.compile(r"\d+(?:\.\d+)?")
IDLE = {"0", "1"}  # factors that are no work


@dataclass(frozen=True)
class Table:
    """Hold a line as printed; `used` are the cells that the worked one is made of, or itself."""

    title: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    used: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Worked:
    """Hold a worked line: `how` in words, its tables, and the `sum` of the cell at `place`."""

    line: str
    step: int
    step_title: str
    how: str
    operands: tuple[Table, ...]
    result: Table
    row: int
    column: int
    place: str
    sum: str


def worked(sheet: Sheet, evaluation: Evaluation) -> Worked | None:
    """Return the line that a sheet's kind names for its level; None if none is arithmetic."""
    graph = sheet.graph
    cells = {line.name: _cells(evaluation, line.name) for line in graph.answers}
    name = _chosen(sheet, {name for name, found in cells.items() if found})
    if not name:
        return None
    line, texts = graph.lines[name], cells[name]
    row, column = max(texts, key=lambda cell: _telling(sheet.values[name], cell, texts[cell]))
    nodes = {one.node for one in graph.lines.values()}
    equals = "≈" if _rounds(line.node, nodes) else "="
    found = origins(evaluation, evaluation.graph.lines[name], row, column)
    used = {one: {place[1:] for place in found if place[0] == one} for one, *_ in found}
    return Worked(
        line=name,
        step=line.step.number,
        step_title=line.step.title,
        how=formula(graph, line, say_in(sheet.identity.language)),
        operands=tuple(_table(sheet, one, frozenset(some)) for one, some in used.items()),
        result=_table(sheet, name, frozenset({(row, column)})),
        row=row,
        column=column,
        place=cell_place(sheet, (name, row, column)),
        sum=f"{texts[row, column]} {equals} {on_paper(sheet.values[name][row][column])}",
    )


def _chosen(sheet: Sheet, arithmetic: set[str]) -> str:
    """Return the line that the kind names, else the largest one that its level adds."""
    kind, level = sheet.kind, sheet.identity.level
    if level in kind.WORKED:
        return kind.WORKED[level]
    lower = [one for one in kind.LEVELS if one < level]
    known = set(exercise.graph(kind.name, lower[-1]).lines) if lower else set()
    answers = [line for line in sheet.graph.answers if line.name in arithmetic]
    new = [line for line in answers if line.name not in known] or answers
    return largest_worked_out(new).name if new else ""


def _cells(evaluation: Evaluation, name: str) -> dict[tuple[int, int], str]:
    """Return the arithmetic of each cell; nothing for a line that has none."""
    line = evaluation.graph.lines[name]
    try:
        return {
            (row, column): in_numbers(evaluation, line, row, column)
            for row, column in np.ndindex(line.node.shape)
        }
    except ValueError:
        return {}


def _rounds(node: Node, lines: Set[Node]) -> bool:
    """Tell whether a line's expression rounds, at its end or within."""
    inner = (parent for parent in node.parents if parent not in lines)
    return node.decimals is not None or any(_rounds(parent, lines) for parent in inner)


def _telling(values: list[list[str]], cell: tuple[int, int], text: str) -> tuple[bool, int, int]:
    """Return how much a cell shows: it is not 0, and its numbers differ and are not 0 or 1."""
    row, column = cell
    busy = [number for number in NUMBER.findall(text) if number not in IDLE]
    return values[row][column] != "0", len(set(busy)), len(busy)


def _table(sheet: Sheet, name: str, used: frozenset[tuple[int, int]]) -> Table:
    line = sheet.graph.lines[name]
    rows, columns = sheet.labels(line.row_labels), sheet.labels(line.column_labels)
    values = sheet.values[name]
    return Table(
        line_title(line),
        tuple(rows) if len(rows) > 1 else ("",),
        tuple(columns) if len(columns) > 1 else ("",),
        tuple(tuple(map(on_paper, row)) for row in values),
        used,
    )


def line_title(line: Line) -> str:
    """Return a line's symbol and its name."""
    return f"{line.symbol}, {line.label}" if line.symbol else line.label
