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

    `key` holds every line's values, words as indices; `open` the cells of each answer line that do
    not hold the key's value; `answers` what was read of these unless they are blank.
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
            entry = submission.entries.get(cell)
            if entry is not None and entry.text == texts[place[0]][place[1]]:
                continue  # as the key writes it: most cells
            answer = _answer(entry, line, indices)
            taken = answer.is_blank and line.name in submission.taken_as_right
            if not taken and answer.value != rows[place[0]][place[1]]:
                answers[cell] = answer
                open_cells.setdefault(line.name, []).append(cell)
    return Paper(submission, sheet, key, answers, open_cells)


def _answer(entry: Entry | None, line: Line, indices: Mapping[str, int]) -> Answer:
    if entry is None:
        return BLANK
    return read_word(entry.text, indices) if line.node.is_word else read_number(entry.text)
