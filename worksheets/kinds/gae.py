"""Values of a critic, and how much better than these each word of one text turned out.

Generalised advantage estimation, Schulman and others 2016, section 3, with γ = 1 and λ = 1/2: the
sum of (γλ)ᵏ·δ over this word and all later ones, δ being r + γ·V(next) − V, as in section 5 of
Schulman and others 2017 (PPO). A word's reward is −β·log u, β being 2, and the last one has
that of the whole text besides, as in Ouyang and others 2022, equation 2. The critic learns by half
the squared error of its values against the returns A + V, the mean over the words: the value term
of the loss in PPO's section 5. Where ours departs: log-ratios are given, not worked out; the critic
is one linear layer on given features; advantages are not normalised; and one step is made, at
learning rate 1. It lowers the loss on every sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix
from worksheets.engine.node import Array, Mask
from worksheets.language import message
from worksheets.sampling.attempts import Arrays, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import affine, busy, small, unlike

if TYPE_CHECKING:
    import sympy

CODE = "GAE"
TITLE = "Advantages by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("rlhf",)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 47, 2: 63, 3: 84}
CHECKPOINTS = ("advantages", "returns", "value_loss", "value_head_gradient", "trained_value_loss")
WORKED = {1: "advantages", 2: "value_head_gradient"}
# Sentences of the theme's words, as the key names them.
PHRASES = {"text": ("{subject}", "{link}", "{winning}")}

# The words of one text that the policy has said, up to the symbol that ends it.
WORDS, FEATURES = ("{subject}", "{link}", "{winning}", ".", "[E]"), ("1", "2", "3")
SIZE, BETA, LAMBDA = len(WORDS), 2, Fraction(1, 2)
LARGEST_VALUE, LARGEST_ADVANTAGE, LARGEST_PENALTY = 6, 4, 5
TRIED = 48  # value heads that are looked at
NEXT_HALF = message("δ + 0.5 · the next A")
CRITIC = Part("The critic", "purple")
WORTH = Part("What came of it", "orange")
LEARN = Part("The critic learns", "purple")


@cache
def _advantages() -> Array:
    """List the advantages of a text; of all words but the first they are halved and stay whole.

    Their sum is a multiple of the number of words, as is each feature's sum of them: so means are
    whole.
    """
    first = [a for a in range(-LARGEST_ADVANTAGE, LARGEST_ADVANTAGE + 1) if a]
    every = product(first, *[(-4, -2, 2, 4)] * (SIZE - 1))
    return np.array([a for a in every if sum(a) % SIZE == 0 and min(a) < 0 < max(a)], np.int64)


@cache
def _features() -> Array:
    """List the rows of features that not all words have alike."""
    rows = product((-1, 0, 1), repeat=SIZE)
    return np.array([row for row in rows if len(set(row)) > 1], dtype=np.int64)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw advantages, features and a critic, and from them the rewards that these come from."""

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return in_turn(some, {}, (_text, _critic))

    found, accepted = first_accepted(draws, "text", propose, at_once=1000, limit=2000)
    givens = {name: found[name] for name in ("states", "value_head", "rewards", "log_ratio")}
    return Givens(givens, accepted=accepted)


def _text(draws: Draws, _: Arrays) -> tuple[Arrays, Mask]:
    """Draw advantages and features of which the mean products are whole, and whose step learns."""
    every, rows = _advantages(), _features()
    A = every[draws.below("advantages", len(every))[:, 0]]
    whole = A @ rows.T % SIZE == 0
    picked, found = draws.pick("features", whole, len(FEATURES))
    H = rows[picked]
    biased = np.concatenate([H, np.ones_like(H[:, :1])], axis=1)
    # A step of the mean of half the squared errors −A adds this to w, whatever the values are.
    step = A[:, None] @ biased.transpose(0, 2, 1) // SIZE
    error = (step @ biased)[:, 0] - A
    found &= busy(H) & unlike(H) & unlike(H.transpose(0, 2, 1))
    found &= (step[:, 0, -1] != 0) & ((step[:, 0] != 0).sum(axis=1) > 2)
    found &= (error**2).sum(axis=1) < (A**2).sum(axis=1)
    return {"advantages": A, "states": H}, found


def _critic(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw a value head with which no word costs much, and the reward of the whole text."""
    A, H = known["advantages"], known["states"]
    W = small(draws, "value head", TRIED, len(FEATURES) + 1)
    V = affine(W, H)
    following = np.concatenate([V[:, :, 1:], np.zeros_like(V[:, :, :1])], axis=2)
    errors = A.copy()
    errors[:, :-1] -= A[:, 1:] // 2
    paid = errors[:, None] + V - following
    reward = draws.integers("reward", 1, 3, TRIED)
    cost = -paid
    cost[:, :, -1] += reward
    good = (np.abs(cost) <= LARGEST_PENALTY).all(axis=2) & (cost[:, :, :-1] != 0).any(axis=2)
    good &= (np.abs(V) <= LARGEST_VALUE).all(axis=2) & (W != 0).all(axis=2)
    picked, found = draws.pick_one("critic", good)
    rows = np.arange(len(A))
    rewards = np.zeros_like(H[:, :1])
    rewards[:, 0, -1] = reward[rows, picked]
    # What a word costs is 2·log u, and log u is in halves.
    chosen = {"value_head": W[rows, picked][:, None], "log_ratio": cost[rows, picked][:, None]}
    return chosen | {"rewards": rewards}, found


def steps(sheet: Tracer, level: int) -> None:
    """Work out values, advantages and returns; then the critic's gradient, and it again."""
    with sheet.step(1, "Values", CRITIC):
        H = sheet.given("states", FEATURES, WORDS, bound=1, symbol="H")
        w = sheet.given("value_head", ("w",), (*FEATURES, BIAS), bound=3, symbol="w")
        V = sheet.answer("state_values", w @ H.with_ones(), limit=LARGEST_VALUE, symbol="V")
    with sheet.step(2, "Rewards", WORTH):
        log = sheet.given("log_ratio", ("log u",), WORDS, bound=3, symbol="log u", finest=2)
        r = sheet.given("rewards", ("reward",), WORDS, bound=3, symbol="r")
        paid = sheet.answer(
            "penalised_rewards",
            r - log * sheet.constant("beta", BETA),
            limit=8,
            finest=1,
            symbol="r′",
        )
    with sheet.step(3, "TD errors", WORTH):
        gamma = sheet.constant("gamma", 1)
        errors = sheet.answer("td_errors", paid + V.following() - V, finest=1, symbol="δ")
    with sheet.step(4, "Advantages", WORTH):
        A = errors.discounted(gamma * sheet.constant("lambda", LAMBDA), finest=1)
        A = sheet.answer(
            "advantages", A, limit=LARGEST_ADVANTAGE, finest=1, symbol="A", how=NEXT_HALF
        )
    with sheet.step(5, "Returns", WORTH):
        R = sheet.answer("returns", A + V, finest=1, symbol="R")
    with sheet.step(6, "Value loss", WORTH):
        error = sheet.answer("value_error", V - R, finest=1, symbol="E")
        sheet.answer("value_loss", _loss(error), finest=10, symbol="L")
    if level == 1:
        return
    with sheet.step(7, "Gradient of V", WORTH):
        G = sheet.answer("state_value_gradient", error * Fraction(1, SIZE), finest=5, symbol="G")
    with sheet.step(8, "Gradient of w", LEARN):
        dw = sheet.answer(
            "value_head_gradient", G @ H.with_ones().transposed, finest=1, symbol="dw"
        )
    if level == 2:
        return
    with sheet.step(9, "Update", LEARN):
        sheet.constant("learning_rate", 1)
        w = sheet.answer("trained_value_head", w - dw, finest=1, symbol="w′")
    with sheet.step(10, "Values again", LEARN):
        V = sheet.answer("trained_state_values", w @ H.with_ones(), finest=1, symbol="V′")
    with sheet.step(11, "Value loss again", LEARN):
        error = sheet.answer("trained_value_error", V - R, finest=1, symbol="E′")
        sheet.answer("trained_value_loss", _loss(error), finest=10, symbol="L′")


def _loss(error: Matrix) -> Matrix:
    """Take the mean of half the squares."""
    return (error * error).sum_of_all() * Fraction(1, 2 * SIZE)


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State an advantage as the mixture of those after k words; SymPy differentiates the loss."""
    from sympy import Integer, Matrix, Rational, ones, symbols

    H, r, log = given["states"], given["rewards"], given["log_ratio"]
    biased = H.col_join(ones(1, SIZE))
    V = given["value_head"] * biased
    paid = r - BETA * log
    at = [*V, Integer(0)]  # nothing is expected once the text has ended

    def after(t: int, k: int) -> sympy.Expr:
        """Return how much better than expected the next k words are, and what is expected then."""
        return sum(paid[t : t + k]) + at[t + k] - at[t]

    def mixed(t: int) -> sympy.Expr:
        """Give k words the weight (1 − λ)·λᵏ⁻¹, and all there are what is left."""
        half, left = Rational(1, 2), SIZE - t
        some = sum(half**k * after(t, k) for k in range(1, left))
        return some + half ** (left - 1) * after(t, left)

    A = Matrix([[mixed(t) for t in range(SIZE)]])
    R = A + V
    v, w = Matrix(1, SIZE, symbols("v:5")), Matrix(1, 4, symbols("w:4"))

    def loss(values: sympy.Matrix) -> sympy.Expr:
        return sum((values - R).applyfunc(lambda error: error**2)) / (2 * SIZE)

    stated = {
        "state_values": V,
        "penalised_rewards": paid,
        "td_errors": Matrix([[after(t, 1) for t in range(SIZE)]]),
        "advantages": A,
        "returns": R,
        "value_error": V - R,
        "value_loss": Matrix([[loss(V)]]),
    }
    if level == 1:
        return stated
    slope, of_head = loss(v), loss(w * biased)
    here = dict(zip(w, given["value_head"], strict=True))
    dw = w.applyfunc(lambda weight: of_head.diff(weight).subs(here))
    values = dict(zip(v, V, strict=True))
    stated["state_value_gradient"] = v.applyfunc(lambda value: slope.diff(value).subs(values))
    stated["value_head_gradient"] = dw
    if level == 2:
        return stated
    trained = given["value_head"] - dw
    V = trained * biased
    stated |= {"trained_value_head": trained, "trained_state_values": V}
    return stated | {"trained_value_error": V - R, "trained_value_loss": Matrix([[loss(V)]])}


MISTAKES = (
    Mistake(
        "bias forgotten",
        {
            "state_values": lambda m: m["value_head"].without_bias() @ m["states"],
            "trained_state_values": lambda m: m["trained_value_head"].without_bias() @ m["states"],
        },
    ),
    Mistake("penalty forgotten", {"penalised_rewards": lambda m: m["rewards"]}),
    Mistake("penalty added", {"penalised_rewards": lambda m: m["rewards"] + m["log_ratio"] * BETA}),
    Mistake(
        "next value forgotten",
        {"td_errors": lambda m: m["penalised_rewards"] - m["state_values"]},
    ),
    Mistake(
        "values turned round",
        {
            "td_errors": lambda m: (
                m["penalised_rewards"] + m["state_values"] - m["state_values"].following()
            )
        },
    ),
    Mistake("later words forgotten", {"advantages": lambda m: m["td_errors"]}),
    Mistake("λ forgotten", {"advantages": lambda m: m["td_errors"].discounted(1, finest=1)}),
    Mistake(
        "next TD error alone",
        {"advantages": lambda m: m["td_errors"] + m["td_errors"].following() * LAMBDA},
    ),
    Mistake("value taken off again", {"returns": lambda m: m["advantages"] - m["state_values"]}),
    Mistake("return minus value", {"value_error": lambda m: m["returns"] - m["state_values"]}),
    Mistake(
        "half forgotten",
        {
            "value_loss": lambda m: _loss(m["value_error"]) * 2,
            "trained_value_loss": lambda m: _loss(m["trained_value_error"]) * 2,
        },
    ),
    Mistake(
        "gradient not divided by the words", {"state_value_gradient": lambda m: m["value_error"]}
    ),
    Mistake(
        "bias left out of the gradient",
        {
            "value_head_gradient": lambda m: (
                m["state_value_gradient"] @ m["states"].with_zeros().transposed
            )
        },
    ),
    Mistake(
        "step up instead of down",
        {"trained_value_head": lambda m: m["value_head"] + m["value_head_gradient"]},
    ),
    Mistake(
        "old weights used again",
        {"trained_state_values": lambda m: m["value_head"] @ m["states"].with_ones()},
    ),
)
