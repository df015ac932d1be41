"""Every operation of the engine is drawn: its matrices, and its sign or name between them."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from exact import labels, number

from worksheets.engine.formula import WORDS
from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import Matrix, beside, filled, stacked
from worksheets.language import ENGLISH, say_in
from worksheets.render.autolayout.frame import ENDS
from worksheets.render.autolayout.pages import Page
from worksheets.render.autolayout.pages import laid_out as pages_of
from worksheets.render.autolayout.piece import CELL_HEIGHT, NARROW, Piece
from worksheets.render.autolayout.row import RIGHT

PART = Part("Part", "purple")
Expression = Callable[[Matrix, Matrix], Matrix]
HALF = Fraction(1, 2)


def laid_out(steps: Callable[[Tracer], None]) -> list[Page]:
    tracer = Tracer()
    steps(tracer)
    return pages_of(tracer.graph(), say_in(ENGLISH))


def pieces_of(expression: Expression, rows: int = 3, columns: int = 2) -> list[Piece]:
    """Of a line that is this expression of two given matrices X and Y."""

    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Step", PART):
            X, Y = (sheet.given(name, labels(rows), labels(columns), 3) for name in "XY")
            sheet.answer("Z", expression(X, Y), limit=99_999, finest=10_000)

    (page,) = laid_out(steps)
    return page.pieces


def said(pieces: list[Piece]) -> str:
    """All that is said of how the line comes about: beside its row, over arrows and between."""
    styles = ("sign", "over", "under", "row-name", "name-of", "strong-name")
    found = [piece for piece in pieces if piece.kind == "note" and piece.style in styles]
    whole = " ".join(f"{piece.strong} {piece.text}" for piece in found)
    return whole.replace("\N{NO-BREAK SPACE}", " ")


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
    "exponents": (lambda X, Y: X.exponent_of(2, -1, 1), ["log₂"]),
    "exponents of a quotient": (
        lambda X, Y: X.divided(Y, 100).exponent_of(2, -1, 1),
        ["÷", "log₂"],
    ),
    "shares": (lambda X, Y: X.shares(10), ["÷ its column’s sum"]),
    "shares inside": (lambda X, Y: X.shares(10) - Y, ["shares (", ")", "−", "="]),
    "sum_of_all": (lambda X, Y: X.sum_of_all(), ["add all"]),
    "following": (lambda X, Y: X.following() - Y, ["next (", ")", "−", "="]),
    "discounted": (lambda X, Y: X.discounted(HALF, 4), ["+ 0.5 · the next one"]),
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
def test_its_sign_or_name_stands_beside_the_matrix(name: str) -> None:
    expression, expected = OPERATIONS[name]
    text = said(pieces_of(expression))
    for sign in expected:
        assert sign.strip(" (") in text


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize(("rows", "columns"), [(3, 2), (8, 2), (3, 8)])
def test_the_result_is_on_the_page_and_nothing_overlaps(name: str, rows: int, columns: int) -> None:
    expression, _ = OPERATIONS[name]
    pieces = pieces_of(expression, rows, columns)
    solid = [piece for piece in pieces if piece.kind != "room"]
    assert len([piece for piece in solid if piece.style == "output"]) == 1
    words = [piece for piece in solid if piece.style == "note" and piece.text.startswith("= ")]
    assert not words, "said in words"
    for place, one in enumerate(solid):
        assert 0 <= one.x <= one.x + one.width <= RIGHT + 0.01
        assert 0 <= one.y <= one.y + one.height <= ENDS["a4"]
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
    found = " ".join(said(page.pieces) for page in pages)
    for text in ("highest of each column", "look up", "{subject}", "column 2 of w"):
        assert text in found


def test_numbers_have_how_beside_them_and_are_not_copied() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Given", PART):
            a, b, c = (sheet.given(name, ("n",), ("v",), 3) for name in "abc")
        with sheet.step(2, "Two", PART):
            d = sheet.answer("d", a - b)
            sheet.answer("e", b - c)
        with sheet.step(3, "Three", PART):
            sheet.answer("f", c * d)

    (page,) = laid_out(steps)
    d, e, f = (piece for piece in page.pieces if piece.style == "output")
    assert d.y <= e.y
    assert e.y <= f.y or e.x + e.width < f.x  # below, or beside in a column of its own
    assert len([piece for piece in page.pieces if piece.kind == "matrix"]) == 6  # none is copied
    for text in ("= a − b", "= b − c", "= c · d"):
        assert text in said(page.pieces)


def test_a_row_of_items_is_one_ledger_with_sums_at_the_ends_of_rows() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Mean", PART):
            r = sheet.given("r", ("good", "fair", "bad"), ("value",), 9)
            third = filled(("mean",), ("good", "fair", "bad"), Fraction(1, 3))
            mean = sheet.answer("mean", third @ r)
        with sheet.step(2, "Deviations", PART):
            d = sheet.answer("d", r - mean)
        with sheet.step(3, "Squares", PART):
            s = sheet.answer("s", d * d, limit=99_999)
            sheet.answer("sum", s.sum_of_all(), limit=99_999)

    (page,) = laid_out(steps)
    rows = [piece for piece in page.pieces if piece.kind == "matrix" and piece.width > 20]
    boxes = [piece for piece in page.pieces if piece.kind == "matrix" and piece.width < 20]
    assert [piece.x for piece in rows] == [rows[0].x] * 3  # r, d and s, turned, none of them twice
    assert [piece.y for piece in rows] == sorted(piece.y for piece in rows)
    assert sum(piece.columns for piece in rows) == 1  # the items' words stand over them once
    assert [box.y for box in boxes] == [rows[0].y, rows[2].y]
    assert "= d ⊙ d" in said(page.pieces)


def test_what_flows_back_is_read_both_ways_where_it_stands() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Weights", PART):
            X = sheet.given("X", labels(3), labels(2), 3)
            G = sheet.given("G", labels(2), labels(2), 3)
            sheet.answer("dW", G @ X.transposed)
        with sheet.step(2, "Inputs", PART):
            V = sheet.given("V", labels(2), labels(3), 3)
            sheet.answer("dX", V.transposed @ G)

    (page,) = laid_out(steps)
    matrices = [piece for piece in page.pieces if piece.kind == "matrix"]
    assert len(matrices) == 5  # G stands there once
    (slopes,) = (
        piece for piece in matrices if (piece.width, piece.height) == (2 * NARROW, 2 * CELL_HEIGHT)
    )
    left = [piece for piece in matrices if piece.x == slopes.x and piece is not slopes]
    assert [piece.y > slopes.y for piece in left] == [True]  # dX stands below it
    assert any(piece.y == slopes.y and piece.x > slopes.x for piece in matrices)  # dW beside
