"""Texts are measured as the renderer sets them, and no word stands alone on a last line."""

import pytest
from every_kind import LEVELS, identity
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from worksheets.render.metrics import BOLD, NO_BREAK, REGULAR, bound, lines, width_of
from worksheets.render.page import html
from worksheets.render.pdf import document
from worksheets.sheet import make

PIXEL = 25.4 / 96  # mm
TEXTS = ["J ≈ 2 decimals", "−0.25", "The root of the mean of the squares; it comes out whole."]


def laid_out(text, style):
    """The lines of a paragraph as the renderer breaks it, each with its width in mm."""
    (page,) = document(f'<div style="{style}">{text}</div>').pages
    return [
        (line, sum(box.width for box in line.descendants() if isinstance(box, TextBox)) * PIXEL)
        for line in page._page_box.descendants()
        if isinstance(line, LineBox)
    ]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("weight", "file"), [(400, REGULAR), (700, BOLD)])
def test_a_text_is_as_wide_as_the_renderer_sets_it(text, weight, file):
    ((_, wide),) = laid_out(text, f"font: {weight} 9pt Sheet Sans")
    assert width_of(text, 9, file) == pytest.approx(wide, abs=0.01)


@pytest.mark.parametrize("room", [26, 35, 50, 70])
def test_a_text_has_as_many_lines_as_the_renderer_breaks_it_into(room):
    for text in (TEXTS[2], bound(TEXTS[2], room, 9)):
        found = laid_out(text, f"font: 9pt Sheet Sans; width: {room}mm")
        assert lines(text, room, 9) == len(found)


def test_the_last_two_words_stay_together_where_a_line_holds_both():
    assert bound("it comes out whole.", 30, 9) == f"it comes out{NO_BREAK}whole."
    assert bound("comes out", 30, 9) == "comes out"
    assert bound("an extraordinarily incomprehensible word", 20, 9).count(NO_BREAK) == 0


def test_the_sheets_own_words_are_as_long_as_they_may_be():
    assert width_of("{loser}", 9) == width_of("n" * 7, 9)
    assert width_of("{constant.beta}", 9) == width_of("0000", 9)


@LEVELS
def test_no_word_stands_alone_on_a_last_line(kind, level):
    (sheet,) = make([identity(kind, level, 1)])
    for page in document(html(sheet, solved=False)).pages:
        for box in page._page_box.descendants(placeholders=True):
            some = [one for one in getattr(box, "children", ()) if isinstance(one, LineBox)]
            if len(some) > 1:
                said = "".join(getattr(one, "text", "") for one in some[-1].descendants())
                assert len(said.split()) > 1, said
