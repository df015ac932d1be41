"""Read which set stands in a folder, and refuse what would take sheets out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worksheets.class_set.assignment import Assignment
from worksheets.class_set.file_names import HANDED_OUT, SOLVED
from worksheets.class_set.order import Order, folder_of
from worksheets.class_set.papers import MANIFESTS, set_of
from worksheets.class_set.papers import of_a_set as of_a_set_in
from worksheets.class_set.part import digest_of
from worksheets.errors import InputError
from worksheets.language import told
from worksheets.roster.normalised import normalised_id
from worksheets.tabular.row import shown

FIRST_ROW = ',"students":['
MOST_NAMED = 10


@dataclass(frozen=True)
class Standing:
    """Hold what a folder's manifest says: what tells its set, and whose sheet each ID is.

    `own_files` are the digests of students' own files, by name.
    """

    set: Mapping[str, Any] | None = None
    sheets: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # identifier and name
    own_files: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[str] = ()

    def ids(self) -> dict[str, str]:
        """Map students to their sheets' IDs."""
        return {normalised_id(student): sheet for sheet, (student, _) in self.sheets.items()}


def standing_in(folder: Path) -> Standing:
    """Return what stands in a folder; nothing is known of it without a whole manifest."""
    try:
        with (folder / MANIFESTS[1]).open(encoding="utf-8") as file:
            head = json.loads(file.readline().rstrip().removesuffix(FIRST_ROW) + "}")
            sheets, own, sections = {}, dict[str, str](), dict[str, None]()
            for line in file:
                if line.startswith("{"):
                    row = json.loads(line.rstrip(",\n"))
                    sheets[str(row["id"])] = str(row["student"]), str(row["name"])
                    own |= _own_files(row)
                    sections[str(row["section"])] = None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return Standing()
    names = "code", "kind", "level", "edition", "secret", "fade"
    return Standing({name: head.get(name) for name in names}, sheets, own, tuple(sections))


def _own_files(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the files of a student's own and their digests, and no others, whatever a row says."""
    for column, name in row.items():
        folder, _, file = str(name).partition("/")
        if (
            column.endswith("_file")
            and folder in (HANDED_OUT, SOLVED)
            and file == Path(file).name != ""
        ):
            yield f"{folder}/{file}", str(row[column.replace("_file", "_sha256")])


def refuse_others(order: Order, output: Path, there: Standing, files: Collection[str]) -> None:
    """Refuse to write over another set, over what is no set's, or over what somebody has changed.

    `files` are the names of the print files.

    Raises:
        InputError: naming what stands there.
    """
    of_a_set = of_a_set_in(output, there.sections)
    unfinished = folder_of(order, output).exists()
    if there.set is None and not unfinished and (output / MANIFESTS[1]).exists():
        raise InputError(
            told(
                "{output} is damaged, so that nobody can tell whose sheets stand "
                "there; put a copy of it back",
                output=output / MANIFESTS[1],
            ),
            "force",
        )
    if of_a_set and there.set != set_of(order) and (there.set is not None or not unfinished):
        raise InputError(
            told(
                "{path} exists and belongs to something else{there}",
                path=of_a_set[0],
                there=_named(there),
            ),
            "force",
        )
    if unfinished:
        return
    for name in files:
        if (output / name).exists() and output / name not in of_a_set:
            raise InputError(
                told("{output} exists and belongs to something else", output=output / name), "force"
            )
    for name, digest in there.own_files.items():
        if digest_of(output / name) not in (digest, ""):
            raise InputError(
                told("{output} has been changed since it was written", output=output / name),
                "force",
            )


def _named(there: Standing) -> str:
    """Return which set stands there, and whose sheets of it may have been handed out."""
    if there.set is None:
        return ""
    what = [
        told("{kind}, level {level}", kind=there.set["kind"], level=there.set["level"]),
        told("code {code}", code=there.set["code"]),
    ]
    if there.set["fade"]:
        what.append(told("faded as {fade!r}", fade=there.set["fade"]))
    if there.set["secret"]:
        what.append(told("with the secret marked {mark}", mark=there.set["secret"]))
    whose = [f"{shown(student)} ({name})" for student, name in there.sheets.values()]
    more = (
        told(" and {count} more", count=len(whose) - MOST_NAMED) if len(whose) > MOST_NAMED else ""
    )
    sheets = ", ".join(whose[:MOST_NAMED]) + more
    return told(
        ": the class set of {described}, with the sheets of {sheets}",
        described=", ".join(what),
        sheets=sheets,
    )


def refuse_losses(assignment: Assignment, there: Standing, output: Path) -> None:
    """Refuse to take sheets out of a set that may be in students' hands.

    Raises:
        InputError: naming whose they are, and why they would not be of the set any more.
    """
    order = assignment.order
    places = {normalised_id(one.identifier): place for place, one in enumerate(order.students)}
    lost = []
    for sheet, (student, name) in there.sheets.items():
        place = places.get(normalised_id(student))
        if place is None or assignment.identity(place).text != sheet:
            lost.append((student, name, place))
    if not lost:
        return
    gone = {student: name for student, name, place in lost if place is None}
    lines = [
        told(
            "{output}: {lost} of the {sheets} sheets of set {set_name!r} there would "
            "be none of it any more, and not be marked, though they may have been handed out:",
            output=output,
            lost=len(lost),
            sheets=len(there.sheets),
            set_name=order.set_name,
        ),
        *_of_gone(order, gone, there),
    ]
    others = [(student, name) for student, name, place in lost if place is not None]
    lines += [
        told(
            "{student} ({name}) would have another sheet, as words or language are others",
            student=shown(student),
            name=name,
        )
        for student, name in others
    ]
    more = len(lines) - 1 - MOST_NAMED
    lines[MOST_NAMED + 1 :] = [told("and {more} more", more=more)] if more > 0 else []
    raise InputError("\n".join(lines), "losses")


def _of_gone(order: Order, gone: Mapping[str, str], there: Standing) -> Iterator[str]:
    """Yield a line on each student who is not on the list, and on who may be the same there."""
    before = {normalised_id(student) for student, _ in there.sheets.values()}
    new = [one for one in order.students if normalised_id(one.identifier) not in before]
    by_digits = {_bare(one.identifier): one for one in new}
    by_name = {normalised_id(one.name): one for one in new}
    for student, name in gone.items():
        line = told(
            "{student} ({name}) is not in {roster}",
            student=shown(student),
            name=name,
            roster=order.roster,
        )
        if same := by_digits.get(_bare(student)):
            yield told(
                "{said}; row {row} has {identifier}, as spreadsheets write it",
                said=line,
                row=same.row,
                identifier=shown(same.identifier),
            )
        elif same := by_name.get(normalised_id(name)):
            yield told(
                "{said}; row {row} has {identifier} with the same name",
                said=line,
                row=same.row,
                identifier=shown(same.identifier),
            )
        else:
            yield line


def _bare(identifier: str) -> str:
    """Return an identifier without what spreadsheets add to it or take from it."""
    return re.sub(r"^['#=\"0\s]+|[.,]0+$|[\"\s]+$", "", normalised_id(identifier))
