"""Read a roster: every student as the file names them, or none of them and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import name as character_name

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.roster.apart import Apart, places_of
from worksheets.roster.cells import BLANKS, LONGEST, clean
from worksheets.roster.changed import Repair, doubts, repair_of
from worksheets.roster.columns import NAMES, Columns, named_columns, text_at
from worksheets.roster.faults import Faults
from worksheets.roster.headings import heading_matcher, heading_place
from worksheets.roster.identifier import choose_columns
from worksheets.roster.normalised import normalised_id
from worksheets.roster.table import Table, read_table
from worksheets.tabular.row import Row, is_blank, shown

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
    """Hold a student; `row` is where the file names them, counted as a spreadsheet does."""

    identifier: str
    name: str
    section: str = ""
    email: str = ""
    row: int = 0


@dataclass(frozen=True)
class Roster:
    """Hold a file's students, and the number of rows passed over that are not blank.

    Students, rows passed over, and the row of headings are all rows. `notes` has a line for each
    decision that the program took by itself.
    """

    students: list[Student]
    passed_over: int
    notes: list[str]


def read_roster(
    path: Path,
    columns: Mapping[str, str] = {},
    tell: Callable[[str], None] = lambda note: None,
) -> list[Student]:
    """Return the students of a CSV or XLSX file, in its order.

    `columns` maps any of id, name, first, last, email and section to a column's heading, letter or
    number, where the headings do not say it. `choose_columns` says what identifies a student;
    without a name, the identifier is the name. Names are as in the file: only white space at the
    edges goes, and parts are joined as `joined` says. `tell` is told of whatever was decided.

    Raises:
        InputError: with up to ten faults, one a line, each with its file, row, column and value.
    """
    roster = roster_of(read_table(path, heading_matcher(columns)), columns)
    for note in roster.notes:
        tell(note)
    return roster.students


def roster_of(table: Table, columns: Mapping[str, str]) -> Roster:
    """Return what the rows of a file say; the same as `read_roster`, with the counts."""
    place = heading_place(table.rows, heading_matcher(columns))
    above, row, below = table.rows[:place], table.rows[place], table.rows[place + 1 :]
    head = named_columns(table.file, row, columns)
    apart = Apart(head, below, table.hidden)
    rows = apart.students
    if not rows:
        raise InputError(
            "\n".join(
                [
                    told("{where}: there are no students below the headings", where=head.where),
                    *apart.notes(),
                ]
            )
        )
    found, notes = choose_columns(head, rows)
    table.refuse_merged(row, rows, set(found.places.values()))
    students, repairs = _students(found, rows)
    if above:
        where = told("the headings are those in {place}; passed over above them", place=row.place)
        notes.insert(0, f"{table.file}: {where}: {places_of(above)}")
    notes += [*table.notes, *apart.notes(), *repairs, *found.notes(apart.used, rows)]
    return Roster(students, len(above) + len(apart), notes)


def _students(found: Columns, rows: Sequence[Row]) -> tuple[list[Student], list[str]]:
    """Return the students of some rows, and notes on identifiers that are mended or look changed.

    Raises:
        InputError: with all that is wrong with them.
    """
    faults = Faults(found.head.file)
    repair, notes = Repair(), []
    if found.identifier == "id":
        texts = [text_at(row.cells, found.identifying).strip(BLANKS) for row in rows]
        repair = repair_of(texts)
        where = f"{found.head.file}: {found.label('id')}"
        notes = [f"{where}: {doubt}" for doubt in doubts(texts)]
    students: list[Student] = []
    seen: dict[str, Row] = {}
    for row in rows:
        student = _student(row, found, repair, faults)
        if student is None:
            continue
        students.append(student)
        first = seen.setdefault(normalised_id(student.identifier), row)
        if first is not row:
            faults.add(row, _doubled(student, first, found), found.identifier != "name")
    faults.report()
    if repair.pattern:
        notes.insert(0, f"{where}: {repair.note}")
    return students, notes


def joined(first: str, last: str) -> str:
    """Return a whole name from its parts: "First Last".

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


def _student(row: Row, found: Columns, repair: Repair, faults: Faults) -> Student | None:
    """Return the student of a row, or nothing and at least one more fault."""
    reasons = _misfit(row, found)
    texts: dict[str, str] = {}
    for role, place in found.places.items():
        if place < len(row.cells):
            cell = row.cells[place]
            try:
                if role == "id" and isinstance(cell, str):
                    cell = repair.mended(cell)
                texts[role] = clean(cell, role)
            except InputError as error:
                reasons.append(f"{found.label(role)}: {error}")
    if not reasons:
        reasons = [*_lacking(texts, found)]
    if reasons:
        for reason in reasons:
            at_fault = found.identifier != "name" and reason.startswith(
                found.label(found.identifier)
            )
            faults.add(row, reason, at_fault)
        return None
    name = texts["name"] if "name" in texts else _joined(texts)
    identifier = name if found.identifier == "name" else texts[found.identifier]
    return Student(
        identifier, name or identifier, texts.get("section", ""), texts.get("email", ""), row.number
    )


def _joined(texts: Mapping[str, str]) -> str:
    last = (texts.get(role, "") for role in ("infix", "last", "second"))
    return joined(texts.get("first", ""), " ".join(filter(None, last)))


def _misfit(row: Row, found: Columns) -> list[str]:
    """Return what is wrong with a row's length."""
    width = len(found.head.texts)
    if beyond := [cell for cell in row.cells[width:] if not is_blank(cell)]:
        value = beyond[0] if isinstance(beyond[0], str) else beyond[0].shown
        return [
            told(
                "{count} cells under {width} headings, with {value} beyond the last; "
                "put quotes around a cell that holds the delimiter, or give the column a heading",
                count=len(row.cells),
                width=width,
                value=shown(value),
            )
        ]
    if missing := [role for role, place in found.places.items() if place >= len(row.cells)]:
        first = min(missing, key=found.places.__getitem__)
        return [
            told(
                "{count} cells under {width} headings, so {missing} is missing "
                "after {before}; fill the row up, or delete it if it is no student",
                count=len(row.cells),
                width=width,
                missing=found.label(first),
                before=shown(str(row.cells[-1])),
            )
        ]
    return []


def _lacking(texts: Mapping[str, str], found: Columns) -> Iterator[str]:
    """Yield what a student cannot do without."""
    named = [role for role in NAMES if role in found.places]
    if found.identifier != "name" and not texts[found.identifier]:
        yield (
            told(
                "{identifier}: '' is empty; each student needs an identifier; fill "
                "it in, or delete the row if it is no student",
                identifier=found.label(found.identifier),
            )
        )
    whole = texts["name"] if "name" in texts else _joined(texts)
    if named and not whole:
        yield (
            told(
                "{column}: '' is empty; each needs a name; fill it in, or delete the "
                "row if it is no student",
                column=found.label(named[0]),
            )
        )
    if len(whole) > LONGEST["name"]:
        yield (
            told(
                "{column}: the whole name {name} has {length} characters; "
                "at most {longest} are taken",
                column=found.label(named[0]),
                name=shown(whole),
                length=len(whole),
                longest=LONGEST["name"],
            )
        )


def _doubled(student: Student, first: Row, found: Columns) -> str:
    advice = (
        told("add a column ID that tells them apart")
        if found.identifier == "name"
        else told("each needs their own; delete one of the rows if one student stands there twice")
    )
    return told(
        "{column}: {identifier} is the same student as in {place}; {advice}",
        column=found.head.label(found.identifying),
        identifier=shown(student.identifier),
        place=first.place,
        advice=advice,
    )
