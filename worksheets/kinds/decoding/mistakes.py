"""List the usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix
from worksheets.kinds.decoding.steps import PLACES, WORDS, tails


def _from_the_likeliest(p: Matrix) -> Matrix:
    return 1 - tails(p) + p


def _greedy(p: Matrix) -> Matrix:
    return p.transposed.highest()


MISTAKES = (
    Mistake("multiplied by T", {"scaled": lambda m: (m["scores"] * m["temperature"]).rounded(1)}),
    Mistake(
        "probabilities over T",
        {
            "tempered_probabilities": lambda m: m["probabilities"].divided_rounded(
                m["temperature"], 2
            )
        },
    ),
    Mistake(
        "added up from the likeliest",
        {
            "tails": lambda m: _from_the_likeliest(m["probabilities"]),
            "tempered_tails": lambda m: _from_the_likeliest(m["tempered_probabilities"]),
        },
    ),
    Mistake(
        "own probability left out",
        {
            "tails": lambda m: tails(m["probabilities"]).following(),
            "tempered_tails": lambda m: tails(m["tempered_probabilities"]).following(),
        },
    ),
    Mistake(
        "greedy instead of sampled",
        {
            "sampled_word": lambda m: _greedy(m["probabilities"]),
            "tempered_word": lambda m: _greedy(m["tempered_probabilities"]),
            "second_word": lambda m: _greedy(m["probabilities"]),
            "second_tempered_word": lambda m: _greedy(m["tempered_probabilities"]),
        },
    ),
    Mistake(
        "one word more than K",
        {"top_k_kept": lambda m: m["probabilities"] * (m["top_k"] + 1).exceeds(PLACES)},
    ),
    Mistake(
        "not divided by what is kept",
        {
            "top_k_probabilities": lambda m: m["top_k_kept"],
            "nucleus_probabilities": lambda m: m["nucleus_kept"],
        },
    ),
    Mistake(
        "word that reaches P left out",
        {
            "nucleus_kept": lambda m: (
                m["probabilities"] * m["top_p"].exceeds(1 - m["tails"] + m["probabilities"])
            )
        },
    ),
    Mistake(
        "gradient with the wrong sign",
        {
            "score_gradient": lambda m: (
                m["probabilities"] - m["sampled_word"].one_hot(WORDS).transposed
            )
        },
    ),
    Mistake("word that was said forgotten", {"score_gradient": lambda m: -m["probabilities"]}),
    Mistake(
        "step down instead of up",
        {"trained_scores": lambda m: (m["scores"] - m["score_gradient"]).rounded(1)},
    ),
    Mistake("old probabilities used again", {"trained_tails": lambda m: m["tails"]}),
)
