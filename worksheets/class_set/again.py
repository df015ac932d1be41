"""Print some students' sheets again, on any page, beside their set and without touching it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from worksheets.class_set.assignment import Assignment
from worksheets.class_set.chunk import Chunk, work
from worksheets.class_set.file_names import begin
from worksheets.class_set.name_lines import plan, printed
from worksheets.class_set.order import Order
from worksheets.class_set.papers import set_of
from worksheets.class_set.standing import Standing, standing_in
from worksheets.errors import InputError
from worksheets.files import prepare, write_all
from worksheets.ids import DRAWN_THEME, Identity
from worksheets.machine.executors import threads
from worksheets.roster.normalised import normalised_id
from worksheets.roster.students import Student
from worksheets.secret import keep_secret
from worksheets.sheet import read_id

AGAIN = "again"  # the folder that they are written into, in that of the set


def print_again(
    order: Order,
    output: Path,
    wanted: Sequence[str],
    *,
    force: bool = False,
    tell: Callable[[str], None] = lambda note: None,
) -> list[str]:
    """Write the sheets of the students with these identifiers or names; return the files' names.

    Each is the sheet that the student has in the set that stands in `output`, in the order's
    language. Where none stands there, it is the one that the order decides.

    Raises:
        InputError: if nobody, or more than one, is called so; if the set is another one, or the
            student is not in it yet; if a file is there already with other content.
    """
    there = standing_in(output)
    if there.set is not None and there.set != set_of(order):
        known = ", ".join(f"{name} {value}" for name, value in there.set.items() if value)
        raise InputError(f"{output}: another set stands there: {known}; take its options")
    if there.set is None:
        tell(f"{output}: no set stands there; the sheets are those that these options decide")
    files: dict[str, bytes] = {}
    for student in [_called(order, one) for one in dict.fromkeys(wanted)]:
        files |= _files(order, student, _identity(order, there, output, student), tell)
    keep_secret(order.identity.secret)
    folder = output / AGAIN
    for name in files:
        prepare((folder / name).parent)
    write_all(folder, files, force=force, staging=folder)
    return [str(folder / name) for name in files]


def _files(
    order: Order, student: Student, identity: Identity, tell: Callable[[str], None]
) -> dict[str, bytes]:
    """Return a student's own files, of which large print has another name."""
    with threads(1) as executor:
        planned = plan(replace(order, students=(student,)), executor)
    for note in planned.notes:
        tell(note)
    chunk = Chunk(
        order.specification,
        0,
        (identity,),
        (begin(student.name, student.identifier),),
        (printed(student, 0, planned),),
        planned.fallback[0],
        order.own_theme,
        tuple(sorted(order.formats | {"pdf"})),
    )
    (done,) = work([chunk])
    if not order.specification.page.large_print:
        return done.singles
    paths = {PurePosixPath(name): content for name, content in done.singles.items()}
    return {
        str(path.with_stem(f"{path.stem}-large-print")): content for path, content in paths.items()
    }


def _called(order: Order, wanted: str) -> Student:
    """Return the student with this identifier, or of this name if nobody else has it."""
    asked = normalised_id(wanted)
    found = [one for one in order.students if normalised_id(one.identifier) == asked]
    found = found or [one for one in order.students if normalised_id(one.name) == asked]
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(repr(one.identifier) for one in found[:10])
        raise InputError(f"{order.roster}: {wanted!r} are {len(found)} students: {which}")
    near = [
        one
        for one in order.students
        if asked and any(asked in normalised_id(text) for text in (one.name, one.identifier))
    ]
    hint = ", ".join(f"{one.identifier!r} ({one.name})" for one in near[:10])
    raise InputError(
        f"{order.roster}: nobody is called {wanted!r}; right is an identifier or a whole name"
        + (f": {hint}" if near else "")
    )


def _identity(order: Order, there: Standing, output: Path, student: Student) -> Identity:
    if there.set is None:
        assignment = Assignment.first(order)
        return assignment.identity(order.students.index(student))
    sheet = there.ids().get(normalised_id(student.identifier))
    if sheet is None:
        raise InputError(
            f"{output}: {student.identifier!r} ({student.name}) has no sheet in the set there yet; "
            "make the set again, for all of the list"
        )
    identity = read_id(sheet, order.own_theme)
    asked = order.identity.theme, order.identity.own_theme
    if asked[0] != DRAWN_THEME and asked != (identity.theme, identity.own_theme):
        raise InputError(f"{identity.text}: the sheet in the set has words of another theme")
    return replace(identity, language=order.specification.language)
