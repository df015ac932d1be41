"""Drawings made of a graph alone: where matrices meet, what goes on, and what is too wide."""

from collections.abc import Callable, Mapping

import pytest
from every_kind import LEVELS
from exact import labels, number

from worksheets.engine.graph import Graph, Part, Tracer
from worksheets.ids import LANGUAGES
from worksheets.language import ENGLISH, say_in
from worksheets.render.autolayout.pages import BOTTOM, TOP, _spread, _ways, laid_out, pages
from worksheets.render.autolayout.piece import CELL_HEIGHT, CELL_WIDTH, Piece
from worksheets.render.autolayout.row import RIGHT

FORWARD, BACK = Part("Forward", "purple"), Part("Backward", "orange")
SAY = say_in(ENGLISH)


def drawn(steps: Callable[[Tracer], None], notes: Mapping[str, str] = {}) -> list[list[Piece]]:
    """The pieces of each page, drawings as high as they like; steps have notes by their titles."""
    tracer = Tracer()
    steps(tracer)
    graph = tracer.graph().said(SAY, str.lower, lambda title: notes.get(title, ""))
    found = next(_ways(graph, SAY))
    for page in found:
        _spread(page)
    return [page.pieces for page in found]


def of(pieces: list[Piece], kind: str) -> list[Piece]:
    return [piece for piece in pieces if piece.kind == kind]


def texts(pieces: list[Piece]) -> list[str]:
    return [piece.text for piece in of(pieces, "note")]


def test_a_product_stands_where_rows_meet_columns() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Layer", FORWARD):
            X = sheet.given("inputs", labels(3), labels(4), 3)
            W = sheet.given("weights", labels(2), (*labels(3), "bias"), 3, symbol="W")
            sheet.answer("outputs", W @ X.with_ones(), symbol="Y")

    (pieces,) = drawn(steps, {"Layer": "Rows by columns."})
    weights, inputs, outputs = of(pieces, "matrix")  # each once: no copies of what is given
    assert (weights.width, weights.height) == (4 * CELL_WIDTH, 2 * CELL_HEIGHT)
    assert (inputs.width, inputs.height) == (4 * CELL_WIDTH, 4 * CELL_HEIGHT)
    assert (outputs.x, outputs.width) == (inputs.x, inputs.width)
    assert (outputs.y, outputs.height) == (weights.y, weights.height)
    (down,), (right,) = of(pieces, "down"), of(pieces, "right")
    assert (down.y, down.y + down.height) == (inputs.y + inputs.height, outputs.y)
    assert (right.x, right.x + right.width) == (weights.x + weights.width, outputs.x)
    assert {"W", "Y", "inputs", "Rows by columns."} <= set(texts(pieces))


def test_a_layer_goes_on_from_the_one_before() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "First", FORWARD):
            X = sheet.given("inputs", labels(2), labels(2), 3)
            W1 = sheet.given("first", labels(2), (*labels(2), "bias"), 3)
            raw = sheet.answer("raw", W1 @ X.with_ones())
        with sheet.step(2, "ReLU", FORWARD):
            active = sheet.answer("active", raw.relu())
        with sheet.step(3, "Second", FORWARD):
            W2 = sheet.given("second", labels(2), (*labels(2), "bias"), 3)
            sheet.answer("outputs", W2 @ active.with_ones())

    (pieces,) = drawn(steps)
    _, _, raw, active, second, outputs = of(pieces, "matrix")
    assert active.y == raw.y
    assert active.height == raw.height + CELL_HEIGHT  # the row of ones came below
    assert (outputs.x, outputs.y) == (active.x, second.y)
    assert [piece.number for piece in of(pieces, "step")] == [1, 2, 3]
    assert "ReLU" in texts(pieces)


def test_sums_stand_side_by_side_with_their_signs() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Sum", FORWARD):
            a, b = (sheet.given(name, labels(2), labels(2), 3) for name in "ab")
            c = sheet.answer("c", a - b)
        with sheet.step(2, "Scaled", FORWARD):
            sheet.answer("d", c * number(2))
            sheet.answer("e", (a + b) * (a - 1))

    (pieces,) = drawn(steps)
    signs = [piece.text for piece in of(pieces, "note") if piece.style == "sign"]
    assert signs == ["−", "=", "·", "2", "=", "(", "+", ")", "⊙", "(", "−", "1", ")", "="]
    first, second, third, *_ = of(pieces, "matrix")
    assert first.y == second.y == third.y
    assert first.x < second.x < third.x


def test_what_is_too_wide_goes_on_below_before_a_sign() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Update", FORWARD):
            W, g = (sheet.given(name, labels(2), labels(7), 3) for name in ("W", "g"))
            rate = sheet.given("rate", ("rate",), ("value",), 9)
            sheet.answer("trained", W.step_down(g, sheet.rate("eta", rate)))

    (pieces,) = drawn(steps)
    matrices = of(pieces, "matrix")
    weights, gradient, trained = (one for one in matrices if one.height > CELL_HEIGHT)
    assert weights.y == gradient.y < trained.y
    assert "− {constant.eta} ·" in texts(pieces)


@pytest.mark.parametrize(("function", "decimals"), [("softmax", 1), ("sigma", 2), ("logarithm", 2)])
def test_functions_have_their_table_beside_them(function: str, decimals: int) -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Function", FORWARD):
            value = sheet.given("value", labels(2), ("a",), 3)
            sheet.answer("result", getattr(value, function)(decimals))
            sheet.answer("again", getattr(value, function)(decimals))

    (pieces,) = drawn(steps)
    (table,) = of(pieces, "table")  # once on the page
    known = {  # e to the power k, σ(x) and log p
        "softmax": {"0": "1", "−1": "0.368", "−2": "0.135", "−6": "0.002"},
        "sigma": {"0": "0.5", "1": "0.73", "−2": "0.12", "3": "0.95"},
        "logarithm": {"1": "0", "2": "0.69", "3": "1.1"},
    }
    assert table.table
    ((_, values),) = table.table.rows
    pairs = dict(zip(table.table.head, values, strict=True))
    assert {argument: pairs[argument] for argument in known[function]} == known[function]


def test_a_step_is_named_again_where_what_stands_above_is_not_its_own() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "First", FORWARD):
            a = sheet.given("a", labels(2), labels(3), 3)
            b = sheet.answer("b", sheet.given("w", labels(2), labels(2), 3) @ a)
        with sheet.step(2, "Second", FORWARD):
            c = sheet.answer("c", sheet.given("v", labels(2), labels(2), 3) @ a)
            sheet.answer("d", (b + c) * (b - c) * (a + a))
            sheet.answer("e", (c + b) * (c - b) * (a - c))

    (pieces,) = drawn(steps, {"Second": "Do it."})
    one, two, again = of(pieces, "step")
    assert [one.text, two.text, again.text] == ["First", "Second", "Second, continued"]
    assert one.y == two.y < again.y  # side by side: what comes below might be of either
    assert again.number == 2
    assert texts(pieces).count("Do it.") == 1


@LEVELS
@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_a_page_begins_with_the_step_that_it_shows(kind: str, level: int, language: str) -> None:
    assert {page.pieces[0].kind for page in pages(kind, level, language)} == {"step"}


def independent_steps(count: int) -> Graph:
    """Products, each so high that three fill a page, and so wide that none stands beside one."""
    tracer = Tracer()
    for number_ in range(1, count + 1):
        with tracer.step(number_, f"Step {number_}", FORWARD):
            a = tracer.given(f"a{number_}", labels(6), labels(8), 3)
            b = tracer.given(f"b{number_}", labels(1), labels(6), 3)
            tracer.answer(f"c{number_}", b @ a)
    return tracer.graph().said(SAY, str.lower, lambda title: "")


@pytest.mark.parametrize(
    ("count", "wanted"), [(3, [[1, 2, 3]]), (4, [[1, 2], [3, 4]]), (5, [[1, 2, 3], [4, 5]])]
)
def test_steps_are_spread_evenly_over_as_few_pages_as_they_take(
    count: int, wanted: list[list[int]]
) -> None:
    found = laid_out(independent_steps(count), SAY)
    steps = [[piece.number for piece in of(page.pieces, "step")] for page in found]
    assert steps == wanted
    assert len(found) == len(next(_ways(independent_steps(count), SAY)))


@pytest.mark.parametrize(
    ("kind", "level"),
    [("attention", 2), ("ppo", 2), ("dpo", 3), ("pretraining", 2), ("backprop", 3)],
)
def test_no_page_is_mostly_room(kind: str, level: int) -> None:
    found = pages(kind, level)
    rooms = [one for page in found for one in of(page.pieces, "room")]
    assert rooms
    assert all(one.width * one.height < RIGHT * (BOTTOM - TOP) / 2 for one in rooms)


def test_parts_have_frames_and_nothing_overlaps_or_leaves_the_page() -> None:
    def steps(sheet: Tracer) -> None:
        for number_, part in enumerate((FORWARD, BACK, FORWARD, BACK), start=1):
            with sheet.step(number_, "A step with a long title", part):
                a = sheet.given(f"a{number_}", labels(5), labels(6), 3)
                b = sheet.given(f"b{number_}", labels(4), labels(5), 3)
                c = sheet.answer(f"c{number_}", b @ a)
                sheet.answer(f"d{number_}", c.relu())

    found = drawn(steps, {"A step with a long title": "Do it. " * 12})
    assert len(found) > 1
    for pieces in found:
        solid = [one for one in pieces if one.kind in ("matrix", "note", "step", "room", "space")]
        for place, one in enumerate(solid):
            assert 0 <= one.x <= one.x + one.width <= RIGHT + 0.01
            assert 0 <= one.y <= one.y + one.height <= BOTTOM
            for other in solid[:place]:
                assert not one.meets(other), (one, other)
