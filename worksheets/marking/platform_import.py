"""Write marks as a learning platform's gradebook takes them in, for the students of its own export.

Of the export come the columns by which the platform knows its students, to the letter, and the
heading of a grade that is there already. An empty cell would take away a grade that is there: only
who has a mark has a row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.marking.answer import read_number
from worksheets.marking.marks import Marked
from worksheets.marking.platforms import PLATFORMS, Platform
from worksheets.marking.remarks import remarks, teachers
from worksheets.marking.sanitise import tidy
from worksheets.roster.cells import clean
from worksheets.roster.headings import key
from worksheets.roster.table import read_table
from worksheets.tabular.row import Row, shown
from worksheets.tabular.spreadsheet_text import acts_as_formula, in_csv

MOST_NAMED = 10
LONGEST_FEEDBACK = 1000
# Of Moodle's grading worksheet: what its import needs, and what else is read or written.
WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")
GRADE, MOST, COMMENTS = "Grade", "Maximum Grade", "Feedback comments"
NUMBER_AT_END = re.compile(r"\d+$")
NOT_IN_FOLDERS = re.compile(r'[_/\\:*?"<>|]')  # by underscores Moodle takes the name apart


@dataclass(frozen=True)
class Export:
    """Hold a teacher's own export: the columns that are taken over, and its rows.

    `places` are these columns, by the keys of their headings.
    """

    file: str
    headings: Sequence[str]
    rows: Sequence[Row]
    places: Mapping[str, int]

    def text(self, row: Row, place: int) -> str:
        """Return a cell's text, or nothing where the row is shorter."""
        return str(row.cells[place]).strip() if place < len(row.cells) else ""


@dataclass(frozen=True)
class Import:
    """Hold a platform's import file, what a teacher has to know of it, and folders of feedback.

    `folders` are those of a platform that takes files as well, by their sheets' IDs.
    """

    content: bytes
    notes: Sequence[str]
    folders: Mapping[str, str] = field(default_factory=dict)


def gradebook(marked: Sequence[Marked], platform: str, path: Path, item: str) -> Import:
    """Return a platform's import file with the grade `item`, and what a teacher has to know of it.

    Raises:
        InputError: if the export is not that of this platform, or has none of these students; if
            the grade's name cannot stand in a file, or is a formula there.
    """
    kind = PLATFORMS[platform]
    try:
        item = clean(item, "name")
    except InputError as error:
        raise error.at(told("the grade’s name in {platform}", platform=platform)) from None
    export = _export(kind, path)
    found, notes = _found(kind, export, marked)
    if platform == "moodle" and set(WORKSHEET) <= set(export.headings):
        return _worksheet(export, found, notes)
    heading = next(
        (one for one in export.headings if _is(kind, one, item)), kind.grade(in_csv(item))
    )
    if heading in export.headings:
        notes.insert(
            0,
            told(
                "{file}: the grade {heading} is there, and takes these marks",
                file=export.file,
                heading=shown(heading),
            ),
        )
    file = StringIO(newline="")
    table = csv.writer(file, quoting=kind.quoting)  # type: ignore[arg-type]
    own = list(export.places.values())
    last = [kind.end] if kind.end else []
    remark = [kind.remark(_stem(heading))] if kind.remark else []
    table.writerow([*(export.headings[at] for at in own), heading, *remark, *last])
    if platform == "canvas":
        rest = [""] * (len(own) - 1)
        table.writerow(["    Points Possible", *rest, marked[0].shown(marked[0].points)])
    for row, one in found:
        said = [in_csv(_feedback(one))] if kind.remark else []
        cells = [_cell(kind, export, row, name) for name in export.places]
        table.writerow([*cells, one.shown(one.earned), *said, *("#" for _ in last)])
    return Import(file.getvalue().encode("utf-8"), notes)


def _worksheet(export: Export, found: Sequence[tuple[Row, Marked]], notes: Sequence[str]) -> Import:
    """Return an assignment's grading worksheet, filled in, and the folders of its feedback."""
    file = StringIO(newline="")
    table = csv.writer(file)
    table.writerow(export.headings)
    folders: dict[str, str] = {}
    notes = list(notes)
    outs = {one.shown(one.points) for _, one in found}
    for row, one in found:
        cells = dict(zip(export.headings, map(str, row.cells), strict=False))
        if (most := cells.get(MOST, "")) and read_number(most).value != one.points and outs:
            points = ", ".join(sorted(outs))
            notes.append(
                told(
                    "{file}: the grade is out of {most} there, and of {points} here",
                    file=export.file,
                    most=most,
                    points=points,
                )
            )
            outs = set()
        participant, name = cells[WORKSHEET[0]], cells.get("Full name", "")
        cells[GRADE] = one.shown(one.earned)
        if COMMENTS in export.headings:
            cells[COMMENTS] = _feedback(one)
        own = {WORKSHEET[0], *(export.headings[at] for at in export.places.values())}
        table.writerow(
            cells.get(heading, "") if heading in own else in_csv(cells.get(heading, ""))
            for heading in export.headings
        )
        if number := NUMBER_AT_END.search(participant):
            plain = " ".join(NOT_IN_FOLDERS.sub(" ", name or "student").split())
            folders[one.sheet.id] = f"{plain}_{number[0]}_assignfeedback_file"
    return Import(file.getvalue().encode("utf-8"), notes, folders)


def _is(kind: Platform, heading: str, item: str) -> bool:
    """Tell whether a heading of the export is that of a grade of this name."""
    match = kind.known.fullmatch(heading.strip())
    named = match is not None and key(match["name"]) == key(item)
    return named and "feedback" not in heading.casefold()


def _stem(heading: str) -> str:
    """Return a grade's name without what the platform puts behind it."""
    return re.sub(r" \([^()]*\)$", "", heading)


def _export(kind: Platform, path: Path) -> Export:
    """Read an export's headings and rows.

    Raises:
        InputError: if it is none of this platform.
    """
    known = {name for some in kind.columns for name in some}
    table = read_table(path, lambda heading: "id" if key(heading) in known else "")
    head, *rows = table.rows
    headings = [str(cell).lstrip("\ufeff").strip() for cell in head.cells]
    by_key = {key(text): at for at, text in reversed(list(enumerate(headings)))}
    places = {name: by_key[name] for some in kind.columns for name in some if name in by_key}
    for group in kind.needed:
        if not group & places.keys():
            right = ", ".join(headings[:6])
            raise InputError(
                told(
                    "gradebook {path}: this is no export of {name}: its headings are {right} "
                    "and so on; right is the file of {export}, as it was downloaded",
                    path=path,
                    name=kind.name,
                    right=right,
                    export=kind.export,
                )
            )
    return Export(table.file, headings, rows, places)


def _found(
    kind: Platform, export: Export, marked: Sequence[Marked]
) -> tuple[list[tuple[Row, Marked]], list[str]]:
    """Return each student's row, by the one column that has the most of them.

    Raises:
        InputError: if there is none.
    """
    keys = [name for name in export.places if name not in kind.names]
    ways: list[tuple[int, str, dict[int, Row]]] = []
    for of in ("student", "email", "name"):
        for name in (
            keys if of != "name" else [name for name in export.places if name in kind.names]
        ):
            rows = _by_text(export, export.places[name])
            matches = {
                at: some[0]
                for at, one in enumerate(marked)
                if len(some := rows.get(_plain(getattr(one, of)), [])) == 1
            }
            ways.append((len(matches), name, matches))
    count, name, matches = max(ways, key=lambda way: way[0])
    if not count:
        heading = ", ".join(export.headings[export.places[one]] for one in keys)
        raise InputError(
            told(
                "gradebook {file}: none of the {count} students is there by {heading}; "
                "right is the export of the course whose roster the class set was made from",
                file=export.file,
                count=len(marked),
                heading=heading,
            )
        )
    found = [(row, marked[at]) for at, row in matches.items()]
    unsafe = [one for row, one in found if not _is_safe(kind, export, row)]
    lost = [one for at, one in enumerate(marked) if at not in matches]
    notes = [
        told(
            "{file}: students are found by {heading!r}",
            file=export.file,
            heading=export.headings[export.places[name]],
        )
    ]
    if lost:
        notes.append(
            told(
                "{file}: {lost} not there, and so not in what is written",
                file=export.file,
                lost=_named(lost),
            )
        )
    if unsafe:
        notes.append(
            told(
                "{file}: {unsafe} left out, as a spreadsheet would take the ID for a "
                "formula; enter the marks by hand",
                file=export.file,
                unsafe=_named(unsafe),
            )
        )
    return [(row, one) for row, one in found if one not in unsafe], notes


def _named(some: Sequence[Marked]) -> str:
    names = ", ".join(tidy(one.name or one.student, 60) for one in some[:MOST_NAMED])
    if len(some) == 1:
        return told("{names} is", names=names)
    more = len(some) - MOST_NAMED
    return told(
        "{names} are", names=names + (told(" and {count} more", count=more) if more > 0 else "")
    )


def _by_text(export: Export, place: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in export.rows:
        if text := _plain(export.text(row, place)):
            found.setdefault(text, []).append(row)
    return found


def _plain(text: str) -> str:
    """Return an identifier as it is compared: Brightspace puts # before it."""
    return " ".join(text.casefold().removeprefix("#").split())


def _is_safe(kind: Platform, export: Export, row: Row) -> bool:
    """Tell whether all by which a platform knows a student can stand in a CSV as it is."""
    texts = (export.text(row, at) for name, at in export.places.items() if name not in kind.names)
    return not any(acts_as_formula(text) or ";" in text for text in texts)


def _cell(kind: Platform, export: Export, row: Row, name: str) -> str:
    """Return a cell of the export: what identifies to the letter, and a name as is safe."""
    text = export.text(row, export.places[name])
    return in_csv(text) if name in kind.names else text


def _feedback(one: Marked) -> str:
    """Return what a student has to know, in one paragraph: points, the teacher's words, advice."""
    by_hand = [sentence for _, some in sorted(teachers(one).items()) for sentence in some]
    return tidy(" ".join([_score(one), *by_hand, *_advice(one)]), LONGEST_FEEDBACK)


def _score(one: Marked) -> str:
    return f"{one.shown(one.earned)} / {one.shown(one.points)}."


def _advice(one: Marked) -> Iterator[str]:
    said = remarks(one)
    for step, earned in one.shown_steps:
        if earned != one.shown(step.points):
            texts: Iterable[str] = (f"{said[step.number].what}.", *said[step.number].advice)
            yield f"{step.number} {step.title}: {' '.join(texts)}"
