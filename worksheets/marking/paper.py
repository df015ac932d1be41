"""Compare a submission with its key, and read every cell that differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

import numpy as np

from worksheets import exercise
from worksheets.engine.graph import Line
from worksheets.engine.node import Mask
from worksheets.engine.notation import read
from worksheets.marking.answer import BLANK, Answer, read_number, read_word, spellings
from worksheets.marking.submission import CellName, Entry, Submission
from worksheets.sheet import Sheet
from worksheets.views.faded import left_to_do

NOTHING = Entry("")
_read = lru_cache(65536)(read)


@dataclass(frozen=True)
class Paper:
    """Hold a submission beside its key.

    `open` holds the cells of each answer line that do not hold the key's value, in the key's order,
    but for those that the sheet showed already; `answers` how each of these was read.
    """

    submission: Submission
    sheet: Sheet
    answers: Mapping[CellName, Answer]
    open: Mapping[str, list[CellName]]

    @property
    def lines(self) -> tuple[tuple[Line, tuple[CellName, ...]], ...]:
        """Return the lines that were left to the student, and their cells."""
        identity = self.sheet.identity
        return answer_cells(identity.code, identity.level, self.submission.fade)

    def left(self, name: str) -> Mask:
        """Return a mask, of the line's shape, of the cells that were left to the student."""
        identity = self.sheet.identity
        return _left(identity.code, identity.level, self.submission.fade, name)

    def entry(self, cell: CellName) -> Entry:
        """Return a cell's text as typed."""
        return self.submission.entries.get(cell, NOTHING)

    def answer(self, cell: CellName) -> Answer:
        """Return a cell as read; one that holds the key's value counts as blank here."""
        return self.answers.get(cell, BLANK)

    def numerators(self, line: Line, denominator: int) -> list[list[int]]:
        """Return the key's values of a line over a denominator that holds them.

        Words are indices, times the denominator.
        """
        texts = self.sheet.values[line.name]
        if line.node.is_word:
            places = _places(self.sheet, line)
            return [[denominator * places[text] for text in row] for row in texts]
        return [[_numerator(text, denominator) for text in row] for row in texts]


def paper(submission: Submission, sheet: Sheet) -> Paper:
    """Read every cell of a submission that is not as the key writes it: few are."""
    answers: dict[CellName, Answer] = {}
    open_cells: dict[str, list[CellName]] = {}
    entries = submission.entries
    read_in = Paper(submission, sheet, answers, open_cells)
    for line, cells in read_in.lines:
        texts = sheet.values[line.name]
        for cell in cells:
            right = texts[cell[1]][cell[2]]
            entry = entries.get(cell, NOTHING)
            if entry.text == right and not entry.unread:
                continue
            answer = _answer(entry, sheet, line)
            taken = answer.is_blank and line.name in submission.taken_as_right
            if not taken and answer.value != value_of(right, sheet, line):
                answers[cell] = answer
                open_cells.setdefault(line.name, []).append(cell)
    return read_in


@cache
def answer_cells(
    code: str, level: int, fade: str = ""
) -> tuple[tuple[Line, tuple[CellName, ...]], ...]:
    """Return the lines that a student fills in, with their cells, of the kind with this code.

    Of a faded sheet these are the cells that are left to do, and the lines that have some.
    """
    graph = exercise.graph(exercise.by_code(code).name, level)
    return tuple((line, cells) for line, cells in left_to_do(graph, fade) if cells)


@cache
def _left(code: str, level: int, fade: str, name: str) -> Mask:
    """Return a mask of the cells of a line that a fade leaves to do."""
    line, cells = next(one for one in answer_cells(code, level, fade) if one[0].name == name)
    mask = np.zeros(line.node.shape, dtype=np.bool_)
    for _, row, column in cells:
        mask[row, column] = True
    return mask


def _answer(entry: Entry, sheet: Sheet, line: Line) -> Answer:
    if entry.unread:
        return Answer(reason=entry.unread)
    if not entry.text:
        return BLANK
    if line.node.is_word:
        return read_word(entry.text, spellings(sheet.choices(line)))
    return read_number(entry.text)


def value_of(text: str, sheet: Sheet, line: Line) -> Fraction:
    """Return the value of the key's text: a number, or a word's index."""
    return Fraction(_places(sheet, line)[text]) if line.node.is_word else _read(text)


def _places(sheet: Sheet, line: Line) -> dict[str, int]:
    """Map each word that the line may hold to its index."""
    return {word: place for place, word in enumerate(sheet.choices(line))}


@lru_cache(65536)
def _numerator(text: str, denominator: int) -> int:
    value = read(text)
    return value.numerator * (denominator // value.denominator)
