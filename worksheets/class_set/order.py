"""Say what a teacher asks for: which sheets for whom; and how they are spread over files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from worksheets.class_set.assign import set_code, words_code
from worksheets.class_set.chunk import SIZE, Chunk
from worksheets.class_set.file_names import endings
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.roster.students import Student
from worksheets.stamp.fallback import FallbackTexts
from worksheets.vocabulary.theme import Theme

MOST_SECTIONS = 60  # with print files of their own; more are of no use to a person


@dataclass(frozen=True, kw_only=True)
class Order:
    """Order a class set: kind, level and paper, the set's code as typed, the roster's students.

    `identity` is that of a sheet with any number: it has the theme and the language. `formats` are
    the files of their own that students get besides the print files, as `OWN_FORMATS`
    names them; `roster` is what messages call the list of students. Where SymPy is not at hand, a
    set may be made without being `proved` by the law; its certificate says so.
    """

    specification: Specification
    set_name: str
    students: tuple[Student, ...]
    roster: str
    identity: Identity
    own_theme: Theme | None = None
    formats: frozenset[str] = frozenset()
    covers: bool = False
    proved: bool = True

    @property
    def code(self) -> str:
        """Return the set's code."""
        return set_code(self.set_name)

    @property
    def words_code(self) -> str:
        """Return the code of the set whose words it has."""
        return words_code(self.set_name)


@dataclass(frozen=True)
class Volume:
    """Hold a print file: its students' places in the order, how its name ends, and whose it is."""

    places: range
    ending: str = ""
    section: str = ""  # where there are several

    def chunks(self) -> list[range]:
        """Return its students in units of work."""
        places = self.places
        return [places[at : at + SIZE] for at in range(0, len(places), SIZE)]


@dataclass(frozen=True)
class Plan:
    """Hold the index of the name line that fits each student, and chunks' fallback texts.

    `volumes` are the print files. Names that are too long even alone are `cut`, by their students'
    places; `notes` tell of all whom something is missing of.
    """

    line_choice: bytes
    fallback: list[FallbackTexts]
    volumes: tuple[Volume, ...]
    cut: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @cached_property
    def chunks(self) -> list[tuple[Volume, range]]:
        """Return every unit of work: its print file, and its students."""
        return [(volume, places) for volume in self.volumes for places in volume.chunks()]

    def chunks_in(self, volume: Volume) -> slice:
        """Return which of the units of work are a print file's."""
        which = [place for place, (own, _) in enumerate(self.chunks) if own is volume]
        return slice(which[0], which[-1] + 1)

    def fallback_in(self, volume: Volume) -> list[FallbackTexts]:
        """Return the fallback texts of a print file."""
        return self.fallback[self.chunks_in(volume)]


def in_sections(students: Sequence[Student]) -> tuple[Student, ...]:
    """Return students section by section, each where its first one is, else in their order."""
    first = {
        section: place for place, section in reversed([*enumerate(one.section for one in students)])
    }
    return tuple(sorted(students, key=lambda one: first[one.section]))


def volumes(sections: Sequence[str], most: int) -> tuple[Volume, ...]:
    """Return a class's print files, each of so many sheets at most: one section, if not too many.

    Sections are in order, one for each student.
    """
    groups = [(section, len(list(some))) for section, some in groupby(sections)]
    if not 1 < len(groups) <= MOST_SECTIONS:
        groups = [("", len(sections))]
    names = [f"-{name}" for name in endings(one for one, _ in groups)] if len(groups) > 1 else [""]
    found, start = [], 0
    for (section, count), name in zip(groups, names, strict=True):
        starts = range(start, start + count, most)
        for number, at in enumerate(starts, 1):
            end = f"{name}-{number}" if len(starts) > 1 else name
            found.append(Volume(range(at, min(at + most, start + count)), end, section))
        start += count
    return tuple(found)


def part_name(chunk: Chunk, layouts: str) -> str:
    """Return a file name that tells a chunk from all others, and from those of other layouts."""
    return f"{chunk.first:06d}-{sha256(f'{layouts} {chunk}'.encode()).hexdigest()[:24]}.part"


def folder_of(order: Order, output: Path) -> Path:
    """Return the folder for the parts of an unfinished run: one for each set."""
    asked = order.specification
    which = f"{asked.edition}{order.identity.secret}"
    code = sha256(f"{order.code} {which} {asked.page.fade}".encode()).hexdigest()[:12]
    return output / f".{asked.kind_name}-{asked.level}-{code}-parts"
