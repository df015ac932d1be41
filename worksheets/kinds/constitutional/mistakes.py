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
        {"answers": lambda m: m["embeddings"].columns(m["revised_word"], m["first_word"])},
    ),
    Mistake("ReLU forgotten", {"active": lambda m: m["hidden"]}),
    Mistake(
        "gap the wrong way round",
        {"gap": lambda m: m["rewards"].column(0) - m["rewards"].column(1)},
    ),
    Mistake(
        "label of the other answer", {"gap_gradient": lambda m: m["prediction"] - _label(m)[:1, :]}
    ),
    Mistake("hard label instead of the soft one", {"gap_gradient": lambda m: m["prediction"] - 1}),
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
            "output_trained": lambda m: m["output_weights"] + m["output_gradient"] * RATE,
            "hidden_trained": lambda m: m["hidden_weights"] + m["hidden_gradient"] * RATE,
        },
    ),
    Mistake(
        "learning rate forgotten",
        {
            "output_trained": lambda m: m["output_weights"] - m["output_gradient"],
            "hidden_trained": lambda m: m["hidden_weights"] - m["hidden_gradient"],
        },
    ),
    Mistake("closed units passed a slope", {"raw_gradient": lambda m: m["active_gradient"]}),
    Mistake(
        "gradient taken from the wrong layer’s inputs",
        {"hidden_gradient": lambda m: m["raw_gradient"] @ m["active"].with_ones().transposed},
    ),
)
