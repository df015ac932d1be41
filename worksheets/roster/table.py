"""Read a roster's file into rows of text cells, whichever of its formats it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.roster.webpage import is_web_page, page_rows
from worksheets.roster.workbook import SheetRows, sheet_rows
from worksheets.tabular.decoding import OLE, decoded
from worksheets.tabular.delimited import check_width, records
from worksheets.tabular.row import Row, is_blank

TEXTS = {".csv", ".tsv", ".txt", ".lst", ".xls", ".html", ".htm"}
FORMATS = to_tell("CSV (.csv, .tsv, .txt) or XLSX (.xlsx)")
LARGEST_FILE = 100_000_000
ZIP = b"PK\x03\x04"
# In a workbook with a password, the part with the contents has this name.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# No list of students needs more; what a gradebook has further right is passed over.
MOST_COLUMNS = 200


@dataclass(frozen=True)
class Table:
    """Hold the rows of a file that are not blank, and what a workbook says about them."""

    file: str
    rows: list[Row]
    hidden: Set[int] = frozenset()  # numbers of rows
    merged: Sequence[tuple[int, int, int, int]] = ()  # row, column, last row, last column
    title: str = ""
    notes: list[str] = field(default_factory=list)

    def refuse_merged(self, head: Row, rows: Sequence[Row], places: Set[int]) -> None:
        """Refuse cells that are merged where students are read: only the first holds something.

        Titles may be merged, and a heading with cells above or below it, and what nobody needs.

        Raises:
            InputError: with the first such cells, and the remedy.
        """
        numbers = {row.number for row in rows} if self.merged else set()
        for top, left, bottom, right in self.merged:
            used = any(left <= place <= right for place in places)
            heading = top <= head.number <= bottom
            if used and (
                (heading and left != right)
                or (not heading and any(top <= number <= bottom for number in numbers))
            ):
                from worksheets.roster.columns import letters

                cells = f"{letters(left)}{top}:{letters(right)}{bottom}"
                raise InputError(
                    told(
                        "{file}: cells {cells} of sheet {title!r} are merged; "
                        "unmerge them and fill in each",
                        file=self.file,
                        cells=cells,
                        title=self.title,
                    )
                )


def read_table(path: Path, meaning: Callable[[str], str]) -> Table:
    """Return the rows of a file that are not blank: the headings and at least one more.

    Raises:
        InputError: if there is no such file, or it is not of a format that can be read.
    """
    kind = path.suffix.lower()
    if kind == ".ods":
        raise InputError(
            told("{path}: {kind} is not read; save it as XLSX or CSV", path=path, kind=kind)
        )
    if kind not in TEXTS | {".xlsx"}:
        raise InputError(
            told(
                "{path}: the name should end as that of a {formats} file",
                path=path,
                formats=told(FORMATS),
            )
        )
    content = _content(path)
    if kind == ".xlsx" or (kind == ".xls" and content.startswith((OLE, ZIP))):
        _check_workbook(path.name, content)
        found = sheet_rows(path.name, content, meaning, MOST_COLUMNS)
    else:
        found = SheetRows(_text_rows(path.name, content, meaning))
    rows, notes = _narrowed(path.name, found.rows)
    if not rows:
        raise InputError(
            told("{name}: the file is empty; it needs headings and students", name=path.name)
        )
    if len(rows) == 1:
        raise InputError(
            told(
                "{name} {place}: this is the only row; below a row of headings, "
                "each student needs a row",
                name=path.name,
                place=rows[0].place,
            )
        )
    return Table(path.name, rows, found.hidden, found.merged, found.title, notes)


def _text_rows(file: str, content: bytes, meaning: Callable[[str], str]) -> list[Row]:
    """Return the rows of a text: of a web page's table, as some systems name .xls, or delimited."""
    if is_web_page(content):
        return page_rows(file, content)
    text = decoded(file, content)
    check_width(file, text)
    return records(file, text, lambda heading: bool(meaning(heading)))


def _narrowed(file: str, rows: list[Row]) -> tuple[list[Row], list[str]]:
    """Return the rows without the columns that no list needs, and a note if there are any."""
    beyond = False
    for index, row in enumerate(rows):
        if len(row.cells) > MOST_COLUMNS:
            beyond = beyond or not all(map(is_blank, row.cells[MOST_COLUMNS:]))
            rows[index] = row._replace(cells=row.cells[:MOST_COLUMNS])
    return rows, [
        told("{file}: only the first {most} columns are read", file=file, most=MOST_COLUMNS)
    ] if beyond else []


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(
            told("cannot read {path}: it is a folder; a roster is one file", path=path)
        )
    if path.exists() and not path.is_file():  # reading a device may never end
        raise InputError(told("cannot read {path}: it is not an ordinary file", path=path))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(
            told("cannot read {path}: {reason}", path=path, reason=reason or error)
        ) from None
    if len(content) > LARGEST_FILE:
        raise InputError(
            told(
                "{path}: more than {most:,} bytes; a roster needs far fewer",
                path=path,
                most=LARGEST_FILE,
            )
        )
    return content


def _check_workbook(file: str, content: bytes) -> None:
    if not content:
        raise InputError(
            told("{file}: the file is empty; it needs a row of headings and students", file=file)
        )
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise InputError(
                told("{file}: the workbook has a password; save it without one", file=file)
            )
        raise InputError(
            told("{file}: this is an old .xls workbook; save it as XLSX or CSV", file=file)
        )
    if not content.startswith(ZIP):
        raise InputError(
            told(
                "{file}: this is not an XLSX workbook; save it as XLSX, or name a text .csv",
                file=file,
            )
        )
