"""Raise what goes wrong in words for whoever has to deal with it."""

from __future__ import annotations


class InputError(Exception):
    """Refuse bad input: the message names file, line or value, and what would be right.

    Where something that the caller may pass helps, `remedy` is a neutral name of it, such as
    "force", and `values` are what to pass: each front end says it in its own words.
    """

    def __init__(self, message: str, remedy: str = "", *values: str) -> None:
        super().__init__(message, remedy, *values)  # all of it, so that processes can hand it on
        self.message, self.remedy, self.values = message, remedy, values

    def __str__(self) -> str:
        return self.message

    def at(self, place: str) -> InputError:
        """Return the same error with its place before the message: what helps, helps there too."""
        return InputError(f"{place}: {self.message}", self.remedy, *self.values)


class NotProvedError(Exception):
    """Report a sheet of which the kind's law says otherwise: its ID, and what is wrong where."""

    def __init__(self, sheet: str, fault: str) -> None:
        super().__init__(sheet, fault)
        self.sheet, self.fault = sheet, fault

    def __str__(self) -> str:
        return f"{self.sheet} is not proved: {self.fault}"
