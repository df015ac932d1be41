"""Printed tables of functions, held against floats: every argument that may come, and its value."""

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import product

import pytest
from exact import labels

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import Matrix
from worksheets.language import ENGLISH, say_in
from worksheets.render.autolayout.corner import filled
from worksheets.render.autolayout.drawing import Drawing
from worksheets.render.autolayout.piece import Piece
from worksheets.render.autolayout.tables import shapes
from worksheets.render.autolayout.tabulated import LESS, MORE, Tabulated, tabulated
from worksheets.render.captions import FunctionRows
from worksheets.render.large import WIDTH

PART = Part("Part", "purple")


def tables_of(tracer: Tracer) -> list[Tabulated]:
    """Those of its line y."""
    lines = tracer.graph().lines
    return tabulated(lines["y"], {line.node for line in lines.values()}, say_in(ENGLISH))


def tables(
    expression: Callable[[Matrix], Matrix], bound: int = 3, divisor: int = 1
) -> list[Tabulated]:
    """Of a line that is this expression of numbers within ±bound, in parts of 1/divisor."""
    tracer = Tracer()
    with tracer.step(1, "Step", PART):
        given = tracer.given("given", labels(2), labels(2), bound * divisor)
        value = tracer.answer("x", given * Fraction(1, divisor), finest=divisor)
        tracer.answer("y", expression(value))
    return tables_of(tracer)


def table(
    expression: Callable[[Matrix], Matrix], bound: int = 3, divisor: int = 1
) -> dict[str, str]:
    (found,) = tables(expression, bound, divisor)
    return {key.replace("−", "-"): value.replace("−", "-") for key, value in found.pairs}


def boxes(*some: tuple[float, float, float, float]) -> Drawing:
    """Hold these: x, y, width and height in mm."""
    return Drawing(pieces=[Piece("note", *box) for box in some])


@pytest.mark.parametrize(
    ("width", "height", "wanted"),
    [
        (40, 30, (103, 0)),  # at the right of what is narrow
        (40, 56, (103, 0)),  # 3 mm above what is wide
        (40, 57, None),  # nearer to that: it would have to stand at its right
        (8, 57, (173, 0)),
        (79, 30, None),  # 182 mm are wider than a page
        (40, 80, None),  # higher than the drawing
    ],
)
def test_a_table_stands_where_a_drawing_leaves_room(
    width: float, height: float, wanted: tuple[float, float] | None
) -> None:
    found = filled(boxes((0, 0, 100, 59), (0, 59, 170, 20)), boxes((0, 0, width, height)))
    assert (found and (found.pieces[-1].x, found.pieces[-1].y)) == wanted


def sigma(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@pytest.mark.parametrize(("bound", "decimals"), [(2, 1), (3, 1), (9, 1), (9, 2), (4, 3)])
def test_sigma_of_whole_numbers_on_both_sides_of_0(bound: int, decimals: int) -> None:
    found = table(lambda x: x.sigma(decimals), bound)
    for x in range(-bound, bound + 1):
        shown = found.get(str(x)) or found[LESS if x < 0 else MORE]
        assert abs(float(shown) - sigma(x)) <= 0.5 * 10**-decimals, x


def test_sigma_of_tenths_from_0_on_and_in_ten_columns() -> None:
    (found,) = tables(lambda x: x.sigma(2), 9, 10)
    pairs = dict(found.pairs)
    for tenths in range(91):
        shown = pairs.get(f"{tenths / 10:g}") or pairs[MORE]
        assert abs(float(shown) - sigma(tenths / 10)) <= 0.005
    (printed,) = (piece.table for piece in shapes(found)[0].pieces if piece.table)
    assert printed.head == tuple(f"{n / 10:g}" for n in range(10))
    for label, values in printed.rows:
        for column, value in zip(printed.head, values, strict=False):
            if value and label != MORE:
                assert abs(float(value) - sigma(float(label) + float(column))) <= 0.005
    assert found.note.replace("\N{NO-BREAK SPACE}", " ") == "σ(−x) = 1 − σ(x)"


def test_sigma_of_hundredths_says_where_its_value_changes() -> None:
    found = [(float(x), float(y)) for x, y in table(lambda x: x.sigma(1), 9, 100).items()]
    assert len(found) == 6  # 0.5 to 1
    for hundredths in range(901):
        x = hundredths / 100
        shown = [value for start, value in found if start <= x][-1]
        assert abs(shown - sigma(x)) <= 0.05, x


@pytest.mark.parametrize("decimals", [1, 2])
def test_shares_by_the_table_are_the_keys_unless_they_lie_at_a_border(decimals: int) -> None:
    found = table(lambda x: x.softmax(decimals), 9)
    unit = 10**decimals
    near = 0
    for scores in product(range(6), repeat=4):
        highest = max(scores)
        powers = [float(found.get(str(k - highest), found.get(LESS, "0"))) for k in scores]
        exact = [math.exp(k - highest) for k in scores]
        for power, true in zip(powers, exact, strict=True):
            share, key = power / sum(powers) * unit, true / sum(exact) * unit
            if abs(key % 1 - 0.5) < 0.02:
                near += 1
            else:
                assert round(share) == round(key), scores
    assert near < 6**4 * 4 * 0.1


def test_softmax_reaches_as_far_as_scores_can_lie_apart() -> None:
    assert set(table(lambda x: x.softmax(1), 2)) == {"0", "-1", "-2", "-3", "-4"}
    halves = table(lambda x: x.softmax(1), 9, 2)
    assert halves["-0.5"] == "0.607"
    assert halves[LESS] == "0"
    assert float(list(halves.values())[-2]) > 0


def test_large_print_has_every_pair_in_rows_that_fit() -> None:
    (found,) = tables(lambda x: x.sigma(1), 9)
    rows = FunctionRows(found)
    assert [pair for row in rows.rows for pair in row] == list(found.pairs)
    assert rows.rows[0][:2] == (("less", "0"), ("−2", "0.1"))
    assert all(rows.first + len(row) * rows.width <= WIDTH for row in rows.rows)


@pytest.mark.parametrize(
    ("note", "told"), [("Look up eᵏ, and divide by the sum.", True), ("Divide by the sum.", False)]
)
def test_how_a_table_is_used_is_said_once(note: str, told: bool) -> None:
    tracer = Tracer()
    with tracer.step(1, "Softmax", PART):
        given = tracer.given("given", labels(2), labels(2), 3)
        tracer.answer("y", given.softmax(1))
    said = tracer.graph().said(say_in(ENGLISH), str.lower, lambda title: note)
    nodes = {line.node for line in said.lines.values()}
    (found,) = tabulated(said.lines["y"], nodes, say_in(ENGLISH))
    (plain,) = tables(lambda x: x.softmax(1))
    assert found == plain  # a page has one of them
    assert bool(found.note) != told
    notes = [any(piece.kind == "note" for piece in shape.pieces) for shape in shapes(found)]
    assert notes == [not told] * len(notes)


def test_what_is_masked_is_said() -> None:
    (found,) = tables(lambda x: x.softmax(1, x.exceeds(0)))
    assert "What does not count has the share 0." in found.note


def test_logarithms_of_all_that_may_come() -> None:
    found = table(lambda x: x.logarithm(2), 1, 10)
    assert list(found) == [f"{n / 10:g}" for n in range(1, 11)]
    assert all(abs(float(y) - math.log(float(x))) <= 0.005 for x, y in found.items())


def test_logarithms_of_sigma_are_those_of_its_values() -> None:
    tracer = Tracer()
    with tracer.step(1, "Step", PART):
        x = tracer.given("x", labels(1), labels(1), 3)
        p = tracer.answer("p", x.sigma(2))
        tracer.answer("y", -p.logarithm(2))
    (found,) = tables_of(tracer)
    assert [p for p, _ in found.pairs] == [f"{sigma(x):.2f}".rstrip("0") for x in range(-3, 4)]


def test_too_many_logarithms_are_left_to_a_calculator() -> None:
    (found,) = tables(lambda x: x.logarithm(2), 9, 100)
    assert (found.pairs, found.note) == ((), "Use a calculator.")
    assert [piece.text for piece in shapes(found)[0].pieces] == ["Use a calculator."]


def test_no_other_function_has_a_table() -> None:
    assert not tables(lambda x: x.relu() + x)
