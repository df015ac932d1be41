"""Write all that marking found as JSON for other programs: one line a student.

    {"made_by": "rlhf-worksheets mark", "read": 31, "files": {"marks.csv": "SHA-256...", ...},
     "ids": [...], "superseded": [{"id", "student", "source", "newer"}],
     "set_aside": [{"source", "reason"}],
     "missing": [{"student", "name", "section", "email", "id"}],
     "marked": [
    {"student", "name", "section", "email", "id", "kind", "level", "fade": how or null, "source",
     "feedback": file or null,
     "points": "31.5", "out_of": "38", "percent": "82.9",
     "steps": [{"number", "title", "points", "earned"}],
     "questions": {"points", "earned": or null} or null, "written": ["as typed", ...],
     "adjusted": "1.5" or null,
     "by_teacher": {"answers": [{"line", "row", "column", "was"}], "steps": [4, ...],
                    "whole": true or false, "comments": [{"step", "cell", "comment"}],
                    "done_by"} or null,
     "counts": {"right", "follows", "wrong", "blank", "unreadable"}, "taken_as_right": 0,
     "mistakes": [{"step", "line", "cells": [[row, column], ...], "mistake", "advice"}],
     "lines": [{"name", "step", "marks": [[...], ...], "written": [[...], ...],
                "right": [[...], ...], "remarks": [{"row", "column", ...}]}]},
    ...]}

Points are texts, as they are shown everywhere; the steps' add up to those of all, with those of the
written `questions` and with that by which a teacher has `adjusted` the whole. What a teacher has
set by hand stands under `by_teacher`. So many of the right cells were `taken_as_right` from a
checkpoint behind them, without being looked at. Values are texts as in a key, but for `written`,
which is as typed. Rows and columns count from 0, as in a key. A remark holds whatever else is known
of a cell: what it was `expected` to be from the student's own values, the `mistake` that explains
it, a `note`, and, unless it is right, `where` in the file it stands. A mistake without a name is
where the work left the path. A cell that a faded sheet showed already has null for its mark.
Nothing was marked of those who are `missing`, and the class set has them.
`files` are the run's files but this one: the next run may replace them as long as they are
unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from worksheets.marking.marks import CellMark, Mark, Marked, Marking
from worksheets.marking.paper import answer_cells

MADE_BY = "rlhf-worksheets mark"
LAST_OF_HEAD = ',"marked":['
RIGHT = Mark.RIGHT


def students(marking: Marking, feedback: Mapping[int, str]) -> Iterable[bytes]:
    """Yield each student's part; `feedback` names the file of each place among the marked."""
    return (_bytes(_student(one, feedback.get(place))) for place, one in enumerate(marking.marked))


def as_json(marking: Marking, parts: Iterable[bytes], files: Mapping[str, str]) -> Iterable[bytes]:
    """Yield the record's pieces in the order in which they are written."""
    head = {
        "made_by": MADE_BY,
        "read": marking.read,
        "files": dict(sorted(files.items())),
        "ids": sorted({one.sheet.id for one in marking.marked}),
        "superseded": [
            {
                "id": one.submission.id,
                "student": one.submission.student,
                "source": one.submission.source,
                "newer": one.newer.source,
            }
            for one in marking.superseded
        ],
        "set_aside": [{"source": one.source, "reason": one.reason} for one in marking.set_aside],
        "missing": [
            {
                "student": one.student,
                "name": one.name,
                "section": one.section,
                "email": one.email,
                "id": one.id,
            }
            for one in marking.missing
        ],
    }
    yield _bytes(head).removesuffix(b"}") + LAST_OF_HEAD.encode() + b"\n"
    for place, part in enumerate(parts):
        yield (b",\n" if place else b"") + part
    yield b"\n]}\n"


def head_of(path: Path) -> dict[str, Any]:
    """Return the head of an earlier run's record, with files and IDs; empty if there is none."""
    try:
        with path.open("rb") as file:
            line = file.readline().rstrip().removesuffix(LAST_OF_HEAD.encode())
        head = json.loads(line + b"}")
    except (OSError, ValueError, RecursionError):
        return {}
    own = isinstance(head, dict) and head.get("made_by") == MADE_BY
    well_formed = own and isinstance(head.get("files"), dict) and isinstance(head.get("ids"), list)
    return head if well_formed else {}


def _bytes(data: object) -> bytes:
    # A file name may hold bytes that are no text: these are escaped as JSON escapes them.
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _student(one: Marked, feedback: str | None) -> dict[str, Any]:
    return {
        "student": one.student,
        "name": one.name,
        "section": one.section,
        "email": one.email,
        "id": one.sheet.id,
        "kind": one.sheet.kind.name,
        "level": one.sheet.identity.level,
        "fade": one.submission.fade or None,
        "source": one.submission.source,
        "feedback": feedback,
        "points": one.shown(one.earned),
        "out_of": one.shown(one.points),
        "percent": one.percent,
        "steps": [
            {
                "number": step.number,
                "title": step.title,
                "points": one.shown(step.points),
                "earned": earned,
            }
            for step, earned in one.shown_steps
        ],
        "questions": _questions(one),
        "written": list(one.submission.written),
        "adjusted": one.shown(one.adjusted) if one.adjusted else None,
        "by_teacher": _by_teacher(one) if one.is_overridden else None,
        "counts": dict(one.counts),
        "taken_as_right": one.taken_as_right,
        "mistakes": [
            {
                "step": finding.step,
                "line": finding.line,
                "cells": [[row, column] for _, row, column in finding.cells],
                "mistake": finding.mistake,
                "advice": finding.advice,
            }
            for finding in one.findings
        ],
        "lines": _lines(one),
    }


def _questions(one: Marked) -> dict[str, str | None] | None:
    if not one.questions:
        return None
    earned = one.questions_earned
    return {
        "points": one.shown(one.questions),
        "earned": None if earned is None else one.shown(earned),
    }


def _by_teacher(one: Marked) -> dict[str, Any]:
    what = one.by_teacher
    return {
        "answers": [
            {"line": line, "row": row, "column": column, "was": was}
            for (line, row, column), was in what.answers.items()
        ],
        "steps": sorted(what.steps),
        "whole": what.whole is not None,
        "comments": [
            {
                "step": step or None,
                "cell": list(cell) if cell else None,
                "comment": comment,
            }
            for step, cell, comment in what.comments
        ],
        "done_by": what.done_by or None,
    }


def _lines(one: Marked) -> list[dict[str, Any]]:
    found = []
    for line, names in answer_cells(one.sheet.identity.code, one.sheet.identity.level):
        cells = [one.cells.get(name) for name in names]
        rows = range(0, len(cells), line.node.shape[1])
        found.append(
            {
                "name": line.name,
                "step": line.step.number,
                "marks": [
                    [cell and cell.mark for cell in cells[at : at + rows.step]] for at in rows
                ],
                "written": [
                    [cell.written if cell else "" for cell in cells[at : at + rows.step]]
                    for at in rows
                ],
                "right": one.sheet.values[line.name],
                "remarks": [
                    {"row": row, "column": column, **remark}
                    for (_, row, column), cell in zip(names, cells, strict=True)
                    if cell and (cell.mark is not RIGHT or cell.note)
                    if (remark := _remark(cell))
                ],
            }
        )
    return found


def _remark(cell: CellMark) -> dict[str, str]:
    known = {
        "expected": cell.follow_value,
        "mistake": cell.mistake,
        "note": cell.note,
        "where": cell.where if cell.mark is not RIGHT else "",
    }
    return {name: text for name, text in known.items() if text}
