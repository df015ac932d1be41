"""Marks for a gradebook: a row a student, as CSV and as a spreadsheet."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import BytesIO, StringIO
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from worksheets import exercise
from worksheets.marking.legible import tidy
from worksheets.marking.marks import Mark, Marked, Marking, points_text
from worksheets.marking.remarks import counts

Value: TypeAlias = str | float | None
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# A workbook's own way to write characters by number: "_x0041_" would be read as "A".
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
PERCENT_DECIMALS = 1
WIDTHS = {"name": 26, "student": 16, "id": 26, "commonest mistake": 36, "source": 36}
EPOCH = (1980, 1, 1, 0, 0, 0)
TIMES = re.compile(rb"(<dcterms:\w+[^>]*>)[^<]*")


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula: by its first character that is seen."""
    return text.lstrip().startswith(FORMULA) or (bool(text) and not text[0].isprintable())


def table(marked: Sequence[Marked]) -> list[list[Value]]:
    """Headings, then a row for each of them."""
    steps = sorted({step.number for one in marked for step in one.steps})
    section = any(one.section for one in marked)
    headings = [
        *("student", "name", *(["section"] if section else []), "id"),
        *("points", "out of", "percent", *(f"step {step}" for step in steps)),
        *(mark.value for mark in Mark),
        *("commonest mistake", "source"),
    ]
    return [list(headings), *(_row(one, steps, section=section) for one in marked)]


def _row(one: Marked, steps: Iterable[int], *, section: bool) -> list[Value]:
    earned = {step.number: _number(one.shown(step.earned)) for step in one.steps}
    return [
        *(one.student, one.name, *([one.section] if section else []), one.sheet.id),
        *(_number(one.shown(one.earned)), _number(one.shown(one.points)), _number(percent(one))),
        *(earned.get(step) for step in steps),
        *counts(one).values(),
        *(_commonest(one), one.submission.source),
    ]


def percent(one: Marked) -> str:
    """The share of the points that was earned, or nothing where there are none."""
    if not one.points:
        return ""
    return points_text(Fraction(100) * one.earned / one.points, PERCENT_DECIMALS)


def _number(text: str) -> float | None:
    """A number as shown, to the digit: it has few of them."""
    if not text:
        return None
    return float(text) if "." in text else int(text)


def _commonest(one: Marked) -> str:
    """The mistake that explains the most cells, the first of several."""
    cells: dict[str, int] = {}
    for finding in one.findings:
        if finding.mistake:
            cells[finding.mistake] = cells.get(finding.mistake, 0) + len(finding.cells)
    return max(cells, key=lambda name: cells[name], default="")


def as_csv(marking: Marking) -> bytes:
    """The table in UTF-8, with the mark at its start by which spreadsheets know it."""
    file = StringIO(newline="")
    csv.writer(file).writerows([_in_csv(value) for value in row] for row in table(marking.marked))
    return file.getvalue().encode("utf-8-sig")


def _in_csv(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    text = tidy(value)
    return f"'{text}" if acts_as_formula(text) else text


def as_workbook(marking: Marking) -> bytes:
    """The table as XLSX, and on a second sheet what its steps are; the same bytes each time."""
    book = Workbook(write_only=True)
    rows = table(marking.marked)
    sheet = book.create_sheet("marks")
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(rows[0]):
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = WIDTHS.get(str(heading), 10)
    for place, row in enumerate(rows):
        sheet.append([_in_workbook(sheet, value, bold=not place) for value in row])
    sheet = book.create_sheet("steps")
    sheet.column_dimensions["D"].width = 30
    for place, row in enumerate(_steps(marking.marked)):
        sheet.append([_in_workbook(sheet, value, bold=not place) for value in row])
    file = BytesIO()
    book.save(file)
    return _timeless(file.getvalue())


def _steps(marked: Iterable[Marked]) -> list[list[Value]]:
    rows: dict[tuple[Value, ...], None] = {("kind", "level", "step", "title", "points"): None}
    for one in marked:
        kind, level = exercise.name_of(one.sheet.kind), one.sheet.identity.level
        for step in one.steps:
            points = _number(one.shown(step.points))
            rows[kind, level, step.number, step.title, points] = None
    return [list(row) for row in rows]


def _in_workbook(sheet: WriteOnlyWorksheet, value: Value, *, bold: bool) -> Cell:
    if isinstance(value, str):
        text = tidy(value)
        cell = WriteOnlyCell(sheet, ESCAPE.sub("_x005F_", text) or None)
        if text:
            cell.data_type = "s"  # whatever it looks like
            cell.quotePrefix = acts_as_formula(text)  # it stays a text when somebody edits it
    else:
        cell = WriteOnlyCell(sheet, value)
    if bold:
        cell.font = Font(bold=True)
    return cell


def _timeless(content: bytes) -> bytes:
    """The workbook without the time at which it was written."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in sorted(old.namelist()):
            data = old.read(part)
            if part == "docProps/core.xml":
                data = TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(part, EPOCH), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()
