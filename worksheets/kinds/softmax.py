"""Softmax: scores become powers, and powers become shares of their sum, which are probabilities.

The name is Bridle's of 1990. With a temperature T it is equation 1 of Hinton, Vinyals and Dean
2015, q = exp(z / T) / Σ exp(z / T), and the gradient (q − p) / T of the cross-entropy by a score is
their equation 2. Where ours departs: an example is a column; the target p is a single right word;
the shares are worked out with 3 instead of e first, so that they are exact, and then with e,
rounded to tenths; T is 1/2 at level 3, and else 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import count, product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import filled
from worksheets.engine.node import Mask
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small, unlike
from worksheets.sampling.tenths import tenths
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "SMAX"
BUILDS_ON = ("matmul",)
TITLE = "Softmax by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 50, 2: 57, 3: 74}
CHECKPOINTS = ("scores", "fractions", "probabilities", "weights_gradient")
WORKED = {1: "fractions", 3: "weights_gradient"}

# Sentences of the theme's words, as the key names them.
PHRASES = {
    "sentence": ("{sentence1}", "{sentence2}", "{sentence3}"),
    "next words": ("{next1}", "{next2}", "{next3}"),
}

WORDS, FEATURES = PHRASES["next words"], ("1", "2", "3")
FIVE = tuple(f"{{subject{place}}}" for place in range(1, 6))
EXAMPLES = {1: FIVE, 2: FIVE, 3: FIVE[:4]}
LARGEST_WEIGHT, TEMPERATURE = 2, Fraction(1, 2)
LOWEST, HIGHEST = -1, 2  # of the scores
MISTAKEN = (-1, 0, 2)  # exponents whose powers go wrong most often, each on every sheet
SPREAD = 2  # how far the scores of an example may lie apart
UNIT = 5 * 7 * 11 * 13 * 19  # every sum of three powers of 3 that lie so far apart, from 1 on
EVERY_INPUT = np.array(list(product(range(-3, 4), repeat=3)), dtype=np.int64).T

POWERS = Part("With 3 instead of e", "purple")
ROUNDED = Part("With e", "orange")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw weights, and inputs whose scores are exponents that a pencil can do."""
    givens, accepted = first_accepted(
        draws, "scores", lambda some, _: _propose(some, level), at_once=500, limit=500
    )
    if level >= 2:
        right = draws.integers("right", 0, 2, 1, len(EXAMPLES[level]))
        givens["targets"] = (np.arange(3)[None, :, None] == right).astype(np.int64)
    return Givens(givens, accepted=accepted)


def _propose(draws: Draws, level: int) -> tuple[Arrays, Mask]:
    """Draw weights and inputs, no two of which have the same scores."""
    W = small(draws, "weights", 3, 3, LARGEST_WEIGHT)
    # (sheets, scores, inputs): of all 343 inputs, those that are doable are picked from.
    scores = W @ EVERY_INPUT
    highest, lowest = scores.max(axis=1), scores.min(axis=1)
    allowed = (highest <= HIGHEST) & (lowest >= LOWEST) & (highest - lowest <= SPREAD)
    shares, doable = tenths(2 * scores if level == 3 else scores)
    # A share of 1 as written hides the others, and its example has no slope.
    allowed &= doable & (shares < 10).all(axis=1)
    chosen, found = draws.pick("inputs", allowed, len(EXAMPLES[level]))
    X = EVERY_INPUT.T[chosen].transpose(0, 2, 1)
    exponents = W @ X
    good = found & busy(W, X) & unlike(exponents)
    for exponent in MISTAKEN:
        good &= (exponents == exponent).any(axis=(1, 2))
    return {"weights": W[good], "inputs": X[good]}, good


def steps(sheet: Tracer, level: int) -> None:
    """Work out scores, powers of 3, their shares; the same with e; and the gradients."""
    number, examples = count(1), EXAMPLES[level]
    with sheet.step(next(number), "Scores", POWERS):
        X = sheet.given("inputs", FEATURES, examples, bound=3, symbol="X")
        W = sheet.given("weights", WORDS, FEATURES, bound=LARGEST_WEIGHT, symbol="W")
        scores = sheet.answer("scores", W @ X, symbol="Z")
    with sheet.step(next(number), "Powers", POWERS):
        powers = scores.power_of(3, LOWEST, HIGHEST)
        powers = sheet.answer("powers", powers, finest=3, symbol="E")
    with sheet.step(next(number), "Sums", POWERS):
        sheet.answer("sums", filled(("sum",), WORDS, Fraction(1)) @ powers, finest=3, symbol="S")
    with sheet.step(next(number), "Shares", POWERS):
        sheet.answer("fractions", powers.shares(UNIT), finest=UNIT, symbol="F")
    if level == 1:
        return
    if level == 3:
        with sheet.step(next(number), "Temperature", ROUNDED):
            T = filled(("T",), ("value",), sheet.constant("temperature", TEMPERATURE))
            scores = sheet.answer("scaled", scores / T, symbol="U")
    with sheet.step(next(number), "Softmax", ROUNDED):
        P = sheet.answer("probabilities", scores.softmax(1), symbol="P")
    with sheet.step(next(number), "Error", ROUNDED):
        Y = sheet.given("targets", WORDS, examples, bound=1, symbol="Y")
        error = sheet.answer("error", P - Y, symbol="G")
    if level == 2:
        return
    with sheet.step(next(number), "Back through T", ROUNDED):
        back = sheet.answer("score_gradient", error.divided(T, finest=10), symbol="dZ")
    with sheet.step(next(number), "Gradient of W", ROUNDED):
        sheet.answer("weights_gradient", back @ X.transposed, symbol="dW")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State probabilities as slopes of log Σ exp(z), and the loss, which SymPy differentiates."""
    from sympy import Integer, Matrix, Rational, exp, log, symbols

    W, X = given["weights"], given["inputs"]
    z, w = symbols("z:3"), Matrix(3, 3, symbols("w:9"))

    def of_examples(expressions: list[sympy.Expr]) -> sympy.Matrix:
        """Evaluate expressions: a row for each, a column for each example's scores."""
        columns = [dict(zip(z, W * X[:, k], strict=True)) for k in range(X.cols)]
        return Matrix([[wanted.subs(column) for column in columns] for wanted in expressions])

    three = sum(3**score for score in z)
    stated = {
        "scores": W * X,
        "powers": of_examples([3**score for score in z]),
        "sums": of_examples([three]),
        "fractions": of_examples([log(three, 3).diff(score) for score in z]),
    }
    if level == 1:
        return stated

    T = Integer(1) if level == 2 else Rational(1, 2)
    total = sum(exp(score / T) for score in z)

    P = of_examples([T * log(total).diff(score) for score in z])
    P = P.applyfunc(lambda share: written(share, 1))
    Y = given["targets"]

    def slope(i: int, k: int) -> sympy.Expr:
        """Differentiate the cross-entropy by a score; the power's share is the written one."""
        right = sum(y * score for y, score in zip(Y[:, k], z, strict=True))
        as_written = {total: Integer(1), exp(z[i] / T): P[i, k]}
        return (log(total) - right / T).diff(z[i]).xreplace(as_written)

    slopes = Matrix(3, X.cols, slope)
    stated |= {"probabilities": P, "error": T * slopes}
    if level == 2:
        return stated
    changed = sum(s * score for s, score in zip(slopes, w * X, strict=True))
    stated |= {"scaled": W * X / T, "score_gradient": slopes}
    return stated | {"weights_gradient": w.applyfunc(changed.diff)}


MISTAKES = (
    Mistake(
        "square doubled", {"powers": lambda m: m["scores"].power_of(3, LOWEST, HIGHEST).minimum(6)}
    ),
    Mistake(
        "minus in the exponent dropped",
        {"powers": lambda m: m["scores"].maximum(-m["scores"]).power_of(3, LOWEST, HIGHEST)},
    ),
    Mistake(
        "power 0 taken for 0",
        {
            "powers": lambda m: (
                m["scores"].power_of(3, LOWEST, HIGHEST) * m["scores"].maximum(-m["scores"]).open()
            )
        },
    ),
    Mistake("not divided by the sum", {"fractions": lambda m: m["powers"]}),
    Mistake(
        "divided by the number of words", {"fractions": lambda m: m["powers"].divided(3, finest=9)}
    ),
    Mistake("still with 3 instead of e", {"probabilities": lambda m: m["fractions"].rounded(1)}),
    Mistake(
        "shares along the row",
        {"probabilities": lambda m: m.get("scaled", m["scores"]).transposed.softmax(1).transposed},
    ),
    Mistake("temperature forgotten", {"scaled": lambda m: m["scores"]}),
    Mistake("temperature multiplied", {"scaled": lambda m: m["scores"] * TEMPERATURE}),
    Mistake("error with the wrong sign", {"error": lambda m: m["targets"] - m["probabilities"]}),
    Mistake("target not taken off", {"error": lambda m: m["probabilities"]}),
    Mistake("temperature forgotten on the way back", {"score_gradient": lambda m: m["error"]}),
    Mistake(
        "last example forgotten",
        {
            "weights_gradient": lambda m: (
                m["score_gradient"][:, :-1] @ m["inputs"].transposed[:-1, :]
            )
        },
    ),
)
