"""Carry out what a teacher has decided by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from worksheets.engine.rounding import rounded_fraction
from worksheets.errors import InputError
from worksheets.marking.answer import read_number
from worksheets.marking.decisions import Decided, Known, Register, student_meant
from worksheets.marking.marks import ByTeacher, Marked
from worksheets.marking.submission import CellName, Entry, Submission
from worksheets.tabular.row import shown


def with_answers(known: Iterable[Known], decided: Mapping[str, Decided]) -> list[Known]:
    """Return submissions with the cells as the teacher reads them."""
    return [
        (identity, _with_answers(one, decided[identity.text].answers))
        if identity.text in decided
        else (identity, one)
        for identity, one in known
    ]


def _with_answers(one: Submission, answers: Mapping[CellName, str]) -> Submission:
    entries = {cell: entry for cell, entry in one.entries.items() if cell not in answers}
    entries |= {cell: Entry(text, "set by the teacher") for cell, text in answers.items() if text}
    return replace(one, entries=entries)


def with_entered(marked: Iterable[Marked]) -> list[Marked]:
    """Return marked sheets with the points and the comment that were typed with their answers."""
    return [_with_entered(one) if _has_entered(one) else one for one in marked]


def _has_entered(one: Marked) -> bool:
    return bool(one.submission.questions or one.submission.note)


def _with_entered(one: Marked) -> Marked:
    note = one.submission.note
    comments = ((0, None, note),) if note else ()
    one = replace(one, by_teacher=ByTeacher(comments=comments))
    points = entered_points(one)
    return one if points is None else replace(one, questions_earned=points)


def entered_points(one: Marked) -> Fraction | None:
    """Return the points typed for the written questions, if a scheme gives them as many."""
    points = read_number(one.submission.questions).value
    if points is None or not one.questions or not 0 <= points <= one.questions:
        return None
    return points if rounded_fraction(points, one.decimals) == points else None


def with_decisions(
    marked: Iterable[Marked],
    decided: Mapping[str, Decided],
    before: Mapping[str, Submission],
    register: Register,
) -> list[Marked]:
    """Return marked sheets with points, comments and students as the teacher has decided.

    Raises:
        InputError: if two sheets would count for one student.
    """
    found = [
        _decided(one, decided[one.sheet.id], before[one.sheet.id], register)
        if one.sheet.id in decided
        else one
        for one in marked
    ]
    _refuse_two(found, decided, register)
    return found


def _decided(one: Marked, what: Decided, before: Submission, register: Register) -> Marked:
    was = {
        cell: before.entries[cell].text if cell in before.entries else "" for cell in what.answers
    }
    steps = tuple(
        replace(step, earned=what.steps.get(step.number, step.earned)) for step in one.steps
    )
    by_teacher = ByTeacher(
        was,
        frozenset(what.steps),
        what.whole,
        (*one.by_teacher.comments, *what.comments),
        what.done_by,
    )
    one = replace(one, steps=steps, by_teacher=by_teacher)
    if what.questions is not None:
        one = replace(one, questions_earned=what.questions)
    if not what.done_by:
        return one
    student = student_meant(what.done_by, register)
    if student is None:
        return replace(one, student=what.done_by, name=what.done_by, email="")
    return replace(
        one,
        student=student.identifier,
        name=student.name,
        section=student.section,
        place=student.place,
        email=student.email,
    )


def _refuse_two(
    marked: Iterable[Marked], decided: Mapping[str, Decided], register: Register
) -> None:
    """Refuse to let a second sheet of a student's count beside their own."""
    sheets: dict[int, list[str]] = defaultdict(list)
    for one in marked if register else ():
        sheets[one.place].append(one.sheet.id)
    for some in sheets.values():
        stated = [one for one in some if one in decided and decided[one].done_by]
        if len(some) > 1 and stated:
            what = decided[stated[0]]
            others = ", ".join(one for one in some if one != stated[0])
            raise InputError(
                f"{what.places['done by']}: done by is {shown(what.done_by)}, of whom {others} is "
                "handed in too; right is to say who did that one, or to take it away"
            )
