"""Geometry, access and safety of the pages: what any sheet's PDF has to be."""

import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import page as page_validation
import pages
import pikepdf
import pypdfium2
import pytest
import rendered
import whole_run
from weasyprint.urls import FatalURLFetchingError

import worksheets as ws
from worksheets.ids import Identity
from worksheets.render import pdf as pdf_module
from worksheets.render.pdf import OwnFiles, render_pdf
from worksheets.render.texts import folder
from worksheets.sheet import make
from worksheets.views.page import Page
from worksheets.vocabulary.theme import find

pytestmark = pytest.mark.slow  # dozens of PDFs
POINTS = 72 / 25.4
SIZES = {"a4": (210, 297), "letter": (215.9, 279.4)}
LEVELS = pytest.mark.parametrize("level", [1, 2, 3])
# On Letter a run sees one level, as all are the same pages on another paper.
ON_LETTER = whole_run.chosen(1, [1, 2, 3])
ON_PAPER = pytest.mark.parametrize(
    ("level", "paper"),
    [*((one, "a4") for one in (1, 2, 3)), *((one, "letter") for one in ON_LETTER)],
)
BOTH = pytest.mark.parametrize("solved", [False, True])

WIDE = """
name = "wide"
title = "Can <b>wide</b> words & “signs” fit?"
bias = "Some words are as wide as words of seven letters are, <script>alert(1)</script>."
value = "People like it when nothing is cut off & nothing overlaps."
link = "swims"
subjects = ["mammoth", "swimmer", "wigwams", "mommies", "memmoww"]
losing = "mummery"
winning = "mammals"
question = "What would somebody who swims with mammoths say to wigwams of mummies?"
answers = ["mummy", "wwwww", "mammon", "swimwear", "homemade", "wigwam"]
sentence = ["mmmmmmm", "{subject}", "wwwwwww"]
next_words = ["swimmww", "mmwwmmw", "wimwams", "mumming", "wommera"]
teacher = "Is <i>this</i> text & that one shown as it was written?"
"""


@pytest.fixture(scope="module")
def wide_words(tmp_path_factory):
    path = tmp_path_factory.mktemp("themes") / "wide.toml"
    path.write_text(WIDE, encoding="utf-8")
    return find(str(path))


@ON_PAPER
@BOTH
def test_pages_are_as_many_and_as_large_as_they_should_be(level, paper, solved):
    with pikepdf.open(BytesIO(pages.pdf(level, solved=solved, paper=paper))) as document:
        sizes = [tuple(float(x) / POINTS for x in page.mediabox) for page in document.pages]
    assert len(sizes) == {1: 2, 2: 3, 3: 4}[level]
    for _, _, width, height in sizes:
        assert (width, height) == pytest.approx(SIZES[paper], abs=0.1)


@pytest.mark.parametrize("level", ON_LETTER)
def test_the_blank_pdf_on_letter_is_accessible(level):
    report = page_validation.validate_pdf_bytes(
        pages.pdf(level, solved=False, paper="letter"), profile="ua1"
    )
    assert report.is_compliant, [(one.rule_id, one.message) for one in report.failures]


def test_the_validator_notices_a_pdf_without_tags():
    with pikepdf.open(BytesIO(pages.pdf(1, solved=False))) as document:
        del document.Root["/StructTreeRoot"]
        changed = BytesIO()
        document.save(changed)
    assert not page_validation.validate_pdf_bytes(changed.getvalue(), profile="ua1").is_compliant


@LEVELS
@BOTH
def test_title_and_language_are_said(level, solved):
    with pikepdf.open(BytesIO(pages.pdf(level, solved=solved))) as document:
        title = str(document.docinfo["/Title"])
        assert title == f"RLHF by hand {pages.sheet(level).id}{', solved' * solved}"
        assert str(document.Root.Lang) == "en"


@LEVELS
@BOTH
def test_every_letter_is_in_the_packages_own_fonts(level, solved):
    """Another machine may have no font that could help out, or another one."""
    shown = pages.characters(pages.pdf(level, solved=solved))
    fonts = {char["fontname"].partition("+")[2] for char in shown}
    own = {"Sheet-Sans", "Sheet-Sans-Bold"}
    assert fonts == (own | {pages.HAND} if solved else own)


@LEVELS
def test_every_sheet_of_a_level_has_the_same_geometry(level):
    def places(number):
        tables = pages.tables(pages.pdf(level, number, solved=True))
        return [(len(one.row_labels), len(one.column_labels)) for one in tables]

    assert all(places(number) == places(1) for number in whole_run.chosen(1, [2, 3]))


def widest(level, words):
    identity = Identity("RLHF", level, 5, theme=words.code, own_theme=words.own_mark)
    return rendered.pdf(make([identity], words)[0], solved=True)


@LEVELS
def test_the_widest_words_fit_their_cells(level, wide_words):
    content = widest(level, wide_words)
    for table in pages.tables(content):
        for row in table.cells:
            for cell, after in pairwise(row):
                assert cell.box[2] <= after.box[0], (cell.text, after.text)
    for char in pages.characters(content):
        assert 9 * POINTS <= char["x0"] <= char["x1"] <= (210 - 9) * POINTS


@LEVELS
def test_markup_in_a_theme_is_text(level, wide_words):
    content = widest(level, wide_words)
    text = "".join(char["text"] for char in pages.characters(content))
    for part in ("<b>wide</b>", "<script>alert(1)</script>", "<i>this</i>", "& that"):
        assert part.replace(" ", "") in text.replace(" ", "")


@LEVELS
def test_nothing_is_logged_on_letter(level):
    _, records = rendered.logged(pages.sheet(level), solved=False, page=Page(paper="letter"))
    assert not records


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.css",
        "http://localhost/",
        "ftp://example.org/a",
        "file:///etc/passwd",
        "file://example.org/etc/passwd",
        "data:text/css,a",
    ],
)
def test_nothing_is_fetched_but_the_packages_own_files(address):
    with pytest.raises(FatalURLFetchingError, match="own files"):
        OwnFiles().fetch(address)


def test_nothing_is_fetched_from_beside_the_packages_own_folder():
    with pytest.raises(FatalURLFetchingError, match="own files"):
        OwnFiles().fetch(f"{folder().as_uri()}/../pyproject.toml")
    assert b"font-face" in OwnFiles().fetch(f"{folder().as_uri()}/sheet.css").read()


@pytest.mark.parametrize("level", whole_run.chosen(1, [1, 2, 3]))
def test_the_same_sheet_is_the_same_bytes_alone_in_a_batch_and_in_another_process(level, tmp_path):
    batch = make([Identity("RLHF", level, number) for number in (8, 1, 5)])
    assert ws.files(batch[1]) == ws.files(pages.sheet(level))
    assert render_pdf(batch[1], solved=True) == pages.pdf(level, 1, solved=True)
    program = Path(__file__).parents[1] / "generator.py"
    command = ["sheet", "rlhf", "--level", str(level), "--number", "0", "--count", "2"]
    subprocess.run(
        [sys.executable, program, *command, "--output", tmp_path],
        check=True,
        env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"},
    )
    for name in ("blank", "solved"):
        written = (tmp_path / f"{pages.sheet(level).id}-{name}.pdf").read_bytes()
        same = written == ws.files(pages.sheet(level))[f"{pages.sheet(level).id}-{name}.pdf"]
        assert same  # to show how bytes differ takes minutes


def test_a_page_needs_none_of_the_default_styles_that_it_does_without(monkeypatch):
    def pixels(content):
        with pypdfium2.PdfDocument(content) as document:
            return [page.render(scale=1).to_numpy() for page in document]

    quick = pixels(pages.pdf(2, solved=True))
    monkeypatch.setattr(pdf_module, "UnstyledPage", pdf_module.HTML)
    slow = pixels(render_pdf(pages.sheet(2), solved=True))
    assert all((one == other).all() for one, other in zip(quick, slow, strict=True))
