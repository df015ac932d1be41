"""How much a file may need: its size, the memory and the time that reading it takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one file may need at most: `memory` in bytes, beyond that of the program; `seconds`."""

    memory: int = 1_000_000_000
    seconds: float = 20


LARGEST_TEXT, LARGEST_BINARY = 40_000_000, 20_000_000
