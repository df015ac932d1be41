"""What cells and fields are called in files that people fill in."""

from __future__ import annotations

# A form's and a workbook's places for the sheet's ID, and for who fills it in.
SHEET_ID, STUDENT, DATE, STUDENT_NAME = "sheet_id", "name", "date", "student_name"


def name_of_cell(line: str, row: int, column: int) -> str:
    """A cell's name, in which rows and columns count from 1."""
    return f"{line}.r{row + 1}.c{column + 1}"
