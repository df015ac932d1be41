"""Enter a sheet on paper quickly: its checkpoints, and the lines between only if one is off."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from worksheets import exercise
from worksheets.class_set.checkpoints import checkpoints
from worksheets.engine.graph import Line
from worksheets.engine.node import Node
from worksheets.errors import InputError
from worksheets.marking.answer import read_number
from worksheets.marking.override import LONGEST
from worksheets.marking.paper import answer_cells
from worksheets.marking.seal import sealed
from worksheets.marking.submission import CellName
from worksheets.marking.work import Work, is_right, read_answer
from worksheets.sheet import Sheet
from worksheets.views.names import name_of_cell

POINTS, NOTE = "points", "note"
AS_THE_KEY, BLANK, HELP, BACK, STOP = "", "-", "?", "b", "."
EXPLAINED = """\
  Enter   as in the brackets: as the key says, or as the student's own numbers before lead to
  -       blank; in a row of several cells, one of them: 1 - -2
  b       back to the question before
  points 2.5   what the written questions earn
  note TEXT    a comment on the sheet, which the student sees
  Ctrl-C  stop; sheets that are finished are written already
The cells of a row, or of a column, are typed as written, with spaces between: 1 0,5 -3/4"""
TOLD = {
    HELP: EXPLAINED,
    STOP: ". ends between two sheets; Ctrl-C stops here, and nothing of this sheet is kept",
}
Values = tuple[str, ...]
MOST_QUESTIONS = {1: 9, 2: 9, 3: 12}  # of a right sheet by level, where its checkpoints allow it


@dataclass(frozen=True)
class Question:
    """Ask for one row of a line, or for a column as if it lay, with the values `expected`.

    `place` says which cells these are, where they are not the whole line.
    """

    line: Line
    place: str
    expected: Values

    @property
    def prompt(self) -> str:
        """Return the text before the answer."""
        name = self.line.name.replace("_", " ")
        return f"{self.line.step.number} {name}{self.place} [{' '.join(self.expected)}]: "

    def values(self, reply: str) -> Values:
        """Return the texts of the row's cells.

        Raises:
            InputError: if there are not as many.
        """
        cells = len(self.expected)
        if reply == AS_THE_KEY:
            return self.expected
        if reply == BLANK:
            return ("",) * cells
        values = (reply,) if cells == 1 else tuple(reply.split())
        if len(values) != cells:
            raise InputError(f"{len(values)} given, but the row has {cells} cells; ? shows help")
        return tuple("" if value == BLANK else value for value in values)


@dataclass(frozen=True)
class Entered:
    """Hold a sheet as entered: cells by name, and the lines taken as right as a whole.

    What follows from a slip in such a line stands among the cells. `asked` counts the lines that
    were asked for, `lines` those there were to do; `fade` names the cells that the sheet showed
    already. `questions` are the points of the written ones, and `note` is a comment on the sheet.
    """

    cells: dict[str, str]
    taken_as_right: list[str]
    asked: int
    lines: int
    fade: str = ""
    questions: str = ""
    note: str = ""

    def as_json(self, sheet: Sheet) -> bytes:
        """Write the submission as a JSON file."""
        content = {
            "id": sheet.id,
            "student": "",
            "cells": self.cells,
            "taken_as_right": self.taken_as_right,
            **({"fade": self.fade} if self.fade else {}),
            **({"questions": self.questions} if self.questions else {}),
            **({"note": self.note} if self.note else {}),
        }
        return f"{json.dumps(sealed(content), ensure_ascii=False, indent=1)}\n".encode()


def entered(
    sheet: Sheet, ask: Callable[[str], str], tell: Callable[[str], object], fade: str = ""
) -> Entered:
    """Ask until the sheet is entered. A step back asks anew, with all replies but the last."""
    given: list[Values] = []
    said: dict[str, str] = {}
    while True:
        talk = _talk(sheet, fade)
        try:
            question = next(talk)
            for values in given:
                question = talk.send(values)
            while reply := _reply(sheet, question, ask, tell, said):
                given.append(reply)
                question = talk.send(reply)
        except StopIteration as finished:
            result: Entered = finished.value
            return replace(result, questions=said.get(POINTS, ""), note=said.get(NOTE, ""))
        if given:
            given.pop()
        else:
            tell("this is the first question")


def _talk(sheet: Sheet, fade: str) -> Generator[Question, Values, Entered]:
    """Yield the questions in their order, which depends on the answers.

    Whoever has a faded sheet goes on from what it shows, so a checkpoint says nothing of the lines
    before it: all that was left to do is asked for. A checkpoint is in order if it is as in the
    key, or as what stands before it leads to; then the lines between are taken so as well. Where
    it is off, they are asked for, as far as no earlier checkpoint has shown them to be in order,
    until one of them explains it. Words say little of the numbers behind them: lines that words
    alone have shown to be in order are asked for where a later checkpoint is off.
    """
    identity = sheet.identity
    lines = answer_cells(identity.code, identity.level, fade)
    looked_at = (
        {line.name for line, _ in lines} if fade else _looked_at(identity.code, identity.level)
    )
    work = Work(sheet, fade)
    taken: list[str] = []
    waiting: list[Line] = []
    by_words: list[Line] = []
    every = {line.name: left for line, left in lines}
    asked = 0
    for line, left in lines:
        if line.name not in looked_at:
            waiting.append(line)
            continue
        asked += 1
        in_order = yield from _line(work, line, left)
        reached = _behind(line.node)
        before = [one for one in waiting if one.node in reached]
        waiting = [one for one in waiting if one.node not in reached]
        if not line.node.is_word:
            numbers = _behind(line.node, through_words=False)
            doubtful = [one for one in by_words if one.node in numbers]
            by_words = [one for one in by_words if one.node not in numbers]
            before = [*doubtful, *before]
        elif in_order:
            by_words += before
        while before and not in_order:
            one = before.pop(0)
            asked += 1
            if one.name in taken:
                taken.remove(one.name)
            yield from _line(work, one, every[one.name])
            in_order = work.leads_to(left)
        for one in before:
            if one.name not in taken:
                taken.append(one.name)
            work.take(every[one.name])
    cells = {name_of_cell(*cell): text for cell, text in work.typed.items()}
    return Entered(cells, taken, asked, len(lines), fade)


@cache
def _looked_at(code: str, level: int) -> frozenset[str]:
    """Return the lines that are asked for first: checkpoints, and those that no such depends on.

    Of checkpoints that another one depends on, those of most questions are left out, the first of
    equal ones, until a right sheet takes few keys.
    """
    kind = exercise.by_code(code)
    graph = exercise.graph(kind.name, level)
    points = set(checkpoints(kind, graph))
    answers, most = graph.answers, MOST_QUESTIONS[level]
    while True:
        found: list[Line] = []
        covered: set[Node] = set()
        for line in reversed(answers):
            if line.name in points or line.node not in covered:
                found.insert(0, line)
                covered |= _behind(line.node)
        spare = [line for line in found if line.node in covered]
        if not spare or sum(map(_questions, found)) <= most:
            return frozenset(line.name for line in found)
        points.remove(max(spare, key=_questions).name)


def _questions(line: Line) -> int:
    """Return how many questions ask for a line: one a row, and one for a column."""
    height, width = line.node.shape
    return height if width > 1 else 1


def _behind(node: Node, *, through_words: bool = True) -> set[Node]:
    """Return all nodes that a node is computed from, or those on which its number depends."""
    found: set[Node] = set()
    waiting = list(node.parents)
    while waiting:
        one = waiting.pop()
        if one not in found and (through_words or not one.is_word):
            found.add(one)
            waiting += one.parents
    return found


def _line(work: Work, line: Line, left: Iterable[CellName]) -> Generator[Question, Values, bool]:
    """Ask for a line's rows, of the cells that are to do; tell whether all are as was expected.

    A column is one question, not one a cell: five probabilities that are right take one key.
    """
    in_order = True
    sheet, expected = work.sheet, work.expected()
    is_column = line.node.shape[1] == 1
    for _, some in groupby(left, key=lambda cell: is_column or cell[1]):
        cells = list(some)
        wanted = tuple(expected.get(cell, work.key(cell)) for cell in cells)
        values = yield Question(line, _place(sheet, line, cells), wanted)
        for cell, value, right in zip(cells, values, wanted, strict=True):
            work.typed[cell] = value
            in_order &= is_right(sheet, line, value, right)
    return in_order


def _place(sheet: Sheet, line: Line, cells: Sequence[CellName]) -> str:
    """Return which cells of a line these are, of one row or one column, if not all that it has."""
    height, width = line.node.shape
    rows, columns = sheet.labels(line.row_labels), sheet.labels(line.column_labels)
    if width == 1:
        named = [rows[row] for _, row, _ in cells] if len(cells) < height else []
        return f", row {' '.join(named)}" if named else ""
    place = f", row {rows[cells[0][1]]}" if height > 1 else ""
    named = [columns[column] for *_, column in cells] if len(cells) < width else []
    return f"{place}, column {' '.join(named)}" if named else place


def _reply(
    sheet: Sheet,
    question: Question,
    ask: Callable[[str], str],
    tell: Callable[[str], object],
    said: dict[str, str],
) -> Values | None:
    """Return the reply to a question, or None for a step back; note what else is `said`."""
    while True:
        reply = ask(question.prompt).strip()
        if reply.casefold() == BACK:
            return None
        word, _, text = reply.partition(" ")
        if word in (POINTS, NOTE) and text.strip():
            tell(_note(word, text.strip(), said))
            continue
        if reply in TOLD:
            tell(TOLD[reply])
            continue
        try:
            values = question.values(reply)
        except InputError as error:
            tell(str(error))
            continue
        for value in values:
            answer = read_answer(sheet, question.line, value)
            if answer.is_unreadable:
                tell(f"{value!r} is {answer.reason}; it is kept as written; b goes back")
        return values


def _note(word: str, text: str, said: dict[str, str]) -> str:
    """Keep points of the written questions, or a comment, and say so; the last one counts."""
    if word == POINTS:
        points = read_number(text).value
        if points is None or points < 0:
            return f"points is {text!r}; right is a number from 0 on"
    elif len(text) > LONGEST:
        return f"the note has {len(text)} characters; right are up to {LONGEST}"
    said[word] = text
    return f"{word}: {text}"
