"""Make the files of one sheet, by name: pages, a form, an answer sheet, a key."""

from __future__ import annotations

import json
from collections.abc import Collection

from worksheets.errors import InputError
from worksheets.layouts.single import blank_and_solved
from worksheets.layouts.specification import of_sheet
from worksheets.sheet import Sheet
from worksheets.views.faded import faded
from worksheets.views.inverse import inverse
from worksheets.views.page import Page
from worksheets.views.view import View

FORMATS = ("pdf", "json", "xlsx", "form")


def sheet_files(sheet: Sheet, formats: Collection[str], page: Page) -> dict[str, bytes]:
    """Return contents by file name: "pdf" gives two files, every other format one.

    Raises:
        InputError: if a format is unknown, format and page do not go together, or a library that
            draws pages is missing.
    """
    refuse_formats(formats, FORMATS)
    if page.inverse and ("pdf" not in formats or {"form", "xlsx"} & set(formats)):
        raise InputError("an inverse sheet is for pages alone, not for forms or answer sheets")
    if page.fade and not {"pdf", "form", "xlsx"} & set(formats):
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
    files: dict[str, bytes] = {}
    if "pdf" in formats or "form" in formats:
        blank, solved = blank_and_solved(sheet, page, view)
    if "pdf" in formats:
        files = {f"{sheet.id}-{view.blank}.pdf": blank, f"{sheet.id}-{view.solved}.pdf": solved}
    if "form" in formats:
        from worksheets.exports.fillable import fillable

        layout = of_sheet(sheet, page).layout()
        files[f"{sheet.id}-{view.form}.pdf"] = fillable(sheet, blank, layout, page.fade)
    if "xlsx" in formats:
        from worksheets.exports.answer_sheet import answer_sheet

        files[f"{sheet.id}{view.workbook}.xlsx"] = answer_sheet(sheet, page.fade)
    if "json" in formats:
        files[f"{sheet.id}.json"] = f"{json.dumps(sheet.key(), ensure_ascii=False)}\n".encode()
    return files


def refuse_formats(formats: Collection[str], known: Collection[str]) -> None:
    """Raise an InputError that names the first unknown format, if there is one."""
    if unknown := sorted(set(formats) - set(known)):
        raise InputError(f"format {unknown[0]!r}: it is one of {', '.join(known)}")
