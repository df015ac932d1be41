"""Mark a paper that was followed: cell by cell, step by step, with named mistakes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from itertools import chain

from worksheets import exercise
from worksheets.engine.graph import Line
from worksheets.engine.notation import write
from worksheets.language import message
from worksheets.marking.advice import ROUNDINGS, advice
from worksheets.marking.follow import Followed
from worksheets.marking.marks import CellMark, Finding, Mark, StepMarks
from worksheets.marking.one_value import without_credit
from worksheets.marking.paper import NOTHING, Paper, answer_cells
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import CellName

OTHER_SIGN = message("the sign is the other one")


def judged(paper: Paper, followed: Followed) -> dict[CellName, CellMark]:
    """Mark every cell: against the key, else against the student's own earlier values.

    Cells that the sheet showed already get no mark. Where one value stands nearly everywhere, what
    follows from it is wrong.
    """
    marks: dict[CellName, CellMark] = {}
    entries = paper.submission.entries
    for line, cells in paper.lines:
        texts = paper.sheet.values[line.name]
        for cell in cells:
            entry = entries.get(cell, NOTHING)
            marks[cell] = _plainly_right(entry.text, texts[cell[1]][cell[2]], entry.where)
        if line.name in paper.open:
            mistakes = _simplest(paper, line, followed)
            for cell in paper.open[line.name]:
                right = marks[cell].right
                marks[cell] = _other(paper, line, cell, right, followed, mistakes.get(cell))
    for cell, value in followed.surprising.items():
        if cell not in marks:  # shown already
            continue
        marks[cell] = _surprising(paper, marks[cell], cell, value)
    return marks | without_credit(paper, marks)


def _surprising(paper: Paper, mark: CellMark, cell: CellName, value: Fraction) -> CellMark:
    """Return the mark of a cell that is right though its inputs give another value."""
    follow_value = _text(paper, paper.sheet.graph.lines[cell[0]], value)
    note = f"right, though the values before it give {follow_value}"
    return replace(mark, follow_value=follow_value, note=note)


@lru_cache(65536)
def _plainly_right(written: str, right: str, where: str) -> CellMark:
    """Return a right cell's mark; cached, as most cells of a class are alike."""
    return CellMark(Mark.RIGHT, written, right, where=where)


def _other(
    paper: Paper,
    line: Line,
    cell: CellName,
    right: str,
    followed: Followed,
    mistake: str | None,
) -> CellMark:
    """Return the mark of a cell that does not hold the key's value."""
    answer, entry = paper.answer(cell), paper.entry(cell)
    value = followed.follow_values.get(cell)
    follow_value = None if value is None else _text(paper, line, value)
    if follow_value == right:
        follow_value = None
    if answer.is_blank:
        mark, note = Mark.BLANK, ""
    elif answer.is_unreadable:
        mark, note = Mark.UNREADABLE, answer.reason
    elif answer.value == value:
        return CellMark(Mark.FOLLOWS, entry.text, right, follow_value, where=entry.where)
    else:
        turned = value is not None and answer.value == -value and not line.node.is_word
        mark, note = Mark.WRONG, OTHER_SIGN if turned and not mistake else ""
    return CellMark(mark, entry.text, right, follow_value, mistake, note, entry.where)


def _text(paper: Paper, line: Line, value: Fraction) -> str:
    return paper.sheet.choices(line)[int(value)] if line.node.is_word else write(value)


def _simplest(paper: Paper, line: Line, followed: Followed) -> dict[CellName, str]:
    """Choose the mistake that explains each wrong cell of a line.

    Of those that are believed, it is the one that explains the most of these cells, then the one
    that the fewest of the line's other cells speak against, then the one that changes the fewest
    lines, then the one that the kind names first.
    """
    believed = _believed(paper, line, followed)
    named = (
        (cell, [name for name in followed.mistakes.get(cell, ()) if name in believed])
        for cell in paper.open.get(line.name, ())
    )
    unexplained = {cell: names for cell, names in named if names}
    rank = _ranks(paper.sheet.kind.name)
    found: dict[CellName, str] = {}
    while unexplained:
        fits = Counter(name for names in unexplained.values() for name in names)
        best = min(
            fits, key=lambda name: (-fits[name], followed.against[line.name, name], rank[name])
        )
        found |= {cell: best for cell, names in unexplained.items() if best in names}
        unexplained = {cell: names for cell, names in unexplained.items() if best not in names}
    return found


def _believed(paper: Paper, line: Line, followed: Followed) -> frozenset[str]:
    """Return the mistakes that a line's cells bear out, without slips that look like one.

    A mistake is believed if it gives what stands in every cell of the line that is filled in, or in
    two or more of the wrong ones that are at least half of them: who makes one now and then, such
    as in one column alone, makes it more than once. A single wrong cell that happens to be what a
    mistake gives, while other cells of the line show that it was not made, is a slip. Rounding is
    seen in each cell by itself.
    """
    cells = paper.open.get(line.name, ())
    fits = Counter(name for cell in cells for name in followed.mistakes.get(cell, ()))
    written = ((paper.answer(cell).value, followed.follow_values.get(cell)) for cell in cells)
    wrong = sum(value is not None and value != right for value, right in written)
    return frozenset(
        name
        for name, count in fits.items()
        if name in ROUNDINGS
        or not followed.against[line.name, name]
        or (count > 1 and 2 * count >= wrong)
    )


@cache
def _ranks(kind: str) -> dict[str, tuple[int, int]]:
    """Rank a kind's mistakes: by how many lines they change, then by their order in the kind."""
    mistakes = exercise.find(kind).MISTAKES
    ranks = {one.name: (len(one.instead), place) for place, one in enumerate(mistakes)}
    return ranks | dict.fromkeys(ROUNDINGS, (0, 0))  # what earns a share first


def findings(paper: Paper, cells: Mapping[CellName, CellMark]) -> tuple[Finding, ...]:
    """Group wrong cells by named mistake; the first that none explains is a finding alone."""
    by_mistake: dict[tuple[int, str, str], list[CellName]] = defaultdict(list)
    stray: list[CellName] = []
    lines = paper.sheet.graph.lines
    for cell in _open(paper):
        mark = cells[cell]
        if mark.mark is Mark.WRONG and mark.mistake:
            by_mistake[lines[cell[0]].step.number, cell[0], mark.mistake].append(cell)
        elif mark.mark is Mark.WRONG and not stray:
            stray.append(cell)
    kind = paper.sheet.kind.name
    found = [
        Finding(step, line, tuple(some), mistake, advice(kind, mistake))
        for (step, line, mistake), some in by_mistake.items()
    ]
    found += [Finding(lines[cell[0]].step.number, cell[0], (cell,), "", "") for cell in stray]
    places = {name: place for place, name in enumerate(lines)}
    return tuple(sorted(found, key=lambda one: places[one.line]))


def _open(paper: Paper) -> Iterator[CellName]:
    """Iterate over the cells that do not hold the key's value."""
    return chain.from_iterable(paper.open.values())


def full_marks(code: str, level: int, scheme: Scheme, fade: str = "") -> tuple[StepMarks, ...]:
    """Return the steps of a perfect sheet, with the points that a scheme gives them.

    A step that a faded sheet shows as a whole is left out.
    """
    points = scheme.points(exercise.by_code(code).name, level, fade)
    steps = {line.step.number: line.step.title for line, _ in answer_cells(code, level, fade)}
    return tuple(
        StepMarks(number, title, points[number], points[number]) for number, title in steps.items()
    )


def step_marks(
    paper: Paper, cells: Mapping[CellName, CellMark], scheme: Scheme, full: Iterable[StepMarks]
) -> tuple[StepMarks, ...]:
    """Add up the steps' points: a step's lines have equal shares, and so have a line's cells."""
    if not paper.open:
        return tuple(full)
    lost: dict[int, Fraction] = defaultdict(Fraction)  # lines of each step
    of = Counter(line.step.number for line, _ in paper.lines)
    for line, every in paper.lines:
        some = paper.open.get(line.name, ())
        worth = sum((_share(cells[cell], scheme) for cell in some), Fraction(0))
        if worth < len(some):
            lost[line.step.number] += (len(some) - worth) / len(every)
    return tuple(
        replace(step, earned=step.points * (1 - lost[step.number] / of[step.number]))
        if step.number in lost
        else step
        for step in full
    )


def _share(mark: CellMark, scheme: Scheme) -> Fraction:
    """Return the share of its points, 0 to 1, that a cell that is not right earns."""
    if mark.mark is Mark.FOLLOWS:
        return scheme.follow
    return scheme.rounding if mark.mistake in ROUNDINGS else Fraction(0)
