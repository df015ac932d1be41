"""A report on several sections: each has its own part, they stand side by side, and add up."""

import re
from fractions import Fraction
from statistics import mean, median

import marked as m
import numpy as np
import pytest

from worksheets.marking import report
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme

pytestmark = pytest.mark.slow
# Of seven students five hand in, with so many blank cells of the last answer.
SECTIONS = ("7b", "7b", "7b", "", "7a", "7a", "7a")
HANDED_IN = {0: 0, 1: 2, 3: 1, 4: 0, 6: 3}


@pytest.fixture(scope="module")
def marking():
    register, papers = {}, []
    for number, section in enumerate(SECTIONS):
        one = m.sheet(1, number, "MATM")
        register[one.id] = RegisteredStudent(number, f"4{number}", f"Student {number}", section)
        if number in HANDED_IN:
            last = one.graph.answers[-1]
            places = [(last.name, *at) for at in np.ndindex(last.node.shape)]
            blank = dict.fromkeys(places[: HANDED_IN[number]])
            papers.append(m.submission(one, blank, f"Student {number}"))
    return mark_all(papers, Scheme(), register)


@pytest.fixture(scope="module")
def html(marking):
    return report.as_html(marking, "a4")


def cells(row):
    found = re.findall("<t[hd].*?>(.*?)</t[hd]>", row)
    return [" ".join(re.sub("<.*?>", "", one).split()) for one in found]


def test_each_section_has_its_part_in_the_rosters_order(html):
    titles = re.findall("<h2>(.*?)</h2>", html)
    of = f"{m.sheet(1, 0, 'MATM').kind.TITLE}, level 1"
    assert titles[:3] == [
        f"7b · {of}: 2 sheets",
        f"without a section · {of}: 1 sheet",
        f"7a · {of}: 2 sheets",
    ]


def test_they_stand_side_by_side_and_together(html, marking):
    table = html.split("section by section</h3>")[1].split("</table>")[0]
    rows = [cells(row) for row in re.findall("<tr>(.*?)</tr>", table, re.DOTALL)[1:]]
    earned = {one.place: Fraction(one.shown(one.earned)) for one in marking.marked}
    groups = {
        "7b": (0, 1),
        "without a section": (3,),
        "7a": (4, 6),
        "all together": (0, 1, 3, 4, 6),
    }
    assert [row[0] for row in rows] == list(groups)
    for row, places in zip(rows, groups.values(), strict=True):
        some = [earned[place] for place in places]
        exact = (mean(some), median(some), min(some), max(some))
        assert row[1] == str(len(some))
        for text, value in zip(row[2:], exact, strict=True):
            assert abs(Fraction(text) - value) <= Fraction(1, 20)  # to one decimal
    assert len({tuple(row[2:]) for row in rows[:3]}) == 3


def test_a_steps_share_is_that_of_its_mean_as_shown(html):
    rows = [
        cells(row)
        for table in re.findall("The hardest steps</h3>.*?</table>", html, re.DOTALL)
        for row in re.findall("<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    ]
    assert len(rows) == 2 * 3  # steps of a sheet, sections
    for _, _, mean_shown, points, share in rows:
        exact = 100 * Fraction(mean_shown) / Fraction(points)
        assert abs(int(share.removesuffix(" %")) - exact) <= Fraction(1, 2)


def test_who_is_missing_is_a_list_by_section(html):
    part = html.split("Nothing from 2 of 7 students</h3>")[1].split("<table>")[0]
    assert re.findall('<p class="group">(.*?)</p>', part) == ["7b: 1 of 3", "7a: 1 of 3"]
    assert re.findall("<li>(.*?)</li>", part) == ["Student 2 · 42", "Student 5 · 45"]


def test_without_sections_nothing_is_divided(marking):
    papers = [one.submission for one in marking.marked]
    register = {
        one.sheet.id: RegisteredStudent(one.place, one.student, one.name, "7a")
        for one in marking.marked
    }
    more = m.sheet(1, 99, "MATM").id
    register[more] = RegisteredStudent(99, "", "Late Larry", "7a")
    html = report.as_html(mark_all(papers, Scheme(), register), "a4")
    assert len(re.findall("<h2>", html)) == 1
    assert "section by section" not in html
    assert 'class="group"' not in html
    assert re.findall("<li>(.*?)</li>", html) == ["Late Larry"]


def test_it_is_printed(html):
    assert report.as_pdf(html).startswith(b"%PDF")
