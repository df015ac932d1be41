"""Read the tables of a web page, which some systems export with a name that ends in .xls."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.tabular.decoding import decoded
from worksheets.tabular.row import Cell, Row, Unusable, is_blank

START = re.compile(r"\s*(?:<!doctype|<html|<table|<head|<meta|<body|<style)", re.IGNORECASE)
DECLARED = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
MOST_CELLS = 2_000_000


class _Table(HTMLParser):
    """Collect the rows of a page's tables; tables inside cells are not told apart."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.rows: list[list[Cell]] = []
        self.open: list[str] | None = None  # the texts of the cell that is open
        self.reason = ""
        self.left = MOST_CELLS

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a row or a cell; browsers close the one before as well."""
        if tag in {"tr", "td", "th"}:
            self._close()
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            spans = [value for name, value in attrs if name in {"colspan", "rowspan"}]
            several = any(value not in {"1", None} for value in spans)
            self.reason = (
                told("several cells are merged here; write each by itself") if several else ""
            )
            self.open = []
        elif tag == "br" and self.open is not None:
            self.open.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        if tag in {"tr", "td", "th", "table"}:
            self._close()

    def handle_data(self, data: str) -> None:
        """Take the text of the cell that is open."""
        if self.open is not None:
            self.open.append(data)

    def _close(self) -> None:
        if self.open is None:
            return
        self.left -= 1
        if self.left < 0:
            raise InputError(
                told(
                    "{file}: more than {most:,} cells; save it as CSV",
                    file=self.file,
                    most=MOST_CELLS,
                )
            )
        text = " ".join("".join(self.open).split())
        self.rows[-1].append(Unusable(text, self.reason) if self.reason else text)
        self.open = None


def is_web_page(content: bytes) -> bool:
    """Return whether a file is one, whatever its name says."""
    return bool(START.match(content[:200].decode("ascii", "ignore").lstrip("\ufeff\0")))


def page_rows(file: str, content: bytes) -> list[Row]:
    """Return the rows of the tables that are not blank.

    Raises:
        InputError: if the page has no table, or its letters cannot be read.
    """
    table = _Table(file)
    table.feed(_text(file, content))
    table.close()
    table.handle_endtag("table")  # which browsers do not need either
    numbered = enumerate(table.rows, 1)
    rows = [Row(number, tuple(row)) for number, row in numbered if not all(map(is_blank, row))]
    if not rows:
        raise InputError(
            told("{file}: this is a web page without a table; save the list as CSV", file=file)
        )
    return rows


def _text(file: str, content: bytes) -> str:
    """Return a page's text, in the encoding that it declares if it is not UTF-8."""
    declared = DECLARED.search(content[:2000])
    if declared and declared[1].lower() in {b"iso-8859-1", b"windows-1252", b"latin1"}:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            pass  # told below, as of any other text
    return decoded(file, content, page=True)
