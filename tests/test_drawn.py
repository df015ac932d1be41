"""Drawings made of a graph alone: where matrices meet, what goes on, and what is too wide."""

from collections.abc import Callable, Mapping

import pytest
from every_kind import LEVELS
from exact import labels, number

from worksheets import exercise
from worksheets.engine.graph import Graph, Part, Tracer
from worksheets.ids import LANGUAGES
from worksheets.language import ENGLISH, say_in
from worksheets.render.autolayout.frame import ENDS
from worksheets.render.autolayout.pages import laid_out, pages
from worksheets.render.autolayout.piece import CELL_HEIGHT, NARROW, Piece
from worksheets.render.autolayout.row import RIGHT
from worksheets.views.page import PAPERS

FORWARD, BACK = Part("Forward", "purple"), Part("Backward", "orange")
SAY = say_in(ENGLISH)


def drawn(steps: Callable[[Tracer], None], notes: Mapping[str, str] = {}) -> list[list[Piece]]:
    """The pieces of each page, drawings as high as they like; steps have notes by their titles."""
    tracer = Tracer()
    steps(tracer)
    graph = tracer.graph().said(SAY, str.lower, lambda title: notes.get(title, ""))
    return [page.pieces for page in laid_out(graph, SAY)]


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
    assert (weights.width, weights.height) == (4 * NARROW, 2 * CELL_HEIGHT)
    assert (inputs.width, inputs.height) == (4 * NARROW, 4 * CELL_HEIGHT)
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

    (pieces,) = drawn(steps)
    signs = [piece.text for piece in of(pieces, "note") if piece.style == "sign"]
    assert signs == ["−", "="]
    first, second, third, fourth = of(pieces, "matrix")  # c is not copied
    assert first.y == second.y == third.y == fourth.y
    assert first.x < second.x < third.x < fourth.x
    assert "c · 2" in texts(pieces)


def test_a_step_of_gradient_descent_prints_its_rate() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Update", FORWARD):
            W, g = (sheet.given(name, labels(2), labels(7), 3) for name in ("W", "g"))
            rate = sheet.given("rate", ("rate",), ("value",), 9)
            sheet.answer("trained", W.step_down(g, sheet.rate("eta", rate)))

    (pieces,) = drawn(steps)
    *_, trained = (one for one in of(pieces, "matrix") if one.height > CELL_HEIGHT)
    assert trained.style == "output"
    assert any("{constant.eta} ·" in text for text in texts(pieces))


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
    rows = table.table.rows
    if len(rows) == 1:  # a strip: arguments above, values below
        pairs = dict(zip(table.table.head, rows[0][1], strict=True))
    else:  # pairs below each other, in several columns
        flat = [text for first, others in rows for text in (first, *others)]
        pairs = dict(zip(flat[::2], flat[1::2], strict=True))
    assert {argument: pairs[argument] for argument in known[function]} == known[function]


def test_a_step_is_named_again_where_it_goes_on_overleaf() -> None:
    def steps(sheet: Tracer) -> None:
        with sheet.step(1, "Products", FORWARD):
            for count in range(5):
                a = sheet.given(f"a{count}", labels(6), labels(8), 3)
                b = sheet.given(f"b{count}", labels(1), labels(6), 3)
                sheet.answer(f"c{count}", b @ a)

    first, second = drawn(steps, {"Products": "Do it."})
    assert [(one.number, one.text) for one in of(first, "step")] == [(1, "Products")]
    assert [(one.number, one.text) for one in of(second, "step")] == [(1, "Products, continued")]
    assert texts(first).count("Do it.") == 1
    assert "Do it." not in texts(second)


@LEVELS
@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_a_page_begins_with_the_step_that_it_shows(kind: str, level: int, language: str) -> None:
    for page in pages(kind, level, language):
        story = 2 if page.pieces[0].kind == "strip" else 0  # its ground and its text
        assert page.pieces[story].kind == "step"


@LEVELS
@pytest.mark.parametrize(("paper", "height"), [("a4", 297), ("letter", 279.4)])
def test_frames_leave_the_foot_and_the_margins_of_their_paper(
    kind: str, level: int, paper: str, height: float
) -> None:
    foot, margin = 16, 7
    for page in pages(kind, level, ENGLISH, paper):
        assert max(one.y + one.height for one in page.frames) + foot + 2 * margin <= height


@LEVELS
@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
@pytest.mark.parametrize("paper", PAPERS)
def test_a_task_covers_nothing_and_moves_nothing_onto_a_bar(
    kind: str, level: int, language: str, paper: str
) -> None:
    bar = 7
    count = len(pages(kind, level, language, paper))
    for length in (80, 120):  # mm
        first, *_ = pages(kind, level, language, paper, (length, *[0] * (count - 1)))
        bars = [Piece("bar", 0, one.y, 190, bar) for one in first.frames]
        solid = [one for one in first.pieces if one is not first.task]
        assert not [(one, other) for one in bars for other in solid if one.meets(other)]
        assert first.task
        assert not any(map(first.task.meets, [*solid, *bars]))
        frame = first.frames[0]
        assert frame.y <= first.task.y <= frame.y + frame.height - first.task.height


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
    ("count", "wanted"), [(3, [[1, 2, 3]]), (4, [[1, 2, 3], [4]]), (5, [[1, 2, 3], [4, 5]])]
)
def test_steps_take_as_few_pages_as_may_be_and_room_is_left_on_the_last(
    count: int, wanted: list[list[int]]
) -> None:
    found = laid_out(independent_steps(count), SAY)
    steps = [[piece.number for piece in of(page.pieces, "step")] for page in found]
    assert steps == wanted


@LEVELS
def test_a_page_has_one_room_to_calculate_at_most(kind: str, level: int) -> None:
    found = pages(kind, level)
    rooms = [of(page.pieces, "room") for page in found]
    assert max(map(len, rooms)) <= 1
    assert all(room.height <= 0.15 * 265 for room in rooms[-1] if room.width > 180)


def matrices(kind: str, level: int, *names: str) -> list[Piece]:
    """Return these lines where they stand first."""
    lines = exercise.graph(kind, level).lines
    pieces = [piece for page in pages(kind, level) for piece in page.pieces]
    return [next(p for p in pieces if p.line is lines[name].node) for name in names]


def test_a_row_that_is_longer_stands_in_its_ledger() -> None:
    scores, chances = matrices("grpo", 3, "trained_scores", "trained_probabilities")
    assert (chances.x, chances.cell, chances.columns) == (scores.x, scores.cell, False)
    assert chances.width == scores.width + scores.cell  # for the six answers and all others
    assert chances.y >= scores.y + scores.height
    pieces = [piece for page in pages("grpo", 3) for piece in page.pieces]
    (others,) = (piece for piece in pieces if piece.text == "others")
    end = others.x, others.y + others.height, others.width
    assert end == (scores.x + scores.width, chances.y, chances.cell)


@pytest.mark.parametrize("level", [2, 3])
def test_a_row_below_a_number_alone_names_both_its_columns(level: int) -> None:
    slope, pair = matrices("constitutional", level, "hard_gradient", "reward_gradient")
    assert pair.columns
    assert pair.width == 2 * slope.width


def test_a_number_stands_in_a_row_above_what_is_worked_out_with_it() -> None:
    number, divided = matrices("decoding", 3, "temperature", "scaled")
    assert number.x == divided.x
    assert number.y + number.height <= divided.y <= number.y + 2 * number.height


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
            assert 0 <= one.y <= one.y + one.height <= ENDS["a4"]
            for other in solid[:place]:
                assert not one.meets(other), (one, other)
