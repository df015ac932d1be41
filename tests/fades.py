"""What fades leave to do, said a second time, from a key as another program reads it."""

import re
from math import prod
from typing import Any

import numpy as np

# How a page says what is left to do.
TASK = re.compile(r'<p class="task"[^>]*>([^<]*)</p>')
# What "one-matrix" leaves where another answer gives the largest one away, such as Z = S ÷ 2.
LEFT = {
    ("attention", 1): "powers",
    ("attention", 2): "weights",
    ("backprop", 3): "hidden",
    ("constitutional", 1): "hidden",
    ("constitutional", 2): "hidden",
    ("constitutional", 3): "hidden",
    ("decoding", 2): "scaled",
    ("decoding", 3): "scaled",
    ("dpo", 1): "margins",
    ("dpo", 2): "log_probability_gradient",
    ("dpo", 3): "log_probability_gradient",
    ("gae", 1): "value_loss",
    ("gae", 2): "value_head_gradient",
    ("gae", 3): "value_loss",
    ("kl_optimum", 1): "powers",
    ("kl_optimum", 2): "powers",
    ("kl_optimum", 3): "powers",
    ("pretraining", 3): "scores",
    ("rlhf", 3): "scores",
    ("rloo", 2): "expected_reward",
    ("rloo", 3): "trained_probabilities",
    ("sft", 3): "scores",
    ("softmax", 3): "powers",
}


def left(fade: str, key: dict[str, Any]) -> dict[str, int]:
    """How many cells of each answer a student has to do, by what the fades' names say."""
    sizes = {name: prod(np.shape(values)) for name, values in answers(key).items()}
    names = list(sizes)
    if fade == "one-cell":
        return dict.fromkeys(names, 1)
    to_do = names[1::2] if fade == "alternate" else [fade]
    if fade == "one-matrix":
        largest = max(names, key=lambda name: sizes[name])
        to_do = [LEFT.get((key["kind"], key["level"]), largest)]
    return {name: sizes[name] * (name in to_do) for name in names}


def answers(key: dict[str, Any]) -> dict[str, list[list[str]]]:
    """The answers' values by name."""
    return {line["name"]: line["values"] for line in key["lines"] if line["role"] == "answer"}
