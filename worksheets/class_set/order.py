"""What a teacher asks for: which sheets for whom; and who gets which."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from worksheets.class_set.assign import later_ones, number, precedence, set_code
from worksheets.class_set.chunk import SIZE, Chunk
from worksheets.class_set.specification import Specification
from worksheets.ids import Identity
from worksheets.roster.students import Student
from worksheets.stamp.foreign import Foreign
from worksheets.vocabulary.theme import Theme


@dataclass(frozen=True)
class Order:
    """A class set: kind, level and paper, the set's code as typed, and the roster's students.

    `identity` is that of a sheet with any number: it has the theme and the language.
    """

    specification: Specification
    set_name: str
    students: tuple[Student, ...]
    roster: str
    identity: Identity
    own_theme: Theme | None = None
    single: bool = False
    covers: bool = False
    fillable: bool = False

    @property
    def code(self) -> str:
        """The set's code."""
        return set_code(self.set_name)


@dataclass(frozen=True)
class Plan:
    """What is printed of each student, and each chunk's foreign texts.

    A print file has `volume` sheets, and then the next one begins.
    """

    shown: list[str]
    foreign: list[Foreign]
    volume: int

    def volumes(self) -> list[range]:
        """Each print file's students, by their places in the roster."""
        starts = range(0, len(self.shown), self.volume)
        return [range(start, min(start + self.volume, len(self.shown))) for start in starts]

    def foreign_in(self, volume: range) -> list[Foreign]:
        """The foreign texts of a print file."""
        return self.foreign[volume.start // SIZE : -(-volume.stop // SIZE)]


@dataclass
class Assignment:
    """Which attempt each student's sheet is."""

    order: Order
    attempts: list[int] = field(default_factory=list)

    @classmethod
    def first(cls, order: Order) -> Assignment:
        """Everyone's first choice, unless two have the same number."""
        assignment = cls(order, [0] * len(order.students))
        while assignment.choose_again([(one.number,) for one in assignment.identities()]):
            pass
        return assignment

    def choose_again(self, held: list[tuple[int, ...]]) -> bool:
        """Give another sheet to those who hold what somebody before them holds, if any do."""
        names = [student.identifier for student in self.order.students]
        again = later_ones(precedence(self.order.code, names), held)
        for place in again:
            self.attempts[place] += 1
        return bool(again)

    def identities(self) -> list[Identity]:
        """Everyone's sheet."""
        code = self.order.code
        return [
            replace(self.order.identity, number=number(code, student.identifier, attempt))
            for student, attempt in zip(self.order.students, self.attempts, strict=True)
        ]

    def chunks(self, plan: Plan) -> list[Chunk]:
        """The class in units of work, which do not depend on who does them."""
        identities = self.identities()
        return [
            Chunk(
                self.order.specification,
                first % plan.volume,
                tuple(identities[first : first + SIZE]),
                tuple(plan.shown[first : first + SIZE]),
                plan.foreign[first // SIZE],
                self.order.own_theme,
                self.order.single,
                self.order.fillable,
            )
            for first in range(0, len(identities), SIZE)
        ]


def part_name(chunk: Chunk, layouts: str) -> str:
    """A file name that tells a chunk from all others, and from those of other layouts."""
    return f"{chunk.first:06d}-{sha256(f'{layouts} {chunk}'.encode()).hexdigest()[:24]}.part"


def folder_of(order: Order, output: Path) -> Path:
    """Where the parts of an unfinished run stand: one folder for each kind, level and code."""
    specification = order.specification
    code = sha256(order.code.encode()).hexdigest()[:12]
    return output / f".{specification.kind}-{specification.level}-{code}-parts"
