"""The rows of an XLSX workbook's one sheet that is a roster."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from worksheets.errors import InputError
from worksheets.tabular.row import Cell, Row, Unusable, is_blank

MOST_PARTS, MOST_BYTES = 1_000, 100_000_000
MOST_ROWS, EXACT_DIGITS = 1_048_576, 15
TAG = re.compile(rb"<(?:\w+:)?(row|c|mergeCell)\b([^>]*)>")
REFERENCE = re.compile(rb"""\br(?:ef)?=["']([A-Z]*)([\d:A-Z]*)["']""")
# How a workbook writes a character that XML cannot hold, and openpyxl leaves it.
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
KINDS = {
    "f": "holds a formula; paste its value",
    "d": "holds a date or time; type it as text",
    "b": "holds TRUE or FALSE; type it as text",
    "e": "holds an error; type the value",
}


def sheet_rows(file: str, content: bytes, known: Callable[[str], bool]) -> list[Row]:
    """The rows that are not blank, headings first, of the only visible sheet that has any.

    Of several such sheets, the only one with a known heading is taken.

    Raises:
        InputError: if the workbook is damaged, far too large, or has not one such sheet.
    """
    try:
        _check_size(file, content)
        visible, hidden = _sheets(file, content)
    except InputError:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged part causes
        raise InputError(
            f"{file}: this is not a whole XLSX workbook ({type(error).__name__}: {error}); "
            "open it in a spreadsheet and save it again as XLSX"
        ) from None
    filled = {title: rows for title, rows in visible.items() if rows}
    if not filled:
        also = f"; only hidden sheets hold rows: {', '.join(hidden)}; show one" if hidden else ""
        raise InputError(f"{file}: the workbook is empty; it needs headings and students{also}")
    likely = [title for title, rows in filled.items() if _knows(rows[0], known)]
    if len(filled) > 1 and len(likely) != 1:
        raise InputError(
            f"{file}: the sheets {', '.join(map(repr, likely or filled))} all hold rows; "
            "keep only the one with the students, or save it as a CSV"
        )
    return filled[likely[0]] if likely else next(iter(filled.values()))


def _knows(row: Row, known: Callable[[str], bool]) -> bool:
    return any(isinstance(cell, str) and known(cell) for cell in row.cells)


def _check_size(file: str, content: bytes) -> None:
    """Refuse what unpacks to far more than a roster. `zipfile` reads no more than is declared."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise InputError(f"{file}: {len(parts)} parts in the workbook; at most {MOST_PARTS}")
    if (size := sum(part.file_size for part in parts)) > MOST_BYTES:
        raise InputError(
            f"{file}: the workbook unpacks to {size:,} bytes; at most {MOST_BYTES:,}; "
            "save the students' sheet as CSV"
        )


def _sheets(file: str, content: bytes) -> tuple[dict[str, list[Row]], list[str]]:
    """The visible sheets' rows, and the names of hidden sheets that have some."""
    from openpyxl import load_workbook

    with warnings.catch_warnings(), zipfile.ZipFile(BytesIO(content)) as archive:
        # They tell of styles, dates and extensions that are no matter here.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            visible, hidden = {}, []
            sheet: Any  # a read-only one, which openpyxl's stubs leave out
            for sheet in book.worksheets:
                shows = sheet.sheet_state == "visible"
                _check_order(file, sheet.title, archive.read(sheet._worksheet_path), shows)
                rows = _rows(sheet)
                if shows:
                    visible[sheet.title] = rows
                elif rows:
                    hidden.append(sheet.title)
            return visible, hidden
        finally:
            book.close()


def _check_order(file: str, title: str, part: bytes, shows: bool) -> None:
    """Refuse a sheet of which openpyxl would lose something without a word.

    Read-only, it passes over rows and cells that stand out of order or twice, and sees of merged
    cells only the first filled.
    """
    row, column = 0, b""
    for tag, attributes in TAG.findall(part):
        reference = REFERENCE.search(attributes)
        if tag == b"mergeCell":
            if shows and reference:
                cells = (reference[1] + reference[2]).decode()
                raise InputError(
                    f"{file}: cells {cells} of sheet {title!r} are merged; "
                    "unmerge them and fill in each"
                )
        elif tag == b"row":
            number = int(reference[2]) if reference else row + 1
            if not row < number <= MOST_ROWS:
                raise ValueError(f"row {number} after row {row}")
            row, column = number, b""
        elif reference:
            # Longer letters are further right.
            if (len(reference[1]), reference[1]) <= (len(column), column):
                raise ValueError(f"cell {(reference[1] + reference[2]).decode()} out of order")
            column = reference[1]


def _rows(sheet: Any) -> list[Row]:
    """The rows that are not blank, filled up to the length of the first."""
    sheet.reset_dimensions()  # what a workbook says of its size may be untrue
    rows: list[Row] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [_text(cell) for cell in cells]
        while texts and is_blank(texts[-1]):
            texts.pop()
        if texts:
            texts += [""] * (len(rows[0].cells) - len(texts) if rows else 0)
            rows.append(Row(number, tuple(texts)))
    return rows


def _text(cell: Any) -> Cell:
    """A cell as the text that a spreadsheet shows, or why it has none."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind in KINDS:
        return Unusable(str(value) if kind != "f" else "", f"cell {cell.coordinate} {KINDS[kind]}")
    if kind == "n":
        return _number(cell)
    if ESCAPED.search(value):
        return Unusable(
            value, f"cell {cell.coordinate} holds a control character, written _x…_; retype it"
        )
    return str(value)


def _number(cell: Any) -> Cell:
    """A whole number's digits, with the leading zeros that its format shows."""
    value, where = cell.value, f"cell {cell.coordinate}"
    if isinstance(value, float) and not value.is_integer():
        return Unusable(str(value), f"{where} holds a number that is not whole; type it as text")
    digits = str(int(value))
    if len(digits.lstrip("-")) > EXACT_DIGITS:
        return Unusable(
            digits, f"{where} holds a number of which only {EXACT_DIGITS} digits are kept; "
            "type it as text",
        )  # fmt: skip
    whole = cell.number_format.split(";")[0].split(".")[0]
    if "00" not in whole:
        return digits
    if set(whole) != {"0"}:
        return Unusable(digits, f"{where} shows its number as {whole!r}; type it as text")
    return digits.zfill(len(whole))
