"""The usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix
from worksheets.kinds.attention.steps import HIGHEST, LOWEST, UNIT

ANY_UNIT = UNIT * 19 * 29 * 31 * 37  # for the sums of any powers from LOWEST to HIGHEST


def _weights(scores: Matrix, m: Mapping[str, Matrix], mask: Matrix | None) -> Matrix:
    """What the weights of this level come to under another mask."""
    if "powers" not in m:
        return scores.softmax(1, mask)
    powers = m["powers"] if mask is None else m["powers"] * mask
    return powers.shares(ANY_UNIT)


MISTAKES = (
    Mistake(
        "queries and keys swapped",
        "A row belongs to a key, a column to a query: K stands turned at the left.",
        {"scores": lambda m: m["queries"].transposed @ m["keys"]},
    ),
    Mistake(
        "not scaled",
        "Divide each score by the root of the 4 rows of Q and K, which is 2.",
        {"scaled": lambda m: m["scores"]},
    ),
    Mistake(
        "divided by 4, not by its root",
        "The root of 4 is 2: divide each score by 2.",
        {"scaled": lambda m: m["scores"] * Fraction(1, 4)},
    ),
    Mistake(
        "multiplied instead of raised",
        "3² is 3 · 3, not 3 · 2.",
        {"powers": lambda m: m["scaled"] * 3},
    ),
    Mistake(
        "minus in the exponent dropped",
        "3⁻¹ is one third: a low score has a small power, never a large one.",
        {"powers": lambda m: m["scaled"].maximum(-m["scaled"]).power_of(3, LOWEST, HIGHEST)},
    ),
    Mistake(
        "mask forgotten",
        "No position looks at a later one: below the diagonal the weights are 0.",
        {
            "seen": lambda m: m["powers"],
            "weights": lambda m: _weights(m["scaled"], m, None),
        },
    ),
    Mistake(
        "mask the wrong way round",
        "A position looks at itself and those before it: column a has one weight, column c three.",
        {
            "seen": lambda m: m["powers"] * m["mask"].transposed,
            "weights": lambda m: _weights(m["scaled"], m, m["mask"].transposed),
        },
    ),
    Mistake(
        "shares along the row",
        "The weights of one position stand in one column, which comes to 1.",
        {
            "weights": lambda m: (
                m["seen"].transposed.shares(ANY_UNIT).transposed
                if "seen" in m
                else m["scaled"].transposed.softmax(1, m["mask"].transposed).transposed
            )
        },
    ),
    Mistake(
        "weights read by rows",
        "Go along the row of V and down the column of A.",
        {"output": lambda m: m["values"] @ m["weights"].transposed},
    ),
    Mistake(
        "weights not turned",
        "On the way back A is turned: its rows become columns.",
        {"value_gradient": lambda m: m["slope"] @ m["weights"]},
    ),
    Mistake(
        "mean not taken off",
        "Weights that come to 1 cannot all grow: take the mean slope off first.",
        {"scaled_gradient": lambda m: m["weighted"]},
    ),
    Mistake(
        "weight left out",
        "A small weight moves little: multiply by it, cell by cell.",
        {"scaled_gradient": lambda m: m["apart"]},
    ),
    Mistake(
        "scale forgotten on the way back",
        "The scores were divided by 2, so their slopes are divided by 2.",
        {"score_gradient": lambda m: m["scaled_gradient"]},
    ),
    Mistake(
        "slopes turned in the wrong gradient",
        "A column of dS belongs to a query: it is turned for the keys, not for the queries.",
        {
            "query_gradient": lambda m: m["keys"] @ m["score_gradient"].transposed,
            "key_gradient": lambda m: m["queries"] @ m["score_gradient"],
        },
    ),
)
