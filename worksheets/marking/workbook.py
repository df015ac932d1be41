"""Write a gradebook's tables as a spreadsheet in which no text is a formula."""

from __future__ import annotations

import re

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from worksheets.exports.same_bytes import saved
from worksheets.marking.gradebook import MarksTable, Value
from worksheets.marking.sanitise import tidy
from worksheets.tabular.spreadsheet_text import acts_as_formula

# A workbook's own way to write characters by number: "_x0041_" would be read as "A".
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
WIDTHS = {"name": 26, "student": 16, "id": 26, "email": 28, "commonest mistake": 36, "source": 36}


def as_workbook(rows: MarksTable, steps: MarksTable) -> bytes:
    """Write marks as XLSX, and the steps on a second sheet; the same bytes each time."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("marks")
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(rows[0]):
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = WIDTHS.get(str(heading), 10)
    for place, row in enumerate(rows):
        sheet.append([_in_workbook(sheet, value, bold=not place) for value in row])
    sheet = book.create_sheet("steps")
    sheet.column_dimensions["D"].width = 30
    for place, row in enumerate(steps):
        sheet.append([_in_workbook(sheet, value, bold=not place) for value in row])
    return saved(book)


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
