"""Backpropagation: a network with one hidden layer, its cross-entropy, all gradients, one update.

The method is that of Rumelhart, Hinton and Williams 1986: slopes run back through each layer, and
a weight's gradient is the slope at its output times what came in. The slope of the cross-entropy by
a score is that of Hinton, Vinyals and Dean 2015, equation 2, at temperature 1: q − p. Where ours
departs: an example is a column, a bias is the last column of its weights, the hidden units are
ReLU, the target p is a single right word, the loss is the sum over the examples, softmax is
rounded to tenths, and the learning rate is 1/10. On every sheet the step lowers the loss, which is
worked out again; for that scores are rounded to tenths as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, filled
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import round_half_away
from worksheets.sampling.attempts import Arrays, Choose, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.digits import two_digits
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import affine, busy, small, unlike
from worksheets.sampling.shares import SURPRISES, shares
from worksheets.sampling.tenths import tenths
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "BACK"
BUILDS_ON = ("linear_relu", "softmax")
TITLE = "Backpropagation by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 21, 2: 32, 3: 93}
CHECKPOINTS = ("scores", "output_weights_gradient", "hidden_weights_gradient", "trained_loss")
WORKED = {1: "probabilities", 3: "hidden_weights_gradient"}

# Sentences of the theme's words, as the key names them.
PHRASES = {
    "sentence": ("{sentence1}", "{sentence2}", "{sentence3}"),
    "next words": ("{next1}", "{next2}", "{next3}"),
}

FEATURES, UNITS = ("1", "2"), ("1", "2", "3")
WORDS, EXAMPLES = PHRASES["next words"], ("{subject1}", "{subject2}")
LARGEST, RATE = 2, Fraction(1, 10)
FARTHEST = 9  # trained scores, whose differences are looked up, lie within it
LEAST_MOVED = 2  # units whose weights get a gradient
MOST_HARD = 3  # products of two numbers of two digits, once both layers are trained
MOST_OPEN = 4  # units, counted for each example: more of them seldom have so few such products
EVERY_BIAS = np.array(list(product(range(-3, 4), repeat=3)), dtype=np.int64).T
# Scores with their bias: hidden units come to 10 at most, and weights lie 4 apart, biases 6.
FARTHEST_APART = 3 * 10 * 4 + 6
# Times an example's three scores, its place in a table of how far two lie above the third.
PLACE = np.array([2 * FARTHEST_APART + 1, 1, -2 * FARTHEST_APART - 2], dtype=np.int64)
MIDDLE = FARTHEST_APART * (2 * FARTHEST_APART + 2)  # the place of three equal scores
EVERY_WORD = 7  # a bit for each of three
FORWARD = Part("Forward", "purple")
BACK = Part("Backward", "orange")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw layer after layer, as long as each keeps the sheet's guarantees."""
    stages: tuple[Choose, ...] = (_first_layer, _output_layer)
    if level == 3:
        stages = (_first_layer, _few_open, _output_layer, _both_learn)
    found, accepted = first_accepted(
        draws,
        "network",
        lambda some, _: in_turn(some, {}, stages),
        at_once=4000,
        limit=4000,
    )
    names = ("inputs", "hidden_weights", "output_weights", "targets")
    return Givens({name: found[name] for name in names[: 3 + (level > 1)]}, accepted=accepted)


def _first_layer(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw units of which none is idle, some are closed, and none stands on the border."""
    X, W1 = small(draws, "inputs", 2, 2, LARGEST), small(draws, "hidden", 3, 3, LARGEST)
    raw = affine(W1, X)
    active = np.maximum(raw, 0)
    accepted = busy(W1[:, :, :-1], active) & unlike(X)
    accepted &= (raw < 0).any(axis=(1, 2)) & (raw != 0).all(axis=(1, 2))
    return {"inputs": X, "hidden_weights": W1, "active": active}, accepted


def _few_open(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Find the layers of which few units are open; nothing is drawn."""
    return {}, (known["active"] > 0).sum(axis=(1, 2)) <= MOST_OPEN


@cache
def _words_at() -> tuple[Mask, Array]:
    """Tabulate, by `PLACE` of an example's scores, which words come.

    Returns those that a pencil finds possible but not sure, (words, places), and a bit for each
    that it finds possible, (places,).
    """
    far = np.arange(-FARTHEST_APART, FARTHEST_APART + 1, dtype=np.int64)
    first, second = (grid.ravel() for grid in np.meshgrid(far, far, indexing="ij"))
    found, doable = tenths(np.stack([first, second, np.zeros_like(first)])[None])
    possible = found[0] > 0
    bits: Array = np.array([1, 2, 4], dtype=np.int64) @ possible
    return possible & (found[0] < 10) & doable[0], bits


def _output_layer(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw a bias for which a pencil finds the probabilities; each word may come, none is sure."""
    W2 = small(draws, "output", 3, 3, LARGEST)
    right = draws.integers("right", 0, 2, 1, 2)
    Y = (np.arange(3)[None, :, None] == right).astype(np.int64)
    likely, possible = _words_at()
    # (examples, sheets, biases): where the tables have the example's scores under every bias.
    places = (PLACE @ (W2 @ known["active"])).T[:, :, None] + PLACE @ EVERY_BIAS + MIDDLE
    allowed = np.bitwise_or(*possible[places]) == EVERY_WORD
    for example, place in enumerate(places):
        allowed &= likely[right[:, :, example], place]
    bias, found = draws.pick_one("bias", allowed)
    chosen = EVERY_BIAS.T[bias][:, :, None]
    error = tenths(W2 @ known["active"] + chosen)[0] - 10 * Y
    # The slopes that reach the units, W₂ᵀ·(q − p) where they are open.
    back = (W2.transpose(0, 2, 1) @ error) * (known["active"] > 0)
    moved = (back != 0).any(axis=2).sum(axis=1)
    weights = np.concatenate([W2, chosen], axis=2)
    return {"output_weights": weights, "targets": Y}, found & busy(W2) & (moved >= LEAST_MOVED)


def _both_learn(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Find the networks of which a step lowers the loss, as it is written; nothing is drawn."""
    X, W1, W2, A = (
        known[name] for name in ("inputs", "hidden_weights", "output_weights", "active")
    )
    Y, ones = known["targets"], np.ones_like(X[:, :1])
    P, _ = tenths(affine(W2, A))
    error = P - 10 * Y  # in tenths, as gradients are
    with_ones = np.concatenate([A, ones], axis=1).transpose(0, 2, 1)
    dH = (W2[:, :, :-1].transpose(0, 2, 1) @ error) * (A > 0)
    # A tenth of a gradient in tenths is in hundredths.
    W1_now = 100 * W1 - dH @ np.concatenate([X, ones], axis=1).transpose(0, 2, 1)
    W2_now = 100 * W2 - error @ with_ones
    active = np.maximum(affine(W1_now, X), 0)
    scores = W2_now[:, :, :-1] @ active + 100 * W2_now[:, :, -1:]  # in ten-thousandths
    in_tenths = round_half_away(scores, 10_000, 1)
    shares_now, clear = shares(in_tenths, 1)
    clear &= (shares_now.sum(axis=1) == 10) & (np.abs(scores) % 1000 != 500).all(axis=1)
    clear &= (np.abs(in_tenths) <= 10 * FARTHEST).all(axis=1)
    right = [(Y * some).sum(axis=1) for some in (P, shares_now)]
    before, after = (SURPRISES[some].sum(axis=1) for some in right)
    learns: Mask = clear.all(axis=1) & ((right[1] > 0) & (right[1] < 10)).all(axis=1)
    learns &= after < before
    hard = two_digits(W2_now[:, :, :-1]).astype(np.int64) @ two_digits(active).astype(np.int64)
    return {}, learns & (hard.sum(axis=(1, 2)) <= MOST_HARD)


def steps(sheet: Tracer, level: int) -> None:
    """Go forward, then back as far as the level asks for, and once more forward."""
    with sheet.step(1, "First layer", FORWARD):
        X = sheet.given("inputs", FEATURES, EXAMPLES, bound=LARGEST, symbol="X")
        W1 = sheet.given("hidden_weights", UNITS, (*FEATURES, BIAS), bound=3, symbol="W₁")
        H = sheet.answer("hidden", W1 @ X.with_ones(), symbol="H")
    with sheet.step(2, "ReLU", FORWARD):
        A = sheet.answer("active", H.relu(), symbol="A")
    with sheet.step(3, "Output layer", FORWARD):
        W2 = sheet.given("output_weights", WORDS, (*UNITS, BIAS), bound=3, symbol="W₂")
        scores = sheet.answer("scores", W2 @ A.with_ones(), symbol="Z")
    with sheet.step(4, "Softmax", FORWARD):
        P = sheet.answer("probabilities", scores.softmax(1), symbol="P")
    if level == 1:
        return
    with sheet.step(5, "Loss", BACK):
        Y = sheet.given("targets", WORDS, EXAMPLES, bound=1, symbol="Y")
        ones = filled(("right",), WORDS, Fraction(1))
        p = ones @ (Y * P)
        p = sheet.answer("right_probabilities", p, limit=1, finest=10, symbol="p")
        logs = sheet.answer("log_probabilities", p.logarithm(1), symbol="log p")
        sheet.answer("loss", -logs.sum_of_all(), symbol="L")
    with sheet.step(6, "Error", BACK):
        error = sheet.answer("error", P - Y, symbol="G")
    with sheet.step(7, "Gradient of W₂", BACK):
        dW2 = error @ A.with_ones().transposed
        dW2 = sheet.answer("output_weights_gradient", dW2, symbol="dW₂")
    if level == 2:
        return
    with sheet.step(8, "Back through W₂", BACK):
        dA = W2.without_bias().transposed @ error
        dA = sheet.answer("active_gradient", dA, symbol="dA")
    with sheet.step(9, "Back through ReLU", BACK):
        mask = sheet.answer("relu_mask", H.open(), symbol="mask")
        dH = sheet.answer("hidden_gradient", dA * mask, symbol="dH")
    with sheet.step(10, "Gradient of W₁", BACK):
        dW1 = dH @ X.with_ones().transposed
        dW1 = sheet.answer("hidden_weights_gradient", dW1, symbol="dW₁")
    with sheet.step(11, "Update", BACK):
        rate = filled(("rate",), ("value",), sheet.constant("learning_rate", RATE))
        W2 = sheet.answer("trained_output_weights", W2 - rate * dW2, symbol="W₂′")
        W1 = sheet.answer("trained_hidden_weights", W1 - rate * dW1, symbol="W₁′")
    with sheet.step(12, "Forward again", BACK):
        H = sheet.answer("trained_hidden", W1 @ X.with_ones(), symbol="H′")
        A = sheet.answer("trained_active", H.relu(), symbol="A′")
        scores = (W2 @ A.with_ones()).rounded(1)
        scores = sheet.answer("trained_scores", scores, limit=FARTHEST, finest=10, symbol="Z′")
        P = sheet.answer("trained_probabilities", scores.softmax(1), symbol="P′")
    with sheet.step(13, "Loss again", BACK):
        p = ones @ (Y * P)
        p = sheet.answer("trained_right_probabilities", p, limit=1, finest=10, symbol="p′")
        logs = sheet.answer("trained_log_probabilities", p.logarithm(1), symbol="log p′")
        sheet.answer("trained_loss", -logs.sum_of_all(), symbol="L′")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the loss by the scores, and these by the weights; SymPy differentiates both."""
    from sympy import Integer, Matrix, Max, exp, log, ones, symbols

    X, W1, W2 = (given[name] for name in ("inputs", "hidden_weights", "output_weights"))
    row = ones(1, 2)
    is_open = (W1[:, :-1] * X + W1[:, -1] * row).applyfunc(lambda h: Integer(bool(h > 0)))

    def scores(raw: sympy.Matrix, W2: sympy.Matrix) -> sympy.Matrix:
        return W2[:, :-1] * raw.multiply_elementwise(is_open) + W2[:, -1] * row

    def layer(W1: sympy.Matrix) -> sympy.Matrix:
        return W1[:, :-1] * X + W1[:, -1] * row

    H = layer(W1)
    stated = {"hidden": H, "active": H.multiply_elementwise(is_open), "scores": scores(H, W2)}
    z = Matrix(3, 2, symbols("z:6"))
    totals = [sum(map(exp, z[:, k])) for k in range(2)]
    values = dict(zip(z, stated["scores"], strict=True))

    def in_tenths(share: sympy.Expr) -> sympy.Expr:
        return written(share.subs(values), 1)

    P = z.applyfunc(sum(map(log, totals)).diff).applyfunc(in_tenths)
    stated["probabilities"] = P
    if level == 1:
        return stated

    def surprise(P: sympy.Matrix, name: str) -> dict[str, sympy.Matrix]:
        """State what the right words are given, and minus the sum of the logarithms of that."""
        right = [P[list(given["targets"][:, k]).index(1), k] for k in range(2)]
        logs = [written(log(p), 1) for p in right]
        stated = {"right_probabilities": Matrix([right]), "log_probabilities": Matrix([logs])}
        stated["loss"] = Matrix([-sum(logs)])
        return {f"{name}{line}": cells for line, cells in stated.items()}

    stated |= surprise(P, "")
    # The cross-entropy; what is a power's share of its sum in it has the written value.
    loss = sum(map(log, totals)) - sum(y * s for y, s in zip(given["targets"], z, strict=True))
    as_written = dict.fromkeys(totals, Integer(1)) | dict(zip(map(exp, z), P, strict=True))
    stated["error"] = error = z.applyfunc(loss.diff).xreplace(as_written)

    def slopes(outputs: sympy.Matrix, by: sympy.Matrix, at: sympy.Matrix) -> sympy.Matrix:
        """Differentiate by the chain rule: the loss by the scores, and these by their arguments."""
        changed = sum(slope * output for slope, output in zip(error, outputs, strict=True))
        return by.applyfunc(changed.diff).xreplace(dict(zip(by, at, strict=True)))

    w1, w2 = Matrix(3, 3, symbols("u:9")), Matrix(3, 4, symbols("v:12"))
    stated["output_weights_gradient"] = dW2 = slopes(scores(H, w2), w2, W2)
    if level == 2:
        return stated
    a, h = Matrix(3, 2, symbols("a:6")), Matrix(3, 2, symbols("h:6"))
    stated["relu_mask"] = is_open
    stated["active_gradient"] = slopes(W2[:, :-1] * a, a, stated["active"])
    stated["hidden_gradient"] = slopes(scores(h, W2), h, H)
    stated["hidden_weights_gradient"] = dW1 = slopes(scores(layer(w1), W2), w1, W1)
    stated |= {"trained_output_weights": W2 - dW2 / 10, "trained_hidden_weights": W1 - dW1 / 10}
    stated["trained_hidden"] = H = layer(W1 - dW1 / 10)
    stated["trained_active"] = A = H.applyfunc(lambda x: Max(x, 0))
    Z = (stated["trained_output_weights"] * A.col_join(row)).applyfunc(lambda x: written(x, 1))
    values = dict(zip(z, Z, strict=True))
    P = z.applyfunc(sum(map(log, totals)).diff).applyfunc(in_tenths)
    return stated | {"trained_scores": Z, "trained_probabilities": P} | surprise(P, "trained_")


MISTAKES = (
    Mistake(
        "bias forgotten",
        {
            "hidden": lambda m: m["hidden_weights"].without_bias() @ m["inputs"],
            "scores": lambda m: m["output_weights"].without_bias() @ m["active"],
        },
    ),
    Mistake("ReLU forgotten", {"active": lambda m: m["hidden"]}),
    Mistake(
        "signs dropped instead of ReLU", {"active": lambda m: m["hidden"].maximum(-m["hidden"])}
    ),
    Mistake(
        "softmax along the row",
        {"probabilities": lambda m: m["scores"].transposed.softmax(1).transposed},
    ),
    Mistake(
        "wrong words counted as well",
        {
            "right_probabilities": lambda m: (
                filled(("right",), WORDS, Fraction(1)) @ m["probabilities"]
            )
        },
    ),
    Mistake("error with the wrong sign", {"error": lambda m: m["targets"] - m["probabilities"]}),
    Mistake("target not taken off", {"error": lambda m: m["probabilities"]}),
    Mistake(
        "bias left out of the gradient",
        {"output_weights_gradient": lambda m: m["error"] @ m["active"].with_zeros().transposed},
    ),
    Mistake(
        "W₂ not transposed",
        {"active_gradient": lambda m: m["output_weights"].without_bias() @ m["error"]},
    ),
    Mistake("closed units passed a slope", {"hidden_gradient": lambda m: m["active_gradient"]}),
    Mistake(
        "step up instead of down",
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
    Mistake(
        "old weights used again",
        {
            "trained_scores": lambda m: (
                m["output_weights"] @ m["trained_active"].with_ones()
            ).rounded(1)
        },
    ),
)
