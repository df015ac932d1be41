"""Divide a marking by what its sheets are and by a class's sections."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from worksheets.class_set.order import MOST_SECTIONS
from worksheets.marking.marks import Marked, Marking
from worksheets.marking.sanitise import tidy

WITHOUT = "without a section"
LONGEST = 40  # of a name


@dataclass(frozen=True)
class Absent:
    """Hold the students of a section, or of a class without any, of whom nothing was marked.

    `of` counts all that the section has.
    """

    section: str
    students: tuple[str, ...]
    of: int


def family_of(one: Marked) -> tuple[str, int, str]:
    """Return a sheet's kind, level and fade."""
    return one.sheet.kind.name, one.sheet.identity.level, one.submission.fade


def by_family(marking: Marking) -> list[list[Marked]]:
    """Return the sheets of each kind, level and fade, each in the roster's order."""
    every = sorted(marking.marked, key=family_of)
    return [list(some) for _, some in groupby(every, key=family_of)]


def by_section(marking: Marking, some: Sequence[Marked]) -> list[tuple[str, list[Marked]]]:
    """Return the sheets of each section, in the roster's order, or all in one without a name."""
    if not _is_divided(marking):
        return [("", list(some))]
    found: dict[str, list[Marked]] = defaultdict(list)
    for one in some:
        found[one.section].append(one)
    return [(section or WITHOUT, sheets) for section, sheets in found.items()]


def absent(marking: Marking) -> list[Absent]:
    """Return of whom nothing was marked, section by section, with names and identifiers."""
    divided = _is_divided(marking)
    names: dict[str, list[str]] = defaultdict(list)
    for one in marking.missing:
        parts = dict.fromkeys(tidy(text, LONGEST) for text in (one.name, one.student) if text)
        names[one.section if divided else ""].append(" · ".join(parts))
    every = Counter(section if divided else "" for section in _sections(marking))
    return [
        Absent(tidy(section or WITHOUT, LONGEST) if divided else "", tuple(some), every[section])
        for section, some in names.items()
    ]


def _is_divided(marking: Marking) -> bool:
    """Tell whether a class has several sections, and not more than are of use to a person."""
    return 1 < len(set(_sections(marking))) <= MOST_SECTIONS


def _sections(marking: Marking) -> list[str]:
    """Return the section of every student, whether anything was marked of them or not."""
    return [one.section for one in marking.marked] + [one.section for one in marking.missing]
