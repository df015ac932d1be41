"""Name the result of another kind's sheet that a sheet goes on with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Earlier:
    """The sheet of the same number of a kind and level, whose `line` is here the `given`.

    What it is a multiple of is one of what the given is a multiple of, too. `effort` is the usual
    number of operations of each level that there is of such sheets.
    """

    given: str
    kind: str
    level: int
    line: str
    effort: Mapping[int, int]
