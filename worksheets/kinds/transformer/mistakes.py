"""List the usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix


def _into(m: Mapping[str, Matrix]) -> Matrix:
    """Return the input of the feed forward."""
    return m.get("residual", m["attended"])


MISTAKES = (
    Mistake(
        "attention read by rows", {"attended": lambda m: m["inputs"] @ m["attention"].transposed}
    ),
    Mistake(
        "attention skipped", {"hidden": lambda m: m["hidden_weights"] @ m["inputs"].with_ones()}
    ),
    Mistake(
        "bias forgotten",
        {
            "hidden": lambda m: m["hidden_weights"].without_bias() @ _into(m),
            "forward": lambda m: m["output_weights"].without_bias() @ m["active"],
        },
    ),
    Mistake(
        "bias forgotten in the first layer",
        {"hidden": lambda m: m["hidden_weights"].without_bias() @ _into(m)},
    ),
    Mistake("ReLU forgotten", {"active": lambda m: m["hidden"]}),
    Mistake(
        "signs dropped instead of ReLU", {"active": lambda m: m["hidden"].maximum(-m["hidden"])}
    ),
    Mistake(
        "bias left out of the gradient",
        {
            "output_weights_gradient": lambda m: (
                m["upstream_gradient"] @ m["active"].with_zeros().transposed
            )
        },
    ),
    Mistake(
        "gradient taken from before ReLU",
        {
            "output_weights_gradient": lambda m: (
                m["upstream_gradient"] @ m["hidden"].with_ones().transposed
            )
        },
    ),
    Mistake("queries and keys swapped", {"scores": lambda m: m["queries"].transposed @ m["keys"]}),
    Mistake("not scaled", {"scaled": lambda m: m["scores"]}),
    Mistake("mask forgotten", {"attention": lambda m: m["scaled"].softmax(1)}, needs="scaled"),
    Mistake(
        "residual forgotten",
        {
            "residual": lambda m: m["attended"],
            "output": lambda m: m["forward"],
        },
    ),
    Mistake(
        "second residual taken from the inputs", {"output": lambda m: m["inputs"] + m["forward"]}
    ),
    Mistake("closed units passed a slope", {"hidden_gradient": lambda m: m["active_gradient"]}),
    Mistake(
        "first gradient taken from the inputs",
        {
            "hidden_weights_gradient": lambda m: (
                m["hidden_gradient"] @ m["inputs"].with_ones().transposed
            )
        },
    ),
    Mistake("residual forgotten on the way back", {"residual_gradient": lambda m: m["through"]}),
)
