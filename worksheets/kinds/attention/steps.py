"""Write the lines down: scores, weights and their mix of the values, and the way back."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import Matrix, filled

SIZE, VALUES = ("1", "2", "3", "4"), ("1", "2")
POSITIONS = ("{sentence1}", "{sentence2}", "{sentence3}")
ROOT = 2  # of d_k, which is 4
LARGEST = 2  # in queries and keys
LOWEST, HIGHEST = -1, 2  # of the exponents with 3 instead of e
UNIT = 4 * 3 * 5 * 7 * 11 * 13  # what the weights are then multiples of
ONES = filled(POSITIONS, POSITIONS, Fraction(1))

FORWARD = Part("Attention", "purple")
BACK = Part("Backward", "orange")


def steps(sheet: Tracer, level: int) -> None:
    """Mix the values by weights from the scores; then go back as far as the level asks for."""
    with sheet.step(1, "Scores", FORWARD):
        K = sheet.given("keys", SIZE, POSITIONS, bound=LARGEST, symbol="K")
        Q = sheet.given("queries", SIZE, POSITIONS, bound=LARGEST, symbol="Q")
        scores = sheet.answer("scores", K.transposed @ Q, symbol="S")
    with sheet.step(2, "Scale", FORWARD):
        scaled = sheet.answer("scaled", scores / ROOT, symbol="Z")
    with sheet.step(3, "Weights", FORWARD):
        weights = _with_three(sheet, scaled) if level == 1 else _with_e(sheet, scaled)
    with sheet.step(4, "Mix", FORWARD):
        V = sheet.given("values", VALUES, POSITIONS, bound=3, symbol="V")
        sheet.answer("output", V @ weights, finest=UNIT if level == 1 else 10, symbol="O")
    if level == 1:
        return
    with sheet.step(5, "Gradient of V", BACK):
        G = sheet.given("upstream_gradient", VALUES, POSITIONS, bound=3, symbol="G")
        sheet.answer("value_gradient", G @ weights.transposed, symbol="dV")
    if level == 3:
        _back(sheet, (Q, K, V), weights, G)


def _mask(sheet: Tracer) -> Matrix:
    return sheet.given("mask", POSITIONS, POSITIONS, bound=1, symbol="M")


def _with_three(sheet: Tracer, scaled: Matrix) -> Matrix:
    powers = scaled.power_of(3, LOWEST, HIGHEST)
    powers = sheet.answer("powers", powers, finest=3, symbol="E")
    seen = sheet.answer("seen", powers * _mask(sheet), finest=3, symbol="F")
    return sheet.answer("weights", seen.shares(UNIT), finest=UNIT, symbol="A")


def _with_e(sheet: Tracer, scaled: Matrix) -> Matrix:
    return sheet.answer("weights", scaled.softmax(1, _mask(sheet)), symbol="A")


def _back(
    sheet: Tracer, given: tuple[Matrix, Matrix, Matrix], weights: Matrix, slope: Matrix
) -> None:
    Q, K, V = given
    with sheet.step(6, "Gradient of A", BACK):
        dA = sheet.answer("weights_gradient", V.transposed @ slope, symbol="dA")
    with sheet.step(7, "Back through softmax", BACK):
        weighted = sheet.answer("weighted_slopes", weights * dA, symbol="B")
        means = sheet.answer("weighted_means", ONES @ weighted, symbol="C")
        apart = sheet.answer("centred_slopes", dA - means, symbol="D")
        dZ = sheet.answer("scaled_gradient", weights * apart, symbol="dZ")
    with sheet.step(8, "Back through the scale", BACK):
        dS = sheet.answer("score_gradient", dZ.divided(ROOT, finest=100), symbol="dS")
    with sheet.step(9, "Gradients of Q and K", BACK):
        sheet.answer("query_gradient", K @ dS, symbol="dQ")
        sheet.answer("key_gradient", Q @ dS.transposed, symbol="dK")
