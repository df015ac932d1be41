"""Bound what a file may need: its size, and the memory and time that reading it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bound one file's `memory`, in bytes beyond that of the program, and its `seconds`."""

    memory: int = 1_000_000_000
    seconds: float = 20


LARGEST_TEXT, LARGEST_BINARY = 40_000_000, 20_000_000
