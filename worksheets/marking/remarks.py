"""Word the remarks of a page of feedback: on each step, and at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from worksheets.engine.notation import MINUS
from worksheets.language import ENGLISH
from worksheets.marking.advice import advice
from worksheets.marking.marks import CellMark, Finding, Mark, Marked
from worksheets.marking.sanitise import cut, tidy
from worksheets.marking.submission import CellName
from worksheets.render.page import template
from worksheets.render.speech import speech
from worksheets.sheet import Sheet

QUOTED = 60  # characters of a text that could not be read, or has no room in its cell
MOST_QUOTED = 3


@dataclass(frozen=True)
class StepRemarks:
    """Hold a step's cells by their marks, and what is worth a word.

    `mistakes` are names, each with its advice; `astray` is the cell where the work left the path,
    and `note` its note; `unread` quotes some of the `unreadable`; `surprising` is a cell that is
    right though its inputs give another value.
    """

    cells: int
    follows: int
    wrong: int
    blank: int
    mistakes: tuple[tuple[str, str], ...]
    astray: str
    note: str
    unread: tuple[str, ...]
    unreadable: int
    surprising: str
    language: str = ENGLISH

    @property
    def what(self) -> str:
        """Return the remark in a few words."""
        return _said(self)[0]

    @property
    def advice(self) -> tuple[str, ...]:
        """Return sentences of advice, the first of which helps most."""
        return _said(self)[1]


@lru_cache(4096)  # most steps of a class are all right
def _said(step: StepRemarks) -> tuple[str, tuple[str, ...]]:
    macros = _macros(step.language)
    return str(macros.what(step)).strip(), tuple(str(macros.advice(step)).strip().splitlines())


@cache
def _macros(language: str) -> Any:
    return template("remarks.txt.jinja").make_module(speech(language))


def remarks(marked: Marked) -> dict[int, StepRemarks]:
    """Return the remarks on every step with cells, by its number."""
    lines = marked.sheet.graph.lines
    by_step: dict[int, dict[CellName, CellMark]] = defaultdict(dict)
    for name, cell in marked.cells.items():
        by_step[lines[name[0]].step.number][name] = cell
    findings: dict[int, list[Finding]] = defaultdict(list)
    for finding in marked.findings:
        findings[finding.step].append(finding)
    return {step: _remarks(marked.sheet, cells, findings[step]) for step, cells in by_step.items()}


def _remarks(
    sheet: Sheet, cells: Mapping[CellName, CellMark], findings: list[Finding]
) -> StepRemarks:
    kind, language = sheet.kind.name, sheet.identity.language
    mistakes = dict.fromkeys(one.mistake for one in findings if one.mistake)
    marks = [cell.mark for cell in cells.values()]
    astray = next((one.cells[0] for one in findings if not one.mistake and one.cells), None)
    unread = [
        f"“{cut(tidy(one.written), QUOTED)}”"
        for one in cells.values()
        if one.mark is Mark.UNREADABLE
    ]
    right = (
        name
        for name, one in cells.items()
        if one.mark is Mark.RIGHT and one.follow_value not in (None, one.right)
    )
    surprising = next(right, None)
    return StepRemarks(
        len(marks),
        marks.count(Mark.FOLLOWS),
        marks.count(Mark.WRONG),
        marks.count(Mark.BLANK),
        tuple((name, advice(kind, name, language)) for name in mistakes),
        cell_place(sheet, astray) if astray else "",
        cells[astray].note if astray else "",
        tuple(dict.fromkeys(unread))[:MOST_QUOTED],
        len(dict.fromkeys(unread)),
        cell_place(sheet, surprising) if surprising else "",
        language,
    )


def cell_place(sheet: Sheet, cell: CellName) -> str:
    """Return a cell's place in words: its line, and its row and column by their labels."""
    name, row, column = cell
    line = sheet.graph.lines[name]
    rows, columns = line.node.shape
    return str(
        _macros(sheet.identity.language).place(
            line.label,
            sheet.labels(line.row_labels)[row] if rows > 1 else "",
            sheet.labels(line.column_labels)[column] if columns > 1 else "",
        )
    )


def more(parts: Sequence[tuple[int, str]], left: int, language: str) -> str:
    """Join sentences on several steps; `left` of them are left out, and counted."""
    return str(_macros(language).more(parts, left)).strip()


def teachers(marked: Marked) -> dict[int, list[str]]:
    """Return what a teacher has set by hand, in sentences, by step; on the whole sheet under 0."""
    macros = _macros(marked.sheet.identity.language)
    said: dict[int, list[str]] = defaultdict(list)

    def say(step: int, name: str, *values: str) -> None:
        said[step].append(str(getattr(macros, name)(*values)).strip())

    by_teacher, sheet = marked.by_teacher, marked.sheet
    for cell in by_teacher.answers:
        step = sheet.graph.lines[cell[0]].step.number
        answer = marked.cells[cell].written.replace("-", MINUS) if cell in marked.cells else ""
        say(step, "teacher_reads", cell_place(sheet, cell), answer)
    for step in sorted(by_teacher.steps):
        say(step, "teacher_points")
    if by_teacher.whole is not None:
        adjusted = marked.adjusted
        sign = "" if not adjusted else MINUS if adjusted < 0 else "+"
        say(0, "teacher_whole", f"{sign}{marked.shown(abs(adjusted))}" if sign else "")
    if marked.questions and marked.questions_earned is not None:
        earned, points = marked.shown(marked.questions_earned), marked.shown(marked.questions)
        say(0, "teacher_questions", earned, points)
    for step, place, comment in by_teacher.comments:
        say(step, "teacher_says", comment, cell_place(sheet, place) if place else "")
    return dict(said)


def in_full(marked: Marked, cut_down: Sequence[CellName]) -> dict[int, str]:
    """Return a sentence for each step with the answers that their cells have no room for."""
    by_step: dict[int, list[str]] = defaultdict(list)
    for name in cut_down:
        text = cut(tidy(marked.cells[name].written), QUOTED).replace("-", MINUS)
        step = marked.sheet.graph.lines[name[0]].step.number
        by_step[step].append(f"“{text}” ({cell_place(marked.sheet, name)})")
    macros = _macros(marked.sheet.identity.language)
    return {step: str(macros.in_full(some)).strip() for step, some in by_step.items()}


def taken(marked: Marked) -> str:
    """Say how many cells nobody looked at, if there are some."""
    count = marked.taken_as_right
    return str(_macros(marked.sheet.identity.language).taken(count)).strip() if count else ""


def closing(marked: Marked) -> str:
    """Return a last line that is true and encourages."""
    found = {mark.value: count for mark, count in marked.counts.items()}
    macros = _macros(marked.sheet.identity.language)
    return str(macros.closing({**found, "cells": len(marked.cells)})).strip()
