"""What goes wrong in words for whoever has to deal with it."""

from __future__ import annotations


class InputError(Exception):
    """Bad input: the message names file, line or value, and what would be right."""


class NotProvedError(Exception):
    """A sheet of which the kind's law says otherwise: its ID, and what is wrong where."""

    def __init__(self, sheet: str, fault: str) -> None:
        super().__init__(sheet, fault)
        self.sheet, self.fault = sheet, fault

    def __str__(self) -> str:
        return f"{self.sheet} is not proved: {self.fault}"
