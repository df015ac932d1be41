"""The usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix, beside
from worksheets.kinds.constitutional.steps import RATE


def _label(m: Mapping[str, Matrix]) -> Matrix:
    """The soft label that this level trains on."""
    return m.get("clamped", m["labels"])


MISTAKES = (
    Mistake(
        "bias forgotten",
        "The row of ones meets the grey bias column: add the bias to every column.",
        {
            "scores": lambda m: m["word_weights"].without_bias() @ m["context"],
            "revised_scores": lambda m: m["word_weights"].without_bias() @ m["revised_context"],
            "hidden": lambda m: m["hidden_weights"].without_bias() @ m["answers"],
        },
    ),
    Mistake(
        "critique not read",
        "The revision starts from what the model has read, and the critique is part of it now.",
        {"revised_scores": lambda m: m["word_weights"] @ m["context"].with_ones()},
    ),
    Mistake(
        "only the critique read",
        "The critique is added to what the model has read before.",
        {"revised_scores": lambda m: m["word_weights"] @ m["critique_read"].with_ones()},
    ),
    Mistake(
        "answers swapped",
        "(A) is the first answer, (B) is the revision.",
        {"answers": lambda m: m["embeddings"].columns(m["revised_word"], m["first_word"])},
    ),
    Mistake(
        "ReLU forgotten",
        "ReLU turns every negative number into 0.",
        {"active": lambda m: m["hidden"]},
    ),
    Mistake(
        "gap the wrong way round",
        "The gap says how much more (B) gets than (A).",
        {"gap": lambda m: m["rewards"].column(0) - m["rewards"].column(1)},
    ),
    Mistake(
        "label of the other answer",
        "p is the chance that (B) is better: take the label of (B) off.",
        {"gap_gradient": lambda m: m["prediction"] - _label(m)[:1, :]},
    ),
    Mistake(
        "hard label instead of the soft one",
        "The critic is not sure: the slope is p − t, not p − 1.",
        {"gap_gradient": lambda m: m["prediction"] - 1},
    ),
    Mistake(
        "gradient with the wrong sign",
        "The slope is the prediction minus the label.",
        {"gap_gradient": lambda m: _label(m)[1:, :] - m["prediction"]},
    ),
    Mistake(
        "clamp forgotten",
        "A label below 0.4 becomes 0.4, and one above 0.6 becomes 0.6.",
        {"clamped": lambda m: m["labels"]},
    ),
    Mistake(
        "both answers pushed the same way",
        "(A) lowers the gap: its slope has the other sign.",
        {"reward_gradient": lambda m: beside(m["gap_gradient"], m["gap_gradient"])},
    ),
    Mistake(
        "step in the wrong direction",
        "Training goes down the slope: take a tenth of it off.",
        {
            "output_trained": lambda m: m["output_weights"] + m["output_gradient"] * RATE,
            "hidden_trained": lambda m: m["hidden_weights"] + m["hidden_gradient"] * RATE,
        },
    ),
    Mistake(
        "learning rate forgotten",
        "Take a tenth of the slope off, not all of it.",
        {
            "output_trained": lambda m: m["output_weights"] - m["output_gradient"],
            "hidden_trained": lambda m: m["hidden_weights"] - m["hidden_gradient"],
        },
    ),
    Mistake(
        "closed units passed a slope",
        "Where ReLU made 0, nothing flows back.",
        {"raw_gradient": lambda m: m["active_gradient"]},
    ),
    Mistake(
        "gradient taken from the wrong layer’s inputs",
        "The first layer’s gradient meets X, which came into it.",
        {"hidden_gradient": lambda m: m["raw_gradient"] @ m["active"].with_ones().transposed},
    ),
)
