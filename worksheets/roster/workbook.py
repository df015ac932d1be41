"""Read the rows of an XLSX workbook's one sheet that is a roster."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.roster.headings import heading_place
from worksheets.tabular.row import Cell, Row, Unusable, is_blank

MOST_PARTS, MOST_BYTES = 1_000, 100_000_000
MOST_ROWS, EXACT_DIGITS = 1_048_576, 15
# Styled cells count too: ten times what a gradebook of a thousand students has.
MOST_CELLS = 1_000_000
TAG = re.compile(rb"<(?:\w+:)?(row|c|mergeCell)\b([^>]*)>")
REFERENCE = re.compile(rb"""\br(?:ef)?=["']([A-Z]*)([\d:A-Z]*)["']""")
RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
# "Strict Open XML", which Excel offers too, has other names for the same, and openpyxl no idea.
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
COMMON = rb"http://schemas.openxmlformats.org/\1/2006/"
# How a workbook writes a character that XML cannot hold, and openpyxl leaves it.
ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
KINDS = {
    "f": to_tell("holds a formula; paste its value"),
    "d": to_tell("holds a date or time; type it as text"),
    "b": to_tell("holds TRUE or FALSE; type it as text"),
    "e": to_tell("holds an error; type the value"),
}


@dataclass(frozen=True)
class SheetRows:
    """Hold a sheet's rows that are not blank, the hidden ones' numbers, and its merged cells."""

    rows: list[Row]
    hidden: Set[int] = frozenset()
    merged: Sequence[tuple[int, int, int, int]] = ()  # row, column, last row, last column
    title: str = ""


class _OutOfOrderError(ValueError):
    """Say which row or cell does not follow the one before it."""


def sheet_rows(
    file: str, content: bytes, meaning: Callable[[str], str], most_columns: int
) -> SheetRows:
    """Return the rows that are not blank of the only visible sheet that has any.

    Of several such sheets, the only one with a known heading is taken. One more than
    `most_columns` are read at most.

    Raises:
        InputError: if the workbook is damaged, far too large, or has not one such sheet.
    """
    try:
        _check_size(file, content)
        visible, hidden = _sheets(file, content, most_columns)
    except InputError:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged part causes
        where = f" ({error})" if isinstance(error, _OutOfOrderError) else ""
        raise InputError(
            told(
                "{file}: this is not a whole XLSX workbook{where}; open it in a spreadsheet and "
                "save it again as XLSX",
                file=file,
                where=where,
            )
        ) from None
    filled = {title: sheet for title, sheet in visible.items() if sheet.rows}
    if not filled:
        also = (
            told("; only hidden sheets hold rows: {hidden}; show one", hidden=", ".join(hidden))
            if hidden
            else ""
        )
        raise InputError(
            told(
                "{file}: the workbook is empty; it needs headings and students{also}",
                file=file,
                also=also,
            )
        )
    likely = [title for title, sheet in filled.items() if _has_headings(sheet.rows, meaning)]
    if len(filled) > 1 and len(likely) != 1:
        raise InputError(
            told(
                "{file}: the sheets {sheets} all hold rows; "
                "keep only the one with the students, or save it as a CSV",
                file=file,
                sheets=", ".join(map(repr, likely or filled)),
            )
        )
    return filled[likely[0]] if likely else next(iter(filled.values()))


def _has_headings(rows: Sequence[Row], meaning: Callable[[str], str]) -> bool:
    row = rows[heading_place(rows, meaning)]
    return any(isinstance(cell, str) and meaning(cell) for cell in row.cells)


def _check_size(file: str, content: bytes) -> None:
    """Refuse what unpacks to far more than a roster. `zipfile` reads no more than is declared."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise InputError(
            told(
                "{file}: {count} parts in the workbook; at most {most}",
                file=file,
                count=len(parts),
                most=MOST_PARTS,
            )
        )
    if (size := sum(part.file_size for part in parts)) > MOST_BYTES:
        raise InputError(
            told(
                "{file}: the workbook unpacks to {size:,} bytes; at most {most:,}; "
                "save the students' sheet as CSV",
                file=file,
                size=size,
                most=MOST_BYTES,
            )
        )


def _sheets(file: str, content: bytes, most_columns: int) -> tuple[dict[str, SheetRows], list[str]]:
    """Return the visible sheets, and the names of hidden ones that have rows."""
    from openpyxl import load_workbook

    content = _common(content)
    with warnings.catch_warnings(), zipfile.ZipFile(BytesIO(content)) as archive:
        # They tell of styles, dates and extensions that are no matter here.
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            visible, hidden = {}, []
            sheet: Any  # a read-only one, which openpyxl's stubs leave out
            for sheet in book.worksheets:
                part = archive.read(sheet._worksheet_path)
                hidden_rows, merged = _scan(file, sheet.title, part)
                rows = _rows(sheet, most_columns)
                if sheet.sheet_state == "visible":
                    visible[sheet.title] = SheetRows(rows, hidden_rows, merged, sheet.title)
                elif rows:
                    hidden.append(sheet.title)
            return visible, hidden
        finally:
            book.close()


def _common(content: bytes) -> bytes:
    """Return a workbook with the names of the common form where it has those of the strict one."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return content
        if not STRICT.search(archive.read("xl/workbook.xml")):
            return content
        written = BytesIO()
        with zipfile.ZipFile(written, "w") as common:
            for name in archive.namelist():
                common.writestr(name, STRICT.sub(COMMON, archive.read(name)))
    return written.getvalue()


def _scan(file: str, title: str, part: bytes) -> tuple[set[int], list[tuple[int, int, int, int]]]:
    """Return a sheet's hidden rows and merged cells, which openpyxl does not tell when it streams.

    Rows and cells that stand out of order or twice it passes over, so they are refused.
    """
    hidden: set[int] = set()
    merged: list[tuple[int, int, int, int]] = []
    row, column = 0, b""
    for count, match in enumerate(TAG.finditer(part), 1):
        tag, attributes = match[1], match[2]
        reference = REFERENCE.search(attributes)
        if tag == b"mergeCell":
            if reference and (found := RANGE.fullmatch((reference[1] + reference[2]).decode())):
                left, top, right, bottom = found.groups()
                merged.append((int(top), _place(left), int(bottom), _place(right)))
        elif tag == b"row":
            number = int(reference[2]) if reference else row + 1
            if not row < number <= MOST_ROWS:
                raise _OutOfOrderError(
                    told("row {number} after row {before}", number=number, before=row)
                )
            row, column = number, b""
            if HIDDEN.search(attributes):
                hidden.add(number)
        elif reference:
            # Longer letters are further right.
            if (len(reference[1]), reference[1]) <= (len(column), column):
                raise _OutOfOrderError(
                    told("cell {cell} out of order", cell=(reference[1] + reference[2]).decode())
                )
            column = reference[1]
        if count > MOST_CELLS:
            raise InputError(
                told(
                    "{file}: sheet {title!r} has more than {most:,} rows and cells, empty ones "
                    "with a format among them; save the students' sheet as CSV",
                    file=file,
                    title=title,
                    most=MOST_CELLS,
                )
            )
    return hidden, merged


def _place(letters: str) -> int:
    """Return a column's number, from 0 on, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _rows(sheet: Any, most_columns: int) -> list[Row]:
    """Return the rows that are not blank, filled up to the length of the longest above."""
    sheet.reset_dimensions()  # what a workbook says of its size may be untrue
    rows: list[Row] = []
    width = 0
    # Without a last column, a style in column XFD makes 16,384 cells of its row.
    for number, cells in enumerate(sheet.iter_rows(max_col=most_columns + 1), 1):
        filled = len(cells)
        while filled and cells[filled - 1].value is None:
            filled -= 1
        texts = [_text(cell) for cell in cells[:filled]]
        while texts and is_blank(texts[-1]):
            texts.pop()
        if texts:
            texts += [""] * (width - len(texts))
            width = len(texts)
            rows.append(Row(number, tuple(texts)))
    return rows


def _text(cell: Any) -> Cell:
    """Return a cell's text as a spreadsheet shows it, or why it has none."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind in KINDS:
        return Unusable(
            str(value) if kind != "f" else "",
            told("cell {cell} {fault}", cell=cell.coordinate, fault=told(KINDS[kind])),
        )
    if kind == "n":
        return _number(cell)
    if ESCAPED.search(value):
        return Unusable(
            value,
            told(
                "cell {cell} holds a control character, written _x…_; retype it",
                cell=cell.coordinate,
            ),
        )
    return str(value)


def _number(cell: Any) -> Cell:
    """Return a whole number's digits, with the leading zeros that its format shows."""
    value, where = cell.value, cell.coordinate
    if isinstance(value, float) and not value.is_integer():
        return Unusable(
            str(value),
            told("cell {cell} holds a number that is not whole; type it as text", cell=where),
        )
    digits = str(int(value))
    if len(digits.lstrip("-")) > EXACT_DIGITS:
        return Unusable(
            digits,
            told(
                "cell {cell} holds a number of which only {most} digits are kept; type it as text",
                cell=where,
                most=EXACT_DIGITS,
            ),
        )
    whole = cell.number_format.split(";")[0].split(".")[0]
    if "00" not in whole:
        return digits
    if set(whole) != {"0"}:
        return Unusable(
            digits,
            told(
                "cell {cell} shows its number as {format!r}; type it as text",
                cell=where,
                format=whole,
            ),
        )
    return digits.zfill(len(whole))
