"""List the usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix, beside
from worksheets.kinds.constitutional.steps import RATE


def _label(m: Mapping[str, Matrix]) -> Matrix:
    """Return the soft label that this level trains on."""
    return m.get("clamped", m["labels"])


MISTAKES = (
    Mistake(
        "bias forgotten",
        {
            "scores": lambda m: m["word_weights"].without_bias() @ m["context"],
            "revised_scores": lambda m: m["word_weights"].without_bias() @ m["revised_context"],
            "hidden": lambda m: m["hidden_weights"].without_bias() @ m["answers"],
        },
    ),
    Mistake(
        "critique not read",
        {"revised_scores": lambda m: m["word_weights"] @ m["context"].with_ones()},
    ),
    Mistake(
        "only the critique read",
        {"revised_scores": lambda m: m["word_weights"] @ m["critique_read"].with_ones()},
    ),
    Mistake(
        "answers swapped",
        {
            "answers": lambda m: m["embeddings"].columns(
                m["samples"].column(1), m["samples"].column(0)
            )
        },
    ),
    Mistake("ReLU forgotten", {"active": lambda m: m["hidden"]}),
    Mistake(
        "gap the wrong way round",
        {"gap": lambda m: m["rewards"].column(0) - m["rewards"].column(1)},
    ),
    Mistake(
        "label of the other answer", {"gap_gradient": lambda m: m["prediction"] - _label(m)[:1, :]}
    ),
    Mistake(
        "hard label instead of the soft one",
        {"gap_gradient": lambda m: m["prediction"] - _label(m)[1:, :].rounded(0)},
    ),
    Mistake(
        "gradient with the wrong sign",
        {"gap_gradient": lambda m: _label(m)[1:, :] - m["prediction"]},
    ),
    Mistake("clamp forgotten", {"clamped": lambda m: m["labels"]}),
    Mistake(
        "both answers pushed the same way",
        {"reward_gradient": lambda m: beside(m["gap_gradient"], m["gap_gradient"])},
    ),
    Mistake(
        "step in the wrong direction",
        {
            "trained_output_weights": lambda m: (
                m["output_weights"] + m["output_weights_gradient"] * RATE
            ),
            "trained_hidden_weights": lambda m: (
                m["hidden_weights"] + m["hidden_weights_gradient"] * RATE
            ),
        },
    ),
    Mistake(
        "learning rate forgotten",
        {
            "trained_output_weights": lambda m: m["output_weights"] - m["output_weights_gradient"],
            "trained_hidden_weights": lambda m: m["hidden_weights"] - m["hidden_weights_gradient"],
        },
    ),
    Mistake("closed units passed a slope", {"hidden_gradient": lambda m: m["active_gradient"]}),
    Mistake(
        "gradient taken from the wrong layer’s inputs",
        {
            "hidden_weights_gradient": lambda m: (
                m["hidden_gradient"] @ m["active"].with_ones().transposed
            )
        },
    ),
)
