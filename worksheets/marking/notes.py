"""Tell a teacher what to know of the files that count: one by one, or many of a sort in a line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import itemgetter

from worksheets.engine.notation import write
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
_WAITING = "the written questions of {} have no points yet"


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
            yield f"{one.place}: nothing was marked of {sheet}, and so nothing is changed"
    yield from _fewer(superseded)


def _of_files(marked: Iterable[Marked]) -> Iterator[str]:
    """Yield what the files' readers noted."""
    sources: dict[str, list[str]] = defaultdict(list)
    for one in marked:
        for note in one.submission.notes:
            sources[note].append(one.submission.source)
    for note, files in sources.items():
        lines = [f"{file}: {note}" for file in files]
        yield from _lines(lines, files, f"{len(files):,} files: {note}")


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
        f"{one.submission.source}: the name on it is {one.submission.student!r}, and the sheet, "
        f"{one.sheet.id}, is that of {student.name!r}, who has the marks"
        for one, student in found
    ]
    short = [
        f"{one.submission.source} ({one.submission.student!r}, the sheet of {student.name!r})"
        for one, student in found
    ]
    yield from _lines(
        lines,
        short,
        f"the names on {len(found):,} sheets are not those of the students whose sheets they are, "
        f"and who have the marks; classmates' names: {len(classmates):,}; the first",
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
                f"{one.submission.source}: {shown(lost[0])} stands nearly everywhere on "
                f"{one.sheet.id}; {len(lost)} answers that follow from that have no points; look "
                "at it, and if it is work, give it points by an override"
            )
        elif many[1]:
            value, follow, wrong = many
            lines.append(
                f"{one.submission.source}: {follow + wrong} of the answers to {one.sheet.id} are "
                f"{value} where other values are right, and {follow} of these have points, as "
                "they follow from one another; look at it, and set its points by an override"
            )
        if lost or many[1]:
            files.append(one.submission.source)
    yield from _lines(lines, files, f"in {len(files):,} files one value stands nearly everywhere")


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
        f"{one.submission.source}: the {one.submission.questions} points for the written questions "
        f"do not count; the scheme gives them {one.shown(one.questions)}"
        for one in claimed
    ]
    files = [one.submission.source for one in claimed]
    what = f"the points for the written questions in {len(claimed):,} files do not count"
    yield from _lines(lines, files, what)
    yield from (  # what stands there has to be read, however many they are
        f"{one.submission.source}: {_WAITING.format(one.sheet.id)}: "
        f"{' / '.join(map(repr, one.submission.written))}"
        for one in waiting
        if one.submission.written
    )
    unwritten = [one for one in waiting if not one.submission.written]
    lines = [f"{one.submission.source}: {_WAITING.format(one.sheet.id)}" for one in unwritten]
    files = [one.submission.source for one in unwritten]
    yield from _lines(lines, files, _WAITING.format(f"{len(files):,} sheets"))


def _fewer(superseded: Iterable[Superseded]) -> Iterator[str]:
    """Yield newer submissions with far fewer answers than the one whose place they take."""
    lines, files = [], []
    for one in superseded:
        newer, older = answered(one.newer), answered(one.submission)
        if FAR_FEWER * newer < older:
            lines.append(
                f"{one.newer.source}: it has {newer} answer{'s' * (newer != 1)} and takes the "
                f"place of {one.submission.source}, which has {older}; take the newer file away if "
                "the older one counts; single cells are corrected by an override"
            )
            files.append(one.newer.source)
    yield from _lines(
        lines,
        files,
        f"{len(lines):,} files have far fewer answers than those whose place they take",
    )


def _lines(lines: Sequence[str], short: Sequence[str], what: str) -> Iterator[str]:
    """Yield the lines themselves, or if they are too many what they say, and the first few."""
    if len(lines) <= MOST_LINES:
        yield from lines
    else:
        more = f"{len(short) - SHOWN:,} more"
        yield f"{what}: {', '.join(short[:SHOWN])} and {more}"
