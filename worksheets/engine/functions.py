"""Functions of one matrix, entry by entry or down a column, and declared rounding."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from worksheets.engine.node import Array, Compute, Node
from worksheets.engine.rounding import round_half_away, softmax_rounded


def negative(value: Node) -> Node:
    """-value, which is no work."""
    return _same_shape("negative", value, np.negative)


def relu(value: Node) -> Node:
    """max(value, 0), entry by entry."""
    return _same_shape("relu", value, lambda a: np.maximum(a, 0))


def is_open(value: Node) -> Node:
    """1 where a unit is open (greater than 0), else 0."""
    return Node("open", (value,), value.shape, 1, 1, lambda a: (a > 0).astype(np.int64))


def rounded(value: Node, decimals: int) -> Node:
    """Rounded half away from zero."""

    def compute(a: Array) -> Array:
        return round_half_away(a, value.denominator, decimals)

    unit = 10**decimals
    if 2 * value.reach * unit + value.denominator >= 2**63:
        raise OverflowError(f"rounding {value.operation} to {decimals} decimals needs over 64 bits")
    bound = value.reach * unit // value.denominator + 1
    return Node("rounded", (value,), value.shape, unit, bound, compute)


def softmax(scores: Node, decimals: int) -> Node:
    """Softmax down each column, each share rounded to `decimals`."""

    def shares(column: Array) -> tuple[int, ...]:
        exact = tuple(Fraction(entry, scores.denominator) for entry in column.tolist())
        return softmax_rounded(exact, decimals)

    return _by_column("softmax", scores, 10**decimals, shares)


def sigma(value: Node, decimals: int) -> Node:
    """The logistic function, rounded to `decimals`, of a 1×1 matrix."""
    if value.shape != (1, 1):
        raise ValueError(f"sigma takes one number, not a {value.shape} matrix")

    def share(column: Array) -> tuple[int, ...]:
        gap = Fraction(int(column[0]), value.denominator)
        return softmax_rounded((gap, Fraction(0)), decimals)[:1]

    return _by_column("sigma", value, 10**decimals, share)


def _by_column(
    name: str, value: Node, unit: int, of_column: Callable[[Array], tuple[int, ...]]
) -> Node:
    """Apply a function of one column; equal columns of a batch are worked out once."""

    def compute(a: Array) -> Array:
        flat = a.transpose(0, 2, 1).reshape(-1, a.shape[1])
        distinct, place = np.unique(flat, axis=0, return_inverse=True)
        results = np.array([of_column(column) for column in distinct], dtype=np.int64)
        by_column = results[place.ravel()].reshape(len(a), *reversed(value.shape))
        return by_column.transpose(0, 2, 1)

    return Node(name, (value,), value.shape, unit, unit, compute)


def largest_magnitude(value: Node) -> Node:
    """The largest magnitude of any entry, 1×1."""

    def compute(a: Array) -> Array:
        largest: Array = np.abs(a).max(axis=(1, 2), keepdims=True)
        return largest

    return Node("largest", (value,), (1, 1), value.denominator, value.reach, compute)


def _same_shape(name: str, value: Node, compute: Compute) -> Node:
    return Node(name, (value,), value.shape, value.denominator, value.reach, compute)
