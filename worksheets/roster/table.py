"""A roster's file read into rows of text cells, whichever of its formats it has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from worksheets.errors import InputError
from worksheets.roster.workbook import sheet_rows
from worksheets.tabular.decoding import OLE, decoded
from worksheets.tabular.delimited import records
from worksheets.tabular.row import Row

TEXTS = {".csv", ".tsv", ".txt"}
FORMATS = "CSV (.csv, .tsv, .txt) or XLSX (.xlsx)"
LARGEST_FILE = 100_000_000
# In a workbook with a password, the part with the contents has this name.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_table(path: Path, known: Callable[[str], bool]) -> list[Row]:
    """The rows of a file that are not blank: the headings and at least one more.

    Raises:
        InputError: if there is no such file, or it is not of a format that can be read.
    """
    kind = path.suffix.lower()
    if kind in {".xls", ".ods"}:
        raise InputError(f"{path}: {kind} is not read; save it as XLSX or CSV")
    if kind not in TEXTS | {".xlsx"}:
        raise InputError(f"{path}: the name should end as that of a {FORMATS} file")
    content = _content(path)
    if kind == ".xlsx":
        _check_workbook(path.name, content)
        rows = sheet_rows(path.name, content, known)
    else:
        rows = records(path.name, decoded(path.name, content), known)
    if not rows:
        raise InputError(f"{path.name}: the file is empty; it needs headings and students")
    if len(rows) == 1:
        raise InputError(
            f"{path.name} {rows[0].place}: this is the only row; below a row of headings, "
            "each student needs a row"
        )
    return rows


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(f"cannot read {path}: it is a folder; a roster is one file")
    if path.exists() and not path.is_file():  # reading a device may never end
        raise InputError(f"cannot read {path}: it is not an ordinary file")
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot read {path}: {reason or error}") from None
    if len(content) > LARGEST_FILE:
        raise InputError(f"{path}: more than {LARGEST_FILE:,} bytes; a roster needs far fewer")
    return content


def _check_workbook(file: str, content: bytes) -> None:
    if not content:
        raise InputError(f"{file}: the file is empty; it needs a row of headings and students")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise InputError(f"{file}: the workbook has a password; save it without one")
        raise InputError(f"{file}: this is an old .xls workbook; save it as XLSX or CSV")
    if not content.startswith(b"PK"):
        raise InputError(
            f"{file}: this is not an XLSX workbook; save it as XLSX, or name a text .csv"
        )
