"""List the usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix
from worksheets.kinds.attention.steps import HIGHEST, LOWEST, UNIT

ANY_UNIT = UNIT * 19 * 29 * 31 * 37  # for the sums of any powers from LOWEST to HIGHEST


def _weights(scores: Matrix, m: Mapping[str, Matrix], mask: Matrix | None) -> Matrix:
    """Compute the weights of this level under another mask."""
    if "powers" not in m:
        return scores.softmax(1, mask)
    powers = m["powers"] if mask is None else m["powers"] * mask
    return powers.shares(ANY_UNIT)


MISTAKES = (
    Mistake("queries and keys swapped", {"scores": lambda m: m["queries"].transposed @ m["keys"]}),
    Mistake("not scaled", {"scaled": lambda m: m["scores"]}),
    Mistake("divided by 4, not by its root", {"scaled": lambda m: m["scores"] * Fraction(1, 4)}),
    Mistake("multiplied instead of raised", {"powers": lambda m: m["scaled"] * 3}),
    Mistake(
        "minus in the exponent dropped",
        {"powers": lambda m: m["scaled"].maximum(-m["scaled"]).power_of(3, LOWEST, HIGHEST)},
    ),
    Mistake(
        "mask forgotten",
        {
            "seen": lambda m: m["powers"],
            "weights": lambda m: _weights(m["scaled"], m, None),
        },
    ),
    Mistake(
        "mask the wrong way round",
        {
            "seen": lambda m: m["powers"] * m["mask"].transposed,
            "weights": lambda m: _weights(m["scaled"], m, m["mask"].transposed),
        },
    ),
    Mistake(
        "shares along the row",
        {
            "weights": lambda m: (
                m["seen"].transposed.shares(ANY_UNIT).transposed
                if "seen" in m
                else m["scaled"].transposed.softmax(1, m["mask"].transposed).transposed
            )
        },
    ),
    Mistake("weights read by rows", {"output": lambda m: m["values"] @ m["weights"].transposed}),
    Mistake(
        "weights not transposed",
        {"value_gradient": lambda m: m["upstream_gradient"] @ m["weights"]},
    ),
    Mistake("mean not taken off", {"scaled_gradient": lambda m: m["weighted_slopes"]}),
    Mistake("weight left out", {"scaled_gradient": lambda m: m["centred_slopes"]}),
    Mistake("scale forgotten on the way back", {"score_gradient": lambda m: m["scaled_gradient"]}),
    Mistake(
        "slopes transposed in the wrong gradient",
        {
            "query_gradient": lambda m: m["keys"] @ m["score_gradient"].transposed,
            "key_gradient": lambda m: m["queries"] @ m["score_gradient"],
        },
    ),
)
