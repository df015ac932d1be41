"""Find the class sets that a course's folder has, and put each where its rung in the ladder is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from worksheets.class_set.assignment import Assignment
from worksheets.class_set.order import Order
from worksheets.class_set.papers import set_of
from worksheets.class_set.standing import refuse_losses, refuse_others, standing_in
from worksheets.course.plan import Course
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.language import told
from worksheets.numbers import earlier

Moves = dict[Path, Path]


def places_of(orders: Sequence[Order], folders: Sequence[Path], *, force: bool) -> list[Path]:
    """Return where each rung's set stands, which is its folder if it stands nowhere yet.

    Raises:
        InputError: if a set there is none of the rungs', naming it.
    """
    output = folders[0].parent
    sets = [(path, standing_in(path).set) for path in sorted(output.iterdir()) if path.is_dir()]
    there = {path: one for path, one in sets if one is not None}
    wanted = [set_of(order) for order in orders]
    if not force and (gone := [path for path, one in there.items() if one not in wanted]):
        raise InputError(
            told(
                "{folders}: handed out before, and no rung of the ladder any more: "
                "its sheets would be those of another rung, or of none",
                folders=", ".join(map(str, gone)),
            ),
            "losses",
        )
    return [
        folder
        if there.get(folder) == one
        else next((at for at in there if there[at] == one), folder)
        for folder, one in zip(folders, wanted, strict=True)
    ]


def refuse_changes(
    course: Course, orders: Sequence[Order], places: Sequence[Path], *, force: bool
) -> None:
    """Refuse, before anything is written, what would take sheets out of a rung's set.

    Raises:
        InputError: naming what would be lost; or a student whose continued sheet would not go on
            with the own earlier one.
    """
    assignments: list[Assignment] = []
    for order, path in zip(orders, places, strict=True):
        there = standing_in(path)
        assignments.append(Assignment.first(order, there.ids()))
        if not force and path.exists():
            refuse_others(order, path, there, ())
            refuse_losses(assignments[-1], there, path)
    sheets = [list(map(one.identity, range(len(one.numbers)))) for one in assignments]
    refuse_apart(course, sheets)


def refuse_apart(course: Course, sheets: Sequence[Sequence[Identity]]) -> None:
    """Refuse a course in which a continued sheet misses its student's own earlier one.

    It meets it as long as nobody had to choose again in one of both sets, which hardly ever
    happens.

    Raises:
        InputError: naming both sheets.
    """
    for place, (rung, own) in enumerate(zip(course.rungs, sheets, strict=True), 1):
        for before, one in zip(sheets[rung.after - 1], own, strict=True) if rung.after else ():
            if earlier(one) != before:
                raise InputError(
                    told(
                        "course, rung {place}: {sheet} does not go on with {before}, which "
                        "the same student has; take another set code",
                        place=place,
                        sheet=one.text,
                        before=before.text,
                    )
                )


def move(places: Sequence[Path], folders: Sequence[Path]) -> None:
    """Rename the sets' folders to those of their rungs: first aside, as they may change places.

    Raises:
        OSError: if something else stands there.
    """
    moves = {old: new for old, new in zip(places, folders, strict=True) if old != new}
    aside = {old: new.with_name(f".{new.name}-moved") for old, new in moves.items()}
    for old, path in aside.items():
        old.rename(path)
    for old, path in aside.items():
        path.rename(moves[old])
