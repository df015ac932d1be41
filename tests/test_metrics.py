"""Texts are measured as the renderer sets them, and no word stands alone on a last line."""

import pytest
from every_kind import IN_TURN, identity
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from worksheets.render.metrics import (
    BOLD,
    HAND,
    NO_BREAK,
    POINT,
    REGULAR,
    bound,
    lines,
    longest_of,
    shift,
    width_of,
)
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


@pytest.mark.slow
@IN_TURN
def test_no_word_stands_alone_on_a_last_line(kind, level):
    (sheet,) = make([identity(kind, level, 1)])
    for page in document(html(sheet, solved=False)).pages:
        for box in page._page_box.descendants(placeholders=True):
            some = [one for one in getattr(box, "children", ()) if isinstance(one, LineBox)]
            if len(some) > 1:
                said = "".join(getattr(one, "text", "") for one in some[-1].descendants())
                assert len(said.split()) > 1, said


@pytest.mark.parametrize("file", [REGULAR, HAND])
def test_numbers_of_a_column_have_their_points_above_each_other(file):
    def point(text):
        """How far right of its cell's middle a number's point is, in em."""
        before = text.partition(".")[0]
        wide, left = (width_of(some, 100, file) / 100 / POINT for some in (text, before))
        return shift(text, "−00.00", file) - wide / 2 + left

    places = [point(text) for text in ("−12.25", "3", "0.1", "−7", "10.5")]
    assert places == pytest.approx([places[0]] * 5, abs=0.001)
    assert shift("−00.00", "−00.00", file) == 0
    assert shift("them", "−00.00", file) == shift("1/3", "−00.00", file) == 0


def test_the_longest_number_of_a_column_has_the_longest_parts_of_all():
    assert longest_of(["−1", "0.25", "12", "less", ""]) == "−1.25"
    assert longest_of(["more"]) == ""


def test_a_column_of_a_solved_page_is_aligned():
    """Of a ledger whose rows have other decimals, by hand and printed."""
    (sheet,) = make([identity("ppo", 1, 1)])
    where = {}
    for page in document(html(sheet, solved=True)).pages:
        for box in page._page_box.descendants(placeholders=True):
            if box.element_tag == "td" and "c1" in (box.element.get("class") or "").split():
                for text in (one for one in box.descendants() if isinstance(one, TextBox)):
                    hand = "hand" in str(text.style["font_family"]).lower()
                    file, size = HAND if hand else REGULAR, text.style["font_size"]
                    before = text.text.partition(".")[0]
                    x = text.position_x + width_of(before, size, file) / POINT
                    where.setdefault(round(box.position_x), []).append(x)
    longest = max(where.values(), key=len)
    assert len(longest) > 6
    assert max(longest) - min(longest) < 0.3  # of a pixel: signs are kerned
