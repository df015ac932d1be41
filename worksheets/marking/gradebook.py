"""Tabulate marks for a gradebook: a row a student, as a table and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import TypeAlias

from worksheets.marking.marks import Mark, Marked, Missing
from worksheets.marking.sanitise import tidy
from worksheets.tabular.spreadsheet_text import in_csv

Value: TypeAlias = str | float | None
MarksTable: TypeAlias = list[list[Value]]
NOTHING = "nothing was marked"  # in place of a file's name


def _questions(one: Marked) -> Value:
    earned = one.questions_earned
    return None if earned is None else _number(one.shown(earned))


# Columns that stand there only if somebody has something in them: the points that are no step's,
# the right cells that nobody looked at, and what a teacher says.
MORE: dict[str, Callable[[Marked], Value]] = {
    "questions": _questions,
    "adjusted": lambda one: _number(one.shown(one.adjusted)),
    "taken as right": lambda one: one.taken_as_right,
    "comment": lambda one: "; ".join(comment for *_, comment in one.by_teacher.comments),
}


def table(marked: Sequence[Marked], missing: Sequence[Missing] = ()) -> MarksTable:
    """Return headings, then a row a student in the roster's order; a missing one has no mark."""
    steps = sorted({step.number for one in marked for step in one.steps})
    every: list[Marked | Missing] = [*marked, *missing]
    section = any(one.section for one in every)
    email = any(one.email for one in every)
    more = [heading for heading, of in MORE.items() if any(map(of, marked))]
    headings = [
        *(
            "student",
            "name",
            *(["section"] if section else []),
            *(["email"] if email else []),
            "id",
        ),
        *("points", "out of", "percent", *(f"step {step}" for step in steps)),
        *(mark.value for mark in Mark),
        *more,
        *("commonest mistake", "source"),
    ]
    rows: MarksTable = [list(headings)]
    for one in sorted(every, key=lambda one: one.place):
        who: list[Value] = [one.student, one.name, *([one.section] if section else [])]
        who += [one.email] if email else []
        if isinstance(one, Missing):
            own: list[Value] = [one.id]
            own += [None] * (len(headings) - len(who) - len(own) - 1)
            rows.append([*who, *own, NOTHING])
        else:
            rows.append([*who, *_marks(one, steps, more)])
    return rows


def _marks(one: Marked, steps: Iterable[int], more: Iterable[str]) -> list[Value]:
    earned = {step.number: _number(text) for step, text in one.shown_steps}
    return [
        one.sheet.id,
        *(_number(one.shown(one.earned)), _number(one.shown(one.points)), _number(one.percent)),
        *(earned.get(step) for step in steps),
        *one.counts.values(),
        *(MORE[heading](one) for heading in more),
        *(_commonest(one), one.submission.source),
    ]


def _number(text: str) -> float | None:
    """Return a number as shown, to the digit: it has few of them."""
    if not text:
        return None
    return float(text) if "." in text else int(text)


def _commonest(one: Marked) -> str:
    """Return the mistake that explains the most cells, the first of several."""
    cells: dict[str, int] = {}
    for finding in one.findings:
        if finding.mistake:
            cells[finding.mistake] = cells.get(finding.mistake, 0) + len(finding.cells)
    return max(cells, key=lambda name: cells[name], default="")


def as_csv(rows: MarksTable) -> bytes:
    """Write a table in UTF-8, with the byte-order mark by which spreadsheets know it."""
    file = StringIO(newline="")
    csv.writer(file).writerows([_in_csv(value) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _in_csv(value: Value) -> Value:
    return in_csv(tidy(value)) if isinstance(value, str) else value


def steps(marked: Iterable[Marked]) -> MarksTable:
    """Return headings, then a row for each step of the sheets."""
    rows: dict[tuple[Value, ...], None] = {("kind", "level", "step", "title", "points"): None}
    for one in marked:
        kind, level = one.sheet.kind.name, one.sheet.identity.level
        for step in one.steps:
            points = _number(one.shown(step.points))
            rows[kind, level, step.number, step.title, points] = None
    return [list(row) for row in rows]
