"""Hold the marks of a sheet: every cell's, every step's points, every mistake found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache

from worksheets.engine.notation import write
from worksheets.engine.rounding import rounded_fraction
from worksheets.marking.apportion import apportioned
from worksheets.marking.submission import CellName, SetAside, Submission
from worksheets.sheet import Sheet

PERCENT_DECIMALS = 1


class Mark(StrEnum):
    """Name a cell's mark. FOLLOWS: not the key's value, but right for earlier ones as written."""

    RIGHT = "right"
    FOLLOWS = "follows"
    WRONG = "wrong"
    BLANK = "blank"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class CellMark:
    """Hold a cell as marked. Values are texts as in files: "-3", "0.7", "1/3", or a word.

    `written` is as typed; `right` is the key's; `follow_value` is what the student's own earlier
    values give where that differs from the key's, else None. `mistake` names what explains a wrong
    cell; `note` says what else is worth saying; `where` is its place in the submitted file.
    """

    mark: Mark
    written: str
    right: str
    follow_value: str | None = None
    mistake: str | None = None
    note: str = ""
    where: str = ""


@dataclass(frozen=True)
class StepMarks:
    """Hold a step's points: how many there are, and how many were earned."""

    number: int
    title: str
    points: Fraction
    earned: Fraction


@dataclass(frozen=True)
class Finding:
    """Hold a mistake that explains wrong cells, and an English sentence that helps.

    It is `step` that has to be looked at again. Where nothing explains a wrong cell, `mistake` is
    empty: here the work left the path.
    """

    step: int
    line: str
    cells: tuple[CellName, ...]
    mistake: str
    advice: str


@dataclass(frozen=True)
class ByTeacher:
    """Hold what a teacher has set by hand on a sheet.

    `answers` are cells that they read otherwise, with what the file had; `steps` those whose points
    they set; `whole` the points of all, if they set these. `comments` are on a step, or on a cell
    of it, or, with step 0, on the sheet. `done_by` is who they say did it.
    """

    answers: Mapping[CellName, str] = field(default_factory=dict)
    steps: frozenset[int] = frozenset()
    whole: Fraction | None = None
    comments: tuple[tuple[int, CellName | None, str], ...] = ()
    done_by: str = ""


NOTHING_SET = ByTeacher()


@dataclass(frozen=True)
class Marked:
    """Hold a submission as marked: every mark that is shown or written comes from here.

    `student` is who the class set says it belongs to, or who the teacher says did it, or else who
    the file says it is; `place` is theirs in the roster. `questions` are the points of the written
    questions, and None as earned until a teacher has marked them.
    """

    submission: Submission
    sheet: Sheet
    student: str
    name: str
    cells: Mapping[CellName, CellMark]
    steps: tuple[StepMarks, ...]
    findings: tuple[Finding, ...]
    decimals: int
    section: str = ""
    place: int = 0
    questions: Fraction = Fraction(0)
    questions_earned: Fraction | None = None
    by_teacher: ByTeacher = NOTHING_SET
    email: str = ""

    @cached_property
    def points(self) -> Fraction:
        """Return how many points the sheet has."""
        return sum((step.points for step in self.steps), self.questions)

    @cached_property
    def earned(self) -> Fraction:
        """Return how many points the student has earned."""
        if self.by_teacher.whole is not None:
            return self.by_teacher.whole
        return sum((step.earned for step in self.steps), self.questions_earned or Fraction(0))

    @cached_property
    def earned_as_shown(self) -> Fraction:
        """Return what the student has earned, rounded as every paper and file shows it."""
        return rounded_fraction(self.earned, self.decimals)

    @cached_property
    def adjusted(self) -> Fraction:
        """Return by how much a teacher's points of all differ from those of the parts, as shown."""
        if self.by_teacher.whole is None:
            return Fraction(0)
        parts = sum((step.earned for step in self.steps), Fraction(0))
        shown = rounded_fraction(parts, self.decimals) + (self.questions_earned or 0)
        return self.by_teacher.whole - shown

    @property
    def is_overridden(self) -> bool:
        """Tell whether a teacher has decided something of it by hand."""
        return self.by_teacher != NOTHING_SET or self.questions_earned is not None

    @cached_property
    def earned_by_step(self) -> tuple[Fraction, ...]:
        """Return what each step earned, as shown: it adds up to what is shown of all."""
        return tuple(apportioned([step.earned for step in self.steps], self.decimals))

    @property
    def shown_steps(self) -> tuple[tuple[StepMarks, str], ...]:
        """Return the steps with what each earned, as every paper and file shows it."""
        parts = map(self.shown, self.earned_by_step)
        return tuple(zip(self.steps, parts, strict=True))

    @cached_property
    def share(self) -> Fraction | None:
        """Return the share earned, by the points as shown; nothing where there are no points."""
        points = rounded_fraction(self.points, self.decimals)
        return self.earned_as_shown / points if points else None

    @property
    def percent(self) -> str:
        """Return the percentage earned, as anybody works it out from the points as shown."""
        return "" if self.share is None else points_text(100 * self.share, PERCENT_DECIMALS)

    @cached_property
    def counts(self) -> Mapping[Mark, int]:
        """Count the cells of each mark."""
        found = Counter(cell.mark for cell in self.cells.values())
        return {mark: found[mark] for mark in Mark}

    @cached_property
    def taken_as_right(self) -> int:
        """Count the cells that nobody looked at, as a checkpoint shows them to be in order."""
        taken = self.submission.taken_as_right
        return sum(
            cell.mark in (Mark.RIGHT, Mark.FOLLOWS) and name[0] in taken
            for name, cell in (self.cells.items() if taken else ())
        )

    def shown(self, points: Fraction) -> str:
        """Return points as every paper and file of a class shows them."""
        return points_text(points, self.decimals)


@dataclass(frozen=True)
class Superseded:
    """Hold a submission that does not count, since a newer one of the same sheet does."""

    submission: Submission
    newer: Submission


@dataclass(frozen=True)
class Missing:
    """Hold a student of the class set of whom nothing was marked, by place in the roster."""

    student: str
    name: str
    section: str
    id: str
    place: int
    email: str = ""


@dataclass(frozen=True)
class Marking:
    """Hold a whole run. All that was read is marked, superseded or set aside: they add up.

    `marked` is in the roster's order where the class set is known, else in that of the IDs.
    `missing` is empty where it is not. `against` says which set that is, for a message.
    `notes` tell what of a file does not count, and whose name on it is another's.
    """

    marked: tuple[Marked, ...]
    superseded: tuple[Superseded, ...]
    set_aside: tuple[SetAside, ...]
    missing: tuple[Missing, ...] = ()
    against: str = ""
    notes: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Count the submissions that were read."""
        return len(self.marked) + len(self.superseded) + len(self.set_aside)

    @property
    def unread_cells(self) -> int:
        """Count the cells that could not be read."""
        return sum(one.counts[Mark.UNREADABLE] for one in self.marked)


@lru_cache(65536)
def points_text(points: Fraction, decimals: int) -> str:
    """Round points half up to so many decimals, without needless zeros: "7", "7.5"."""
    return write(rounded_fraction(points, decimals))
