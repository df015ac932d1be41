"""Large print, read back from its pages: large enough, nothing on another, the key's answers."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import combinations, pairwise

import page as page_validation
import pages
import pdfium
import pdfplumber
import pytest
import rendered
import whole_run

from worksheets import exercise
from worksheets.engine.formula import formula
from worksheets.engine.notation import on_paper
from worksheets.ids import ALPHABET, Identity
from worksheets.layouts.specification import Specification
from worksheets.render.pdf import render_pdf
from worksheets.render.texts import texts
from worksheets.sheet import make
from worksheets.stamp.document import alone
from worksheets.views.page import Page

pytestmark = pytest.mark.slow
EACH = pytest.mark.parametrize(
    ("level", "paper"), [(1, "a4"), (1, "letter"), (2, "letter"), (3, "a4")]
)
MM = 72 / 25.4


@cache
def sheet(level):
    return make([Identity("RLHF", level, 21)])[0]


@cache
def content(level, paper, solved):
    return rendered.pdf(
        sheet(level), solved=solved, student="Ada", page=Page(paper=paper, large_print=True)
    )


def leaves(level, paper, solved):
    return pdfium.read(content(level, paper, solved))


def seen(characters):
    """All but what is there for screen readers alone, without colour and in one point."""
    return [one for one in characters if one["size"] > 2 and one["text"].strip()]


@EACH
@pytest.mark.parametrize("solved", [False, True])
def test_every_letter_has_18_points_and_is_on_the_page(level, paper, solved):
    for page in leaves(level, paper, solved):
        assert seen(page.characters)
        for one in seen(page.characters):
            assert one["size"] >= 17.99, one["text"]
            assert 9 * MM < one["x0"] < one["x1"] < page.width - 9 * MM
            assert 9 * MM < one["top"] < one["bottom"] < page.height - 9 * MM


@EACH
def test_no_letter_stands_on_another(level, paper):
    for page in leaves(level, paper, True):
        for one, other in combinations(seen(page.characters), 2):
            across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            kerned = 4 if one["top"] == other["top"] else 1.5  # boxes, not ink
            assert across < kerned or down < 6, (one["text"], other["text"])


@EACH
def test_the_solved_pages_have_the_keys_answers_and_the_blank_ones_none(level, paper):
    key = sheet(level).key()
    answers = Counter(
        on_paper(cell)
        for line in key["lines"]
        if line["role"] == "answer"
        for row in line["values"]
        for cell in row
    )
    assert Counter(pages.in_handwriting(content(level, paper, True))) == answers
    assert not pages.in_handwriting(content(level, paper, False))


@EACH
def test_every_page_names_its_sheet_and_its_place(level, paper):
    all_pages = leaves(level, paper, False)
    for number, page in enumerate(all_pages, 1):
        text = "".join(one["text"] for one in page.characters)
        assert sheet(level).id in text
        assert re.search(rf"{number} ?/ ?{len(all_pages)}", text)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_page_number_stands_clear_of_the_widest_id(paper):
    number = sum(ALPHABET.index("M") * 32**place for place in range(8))
    widest = Identity("RLHF", 2, number, theme="Z", own_theme="MMMM")
    printed = replace(sheet(2), identity=widest)
    content = render_pdf(printed, solved=False, page=Page(paper=paper, large_print=True))
    with pdfplumber.open(BytesIO(content)) as document:
        words = document.pages[9].extract_words()
        count = str(len(document.pages))
    assert "MMMM-MMMMMMMM" in printed.id
    (at,) = (word for word in words if word["text"] == printed.id)
    beside = [word for word in words if abs(word["bottom"] - at["bottom"]) < 2]
    assert [word["text"] for word in beside] == [printed.id, "10", "/", count]
    assert beside[1]["x0"] - at["x1"] > 2 * MM


@EACH
def test_it_is_accessible(level, paper):
    report = page_validation.validate_pdf_bytes(content(level, paper, True), profile="ua1")
    assert report.is_compliant, [fault.message for fault in report.failures]


def test_every_answer_says_how_it_is_found():
    graph = exercise.graph("rlhf", 3)
    how = {line.name: formula(graph, line) for line in graph.lines.values()}
    assert all(bool(how[line.name]) == (line.role == "answer") for line in graph.lines.values())
    assert how["loser_inputs"] == "the columns of these words in embeddings"
    assert how["loser_features"] == "W₁ · (loser inputs with a row of ones below)"
    assert how["loser_sentence"] == "mean of the columns of loser features"
    assert how["gap"] == "winner reward − loser reward"
    assert how["loss"] == "−sampled reward"
    assert how["rm_output_trained"] == "W₂ − rm learning rate · rm output gradient"
    assert how["score_gradient"] == (
        "reward gradient × (probabilities × (rewards − expected reward))"
    )
    assert how["llm_feed_forward_gradient"] == (
        "(transformed gradient × (1 where column 3 of feed forward is greater than 0, else 0)) · "
        "((column 3 of attended with a row of ones below) transposed)"
    )


@pytest.mark.parametrize(("kind", "level"), [("TRAN", 1), ("GRPO", 2), ("RLHF", 1)])
def test_a_heading_stands_on_the_page_of_its_first_matrix(kind, level):
    (one,) = make([Identity(kind, level, 1)])
    headings = 0
    for page in pdfium.read(render_pdf(one, solved=False, page=Page(large_print=True))):
        kinds = [element["type"] for element in flat(page.elements)]
        after = [kinds[place:] for place, found in enumerate(kinds) if found in ("H1", "H2")]
        headings += len(after)
        assert all("Table" in rest for rest in after), kinds
    steps = {line.step for line in one.graph.lines.values()}
    assert headings == len(steps) + len({step.part for step in steps})


@pytest.mark.parametrize("kind", whole_run.chosen(2, sorted(exercise.all_kinds())))
def test_a_stamped_sheet_is_the_rendered_one(kind):
    """The highest level's, solved; the texts of another sheet than the layout has seen."""
    large = Page(large_print=True)
    (one,) = make([Identity(exercise.find(kind).CODE, max(exercise.find(kind).LEVELS), 3)])
    maker = Specification(kind, one.identity.level, solved=True, page=large).stamp()
    shown = texts(one)
    stamped = alone(maker, maker.shown(shown), maker.title(shown))
    ours, right = map(drawn, (stamped, render_pdf(one, solved=True, page=large)))
    assert len(ours) == len(right)
    for found, other in zip(ours, right, strict=True):
        assert found[:2] == other[:2]
        assert found[2:] == pytest.approx(other[2:], abs=1)


def drawn(content):
    return sorted(
        (one["page_number"], one["text"], round(one["x0"]), round(one["top"]))
        for one in pages.characters(content)
    )


def flat(elements):
    """Structure elements in reading order."""
    for element in elements:
        yield element
        yield from flat(element["children"])


@pytest.mark.parametrize(("kind", "level"), [("RLHF", 1), ("RLHF", 3)])
def test_long_labels_side_by_side_stand_apart(kind, level):
    (one,) = make([Identity(kind, level, 1, language="es")])
    content = render_pdf(one, solved=False, page=Page(large_print=True))
    beside = 0
    with pdfplumber.open(BytesIO(content)) as document:
        for page in document.pages:
            words = page.extract_words(x_tolerance=1)
            for left, right in pairwise(words):
                if {left["text"], right["text"]} == {"perdedora", "ganadora"}:
                    beside += 1
                    assert right["x0"] - left["x1"] > 3 * MM
    assert beside


@pytest.mark.parametrize(
    ("kind", "edition"), [("linear_relu", "free"), ("transformer", "continued")]
)
def test_the_fields_of_a_faded_form_stand_in_their_rows(kind, edition):
    """What it says first moves the rest of it."""
    (one,) = make([Identity(exercise.find(kind).CODE, 1, 1, edition)])
    form = pages.form(one, large_print=True, fade="one-cell")
    found = 0
    with pdfplumber.open(BytesIO(form)) as document:
        for page in document.pages:
            # Labels, seen or not, have 18 points or one; what is given in a cell has 20.
            words = [one for one in page.extract_words(extra_attrs=["size"]) if one["size"] < 19]
            for field in page.annots:
                name = field["data"].get("T", b"").decode()
                if not re.fullmatch(r"c\d+", name):
                    continue
                row = field["data"]["Parent"].resolve()["T"].decode()
                middle = (field["top"] + field["bottom"]) / 2
                beside = [
                    one for one in words if abs(one["top"] + one["bottom"] - 2 * middle) < 6 * MM
                ]
                before = [one for one in beside if one["x1"] <= field["x0"]]
                assert max(before, key=lambda one: one["x1"])["text"] == row.removeprefix("r")
                assert not any(field["x0"] < one["x0"] < field["x1"] for one in beside)
                found += 1
    assert found == len(one.graph.answers)
