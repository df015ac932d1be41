"""Walk a class while its sheets are entered: whose comes next, and whose is meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from unicodedata import combining, normalize

from worksheets.errors import InputError
from worksheets.marking.register import read_register
from worksheets.sheet import read_id
from worksheets.vocabulary.theme import find

MOST_LISTED = 10
WORD = re.compile(r"\w+")


class Walk:
    """Hold the sheets of a class, or of one of its sections, in the roster's order.

    `folder` is what the class set was written into; `theme` is the file of words of somebody's own,
    which their IDs need.

    Raises:
        InputError: if there is no such class set or section.
    """

    def __init__(self, folder: Path, section: str = "", theme: str | None = None) -> None:
        students = read_register(folder).students
        self.own_theme = None if theme is None else find(theme)
        known = sorted({one.section for one in students.values()} - {""})
        self.students = {
            sheet: one
            for sheet, one in sorted(students.items(), key=lambda pair: pair[1].place)
            if not section or one.section.casefold() == section.casefold()
        }
        if not self.students:
            right = f"right is one of {', '.join(known)}" if known else "the class has no sections"
            raise InputError(f"section {section!r} is unknown; {right}")

    def next(self, entered: Collection[str]) -> str | None:
        """Return the first sheet that is not entered yet, in the roster's order."""
        return next((sheet for sheet in self.students if sheet not in entered), None)

    def find(self, text: str) -> list[str]:
        """Return the sheets that are meant: by an ID or an identifier, else by parts of a name.

        A scanner types an ID as it is; its letters may be small, and its signs left out.
        """
        try:
            meant = read_id(text.strip(), self.own_theme).text
        except InputError:
            meant = ""
        if meant in self.students:
            return [meant]
        plain = _plain(text)
        exact = [sheet for sheet, one in self.students.items() if _plain(one.identifier) == plain]
        parts = [part for part in plain.split() if WORD.search(part)]
        return exact or [
            sheet
            for sheet, one in self.students.items()
            if parts
            and all(part in _plain(f"{one.name} {one.identifier} {sheet}") for part in parts)
        ]

    def shown(self, sheet: str) -> str:
        """Return a sheet with its student, for a list."""
        one = self.students[sheet]
        section = f", {one.section}" if one.section else ""
        return f"{one.name} ({one.identifier}{section}), {sheet}"


def _plain(text: str) -> str:
    """Return a text as it is compared: without case and accents."""
    folded = normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in folded if not combining(sign)).split())
