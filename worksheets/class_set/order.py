"""Say what a teacher asks for: which sheets for whom; and how they are spread over files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from worksheets.class_set.assign import set_code
from worksheets.class_set.chunk import SIZE, Chunk
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.roster.students import Student
from worksheets.stamp.fallback import FallbackTexts
from worksheets.vocabulary.theme import Theme


@dataclass(frozen=True, kw_only=True)
class Order:
    """Order a class set: kind, level and paper, the set's code as typed, the roster's students.

    `identity` is that of a sheet with any number: it has the theme and the language. `formats` are
    the files of their own that students get besides the print files, as `OWN_FORMATS`
    names them; `roster` is what messages call the list of students.
    """

    specification: Specification
    set_name: str
    students: tuple[Student, ...]
    roster: str
    identity: Identity
    own_theme: Theme | None = None
    formats: frozenset[str] = frozenset()
    covers: bool = False

    @property
    def code(self) -> str:
        """Return the set's code."""
        return set_code(self.set_name)


@dataclass(frozen=True)
class Plan:
    """Hold the index of the name line that fits each student, and chunks' fallback texts.

    A print file has `volume` sheets, and then the next one begins. Names that are too long even
    alone are `cut`, by their students' places; `notes` tell of all whom something is missing of.
    """

    line_choice: bytes
    fallback: list[FallbackTexts]
    volume: int
    cut: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def volumes(self) -> list[range]:
        """Return each print file's students, by their places in the roster."""
        starts = range(0, len(self.line_choice), self.volume)
        return [range(start, min(start + self.volume, len(self.line_choice))) for start in starts]

    def fallback_in(self, volume: range) -> list[FallbackTexts]:
        """Return the fallback texts of a print file."""
        return self.fallback[volume.start // SIZE : -(-volume.stop // SIZE)]


def part_name(chunk: Chunk, layouts: str) -> str:
    """Return a file name that tells a chunk from all others, and from those of other layouts."""
    return f"{chunk.first:06d}-{sha256(f'{layouts} {chunk}'.encode()).hexdigest()[:24]}.part"


def folder_of(order: Order, output: Path) -> Path:
    """Return the folder for the parts of an unfinished run: one for each set."""
    asked = order.specification
    code = sha256(f"{order.code} {asked.edition} {asked.fade}".encode()).hexdigest()[:12]
    return output / f".{asked.kind}-{asked.level}-{code}-parts"
