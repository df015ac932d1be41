"""The lines of the sheet: attention, feed forward, and the way back."""

from __future__ import annotations

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix

FEATURES, UNITS, POSITIONS = ("1", "2", "3"), ("1", "2", "3", "4"), ("a", "b", "c")
SIZE = ("1", "2", "3", "4")  # of queries and keys
ROOT = 2  # of that
LARGEST = 2  # in the weights of the feed forward
FINEST = 10

ATTENTION = Part("Attention", "each position mixes in what it looks at", "purple")
FEED_FORWARD = Part("Feed forward", "two layers, the same for every position", "orange")
BACK = Part("Backward", "how each number changes the loss", "purple")


def steps(sheet: Tracer, level: int) -> None:
    """Forward, then back as far as the level asks for; the notes' numbers depend on the level."""
    mixed = _computed(sheet) if level == 3 else _given(sheet)
    number = 6 if level == 3 else 2
    with sheet.step(
        number,
        "First layer",
        FEED_FORWARD,
        "Rows by columns: the grey ones meet the bias, W₁’s grey column.",
    ):
        W1 = sheet.given("hidden_weights", UNITS, (*FEATURES, BIAS), bound=LARGEST, symbol="W₁")
        raw = sheet.answer("hidden", W1 @ mixed.with_ones(), finest=FINEST, symbol="H")
    with sheet.step(number + 1, "ReLU", FEED_FORWARD, "What is negative becomes 0."):
        active = sheet.answer("active", raw.relu(), finest=FINEST, symbol="R")
    with sheet.step(number + 2, "Second layer", FEED_FORWARD, "The same again, with W₂."):
        W2 = sheet.given("output_weights", FEATURES, (*UNITS, BIAS), bound=LARGEST, symbol="W₂")
        forward = W2 @ active.with_ones()
        forward = sheet.answer("forward", forward, finest=FINEST, symbol="F")
    if level == 1:
        return
    if level == 3:
        with sheet.step(9, "Residual again", FEED_FORWARD, "Add what came into the first layer."):
            sheet.answer("output", mixed + forward, finest=FINEST, symbol="Y")
        note = "G says how the loss changes with Y, and so with F. It meets what came into W₂."
    else:
        note = "G says how the loss changes with F. It meets what came into W₂."
    with sheet.step(number + 4 if level == 3 else number + 3, "Gradient of W₂", BACK, note):
        G = sheet.given("slope", FEATURES, POSITIONS, bound=3, symbol="G")
        dW2 = G @ active.with_ones().transposed
        sheet.answer("output_gradient", dW2, finest=FINEST, symbol="dW₂")
    if level == 3:
        _back(sheet, (mixed, raw), (W1, W2), G)


def _given(sheet: Tracer) -> Matrix:
    """What the positions attend to, by weights that are given."""
    with sheet.step(
        1,
        "Attention",
        ATTENTION,
        "Column b of A says how much of each column of X is added up in T’s: 1 is all of it.",
    ):
        X = sheet.given("inputs", FEATURES, POSITIONS, bound=3, symbol="X")
        A = sheet.given("attention", POSITIONS, POSITIONS, bound=1, symbol="A", finest=FINEST)
        return sheet.answer("attended", X @ A, finest=FINEST, symbol="T")


def _computed(sheet: Tracer) -> Matrix:
    """The same by queries and keys, added to the inputs."""
    with sheet.step(
        1,
        "Queries and keys",
        ATTENTION,
        "Each position asks by its query, Wq times X, and answers by its key, Wk times X.",
    ):
        X = sheet.given("inputs", FEATURES, POSITIONS, bound=3, symbol="X")
        Wq = sheet.given("query_weights", SIZE, FEATURES, bound=1, symbol="Wq")
        Q = sheet.answer("queries", Wq @ X, symbol="Q")
        Wk = sheet.given("key_weights", SIZE, FEATURES, bound=1, symbol="Wk")
        K = sheet.answer("keys", Wk @ X, symbol="K")
    with sheet.step(
        2, "Scores", ATTENTION,
        "A row for each key, a column for each query. Divide by the root of their 4 rows, 2.",
    ):  # fmt: skip
        scores = sheet.answer("scores", K.transposed @ Q, symbol="S")
        scaled = sheet.answer("scaled", scores / ROOT, symbol="Z")
    with sheet.step(
        3, "Softmax", ATTENTION,
        "M has 1 where a position looks at itself or before. Of these scores: take the column’s "
        "highest off each, look up eᵏ, and divide by their sum. The others get 0.",
    ):  # fmt: skip
        mask = sheet.given("mask", POSITIONS, POSITIONS, bound=1, symbol="M")
        A = sheet.answer("attention", scaled.softmax(1, mask), symbol="A")
    with sheet.step(4, "Mix", ATTENTION, "Each column of A says how much of each position counts."):
        T = sheet.answer("attended", X @ A, finest=FINEST, symbol="T")
    with sheet.step(5, "Residual", ATTENTION, "Add what came into the attention."):
        return sheet.answer("residual", X + T, finest=FINEST, symbol="U")


def _back(
    sheet: Tracer,
    into: tuple[Matrix, Matrix],
    weights: tuple[Matrix, Matrix],
    slope: Matrix,
) -> None:
    (mixed, raw), (W1, W2) = into, weights
    with sheet.step(11, "Back through W₂", BACK, "W₂ without its bias, turned, times G."):
        dR = W2.without_bias().transposed @ slope
        dR = sheet.answer("active_gradient", dR, symbol="dR")
    with sheet.step(
        12,
        "Back through ReLU",
        BACK,
        "A unit is open where H > 0: its slope in dR passes. Where it is closed, dH is 0.",
    ):
        is_open = sheet.answer("open", raw.open(), symbol="open")
        dH = sheet.answer("raw_gradient", dR * is_open, symbol="dH")
    with sheet.step(13, "Gradient of W₁", BACK, "What flows back, dH, times what came in, Uᵀ."):
        dW1 = dH @ mixed.with_ones().transposed
        sheet.answer("hidden_gradient", dW1, finest=FINEST, symbol="dW₁")
    with sheet.step(
        14, "Gradient of U", BACK, "U went two ways: through W₁, and straight into Y, whence G."
    ):
        through = W1.without_bias().transposed @ dH
        through = sheet.answer("through", through, symbol="P")
        sheet.answer("residual_gradient", slope + through, symbol="dU")
