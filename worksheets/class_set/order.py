"""What a teacher asks for: which sheets for whom; and who gets which."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from worksheets import exercise
from worksheets.class_set.assign import later_ones, number, precedence, set_code
from worksheets.class_set.chunk import SIZE, Chunk
from worksheets.class_set.specification import Specification
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.roster.students import Student
from worksheets.stamp.fill import printable

APART = " · "


@dataclass(frozen=True)
class Order:
    """A class set: kind, level and paper, the set's code as typed, and the roster's students."""

    specification: Specification
    set_name: str
    students: tuple[Student, ...]
    roster: str
    single: bool = False
    theme: str = "0"
    language: str = "en"


@dataclass
class Assignment:
    """Which attempt each student's sheet is, and what is printed of whom."""

    order: Order
    shown: list[str]
    attempts: list[int] = field(default_factory=list)

    @classmethod
    def first(cls, order: Order) -> Assignment:
        """Everyone's first choice, unless two have the same number."""
        assignment = cls(order, shown_lines(order), [0] * len(order.students))
        while assignment.choose_again([(one.number,) for one in assignment.identities()]):
            pass
        return assignment

    def choose_again(self, held: list[tuple[int, ...]]) -> bool:
        """Give another sheet to those who hold what somebody before them holds, if any do."""
        names = [student.identifier for student in self.order.students]
        again = later_ones(precedence(set_code(self.order.set_name), names), held)
        for place in again:
            self.attempts[place] += 1
        return bool(again)

    def identities(self) -> list[Identity]:
        """Everyone's sheet."""
        order, code = self.order, set_code(self.order.set_name)
        kind, level = exercise.find(order.specification.kind), order.specification.level
        return [
            Identity(
                kind.CODE,
                level,
                number(code, student.identifier, attempt),
                theme=order.theme,
                language=order.language,
            )
            for student, attempt in zip(order.students, self.attempts, strict=True)
        ]

    def chunks(self) -> list[Chunk]:
        """The class in units of work, which do not depend on who does them."""
        identities = self.identities()
        return [
            Chunk(
                self.order.specification,
                first,
                tuple(identities[first : first + SIZE]),
                tuple(self.shown[first : first + SIZE]),
                self.order.single,
            )
            for first in range(0, len(identities), SIZE)
        ]


def part_name(chunk: Chunk, layouts: str) -> str:
    """A file name that tells a chunk from all others, and from those of other layouts."""
    return f"{chunk.first:06d}-{sha256(f'{layouts} {chunk}'.encode()).hexdigest()[:24]}.part"


def shown_lines(order: Order) -> list[str]:
    """What stands on each sheet: name, identifier and section, as far as the line has room.

    Raises:
        InputError: naming rows whose names the fonts lack, or which do not fit.
    """
    stamp = replace(order.specification, solved=False).stamp()
    layout = stamp.layout
    slot = next(one for one in layout.slots if "student" in one.pattern.parts)
    place, style = slot.places[0], layout.styles[slot.places[0].style]
    face = layout.faces[style.font]
    lines, faults = [], []
    for student in order.students:
        parts = [student.name]
        if student.identifier != student.name:
            parts.append(student.identifier)
        wholes = [*parts, student.section] if student.section else parts
        tries = dict.fromkeys((APART.join(wholes), APART.join(parts), student.name))
        shaped = {one: face.shape(printable(one), style.size) for one in tries}
        fitting = [one for one, glyphs in shaped.items() if glyphs and glyphs.width <= place.width]
        where = f"{order.roster} row {student.row}: the name {student.name[:40]!r}"
        if fitting:
            lines.append(printable(fitting[0]))
        elif shaped[student.name]:
            faults.append(f"{where} is too wide for its line of {place.width / 96 * 25.4:.0f} mm")
        else:
            lacking = _lacking(student.name, order)
            faults.append(f"{where} has characters that the sheets' fonts lack: {lacking}")
    if faults:
        more = [f"and {len(faults) - 10} more"] if len(faults) > 10 else []
        raise InputError("\n".join([*faults[:10], *more]))
    return lines


def _lacking(name: str, order: Order) -> str:
    from worksheets.stamp.shape import repertoire

    known = set(repertoire("SheetSans-Bold.ttf"))
    return ", ".join(
        dict.fromkeys(f"{one!r} (U+{ord(one):04X})" for one in name if one not in known)
    )


def folder_of(order: Order, output: Path) -> Path:
    """Where the parts of an unfinished run stand."""
    return output / f".{set_code(order.set_name)[:20]}-parts"
