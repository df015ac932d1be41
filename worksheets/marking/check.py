"""Check a sheet while it is filled in: what was tried, as marking judges it, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from worksheets.engine.formula import formula
from worksheets.engine.origins import origins
from worksheets.errors import InputError
from worksheets.language import say_in, told
from worksheets.marking.marks import Mark, Marked
from worksheets.marking.paper import answer_cells
from worksheets.marking.remarks import cell_place, remarks
from worksheets.marking.run import mark_one
from worksheets.marking.submission import CellName, Entry, Submission
from worksheets.numbers import numbers
from worksheets.sheet import Sheet
from worksheets.views.names import name_of_cell

REMARKED = {Mark.FOLLOWS, Mark.WRONG, Mark.UNREADABLE}


@dataclass(frozen=True)
class Checked:
    """Hold the marks of the cells that were tried, by their names, and remarks on their steps.

    A remark is a few words, and sentences of advice, of which no one says an answer.
    """

    marks: Mapping[str, Mark]
    remarks: Mapping[int, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Hint:
    """Hold how a cell is worked out, in words, and from which cells, by their names."""

    place: str
    formula: str
    cells: tuple[str, ...]


def check(sheet: Sheet, answers: Mapping[str, str], fade: str = "") -> Checked:
    """Judge each cell that is filled in, by the follow-through of `mark`.

    Cells that are blank count as what follows from those before them, and get no mark.

    Raises:
        InputError: if the sheet has no such cell to fill in.
    """
    known = _cells(sheet, fade)
    if unknown := set(answers) - set(known):
        raise InputError(
            told("{id} has no cell {unknown} to fill in", id=sheet.id, unknown=min(unknown))
        )
    tried = {known[name]: Entry(text) for name, text in answers.items() if text.strip()}
    marked = mark_one(Submission("", 0, sheet.id, "", tried, fade=fade), sheet)
    shown = _only(marked, tried)
    steps = {
        sheet.graph.lines[cell[0]].step.number
        for cell, mark in shown.cells.items()
        if mark.mark in REMARKED
    }
    return Checked(
        {name_of_cell(*cell): mark.mark for cell, mark in shown.cells.items()},
        {step: (one.what, one.advice) for step, one in remarks(shown).items() if step in steps},
    )


def hint(sheet: Sheet, cell: str, fade: str = "") -> Hint:
    """Say how a cell is worked out, and which cells meet in it.

    Raises:
        InputError: if the sheet has no such cell to fill in.
    """
    known = _cells(sheet, fade)
    if cell not in known:
        raise InputError(told("{id} has no cell {cell} to fill in", id=sheet.id, cell=cell))
    name, row, column = known[cell]
    evaluation, _ = numbers([sheet.identity])
    found = origins(evaluation, evaluation.graph.lines[name], row, column)
    say = say_in(sheet.identity.language)
    line = sheet.graph.lines[name]
    return Hint(
        cell_place(sheet, known[cell]),
        formula(sheet.graph, line, say) if line.how is None else line.how,
        tuple(name_of_cell(*one) for one in found),
    )


def _cells(sheet: Sheet, fade: str) -> dict[str, CellName]:
    """Return the cells that are left to do, by their names."""
    identity = sheet.identity
    lines = answer_cells(identity.code, identity.level, fade)
    return {name_of_cell(*cell): cell for _, cells in lines for cell in cells}


def _only(marked: Marked, tried: Mapping[CellName, Entry]) -> Marked:
    """Return the marks of the cells that were tried alone."""
    return replace(
        marked, cells={cell: mark for cell, mark in marked.cells.items() if cell in tried}
    )
