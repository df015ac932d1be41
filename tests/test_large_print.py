"""Large print, read back from its pages: large enough, nothing on another, the key's answers."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import combinations

import page as page_validation
import pages
import pdfium
import pdfplumber
import pytest

from worksheets import exercise
from worksheets.engine.formula import formula
from worksheets.engine.notation import on_paper
from worksheets.ids import ALPHABET, Identity
from worksheets.render.pdf import render_pdf
from worksheets.sheet import make

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
    return render_pdf(sheet(level), solved=solved, paper=paper, student="Ada", large_print=True)


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
    widest = Identity("RLHF", 1, number, theme="Z", own_theme="MMMM")
    printed = replace(sheet(1), identity=widest)
    content = render_pdf(printed, solved=False, paper=paper, large_print=True)
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
    assert how["loser_features"] == "rm linear · (loser inputs with a row of ones below)"
    assert how["loser_sentence"] == "mean of the columns of loser features"
    assert how["gap"] == "winner reward − loser reward"
    assert how["loss"] == "−sampled reward"
    assert how["rm_output_trained"] == "rm output − rm learning rate · rm output gradient"
    assert how["score_gradient"] == (
        "reward gradient × (probabilities × (rewards − expected reward))"
    )
    assert how["llm_feed_forward_gradient"] == (
        "(transformed gradient × (1 where column 3 of feed forward is greater than 0, else 0)) · "
        "((column 3 of attended with a row of ones below) turned)"
    )
