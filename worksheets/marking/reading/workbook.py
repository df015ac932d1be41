"""Read the cells of an XLSX answer sheet, found by the names that it gives to its lines."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.marking.reading.cells import Cells, cells_of
from worksheets.marking.reading.draft import Draft
from worksheets.views.names import SHEET_FADE, SHEET_ID, STUDENT_NAME

MOST_PARTS, MOST_BYTES, MOST_RATIO = 1_000, 50_000_000, 200
MOST_CELLS = 10_000  # of a line whose sheet is not known
MOST_NAMES = 10_000
CONTENTS = "[Content_Types].xml"  # what every workbook has
ENCRYPTED = 1  # a flag of a ZIP archive's part


def workbook_draft(source: str, content: bytes) -> Draft:
    """Return an answer sheet's submission. Formulas are not computed: they stand as typed.

    Raises:
        InputError: if it is damaged, unpacks to far too much, or is not an answer sheet.
    """
    try:
        _check_parts(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are no matter here
            book = load_workbook(BytesIO(content), keep_links=False)
        return _draft(source, book)
    except (InputError, MemoryError):
        raise
    except Exception:  # openpyxl lets through whatever a damaged part causes
        raise InputError(
            told(
                "this is not a whole XLSX workbook; open it in a spreadsheet and save it again "
                "as XLSX"
            )
        ) from None


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to too much. `zipfile` never unpacks more than a part declares."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) <= MOST_PARTS:
            _check_kind(archive)
    if len(parts) > MOST_PARTS:
        raise InputError(
            told(
                "the workbook has {count:,} parts; at most {most:,} are read",
                count=len(parts),
                most=MOST_PARTS,
            )
        )
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise InputError(told("the workbook has a password; save it without one"))
    size = sum(part.file_size for part in parts)
    if size > MOST_BYTES or size > MOST_RATIO * len(content):
        raise InputError(
            told(
                "the workbook unpacks from {packed:,} to {size:,} bytes; at most "
                "{most:,} and {times} times its size are read",
                packed=len(content),
                size=size,
                most=MOST_BYTES,
                times=MOST_RATIO,
            )
        )


def _check_kind(archive: zipfile.ZipFile) -> None:
    """Refuse archives that are something else than a workbook."""
    names = set(archive.namelist())
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 100:
        what = archive.read("mimetype").decode("ascii", "replace")
        if "opendocument" in what:
            raise InputError(told("this is an OpenDocument file; save the answer sheet as XLSX"))
    if CONTENTS not in names:
        raise InputError(
            told("this is a ZIP archive; unpack it, and give the folder that comes of it")
        )
    if "word/document.xml" in names:
        raise InputError(
            told("this is a Word document; the answer sheet itself is needed, as XLSX")
        )


def _draft(source: str, book: Workbook) -> Draft:
    if len(book.defined_names) > MOST_NAMES:
        raise InputError(told("the workbook defines more than {most:,} names", most=MOST_NAMES))
    found = {name.casefold(): one.attr_text for name, one in book.defined_names.items()}
    if SHEET_ID not in found:
        raise InputError(
            told(
                "the workbook has no cell named {name}; it is not a sheet’s answer sheet",
                name=SHEET_ID,
            )
        )
    draft = Draft(source, _one_text(book, found, SHEET_ID), complete=True)
    draft.student = _one_text(book, found, STUDENT_NAME) if STUDENT_NAME in found else ""
    draft.fade = _one_text(book, found, SHEET_FADE) if SHEET_FADE in found else ""
    cells = cells_of(draft.id)
    for name, reference in found.items():
        line = name.removesuffix("_")
        if cells is None or line in cells.lines:
            for row, column, text, where in _texts(book, name, reference, cells):
                draft.add(f"{line}.r{row}.c{column}", text, where)
    return draft


def _one_text(book: Workbook, found: dict[str, str], name: str) -> str:
    return next(text for *_, text, _ in _texts(book, name, found[name], None))


def _texts(
    book: Workbook, name: str, reference: str, cells: Cells | None
) -> Iterator[tuple[int, int, str, str]]:
    """Yield row, column, text and place of each cell that a name stands for."""
    title, mark, corners = reference.rpartition("!")
    title = title.removeprefix("'").removesuffix("'").replace("''", "'")
    if not mark or title not in book.sheetnames:
        raise InputError(
            told(
                "the name {name} stands for no cells of this workbook: {reference}",
                name=name,
                reference=reference[:80],
            )
        )
    left, top, right, bottom = _boundaries(name, corners)
    high, wide = bottom - top + 1, right - left + 1
    line = name.removesuffix("_")
    rows, columns = (cells and cells.lines.get(line)) or (high, wide)
    turned = columns == high == 1 and wide == rows  # a column that lies as a row
    if not turned and (rows, columns) != (high, wide):
        raise InputError(
            told(
                "the name {name} stands for {high} × {wide} cells, {range} of tab {title!r}; "
                "the line has {rows} × {columns}: rows or columns were added in its midst",
                name=name,
                high=high,
                wide=wide,
                range=corners.replace("$", ""),
                title=title,
                rows=rows,
                columns=columns,
            )
        )
    if high * wide > MOST_CELLS:
        raise InputError(
            told("the name {name} stands for {count:,} cells", name=name, count=high * wide)
        )
    tab: Any = book[title]
    for row in range(high):
        for column in range(wide):
            cell = tab.cell(top + row, left + column)
            place = (column + 1, row + 1) if turned else (row + 1, column + 1)
            yield (
                *place,
                _text(cell),
                told("cell {cell} of tab {title!r}", cell=cell.coordinate, title=title),
            )


def _boundaries(name: str, corners: str) -> tuple[int, int, int, int]:
    """Return first column and row, last column and row."""
    try:
        left, top, right, bottom = range_boundaries(corners)
    except ValueError:
        left = None
    if left is None or top is None or right is None or bottom is None:
        raise InputError(
            told("the name {name} stands for no cells: {corners}", name=name, corners=corners[:80])
        )
    return left, top, right, bottom


def _text(cell: Any) -> str:
    """Return a cell's value as somebody would have typed it; a formula as such."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(getattr(value, "text", value))
