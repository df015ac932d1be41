"""The solved page shows the key and nothing else; the blank page shows none of it."""

from collections import Counter
from io import BytesIO
from unicodedata import normalize

import pages
import pikepdf
import pytest

from worksheets.render.autolayout.pages import narrative
from worksheets.render.speech import filled_in
from worksheets.render.texts import texts

pytestmark = pytest.mark.slow  # dozens of PDFs
# What level 3 says to its second question.
BIASES = (
    "0: each bias meets the same 1 for the winner and for the loser, so that it cancels in the gap."
)
CASES = pytest.mark.parametrize(
    ("level", "number", "edition"),
    [
        (1, 1, "published"),
        (2, 1, "published"),
        (3, 2, "free"),
    ],
)


@CASES
def test_the_solved_page_shows_every_line_of_the_key_under_its_labels(level, number, edition):
    sheet = pages.sheet(level, number, edition)
    shown = [
        pages.handwritten(one)
        for one in pages.tables(pages.pdf(level, number, edition, solved=True))
    ]
    for line in pages.answers(sheet):
        expected = [line["row_labels"], line["column_labels"], pages.on_paper(line["values"])]
        assert tuple(expected) in shown, line["name"]


@CASES
def test_the_solved_page_shows_nothing_in_handwriting_but_the_key(level, number, edition):
    sheet = pages.sheet(level, number, edition)
    matrices = [line["values"] for line in pages.answers(sheet)] + pages.copied(sheet)
    expected = Counter(
        cell for values in matrices for row in pages.on_paper(values) for cell in row
    )
    tables = pages.tables(pages.pdf(level, number, edition, solved=True))
    shown = Counter(cell.text for one in tables for row in one.cells for cell in row if cell.hand)
    assert shown == expected
    drawn = pages.characters(pages.pdf(level, number, edition, solved=True))
    outside = sum(pages.HAND in char["fontname"] for char in drawn)
    fallback = sum(len(text) * count for text, count in shown.items())
    assert outside == fallback, "handwriting outside a cell"


@CASES
@pytest.mark.parametrize("solved", [False, True])
def test_every_given_number_is_printed_under_its_labels(level, number, edition, solved):
    sheet = pages.sheet(level, number, edition)
    tables = pages.tables(pages.pdf(level, number, edition, solved=solved))
    shown = [(list(one.row_labels), list(one.column_labels), one.values) for one in tables]
    for line in sheet.key()["lines"]:
        if line["role"] == "given" and line["name"] != "preference":  # which is two sentences
            assert (line["row_labels"], line["column_labels"], line["values"]) in shown, line[
                "name"
            ]


@CASES
def test_blank_and_solved_have_all_that_is_printed_at_the_same_places(level, number, edition):
    def printed(content):
        return Counter(
            (char["page_number"], char["text"], char["x0"], char["top"], char["size"])
            for char in pages.characters(content)
            if pages.HAND not in char["fontname"]
        )

    blank = printed(pages.pdf(level, number, edition, solved=False))
    more = printed(pages.pdf(level, number, edition, solved=True))
    assert not blank - more
    count = level + 1
    teacher = f"For the teacher: {pages.sheet(level, number, edition).theme.teacher}"
    # A ligature is one character on the page, and two in the sentence.
    added = "".join(normalize("NFKC", text) for _, text, *_ in (more - blank).elements())
    said = narrative("rlhf", level)
    model = filled_in(said.answer, texts(pages.sheet(level, number, edition)))
    expected = "SOLVED" * count + teacher + model + BIASES * (level == 3)
    assert Counter(added.replace(" ", "")) == Counter(expected.replace(" ", ""))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_blank_page_carries_no_handwriting_no_form_and_no_attachment(level):
    content = pages.pdf(level, solved=False)
    assert pages.HAND not in pages.faces(content)
    with pikepdf.open(BytesIO(content)) as document:
        assert "/AcroForm" not in document.Root
        assert "/Names" not in document.Root or "/EmbeddedFiles" not in document.Root.Names
        assert not any("/Annots" in page for page in document.pages)
        texts = [
            str(one[key])
            for one in document.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"
            for key in ("/Alt", "/ActualText", "/E", "/T")
            if key in one
        ]
    assert texts == ["QR code of this sheet’s ID"] * (level + 1)
