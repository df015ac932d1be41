"""A page has its steps in order, each under its own title, and an arrow that points at its end."""

import pytest
from every_kind import LEVELS

from worksheets import exercise
from worksheets.render.autolayout.pages import pages
from worksheets.render.autolayout.pay_off import LOOK
from worksheets.render.autolayout.piece import NARROW, Piece, letters_of


def pieces(kind: str, level: int, language: str = "en") -> list[Piece]:
    return [piece for page in pages(kind, level, language) for piece in page.pieces]


def where(kind: str, level: int, name: str) -> Piece:
    """Where a line is worked out."""
    node = exercise.graph(kind, level).lines[name].node
    return next(p for p in pieces(kind, level) if p.line is node and "copy" not in p.style)


def beside(kind: str, level: int, name: str) -> list[str]:
    """What is said at the left of a line's row, with what follows the name."""
    row = where(kind, level, name)
    return [
        f"{one.strong} {one.text}".replace("\N{NO-BREAK SPACE}", " ").strip()
        for one in pieces(kind, level)
        if one.style == "row-name" and row.y - 1 <= one.y <= row.y + row.height
    ]


@LEVELS
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_arrow_points_at_the_last_result(kind: str, level: int, language: str) -> None:
    last = pages(kind, level, language)[-1].pieces
    said = [piece for piece in last if piece.style.startswith(LOOK)]
    (result,) = [piece for piece in last if "payoff" in piece.style]
    for one in said:
        left, right = one.x, one.x + one.width
        if one.text[0] in "↑↓":
            assert result.x - 0.1 <= left <= result.x + result.width - 2
        elif one.text[-1] in "↑↓":
            assert result.x + 2 <= right <= result.x + result.width + 0.1
        elif one.text[0] == "←" or one.text[-1] == "→":
            assert left >= result.x + result.width or right <= result.x
            assert one.y < result.y + result.height
            assert one.y + one.height > result.y
        else:  # it stands elsewhere, and names it
            graph = exercise.graph(kind, level, language)
            assert one.text.startswith(f"{graph.answers[-1].title}: ")


@LEVELS
def test_narrow_cells_hold_no_sign_with_a_point_and_two_digits(kind: str, level: int) -> None:
    for piece in pieces(kind, level):
        if piece.line is not None and piece.cell == NARROW:
            assert letters_of(piece.line) <= 3


def test_two_rows_that_read_one_matrix_stand_below_it() -> None:
    sampled, first, second = (
        where("rloo", 2, name) for name in ("sampled", "advantage_sums", "reward_sums")
    )
    assert sampled.x == first.x == second.x
    assert sampled.y + sampled.height < first.y < second.y
    assert "U = A times the columns of S" in beside("rloo", 2, "advantage_sums")
    assert len(pages("rloo", 2)) == 1


def test_a_sum_in_a_formula_has_brackets_and_a_repeated_row_its_number() -> None:
    assert "G = (P − Y) ⊙ (0.5 · mask)" in beside("sft", 2, "masked_error")


def test_one_of_two_goes_by_its_label() -> None:
    said = beside("constitutional", 3, "trained_gap")
    assert "gap′ = (B) of r′ − (A) of r′" in said


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_row_stands_under_the_title_of_its_own_step(level: int) -> None:
    loss = where("pretraining", level, "loss")
    titles = [one for one in pieces("pretraining", level) if one.kind == "step"]
    near = [one for one in titles if one.y <= loss.y + 4 and one.x < loss.x]
    lowest = max(near, key=lambda one: (one.y, one.x))
    assert lowest.number == 5


def test_a_title_wider_than_its_place_stands_above_the_columns() -> None:
    gradient = where("kl_optimum", 3, "log_probability_gradient")
    title = next(one for one in pieces("kl_optimum", 3) if one.number == 17)
    assert title.x + title.width > gradient.x
    assert title.y + title.height <= gradient.y - 4
