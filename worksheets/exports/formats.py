"""List the files that there are of a sheet: what each format's are called, and what makes them.

A format that is made of the sheet alone is a row here, and a module that `make` loads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worksheets.errors import InputError

if TYPE_CHECKING:
    from worksheets.sheet import Sheet
    from worksheets.views.view import View


@dataclass(frozen=True, kw_only=True)
class Format:
    """Hold a format: how its files' names end after the ID, by what a manifest calls them.

    One that is `faded` shows what a fade shows, and an `inverse` one hides givens; others show all.
    Students of a class may have files of their `own`. `make` is given a sheet, its fade and
    whose it is; what has none is made of the sheet's pages, where they are.
    """

    ends: Callable[[View], Mapping[str, str]]
    faded: bool = False
    inverse: bool = False
    own: bool = False
    make: Callable[[Sheet, str, str], bytes] | None = None


def _workbook(sheet: Sheet, fade: str, student: str) -> bytes:
    from worksheets.exports.answer_sheet import answer_sheet

    return answer_sheet(sheet, fade, student)


def _key(sheet: Sheet, fade: str, student: str) -> bytes:
    return f"{json.dumps(sheet.key(), ensure_ascii=False)}\n".encode()


FORMATS: Mapping[str, Format] = {
    "pdf": Format(
        ends=lambda view: {"blank": f"-{view.blank}.pdf", "solved": f"-{view.solved}.pdf"},
        faded=True,
        inverse=True,
        own=True,
    ),
    "form": Format(ends=lambda view: {"fillable": f"-{view.form}.pdf"}, faded=True, own=True),
    "xlsx": Format(
        ends=lambda view: {"xlsx": f"{view.workbook}.xlsx"}, faded=True, own=True, make=_workbook
    ),
    "json": Format(ends=lambda _: {"json": ".json"}, make=_key),
}
OWN_FORMATS = tuple(name for name, one in FORMATS.items() if one.own)


def refuse_formats(formats: Collection[str], known: Collection[str] = FORMATS) -> None:
    """Raise an InputError that names the first unknown format, if there is one."""
    if unknown := sorted(set(formats) - set(known)):
        raise InputError(f"format {unknown[0]!r}: it is one of {', '.join(known)}")
