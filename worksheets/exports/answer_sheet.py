"""Write a sheet as a spreadsheet to fill in: a tab a part, cells laid out as on paper."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.properties import PageSetupProperties

from worksheets.exports.same_bytes import saved
from worksheets.exports.spread import laid_out, span
from worksheets.language import say_in
from worksheets.layouts.specification import of_sheet
from worksheets.render.grid import ANSWER, COPY, GIVEN
from worksheets.render.texts import texts
from worksheets.sheet import Sheet
from worksheets.stamp.places import PlacedCell, PlacedTable
from worksheets.views.faded import faded
from worksheets.views.names import SHEET_FADE, SHEET_ID, STUDENT_NAME
from worksheets.views.page import Page

HEAD = 5  # rows above the tables
ABOVE, BESIDE = 2, 1  # rows above a table for its name and labels; columns beside it for labels
TO_FILL = {ANSWER, COPY}
WIDTH, FIRST_WIDTH, HEIGHT = 9, 22, 20
# What a spreadsheet takes for a reference to a cell is no name of one.
REFERENCE = re.compile(r"[a-z]{1,3}\d+|r\d*c?\d*|c\d*", re.IGNORECASE)
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
THIN, DOTTED = Side("thin", "6B6B74"), Side("dotted", "6B6B74")


@dataclass(frozen=True)
class Look:
    """Hold a cell's look, and whether somebody may write in it."""

    ground: str = ""
    side: Side | None = None
    open: bool = False
    small: bool = False
    bold: bool = False
    align: str = "center"


LOOKS = {
    ANSWER: Look("FFFFFF", THIN, open=True),
    COPY: Look("FFFFFF", DOTTED, open=True),
    GIVEN: Look("E6E6EA", THIN),
    "": Look("F1F1F4", THIN),
    "label": Look(small=True),
    "row label": Look(small=True, align="right"),
    "title": Look(bold=True, align="left"),
    "name": Look(small=True, bold=True, align="left"),
    "text": Look(align="left"),
    "writing": Look("FFFFFF", THIN, open=True, align="left"),
}


def answer_sheet(sheet: Sheet, fade: str = "", student: str = "") -> bytes:
    """Return the workbook; the same bytes each time. Cells shown already look like givens.

    The name of the `student` whose it is stands where it else is to be written.
    """
    say = say_in(sheet.identity.language)
    places = of_sheet(sheet, Page()).layout().places
    book = Workbook()
    book.remove(book.worksheets[0])
    for role, look in LOOKS.items():
        book.add_named_style(_style(role, look))
    shown, hints = texts(sheet), faded(sheet.graph, fade).hints
    tables: dict[str, list[PlacedTable]] = {}
    for table in places.tables:
        tables.setdefault(table.part, []).append(table)
    for number, (title, some) in enumerate(tables.items()):
        tab = book.create_sheet(_tab_title(title, number))
        _head(book, tab, sheet, title, fade)
        if number == 0:
            _identity(book, tab, sheet, fade, student)
        _tables(book, tab, sheet, shown, hints, some)
    book.properties.title = f"{say(sheet.kind.TITLE)} {sheet.id}"
    book.properties.creator = "rlhf-worksheets"
    return saved(book)


def line_name(name: str) -> str:
    """Return a line's name among a workbook's names."""
    return f"{name}_" if REFERENCE.fullmatch(name) else name


def _tab_title(title: str, number: int) -> str:
    return NOT_IN_TITLES.sub(" ", f"{number + 1} {title}")[:31].strip()


def _head(book: Workbook, tab: Any, sheet: Sheet, title: str, fade: str) -> None:
    """Write title and ID, what to do, and what is known."""
    say = say_in(sheet.identity.language)
    tab.sheet_view.showGridLines = False
    tab.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    tab.page_setup.orientation = "landscape"
    tab.protection.sheet = True
    tab.protection.formatColumns = tab.protection.formatRows = False
    tab.protection.insertRows = False
    tab.column_dimensions["A"].width = FIRST_WIDTH
    _write(tab, 1, 1, f"{say(sheet.kind.TITLE)}: {title}", "title")
    _write(tab, 2, 1, "ID", "row label")
    _write(tab, 2, 2, sheet.id, "text")
    hint = say("note: white cells")
    facts = {name: " ".join(words) for name, words in sheet.key()["words"].items()}
    facts.pop("vocabulary", None)
    known = (
        f"{say(name.replace('_', ' '))}: {text}" for name, text in (facts | sheet.constants).items()
    )
    _write(tab, 4, 1, f"{hint} {'; '.join(known)}".rstrip(), "text")


def _identity(book: Workbook, tab: Any, sheet: Sheet, fade: str, student: str) -> None:
    """Write on the first tab whose it is, and name what tells a reader of the sheet."""
    say = say_in(sheet.identity.language)
    _write(tab, 3, 1, say("Name and number"), "row label")
    for column in range(2, 8):
        _write(tab, 3, column, (student or None) if column == 2 else None, "writing")
    tab.merge_cells("B3:G3")
    _name(book, tab, SHEET_ID, 2, 2, 2, 2)
    _name(book, tab, STUDENT_NAME, 3, 2, 3, 2)
    if fade:
        _write(tab, 2, 7, say("Shown already"), "row label")
        _write(tab, 2, 8, fade, "text")
        _name(book, tab, SHEET_FADE, 2, 8, 2, 8)


def _tables(
    book: Workbook,
    tab: Any,
    sheet: Sheet,
    shown: Mapping[str, str],
    hints: Container[str],
    tables: Sequence[PlacedTable],
) -> None:
    rows = laid_out([span(table, "top", "bottom", len(table.rows)) for table in tables], ABOVE)
    columns = laid_out(
        [span(table, "left", "right", len(table.rows[0])) for table in tables], BESIDE
    )
    for table, row, column in zip(tables, rows, columns, strict=True):
        _table(book, tab, sheet, shown, hints, table, HEAD + row, 1 + column)
    for number in range(2, tab.max_column + 1):
        tab.column_dimensions[get_column_letter(number)].width = WIDTH
    for number in range(1, tab.max_row + 1):
        tab.row_dimensions[number].height = HEIGHT


def _table(
    book: Workbook,
    tab: Any,
    sheet: Sheet,
    shown: Mapping[str, str],
    hints: Container[str],
    table: PlacedTable,
    row: int,
    column: int,
) -> None:
    """Write a table whose first cell goes to this row and column."""
    alone = len(table.rows) == len(table.rows[0]) == 1
    for place, cell in enumerate(() if alone else table.column_labels):
        _write(tab, row - 1, column + place, cell.text(shown), "label")
    for place, cell in enumerate(() if alone else table.row_labels):
        _write(tab, row + place, column - 1, cell.text(shown), "row label")
    for down, cells in enumerate(table.rows):
        for across, cell in enumerate(cells):
            role = _role(cell, hints)
            text = None if role in TO_FILL else cell.text(shown) or None
            _write(tab, row + down, column + across, text, role)
    corner = table.rows[0][0]
    if corner.shows is None:
        return
    line = sheet.graph.lines[corner.shows[0]]
    name, say = line.label, say_in(sheet.identity.language)
    caption = f"{line.step.number} {name}"
    if not corner.answers:
        caption = (say("given: {}") if line.role == GIVEN else say("copy: {}")).format(name)
    _write(tab, row - 2, column, caption, "name")
    if corner.answers:
        high, wide = line.node.shape
        if len(table.rows) < high:  # a column that lies as a row
            high, wide = wide, high
        _name(book, tab, line_name(line.name), row, column, row + high - 1, column + wide - 1)


def _role(cell: PlacedCell, hints: Container[str]) -> str:
    """Return a cell's role on a sheet that shows these cells already."""
    return GIVEN if cell.role in TO_FILL and cell.parts[1] in hints else cell.role


def _write(tab: Any, row: int, column: int, text: str | None, look: str) -> None:
    cell = tab.cell(row, column)
    cell.style = _style_name(look)
    if text is not None:
        cell.value = text
        cell.data_type = "s"  # never a formula


def _name(
    book: Workbook, tab: Any, name: str, top: int, left: int, bottom: int, right: int
) -> None:
    corners = f"${get_column_letter(left)}${top}:${get_column_letter(right)}${bottom}"
    if top == bottom and left == right:
        corners = corners.partition(":")[0]
    book.defined_names[name] = DefinedName(
        name, attr_text=f"{quote_sheetname(tab.title)}!{corners}"
    )


def _style_name(look: str) -> str:
    return f"sheet {look if look in LOOKS else ''}".strip()


def _style(role: str, look: Look) -> NamedStyle:
    side = look.side
    return NamedStyle(
        name=_style_name(role),
        font=Font(name="Calibri", size=9 if look.small else 11, bold=look.bold),
        fill=PatternFill("solid", fgColor=look.ground) if look.ground else PatternFill(),
        border=Border(side, side, side, side) if side else Border(),
        alignment=Alignment(horizontal=look.align, vertical="center"),
        number_format="@",
        protection=Protection(locked=not look.open),
    )
