"""Matrix products, drawn crosswise: entry (i, j) of A·B is row i of A times column j of B.

The definition is Cayley's of 1858. The gradients are those of L = Σ G ⊙ (A·B), G being the slope
of a loss by the product: by A it is G·Bᵀ, by B it is Aᵀ·G. The last steps turn the question round:
a shape, and an entry, that make a product come out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import beside
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small, unlike

if TYPE_CHECKING:
    import sympy

CODE = "MATM"
TITLE = "Matrix products by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 37, 2: 57, 3: 81}
CHECKPOINTS = ("next_product", "left_gradient", "right_gradient", "missing_entry")

THREE = ("1", "2", "3")
SHAPE = ("rows", "columns")
NOT_0 = (-3, -2, -1, 1, 2, 3)
FORWARD = Part("Multiply", "purple")
BACK = Part("Send a slope back", "orange")
SOLVE = Part("Find what is missing", "purple")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw factors without an idle row or column, and for level 3 an entry that comes out whole."""
    shapes = {"left": (3, 3), "right": (3, 3), "next": (2, 3)}
    shapes |= {"upstream_gradient": (3, 3)} if level >= 2 else {}
    givens = {name: small(draws, name, *shape) for name, shape in shapes.items()}
    # A network may have the product for its inputs: no column of it is idle or like another, and a
    # row has both signs, so that a unit can be open for one and closed for another.
    product = givens["left"] @ givens["right"]
    accepted = busy(*givens.values(), product) & unlike(product)
    accepted &= ((product.max(axis=2) > 0) & (product.min(axis=2) < 0)).any(axis=1)
    if level == 3:
        # The entry is not 0, and its factor neither 0 nor ±1, so that the division is one.
        first = draws.one_of("factor", (-3, -2, 2, 3), 1, 1)
        row = np.concatenate([first, draws.one_of("row", NOT_0, 1, 2)], axis=2)
        entries = draws.one_of("column", NOT_0, 3, 1)
        rows, inner, columns = (draws.integers(name, 2, 9, 1, 1) for name in ("m", "n", "k"))
        givens |= {"row": row, "known": entries[:, 1:], "total": row @ entries}
        # The answer, (n, k), is neither of the given shapes, (m, n) and (m, k).
        accepted &= (inner != rows)[:, 0, 0]
        givens["left_shape"] = np.concatenate([rows, inner], axis=2)
        givens["product_shape"] = np.concatenate([rows, columns], axis=2)
    return Givens(givens, accepted=accepted)


def steps(sheet: Tracer, level: int) -> None:
    """Multiply twice; send a slope back; solve for a shape and an entry."""
    with sheet.step(1, "Rows by columns", FORWARD):
        A = sheet.given("left", THREE, THREE, bound=3, symbol="A")
        B = sheet.given("right", THREE, THREE, bound=3, symbol="B")
        AB = sheet.answer("product", A @ B, symbol="A·B")
    with sheet.step(2, "And once more", FORWARD):
        C = sheet.given("next", ("1", "2"), THREE, bound=3, symbol="C")
        sheet.answer("next_product", C @ AB, symbol="C·A·B")
    if level == 1:
        return
    with sheet.step(3, "Gradient by A", BACK):
        G = sheet.given("upstream_gradient", THREE, THREE, bound=3, symbol="G")
        sheet.answer("left_gradient", G @ B.transposed, symbol="G·Bᵀ")
    if level == 2:
        return
    with sheet.step(4, "Gradient by B", BACK):
        sheet.answer("right_gradient", A.transposed @ G, symbol="Aᵀ·G")
    with sheet.step(5, "A missing shape", SOLVE):
        P = sheet.given("left_shape", ("shape",), SHAPE, bound=9, symbol="shape of P")
        R = sheet.given("product_shape", ("shape",), SHAPE, bound=9, symbol="shape of R")
        Q = beside(P.column(1), R.column(1)).labelled(columns=SHAPE)
        sheet.answer("right_shape", Q, symbol="shape of Q", how="")
    with sheet.step(6, "A missing entry", SOLVE):
        r = sheet.given("row", ("row",), THREE, bound=3, symbol="r")
        known = sheet.given("known", ("2", "3"), ("column",), bound=3, symbol="entries 2 and 3")
        t = sheet.given("total", ("row",), ("column",), bound=27, symbol="t")
        part = sheet.answer("known_part", r[:, 1:] @ known, symbol="known part")
        rest = sheet.answer("rest", t - part)
        sheet.answer("missing_entry", rest / r.column(0), symbol="x")


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State entries by the definition, Σₖ aᵢₖ bₖⱼ, and gradients and x by SymPy."""
    from sympy import Matrix, Symbol, solve, symbols

    def times(left: sympy.Matrix, right: sympy.Matrix) -> sympy.Matrix:
        def entry(i: int, j: int) -> sympy.Expr:
            return sum(left[i, k] * right[k, j] for k in range(right.rows))

        return Matrix(left.rows, right.cols, entry)

    A, B = given["left"], given["right"]
    product = times(A, B)
    stated = {"product": product, "next_product": times(given["next"], product)}
    if level == 1:
        return stated
    left, right = (Matrix(3, 3, symbols(f"{name}:9")) for name in "ab")
    loss = sum(
        g * entry for g, entry in zip(given["upstream_gradient"], times(left, right), strict=True)
    )
    values = dict(zip((*left, *right), (*A, *B), strict=True))
    stated["left_gradient"] = left.applyfunc(loss.diff).xreplace(values)
    if level == 2:
        return stated
    stated["right_gradient"] = right.applyfunc(loss.diff).xreplace(values)
    stated["right_shape"] = Matrix([[given["left_shape"][1], given["product_shape"][1]]])
    x, row, known = Symbol("x"), given["row"], given["known"]
    (found,) = solve(times(row, Matrix([x, *known]))[0] - given["total"][0], x)
    part = times(row, Matrix([0, *known]))
    return stated | {
        "known_part": part,
        "rest": found * row[:, 0],
        "missing_entry": Matrix([found]),
    }


MISTAKES = (
    Mistake("factors swapped", {"product": lambda m: m["right"] @ m["left"]}),
    Mistake("multiplied entry by entry", {"product": lambda m: m["left"] * m["right"]}),
    Mistake("right factor read by rows", {"product": lambda m: m["left"] @ m["right"].transposed}),
    Mistake(
        "left factor read by columns", {"product": lambda m: m["left"].transposed @ m["right"]}
    ),
    Mistake(
        "last term forgotten",
        {
            "product": lambda m: m["left"][:, :2] @ m["right"][:2, :],
            "next_product": lambda m: m["next"][:, :2] @ m["product"][:2, :],
        },
    ),
    Mistake("started from B again", {"next_product": lambda m: m["next"] @ m["right"]}),
    Mistake(
        "factor not transposed",
        {
            "left_gradient": lambda m: m["upstream_gradient"] @ m["right"],
            "right_gradient": lambda m: m["left"] @ m["upstream_gradient"],
        },
    ),
    Mistake(
        "gradient on the wrong side",
        {
            "left_gradient": lambda m: m["right"].transposed @ m["upstream_gradient"],
            "right_gradient": lambda m: m["upstream_gradient"] @ m["left"].transposed,
        },
    ),
    Mistake("known part added", {"rest": lambda m: m["total"] + m["known_part"]}),
    Mistake("not divided", {"missing_entry": lambda m: m["rest"]}),
)
