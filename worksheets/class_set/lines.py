"""What is printed of each student, in whatever script, and how sheets are spread over files."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

from worksheets.class_set.chunk import SIZE
from worksheets.class_set.order import Order, Plan
from worksheets.errors import InputError
from worksheets.roster.students import Student
from worksheets.stamp.document import MOST_OBJECTS
from worksheets.stamp.foreign import NOTHING, Foreign, draw, placed
from worksheets.stamp.writing import APART, NotInFontError, Writer, printable

LINE = "student"  # what a page calls the line
VOLUME = 10_000  # sheets a print file, at most: larger ones are a burden to viewers and printers
ROOM = MOST_OBJECTS // 25 * 24  # for sheets; the rest is for foreign texts and covers
MOST_FAULTS = 10


def plan(order: Order, executor: Executor) -> Plan:
    """Find out what is printed of each student; foreign names are drawn by the executor.

    Raises:
        InputError: naming rows whose names no font has, or which do not fit.
    """
    stamps = order.specification.stamps()
    most = ROOM // max(stamp.objects.count for stamp in stamps)
    volume = min(VOLUME, most // SIZE * SIZE)
    writer = stamps[0].writer
    chunks = [order.students[at : at + SIZE] for at in range(0, len(order.students), SIZE)]
    texts = [lacking(writer, [text for one in some for text in parts(one)]) for some in chunks]
    drawn = iter(executor.map(draw, [some for some in texts if some]))
    foreign = [next(drawn) if some else NOTHING for some in texts]
    shown, faults = [], []
    for some, forms in zip(chunks, foreign, strict=True):
        for student in some:
            try:
                shown.append(_line(writer, student, forms))
            except ValueError as error:
                name = student.name[:40]
                faults.append(f"{order.roster} row {student.row}: the name {name!r} {error}")
    if faults:
        more = len(faults) - MOST_FAULTS
        faults[MOST_FAULTS:] = [f"and {more} more"] if more > 0 else []
        raise InputError("\n".join(faults))
    step = volume // SIZE
    batches = [foreign[at : at + step] for at in range(0, len(foreign), step)]
    return Plan(shown, [one for some in batches for one in placed(some)], volume)


def parts(student: Student) -> Iterator[str]:
    """What may be printed of a student, in pieces that are of one script or foreign."""
    yield from _tries(student)[0].split(APART)


def lacking(writer: Writer, texts: list[str], name: str = LINE) -> list[str]:
    """Those of the texts that the page's own fonts lack, each once."""
    return [text for text in dict.fromkeys(texts) if writer.lacks(name, text)]


def _tries(student: Student) -> list[str]:
    """Name, identifier and section, and what of them is left out first."""
    parts = [student.name]
    if student.identifier != student.name:
        parts.append(student.identifier)
    wholes = [*parts, student.section] if student.section else parts
    tries = dict.fromkeys((APART.join(wholes), APART.join(parts), student.name))
    return [printable(one) for one in tries]


def _line(writer: Writer, student: Student, foreign: Foreign) -> str:
    """What stands on the sheet: as much as the line has room for.

    Raises:
        ValueError: saying what is wrong with the name.
    """
    room = writer.room(LINE)
    for text in _tries(student):
        try:
            if writer.width(LINE, text, foreign.forms) <= room:
                return text
        except NotInFontError as error:
            raise ValueError(
                f"is not printed: no font here shows {str(error)!r}; `make fonts` installs "
                "those of most scripts"
            ) from None
    raise ValueError(f"is too wide for its line of {room / 96 * 25.4:.0f} mm")
