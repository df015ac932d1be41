"""Tell a teacher what to know of the files that count: one by one, or many of a sort in a line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter

from worksheets.engine.notation import write
from worksheets.language import told
from worksheets.marking.answer import read_number
from worksheets.marking.answered import answered
from worksheets.marking.decisions import Decided
from worksheets.marking.marks import Mark, Marked, Superseded
from worksheets.marking.names import Names
from worksheets.marking.one_value import LEAST_WRONG, SAME_EVERYWHERE
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.submission import Submission
from worksheets.marking.teacher import entered_points
from worksheets.tabular.row import shown

MOST_LINES = 20  # of a sort that anybody reads
SHOWN = 5  # of more of them
LEAST_FOLLOWS = 10  # cells with the same value
FAR_FEWER = 2  # times as many answers


def notes(
    marked: Sequence[Marked],
    register: Mapping[str, RegisteredStudent],
    decided: Mapping[str, Decided],
    handed_in: Mapping[str, Submission],
    superseded: Iterable[Superseded],
) -> Iterator[str]:
    """Yield what a teacher has to know of the files that were marked, and of those they replace."""
    yield from _of_files(marked)
    yield from _of_names(marked, register)
    yield from _of_one_value(marked)
    yield from _of_questions(marked)
    for sheet, one in decided.items():
        if sheet not in handed_in:
            yield told(
                "{place}: nothing was marked of {sheet}, and so nothing is changed",
                place=one.place,
                sheet=sheet,
            )
    yield from _fewer(superseded)


def _of_files(marked: Iterable[Marked]) -> Iterator[str]:
    """Yield what the files' readers noted."""
    sources: dict[str, list[str]] = defaultdict(list)
    for one in marked:
        for note in one.submission.notes:
            sources[note].append(one.submission.source)
    for note, files in sources.items():
        lines = [f"{file}: {note}" for file in files]
        yield from _lines(
            lines, files, told("{files:,} files: {note}", files=len(files), note=note)
        )


def _of_names(marked: Iterable[Marked], register: Mapping[str, RegisteredStudent]) -> Iterator[str]:
    """Yield whose sheets have another's name; of many, those that have a classmate's come first."""
    names = Names(register.values())
    found: list[tuple[Marked, RegisteredStudent]] = []
    for one in marked:
        student = register.get(one.sheet.id)
        if not student or one.by_teacher.done_by:
            continue
        if names.is_another(one.submission.student, student):
            found.append((one, student))
    classmates = {one.sheet.id for one, _ in found if names.is_somebody(one.submission.student)}
    if len(found) > MOST_LINES:  # else in the class's order
        found.sort(key=lambda pair: pair[0].sheet.id not in classmates)
    lines = [
        told(
            "{source}: the name on it is {student!r}, and the sheet, "
            "{id}, is that of {name!r}, who has the marks",
            source=one.submission.source,
            student=one.submission.student,
            id=one.sheet.id,
            name=student.name,
        )
        for one, student in found
    ]
    short = [
        told(
            "{source} ({student!r}, the sheet of {name!r})",
            source=one.submission.source,
            student=one.submission.student,
            name=student.name,
        )
        for one, student in found
    ]
    yield from _lines(
        lines,
        short,
        told(
            "the names on {count:,} sheets are not those of the students whose sheets they are, "
            "and who have the marks; classmates' names: {classmates:,}; the first",
            count=len(found),
            classmates=len(classmates),
        ),
    )


def _of_one_value(marked: Iterable[Marked]) -> Iterator[str]:
    """Yield sheets in which one value stands nearly everywhere, or in many cells as it follows.

    At the highest level of 14 kinds 14 and more zeros of a sheet of zeros are wrong; of 2,500
    simulated students with a slip or a mistake the worst had 4 wrong cells of the value that
    followed most often.
    """
    lines, files = [], []
    for one in marked:
        lost = [cell.written for cell in one.cells.values() if cell.note == SAME_EVERYWHERE]
        many = ("", 0, 0) if lost else _many_follow(one)
        if lost:
            lines.append(
                told(
                    "{source}: {value} stands nearly everywhere on "
                    "{id}; {count} answers that follow from that have no points; look "
                    "at it, and if it is work, give it points by an override",
                    source=one.submission.source,
                    value=shown(lost[0]),
                    id=one.sheet.id,
                    count=len(lost),
                )
            )
        elif many[1]:
            value, follow, wrong = many
            lines.append(
                told(
                    "{source}: {all} of the answers to {id} are "
                    "{value} where other values are right, and {count} of these have points, as "
                    "they follow from one another; look at it, and set its points by an override",
                    source=one.submission.source,
                    all=follow + wrong,
                    id=one.sheet.id,
                    value=value,
                    count=follow,
                )
            )
        if lost or many[1]:
            files.append(one.submission.source)
    yield from _lines(
        lines,
        files,
        told("in {files:,} files one value stands nearly everywhere", files=len(files)),
    )


def _many_follow(one: Marked) -> tuple[str, int, int]:
    """Return the value that follows most often, how often it does, and how often it is wrong.

    Return no such value where that is seldom.
    """
    values = {mark: Counter[Fraction | None]() for mark in (Mark.FOLLOWS, Mark.WRONG)}
    for cell in one.cells.values():
        if cell.mark in values:
            values[cell.mark][read_number(cell.written).value] += 1
    del values[Mark.FOLLOWS][None]  # words
    value, follow = max(values[Mark.FOLLOWS].items(), key=itemgetter(1), default=(None, 0))
    wrong = values[Mark.WRONG][value]
    if value is None or follow < LEAST_FOLLOWS or wrong < LEAST_WRONG:
        return "", 0, 0
    return write(value), follow, wrong


def _of_questions(marked: Iterable[Marked]) -> Iterator[str]:
    """Yield whose written questions have no points yet, or points that a file gave them itself."""
    claimed, waiting = [], []
    for one in marked:
        submission = one.submission
        if submission.questions and entered_points(one) is None:
            claimed.append(one)
        elif one.questions and one.questions_earned is None:
            waiting.append(one)
    lines = [
        told(
            "{source}: the {questions} points for the written questions "
            "do not count; the scheme gives them {given}",
            source=one.submission.source,
            questions=one.submission.questions,
            given=one.shown(one.questions),
        )
        for one in claimed
    ]
    files = [one.submission.source for one in claimed]
    what = told(
        "the points for the written questions in {count:,} files do not count", count=len(claimed)
    )
    yield from _lines(lines, files, what)
    yield from (  # what stands there has to be read, however many they are
        f"{one.submission.source}: {_waiting(one.sheet.id)}: "
        f"{' / '.join(map(repr, one.submission.written))}"
        for one in waiting
        if one.submission.written
    )
    unwritten = [one for one in waiting if not one.submission.written]
    lines = [f"{one.submission.source}: {_waiting(one.sheet.id)}" for one in unwritten]
    files = [one.submission.source for one in unwritten]
    yield from _lines(lines, files, _waiting(told("{files:,} sheets", files=len(files))))


def _waiting(sheet: str) -> str:
    return told("the written questions of {sheet} have no points yet", sheet=sheet)


def _fewer(superseded: Iterable[Superseded]) -> Iterator[str]:
    """Yield newer submissions with far fewer answers than the one whose place they take."""
    lines, files = [], []
    for one in superseded:
        newer, older = answered(one.newer), answered(one.submission)
        if FAR_FEWER * newer < older:
            lines.append(
                told(
                    "{source}: it has {answers} and takes the place of {other}, which has {older}; "
                    "take the newer file away if the older one counts; single cells are corrected "
                    "by an override",
                    source=one.newer.source,
                    answers=told("1 answer")
                    if newer == 1
                    else told("{count} answers", count=newer),
                    other=one.submission.source,
                    older=older,
                )
            )
            files.append(one.newer.source)
    yield from _lines(
        lines,
        files,
        told(
            "{count:,} files have far fewer answers than those whose place they take",
            count=len(lines),
        ),
    )


def _lines(lines: Sequence[str], short: Sequence[str], what: str) -> Iterator[str]:
    """Yield the lines themselves, or if they are too many what they say, and the first few."""
    if len(lines) <= MOST_LINES:
        yield from lines
    else:
        more = told(" and {count:,} more", count=len(short) - SHOWN)
        yield f"{what}: {', '.join(short[:SHOWN])}{more}"
