"""A roster's students: every one of them as the file names them, or none and the reasons."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from unicodedata import name as character_name
from unicodedata import normalize

from worksheets.errors import InputError
from worksheets.roster.cells import BLANKS, LONGEST, clean
from worksheets.roster.columns import Columns, find_columns, heading_matcher
from worksheets.roster.faults import Faults
from worksheets.roster.table import read_table
from worksheets.tabular.row import Row, is_blank, shown

POINTS_POSSIBLE = "points possible"
# All characters that Unicode calls dashes.
DASHES = dict.fromkeys(
    (
        0x2D, 0x58A, 0x5BE, 0x1400, 0x1806, *range(0x2010, 0x2016), 0x2053, 0x207B, 0x208B, 0x2212,
        0x2E17, 0x2E1A, 0x2E3A, 0x2E3B, 0x2E40, 0x2E5D, 0x301C, 0x3030, 0x30A0, 0xFE31, 0xFE32,
        0xFE58, 0xFE63, 0xFF0D, 0x10EAD,
    ),
    "-",
)  # fmt: skip
FAMILY_FIRST_SCRIPTS = (
    "CJK",
    "IDEOGRAPHIC",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "HALFWIDTH KATAKANA",
)


@dataclass(frozen=True, slots=True)  # a large class is in memory as a whole
class Student:
    """One student; `row` is where the file names them, counted as a spreadsheet does."""

    identifier: str
    name: str
    section: str = ""
    email: str = ""
    row: int = 0


def normalised_id(identifier: str) -> str:
    """A form in which two identifiers are equal if a person would take them for the same.

    Compatible characters, case, kinds of dashes and amounts of white space do not count.
    """
    text = normalize("NFKC", normalize("NFKC", identifier).casefold())
    return " ".join(text.translate(DASHES).split())


def read_roster(
    path: Path,
    columns: Mapping[str, str] = {},
    tell: Callable[[str], None] = lambda note: None,
) -> list[Student]:
    """The students of a CSV or XLSX file, in its order.

    `columns` maps any of id, name, first, last, email and section to a column's heading, letter or
    number, where the headings do not say it. Without an ID, the email identifies a student, and
    without that the name; without a name, the identifier is the name. Names are as in the file:
    only white space at the edges goes, and parts are joined as `joined` says. `tell` is told of
    columns that were not used, and of names that there are none of.

    Raises:
        InputError: with up to ten faults, one a line, each with its file, row, column and value.
    """
    rows = deque(read_table(path, heading_matcher(columns)))
    found = find_columns(path.name, rows.popleft(), columns)
    faults = Faults(path.name)
    students: list[Student] = []
    lines = array("L")
    seen: dict[str, Student] = {}
    while rows:
        row = rows.popleft()  # its memory goes to what is read of it
        if _is_points_possible(row, found):
            continue
        student = _student(row, found, faults)
        if student is None:
            continue
        students.append(student)
        lines.append(row.line)
        first = seen.setdefault(normalised_id(student.identifier), student)
        if first is not student:
            before = Row(first.row, (), lines[students.index(first)])
            faults.add(row, _doubled(student, before, found))
    faults.report()
    if not students:
        raise InputError(f"{path.name}: there are no students below the headings")
    for note in found.notes(path.name):
        tell(note)
    return students


def joined(first: str, last: str) -> str:
    """A whole name from its parts: "First Last".

    Where both are written in Han, Hangul or Kana alone, the family name stands first, without a
    space, as in Chinese, Korean and Japanese.
    """
    if first and last and _is_family_first(first + last):
        return last + first
    return f"{first} {last}".strip()


def _is_family_first(text: str) -> bool:
    return not text.isascii() and all(
        character_name(letter, "").startswith(FAMILY_FIRST_SCRIPTS) for letter in text
    )


def _is_points_possible(row: Row, found: Columns) -> bool:
    """Whether this is the row of a Canvas gradebook that tells the points of each column."""
    texts = [cell.strip(BLANKS).casefold() for cell in row.cells if isinstance(cell, str)]
    if POINTS_POSSIBLE not in texts:
        return False
    cells = {
        role: row.cells[place] for role, place in found.places.items() if place < len(row.cells)
    }
    name = cells.get("name", "")
    named = not isinstance(name, str) or name.strip(BLANKS).casefold() not in {"", POINTS_POSSIBLE}
    return not named and all(is_blank(cells.get(role, "")) for role in ("id", "email"))


def _student(row: Row, found: Columns, faults: Faults) -> Student | None:
    """The student of a row, or nothing and at least one more fault."""
    reasons = _misfit(row, found)
    texts: dict[str, str] = {}
    for role, place in found.places.items():
        if place < len(row.cells):
            try:
                texts[role] = clean(row.cells[place], role)
            except InputError as error:
                reasons.append(f"{found.label(place)}: {error}")
    if not reasons:
        reasons = _lacking(texts, found)
    if reasons:
        for reason in reasons:
            faults.add(row, reason)
        return None
    name = texts["name"] if "name" in texts else _joined(texts)
    identifier = texts.get(found.identifier, name)
    return Student(
        identifier, name or identifier, texts.get("section", ""), texts.get("email", ""), row.number
    )


def _joined(texts: Mapping[str, str]) -> str:
    return joined(texts.get("first", ""), texts.get("last", ""))


def _misfit(row: Row, found: Columns) -> list[str]:
    """What is wrong with a row's length."""
    width = len(found.headings)
    if beyond := [cell for cell in row.cells[width:] if not is_blank(cell)]:
        value = beyond[0] if isinstance(beyond[0], str) else beyond[0].shown
        return [
            f"{len(row.cells)} cells under {width} headings, with {shown(value)} beyond the last; "
            "put quotes around a cell that holds the delimiter, or give the column a heading"
        ]
    if missing := [place for place in found.places.values() if place >= len(row.cells)]:
        return [
            f"{len(row.cells)} cells under {width} headings, so {found.label(min(missing))} is "
            f"missing after {shown(str(row.cells[-1]))}; fill the row up"
        ]
    return []


def _lacking(texts: Mapping[str, str], found: Columns) -> list[str]:
    """What a student cannot do without."""
    named = [role for role in ("name", "first", "last") if role in found.places]
    needed = [] if found.identifier == "name" else [found.identifier]
    reasons = [
        f"{found.label(found.places[role])}: '' is empty; each student needs an identifier"
        for role in needed
        if not texts[role]
    ]
    whole = texts["name"] if "name" in texts else _joined(texts)
    if named and not whole:
        reasons.append(f"{found.label(found.places[named[0]])}: '' is empty; each needs a name")
    if len(whole) > LONGEST["name"]:
        reasons.append(
            f"{found.label(found.places[named[0]])}: the whole name {shown(whole)} has "
            f"{len(whole)} characters; at most {LONGEST['name']} are taken"
        )
    return reasons


def _doubled(student: Student, first: Row, found: Columns) -> str:
    role = found.identifier
    place = found.places.get(role, found.places.get("first", found.places.get("last", 0)))
    advice = "each needs their own" if role == "id" else "add a column ID that tells them apart"
    return (
        f"{found.label(place)}: {shown(student.identifier)} is the same student as in "
        f"{first.place}; {advice}"
    )
