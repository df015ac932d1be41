"""A kind with every operation and eight wide columns passes what the pages of real kinds do."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pages
import pdfium
import pytest
import test_every_page as every_page

from worksheets import exercise, language
from worksheets.engine.notation import on_paper
from worksheets.render.pdf import render_pdf
from worksheets.views.page import Page

pytestmark = pytest.mark.slow
KIND, LEVELS = "every_operation", (1, 2, 3, 4)


@pytest.fixture(scope="module", autouse=True)
def _with_the_kind() -> Iterator[None]:
    """The program finds one kind more, and its sentences, for these tests alone."""
    folder, found = Path(__file__).parent / "kinds_drawn", language.catalogue_of
    exercise.kinds_folders.append(str(folder))
    exercise.all_kinds.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        own = folder / f"{KIND}.po"
        patch.setattr(
            language, "catalogue_of", lambda *which: own if KIND in which else found(*which)
        )
        yield
    exercise.kinds_folders.pop()
    exercise.all_kinds.cache_clear()
    sys.modules.pop(f"worksheets.kinds.{KIND}")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "holds",
    [
        every_page.test_the_solved_page_shows_the_key_and_no_other_handwriting,
        every_page.test_no_answer_changes_a_byte_of_the_blank_page,
        every_page.test_no_blank_page_has_the_font_of_answers,
        every_page.test_blank_and_solved_are_laid_out_alike,
        every_page.test_text_lies_on_the_page_and_cells_have_room,
        every_page.test_no_page_is_left_half_empty,
    ],
)
def test_its_pages_are_as_those_of_others(level: int, holds: Callable[[str, int], None]) -> None:
    holds(KIND, level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("solved", [False, True])
def test_what_is_given_is_printed(level: int, solved: bool) -> None:
    every_page.test_what_is_given_is_printed(KIND, level, solved)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("solved", [False, True])
def test_what_differs_between_sheets_can_be_stamped(level: int, solved: bool) -> None:
    every_page.test_what_differs_between_sheets_can_be_stamped(KIND, level, solved)


@pytest.mark.parametrize("level", LEVELS)
def test_its_pages_are_accessible(level: int) -> None:
    every_page.test_the_pdf_is_accessible_and_nothing_is_logged(KIND, level)


@pytest.mark.parametrize("level", LEVELS)
def test_large_print_has_every_answer_on_the_page(level: int) -> None:
    """Eight wide columns go on below."""
    sheet = every_page.sheet(KIND, level)
    content = render_pdf(sheet, solved=True, page=Page(paper="letter", large_print=True))
    edge = 9 * every_page.POINTS
    for page in pdfium.read(content):
        assert all(edge < one["x0"] < one["x1"] < page.width - edge for one in page.characters)
    key = Counter(
        on_paper(cell)
        for line in sheet.key()["lines"]
        if line["role"] == "answer"
        for row in line["values"]
        for cell in row
    )
    assert Counter(pages.in_handwriting(content)) == key


def test_its_stamped_page_is_the_rendered_one() -> None:
    every_page.test_a_stamped_page_is_the_rendered_one(KIND)
