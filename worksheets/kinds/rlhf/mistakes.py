"""List the usual mistakes, as other ways to work a line, so that a sheet shows each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from worksheets.engine.graph import Mistake
from worksheets.engine.matrix import Matrix

Lines: TypeAlias = Mapping[str, Matrix]


def _now(line: Lines, weights: str) -> Matrix:
    """Return the reward model's weights as step 14 uses them."""
    return line.get(f"{weights}_trained", line[weights])


MISTAKES = (
    Mistake(
        "bias forgotten in the linear layer",
        {
            "loser_features": lambda m: m["rm_linear"].without_bias() @ m["loser_inputs"],
            "winner_features": lambda m: m["rm_linear"].without_bias() @ m["winner_inputs"],
            "sampled_features": lambda m: _now(m, "rm_linear").without_bias() @ m["sampled_inputs"],
        },
    ),
    Mistake(
        "bias forgotten in the output layer",
        {
            "loser_reward": lambda m: m["rm_output"].without_bias() @ m["loser_sentence"],
            "winner_reward": lambda m: m["rm_output"].without_bias() @ m["winner_sentence"],
            "sampled_reward": lambda m: _now(m, "rm_output").without_bias() @ m["sampled_sentence"],
        },
    ),
    Mistake(
        "bias forgotten in the language model",
        {
            "feed_forward": lambda m: m["llm_feed_forward"].without_bias() @ m["attended"],
            "scores": lambda m: m["llm_output"].without_bias() @ m["transformed"],
        },
    ),
    Mistake(
        "sum taken for the mean",
        {
            "loser_sentence": lambda m: m["loser_features"].total(),
            "winner_sentence": lambda m: m["winner_features"].total(),
            "sampled_sentence": lambda m: m["sampled_features"].total(),
        },
    ),
    Mistake(
        "loser and winner swapped",
        {
            "gap": lambda m: m["loser_reward"] - m["winner_reward"],
            "sentence_difference": lambda m: m["loser_sentence"] - m["winner_sentence"],
            "input_difference": lambda m: m["loser_inputs"].mean() - m["winner_inputs"].mean(),
        },
    ),
    Mistake("sign of the loss gradient", {"gap_gradient": lambda m: 1 - m["prediction"]}),
    Mistake(
        "attention multiplied the wrong way round",
        {"attended": lambda m: m["attention"] @ m["prompt_inputs"]},
    ),
    Mistake(
        "attention read by rows",
        {"attended": lambda m: m["prompt_inputs"] @ m["attention"].transposed},
    ),
    Mistake("attention skipped", {"attended": lambda m: m["prompt_inputs"]}),
    Mistake("sign of the loss", {"loss": lambda m: m["sampled_reward"]}),
    Mistake(
        "sign of the reward’s gradient",
        {"reward_gradient": lambda m: -m["sampled_reward"].minus_ones()},
    ),
    Mistake(
        "update in the wrong direction",
        {
            "rm_output_trained": lambda m: m["rm_output"].step_up(
                m["rm_output_gradient"], m["rm_learning_rate"]
            ),
            "rm_linear_trained": lambda m: m["rm_linear"].step_up(
                m["rm_linear_gradient"], m["rm_learning_rate"]
            ),
            "llm_output_trained": lambda m: m["llm_output"].step_up(
                m["llm_output_gradient"], m["llm_learning_rate"]
            ),
            "llm_feed_forward_trained": lambda m: m["llm_feed_forward"].step_up(
                m["llm_feed_forward_gradient"], m["llm_learning_rate"]
            ),
        },
    ),
    Mistake(
        "learning rate forgotten",
        {
            "rm_output_trained": lambda m: m["rm_output"] - m["rm_output_gradient"],
            "llm_output_trained": lambda m: m["llm_output"] - m["llm_output_gradient"],
        },
    ),
    Mistake(
        "untrained reward model used",
        {
            "sampled_features": lambda m: m["rm_linear"] @ m["sampled_inputs"].with_ones(),
            "sampled_reward": lambda m: m["rm_output"] @ m["sampled_sentence"].with_ones(),
        },
        needs="rm_output_trained",
    ),
    Mistake(
        "expected reward forgotten",
        {
            "score_gradient": lambda m: (
                m["reward_gradient"] * (m["probabilities"] * m["rewards"])
            ).rounded(0),
        },
    ),
    Mistake(
        "bias entry of the gradient forgotten",
        {
            "llm_output_gradient": lambda m: (
                m["score_gradient"] @ m["transformed"].column(-1).with_zeros().transposed
            ),
        },
    ),
    Mistake(
        "ReLU forgotten",
        {
            "transformed": lambda m: m["feed_forward"],
            "aligned_transformed": lambda m: m["aligned_feed_forward"],
            "second_transformed": lambda m: m["second_feed_forward"],
        },
        needs="feed_forward",
    ),
)
