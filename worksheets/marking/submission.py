"""What a student handed in: the text of every cell as it was typed, and where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

# A line's name, then row and column, counted from 0.
CellName: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True)
class Entry:
    """A cell's text as typed, and where it stands in the file, such as "page 2" or "row 5"."""

    text: str
    where: str = ""


@dataclass(frozen=True)
class Submission:
    """One sheet as it came back.

    `source` names the file, and the place in it if it holds several; `modified` is the file's time
    in nanoseconds, of which the latest counts; `id` is the sheet's ID as typed; `student` is what
    the file says of who wrote it, or nothing. Cells that the file does not have are blank, but in
    the lines `taken_as_right`, which somebody with the paper in hand has found right as a whole.
    `fade` says which cells the sheet showed already: these are no answers. A file that `says_fade`
    does so in any case, nothing being that the sheet showed none; of others nothing says nothing.
    """

    source: str
    modified: int
    id: str
    student: str
    entries: Mapping[CellName, Entry]
    taken_as_right: frozenset[str] = frozenset()
    fade: str = ""
    says_fade: bool = False


@dataclass(frozen=True)
class SetAside:
    """A file, or a submission in it, that is not marked, and the reason."""

    source: str
    reason: str
