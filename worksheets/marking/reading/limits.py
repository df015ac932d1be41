"""Bound what a file may need: its size, its sheets, and the memory and time of reading it."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_CLASS = 5_000  # each sheet takes a line of the report


@dataclass(frozen=True)
class Limits:
    """Bound one file's `memory`, in bytes beyond that of the program, its `seconds` and `sheets`.

    A file holds no more sheets than a class; where that is not known, than any class has.
    """

    memory: int = 1_000_000_000
    seconds: float = 20
    sheets: int = LARGEST_CLASS


LARGEST_TEXT, LARGEST_BINARY = 40_000_000, 20_000_000
