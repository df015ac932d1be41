"""All the numbers of a sheet on human feedback, stage by stage.

An accepted stage is kept while a later one tries again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from worksheets.draw import language_model, reward_model
from worksheets.draw.attempts import Arrays, first_accepted
from worksheets.draw.counter import Draws
from worksheets.engine.node import Array, Mask

ROLES = ("subject", "prompt", "link", "losing", "winning")
REWARD_MODELS_AT_ONCE, LANGUAGE_MODELS_AT_ONCE, WEIGHTS_AT_ONCE = 8000, 60, 300
LOSING, WINNING = ROLES.index("losing"), ROLES.index("winning")


@dataclass(frozen=True)
class Drawn:
    """What the draw supplies: given lines (sheets, rows, columns) and words' indices (sheets,).

    `accepted` says which sheets found numbers at all; the others are drawn again.
    """

    givens: Arrays
    words: Arrays = field(default_factory=dict)
    accepted: Mask | None = None


def draw(draws: Draws, level: int, published: bool) -> Drawn:
    """Givens of the kind rlhf; vocabulary order is that of the roles if published, else drawn."""
    size = len(draws.keys)
    rewards, has_rewards = first_accepted(
        draws,
        "reward model",
        lambda some, _: reward_model.propose(some, level, published),
        at_once=REWARD_MODELS_AT_ONCE,
        limit=4096,
    )
    words = {role: rewards[role] for role in ROLES}

    def language(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return _language_model(
            some, level, {role: words[role][rows] for role in ROLES}, rewards["trained_gap"][rows]
        )

    model, has_model = first_accepted(draws, "language model", language, at_once=LANGUAGE_MODELS_AT_ONCE, limit=8)
    order = np.tile(np.arange(len(ROLES)), (size, 1))
    if not published:
        order = draws.order("vocabulary", len(ROLES))
    table = np.stack([words[role] for role in ROLES], axis=1)
    by_order = order[:, :, None]
    in_order = np.take_along_axis(table, by_order, axis=1)
    embeddings = np.concatenate([model["start"][:, None], in_order], axis=1).transpose(0, 2, 1)
    givens = {
        "embeddings": embeddings,
        "rm_linear": rewards["rm_linear"],
        "rm_output": rewards["rm_output"],
        "attention": model["attention"],
        "llm_feed_forward": model["llm_feed_forward"],
        "llm_output": np.take_along_axis(model["llm_output"], by_order, axis=1),
    }
    if level == 3:
        givens["second_subject"] = model["second_subject"][:, :, None]
    place = order.argsort(axis=1) + 1
    indices = {role: place[:, number] for number, role in enumerate(ROLES)}
    indices["start"] = np.zeros(size, dtype=np.int64)
    return Drawn(givens, indices, has_rewards & has_model)


def _language_model(
    draws: Draws, level: int, words: Arrays, trained_gap: Array
) -> tuple[Arrays, Mask]:
    """Attention first, then some attempts at weights, then at level 3 a second subject."""
    attention, quiet = language_model.propose_attention(draws, words)
    inputs = np.stack([attention["start"], words["prompt"], words["link"]], axis=2)
    attended = inputs @ attention["attention"]
    weights, found = first_accepted(
        draws,
        "weights",
        lambda some, rows: language_model.propose_weights(
            some, level, rows, attended, trained_gap
        ),
        at_once=WEIGHTS_AT_ONCE,
        limit=32,
    )
    model = {**attention, **weights}
    accepted = quiet & found
    if level == 3:
        known = np.stack([attention["start"], *words.values()], axis=1)
        second, has_second = _second_subject(draws, model, attended, inputs, known)
        model["second_subject"] = second
        accepted &= has_second
    return model, accepted


def _second_subject(
    draws: Draws, model: Arrays, attended: Array, inputs: Array, known: Array
) -> tuple[Array, Mask]:
    """An embedding on which the aligned model says the winning word or another one, by a coin.

    Tails asks for the losing word, else for any other; where no embedding gives the side of the
    coin, the other side is taken.
    """
    feed_forward, output = _aligned(model, attended)
    looks = model["attention"][:, :, 2]
    candidates = language_model.STARTS.T[None]
    rest = inputs[:, :, 0] * looks[:, :1] + inputs[:, :, 2] * looks[:, 2:]
    second = rest[:, :, None] + looks[:, 1, None, None] * candidates
    hidden = np.maximum(feed_forward[:, :, :3] @ second + feed_forward[:, :, 3:], 0)
    scores = output[:, :, :2] @ hidden + output[:, :, 2:]
    new = (known[:, :, :, None] != candidates[:, None]).any(axis=2).all(axis=1)
    fits = new & (np.abs(scores) <= language_model.LARGEST_ALIGNED).all(axis=1)
    fits &= (np.abs(second) <= 99).all(axis=1)
    top = scores.max(axis=1, keepdims=True)
    says = (scores == top) & ((scores == top).sum(axis=1, keepdims=True) == 1) & fits[:, None]
    heads, losing = says[:, WINNING], says[:, LOSING]
    others = says.any(axis=1) & ~heads
    tails = np.where(losing.any(axis=1, keepdims=True), losing, others)
    coin = draws.integers("coin", 0, 1).astype(np.bool_)[:, None]
    wanted, instead = np.where(coin, heads, tails), np.where(coin, tails, heads)
    choice, found = draws.pick_one(
        "second subject", np.where(wanted.any(axis=1, keepdims=True), wanted, instead)
    )
    return language_model.STARTS[choice], found


def _aligned(model: Arrays, attended: Array) -> tuple[Array, Array]:
    """The language model's weights after one step of rate 1/|score gradient|."""
    feed_forward, output = model["llm_feed_forward"], model["llm_output"]
    ones = np.ones((len(output), 1), dtype=np.int64)
    last = np.concatenate([attended[:, :, 2], ones], axis=1)
    raw = np.einsum("nuf,nf->nu", feed_forward, last)
    flow = (output[:, LOSING] - output[:, WINNING])[:, :2] * (raw > 0)
    step = np.concatenate([np.maximum(raw, 0), ones], axis=1)
    trained = output.copy()
    trained[:, LOSING] -= step
    trained[:, WINNING] += step
    return feed_forward - flow[:, :, None] * last[:, None], trained
