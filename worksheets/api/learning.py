"""Let somebody fill a sheet in: where its cells are, what is right so far, and a hint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worksheets.sheet import Sheet
from worksheets.views.page import A4, Page

if TYPE_CHECKING:
    from worksheets.exports.screen_cells import ScreenCell
    from worksheets.marking.check import Checked, Hint


def screen_cells(sheet: Sheet, page: Page = A4) -> tuple[ScreenCell, ...]:
    """Return the cells of a blank sheet that hold a line's values, in the order of the page.

    Each is where it is drawn, in points from its page's upper left corner.

    >>> [cell.name for cell in ws.screen_cells(ws.sheet("matmul")) if cell.to_do][:2]
    ['product.r1.c1', 'product.r1.c2']
    """
    from worksheets.exports import screen_cells as cells

    return cells.screen_cells(sheet, page)


def check(sheet: Sheet, answers: Mapping[str, str], fade: str = "") -> Checked:
    """Judge each cell that is filled in, by its name, as `mark` does: right, follows or wrong.

    Cells that are blank count as what follows from those before them. Nothing of what comes says
    an answer.

    Raises:
        InputError: if the sheet has no such cell to fill in.

    >>> ws.check(ws.sheet("matmul"), {"product.r1.c1": "99"}).marks
    {'product.r1.c1': <Mark.WRONG: 'wrong'>}
    """
    from worksheets.marking import check as checking

    return checking.check(sheet, answers, fade)


def hint(sheet: Sheet, cell: str, fade: str = "") -> Hint:
    """Say how a cell is worked out, and which cells meet in it.

    Raises:
        InputError: if the sheet has no such cell to fill in.

    >>> ws.hint(ws.sheet("matmul"), "product.r1.c2").formula
    'A · B'
    """
    from worksheets.marking import check as checking

    return checking.hint(sheet, cell, fade)
