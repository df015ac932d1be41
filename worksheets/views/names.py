"""Name cells and fields in files that people fill in."""

from __future__ import annotations

# A form's and a workbook's places for the sheet's ID, for what it shows already, and for who fills
# it in.
SHEET_ID, SHEET_FADE = "sheet_id", "sheet_fade"
STUDENT, DATE, STUDENT_NAME = "name", "date", "student_name"
# Where the answer to a written question goes; in a form with its number behind it.
WRITTEN = "written"


def name_of_cell(line: str, row: int, column: int) -> str:
    """Return a cell's name, in which rows and columns count from 1."""
    return f"{line}.r{row + 1}.c{column + 1}"
