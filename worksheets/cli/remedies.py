"""Say what helps against an error in the command line's own words: its options."""

from __future__ import annotations

from typing import Protocol

SAID = {
    "force": "; --force overwrites it, another --output leaves it alone",
    "losses": "\n--force takes them out all the same, another --output leaves them alone",
    "no theme": "; leave --theme out",
    "secret file": "; give its file with --secret FILE",
    "theme file": "; give its file with --theme FILE.toml",
}


class Told(Protocol):
    """Say what helps: an error does, and so does what marking sets aside."""

    @property
    def remedy(self) -> str:
        """Return the neutral name of what helps, or nothing."""

    @property
    def values(self) -> tuple[str, ...]:
        """Return what to pass."""


def remedy(error: Told) -> str:
    """Return how the message goes on: with the option that helps, or nothing where none does."""
    if error.remedy == "columns":
        return " with " + ", or ".join(f"--column {value}" for value in error.values)
    return SAID[error.remedy] if error.remedy else ""
