"""Say where a blank sheet's cells are, for whoever fills it in on a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worksheets.engine.graph import Line
from worksheets.engine.notation import on_paper
from worksheets.exports.form_texts import in_words
from worksheets.layouts.specification import of_sheet
from worksheets.render.grid import ANSWER
from worksheets.sheet import Sheet
from worksheets.stamp.layout import Layout
from worksheets.stamp.places import PageBox
from worksheets.views.faded import left_to_do
from worksheets.views.names import name_of_cell
from worksheets.views.page import Page


@dataclass(frozen=True)
class ScreenCell:
    """Hold a drawn cell of a line: its name, its box, and whether it is to be filled in.

    `label` is what it is for, in words; `words` are what it may hold, if it holds words. A cell
    that is not to be filled in has a text that is `shown`, or repeats one that is.
    """

    name: str
    box: PageBox
    to_do: bool
    step: int
    label: str
    words: tuple[str, ...]
    shown: str


def screen_cells(sheet: Sheet, page: Page) -> tuple[ScreenCell, ...]:
    """Return the cells of a blank sheet that hold a line's values, in the order of the page."""
    return tuple(_cells(sheet, page, of_sheet(sheet, page).layout()))


def _cells(sheet: Sheet, page: Page, layout: Layout) -> Iterator[ScreenCell]:
    left = {cell for _, cells in left_to_do(sheet.graph, page.fade) for cell in cells}
    lines = sheet.graph.lines
    for cell in layout.places.cells:
        if cell.shows is None:
            continue
        line = lines[cell.shows[0]]
        yield ScreenCell(
            name_of_cell(*cell.shows),
            cell.box,
            cell.role == ANSWER and cell.shows in left,
            line.step.number,
            in_words(sheet, line, [cell.shows])[cell.shows],
            tuple(sheet.choices(line)) if line.node.is_word else (),
            "" if cell.shows in left else _text(sheet, line, *cell.shows[1:]),
        )


def _text(sheet: Sheet, line: Line, row: int, column: int) -> str:
    text = str(sheet.values[line.name][row][column])
    return text if line.node.is_word else on_paper(text)
