"""The operations of the graph on batches of exact matrices."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np

from worksheets.engine.node import Array, Mask, Node

# A learning rate of 1/n keeps trained weights whole or, at the finest, in tenths.
TENTHS = 10


def nontrivial(array: Array, denominator: int) -> Mask:
    """Find the factors that are neither 0 nor ±1, so that multiplying by them is work."""
    magnitude = np.abs(array)
    hard: Mask = (magnitude != 0) & (magnitude != denominator)
    return hard


def total(array: Array) -> Array:
    """Sum over each sheet: (sheets, rows, columns) to (sheets,)."""
    sums: Array = array.sum(axis=(1, 2), dtype=np.int64)
    return sums


def any_of(cells: Mask) -> Mask:
    """Return the sheets on which this is so in any cell, (sheets,)."""
    sheets: Mask = np.logical_or.reduce(cells, axis=(1, 2))
    return sheets


def given(shape: tuple[int, int], bound: int, denominator: int = 1) -> Node:
    """Declare numbers that the draw supplies as numerators, of magnitude at most `bound`."""
    return Node("given", (), shape, denominator, bound * denominator, _not_computed)


def given_word() -> Node:
    """Declare a word that the draw supplies, 1×1."""
    return Node("word", (), (1, 1), 1, 2**20, _not_computed, is_word=True)


def _not_computed() -> Array:
    raise LookupError("a given has a value only where the draw supplied one")


def constant(rows: list[list[Fraction]]) -> Node:
    """Make the same matrix on every sheet."""
    denominator = lcm(*(value.denominator for row in rows for value in row))
    numerators = np.array([[[int(v * denominator) for v in row] for row in rows]], dtype=np.int64)
    bound = int(np.abs(numerators).max())
    shape, entries = (len(rows), len(rows[0])), tuple(value for row in rows for value in row)
    return Node("constant", (), shape, denominator, bound, lambda: numerators, settings=entries)


def product(left: Node, right: Node) -> Node:
    """Multiply the matrices. Effort: non-trivial multiplications, and terms less one a cell."""
    if left.shape[1] != right.shape[0]:
        raise ValueError(f"a {left.shape} matrix cannot be multiplied by a {right.shape} matrix")

    def effort(a: Array, b: Array) -> Array:
        # A product of masks counts, for each cell, the places where both factors have it.
        hard_a, hard_b = nontrivial(a, left.denominator), nontrivial(b, right.denominator)
        multiplications = hard_a.astype(np.int64) @ hard_b.astype(np.int64)
        terms = (a != 0).astype(np.int64) @ (b != 0).astype(np.int64)
        return total(multiplications + np.maximum(terms - 1, 0))

    return Node(
        "product",
        (left, right),
        (left.shape[0], right.shape[1]),
        left.denominator * right.denominator,
        left.shape[1] * left.reach * right.reach,
        np.matmul,
        effort,
    )


def combination(left: Node, right: Node, sign: int) -> Node:
    """Form left + sign · right, or with a 1×1 matrix. Effort: an addition where both are not 0."""
    shape = common_shape(left, right)
    denominator = lcm(left.denominator, right.denominator)
    scale_left, scale_right = denominator // left.denominator, denominator // right.denominator

    def compute(a: Array, b: Array) -> Array:
        return a * scale_left + sign * scale_right * b

    def effort(a: Array, b: Array) -> Array:
        return total(((a != 0) & (b != 0)).astype(np.int64))

    bound = left.reach * scale_left + right.reach * scale_right
    name = "sum" if sign > 0 else "difference"
    return Node(name, (left, right), shape, denominator, bound, compute, effort)


def common_shape(left: Node, right: Node) -> tuple[int, int]:
    """Return the shape of what is worked out entry by entry, or with one number.

    Raises:
        ValueError: if the shapes differ and neither is 1×1.
    """
    if left.shape != right.shape and (1, 1) not in (left.shape, right.shape):
        raise ValueError(f"a {left.shape} and a {right.shape} matrix have no entries in common")
    return left.shape if right.shape == (1, 1) else right.shape


def multiply_entries(left: Node, right: Node) -> Node:
    """Multiply entry by entry, or every entry by a 1×1 one. Effort: non-trivial multiplications."""

    def effort(a: Array, b: Array) -> Array:
        both = nontrivial(a, left.denominator) & nontrivial(b, right.denominator)
        return total(both.astype(np.int64))

    return Node(
        "multiply_entries",
        (left, right),
        common_shape(left, right),
        left.denominator * right.denominator,
        left.reach * right.reach,
        np.multiply,
        effort,
    )


def step_down(weights: Node, gradient: Node, inverse_rate: Node, direction: int = -1) -> Node:
    """Form weights - gradient / inverse_rate; refuse sheets whose step is not in tenths.

    With a rate that is the same on all sheets the step comes out whatever it is.
    Effort: the rate times each entry, and the subtraction.
    """
    if weights.shape != gradient.shape:
        raise ValueError(f"a {gradient.shape} gradient does not fit {weights.shape} weights")
    if inverse_rate.operation == "constant":
        inverse = inverse_rate.settings[0]
        return combination(
            weights, multiply_entries(gradient, constant([[Fraction(1) / inverse]])), direction
        )
    denominator = lcm(TENTHS, weights.denominator)
    scale = denominator // weights.denominator

    # gradient / inverse_rate = (g / g_denominator) / (s / s_denominator), over `denominator`.
    def parts(g: Array, s: Array) -> tuple[Array, Array]:
        divisor = g_denominator * s
        return g * denominator * s_denominator, np.where(divisor == 0, 1, divisor)

    g_denominator, s_denominator = gradient.denominator, inverse_rate.denominator

    def compute(w: Array, g: Array, s: Array) -> Array:
        dividend, divisor = parts(g, s)
        return w * scale + direction * (dividend // divisor)

    def refuses(_: Array, w: Array, g: Array, s: Array) -> Mask:
        dividend, divisor = parts(g, s)
        return any_of((dividend % divisor != 0) | (s == 0))

    def effort(w: Array, g: Array, s: Array) -> Array:
        hard = nontrivial(g, g_denominator) & nontrivial(s, s_denominator)
        return total(hard.astype(np.int64) + ((w != 0) & (g != 0)).astype(np.int64))

    dividend_bound = gradient.reach * denominator * s_denominator
    bound = weights.reach * scale + dividend_bound // g_denominator + 1
    if dividend_bound >= 2**62:
        raise OverflowError("the update's dividend does not fit into 64 bits")
    return Node(
        "step_down",
        (weights, gradient, inverse_rate),
        weights.shape,
        denominator,
        bound,
        compute,
        effort,
        refuses,
        "the update does not come out in tenths",
    )
