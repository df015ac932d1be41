"""Word what a form says of itself: its sheet's ID, and what each field is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from worksheets.engine.graph import Line
from worksheets.language import message, say_in
from worksheets.sheet import Sheet
from worksheets.views.faded import Cell, left_to_do
from worksheets.views.names import DATE, STUDENT

ANSWER = message("your answer to the question")
PEOPLE = {STUDENT: message("your name and number"), DATE: message("date")}


@dataclass(frozen=True)
class FormTexts:
    """Hold a form's texts: the ID, each cell's place in words, and what other fields are for.

    `fade` is what the sheet shows already: there are no fields for these cells.
    """

    id: str
    fade: str
    cells: Mapping[Cell, str]
    people: Mapping[str, str]
    written: str


def form_texts(sheet: Sheet, fade: str = "") -> FormTexts:
    """Return the texts of a sheet's form, in its language."""
    say, cells = say_in(sheet.identity.language), {}
    for line, left in left_to_do(sheet.graph, fade):
        cells.update(in_words(sheet, line, left))
    people = {name: say(what) for name, what in PEOPLE.items()}
    return FormTexts(sheet.id, fade, cells, people, say(ANSWER))


def in_words(sheet: Sheet, line: Line, cells: Iterable[Cell]) -> dict[Cell, str]:
    """Return what these cells of a line are for: its step, its name, and where in it they are."""
    say = say_in(sheet.identity.language)
    where = say("step {}, {}").format(line.step.number, line.label)
    rows, columns = sheet.labels(line.row_labels), sheet.labels(line.column_labels)
    more = "" if line.node.shape == (1, 1) else say(", row {}, column {}")
    return {cell: where + more.format(rows[cell[1]], columns[cell[2]]) for cell in cells}
