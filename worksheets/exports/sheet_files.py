"""Make the files of one sheet, by name: pages, a form, an answer sheet, a key."""

from __future__ import annotations

from collections.abc import Collection

from worksheets.errors import InputError
from worksheets.exports.formats import FORMATS, refuse_formats
from worksheets.layouts.single import blank, blank_and_solved
from worksheets.layouts.specification import of_sheet
from worksheets.sheet import Sheet
from worksheets.views.faded import faded
from worksheets.views.inverse import inverse
from worksheets.views.page import Page
from worksheets.views.view import View


def sheet_files(sheet: Sheet, formats: Collection[str], page: Page) -> dict[str, bytes]:
    """Return contents by file name: "pdf" gives two files, every other format one.

    Raises:
        InputError: if a format is unknown, format and page do not go together, or a library that
            draws pages is missing.
    """
    refuse_formats(formats)
    chosen = [FORMATS[name] for name in formats]
    left_out = any(one.faded and not one.inverse for one in chosen)
    if page.inverse and (left_out or not any(one.inverse for one in chosen)):
        raise InputError("an inverse sheet is for pages alone, not for forms or answer sheets")
    if page.fade and not any(one.faded for one in chosen):
        raise InputError(
            f"fade {page.fade!r}: that is for pages, forms and answer sheets; a key shows all"
        )
    view = inverse(sheet) if page.inverse else faded(sheet.graph, page.fade)
    try:  # the renderer loads where it is needed
        return _files(sheet, formats, page, view)
    except OSError as error:
        raise InputError(
            "PDFs, and places as on paper, need C libraries that are missing, `make native` "
            f"installs them: {error}"
        ) from None


def _files(sheet: Sheet, formats: Collection[str], page: Page, view: View) -> dict[str, bytes]:
    made: dict[str, tuple[bytes, ...]] = {}
    if "pdf" in formats:
        made["pdf"] = blank_and_solved(sheet, page, view)
    if "form" in formats:
        from worksheets.exports.fillable import fillable

        below = made["pdf"][0] if "pdf" in formats else blank(sheet, page, view)
        layout = of_sheet(sheet, page).layout()
        made["form"] = (fillable(sheet, below, layout, page.fade),)
    files: dict[str, bytes] = {}
    for name, one in FORMATS.items():
        if name in formats:
            contents = (one.make(sheet, page.fade, ""),) if one.make else made[name]
            ends = one.ends(view).values()
            files |= {f"{sheet.id}{end}": file for end, file in zip(ends, contents, strict=True)}
    return files
