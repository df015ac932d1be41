"""The files of one sheet, by name: pages, a form, an answer sheet, a key."""

from __future__ import annotations

import json
from collections.abc import Collection

from worksheets.errors import InputError
from worksheets.sheet import Sheet
from worksheets.views.faded import faded
from worksheets.views.inverse import inverse
from worksheets.views.page import Page

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
    try:  # the libraries load when they are needed
        if "pdf" in formats:
            from worksheets.render.pdf import render_both
        if "form" in formats:
            from worksheets.exports.fillable import fillable
        if "xlsx" in formats:
            from worksheets.exports.answer_sheet import answer_sheet
    except OSError as error:
        raise InputError(
            "PDFs, and places as on paper, need C libraries that are missing, `make native` "
            f"installs them: {error}"
        ) from None
    view = inverse(sheet) if page.inverse else faded(sheet.graph, page.fade)
    paper, large_print, fade = page.paper, page.large_print, page.fade
    name, files = f"{sheet.id}-{view.blank}.pdf", {}
    if "pdf" in formats:
        blank, solved = render_both(sheet, paper=paper, large_print=large_print, view=view)
        files = {name: blank, f"{sheet.id}-{view.solved}.pdf": solved}
    if "form" in formats:
        form = fillable(sheet, files.get(name), paper=paper, large_print=large_print, fade=fade)
        files[f"{sheet.id}-{view.form}.pdf"] = form
    if "xlsx" in formats:
        files[f"{sheet.id}{view.workbook}.xlsx"] = answer_sheet(sheet, fade)
    if "json" in formats:
        files[f"{sheet.id}.json"] = f"{json.dumps(sheet.key(), ensure_ascii=False)}\n".encode()
    return files


def refuse_formats(formats: Collection[str], known: Collection[str]) -> None:
    """Raise an InputError that names the first unknown format, if there is one."""
    if unknown := sorted(set(formats) - set(known)):
        raise InputError(f"format {unknown[0]!r}: it is one of {', '.join(known)}")
