"""Word what a form says of itself: its sheet's ID, and what each field is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worksheets.language import message, say_in
from worksheets.sheet import Sheet
from worksheets.views.faded import left_to_do
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
    cells: Mapping[tuple[str, int, int], str]
    people: Mapping[str, str]
    written: str


def form_texts(sheet: Sheet, fade: str = "") -> FormTexts:
    """Return the texts of a sheet's form, in its language."""
    say, cells = say_in(sheet.identity.language), {}
    for line, left in left_to_do(sheet.graph, fade):
        where = say("step {}, {}").format(line.step.number, line.label)
        rows, columns = sheet.labels(line.row_labels), sheet.labels(line.column_labels)
        alone = line.node.shape == (1, 1)
        for name, row, column in left:
            more = say(", row {}, column {}").format(rows[row], columns[column])
            cells[name, row, column] = where + ("" if alone else more)
    people = {name: say(what) for name, what in PEOPLE.items()}
    return FormTexts(sheet.id, fade, cells, people, say(ANSWER))
