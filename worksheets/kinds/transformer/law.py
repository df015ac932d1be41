"""State equations 1 and 2 as functions of symbols, which SymPy differentiates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worksheets.written import written

if TYPE_CHECKING:
    import sympy


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the layer as a function of its weights; the units that ReLU leaves open are known."""
    from sympy import Integer, Matrix, ones, symbols

    def affine(W: sympy.Matrix, x: sympy.Matrix) -> sympy.Matrix:
        return W[:, :-1] * x + W[:, -1] * ones(1, x.cols)

    stated = _attention(given) if level == 3 else {"attended": given["inputs"] * given["attention"]}
    U = stated["residual" if level == 3 else "attended"]
    W1, W2 = given["hidden_weights"], given["output_weights"]
    stated["hidden"] = H = affine(W1, U)
    is_open = H.applyfunc(lambda h: Integer(bool(h > 0)))
    stated["active"] = R = H.multiply_elementwise(is_open)
    stated["forward"] = affine(W2, R)
    if level == 1:
        return stated
    G = given["upstream_gradient"]

    def slopes(output: sympy.Matrix, by: sympy.Matrix) -> sympy.Matrix:
        """Differentiate Σ G ⊙ output by each of these symbols, in which it is linear."""
        return by.applyfunc(sum(g * y for g, y in zip(G, output, strict=True)).diff)

    w2, w1 = Matrix(3, 5, symbols("v:15")), Matrix(4, 4, symbols("w:16"))
    stated["output_weights_gradient"] = slopes(affine(w2, R), w2)
    if level == 2:
        return stated
    h, u = Matrix(4, 3, symbols("h:12")), Matrix(3, 3, symbols("u:9"))

    def forward(raw: sympy.Matrix) -> sympy.Matrix:
        return affine(W2, raw.multiply_elementwise(is_open))

    stated["output"] = U + stated["forward"]
    stated["active_gradient"] = slopes(affine(W2, h), h)
    stated["relu_mask"] = is_open
    stated["hidden_gradient"] = slopes(forward(h), h)
    stated["hidden_weights_gradient"] = slopes(forward(affine(w1, U)), w1)
    stated["through"] = slopes(forward(affine(W1, u)), u)
    stated["residual_gradient"] = slopes(u + forward(affine(W1, u)), u)
    return stated


def _attention(given: Mapping[str, sympy.Matrix]) -> dict[str, sympy.Matrix]:
    """State equation 1, each sum over what its position sees, in tenths."""
    from sympy import Integer, Matrix, exp, sqrt

    X = given["inputs"]
    Q, K = given["query_weights"] * X, given["key_weights"] * X
    scores = Matrix(X.cols, X.cols, lambda key, query: K[:, key].dot(Q[:, query]))
    scaled = scores / sqrt(Q.rows)

    def weight(key: int, query: int) -> sympy.Expr:
        if key > query:
            return Integer(0)
        rivals = (exp(scaled[one, query] - scaled[key, query]) for one in range(query + 1))
        return written(1 / sum(rivals), 1)

    A = Matrix(X.cols, X.cols, weight)
    T = X * A
    return {
        "queries": Q, "keys": K, "scores": scores, "scaled": scaled, "attention": A,
        "attended": T, "residual": X + T,
    }  # fmt: skip
