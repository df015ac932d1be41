"""Decode a file's bytes as UTF-8 or UTF-16, and never guess."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.tabular.row import shown

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx with a password
WEB_PAGE = to_tell("a web page")
NOT_TEXT = {
    b"%PDF": to_tell("a PDF"),
    b"PK\x03\x04": to_tell("a ZIP archive or XLSX workbook"),
    OLE: to_tell("an Excel workbook"),
    b"\x1f\x8b": to_tell("a gzip archive"),
    b"\x89PNG": to_tell("a picture"),
    b"\xff\xd8\xff": to_tell("a picture"),
    b"{\\rtf": to_tell("an RTF document"),
    b"<!doctype": WEB_PAGE,
    b"<html": WEB_PAGE,
}
# The headings stand here, and nearly all of them, their delimiters at least, are ASCII.
START = 100
STRANGE = re.compile(r"[\x00-\x08\x0e-\x1f]")
SAVE_AS_UTF8 = to_tell(
    "save it as UTF-8 (in Excel: Save As, “CSV UTF-8”; in LibreOffice: Unicode (UTF-8))"
)


def decoded(file: str, content: bytes, page: bool = False) -> str:
    """Return the text of a file's content, without a byte order mark; of a web page if it may be.

    Raises:
        InputError: if it is empty, another kind of file, or in another encoding.
    """
    if not content.strip(b"\0 \t\r\n" + BOM_UTF8 + BOM_UTF16_LE):
        raise InputError(
            told("{file}: the file is empty; it needs a row of headings and students", file=file)
        )
    for magic, kind in NOT_TEXT.items():
        if content[: len(magic)].lower() == magic.lower() and not (page and kind == WEB_PAGE):
            raise InputError(
                told(
                    "{file}: this is {kind}, not text; save it as CSV, or name it .xlsx",
                    file=file,
                    kind=told(kind),
                )
            )
    text = _text(file, content)
    if "\0" in text:
        line = _line(text[: text.index("\0")])
        raise InputError(
            told(
                "{file} line {line}: a NUL byte '\\x00'; {advice}",
                file=file,
                line=line,
                advice=told(SAVE_AS_UTF8),
            )
        )
    return text


def _text(file: str, content: bytes) -> str:
    if content.startswith((BOM_UTF32_LE, BOM_UTF32_BE)):
        raise InputError(
            told("{file}: the text is UTF-32; {advice}", file=file, advice=told(SAVE_AS_UTF8))
        )
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise InputError(
                told(
                    "{file}: the text is UTF-16, but damaged at byte {start}; {advice}",
                    file=file,
                    start=error.start,
                    advice=told(SAVE_AS_UTF8),
                )
            ) from None
    if b"\0" in content and (text := _unmarked_utf16(content)):
        return text
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(_other_encoding(file, error)) from None


def _unmarked_utf16(content: bytes) -> str:
    """Return the text if it is plainly UTF-16: its ASCII characters have their NULs on one side."""
    start = content[:START]
    little = start[1::2].count(0) > start[::2].count(0)
    try:
        text = content.decode("utf-16-le" if little else "utf-16-be")
    except UnicodeDecodeError:
        return ""
    # Read with a wrong width or order, line breaks become other characters.
    plain = re.search(r"[\r\n]", text) and not STRANGE.search(text)
    return text if plain else ""


def _other_encoding(file: str, error: UnicodeDecodeError) -> str:
    """Say what is wrong with bytes that are not UTF-8.

    Windows-1252 gives nearly any byte a meaning, so the line is shown for the teacher to judge.
    """
    content: bytes = error.object
    lines = re.split(rb"\r\n|\r|\n", content)
    number = _line(content[: error.start].decode("utf-8"))
    try:
        would_read = lines[number - 1].decode("cp1252")
    except UnicodeDecodeError:
        byte = content[error.start]
        return told(
            "{file}: byte 0x{byte:02X} at offset {start} is not UTF-8; {advice}",
            file=file,
            byte=byte,
            start=error.start,
            advice=told(SAVE_AS_UTF8),
        )
    return told(
        "{file} line {number}: not UTF-8; it looks like Windows-1252, in which the line reads "
        "{would_read}; {advice}",
        file=file,
        number=number,
        would_read=shown(would_read),
        advice=told(SAVE_AS_UTF8),
    )


def _line(before: str) -> int:
    """Return the number of the line that follows this text's last line break."""
    return len(re.split(r"\r\n|\r|\n", before))
