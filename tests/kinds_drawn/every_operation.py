"""No sheet to hand out: all that pages without a template of their own have to draw."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import beside, stacked
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import small

CODE = "EVERY"
TITLE = "Every operation"
LEVELS = (1, 2, 3, 4)
PHRASES = {"prompt": ("{subject}", "{link}")}

ROWS, COLUMNS, EIGHT = ("1", "2", "3"), ("a", "b"), tuple("abcdefgh")
VOCABULARY = ("{word1}", "{word2}", "{word3}", "{word4}", "{word5}")
WORDS = ("subject", "prompt", "link", "losing", "winning")
FIRST = Part("First", "purple")
SECOND = Part("Second", "orange")
GIVENS: Mapping[int, Mapping[str, tuple[int, int]]] = {
    1: {"X": (3, 2), "M": (3, 2), "R": (1, 4)},
    2: {"X": (3, 2), "Y": (3, 2), "W": (2, 3)},
    3: {"E": (3, 6), "S": (5, 3)},
    4: {"X": (8, 2), "W": (8, 8), "B": (2, 8)},
}


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Small numbers, and words in the order of the theme."""
    givens = {name: small(draws, name, *shape) for name, shape in GIVENS[level].items()}
    count = len(next(iter(givens.values())))
    if level == 1:
        givens["M"] = np.abs(np.sign(givens["M"]))
        givens["R"] = np.abs(givens["R"]) + 1
    if level == 2:
        givens["Y"] = np.where(givens["Y"] < 0, -1, 2)
    if level == 4:
        givens["B"] = 30 * givens["B"]
    words = {role: np.full(count, place) for place, role in enumerate(WORDS, start=1)}
    return Givens(givens, words)


def steps(sheet: Tracer, level: int) -> None:
    """A level's."""
    for role in WORDS:
        sheet.word(role)
    (_functions, _signs, _words, _eight)[level - 1](sheet)


def law(given: Mapping[str, Any], word: Mapping[str, int], level: int) -> Mapping[str, Any]:
    """Nothing is proved: the engine's own tests do that."""
    return {}


def _functions(sheet: Tracer) -> None:
    with sheet.step(1, "Of entries", FIRST):
        X = sheet.given("X", ROWS, COLUMNS, 3)
        sheet.answer("power", X.power_of(3, -3, 3), limit=999, finest=27)
        sheet.answer("exponent", (X * X + 1).power_of(2, 1, 10).exponent_of(2, 1, 10))
        sheet.answer("positive", X.relu())
        sheet.answer("is_open", X.open())
        s = sheet.answer("sigma", X.sigma(2))
        sheet.answer("loss", -s.logarithm(2))
        sheet.answer("clipped", s.clip(Fraction(4, 10), Fraction(6, 10)))
    with sheet.step(2, "Of columns", FIRST):
        M = sheet.given("M", ROWS, COLUMNS, 1)
        sheet.answer("share", X.softmax(1))
        sheet.answer("seen", (X * 2).softmax(2, M))
        sheet.answer("part_of_sum", (X * X + 1).shares(1000).rounded(2))
    with sheet.step(3, "Of all", SECOND):
        R = sheet.given("R", ("reward",), ("1", "2", "3", "4"), 4)
        mean = sheet.answer("mean", R.mean())
        away = sheet.answer("away", R - mean)
        sheet.answer("spread", (away * away).mean().square_root(1))
        sheet.answer("added", X.total())
        sheet.answer("all", X.sum_of_all())
        sheet.answer("largest", X.largest_magnitude())


def _signs(sheet: Tracer) -> None:
    with sheet.step(1, "Signs", FIRST):
        X, Y = (sheet.given(name, ROWS, COLUMNS, 3) for name in "XY")
        W = sheet.given("W", COLUMNS, ROWS, 3)
        sheet.answer("larger", X.maximum(Y))
        sheet.answer("smaller", X.minimum(0))
        sheet.answer("exceeds", X.exceeds(Y))
        sheet.answer("ratio", X.divided(Y, finest=2))
        sheet.answer("product_of_sums", (X + Y) * -(X - 1))
        sheet.answer("third", (X * Fraction(1, 3)).rounded(2))
    with sheet.step(2, "Update", FIRST):
        rate = sheet.rate("learning_rate", (Y * 0).sum_of_all() + 10)
        sheet.answer("updated", X.step_down(Y, rate))
        sheet.answer("rounded_product", (W @ X).rounded(0))
        sheet.answer("half", (W @ X) * Fraction(1, 2))
    with sheet.step(3, "Shapes", SECOND):
        sheet.answer("turned", X.transposed)
        sheet.answer("column", X.column(0))
        sheet.answer("rows", X[1:, :])
        sheet.answer("beside", beside(X, Y))
        sheet.answer("stacked", stacked(X, Y))
        sheet.answer("with_ones", X.with_ones())
        sheet.answer("joined", W @ beside(X, Y))


def _words(sheet: Tracer) -> None:
    subject, link = sheet.word("subject"), sheet.word("link")
    with sheet.step(1, "Words", FIRST):
        E = sheet.given("E", ROWS, ("[S]", *VOCABULARY), 3)
        S = sheet.given("S", VOCABULARY, ROWS, 3)
        sheet.answer("inputs", E.columns(subject, link))
        words = sheet.answer("words", S.highest())
        sheet.answer("next_inputs", E.columns(*(words.column(place) for place in range(3))))
        sheet.answer("hot", words.column(2).one_hot(VOCABULARY))
        sheet.answer("same", words.column(2).same_word(subject), entries="verdict")


def _eight(sheet: Tracer) -> None:
    with sheet.step(1, "Eight rows", FIRST):
        X = sheet.given("X", EIGHT, COLUMNS, 3)
        W = sheet.given("W", EIGHT, EIGHT, 3)
        Y = sheet.answer("Y", W @ X)
    with sheet.step(2, "Shares", FIRST):
        P = sheet.answer("P", Y.softmax(2))
    with sheet.step(3, "Difference", SECOND):
        D = sheet.answer("D", P - X)
    with sheet.step(4, "Wide", SECOND):
        B = sheet.given("B", ("u", "v"), EIGHT, 90)
        sheet.answer("H", B * Fraction(1, 4) - B * 2, limit=999)
        sheet.answer("T", B * Fraction(1, 4) @ D, limit=9999, finest=400)
