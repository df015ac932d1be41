"""The class report read back: it adds up, and shares and cells are those of marks and page."""

import re
from collections import Counter
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from itertools import chain, pairwise

import marked as m
import page as page_validation
import pages
import pdfplumber
import pytest

from worksheets import exercise
from worksheets.marking import report, report_section
from worksheets.marking.heat_map import Shares, heat_map, line_shares, shares
from worksheets.marking.marks import Mark
from worksheets.marking.submission import SetAside
from worksheets.render.pdf import render_pdf

pytestmark = pytest.mark.slow
EVIL = '<script>alert("1")</script> 😀 \U000f1234 \u202e \U00018b00'  # of a script without a font
STUDENTS = 8
POINTS = 0.75  # a pixel


@cache
def marking():
    """Eight students of level 1, of whom five forget a bias, and follow it through; one evil."""
    papers = []
    for n in range(STUDENTS):
        sheet = m.sheet(1, n)
        changes = {}
        if n < 5:
            rows = zip(sheet.values["loser_features"], sheet.values["rm_linear"], strict=True)
            for row, (texts, weights) in enumerate(rows):
                for column, text in enumerate(texts):
                    changes["loser_features", row, column] = m.other(text, -int(weights[-1]))
                mean = Fraction(sheet.values["loser_sentence"][row][0]) - int(weights[-1])
                changes["loser_sentence", row, 0] = str(mean)
        if n == 6:
            changes["gap", 0, 0] = EVIL
        if n == 7:
            changes |= {("scores", row, 0): None for row in range(5)}
        papers.append(m.submission(sheet, changes, EVIL, f"{EVIL}{n}.csv", modified=2))
    papers.append(m.submission(m.sheet(1), {}, EVIL, "old.csv"))
    aside = [SetAside(f"{EVIL}.pdf", EVIL), SetAside("../b\n.xlsx", "a zip bomb")]
    return m.marking(*papers, *aside)


@cache
def html():
    return report.as_html(marking(), "a4")


@cache
def pdf():
    return report.as_pdf(html())


class Parsed(HTMLParser):
    """Tags with their attributes, and all text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if data.strip():
            self.texts.append(" ".join(data.split()))


def test_what_was_handed_in_adds_up():
    texts = Parsed(html()).texts
    numbers = dict(pairwise(texts))
    found = [
        int(numbers[name])
        for name in ("marked", "superseded by a newer one of the same student", "set aside")
    ]
    assert found == [STUDENTS, 1, 2]
    assert int(numbers["read, all together"]) == sum(found) == marking().read
    assert "a zip bomb" in texts
    assert "../b .xlsx" in texts
    assert "old.csv" in texts


def test_it_is_one_file_that_needs_no_other_and_runs_nothing():
    tags = Parsed(html()).tags
    names = {tag for tag, _ in tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed"}
    for _, attributes in tags:
        assert not attributes.keys() & {"src", "href", "onload", "onclick"}
    assert "url(" not in html()
    assert "@import" not in html()
    assert "&lt;script&gt;" in html()


def test_it_can_be_read_aloud():
    tags = Parsed(html()).tags
    assert ("html", {"lang": "en"}) in tags
    assert {"main", "title", "figcaption"} <= {tag for tag, _ in tags}
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    pictures = [attributes for tag, attributes in tags if tag == "svg"]
    assert len(pictures) == 4  # the histogram, the legend and two pages
    assert all(picture["role"] == "img" for picture in pictures)
    assert html().count("<title>") == 1 + len(pictures)


def test_shares_are_those_of_the_marks():
    marked = marking().marked
    for line in marked[0].sheet.graph.answers:
        found = shares(marked, line)
        for cell, one in found.items():
            for mark in Mark:
                exact = Fraction(sum(p.cells[cell].mark is mark for p in marked), STUDENTS)
                assert abs(one.percent(mark) - 100 * exact) < 1
            assert sum(one.percent(mark) for mark in Mark) == 100
        together = line_shares(found)
        assert together.of == STUDENTS * len(found)
        assert sum(together.marks.values()) == together.of
    sentence = next(one for one in marked[0].sheet.graph.answers if one.name == "loser_sentence")
    follows = [one.follows for one in shares(marked, sentence).values()]
    expected = [
        Counter(one.cells["loser_sentence", row, 0].mark for one in marked)[Mark.FOLLOWS]
        for row in range(4)
    ]
    assert max(expected) >= 2
    assert follows == [100 * count // STUDENTS for count in expected]  # whose rest goes to "right"


@pytest.mark.parametrize(
    ("right", "grade"), [(100, 4), (90, 4), (89, 3), (75, 3), (74, 2), (50, 2), (25, 1), (24, 0)]
)
def test_grades_get_lighter_with_the_share(right, grade):
    assert Shares(100, {Mark.RIGHT: right}).grade == grade


def test_the_heat_map_stands_where_the_pages_cells_are():
    sheet = m.sheet(1)
    by_line = {line.name: shares(marking().marked, line) for line in sheet.graph.answers}
    drawn = heat_map("rlhf", 1, "a4", by_line)
    assert [page.number for page in drawn] == [1, 2]
    boxes = [iter([box for box in page.boxes if box.shares]) for page in drawn]
    with pdfplumber.open(BytesIO(render_pdf(sheet, solved=True))) as document:
        for line in sheet.graph.answers:
            page = int(line.step.number > 9)  # of level 1
            for value in (text for row in sheet.values[line.name] for text in row):
                box = next(boxes[page])
                left, top = box.x * POINTS, box.y * POINTS
                area = (left, top, left + box.width * POINTS, top + box.height * POINTS)
                hand = [
                    char["text"]
                    for char in document.pages[page].crop(area).chars
                    if pages.HAND in char["fontname"]
                ]
                assert "".join(hand) == value.replace("-", "\N{MINUS SIGN}"), line.name
    assert [next(rest, None) for rest in boxes] == [None, None]


def test_the_picture_has_the_numbers_of_the_cells():
    marked = marking().marked
    picture = html().split("Page 1 of the sheet, with")[1].split("</svg>")[0]
    shown = [int(text) for text in re.findall(r'font-size="13" font-weight="700">(\d+)<', picture)]
    on_page = [line for line in marked[0].sheet.graph.answers if line.step.number <= 9]
    expected = [one.right for line in on_page for one in shares(marked, line).values()]
    assert Counter(shown) == Counter(expected)
    arrows = [int(text) for text in re.findall(r">→(\d+)<", picture)]
    follows = [one.follows for line in on_page for one in shares(marked, line).values()]
    assert Counter(arrows) == Counter(share for share in follows if share)


def test_the_histogram_counts_every_student():
    marked = marking().marked
    picture = html().split('class="histogram"')[1].split("</svg>")[0]
    counts = [int(text) for text in re.findall(r'font-weight="700">(\d+)<', picture)]
    exact = Counter(min(9, int(10 * one.earned / one.points)) for one in marked)
    assert counts == [exact[place] for place in range(10)]
    assert sum(counts) == STUDENTS


def test_the_commonest_mistakes_come_with_advice_and_an_example():
    text = " ".join(Parsed(html()).texts)
    name = "bias forgotten in the linear layer"
    having = [one for one in marking().marked if name in {f.mistake for f in one.findings}]
    assert len(having) == 5
    row = text.split(f"{name} The row of ones")[1]
    assert "5 of 8" in row[:150]
    first = having[0]
    finding = next(f for f in first.findings if f.mistake == name)
    cell = first.cells[finding.cells[0]]
    assert f"“{cell.written}”, right is {cell.right.replace('-', '−')}" in row
    assert first.sheet.id in row[:400]


def test_what_could_not_be_read_is_listed_with_file_place_and_cell():
    texts = Parsed(html()).texts
    place = texts.index("What could not be read")
    listed = " ".join(texts[place:])
    assert "1 cell." in listed
    assert m.sheet(1, 6).id in listed
    assert "row 1 gap" in listed
    assert "6.csv" in listed


def test_the_pdf_is_valid_and_says_the_same_each_time():
    found = page_validation.validate_pdf_bytes(pdf(), profile="ua1")
    assert found.is_compliant, [(fault.rule_id, fault.message) for fault in found.failures]
    assert report.as_pdf(html()) == pdf()
    with pdfplumber.open(BytesIO(pdf())) as document:
        text = "\n".join(page.extract_text() for page in document.pages)
    for part in ("Class report", "RLHF by hand, level 1: 8 sheets", "5 of 8", "a zip bomb"):
        assert part in text
    assert "<script>" in text  # as anybody reads it


def test_several_levels_have_a_section_each(monkeypatch):
    monkeypatch.setattr(report_section, "heat_map", lambda *_: [])
    several = m.marking(m.submission(m.sheet(2)), m.submission(m.sheet(1)))
    titles = re.findall("<h2>(.*?)</h2>", report.as_html(several, "letter"))
    assert titles == ["RLHF by hand, level 1: 1 sheet", "RLHF by hand, level 2: 1 sheet"]


def test_a_long_list_says_how_much_more_there_is(monkeypatch):
    monkeypatch.setattr(report_section, "heat_map", lambda *_: [])
    many = m.marking(*(SetAside(f"{n}.pdf", "encrypted") for n in range(130)))
    text = report.as_html(many, "a4")
    assert text.count("encrypted") == report.MOST_ROWS
    assert f"And {130 - report.MOST_ROWS} more" in text


@pytest.mark.parametrize(("kind", "level"), [("matmul", 1), ("attention", 1), ("transformer", 3)])
def test_a_map_is_no_larger_than_its_page_and_stands_with_its_legend(kind, level):
    """Each picture is on the page of its caption, and the legend on that of the first map."""
    sheets = [m.sheet(level, n, exercise.find(kind).CODE) for n in range(2)]
    content = report.as_pdf(report.as_html(m.marking(*map(m.submission, sheets)), "letter"))
    with pdfplumber.open(BytesIO(content)) as document:
        texts = [page.extract_text() for page in document.pages]
        frames = [
            [one["width"] for one in page.rects if one["stroke"] and one["height"] > 100 * POINTS]
            for page in document.pages
        ]
    captions = [len(re.findall(r"Page \d of the sheet\.", text)) for text in texts]
    assert [len(some) for some in frames] == captions
    first = next(place for place, count in enumerate(captions) if count)
    assert "The sheet, cell by cell" in texts[first]
    assert re.search(r"90\s*to\s*100", texts[first])
    widths = [page.width * POINTS for page in heat_map(kind, level, "letter", {})]
    for width, drawn in zip(widths, chain.from_iterable(frames), strict=True):
        assert width / 2 < drawn < width


def test_the_words_below_the_histogram_are_inside_of_it():
    picture = html().split('class="histogram"')[1].split("</svg>")[0]
    height = int(re.search(r'viewBox="0 0 \d+ (\d+)"', picture)[1])
    baseline, size = re.search(r'y="(\d+)" font-size="(\d+)">percent of', picture).groups()
    assert int(baseline) + int(size) / 3 <= height
