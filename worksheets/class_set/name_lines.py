"""Choose what is printed of each student, in whatever script, and spread sheets over files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor

from worksheets.class_set.chunk import SIZE
from worksheets.class_set.order import Order, Plan, volumes
from worksheets.errors import InputError
from worksheets.language import told
from worksheets.roster.students import Student
from worksheets.stamp.document import MOST_OBJECTS
from worksheets.stamp.fallback import NOTHING, FallbackTexts, draw, placed
from worksheets.stamp.writing import APART, NotInFontError, Writer, printable

LINE = "student"  # what a page calls the line
VOLUME = 10_000  # sheets a print file, at most: larger ones are a burden to viewers and printers
ROOM = MOST_OBJECTS // 25 * 24  # for sheets; the rest is for fallback texts and covers
MOST_FAULTS = 10
UNKNOWN = 255  # as yet, which line of a student is printed


def plan(order: Order, executor: Executor) -> Plan:
    """Find out what is printed of each student; the executor draws names that fonts lack.

    Raises:
        InputError: naming rows whose names no font has.
    """
    stamps = order.specification.stamps()
    most = ROOM // max(stamp.objects.count for stamp in stamps)
    most = min(VOLUME, most // SIZE * SIZE)
    writer = stamps[0].writer
    line_choice = bytearray(_own(writer, student) for student in order.students)
    files = volumes([student.section for student in order.students], most)
    others = [
        [place for place in chunk if line_choice[place] == UNKNOWN]
        for volume in files
        for chunk in volume.chunks()
    ]
    texts = [
        lacking(writer, [text for place in some for text in parts(order.students[place])])
        for some in others
    ]
    drawn = iter(executor.map(draw, [some for some in texts if some]))
    fallback = [next(drawn) if some else NOTHING for some in texts]
    faults: list[str] = []
    cut: dict[int, str] = {}
    missing: dict[str, list[int]] = defaultdict(list)  # by what is missing, whose rows
    for some, forms in zip(others, fallback, strict=True):
        for place in some:
            student = order.students[place]
            try:
                line_choice[place], cut[place] = _fitting(writer, student, forms)
                if what := _missing(student, line_choice[place], cut[place]):
                    missing[what].append(student.row)
            except ValueError as error:
                name = student.name[:40]
                faults.append(
                    told(
                        "{roster} row {row}: the name {name!r} {error}",
                        roster=order.roster,
                        row=student.row,
                        name=name,
                        error=error,
                    )
                )
    if faults:
        more = len(faults) - MOST_FAULTS
        faults[MOST_FAULTS:] = [told("and {more} more", more=more)] if more > 0 else []
        raise InputError("\n".join(faults))
    each = iter(fallback)
    batches = [[next(each) for _ in volume.chunks()] for volume in files]
    notes = (
        told(
            "{roster}: {what} on {count} of {sheets} sheets, as the line for "
            "them has {room:.0f} mm; the first one is that of row {row}",
            roster=order.roster,
            what=what,
            count=len(rows),
            sheets=len(line_choice),
            room=writer.room(LINE) / 96 * 25.4,
            row=rows[0],
        )
        for what, rows in missing.items()
    )
    drawn_once = [one for some in batches for one in placed(some)]
    return Plan(bytes(line_choice), drawn_once, files, cut, tuple(notes))


def printed(student: Student, place: int, plan: Plan) -> str:
    """Return what is printed of the student at this place."""
    return plan.cut.get(place) or tries(student)[plan.line_choice[place]]


def parts(student: Student) -> Iterator[str]:
    """Yield what may be printed of a student, in parts that fonts know or lack as a whole."""
    yield from tries(student)[0].split(APART)


def lacking(writer: Writer, texts: list[str], name: str = LINE) -> list[str]:
    """Return the texts that the page's own fonts lack, each once."""
    return [text for text in dict.fromkeys(texts) if writer.lacks(name, text)]


def tries(student: Student) -> list[str]:
    """Return what may be printed of a student: name, identifier and section, or less of them."""
    parts = [student.name]
    if student.identifier != student.name:
        parts.append(student.identifier)
    wholes = [*parts, student.section] if student.section else parts
    lines = dict.fromkeys((APART.join(wholes), APART.join(parts), student.name))
    return [printable(one) for one in lines]


def _own(writer: Writer, student: Student) -> int:
    """Return the first line, which most can have in the page's own fonts, or else UNKNOWN."""
    try:
        fits = writer.width(LINE, tries(student)[0]) <= writer.room(LINE)
    except NotInFontError:
        fits = False
    return 0 if fits else UNKNOWN


def _fitting(writer: Writer, student: Student, fallback: FallbackTexts) -> tuple[int, str]:
    """Choose the line that stands on the sheet: as much as has room; and what of it if it is cut.

    A name that fonts lack and that is too long is not cut, but narrowed where it is drawn.

    Raises:
        ValueError: saying what is wrong with the name.
    """
    room, lines = writer.room(LINE), tries(student)
    for place, text in enumerate(lines):
        try:
            if writer.width(LINE, text, fallback.forms) <= room:
                return place, ""
        except NotInFontError as error:
            raise ValueError(
                f"is not printed: no font here shows {str(error)!r}; `make fonts` installs "
                "those of most scripts"
            ) from None
    name = lines[-1]
    return len(lines) - 1, name if writer.lacks(LINE, name) else writer.cut(LINE, name, room)


def _missing(student: Student, line_choice: int, cut: str) -> str:
    """Say what a student's line lacks, as the start of a sentence, or nothing."""
    if cut:
        return told("the name is cut or narrowed, and stands alone,")
    lacks = []
    if student.identifier != student.name and tries(student)[line_choice] == printable(
        student.name
    ):
        lacks.append(told("the identifier"))
    if student.section and line_choice:
        lacks.append(told("the section"))
    return (
        told("{lacks} cannot stand beside the name", lacks=told(" and ").join(lacks))
        if lacks
        else ""
    )
