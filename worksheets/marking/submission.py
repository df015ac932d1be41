"""Hold what a student handed in: every cell's text as typed, and where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from worksheets.errors import InputError

# A line's name, then row and column, counted from 0.
CellName: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True)
class Entry:
    """Hold a cell's text as typed, and its place in the file, such as "page 2" or "row 5".

    `unread` is the reason why it cannot be told what was answered, if there is one.
    """

    text: str
    where: str = ""
    unread: str = ""


@dataclass(frozen=True)
class Submission:
    """Hold one sheet as it was handed in.

    `source` names the file, and the place in it if it holds several; `modified` is the file's time
    in nanoseconds, of which the latest counts; `id` is the sheet's ID as typed; `student` is who
    the file says wrote it, or nothing. Cells that the file does not have are blank, but in the
    lines `taken_as_right`, which a marker with the paper in hand has found right as a whole. `fade`
    names which cells the sheet showed already: these are no answers. In a file that `says_fade`, an
    empty one means that the sheet showed none; in others it means that the file does not say. Of a
    file that is `sealed`, which this user has entered, what it says of itself counts. `notes` tell
    what of a file does not count. `questions` are the points that a marker has typed for the
    written ones, and `note` is their comment. `written` are the answers to written questions.
    """

    source: str
    modified: int
    id: str
    student: str
    entries: Mapping[CellName, Entry]
    taken_as_right: frozenset[str] = frozenset()
    fade: str = ""
    says_fade: bool = False
    sealed: bool = False
    notes: tuple[str, ...] = ()
    questions: str = ""
    note: str = ""
    written: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was answered."""
        return not (self.entries or self.taken_as_right or self.written)


@dataclass(frozen=True)
class SetAside:
    """Hold a file, or a submission in it, that is not marked, and the reason.

    `remedy` and `values` are what helps, as an `InputError` names it.
    """

    source: str
    reason: str
    remedy: str = ""
    values: tuple[str, ...] = ()

    @classmethod
    def because(cls, source: str, error: InputError) -> SetAside:
        """Return what is set aside for an error, and what helps against it."""
        return cls(source, str(error), error.remedy, error.values)
