"""Write the lines down: attention, feed forward, and the way back."""

from __future__ import annotations

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix

FEATURES, UNITS = ("1", "2", "3"), ("1", "2", "3", "4")
POSITIONS = ("{sentence1}", "{sentence2}", "{sentence3}")
SIZE = ("1", "2", "3", "4")  # of queries and keys
ROOT = 2  # of that
LARGEST = 2  # in the weights of the feed forward
FINEST = 10

ATTENTION = Part("Attention", "purple")
FEED_FORWARD = Part("Feed forward", "orange")
BACK = Part("Backward", "purple")


def steps(sheet: Tracer, level: int) -> None:
    """Go forward, then back as far as the level asks for, which the steps' numbers depend on."""
    mixed = _computed(sheet) if level == 3 else _given(sheet)
    number = 6 if level == 3 else 2
    with sheet.step(number, "First layer", FEED_FORWARD):
        W1 = sheet.given("hidden_weights", UNITS, (*FEATURES, BIAS), bound=LARGEST, symbol="W₁")
        raw = sheet.answer("hidden", W1 @ mixed.with_ones(), finest=FINEST, symbol="H")
    with sheet.step(number + 1, "ReLU", FEED_FORWARD):
        active = sheet.answer("active", raw.relu(), finest=FINEST, symbol="R")
    with sheet.step(number + 2, "Second layer", FEED_FORWARD):
        W2 = sheet.given("output_weights", FEATURES, (*UNITS, BIAS), bound=LARGEST, symbol="W₂")
        forward = W2 @ active.with_ones()
        forward = sheet.answer("forward", forward, finest=FINEST, symbol="F")
    if level == 1:
        return
    if level == 3:
        with sheet.step(9, "Residual again", FEED_FORWARD):
            sheet.answer("output", mixed + forward, finest=FINEST, symbol="Y")
    with sheet.step(number + 4 if level == 3 else number + 3, "Gradient of W₂", BACK):
        G = sheet.given("upstream_gradient", FEATURES, POSITIONS, bound=3, symbol="G")
        dW2 = G @ active.with_ones().transposed
        sheet.answer("output_weights_gradient", dW2, finest=FINEST, symbol="dW₂")
    if level == 3:
        _back(sheet, (mixed, raw), (W1, W2), G)


def _given(sheet: Tracer) -> Matrix:
    """Mix the inputs by attention weights that are given."""
    with sheet.step(1, "Attention", ATTENTION):
        X = sheet.given("inputs", FEATURES, POSITIONS, bound=3, symbol="X")
        A = sheet.given("attention", POSITIONS, POSITIONS, bound=1, symbol="A", finest=FINEST)
        return sheet.answer("attended", X @ A, finest=FINEST, symbol="T")


def _computed(sheet: Tracer) -> Matrix:
    """Mix the inputs by softmax(KᵀQ / √d_k), and add them: the residual."""
    with sheet.step(1, "Queries and keys", ATTENTION):
        X = sheet.given("inputs", FEATURES, POSITIONS, bound=3, symbol="X")
        Wq = sheet.given("query_weights", SIZE, FEATURES, bound=1, symbol="Wq")
        Q = sheet.answer("queries", Wq @ X, symbol="Q")
        Wk = sheet.given("key_weights", SIZE, FEATURES, bound=1, symbol="Wk")
        K = sheet.answer("keys", Wk @ X, symbol="K")
    with sheet.step(2, "Scores", ATTENTION):
        scores = sheet.answer("scores", K.transposed @ Q, symbol="S")
        scaled = sheet.answer("scaled", scores / ROOT, symbol="Z")
    with sheet.step(3, "Softmax", ATTENTION):
        mask = sheet.given("mask", POSITIONS, POSITIONS, bound=1, symbol="M")
        A = sheet.answer("attention", scaled.softmax(1, mask), symbol="A")
    with sheet.step(4, "Mix", ATTENTION):
        T = sheet.answer("attended", X @ A, finest=FINEST, symbol="T")
    with sheet.step(5, "Residual", ATTENTION):
        return sheet.answer("residual", X + T, finest=FINEST, symbol="U")


def _back(
    sheet: Tracer,
    into: tuple[Matrix, Matrix],
    weights: tuple[Matrix, Matrix],
    slope: Matrix,
) -> None:
    (mixed, raw), (W1, W2) = into, weights
    with sheet.step(11, "Back through W₂", BACK):
        dR = W2.without_bias().transposed @ slope
        dR = sheet.answer("active_gradient", dR, symbol="dR")
    with sheet.step(12, "Back through ReLU", BACK):
        mask = sheet.answer("relu_mask", raw.open(), symbol="mask")
        dH = sheet.answer("hidden_gradient", dR * mask, symbol="dH")
    with sheet.step(13, "Gradient of W₁", BACK):
        dW1 = dH @ mixed.with_ones().transposed
        sheet.answer("hidden_weights_gradient", dW1, finest=FINEST, symbol="dW₁")
    with sheet.step(14, "Gradient of U", BACK):
        through = W1.without_bias().transposed @ dH
        through = sheet.answer("through", through, symbol="P")
        sheet.answer("residual_gradient", slope + through, symbol="dU")
