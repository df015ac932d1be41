"""Marked sheets for the tests of what comes out of marking: real ones, with some cells changed."""

from collections.abc import Mapping
from fractions import Fraction

from worksheets.engine.notation import write
from worksheets.ids import Identity
from worksheets.marking.marks import Marking
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import CellName, Entry, SetAside, Submission
from worksheets.sheet import Sheet, make

FIRST = 32**4
Changes = Mapping[CellName, str | None]  # None leaves a cell blank


def sheet(level: int = 1, number: int = 0, code: str = "RLHF") -> Sheet:
    return make([Identity(code, level, FIRST + number)])[0]


def submission(
    one: Sheet,
    changes: Changes | None = None,
    student: str = "Ada Lovelace",
    source: str = "answers.csv",
    modified: int = 1,
) -> Submission:
    """A sheet as worked without a fault, but for some cells."""
    entries = {
        (line.name, row, column): Entry(text, f"row {row + 1}")
        for line in one.graph.answers
        for row, texts in enumerate(one.values[line.name])
        for column, text in enumerate(texts)
    }
    for cell, text in (changes or {}).items():
        assert cell in entries, cell
        entries[cell] = Entry(text or "", entries[cell].where)
    return Submission(source, modified, one.id, student, entries)


def marking(*handed_in: Submission | SetAside, scheme: Scheme | None = None) -> Marking:
    return mark_all(handed_in, scheme or Scheme())


def other(text: str, by: int = 1) -> str:
    """Another number than this one."""
    return write(Fraction(text) + by)


def slips(one: Sheet) -> dict[CellName, str | None]:
    """Some of everything: a named mistake carried on, a stray slip, a blank, an unreadable cell."""
    values = one.values
    changes: dict[CellName, str | None] = {
        ("loser_inputs", 0, 0): other(values["loser_inputs"][0][0], 5),
        ("gap", 0, 0): write(-Fraction(values["gap"][0][0])) if values["gap"] != [["0"]] else "1",
        ("winner_features", 0, 1): None,
        ("winner_features", 1, 1): None,
        ("scores", 1, 1): "12 or 13?",
        ("scores", 2, 0): "3/0",
    }
    bias = [int(row[-1]) for row in values["rm_linear"]]
    for row, texts in enumerate(values["sampled_features"]):
        for column, text in enumerate(texts):
            if bias[row]:
                changes["sampled_features", row, column] = str(int(text) - bias[row])
    return changes
