"""State equation 1 a second time, entry by entry, and its derivatives by SymPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from worksheets.written import written

if TYPE_CHECKING:
    import sympy


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State equation 1 by entries, each sum over what its position sees; SymPy differentiates."""
    from sympy import Integer, Matrix, exp, sqrt, symbols

    Q, K, V = (given[name] for name in ("queries", "keys", "values"))

    def by_pair(entry: Callable[[int, int], sympy.Expr]) -> sympy.Matrix:
        """Fill a matrix by an entry's formula of its key and its query."""
        return Matrix(K.cols, Q.cols, entry)

    def fit(Q: sympy.Matrix, K: sympy.Matrix) -> sympy.Matrix:
        return by_pair(lambda key, query: K[:, key].dot(Q[:, query]))

    root = sqrt(K.rows)
    scaled = fit(Q, K) / root
    base = Integer(3) if level == 1 else exp(1)

    def weight(key: int, query: int) -> sympy.Expr:
        if key > query:
            return Integer(0)
        exact = 1 / sum(
            base ** (scaled[one, query] - scaled[key, query]) for one in range(query + 1)
        )
        if level == 1:
            return exact
        return written(exact, 1)

    A = by_pair(weight)
    stated = {"scores": fit(Q, K), "scaled": scaled, "weights": A, "output": V * A}
    if level == 1:
        powers = scaled.applyfunc(lambda z: base**z)
        seen = by_pair(lambda key, query: powers[key, query] * int(bool(key <= query)))
        return stated | {"powers": powers, "seen": seen}
    G = given["upstream_gradient"]
    v, a, p = Matrix(2, 3, symbols("v:6")), *(Matrix(3, 3, symbols(f"{name}:9")) for name in "ap")
    q, k = (Matrix(4, 3, symbols(f"{name}:12")) for name in "qk")

    def loss(output: sympy.Matrix) -> sympy.Expr:
        return sum(g * o for g, o in zip(G, output, strict=True))

    stated["value_gradient"] = v.applyfunc(loss(v * A).diff)
    if level == 2:
        return stated
    stated["weights_gradient"] = dA = a.applyfunc(loss(V * a).diff)
    stated["weighted_slopes"] = A.multiply_elementwise(dA)
    stated["weighted_means"] = by_pair(lambda _, query: G[:, query].dot(stated["output"][:, query]))
    stated["centred_slopes"] = dA - stated["weighted_means"]
    # Softmax of powers p = exp(z): a slope by z is p times the slope by p, taken where p is A.
    shares = by_pair(
        lambda key, query: p[key, query] / sum(p[: query + 1, query]) * int(bool(key <= query))
    )
    by_power = p.applyfunc(loss(V * shares).diff).xreplace(dict(zip(p, A, strict=True)))
    stated["scaled_gradient"] = dZ = A.multiply_elementwise(by_power)
    changed = sum(slope * z / root for slope, z in zip(dZ, fit(q, k), strict=True))
    values = dict(zip((*q, *k), (*Q, *K), strict=True))
    stated["score_gradient"] = dZ / root
    stated["query_gradient"] = q.applyfunc(changed.diff).xreplace(values)
    stated["key_gradient"] = k.applyfunc(changed.diff).xreplace(values)
    return stated
