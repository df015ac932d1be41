"""Simulated students of every kind and level get the marks that they deserve."""

import random
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import cycle, islice

import every_kind
import pytest
import whole_run
from every_kind import NUMBERS
from students import Texts, all_worked, cells, handed_in, key_texts, typed

from worksheets import exercise
from worksheets.engine.graph import Mistake
from worksheets.ids import Identity
from worksheets.marking import run
from worksheets.marking.marks import Mark, Marked
from worksheets.marking.scheme import Scheme
from worksheets.sheet import Sheet

pytestmark = pytest.mark.slow
FAMILIES = [(name, level) for name, kind in exercise.all_kinds().items() for level in kind.LEVELS]
MISTAKES = [
    pytest.param(name, level, mistake, id=f"{name}-{level}-{mistake.name}")
    for name, level in FAMILIES
    for mistake in exercise.find(name).MISTAKES
    if mistake.name in exercise.graph(name, level).slips
]
# Of 1,000 sheets, a bias that linear_relu forgets is named on 974; all others on more.
LEAST_NAMED = 0.95 if whole_run.sweeps() else 0.85  # of 60 sheets chance leaves fewer than of 360
KNOWN: dict[Identity, Sheet] = {}
of_every_level = pytest.mark.parametrize(("name", "level"), FAMILIES)


@cache
def sheets(name: str, level: int) -> list[Sheet]:
    made = every_kind.sheets(name, level, "free")
    KNOWN.update((sheet.identity, sheet) for sheet in made)
    return made


@pytest.fixture(autouse=True)
def _made_once(monkeypatch):
    """Marking finds the sheets that are there; that an ID always has the same is held elsewhere."""
    monkeypatch.setattr(run, "make", lambda identities, theme: [KNOWN[one] for one in identities])


def marked(papers: Iterable[tuple[Sheet, Texts]]) -> list[Marked]:
    """The marks in the order of the papers, each of another student."""
    handed = [
        handed_in(sheet, texts, f"student {place:04}")
        for place, (sheet, texts) in enumerate(papers)
    ]
    marking = run.mark_all(handed, Scheme())
    assert not marking.set_aside
    assert not marking.superseded
    return sorted(marking.marked, key=lambda one: one.student)


def marks(one: Marked) -> Counter[Mark]:
    return Counter(cell.mark for cell in one.cells.values())


@of_every_level
def test_a_perfect_student_gets_full_marks(name, level):
    some = sheets(name, level)
    papers = list(zip(some, all_worked(some), strict=True))
    for (sheet, texts), one in zip(papers, marked(papers), strict=True):
        assert texts == key_texts(sheet)
        assert marks(one) == {Mark.RIGHT: len(texts)}
        assert one.earned == one.points
        assert one.findings == ()


@of_every_level
def test_a_slip_costs_its_cell_alone_when_it_is_carried_on(name, level):
    every = cells(exercise.graph(name, level))
    where = [cell for _ in range(-(-len(NUMBERS) // len(every))) for cell in every]
    some = list(islice(cycle(sheets(name, level)), len(where)))
    papers = list(zip(some, all_worked(some, slips=where), strict=True))
    followed = Counter()
    for (sheet, texts), cell, one in zip(papers, where, marked(papers), strict=True):
        found = marks(one)
        assert one.cells[cell].mark is Mark.WRONG, (sheet.id, cell)
        wrong = [other for other, mark in one.cells.items() if mark.mark is Mark.WRONG]
        assert wrong == [cell], (sheet.id, cell, one.findings)
        assert found[Mark.RIGHT] + found[Mark.FOLLOWS] == len(texts) - 1
        for other, text in texts.items():
            right = text == one.cells[other].right
            assert right == (one.cells[other].mark is Mark.RIGHT), (sheet.id, cell, other)
        line = sheet.graph.lines[cell[0]]
        points = Scheme().points(name, level)[line.step.number]
        shares = len({other[0] for other in texts if _step(sheet, other) == line.step.number})
        assert one.points - one.earned == points / shares / line.node.shape[0] / line.node.shape[1]
        followed[found[Mark.FOLLOWS] > 0] += 1
    assert followed[True] > followed[False] / 5  # most slips reach later lines


def _step(sheet, cell):
    return sheet.graph.lines[cell[0]].step.number


@pytest.mark.parametrize(
    ("name", "level", "mistake"), whole_run.chosen(len(MISTAKES) // 5, MISTAKES)
)
def test_a_mistake_is_named_by_its_own_name(name, level, mistake: Mistake):
    some = sheets(name, level)
    papers = list(zip(some, all_worked(some, mistake), strict=True))
    named = 0
    for (sheet, texts), one in zip(papers, marked(papers), strict=True):
        lines = [line for line in mistake.instead if line in sheet.graph.lines]
        for cell, cell_mark in one.cells.items():
            if cell_mark.mark is Mark.WRONG:
                assert cell[0] in lines, (sheet.id, cell)  # everything else follows
                assert cell_mark.mistake, (sheet.id, cell)
        wrong = [cell for cell in texts if one.cells[cell].mark is Mark.WRONG]
        assert wrong, sheet.id
        names = {finding.mistake for finding in one.findings}
        named += mistake.name in names
    assert named >= LEAST_NAMED * len(some), f"named on {named} of {len(some)} sheets"


@of_every_level
def test_blank_from_some_step_on(name, level):
    steps = sorted({line.step.number for line in exercise.graph(name, level).answers})
    papers, first_blank = [], []
    for place, sheet in enumerate(sheets(name, level)):
        step = steps[place % len(steps)]
        texts = {cell: text for cell, text in key_texts(sheet).items() if _step(sheet, cell) < step}
        papers.append((sheet, texts))
        first_blank.append(step)
    for (sheet, _), step, one in zip(papers, first_blank, marked(papers), strict=True):
        for cell, cell_mark in one.cells.items():
            assert (cell_mark.mark is Mark.BLANK) == (_step(sheet, cell) >= step)
        assert one.earned == sum(point.points for point in one.steps if point.number < step)
        assert one.findings == ()


@of_every_level
def test_a_blank_cell_in_between_is_followed_through(name, level):
    """A slip, and then a line left out: what comes after still follows."""
    chance = random.Random(5)
    every, some = cells(exercise.graph(name, level)), sheets(name, level)
    pairs = [sorted(chance.sample(range(len(every)), 2)) for _ in some]
    gaps = [(every[slip], every[gap]) for slip, gap in pairs]
    papers = list(zip(some, all_worked(some, slips=[slip for slip, _ in gaps]), strict=True))
    for (_, texts), (_, gap) in zip(papers, gaps, strict=True):
        del texts[gap]
    for (sheet, _), (slip, gap), one in zip(papers, gaps, marked(papers), strict=True):
        found = marks(one)
        assert one.cells[gap].mark is Mark.BLANK
        assert found[Mark.WRONG] == 1, (sheet.id, slip, gap, one.findings)
        assert one.cells[slip].mark is Mark.WRONG


@of_every_level
def test_no_answer_with_a_comma_may_be_a_thousand(name, level):
    for sheet in sheets(name, level):
        for cell, text in key_texts(sheet).items():
            assert not re.fullmatch(r"-?[1-9]\d*\.\d{3}", text), (sheet.id, cell)


@of_every_level
def test_any_way_of_typing_is_read(name, level):
    chance = random.Random(7)
    papers = [(sheet, typed(sheet, key_texts(sheet), chance)) for sheet in sheets(name, level)]
    for (sheet, texts), one in zip(papers, marked(papers), strict=True):
        others = {
            texts[cell]: found for cell, found in one.cells.items() if found.mark is not Mark.RIGHT
        }
        assert not others, sheet.id
