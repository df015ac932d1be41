"""Make the pages of a single sheet: fill a kept layout, or draw what no layout can hold."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from contextlib import suppress

from worksheets.layouts.specification import Specification, of_sheet
from worksheets.render.texts import texts
from worksheets.sheet import Sheet
from worksheets.stamp.document import alone
from worksheets.stamp.sheets import Stamp
from worksheets.stamp.writing import NotInFontError
from worksheets.views.page import Page
from worksheets.views.view import View


def blank_and_solved(sheet: Sheet, page: Page, view: View) -> tuple[bytes, bytes]:
    """Return the blank and the solved sheet as PDF/UA-1; the same bytes each time.

    The renderer is loaded only where a layout is not kept yet, or none can hold the sheet: of an
    inverse sheet other cells are hidden each time, and words may be in another script.

    Raises:
        InputError: if the words have characters that no font of the machine has.
        OSError: if the renderer is needed and its C libraries are missing.
    """
    if not view.hidden:
        specifications = of_sheet(sheet, page).both()
        _lay_out_missing(specifications)
        shown = texts(sheet)
        try:
            blank, solved = (_filled(_stamp(one), shown) for one in specifications)
        except NotInFontError:
            pass
        else:
            return blank, solved
    from worksheets.render.pdf import render_both

    return render_both(sheet, page=page, view=view)


def blank(sheet: Sheet, page: Page, view: View) -> bytes:
    """Return the first of `blank_and_solved` alone, all that a form is made of.

    Raises:
        InputError: as for both.
        OSError: as for both.
    """
    if not view.hidden:
        with suppress(NotInFontError):
            return _filled(_stamp(of_sheet(sheet, page).both()[0]), texts(sheet))
    from worksheets.render.pdf import render_pdf

    return render_pdf(sheet, solved=False, page=page, view=view)


def _filled(stamp: Stamp, shown: dict[str, str]) -> bytes:
    return alone(stamp, stamp.shown(shown), stamp.title(shown))


@functools.cache
def _stamp(specification: Specification) -> Stamp:
    return Stamp(specification.layout())


def _lay_out_missing(specifications: Sequence[Specification]) -> None:
    """Lay out both pages at once where there are two cores and neither is kept."""
    if any(one.is_kept() for one in specifications):
        return
    from worksheets.render.pdf import other_core

    if other := other_core():
        task = other.submit(Specification.lay_out_and_keep, specifications[0])
        specifications[1].layout()
        task.result()
