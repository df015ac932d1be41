"""Parts add up to their totals, to the digit; a rounded answer earns its share on every line."""

import re
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from math import floor

import marked as m
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.engine.notation import read
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.marking import gradebook, record, report
from worksheets.marking.apportion import apportioned
from worksheets.marking.heat_map import Shares
from worksheets.marking.marks import Mark
from worksheets.marking.paper import answer_cells
from worksheets.marking.remarks import taken
from worksheets.marking.scheme import Scheme, read_scheme
from worksheets.marking.submission import Submission
from worksheets.sheet import make

PARTS = st.lists(st.fractions(min_value=0, max_value=30, max_denominator=60), max_size=16)


@pytest.mark.slow
@given(PARTS, st.integers(0, 3))
def test_parts_that_are_rounded_add_up_to_their_rounded_sum(parts, decimals):
    unit = Fraction(1, 10**decimals)
    shown = apportioned(parts, decimals)
    half_up = floor(sum(parts) / unit + Fraction(1, 2)) * unit
    assert sum(shown) == half_up
    for part, one in zip(parts, shown, strict=True):
        assert (one / unit).denominator == 1
        assert abs(one - part) < unit
        if (part / unit).denominator == 1:
            assert one == part


@pytest.mark.parametrize("level", [1, 3])
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_a_sheets_steps_add_up_wherever_they_are_shown(level, decimals):
    """Two steps with 2 of 3 cells right were 0.7 and 0.7 of 1.3."""
    some = [m.sheet(level, n) for n in range(4)]
    papers = [m.submission(one, m.slips(one), f"S{n}") for n, one in enumerate(some)]
    marking = m.marking(*papers, scheme=Scheme(decimals=decimals))
    table = gradebook.table(marking.marked)
    steps = [place for place, name in enumerate(table[0]) if str(name).startswith("step ")]
    total = table[0].index("points")
    fine = False
    for one, row in zip(marking.marked, table[1:], strict=True):
        shown = sum(Fraction(str(row[place])) for place in steps)
        assert shown == Fraction(str(row[total])) == Fraction(one.shown(one.earned))
        for step, text in one.shown_steps:
            assert abs(Fraction(text) - step.earned) < Fraction(1, 10**decimals)
            assert Fraction(text) <= step.points
            fine |= Fraction(text) != step.earned
    assert fine, "nothing had to be rounded"


@given(st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any))
def test_the_shares_of_a_cell_add_up_to_all(counts):
    shares = Shares(sum(counts), dict(zip(Mark, counts, strict=True)))
    assert sum(shares.percent(mark) for mark in Mark) == 100


@pytest.mark.parametrize(
    ("text", "decimals"),
    [("", 1), ("[rlhf.1]\n4 = 0.25", 2), ("[rlhf.1]\n4 = 1.125\n[rlhf.2]\n4 = 2", 3)],
)
def test_points_are_shown_with_as_many_decimals_as_they_have(tmp_path, text, decimals):
    path = tmp_path / "points.toml"
    path.write_text(text, "utf-8")
    assert read_scheme(path).decimals == decimals


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("decimals = 1\n[rlhf.1]\n4 = 0.25", "decimals is 1, but rlhf.1.4 is 0.25"),
        ("[rlhf.1]\n4 = 0.0625", "decimals is 3, but rlhf.1.4 is 0.0625"),
        ("decimals = 0\n[rlhf.3]\n9 = 0.5", "decimals is 0, but rlhf.3.9 is 0.5"),
    ],
)
def test_points_that_would_not_add_up_are_refused(tmp_path, text, says):
    path = tmp_path / "points.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=f"{re.escape(str(path))}: {says}"):
        read_scheme(path)


def rounded(sheet, decimals):
    """A right softmax sheet, each fraction written as a decimal; and the cells that differ."""
    return {
        cell: f"{float(read(text)):.{decimals}f}"
        for line, cells in answer_cells("SMAX", 1)
        for cell in cells
        if "/" in (text := sheet.values[line.name][cell[1]][cell[2]])
    }


@pytest.mark.parametrize("decimals", [1, 2, 3])
def test_a_fraction_that_is_rounded_earns_its_share_also_where_the_line_is_exact(decimals):
    """0.33 for 1/3, and 1.67 for 5/3 although 0.33 + 0.33 + 1 is 1.66."""
    sheet = make([Identity("SMAX", 1, 7)])[0]
    changes = rounded(sheet, decimals)
    assert len(changes) > 10
    marked = m.marking(m.submission(sheet, changes)).marked[0]
    for cell in changes:
        mark = marked.cells[cell]
        assert mark.mark is Mark.FOLLOWS or mark.mistake == "rounded too coarsely", (cell, mark)
    assert marked.counts[Mark.WRONG] + marked.counts[Mark.FOLLOWS] == len(changes)
    lost = Fraction(0)
    for step in marked.steps:
        lines = [one for one in answer_cells("SMAX", 1) if one[0].step.number == step.number]
        for _, cells in lines:
            wrong = sum(marked.cells[cell].mark is Mark.WRONG for cell in cells)
            lost += step.points * Fraction(wrong, 2) / len(cells) / len(lines)
    assert marked.points - marked.earned == lost
    strict = m.marking(m.submission(sheet, changes), scheme=Scheme(rounding=Fraction(0)))
    assert strict.marked[0].points - strict.marked[0].earned == 2 * lost


@pytest.mark.parametrize("typed", ["0", "0.0", "0.35"])
def test_what_is_no_rounding_of_a_fraction_earns_nothing(typed):
    sheet = make([Identity("SMAX", 1, 7)])[0]
    cell = next(
        cell
        for line, cells in answer_cells("SMAX", 1)
        for cell in cells
        if sheet.values[line.name][cell[1]][cell[2]] == "1/3"
    )
    marked = m.marking(m.submission(sheet, {cell: typed})).marked[0]
    assert marked.cells[cell].mistake != "rounded too coarsely"
    assert marked.earned < marked.points


def quick(one, source="entered.json"):
    """A sheet of which a teacher has looked at the gap alone, and at an empty loss."""
    whole = m.submission(one, source=source)
    lines = frozenset(line.name for line in one.graph.answers) - {"gap", "loss"}
    kept = {cell: entry for cell, entry in whole.entries.items() if cell[0] == "gap"}
    return replace(whole, entries=kept, taken_as_right=lines)


@pytest.mark.slow
def test_what_nobody_looked_at_is_told_wherever_it_counts():
    marking = m.marking(quick(m.sheet(1)), m.submission(m.sheet(1, 1)))
    first, second = marking.marked
    count = first.counts[Mark.RIGHT] - 1  # the gap alone was looked at
    assert (first.taken_as_right, second.taken_as_right) == (count, 0)
    assert f"{count} cells were taken as right" in taken(first)
    assert taken(second) == ""
    table = gradebook.table(marking.marked)
    at = table[0].index("taken as right")
    assert [row[at] for row in table[1:]] == [count, 0]
    told = StringIO("".join(part.decode() for part in record.students(marking, {})))
    assert f'"taken_as_right": {count}' in told.read()
    html = " ".join(report.as_html(marking, "a4").split())
    assert f"{count} cells were taken as right without being looked at" in html
    assert "taken as right" not in gradebook.table([second])[0]


def test_a_sheet_without_an_answer_lowers_no_average():
    full, empty = m.submission(m.sheet(1)), Submission("e.csv", 1, m.sheet(1, 1).id, "E", {})
    html = " ".join(report.as_html(m.marking(full, empty), "a4").split())
    points = m.marking(full).marked[0].points
    assert f"Of {points} points: {points} on average" in html
    assert "1 more was handed in without an answer, and counts in nothing below." in html
    assert "level 1: 1 sheet<" in html
    alone = " ".join(report.as_html(m.marking(empty), "a4").split())
    assert f"Of {points} points: 0 on average" in alone
