"""Check what a teacher has decided by hand against the sheets, and collect it by sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from worksheets.engine.graph import Line
from worksheets.engine.notation import write
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.marking.answer import read_number, read_word, spellings
from worksheets.marking.names import called, nearest
from worksheets.marking.override import Override
from worksheets.marking.paper import answer_cells
from worksheets.marking.reading.cells import cells_of
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import CellName, Submission
from worksheets.sheet import Sheet, make, read_id
from worksheets.tabular.row import shown
from worksheets.vocabulary.theme import Theme

Value = TypeVar("Value")
Known = tuple[Identity, Submission]
Register = Mapping[str, RegisteredStudent]
ID_LIKE = re.compile(r"[A-Za-z]{3,4}[-\s]*\d")
BLANK = "-"  # the answer of a cell in which nothing stands
SHEET, QUESTIONS, STEP = {"", "sheet"}, {"question", "questions"}, "step"


@dataclass
class Decided:
    """Collect what is decided of one sheet.

    `place` is where something of it is stated first, and `places` where each thing is.
    """

    sheet: Sheet
    fade: str
    answers: dict[CellName, str] = field(default_factory=dict)
    steps: dict[int, Fraction] = field(default_factory=dict)
    whole: Fraction | None = None
    questions: Fraction | None = None
    comments: list[tuple[int, CellName | None, str]] = field(default_factory=list)
    done_by: str = ""
    place: str = ""
    places: dict[object, str] = field(default_factory=dict)


def decide(
    overrides: Iterable[Override],
    known: Sequence[Known],
    scheme: Scheme,
    register: Register,
    own_theme: Theme | None,
    fade: str,
) -> dict[str, Decided]:
    """Return what is decided of each sheet, by its ID.

    Raises:
        InputError: naming the row, the value that is wrong, and what would be right.
    """
    fades = {identity.text: submission.fade for identity, submission in known}
    handed_in = Counter(identity.text for identity, _ in known)
    # A student who has the sheet in two languages has handed in one of them, whichever is named.
    theirs = {
        register[identity.text].place: identity
        for identity, _ in known
        if identity.text in register
    }
    found: dict[str, Decided] = {}
    for one in overrides:
        try:
            identity = _identity(one.id, register, own_theme)
            if identity.text in register:
                identity = theirs.get(register[identity.text].place, identity)
            if handed_in[identity.text] > 1:
                raise InputError(
                    f"several students have handed in the sheet {identity.text}; "
                    "whose is meant can be told only for a class set’s sheets"
                )
            if identity.text not in found:
                own = register[identity.text].fade if register else fade
                shown_already = fades.get(identity.text, own)
                found[identity.text] = Decided(
                    make([identity], own_theme)[0], shown_already, place=one.place
                )
            _add(found[identity.text], one, scheme, register)
        except InputError as error:
            raise error.at(one.place) from None
    return found


def _identity(text: str, register: Register, own_theme: Theme | None) -> Identity:
    """Return the sheet that is meant: by its ID, or by its student's identifier or name."""
    places = {one.place for one in called(text, register.values())}
    if len(places) > 1:
        raise InputError(f"id {shown(text)} is that of {len(places)} students; right is a sheet’s")
    meant = next((sheet for sheet, one in register.items() if one.place in places), text)
    try:
        identity = read_id(meant, own_theme)
    except InputError as error:
        if register and not ID_LIKE.match(text):
            raise _unknown(f"id {shown(text)}", text, register) from error
        raise
    if register and identity.text not in register:
        raise InputError(f"id {shown(text)}: it is none of this class set’s sheets or students")
    return identity


def _unknown(what: str, text: str, register: Register) -> InputError:
    """Return the error that nobody in the class set is meant, with who may be."""
    other = nearest(text, register.values())
    near = f", such as {shown(other)}" if other else ""
    return InputError(
        f"{what}: nobody in the class set; right is a student’s identifier or name{near}"
    )


def _add(to: Decided, one: Override, scheme: Scheme, register: Register) -> None:
    """Add a decision to what is decided of its sheet."""
    target = " ".join(one.target.casefold().split())
    whole = target in SHEET
    if one.done_by and not whole:
        raise InputError(f"done by is said of {shown(one.target)}; right is the whole sheet")
    if target in QUESTIONS:
        _refuse_answer(one)
        _set_questions(to, one, scheme)
    elif whole:
        _refuse_answer(one)
        _set_sheet(to, one, scheme, register)
    elif target.startswith(STEP) and target.removeprefix(STEP).strip().isdecimal():
        _refuse_answer(one)
        _set_step(to, one, int(target.removeprefix(STEP)), scheme)
    else:
        _set_cell(to, one)


def _refuse_answer(one: Override) -> None:
    if one.answer:
        raise InputError(
            f"answer is {shown(one.answer)}, but for is {shown(one.target)}; right is a cell, "
            "such as gap.r1.c1"
        )


def _set_sheet(to: Decided, one: Override, scheme: Scheme, register: Register) -> None:
    if one.points is not None:
        most = sum(_full(to, scheme).values(), _questions(to, scheme))
        to.whole = _once(to, "sheet", one, _checked(one.points, most, scheme))
    if one.comment:
        to.comments.append((0, None, one.comment))
    if one.done_by:
        student_meant(one.done_by, register)
        to.done_by = _once(to, "done by", one, one.done_by)


def _set_questions(to: Decided, one: Override, scheme: Scheme) -> None:
    most = _questions(to, scheme)
    if one.points is not None:
        if not most:
            identity = to.sheet.identity
            name = f"{to.sheet.kind.name}.{identity.level}"
            raise InputError(
                "the written questions have no points; right is a scheme that says how many: "
                f"questions = 3 under [{name}]"
            )
        to.questions = _once(to, "questions", one, _checked(one.points, most, scheme))
    if one.comment:
        to.comments.append((0, None, one.comment))


def _set_step(to: Decided, one: Override, step: int, scheme: Scheme) -> None:
    full = _full(to, scheme)
    if step not in full:
        raise InputError(f"for is 'step {step}'; right is one of {', '.join(map(str, full))}")
    if one.points is not None:
        to.steps[step] = _once(to, step, one, _checked(one.points, full[step], scheme))
    if one.comment:
        to.comments.append((step, None, one.comment))


def _set_cell(to: Decided, one: Override) -> None:
    cells = cells_of(to.sheet.id)
    cell = cells.named(one.target) if cells else None
    lines = dict(answer_cells(to.sheet.identity.code, to.sheet.identity.level, to.fade))
    line = next((line for line, some in lines.items() if cell in some), None)
    if cell is None or line is None:
        raise InputError(f"for is {shown(one.target)}, which the sheet shows already")
    if one.points is not None:
        raise InputError(
            f"points are given for the cell {shown(one.target)}; right are those of its step: for "
            f"'step {line.step.number}', or its answer"
        )
    if one.answer:
        to.answers[cell] = _once(to, cell, one, _readable(one.answer, line, to.sheet))
    if one.comment:
        to.comments.append((line.step.number, cell, one.comment))


def _readable(text: str, line: Line, sheet: Sheet) -> str:
    """Return a cell's text as it is marked."""
    if text == BLANK:
        return ""
    choices = sheet.choices(line) if line.node.is_word else ()
    answer = read_word(text, spellings(choices)) if choices else read_number(text)
    if answer.value is None:
        right = f"one of {', '.join(choices)}" if choices else "a number"
        raise InputError(
            f"answer is {shown(text)}: {answer.reason}; right is {right}, or - for none"
        )
    return text


def _once(to: Decided, what: object, one: Override, value: Value) -> Value:
    if what in to.places:
        raise InputError(
            f"{shown(one.target or one.id)} is decided twice, first in {to.places[what]}"
        )
    to.places[what] = one.place
    return value


def _full(to: Decided, scheme: Scheme) -> dict[int, Fraction]:
    return scheme.points(to.sheet.kind.name, to.sheet.identity.level, to.fade)


def _questions(to: Decided, scheme: Scheme) -> Fraction:
    return scheme.questions(to.sheet.kind.name, to.sheet.identity.level)


def _checked(points: Fraction, most: Fraction, scheme: Scheme) -> Fraction:
    """Return points that can be shown, and are no more than there are."""
    if points > most or (points * 10**scheme.decimals).denominator != 1:
        exact = f" with at most {scheme.decimals} decimals" if scheme.decimals else ", whole ones"
        raise InputError(f"points is {write(points)}; right is 0 to {write(most)}{exact}")
    return points


def student_meant(text: str, register: Register) -> RegisteredStudent | None:
    """Return the student who is meant, or None where there is no class set."""
    if not register:
        return None
    meant = called(text, register.values())
    what = f"done by is {shown(text)}"
    if not meant:
        raise _unknown(what, text, register)
    if len(meant) > 1:
        raise InputError(
            f"{what}: the name of {len(meant)} students; right is a student’s identifier"
        )
    return meant[0]
