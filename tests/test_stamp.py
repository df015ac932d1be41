"""Stamped pages against the renderer's own, which is the oracle, and against the keys."""

from functools import cache
from io import BytesIO

import numpy as np
import page as page_validation
import pages
import pdfplumber
import pikepdf
import pypdfium2
import pytest

from worksheets.class_set.specification import Specification
from worksheets.ids import Identity
from worksheets.render.page import texts
from worksheets.render.pdf import render_pdf
from worksheets.sheet import make
from worksheets.stamp.document import Merged, alone

pytestmark = pytest.mark.slow
FIRST = 32**4
LEVELS = pytest.mark.parametrize("level", [1, 2, 3])
BOTH = pytest.mark.parametrize("solved", [False, True])
STUDENT = "Ada Łukasiewicz-O’Brien · 0017 · 7b"


@cache
def stamp(level, solved, paper="a4", large_print=False):
    return Specification("rlhf", level, paper, solved, large_print=large_print).stamp()


@cache
def sheets(level):
    return make([Identity("RLHF", level, FIRST + number) for number in range(12)])


def stamped(sheet, level, solved, paper="a4", large_print=False):
    maker = stamp(level, solved, paper, large_print)
    shown = texts(sheet, STUDENT)
    return alone(maker, maker.shown(shown), maker.title(shown))


def pixels(content):
    document = pypdfium2.PdfDocument(content)
    return [np.array(page.render(scale=150 / 72).to_numpy()).astype(int) for page in document]


@LEVELS
@BOTH
def test_a_stamped_page_is_the_rendered_one_pixel_by_pixel(level, solved):
    compare(sheets(level)[:2], level, solved, "letter" if level == 1 else "a4")


@LEVELS
@BOTH
def test_large_print_is_stamped_as_it_is_rendered(level, solved):
    compare(sheets(level)[:1], level, solved, "letter" if level == 2 else "a4", large_print=True)


def compare(some, level, solved, paper, large_print=False):
    options = {"paper": paper, "large_print": large_print}
    for sheet in some:
        ours = pixels(stamped(sheet, level, solved, **options))
        oracle = pixels(render_pdf(sheet, solved=solved, student=STUDENT, **options))
        assert len(ours) == len(oracle) + len(oracle) % 2
        for one, other in zip(ours, oracle, strict=False):
            assert one.shape == other.shape
            assert np.abs(one - other).max() <= 2  # of 255: a matrix is written to six decimals
        for padding in ours[len(oracle) :]:
            assert padding.min() == 255


def characters(content):
    with pdfplumber.open(BytesIO(content)) as document:
        return [
            sorted(
                (c["text"], round(c["x0"], 1), round(c["top"], 1), c["upright"]) for c in p.chars
            )
            for p in document.pages
            if p.chars
        ]


@LEVELS
@BOTH
def test_every_character_stands_upright_where_the_renderer_puts_it(level, solved):
    sheet = sheets(level)[2]
    ours = characters(stamped(sheet, level, solved))
    oracle = characters(render_pdf(sheet, solved=solved, paper="a4", student=STUDENT))
    for one, other in zip(ours, oracle, strict=True):
        assert len(one) == len(other)
        assert all(upright for *_, upright in one)
        for (a, x, y, _), (b, at, top, _) in zip(one, other, strict=True):
            assert (a, x, y) == (b, pytest.approx(at, abs=0.11), pytest.approx(top, abs=0.11))


@LEVELS
def test_a_stamped_sheet_holds_the_values_of_the_key_and_a_blank_none_of_its_answers(level):
    for sheet in sheets(level)[:4]:
        blank, solved = (pages.tables(stamped(sheet, level, on)) for on in (False, True))
        rendered = pages.tables(render_pdf(sheet, solved=True, paper="a4", student=STUDENT))
        assert [one.values for one in solved] == [one.values for one in rendered]
        printed = [one.values for one in solved]
        for name in ("loser_reward", "gap", "scores", "next_words", "loss"):
            assert sheet.values[name] in printed
        rendered = pages.tables(render_pdf(sheet, solved=False, paper="a4", student=STUDENT))
        assert [one.values for one in blank] == [one.values for one in rendered]
        fonts = {char["fontname"] for char in pages.characters(stamped(sheet, level, False))}
        assert not any(pages.HAND in font for font in fonts)


@LEVELS
@BOTH
def test_stamped_and_merged_files_are_valid_and_accessible(tmp_path, level, solved):
    maker = stamp(level, solved)
    path = tmp_path / "merged.pdf"
    with path.open("wb") as file:
        document = Merged(file, "A class")
        document.start(maker)
        for place, sheet in enumerate(sheets(level)):
            document.add(maker.piece(maker.shown(texts(sheet, STUDENT)), place))
        document.finish()
    alone = tmp_path / "alone.pdf"
    alone.write_bytes(stamped(sheets(level)[0], level, solved))
    for one in (path, alone):
        with pikepdf.open(one) as pdf:
            assert not pdf.check_pdf_syntax()
        report = page_validation.validate_pdf_bytes(one.read_bytes(), profile="ua1")
        assert report.is_compliant, [(fault.rule_id, fault.message) for fault in report.failures]
