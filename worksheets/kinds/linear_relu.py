"""A network of two layers with ReLU on a batch of columns: Y = W₂·[ReLU(W₁·[X; 1]); 1].

ReLU is that of Nair and Hinton 2010. The loss is half the sum of squared errors, ½ Σ (Y − T)²,
whose gradients run back through both layers as in Rumelhart, Hinton and Williams 1986. Where ours
departs: an example is a column, and a bias is the last column of its weights. The inputs are given,
or the product that a sheet of `matmul` has come to, as layers stand on one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, beside
from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.earlier import Earlier
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import LARGEST, affine, busy, small, unlike

if TYPE_CHECKING:
    import sympy

CODE = "LREL"
BUILDS_ON = ("matmul",)
TITLE = "Two layers by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 42, 2: 60, 3: 84}
# The product that matmul has come to.
CONTINUES = Earlier("inputs", "matmul", 1, "product", effort={1: 38, 2: 55})
CHECKPOINTS = ("outputs", "output_weights_gradient", "hidden_weights_gradient")

FEATURES, UNITS, OUTPUTS = ("1", "2", "3"), ("1", "2", "3"), ("1", "2")
LARGEST_PRODUCT = 27  # of three times three
LARGEST_CONTINUED = 2  # weights, where inputs have two digits
TARGETS = 40
EXAMPLES = ("a", "b", "c")
FORWARD = Part("Forward", "purple")
BACK = Part("Backward", "orange")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw weights without an idle row, units some of which close, and targets near the outputs."""
    if draws.earlier:
        X = draws.earlier["inputs"]
        givens, accepted = first_accepted(
            draws,
            "weights",
            lambda some, rows: _for_product(some, X[rows]),
            at_once=1000,
            limit=4000,
        )
        givens["inputs"] = X
    else:
        X = small(draws, "inputs", 3, 3)
        givens, accepted = _layers(draws, X, LARGEST)
        givens["inputs"] = X
        accepted &= unlike(X)
    if level >= 2:
        miss = draws.one_of("miss", (-2, -1, 1, 2), 2, 3)
        givens["targets"] = _outputs(givens, X)[1] - miss
        accepted &= (np.abs(givens["targets"]) <= TARGETS).all(axis=(1, 2))
        givens["targets"] = np.clip(givens["targets"], -TARGETS, TARGETS)
    return Givens(givens, accepted=accepted)


def _layers(draws: Draws, X: Array, largest: int) -> tuple[Arrays, Mask]:
    """Draw weights of which no unit is idle or on the border, and some are closed."""
    givens = {}
    for name, rows in (("hidden", 3), ("output", 2)):
        bias = small(draws, f"{name} bias", rows, 1)
        W = np.concatenate([small(draws, name, rows, 3, largest), bias], axis=2)
        givens[f"{name}_weights"] = W
    W1, W2 = givens.values()
    raw, _ = _outputs(givens, X)
    accepted = busy(W1[:, :, :-1], W2[:, :, :-1], np.maximum(raw, 0))
    accepted &= (raw < 0).any(axis=(1, 2)) & (raw != 0).all(axis=(1, 2))
    return givens, accepted


def _for_product(draws: Draws, X: Array) -> tuple[Arrays, Mask]:
    """Draw weights that keep what comes of a product's two digits within the targets' bound."""
    givens, accepted = _layers(draws, X, LARGEST_CONTINUED)
    for values in _outputs(givens, X):
        accepted &= (np.abs(values) < TARGETS - 1).all(axis=(1, 2))
    return {name: values[accepted] for name, values in givens.items()}, accepted


def _outputs(givens: Arrays, X: Array) -> tuple[Array, Array]:
    """Return the units before ReLU, and the outputs."""
    raw = affine(givens["hidden_weights"], X)
    return raw, affine(givens["output_weights"], np.maximum(raw, 0))


def steps(sheet: Tracer, level: int) -> None:
    """Go forward, then back as far as the level asks for."""
    with sheet.step(1, "Linear layer", FORWARD):
        X = sheet.given("inputs", FEATURES, EXAMPLES, bound=LARGEST_PRODUCT, symbol="X")
        W1 = sheet.given("hidden_weights", UNITS, (*FEATURES, BIAS), bound=3, symbol="W₁")
        raw = sheet.answer("hidden", W1 @ X.with_ones(), symbol="H")
    with sheet.step(2, "ReLU", FORWARD):
        active = sheet.answer("active", raw.relu(), symbol="A")
    with sheet.step(3, "Output layer", FORWARD):
        W2 = sheet.given("output_weights", OUTPUTS, (*UNITS, BIAS), bound=3, symbol="W₂")
        Y = sheet.answer("outputs", W2 @ active.with_ones(), symbol="Y")
    if level == 1:
        return
    with sheet.step(4, "Error", BACK):
        T = sheet.given("targets", OUTPUTS, EXAMPLES, bound=TARGETS, symbol="T")
        error = sheet.answer("error", Y - T, symbol="E")
    with sheet.step(5, "Gradient of W₂", BACK):
        dW2 = error @ active.with_ones().transposed
        sheet.answer("output_weights_gradient", dW2, symbol="dW₂")
    if level == 2:
        return
    with sheet.step(6, "Back through W₂", BACK):
        dA = W2.without_bias().transposed @ error
        dA = sheet.answer("active_gradient", dA, symbol="dA")
    with sheet.step(7, "Back through ReLU", BACK):
        mask = sheet.answer("relu_mask", raw.open(), symbol="mask")
        dH = sheet.answer("hidden_gradient", dA * mask, symbol="dH")
    with sheet.step(8, "Gradient of W₁", BACK):
        dW1 = dH @ X.with_ones().transposed
        sheet.answer("hidden_weights_gradient", dW1, symbol="dW₁")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the network as a function of its weights, which SymPy differentiates."""
    from sympy import Integer, Matrix, Rational, ones, symbols

    X, W1, W2 = (given[name] for name in ("inputs", "hidden_weights", "output_weights"))
    is_open = (W1[:, :-1] * X + W1[:, -1] * ones(1, 3)).applyfunc(lambda h: Integer(bool(h > 0)))

    def network(W1: sympy.Matrix, W2: sympy.Matrix) -> tuple[sympy.Matrix, ...]:
        raw = W1[:, :-1] * X + W1[:, -1] * ones(1, 3)
        active = raw.multiply_elementwise(is_open)
        return raw, active, W2[:, :-1] * active + W2[:, -1] * ones(1, 3)

    stated = dict(zip(("hidden", "active", "outputs"), network(W1, W2), strict=True))
    if level == 1:
        return stated

    y, w1, w2 = (
        Matrix(*shape)
        for shape in ((2, 3, symbols("y:6")), (3, 4, symbols("u:12")), (2, 4, symbols("v:8")))
    )
    a, h = Matrix(3, 3, symbols("a:9")), Matrix(3, 3, symbols("h:9"))
    values = dict(zip((*w1, *w2, *y), (*W1, *W2, *stated["outputs"]), strict=True))
    values |= dict(zip((*a, *h), (*stated["active"], *stated["hidden"]), strict=True))
    loss = Rational(1, 2) * sum(error**2 for error in y - given["targets"])
    stated["error"] = error = y.applyfunc(loss.diff).xreplace(values)

    def slopes(outputs: sympy.Matrix, by: sympy.Matrix) -> sympy.Matrix:
        """Differentiate by the chain rule: the loss by outputs, and these by their arguments."""
        changed = sum(slope * output for slope, output in zip(error, outputs, strict=True))
        return by.applyfunc(changed.diff).xreplace(values)

    stated["output_weights_gradient"] = slopes(network(W1, w2)[-1], w2)
    if level == 2:
        return stated
    stated["relu_mask"] = is_open
    stated["active_gradient"] = slopes(W2[:, :-1] * a + W2[:, -1] * ones(1, 3), a)
    through = h.multiply_elementwise(is_open)
    stated["hidden_gradient"] = slopes(W2[:, :-1] * through + W2[:, -1] * ones(1, 3), h)
    stated["hidden_weights_gradient"] = slopes(network(w1, W2)[-1], w1)
    return stated


MISTAKES = (
    Mistake(
        "bias forgotten",
        {
            "hidden": lambda m: m["hidden_weights"].without_bias() @ m["inputs"],
            "outputs": lambda m: m["output_weights"].without_bias() @ m["active"],
        },
    ),
    Mistake(
        "bias forgotten in the first layer",
        {"hidden": lambda m: m["hidden_weights"].without_bias() @ m["inputs"]},
    ),
    Mistake("ReLU forgotten", {"active": lambda m: m["hidden"]}),
    Mistake("ReLU the wrong way round", {"active": lambda m: m["hidden"].minimum(0)}),
    Mistake(
        "signs dropped instead of ReLU", {"active": lambda m: m["hidden"].maximum(-m["hidden"])}
    ),
    Mistake(
        "weights read by columns",
        {
            "hidden": lambda m: (
                beside(
                    m["hidden_weights"].without_bias().transposed, m["hidden_weights"].column(-1)
                )
                @ m["inputs"].with_ones()
            )
        },
    ),
    Mistake("error with the wrong sign", {"error": lambda m: m["targets"] - m["outputs"]}),
    Mistake(
        "bias left out of the gradient",
        {"output_weights_gradient": lambda m: m["error"] @ m["active"].with_zeros().transposed},
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
