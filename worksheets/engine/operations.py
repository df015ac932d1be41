"""The operations of the graph on batches of exact matrices."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm

import numpy as np

from worksheets.engine.node import Array, Mask, Node
from worksheets.engine.rounding import round_half_away, softmax_rounded

# A learning rate of 1/n keeps trained weights whole or, at the finest, in tenths.
TENTHS = 10


def _nontrivial(array: Array, denominator: int) -> Mask:
    """Where a factor is neither 0 nor +-1, so that multiplying by it is work."""
    magnitude = np.abs(array)
    return (magnitude != 0) & (magnitude != denominator)


def _total(array: Array) -> Array:
    return array.sum(axis=(1, 2), dtype=np.int64)


def given(shape: tuple[int, int], bound: int) -> Node:
    """Integers that the draw supplies, of magnitude at most `bound`."""
    return Node("given", (), shape, 1, bound, _not_computed)


def given_word() -> Node:
    """A word that the draw supplies, 1×1."""
    return Node("word", (), (1, 1), 1, 2**20, _not_computed, is_word=True)


def _not_computed() -> Array:
    raise LookupError("a given has a value only where the draw supplied one")


def constant(rows: list[list[Fraction]]) -> Node:
    """The same matrix on every sheet."""
    denominator = lcm(*(value.denominator for row in rows for value in row))
    numerators = np.array([[[int(v * denominator) for v in row] for row in rows]], dtype=np.int64)
    bound = int(np.abs(numerators).max())
    shape = (len(rows), len(rows[0]))
    return Node("constant", (), shape, denominator, bound, lambda: numerators)


def product(left: Node, right: Node) -> Node:
    """left · right. Effort: non-trivial multiplications, and terms less one a cell."""
    if left.shape[1] != right.shape[0]:
        raise ValueError(f"a {left.shape} matrix cannot be multiplied by a {right.shape} matrix")

    def effort(a: Array, b: Array) -> Array:
        hard_a, hard_b = _nontrivial(a, left.denominator), _nontrivial(b, right.denominator)
        multiplications = hard_a.astype(np.int64) @ hard_b.astype(np.int64)
        terms = (a != 0).astype(np.int64) @ (b != 0).astype(np.int64)
        return _total(multiplications + np.maximum(terms - 1, 0))

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
    """left + sign · right, or with a 1×1 matrix. Effort: an addition where both are not 0."""
    shape = _common_shape(left, right)
    denominator = lcm(left.denominator, right.denominator)
    scale_left, scale_right = denominator // left.denominator, denominator // right.denominator

    def compute(a: Array, b: Array) -> Array:
        return a * scale_left + sign * scale_right * b

    def effort(a: Array, b: Array) -> Array:
        return _total(((a != 0) & (b != 0)).astype(np.int64))

    bound = left.reach * scale_left + right.reach * scale_right
    name = "sum" if sign > 0 else "difference"
    return Node(name, (left, right), shape, denominator, bound, compute, effort)


def _common_shape(left: Node, right: Node) -> tuple[int, int]:
    if left.shape != right.shape and (1, 1) not in (left.shape, right.shape):
        raise ValueError(f"a {left.shape} and a {right.shape} matrix have no entries in common")
    return left.shape if right.shape == (1, 1) else right.shape


def negative(value: Node) -> Node:
    """-value, which is no work."""
    return _same_shape("negative", value, np.negative)


def times(left: Node, right: Node) -> Node:
    """Entry by entry, or a 1×1 matrix times every entry. Effort: non-trivial multiplications."""

    def effort(a: Array, b: Array) -> Array:
        both = _nontrivial(a, left.denominator) & _nontrivial(b, right.denominator)
        return _total(both.astype(np.int64))

    return Node(
        "times",
        (left, right),
        _common_shape(left, right),
        left.denominator * right.denominator,
        left.reach * right.reach,
        np.multiply,
        effort,
    )


def transpose(value: Node) -> Node:
    """Rows become columns."""
    rows, columns = value.shape
    return Node(
        "transpose",
        (value,),
        (columns, rows),
        value.denominator,
        value.reach,
        lambda a: a.transpose(0, 2, 1),
        is_word=value.is_word,
    )


def columns(value: Node, which: slice) -> Node:
    """Some neighbouring columns."""
    width = len(range(*which.indices(value.shape[1])))
    return Node(
        "columns",
        (value,),
        (value.shape[0], width),
        value.denominator,
        value.reach,
        lambda a: a[:, :, which],
        is_word=value.is_word,
    )


def with_row(value: Node, entry: int) -> Node:
    """A row of ones, or of zeros, below: the bias's share of a product."""
    filler = entry * value.denominator

    def compute(a: Array) -> Array:
        below = np.full((a.shape[0], 1, a.shape[2]), filler, dtype=np.int64)
        return np.concatenate([a, below], axis=1)

    shape = (value.shape[0] + 1, value.shape[1])
    bound = max(value.reach, filler)
    return Node("with_row", (value,), shape, value.denominator, bound, compute)


def beside(parts: tuple[Node, ...]) -> Node:
    """Matrices of equal height side by side."""
    denominator = lcm(*(part.denominator for part in parts))
    scales = [denominator // part.denominator for part in parts]

    def compute(*arrays: Array) -> Array:
        size = max(len(a) for a in arrays)
        scaled = [np.broadcast_to(a * s, (size, *a.shape[1:])) for a, s in zip(arrays, scales)]
        return np.concatenate(scaled, axis=2)

    shape = (parts[0].shape[0], sum(part.shape[1] for part in parts))
    bound = max(part.reach * scale for part, scale in zip(parts, scales))
    is_word = all(part.is_word for part in parts)
    return Node("beside", parts, shape, denominator, bound, compute, is_word=is_word)


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
        exact = tuple(Fraction(int(entry), scores.denominator) for entry in column)
        highest = max(exact)
        return softmax_rounded(tuple(score - highest for score in exact), decimals)

    return _by_column("softmax", scores, 10**decimals, shares)


def sigma(value: Node, decimals: int) -> Node:
    """The logistic function, rounded to `decimals`, of a 1×1 matrix."""
    if value.shape != (1, 1):
        raise ValueError(f"sigma takes one number, not a {value.shape} matrix")

    def share(column: Array) -> tuple[int, ...]:
        return softmax_rounded((Fraction(int(column[0]), value.denominator), Fraction(0)), decimals)[:1]

    return _by_column("sigma", value, 10**decimals, share)


def _by_column(
    name: str, value: Node, unit: int, of_column: Callable[[Array], tuple[int, ...]]
) -> Node:
    """Apply a function of one column; equal columns of a batch are worked out once."""

    def compute(a: Array) -> Array:
        flat = a.transpose(0, 2, 1).reshape(-1, a.shape[1])
        distinct, place = np.unique(flat, axis=0, return_inverse=True)
        results = np.array([of_column(column) for column in distinct], dtype=np.int64)
        return results[place.ravel()].reshape(a.shape[0], a.shape[2], -1).transpose(0, 2, 1)

    return Node(name, (value,), value.shape, unit, unit, compute)


def highest(scores: Node) -> Node:
    """The index of each column's highest row, plus one, as words: index 0 is never predicted."""

    def compute(a: Array) -> Array:
        return a.argmax(axis=1).astype(np.int64)[:, None, :] + 1

    def refuses(_: Array, a: Array) -> Mask:
        return ((a == a.max(axis=1, keepdims=True)).sum(axis=1) > 1).any(axis=1)

    return Node(
        "highest",
        (scores,),
        (1, scores.shape[1]),
        1,
        scores.shape[0],
        compute,
        refuses=refuses,
        refusal="two words share the highest score",
        is_word=True,
    )


def look_up(table: Node, word: Node) -> Node:
    """The table's column of a word, be it given or decided by an earlier line."""

    def compute(a: Array, index: Array) -> Array:
        return np.take_along_axis(a, np.broadcast_to(index, (*a.shape[:2], 1)), axis=2)

    shape = (table.shape[0], 1)
    return Node("look_up", (table, word), shape, table.denominator, table.reach, compute)


def one_hot(word: Node, size: int) -> Node:
    """A column of `size` zeros with a 1 in the word's row, rows being words 1, 2, ..."""

    def compute(index: Array) -> Array:
        return (np.arange(1, size + 1)[None, :, None] == index).astype(np.int64)

    return Node("one_hot", (word,), (size, 1), 1, 1, compute)


def same_word(first: Node, second: Node) -> Node:
    """The word 1 where both are the same word, else the word 0."""

    def compute(a: Array, b: Array) -> Array:
        return (a == b).astype(np.int64)

    return Node("same_word", (first, second), (1, 1), 1, 1, compute, is_word=True)


def largest_magnitude(value: Node) -> Node:
    """The largest magnitude of any entry, 1×1."""

    def compute(a: Array) -> Array:
        return np.abs(a).max(axis=(1, 2), keepdims=True)

    return Node("largest", (value,), (1, 1), value.denominator, value.reach, compute)


def descended(weights: Node, gradient: Node, inverse_rate: Node, direction: int = -1) -> Node:
    """weights - gradient / inverse_rate, refused unless the step comes out in tenths.

    Effort: the rate times each entry, and the subtraction.
    """
    if weights.shape != gradient.shape:
        raise ValueError(f"a {gradient.shape} gradient does not fit {weights.shape} weights")
    denominator = lcm(TENTHS, weights.denominator)
    scale = denominator // weights.denominator

    def parts(g: Array, s: Array) -> tuple[Array, Array]:
        divisor = g_denominator * s
        return g * denominator * s_denominator, np.where(divisor == 0, 1, divisor)

    g_denominator, s_denominator = gradient.denominator, inverse_rate.denominator

    def compute(w: Array, g: Array, s: Array) -> Array:
        dividend, divisor = parts(g, s)
        return w * scale + direction * (dividend // divisor)

    def refuses(_: Array, w: Array, g: Array, s: Array) -> Mask:
        dividend, divisor = parts(g, s)
        return ((dividend % divisor != 0) | (s == 0)).any(axis=(1, 2))

    def effort(w: Array, g: Array, s: Array) -> Array:
        hard = _nontrivial(g, g_denominator) & _nontrivial(s, s_denominator)
        return _total(hard.astype(np.int64) + ((w != 0) & (g != 0)).astype(np.int64))

    dividend_bound = gradient.reach * denominator * s_denominator
    bound = weights.reach * scale + dividend_bound // g_denominator + 1
    if dividend_bound >= 2**62:
        raise OverflowError("the update's dividend does not fit into 64 bits")
    return Node(
        "descended",
        (weights, gradient, inverse_rate),
        weights.shape,
        denominator,
        bound,
        compute,
        effort,
        refuses,
        "the update does not come out in tenths",
    )


def _same_shape(name: str, value: Node, compute: Callable[[Array], Array]) -> Node:
    return Node(name, (value,), value.shape, value.denominator, value.reach, compute)
