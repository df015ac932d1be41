"""Mark everything that was handed in: each sheet once, its newest submission, none dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import groupby
from math import ceil

from worksheets.errors import InputError
from worksheets.exercise import all_kinds, by_code, graph
from worksheets.ids import LANGUAGES, Identity
from worksheets.language import told
from worksheets.marking.answered import is_answered
from worksheets.marking.decisions import decide
from worksheets.marking.follow import follow
from worksheets.marking.judge import findings, full_marks, judged, step_marks
from worksheets.marking.marks import Marked, Marking, Missing, Superseded
from worksheets.marking.notes import notes
from worksheets.marking.override import Override
from worksheets.marking.paper import Paper, answer_cells, paper
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import CellName, SetAside, Submission
from worksheets.marking.teacher import with_answers, with_decisions, with_entered
from worksheets.sheet import LARGEST_BATCH, Sheet, make, read_id
from worksheets.views.faded import FADES
from worksheets.vocabulary.theme import Theme
from worksheets.workers.processes import executor_of

Known = tuple[Identity, Submission]
NOBODY: Mapping[str, RegisteredStudent] = {}
FEW = 200  # papers, which one process marks as quickly as several


def mark_all(
    handed_in: Iterable[Submission | SetAside],
    scheme: Scheme,
    register: Mapping[str, RegisteredStudent] = NOBODY,
    own_theme: Theme | None = None,
    workers: int = 1,
    fade: str = "",
    overrides: Sequence[Override] = (),
) -> Marking:
    """Mark submissions, many of them in several processes.

    With a register, sheets that are not in it are set aside. Without one, several students may have
    written the same sheet: then their names tell them apart. Cells that the sheet showed already
    are no answers: the register knows them, or else `fade` names them, or else the file. What a
    teacher has decided by hand counts before all else.

    Raises:
        InputError: if one of the `overrides` fits no sheet.
    """
    aside: list[SetAside] = []
    known: list[Known] = []
    register = dict(register)  # it gets the sheets that were printed again in another language
    for one in handed_in:
        if isinstance(one, SetAside):
            aside.append(one)
            continue
        try:
            known.append(_known(one, register, own_theme, fade))
        except InputError as error:
            aside.append(SetAside.because(one.source, error))
    newest, superseded, undecided = _newest(known, register)
    aside += undecided
    decided = decide(overrides, newest, scheme, register, own_theme, fade)
    read = with_answers(newest, decided)
    marked = _by_many(read, scheme, register, own_theme, workers)
    before = {identity.text: submission for identity, submission in newest}
    marked = with_decisions(with_entered(marked), decided, before, register)
    marked.sort(key=lambda one: one.place)
    missing = _missing(register, {one.place for one in marked})
    noted = tuple(notes(marked, register, decided, before, superseded))
    return Marking(tuple(marked), tuple(superseded), tuple(aside), missing, notes=noted)


def mark_one(submission: Submission, sheet: Sheet) -> Marked:
    """Mark one submission of a sheet that is made already, each step for one point."""
    (marked,) = _of_sheets([paper(submission, sheet)], Scheme(), NOBODY)
    return marked


def _missing(
    register: Mapping[str, RegisteredStudent], found: Collection[int]
) -> tuple[Missing, ...]:
    """Return the students of whom nothing was marked, by their places, in the roster's order."""
    missing = {
        one.place: Missing(one.identifier, one.name, one.section, sheet, one.place, one.email)
        for sheet, one in reversed([*register.items()])  # in the set's language, if in several
        if one.place not in found
    }
    return tuple(missing[place] for place in sorted(missing))


def refuse_unknown(fade: str) -> None:
    """Refuse a fade that no sheet has.

    Raises:
        InputError: if none has it.
    """
    every = ((name, level) for name, kind in all_kinds().items() for level in kind.LEVELS)
    if fade not in FADES and not any(
        line.name == fade for one in every for line in graph(*one).answers
    ):
        raise InputError(
            told(
                "fade {fade!r}: it is one of {fades}, or the name of a sheet's answer",
                fade=fade,
                fades=", ".join(FADES),
            )
        )


def _known(
    one: Submission,
    register: dict[str, RegisteredStudent],
    own_theme: Theme | None,
    fade: str,
) -> Known:
    """Return a submission's identity, and the submission with the fade that counts.

    Raises:
        InputError: saying why it cannot be marked.
    """
    if not one.id.strip():
        raise InputError(told("it has no ID of a sheet"))
    identity = read_id(one.id, own_theme)
    if register and identity.text not in register:
        others = (replace(identity, language=language).text for language in LANGUAGES.values())
        theirs = next((one for one in others if one in register), None)
        if theirs is None:
            raise InputError(
                told("ID {text}: it is none of this class set’s sheets", text=identity.text)
            )
        register[identity.text] = register[theirs]
    known = _answer_cells(identity.code, identity.level)
    if not known.issuperset(one.entries):
        line, row, column = min(set(one.entries) - known)
        raise InputError(
            told(
                "ID {text}: the sheet has no cell {line}.r{row}.c{column} to fill in",
                text=identity.text,
                line=line,
                row=row + 1,
                column=column + 1,
            )
        )
    return identity, replace(one, fade=_fade(identity, one, register, fade))


def _fade(
    identity: Identity, one: Submission, register: Mapping[str, RegisteredStudent], asked: str
) -> str:
    """Return the fade that a submission is marked by.

    Raises:
        InputError: if the file says otherwise than it ought to, or there is no such fade.
    """
    said = one.fade if one.sealed else ""  # a file that was handed in claims nothing
    fade = register[identity.text].fade if register else asked or said
    if one.fade != fade and (one.fade or one.says_fade):
        this = told("faded as {fade!r}", fade=one.fade) if one.fade else told("that is not faded")
        right = told("faded as {fade!r}", fade=fade) if fade else told("not faded")
        raise InputError(
            told(
                "ID {text}: this is the sheet {this}, and what is marked here is {right}",
                text=identity.text,
                this=this,
                right=right,
            )
        )
    answer_cells(identity.code, identity.level, fade)
    return fade


@cache
def _answer_cells(code: str, level: int) -> frozenset[CellName]:
    return frozenset(cell for _, cells in answer_cells(code, level) for cell in cells)


def _newest(
    known: Iterable[Known], register: Mapping[str, RegisteredStudent]
) -> tuple[list[Known], list[Superseded], list[SetAside]]:
    """Split submissions into each student's newest, in the order of IDs, and the superseded.

    One without answers never takes the place of one with answers. Of two of the same moment whose
    answers differ neither is chosen: both are set aside.
    """

    def whose(one: Known) -> tuple[str, str]:
        identity, submission = one
        if register:  # they may have it in two languages
            return str(register[identity.text].place), ""
        return identity.text, " ".join(submission.student.split()).casefold()

    def age(one: Known) -> tuple[bool, int, str]:
        return is_answered(one[1]), one[1].modified, one[1].source

    newest: list[Known] = []
    superseded: list[Superseded] = []
    undecided: list[SetAside] = []
    for _, some in groupby(sorted(known, key=whose), key=whose):
        *older, last = sorted(some, key=age)
        rivals = [one for one in older if age(one)[:2] == age(last)[:2] and _differ(one, last)]
        if rivals:
            undecided += [SetAside(one[1].source, _undecided(last)) for one in rivals]
            undecided.append(SetAside(last[1].source, _undecided(rivals[-1])))
            older = [one for one in older if one not in rivals]
        else:
            newest.append(last)
        superseded += [Superseded(one[1], last[1]) for one in older]
    return newest, superseded, undecided


def _differ(one: Known, other: Known) -> bool:
    """Tell whether two submissions hold other answers."""
    texts = [
        ({cell: entry.text for cell, entry in some.entries.items()}, some.taken_as_right)
        for _, some in (one, other)
    ]
    return texts[0] != texts[1]


def _undecided(rival: Known) -> str:
    return told(
        "{source} has other answers of the same moment to the sheet {text}: "
        "leave the one that counts alone there, and take the other away",
        source=rival[1].source,
        text=rival[0].text,
    )


def _by_many(
    known: Sequence[Known],
    scheme: Scheme,
    register: Mapping[str, RegisteredStudent],
    own_theme: Theme | None,
    workers: int,
) -> list[Marked]:
    """Mark in as many processes, unless one is as quick."""
    size = min(max(ceil(len(known) / workers), FEW), LARGEST_BATCH)
    chunks = [known[at : at + size] for at in range(0, len(known), size)]
    if workers == 1 or len(chunks) < 2:
        return [one for some in chunks for one in _marked(some, scheme, register, own_theme)]
    job = partial(_marked, scheme=scheme, register=register, own_theme=own_theme)
    with executor_of(None, workers) as executor:
        return [one for some in executor.map(job, chunks) for one in some]


def _family(one: Paper) -> tuple[str, int, str]:
    """Return what papers share that are followed together: kind, level and fade."""
    identity = one.sheet.identity
    return identity.code, identity.level, one.submission.fade


def _marked(
    known: Sequence[Known],
    scheme: Scheme,
    register: Mapping[str, RegisteredStudent],
    own_theme: Theme | None,
) -> list[Marked]:
    """Mark submissions in this process, in their order."""
    sheets = make([identity for identity, _ in known], own_theme)
    papers = [
        paper(submission, sheet) for (_, submission), sheet in zip(known, sheets, strict=True)
    ]
    return _of_sheets(papers, scheme, register)


def _of_sheets(
    papers: Sequence[Paper], scheme: Scheme, register: Mapping[str, RegisteredStudent]
) -> list[Marked]:
    found: list[Marked] = []
    for (code, level, fade), group in groupby(papers, key=_family):
        some, full = list(group), full_marks(code, level, scheme, fade)
        for one, followed in zip(some, follow(some), strict=True):
            cells = judged(one, followed)
            student = register.get(one.sheet.id)
            marked = Marked(
                one.submission,
                one.sheet,
                student.identifier if student else one.submission.student,
                student.name if student else one.submission.student,
                cells,
                step_marks(one, cells, scheme, full),
                findings(one, cells),
                scheme.decimals,
                student.section if student else "",
                student.place if student else 0,
                scheme.questions(by_code(code).name, level),
                email=student.email if student else "",
            )
            found.append(marked)
    return found
