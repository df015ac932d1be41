"""Single sheets fill kept layouts: as the renderer draws them, and without loading it."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import page as page_validation
import pypdfium2
import pytest
import whole_run
from every_kind import identity, level_now
from pages import characters as plain_characters

from worksheets.exercise import all_kinds
from worksheets.exports.sheet_files import sheet_files
from worksheets.layouts import single
from worksheets.render.pdf import render_both
from worksheets.sheet import make
from worksheets.views.faded import faded
from worksheets.views.inverse import inverse
from worksheets.views.page import Page
from worksheets.vocabulary import theme as themes

PDF = frozenset({"pdf"})
SCRIPT = """
import sys
import worksheets as ws
sheet = ws.sheet("matmul", level=1, number=int(sys.argv[1]))
print(sorted(ws.files(sheet, {"pdf", "form", "xlsx"})))
print(sorted({"weasyprint", "jinja2", "sympy", "babel"} & set(sys.modules)))
from worksheets.marking.feedback import feedback
from worksheets.marking.heat_map import heat_map
heat_map("matmul", 1, "a4", {})
feedback("matmul", 1, "a4")
print("weasyprint" in sys.modules)
"""
OWN = """
name = "garden"
title = "What grows when nobody looks after it?"
bias = "Many texts on gardens take it that weeds are the worst plants, whatever they are good for."
value = "People prefer words that see what a plant is good for before they say what it is called."
teacher = "Ask who decided that it is a weed."
link = "is"
subjects = ["nettle", "clover", "daisy", "thistle", "sorrel"]
losing = "weed"
winning = "flower"
"""


def pixels(content):
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=100 / 72).to_numpy().astype(np.int16) for page in document]


def compare(sheet, page, view):
    """Blank and solved are the rendered ones, with as many pages."""
    ours = single.blank_and_solved(sheet, page, view)
    oracle = render_both(sheet, page=page, view=view)
    for one, other in zip(map(pixels, ours), map(pixels, oracle), strict=True):
        assert len(one) == len(other)
        for image, expected in zip(one, other, strict=True):
            assert np.abs(image - expected).max() <= 2
    return ours


@pytest.mark.slow
@pytest.mark.parametrize("kind", whole_run.chosen(3, list(all_kinds())))
def test_a_filled_layout_is_the_rendered_sheet(kind):
    level = level_now(kind)
    (sheet,) = make([identity(kind, level, whole_run.numbers()[0])])
    page = Page(paper=("a4", "letter")[(whole_run.seed() + len(kind)) % 2])
    blank, _ = compare(sheet, page, faded(sheet.graph, ""))
    report = page_validation.validate_pdf_bytes(blank, profile="ua1")
    assert report.is_compliant, [(fault.rule_id, fault.message) for fault in report.failures]
    assert sheet_files(sheet, PDF, page)[f"{sheet.id}-blank.pdf"] == blank


@pytest.mark.slow
def test_faded_and_spanish_sheets_are_filled_as_well():
    (sheet,) = make([identity("rlhf", 1, 7)])
    compare(sheet, Page(fade="one-cell"), faded(sheet.graph, "one-cell"))
    (sheet,) = make([replace(identity("dpo", 1, 7), language="es")])
    compare(sheet, Page(), faded(sheet.graph, ""))


@pytest.mark.slow
def test_a_grey_sheet_has_what_the_other_has_without_its_colours():
    (sheet,) = make([identity("matmul", 1, 7)])
    grey, other = (sheet_files(sheet, PDF, Page(grey=grey)) for grey in (True, False))
    for name in other:
        assert characters(grey[name]) == characters(other[name])
        (colours,) = pixels(other[name])
        (page,) = pixels(grey[name])
        assert np.ptp(colours[..., :3], axis=2).max() > 50
        assert np.ptp(page[..., :3], axis=2).max() <= 2
    form, plain = (sheet_files(sheet, {"form"}, Page(grey=grey)) for grey in (True, False))
    assert set(form) == set(plain)
    assert form != plain


def characters(content):
    return [(one["text"], one["x0"], one["top"]) for one in plain_characters(content)]


@pytest.mark.slow
def test_a_theme_of_somebodys_own_is_filled_and_its_long_texts_wrap_as_rendered(tmp_path):
    path = tmp_path / "garden.toml"
    path.write_text(OWN, "utf-8")
    theme = themes.find(str(path))
    own = replace(identity("rlhf", 1, 5), theme="Z", own_theme=theme.own_mark)
    (sheet,) = make([own], theme)
    compare(sheet, Page(), faded(sheet.graph, ""))


@pytest.mark.slow
def test_what_no_layout_can_hold_is_rendered(tmp_path):
    """An inverse sheet, and words in letters that the page's fonts lack."""
    (sheet,) = make([identity("matmul", 1, 7)])
    view, page = inverse(sheet), Page(inverse=True)
    assert single.blank_and_solved(sheet, page, view) == render_both(sheet, page=page, view=view)
    path = tmp_path / "greek.toml"
    path.write_text(OWN.replace('"flower"', '"άνθος"'), "utf-8")
    theme = themes.find(str(path))
    own = replace(identity("rlhf", 1, 5), theme="Z", own_theme=theme.own_mark)
    (sheet,) = make([own], theme)
    rendered = render_both(sheet)
    assert single.blank_and_solved(sheet, Page(), faded(sheet.graph, "")) == rendered


@pytest.mark.slow
def test_kept_layouts_give_pages_forms_and_feedback_without_the_renderer():
    """Two processes: the first may have to lay out, the second finds it kept."""
    for number in (1, 2):
        line = [sys.executable, "-c", SCRIPT, str(number)]
        done = subprocess.run(line, capture_output=True, check=True, encoding="utf-8")
        files, loaded, renderer = done.stdout.splitlines()
        assert all(end in files for end in ("-blank.pdf", "-fillable.pdf", ".xlsx"))
    assert (loaded, renderer) == ("[]", "False")
