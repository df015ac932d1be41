"""Sum up what a class can do, and where it needs help: the numbers of the class report."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from worksheets import exercise
from worksheets.engine.graph import Line
from worksheets.marking.apportion import apportioned
from worksheets.marking.heat_map import HeatPage, Shares, heat_map, line_shares, shares
from worksheets.marking.marks import Finding, Mark, Marked, points_text
from worksheets.marking.paper import answer_cells
from worksheets.marking.remarks import cell_place
from worksheets.marking.sanitise import tidy
from worksheets.marking.sections import family_of

BINS = 10
MOST_MISTAKES = 12
LONGEST_CELL, LONGEST_SOURCE = 40, 80


@dataclass(frozen=True)
class Bin:
    """Count the marks in a tenth of the points; its bar's `height` is 0 to 1."""

    label: str
    count: int
    height: float


@dataclass(frozen=True)
class Example:
    """Hold one student's cell: its place, what they wrote, and the right value."""

    id: str
    place: str
    written: str
    right: str


@dataclass(frozen=True)
class Slip:
    """Count the students of a mistake, or of a line in which work left the path."""

    name: str
    step: int
    advice: str
    students: int
    example: Example


@dataclass(frozen=True)
class StepRow:
    """Hold a step's row: the mean points earned, as shown, and their percentage."""

    number: int
    title: str
    mean: str
    points: str
    percent: int


@dataclass(frozen=True)
class LineRow:
    """Hold a line of the sheet, and the shares of all its cells."""

    name: str
    step: int
    shares: Shares


@dataclass(frozen=True)
class Unread:
    """Hold a cell that could not be read, and its place."""

    student: str
    id: str
    source: str
    where: str
    place: str
    written: str
    reason: str


@dataclass(frozen=True)
class ReportSection:
    """Hold the report on the sheets of one kind, level and fade, of a section if there are several.

    `empty` are further sheets without an answer, which count in nothing but their own marks;
    `taken` counts the right cells that nobody looked at.
    """

    title: str
    level: int
    fade: str
    section: str
    sheets: int
    empty: int
    taken: int
    mean: str
    median: str
    least: str
    most: str
    points: str
    bins: tuple[Bin, ...]
    mistakes: tuple[Slip, ...]
    astray: tuple[Slip, ...]
    steps: tuple[StepRow, ...]
    lines: tuple[LineRow, ...]
    pages: tuple[HeatPage, ...]
    unread: tuple[Unread, ...]


def report_section(section: str, sheets: Sequence[Marked], paper: str) -> ReportSection:
    """Sum up sheets of one kind, level and fade."""
    kind_name, level, fade = family_of(sheets[0])
    marked, empty = _with_answers(sheets)
    kind = exercise.find(kind_name)
    lines = answer_cells(kind.CODE, level, fade)
    decimals, finer = marked[0].decimals, marked[0].decimals + 1  # of means
    earned = [one.earned_as_shown for one in marked]
    by_line = {line.name: shares(marked, line) for line, _ in lines}
    return ReportSection(
        kind.TITLE,
        level,
        fade,
        tidy(section, LONGEST_CELL),
        len(marked),
        empty,
        sum(one.taken_as_right for one in marked),
        points_text(_sum(earned) / len(earned), finer),
        points_text(Fraction(median(earned)), finer),
        points_text(min(earned), decimals),
        points_text(max(earned), decimals),
        marked[0].shown(marked[0].points),
        _bins(marked),
        _mistakes(marked),
        _astray(marked),
        _steps(marked),
        tuple(_line(line, line_shares(by_line[line.name])) for line, _ in lines),
        tuple(heat_map(kind_name, level, paper, by_line)),
        _unread(marked),
    )


def _with_answers(marked: Sequence[Marked]) -> tuple[Sequence[Marked], int]:
    """Return the sheets that have an answer, unless none has, and count the others."""
    some = [one for one in marked if not one.submission.is_empty]
    return (some, len(marked) - len(some)) if some else (marked, 0)


def _bins(marked: Sequence[Marked]) -> tuple[Bin, ...]:
    counts = Counter(
        min(BINS - 1, int(BINS * one.share)) for one in marked if one.share is not None
    )
    highest = max(counts.values(), default=1)
    return tuple(
        Bin(f"{100 * place // BINS}–{100 * (place + 1) // BINS}", counts[place], height)
        for place in range(BINS)
        for height in [counts[place] / highest]
    )


def _mistakes(marked: Sequence[Marked]) -> tuple[Slip, ...]:
    """Return the named mistakes, those of the most students first."""
    found: dict[str, list[tuple[Marked, Finding]]] = defaultdict(list)
    for one in marked:
        for name in {finding.mistake: finding for finding in reversed(one.findings)}.values():
            if name.mistake:
                found[name.mistake].append((one, name))
    return _commonest(found)


def _astray(marked: Sequence[Marked]) -> tuple[Slip, ...]:
    """Return the lines in which the most work left the path for no known reason."""
    found: dict[str, list[tuple[Marked, Finding]]] = defaultdict(list)
    for one in marked:
        for finding in one.findings:
            if not finding.mistake:
                found[finding.line.replace("_", " ")].append((one, finding))
    return _commonest(found)


def _commonest(found: dict[str, list[tuple[Marked, Finding]]]) -> tuple[Slip, ...]:
    slips = [_slip(name, some) for name, some in found.items()]
    slips.sort(key=lambda slip: (-slip.students, slip.step, slip.name))
    return tuple(slips[:MOST_MISTAKES])


def _slip(name: str, some: list[tuple[Marked, Finding]]) -> Slip:
    one, finding = some[0]
    cell = finding.cells[0]
    mark = one.cells[cell]
    example = Example(
        one.sheet.id, cell_place(one.sheet, cell), tidy(mark.written, LONGEST_CELL), mark.right
    )
    return Slip(name, finding.step, finding.advice, len(some), example)


def _steps(marked: Sequence[Marked]) -> tuple[StepRow, ...]:
    """Return the steps' rows, the hardest first.

    A mean has a decimal more than points have: it was 1 of 1 that was 98 %.
    """
    rows = []
    decimals, finer = marked[0].decimals, marked[0].decimals + 1
    columns = zip(*(one.earned_by_step for one in marked), strict=True)
    means = [_sum(column) / len(marked) for column in columns]
    for step, mean in zip(marked[0].steps, apportioned(means, finer), strict=True):
        share = mean / step.points if step.points else Fraction(1)
        row = StepRow(
            step.number,
            step.title,
            points_text(mean, finer),
            points_text(step.points, decimals),
            int(points_text(100 * share, 0)),
        )
        rows.append((share, row))
    return tuple(row for _, row in sorted(rows, key=lambda one: (one[0], one[1].number)))


def _sum(values: Iterable[Fraction]) -> Fraction:
    """Add up many values of which few are different."""
    return sum((count * value for value, count in Counter(values).items()), Fraction(0))


def _line(line: Line, some: Shares) -> LineRow:
    return LineRow(line.name.replace("_", " "), line.step.number, some)


def _unread(marked: Sequence[Marked]) -> tuple[Unread, ...]:
    return tuple(
        Unread(
            tidy(one.name or one.student, LONGEST_CELL),
            one.sheet.id,
            tidy(one.submission.source, LONGEST_SOURCE),
            tidy(mark.where, LONGEST_CELL),
            cell_place(one.sheet, cell),
            tidy(mark.written, LONGEST_CELL),
            mark.note,
        )
        for one in marked
        if one.counts[Mark.UNREADABLE]
        for cell, mark in one.cells.items()
        if mark.mark is Mark.UNREADABLE
    )
