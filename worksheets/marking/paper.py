"""A sheet as a student wrote it: every cell of the key, and what was read in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from worksheets.engine.graph import Line
from worksheets.engine.notation import read
from worksheets.marking.answer import BLANK, Answer, read_number, read_word, spellings
from worksheets.marking.submission import CellName, Entry, Submission
from worksheets.sheet import Sheet

Rows: TypeAlias = list[list[Fraction]]
NOTHING = Entry("")
_read = lru_cache(65536)(read)


@dataclass(frozen=True)
class Paper:
    """A submission beside its key.

    `key` holds every line's values, words as indices; `answers` what was read of each answer cell
    that is not blank; `open` the cells of each answer line that do not hold the key's value.
    """

    submission: Submission
    sheet: Sheet
    key: Mapping[str, Rows]
    answers: Mapping[CellName, Answer]
    open: Mapping[str, list[CellName]]

    def entry(self, cell: CellName) -> Entry:
        """What was typed there."""
        return self.submission.entries.get(cell, NOTHING)

    def answer(self, cell: CellName) -> Answer:
        """What was read there."""
        return self.answers.get(cell, BLANK)

    @property
    def has_strayed(self) -> bool:
        """Whether any cell does not hold the key's value."""
        return bool(self.open)


def paper(submission: Submission, sheet: Sheet) -> Paper:
    """Read every cell of a submission."""
    graph = sheet.graph
    key: dict[str, Rows] = {}
    answers: dict[CellName, Answer] = {}
    open_cells: dict[str, list[CellName]] = {}
    for line in graph.lines.values():
        indices = spellings(sheet.choices(line)) if line.node.is_word else {}
        texts = sheet.values[line.name]
        if line.node.is_word:
            places = {word: place for place, word in enumerate(sheet.choices(line))}
            rows = [[Fraction(places[text]) for text in row] for row in texts]
        else:
            rows = [[_read(text) for text in row] for row in texts]
        key[line.name] = rows
        if line.role == "given":
            continue
        for place in np.ndindex(line.node.shape):
            cell = (line.name, *place)
            answer = _answer(submission, cell, line, indices)
            if answer is not BLANK:
                answers[cell] = answer
            elif line.name in submission.taken_as_right:
                answer = answers[cell] = Answer(rows[place[0]][place[1]])
            if answer.value != rows[place[0]][place[1]]:
                open_cells.setdefault(line.name, []).append(cell)
    return Paper(submission, sheet, key, answers, open_cells)


def _answer(
    submission: Submission, cell: CellName, line: Line, indices: Mapping[str, int]
) -> Answer:
    entry = submission.entries.get(cell)
    if entry is None:
        return BLANK
    return read_word(entry.text, indices) if line.node.is_word else read_number(entry.text)
