"""Stamped pages against the renderer's own, which is the oracle, and against the keys."""

from functools import cache

import numpy as np
import page as page_validation
import pages
import pdfium
import pikepdf
import pypdfium2
import pytest
import rendered
import whole_run

from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.render.texts import texts
from worksheets.sheet import make
from worksheets.stamp.document import Merged, alone
from worksheets.views.page import Page

pytestmark = pytest.mark.slow
FIRST = 32**4
SHEETS = 4
SOME = whole_run.chosen(1, list(range(SHEETS)))
LEVELS = pytest.mark.parametrize("level", whole_run.chosen(2, [1, 2, 3]))
ONE_LEVEL = pytest.mark.parametrize("level", whole_run.chosen(1, [1, 2, 3]))
BOTH = pytest.mark.parametrize("solved", [False, True])
STUDENT = "Ada Łukasiewicz-O’Brien · 0017 · 7b"


PAPERS = {1: "letter", 2: "a4", 3: "a4"}
LARGE_PAPERS = {1: "a4", 2: "letter", 3: "a4"}


def page_of(level, large_print):
    papers = LARGE_PAPERS if large_print else PAPERS
    return Page(paper=papers[level], large_print=large_print)


@cache
def stamp(level, solved, large_print=False):
    return Specification("rlhf", level, solved=solved, page=page_of(level, large_print)).stamp()


@cache
def sheets(level):
    return make([Identity("RLHF", level, FIRST + number) for number in range(12)])


@cache
def stamped(level, place, solved, large_print=False):
    maker = stamp(level, solved, large_print)
    shown = texts(sheets(level)[place], STUDENT)
    return alone(maker, maker.shown(shown), maker.title(shown))


def oracle(level, place, solved, large_print=False):
    """The renderer's page."""
    sheet = sheets(level)[place]
    return rendered.pdf(sheet, solved=solved, student=STUDENT, page=page_of(level, large_print))


def pixels(content):
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=150 / 72).to_numpy().astype(np.int16) for page in document]


@LEVELS
@BOTH
def test_a_stamped_page_is_the_rendered_one_pixel_by_pixel(level, solved):
    compare(level, SOME, solved)


@ONE_LEVEL
@BOTH
def test_large_print_is_stamped_as_it_is_rendered(level, solved):
    compare(level, SOME[:1], solved, large_print=True)


def compare(level, places, solved, large_print=False):
    for place in places:
        ours = pixels(stamped(level, place, solved, large_print))
        right = pixels(oracle(level, place, solved, large_print))
        assert len(ours) == len(right) + len(right) % 2
        for one, other in zip(ours, right, strict=False):
            assert one.shape == other.shape
            assert np.abs(one - other).max() <= 2  # of 255: a matrix is written to six decimals
        for padding in ours[len(right) :]:
            assert padding.min() == 255


def characters(content):
    return [
        sorted(
            (c["text"], round(c["x0"], 1), round(c["top"], 1), c["angle"]) for c in page.characters
        )
        for page in pdfium.read(content)
        if page.characters
    ]


@ONE_LEVEL
@BOTH
def test_every_character_stands_upright_where_the_renderer_puts_it(level, solved):
    ours = characters(stamped(level, SOME[-1], solved))
    right = characters(oracle(level, SOME[-1], solved))
    for one, other in zip(ours, right, strict=True):
        assert len(one) == len(other)
        assert not any(angle for *_, angle in one)
        for (a, x, y, _), (b, at, top, _) in zip(one, other, strict=True):
            assert (a, x, y) == (b, pytest.approx(at, abs=0.11), pytest.approx(top, abs=0.11))


@LEVELS
def test_a_stamped_sheet_holds_the_values_of_the_key_and_a_blank_none_of_its_answers(level):
    for place in SOME:
        printed = {
            solved: [one.values for one in pages.tables(stamped(level, place, solved))]
            for solved in (False, True)
        }
        for solved, values in printed.items():
            assert values == [one.values for one in pages.tables(oracle(level, place, solved))]
        for name in ("loser_reward", "gap", "scores", "next_words", "loss"):
            assert sheets(level)[place].values[name] in printed[True]
        fonts = {char["fontname"] for char in pages.characters(stamped(level, place, False))}
        assert not any(pages.HAND in font for font in fonts)


@ONE_LEVEL
@BOTH
def test_stamped_and_merged_files_are_valid_and_accessible(tmp_path, level, solved):
    maker = stamp(level, solved)
    path = tmp_path / "merged.pdf"
    with path.open("wb") as file:
        document = Merged(file, "A class")
        document.start(maker)
        for place, sheet in enumerate(sheets(level)):
            document.add(maker.block(maker.shown(texts(sheet, STUDENT)), place))
        document.finish()
    alone = tmp_path / "alone.pdf"
    alone.write_bytes(stamped(level, 0, solved))
    for one in (path, alone):
        with pikepdf.open(one) as pdf:
            assert not pdf.check_pdf_syntax()
        report = page_validation.validate_pdf_bytes(one.read_bytes(), profile="ua1")
        assert report.is_compliant, [(fault.rule_id, fault.message) for fault in report.failures]
