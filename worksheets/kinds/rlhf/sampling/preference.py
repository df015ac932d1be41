"""Draw all numbers of a sheet on human feedback: the reward model, then the language model.

The accepted reward model is kept while the language model tries again.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.kinds.rlhf.sampling import attention, language_model, reward_model
from worksheets.kinds.rlhf.sampling.output_layer import ROLES
from worksheets.sampling.attempts import Arrays, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens

# 200 sheets of level 3 take 60 ms; with 1 or 1,000 language models at once, 250 or 134.
REWARD_MODELS_AT_ONCE, LANGUAGE_MODELS_AT_ONCE = 400, 100
MOST_REWARD_MODELS, MOST_LANGUAGE_MODELS = 4096, 256


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw the givens of rlhf; the vocabulary's order is that of the roles if published."""
    size = len(draws.keys)

    def first(some: Draws, _: Array) -> tuple[Arrays, Mask]:
        choices = reward_model.choices(level, published)
        return in_turn(some, {}, [*choices, partial(attention.choose, level)])

    known, has_rewards = first_accepted(
        draws, "reward model", first, at_once=REWARD_MODELS_AT_ONCE, limit=MOST_REWARD_MODELS
    )
    small = {
        name: known[name].astype(np.int16)
        for name in (*ROLES, "start", "attention", "attended", "trained_gap")
    }

    def second(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        of_rows = {name: values[rows] for name, values in small.items()}
        return in_turn(some, of_rows, language_model.choices(level))

    model, has_model = first_accepted(
        draws, "language model", second, at_once=LANGUAGE_MODELS_AT_ONCE, limit=MOST_LANGUAGE_MODELS
    )
    order = np.tile(np.arange(len(ROLES), dtype=np.int64), (size, 1))
    if not published:
        order = draws.order("vocabulary", len(ROLES))
    by_order = order[:, :, None]
    words = np.take_along_axis(np.stack([known[role] for role in ROLES], axis=1), by_order, axis=1)
    embeddings = np.concatenate([known["start"][:, None], words], axis=1).transpose(0, 2, 1)
    givens = {
        "embeddings": embeddings,
        "rm_linear": known["rm_linear"],
        "rm_output": known["rm_output"],
        "attention": known["attention"],
        "llm_feed_forward": model["llm_feed_forward"],
        "llm_output": np.take_along_axis(model["llm_output"], by_order, axis=1),
    }
    if level == 3:
        givens["second_subject"] = model["second_subject"][:, :, None]
    place = order.argsort(axis=1).astype(np.int64) + 1
    indices = {role: place[:, number] for number, role in enumerate(ROLES)}
    indices["start"] = np.zeros(size, dtype=np.int64)
    return Givens(givens, indices, has_rewards & has_model)
