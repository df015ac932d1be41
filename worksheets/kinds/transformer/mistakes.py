"""The usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix


def _into(m: Mapping[str, Matrix]) -> Matrix:
    """What comes into the feed forward."""
    return m.get("residual", m["attended"])


MISTAKES = (
    Mistake(
        "attention read by rows",
        "Go along the row of X and down the column of A.",
        {"attended": lambda m: m["inputs"] @ m["attention"].transposed},
    ),
    Mistake(
        "attention skipped",
        "The first layer works on what attention has mixed, not on the inputs.",
        {"hidden": lambda m: m["hidden_weights"] @ m["inputs"].with_ones()},
    ),
    Mistake(
        "bias forgotten",
        "The row of ones meets the grey bias column: add the bias to every column.",
        {
            "hidden": lambda m: m["hidden_weights"].without_bias() @ _into(m),
            "forward": lambda m: m["output_weights"].without_bias() @ m["active"],
        },
    ),
    Mistake(
        "bias forgotten in the first layer",
        "The row of ones meets the grey bias column: add the bias to every column.",
        {"hidden": lambda m: m["hidden_weights"].without_bias() @ _into(m)},
    ),
    Mistake(
        "ReLU forgotten",
        "ReLU turns every negative number into 0.",
        {"active": lambda m: m["hidden"]},
    ),
    Mistake(
        "signs dropped instead of ReLU",
        "ReLU does not turn −2 into 2: it becomes 0.",
        {"active": lambda m: m["hidden"].maximum(-m["hidden"])},
    ),
    Mistake(
        "bias left out of the gradient",
        "The bias met a row of ones: its slope is the sum of the slopes.",
        {"output_gradient": lambda m: m["slope"] @ m["active"].with_zeros().transposed},
    ),
    Mistake(
        "gradient taken from before ReLU",
        "The second layer’s gradient meets what came into it: what ReLU left.",
        {"output_gradient": lambda m: m["slope"] @ m["hidden"].with_ones().transposed},
    ),
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
        "mask forgotten",
        "No position looks at a later one: below the diagonal the weights are 0.",
        {"attention": lambda m: m["scaled"].softmax(1)},
        needs="scaled",
    ),
    Mistake(
        "residual forgotten",
        "What came into a sublayer is added to what comes out of it.",
        {
            "residual": lambda m: m["attended"],
            "output": lambda m: m["forward"],
        },
    ),
    Mistake(
        "second residual taken from the inputs",
        "Add what came into the feed forward, U, not what came into the attention.",
        {"output": lambda m: m["inputs"] + m["forward"]},
    ),
    Mistake(
        "closed units passed a slope",
        "Where ReLU made 0, nothing flows back.",
        {"raw_gradient": lambda m: m["active_gradient"]},
    ),
    Mistake(
        "first gradient taken from the inputs",
        "The first layer’s gradient meets what came into it: U.",
        {"hidden_gradient": lambda m: m["raw_gradient"] @ m["inputs"].with_ones().transposed},
    ),
    Mistake(
        "residual forgotten on the way back",
        "U also went straight into Y: add the slope G.",
        {"residual_gradient": lambda m: m["through"]},
    ),
)
