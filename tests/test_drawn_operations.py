"""Every operation of the engine is drawn: its matrices, and its sign or name between them."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from exact import labels, number

from worksheets.engine.formula import WORDS
from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import Matrix, beside, stacked
from worksheets.language import ENGLISH, say_in
from worksheets.render.autolayout.pages import BOTTOM, Page, _spread, _ways
from worksheets.render.autolayout.piece import Piece
from worksheets.render.autolayout.row import RIGHT

PART = Part("Part", "purple")
Expression = Callable[[Matrix, Matrix], Matrix]
HALF = Fraction(1, 2)


def laid_out(steps: Callable[[Tracer], None]) -> list[Page]:
    tracer = Tracer()
    steps(tracer)
    found = next(_ways(tracer.graph(), say_in(ENGLISH)))
    for page in found:
        _spread(page)
    return found


def pieces_of(expression: Expression, rows: int = 3, columns: int = 2) -> list[Piece]:
    """Of a line that is this expression of two given matrices X and Y."""

    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Step", PART):
            X, Y = (sheet.given(name, labels(rows), labels(columns), 3) for name in "XY")
            sheet.answer("Z", expression(X, Y), limit=99_999, finest=10_000)

    (page,) = laid_out(steps)
    return page.pieces


def signs(pieces: list[Piece]) -> list[str]:
    """What stands between the matrices, from left to right and row by row, and below a sign."""
    styles = ("sign", "over", "under")
    found = [piece for piece in pieces if piece.kind == "note" and piece.style in styles]
    return [piece.text for piece in found]


OPERATIONS: dict[str, tuple[Expression, list[str]]] = {
    "sum": (lambda X, Y: X + Y, ["+", "="]),
    "difference": (lambda X, Y: X - (Y - X), ["−", "(", "−", ")", "="]),
    "negative": (lambda X, Y: -(X + Y), ["−", "(", "+", ")", "="]),
    "multiply_entries": (lambda X, Y: X * (Y + X), ["⊙", "(", "+", ")", "="]),
    "times a constant": (lambda X, Y: X - Y * HALF, ["−", "0.5", "·", "="]),
    "quotient": (lambda X, Y: X.divided(Y, 100), ["÷", "="]),
    "quotient by a number": (lambda X, Y: X.divided(number(4), 100), ["÷", "4", "="]),
    "step_down by a constant": (lambda X, Y: X.step_down(Y, number(10)), ["−", "0.1", "·", "="]),
    "step_down": (lambda X, Y: X.step_down(Y, Y.sum_of_all()), ["−", "÷", "add all (", ")", "="]),
    "rounded": (lambda X, Y: (X * HALF).rounded(0), ["·", "0.5", "≈", "whole number"]),
    "rounded to decimals": (lambda X, Y: (X * HALF).rounded(2), ["·", "0.5", "≈", "2 decimals"]),
    "rounded inside": (
        lambda X, Y: Y - (X * HALF).rounded(1),
        ["−", "≈ (", "1 decimal", "0.5", "·", ")", "="],
    ),
    "minimum": (lambda X, Y: X.minimum(Y), ["min (", ",", ")", "="]),
    "maximum": (lambda X, Y: X.maximum(0), ["max (", ",", "0", ")", "="]),
    "exceeds": (lambda X, Y: X.exceeds(Y), [">", "1 if so, else 0"]),
    "clip": (lambda X, Y: X.clip(Fraction(4, 5), Fraction(6, 5)), ["clip 0.8 … 1.2"]),
    "relu": (lambda X, Y: X.relu(), ["ReLU"]),
    "relu inside": (lambda X, Y: Y + X.relu(), ["+", "ReLU (", ")", "="]),
    "open": (lambda X, Y: X.open(), ["1 if > 0, else 0"]),
    "softmax": (lambda X, Y: X.softmax(1), ["softmax", "1 decimal"]),
    "softmax_where": (lambda X, Y: X.softmax(2, Y), ["where", "softmax", "2 decimals"]),
    "sigma": (lambda X, Y: X.sigma(2), ["σ", "2 decimals"]),
    "sigma of a sum": (lambda X, Y: (X + Y).sigma(1), ["(", "+", ")", "σ", "1 decimal"]),
    "logarithm": (lambda X, Y: -X.logarithm(2), ["−", "log (", "2 decimals", ")", "="]),
    "square_root": (lambda X, Y: X.square_root(1), ["√", "1 decimal"]),
    "powers": (lambda X, Y: X.power_of(3, 0, 3), ["3ᵏ"]),
    "shares": (lambda X, Y: X.shares(10), ["÷ its column’s sum"]),
    "shares inside": (lambda X, Y: X.shares(10) - Y, ["shares (", ")", "−", "="]),
    "sum_of_all": (lambda X, Y: X.sum_of_all(), ["add all"]),
    "largest": (lambda X, Y: X.largest_magnitude(), ["largest size"]),
    "mean": (lambda X, Y: X.mean(), ["mean of each row"]),
    "total of one row": (lambda X, Y: X[:1, :].total(), ["add all"]),
    "mean inside": (lambda X, Y: X.mean() - Y.mean(), ["mean (", ")", "−", "mean (", ")", "="]),
    "product": (lambda X, Y: X @ Y.transposed + 1, ["·", "+", "1", "="]),
    "transpose": (lambda X, Y: X.transposed, ["transposed"]),
    "columns": (lambda X, Y: X.column(-1), ["column 2"]),
    "rows": (lambda X, Y: X[1:3, :], ["rows 2 to 3"]),
    "with_row": (lambda X, Y: X.with_ones(), ["a row of ones below"]),
    "beside": (beside, [",", "side by side"]),
    "stacked": (stacked, [",", "one on the other"]),
    "constant": (lambda X, Y: X.minus_ones(), ["="]),
    "highest": (lambda X, Y: X.highest(), ["highest of each column"]),
    "one_hot": (
        lambda X, Y: X.column(0).highest().one_hot(labels(3)),
        ["highest (", ")", "one-hot"],
    ),
}
OF_WORDS = {"look_up", "same_word"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_its_sign_or_name_stands_between_the_matrices(name: str) -> None:
    expression, expected = OPERATIONS[name]
    assert signs(pieces_of(expression)) == expected


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(("rows", "columns"), [(3, 2), (8, 2), (3, 8)])
def test_the_result_is_on_the_page_and_nothing_overlaps(name: str, rows: int, columns: int) -> None:
    expression, _ = OPERATIONS[name]
    pieces = pieces_of(expression, rows, columns)
    solid = [piece for piece in pieces if piece.kind != "room"]
    assert len([piece for piece in solid if piece.style == "output"]) == 1
    assert not any(piece.text.startswith("= ") for piece in solid), "said in words"
    for place, one in enumerate(solid):
        assert 0 <= one.x <= one.x + one.width <= RIGHT + 0.01
        assert 0 <= one.y <= one.y + one.height <= BOTTOM
        for other in solid[:place]:
            assert not one.meets(other), (one, other)


def test_no_operation_of_the_engine_is_left_out() -> None:
    """But words, which tests of whole pages show, and given lines."""
    assert set(WORDS) <= set(OPERATIONS) | OF_WORDS


def test_a_line_goes_on_from_the_one_that_its_expression_starts_with() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "One", PART):
            X, Y = (sheet.given(name, labels(2), labels(2), 3) for name in "XY")
            p = sheet.answer("p", X + Y)
        with sheet.step(2, "Two", PART):
            T = sheet.given("T", labels(2), labels(2), 3)
            sheet.answer("d", p - T)

    (page,) = laid_out(steps)
    (p, d) = (piece for piece in page.pieces if piece.style == "output")
    shown = [piece for piece in page.pieces if piece.kind == "matrix"]
    assert len(shown) == 5  # X, Y, p, T and d: p is not copied
    assert p.y == d.y
    assert signs(page.pieces) == ["+", "=", "−", "="]


def test_what_looks_up_words_shows_the_table_and_the_words() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Look up", PART):
            E = sheet.given("E", labels(2), ("a", "b", "c"), 3)
            scores = sheet.given("S", ("a", "b"), ("1", "2"), 3)
            words = sheet.answer("w", scores.highest())
            sheet.answer("X", E.columns(words.column(0), words.column(1)))
            sheet.answer("Y", E.columns(sheet.word("subject")))
            sheet.answer("Z", words.column(0).same_word(words.column(1)), entries="verdict")

    pages = laid_out(steps)
    found = [sign for page in pages for sign in signs(page.pieces)]
    assert found == [
        *("highest of each column", ",", "look up", ",", "{subject}", "look up"),
        *(",", "same word?"),
    ]


def test_short_lines_of_one_step_stand_below_each_other_and_the_next_step_beside() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Given", PART):
            a, b, c = (sheet.given(name, ("n",), ("v",), 3) for name in "abc")
        with sheet.step(2, "Two", PART):
            d, e = sheet.answer("d", a - b), sheet.answer("e", b - c)
        with sheet.step(3, "Three", PART):
            sheet.answer("f", c * (d + e))

    (page,) = laid_out(steps)
    d, e, f = (piece for piece in page.pieces if piece.style == "output")
    assert d.x == e.x < f.x
    assert d.y < e.y
