"""Read which set stands in a folder, and refuse what would take sheets out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from worksheets.class_set.assignment import Assignment
from worksheets.class_set.order import Order, folder_of
from worksheets.class_set.papers import MANIFESTS, set_of
from worksheets.errors import InputError
from worksheets.roster.normalised import normalised_id
from worksheets.tabular.row import shown

FIRST_ROW = ',"students":['
MOST_NAMED = 10


@dataclass(frozen=True)
class Standing:
    """Hold what a folder's manifest says: what tells its set, and whose sheet each ID is."""

    set: Mapping[str, Any] | None = None
    sheets: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # identifier and name

    def ids(self) -> dict[str, str]:
        """Map students to their sheets' IDs."""
        return {normalised_id(student): sheet for sheet, (student, _) in self.sheets.items()}


def standing_in(folder: Path) -> Standing:
    """Return what stands in a folder; nothing is known of it without a whole manifest."""
    try:
        with (folder / MANIFESTS[1]).open(encoding="utf-8") as file:
            head = json.loads(file.readline().rstrip().removesuffix(FIRST_ROW) + "}")
            rows = (json.loads(line.rstrip(",\n")) for line in file if line.startswith("{"))
            sheets = {row["id"]: (str(row["student"]), str(row["name"])) for row in rows}
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return Standing()
    names = "code", "kind", "level", "edition", "fade"
    return Standing({name: head.get(name) for name in names}, sheets)


def refuse_others(order: Order, output: Path, there: list[Path], set_there: Any) -> None:
    """Refuse to write over another set, or over what is no set's.

    Raises:
        InputError: naming what stands there.
    """
    own = [set_of(order), *([None] if folder_of(order, output).exists() else [])]
    if there and set_there not in own:  # None: this set's run was killed before it had a manifest
        raise InputError(f"{there[0]} exists and belongs to something else", "force")


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
        f"{output}: {len(lost)} of the {len(there.sheets)} sheets of set {order.set_name!r} there "
        "would be none of it any more, and not be marked, though they may have been handed out:",
        *_of_gone(order, gone, there),
    ]
    others = [(student, name) for student, name, place in lost if place is not None]
    lines += [
        f"{shown(student)} ({name}) would have another sheet, as words or language are others"
        for student, name in others
    ]
    more = len(lines) - 1 - MOST_NAMED
    lines[MOST_NAMED + 1 :] = [f"and {more} more"] if more > 0 else []
    raise InputError("\n".join(lines), "losses")


def _of_gone(order: Order, gone: Mapping[str, str], there: Standing) -> Iterator[str]:
    """Yield a line on each student who is not on the list, and on who may be the same there."""
    before = {normalised_id(student) for student, _ in there.sheets.values()}
    new = [one for one in order.students if normalised_id(one.identifier) not in before]
    by_digits = {_bare(one.identifier): one for one in new}
    by_name = {normalised_id(one.name): one for one in new}
    for student, name in gone.items():
        line = f"{shown(student)} ({name}) is not in {order.roster}"
        if same := by_digits.get(_bare(student)):
            yield f"{line}; row {same.row} has {shown(same.identifier)}, as spreadsheets write it"
        elif same := by_name.get(normalised_id(name)):
            yield f"{line}; row {same.row} has {shown(same.identifier)} with the same name"
        else:
            yield line


def _bare(identifier: str) -> str:
    """Return an identifier without what spreadsheets add to it or take from it."""
    return re.sub(r"^['#=\"0\s]+|[.,]0+$|[\"\s]+$", "", normalised_id(identifier))
