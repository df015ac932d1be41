"""Collect what is wrong with a file, to tell all of it at once."""

from __future__ import annotations

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.tabular.row import Row

MOST_TOLD = 10


class Faults:
    """Collect the faults of one file, in the order they were found."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.told: list[str] = []
        self.untold = 0
        self.identifying = False

    def add(self, row: Row, text: str, identifying: bool = False) -> None:
        """Note a fault of a row: of what identifies the students, if another column may."""
        self.identifying = self.identifying or identifying
        if len(self.told) < MOST_TOLD:
            self.told.append(f"{self.file} {row.place}: {text}")
        else:
            self.untold += 1

    def report(self) -> None:
        """Do nothing if there are none.

        Raises:
            InputError: with the first ten faults, one a line, and the number of the others.
        """
        if self.told:
            more = [told("and {count} more", count=self.untold)] if self.untold else []
            if self.identifying:
                more.append(told("if another column identifies the students, say which"))
                raise InputError("\n".join(self.told + more), "columns", "id=HEADING")
            raise InputError("\n".join(self.told + more))
