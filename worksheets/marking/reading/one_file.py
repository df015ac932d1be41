"""Read one file, by what is in it rather than by its name."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.marking.reading.draft import Draft
from worksheets.marking.reading.found import shown
from worksheets.marking.reading.limits import LARGEST_BINARY, LARGEST_CLASS, LARGEST_TEXT
from worksheets.marking.submission import SetAside, Submission
from worksheets.roster.table import ENCRYPTED
from worksheets.tabular.decoding import NOT_TEXT, OLE, decoded

PDF, ZIP = b"%PDF-", b"PK\x03\x04"
END_OF_PDF = b"%%EOF"
BEFORE_PDF = 1024  # bytes before it among which viewers look for a PDF's beginning
FTYP = b"ftyp"  # how telephones' pictures and films begin, after a length
NO_MEMORY = to_tell("reading it needs more memory than a file may")
OUT_OF_MEMORY = 77  # its exit code
FORMATS = to_tell("fillable PDFs, XLSX answer sheets, CSV and JSON are read")


def read_files(paths: Sequence[Path], most: int) -> list[list[Submission | SetAside]]:
    """Read some files in a worker: a list of submissions for each.

    A worker that a file has taken all its memory ends, as it would not get it all back: up to 35 of
    40 good files after it were set aside. The one in its place reads the others again.
    """
    read, no_memory = [read_file(path, most) for path in paths], told(NO_MEMORY)
    if any(isinstance(one, SetAside) and one.reason == no_memory for some in read for one in some):
        os._exit(OUT_OF_MEMORY)
    return read


def read_file(path: Path, most: int = LARGEST_CLASS) -> list[Submission | SetAside]:
    """Return all that a file holds, at least one; a fault is set aside, never raised.

    One that holds more than so many sheets is set aside as a whole.
    """
    source = shown(path)
    try:
        with path.open("rb") as file:
            modified = os.fstat(file.fileno()).st_mtime_ns
            content = file.read(LARGEST_TEXT + 1)
        drafts = _drafts(source, content, most)
    except InputError as error:
        aside = SetAside.because(source, error)
        return [replace(aside, reason=aside.reason.removeprefix(source).lstrip(": "))]
    except OSError as error:
        return [SetAside(source, told("it cannot be read: {reason}", reason=error.strerror))]
    except MemoryError:
        return [SetAside(source, told(NO_MEMORY))]
    if len(drafts) > most:
        reason = told(
            "it holds {count:,} sheets; at most {most:,}, a class's, are read from one file",
            count=len(drafts),
            most=most,
        )
        return [SetAside(source, reason)]
    return [draft.finished(modified) for draft in drafts]


def _drafts(source: str, content: bytes, most: int) -> list[Draft]:
    """Return the submissions in a file's content.

    Raises:
        InputError: if it can be read as none of the formats.
    """
    start = content.lstrip(BOM_UTF8 + b" \t\r\n\0")
    if not start:
        raise InputError(told("the file is empty"))
    is_zip = content.startswith(ZIP)
    is_pdf = PDF in content[: BEFORE_PDF + len(PDF)] and not is_zip and _is_pdf(content)
    largest = LARGEST_BINARY if is_pdf or is_zip else LARGEST_TEXT
    if len(content) > largest:
        raise InputError(
            told("more than {most:,} bytes; what is handed in needs far fewer", most=largest)
        )
    if is_pdf:
        from worksheets.marking.reading.form import form_draft

        return [form_draft(source, _without_surroundings(content))]
    if is_zip:
        from worksheets.marking.reading.workbook import workbook_draft

        return [workbook_draft(source, content)]
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise InputError(told("the workbook has a password; save it without one"))
        raise InputError(told("this is an old .xls workbook; save it as XLSX"))
    if content[4:8] == FTYP:
        raise InputError(told("this is a picture or a film; {formats}", formats=told(FORMATS)))
    for magic, kind in NOT_TEXT.items():
        if content[: len(magic)].lower() == magic.lower():
            raise InputError(
                told("this is {kind}; {formats}", kind=told(kind), formats=told(FORMATS))
            )
    text = decoded(source, content)
    if text.lstrip()[:1] in {"{", "["}:
        from worksheets.marking.reading.objects import object_drafts

        return object_drafts(source, text, most)
    from worksheets.marking.reading.delimited import delimited_drafts

    return delimited_drafts(source, text)


def _is_pdf(content: bytes) -> bool:
    """Tell whether a file is a PDF, and no text that mentions one."""
    first = content.lstrip(BOM_UTF8 + b" \t\r\n\0")
    return first.startswith(PDF) or END_OF_PDF in content


def _without_surroundings(content: bytes) -> bytes:
    """Return a PDF without what mail and uploads have put around it."""
    start, end = content.index(PDF), content.rfind(END_OF_PDF)
    return content[start:] if end < 0 else content[start : end + len(END_OF_PDF)] + b"\n"
