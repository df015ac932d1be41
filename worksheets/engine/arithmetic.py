"""Operations that refuse sheets on which they do not come out, and choices between entries."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache, partial
from itertools import accumulate
from math import isqrt, lcm

import numpy as np

from worksheets.engine.node import LARGEST, Array, Mask, Node, Rows
from worksheets.engine.operations import any_of, common_shape, nontrivial, total

LARGEST_EXPONENT = 40  # of a power that a student may come to


def quotient(dividend: Node, divisor: Node, finest: int, *, cut: bool = False) -> Node:
    """Divide entry by entry, or by one number, in multiples of 1/finest.

    Sheets on which it does not come out so, or that divide by 0, are refused. If it is `cut`, to be
    rounded next, the remainder is dropped. Effort: a division where neither is 0 or ±1.
    """
    scale = divisor.denominator * finest
    largest = dividend.reach * scale
    if largest >= LARGEST:
        raise OverflowError(f"quotient: a dividend may reach {largest}, over 64 bits")

    def parts(a: Array, b: Array) -> tuple[Array, Array]:
        return a * scale, np.where(b == 0, 1, b) * dividend.denominator

    def compute(a: Array, b: Array) -> Array:
        upper, lower = parts(a, b)
        # Towards zero: // alone would round -1/2 down to -1.
        cut_off: Array = np.sign(upper) * np.sign(lower) * (np.abs(upper) // np.abs(lower))
        return cut_off

    def refuses(_: Array, a: Array, b: Array) -> Mask:
        upper, lower = parts(a, b)
        return any_of((b == 0) if cut else (upper % lower != 0) | (b == 0))

    def effort(a: Array, b: Array) -> Array:
        hard = nontrivial(a, dividend.denominator) & nontrivial(b, divisor.denominator)
        return total(hard.astype(np.int64))

    return Node(
        "quotient",
        (dividend, divisor),
        common_shape(dividend, divisor),
        finest,
        largest // dividend.denominator + 1,
        compute,
        effort,
        refuses,
        "a division by 0" if cut else f"a division by 0, or one finer than 1/{finest}",
        exactly=None if cut else _divided,
    )


def square_root(value: Node, decimals: int) -> Node:
    """Take the root of every entry, rounded half away from 0; refuse sheets with a negative one."""
    unit, denominator = 10**decimals, value.denominator
    # Twice a root, cut off, says how to round it; up to 2**52 a float's root is exact when cut off.
    fourfold = 4 * unit**2
    if value.reach * fourfold >= 2**52:
        raise OverflowError(f"square_root: {value.reach} over {denominator} is too large")

    def compute(a: Array) -> Array:
        twice = np.sqrt(np.maximum(a, 0) * fourfold // denominator).astype(np.int64)
        root: Array = (twice + 1) // 2
        return root

    def refuses(_: Array, a: Array) -> Mask:
        return any_of(a < 0)

    return Node(
        "square_root",
        (value,),
        value.shape,
        unit,
        (isqrt(value.reach * fourfold // denominator) + 1) // 2,
        compute,
        refuses=refuses,
        refusal="the root of a negative number",
        again=partial(square_root, value),
    )


def powers(base: int, exponents: Node, lowest: int, highest: int) -> Node:
    """Raise `base` to the power of every entry; refuse sheets with another exponent.

    Exponents are whole numbers from `lowest` to `highest`, whatever their denominator could hold.
    Effort: for an exponent of ±n, the n - 1 multiplications.
    """
    if base < 2 or lowest > highest:
        raise ValueError(f"powers: base {base}, exponents from {lowest} to {highest}")
    denominator = base ** max(-lowest, 0)
    exact = [base ** (k + max(-lowest, 0)) for k in range(lowest, highest + 1)]
    bound = exact[-1]
    # A bound too large is the node's to refuse.
    table = np.array(exact if bound < LARGEST else [0], dtype=np.int64)
    unit = exponents.denominator

    def compute(k: Array) -> Array:
        return table[np.clip(k // unit, lowest, highest) - lowest]

    def refuses(_: Array, k: Array) -> Mask:
        return any_of((k % unit != 0) | (k < lowest * unit) | (k > highest * unit))

    def effort(k: Array) -> Array:
        return total(np.maximum(np.abs(k // unit) - 1, 0))

    return Node(
        "powers",
        (exponents,),
        exponents.shape,
        denominator,
        bound,
        compute,
        effort,
        refuses,
        f"an exponent that is not one of {lowest} to {highest}",
        settings=(base,),
        exactly=partial(_powers, base),
    )


def exponents(base: int, numbers: Node, lowest: int, highest: int) -> Node:
    """Find every entry's exponent, its logarithm to `base`, from `lowest` to `highest`.

    Sheets with an entry that is no such power are refused, so that nothing is rounded; what a
    student comes to has the nearest whole one. Effort: none for what a table of a few powers says.
    """
    if base < 2 or lowest > highest:
        raise ValueError(f"exponents: base {base}, from {lowest} to {highest}")
    scale, down = numbers.denominator, base ** max(-lowest, 0)
    # Entry x over `scale` is base**k if x·down is this k's entry of the table.
    exact = [scale * base ** (k + max(-lowest, 0)) for k in range(lowest, highest + 1)]
    if max(exact[-1], numbers.reach * down) >= LARGEST:
        raise OverflowError(f"exponents: {base} to the power of {highest} is over 64 bits")
    table = np.array(exact, dtype=np.int64)

    def places(a: Array) -> Array:
        # searchsorted counts in the machine's word, which has 32 bits in a browser.
        found = np.searchsorted(table, a * down).astype(np.int64)
        nearest: Array = np.minimum(found, len(table) - 1)
        return nearest

    def compute(a: Array) -> Array:
        return places(a) + lowest

    def refuses(_: Array, a: Array) -> Mask:
        return any_of(table[places(a)] != a * down)

    return Node(
        "exponents",
        (numbers,),
        numbers.shape,
        1,
        max(abs(lowest), abs(highest)),
        compute,
        refuses=refuses,
        refusal=f"an entry that is not {base} to the power of {lowest} to {highest}",
        settings=(base,),
        exactly=partial(_exponents, base),
    )


def shares(weights: Node, unit: int) -> Node:
    """Divide every entry by the sum of its column, in multiples of 1/unit.

    As a sheet's own denominators cannot be known at load, sheets are refused whose sums are not
    greater than 0 or whose shares are no multiples of 1/unit. Effort: the sums and the divisions.
    """
    if weights.shape[0] * weights.reach * unit >= LARGEST:
        raise OverflowError(f"shares: {weights.reach} times {unit} is over 64 bits")

    def parts(a: Array) -> tuple[Array, Array]:
        sums = a.sum(axis=1, keepdims=True)
        return a * unit, np.where(sums <= 0, 1, sums)

    def compute(a: Array) -> Array:
        upper, lower = parts(a)
        return upper // lower

    def refuses(_: Array, a: Array) -> Mask:
        upper, lower = parts(a)
        uneven: Mask = (upper % lower != 0) | (a.sum(axis=1, keepdims=True) <= 0)
        return any_of(uneven)

    def effort(a: Array) -> Array:
        terms = np.maximum((a != 0).sum(axis=1, keepdims=True) - 1, 0)
        hard = (a != 0) & nontrivial(a.sum(axis=1, keepdims=True), weights.denominator)
        return total(hard.astype(np.int64)) + total(terms)

    bound = weights.reach * unit
    return Node(
        "shares",
        (weights,),
        weights.shape,
        unit,
        bound,
        compute,
        effort,
        refuses,
        f"a sum that is not greater than 0, or a share that is no multiple of 1/{unit}",
        exactly=_shares,
    )


def sum_of_all(value: Node) -> Node:
    """Add all entries, 1×1. Effort: terms that are not 0, less one."""

    def compute(a: Array) -> Array:
        result: Array = a.sum(axis=(1, 2), keepdims=True)
        return result

    def effort(a: Array) -> Array:
        return np.maximum(total((a != 0).astype(np.int64)) - 1, 0)

    cells = value.shape[0] * value.shape[1]
    bound = cells * value.reach
    return Node("sum_of_all", (value,), (1, 1), value.denominator, bound, compute, effort)


def following(value: Node) -> Node:
    """Take the entry of the next column; 0 after the last."""

    def compute(a: Array) -> Array:
        return np.concatenate([a[:, :, 1:], np.zeros_like(a[:, :, :1])], axis=2)

    return Node("following", (value,), value.shape, value.denominator, value.reach, compute)


def discounted(value: Node, factor: Fraction, finest: int) -> Node:
    """Add to each entry `factor` times what the next column comes to, from the last one backwards.

    Sheets on which it does not come out in multiples of 1/finest are refused. Effort: the
    multiplication and the addition of each column but the last.
    """
    p, q, columns = *factor.as_integer_ratio(), value.shape[1]
    # Over this denominator each sum is whole: the first column's last term has the highest power.
    unit = q ** (columns - 1)
    bound = value.reach * sum(q ** (columns - 1 - k) * abs(p) ** k for k in range(columns))
    if bound * finest >= LARGEST:
        raise OverflowError(f"discounted: a sum may reach {bound * finest}, over 64 bits")

    def sums(a: Array) -> Array:
        found: Array = a * unit
        for column in reversed(range(columns - 1)):
            found[:, :, column] += found[:, :, column + 1] * p // q
        return found

    def compute(a: Array) -> Array:
        upper, lower = sums(a) * finest, value.denominator * unit
        cut_off: Array = np.sign(upper) * (np.abs(upper) // lower)  # towards 0, as quotients are
        return cut_off

    def refuses(_: Array, a: Array) -> Mask:
        uneven: Mask = sums(a) * finest % (value.denominator * unit) != 0
        return any_of(uneven)

    def effort(a: Array) -> Array:
        after = sums(a)[:, :, 1:]
        hard = nontrivial(after, value.denominator * unit) & (factor not in (-1, 0, 1))
        return total(hard.astype(np.int64)) + total(((a[:, :, :-1] != 0) & (after != 0)) * (p != 0))

    return Node(
        "discounted",
        (value,),
        value.shape,
        finest,
        bound * finest // (value.denominator * unit) + 1,
        compute,
        effort,
        refuses,
        f"a discounted sum finer than 1/{finest}",
        settings=(factor,),
        exactly=partial(_discounted, factor),
    )


def extreme(left: Node, right: Node, *, largest: bool) -> Node:
    """Choose the larger, or the smaller, of two entries, or of each entry and one number."""
    choose = np.maximum if largest else np.minimum
    denominator, scale_left, scale_right = _common(left, right)

    def compute(a: Array, b: Array) -> Array:
        return choose(a * scale_left, b * scale_right)

    name = "maximum" if largest else "minimum"
    bound = max(left.reach * scale_left, right.reach * scale_right)
    return Node(name, (left, right), common_shape(left, right), denominator, bound, compute)


def clip(value: Node, low: Fraction, high: Fraction) -> Node:
    """Replace entries below `low` by `low`, and those above `high` by `high`."""
    if low > high:
        raise ValueError(f"clip: from {low} to {high}")
    denominator = lcm(value.denominator, low.denominator, high.denominator)
    scale = denominator // value.denominator
    lowest, highest = int(low * denominator), int(high * denominator)

    def compute(a: Array) -> Array:
        return np.clip(a * scale, lowest, highest)

    if value.reach * scale >= LARGEST:
        raise OverflowError("clip: over a common denominator an entry is over 64 bits")
    bound = max(abs(lowest), abs(highest))
    return Node("clip", (value,), value.shape, denominator, bound, compute, settings=(low, high))


def exceeds(left: Node, right: Node) -> Node:
    """Compare: 1 where the left entry is greater than the right one, else 0."""
    _, scale_left, scale_right = _common(left, right)
    if max(left.reach * scale_left, right.reach * scale_right) >= LARGEST:
        raise OverflowError("exceeds: over a common denominator an entry is over 64 bits")

    def compute(a: Array, b: Array) -> Array:
        return (a * scale_left > b * scale_right).astype(np.int64)

    return Node("exceeds", (left, right), common_shape(left, right), 1, 1, compute)


def _divided(upper: Rows, lower: Rows) -> list[list[Fraction | None]]:
    rows, columns = max(len(upper), len(lower)), max(len(upper[0]), len(lower[0]))

    def entry(matrix: Rows, row: int, column: int) -> Fraction:
        return matrix[0][0] if (len(matrix), len(matrix[0])) == (1, 1) else matrix[row][column]

    def quotient(row: int, column: int) -> Fraction | None:
        divisor = entry(lower, row, column)
        return entry(upper, row, column) / divisor if divisor else None

    return [[quotient(row, column) for column in range(columns)] for row in range(rows)]


def _powers(base: int, exponents: Rows) -> list[list[Fraction | None]]:
    def power(k: Fraction) -> Fraction | None:
        small = k.denominator == 1 and abs(k) <= LARGEST_EXPONENT
        return Fraction(base) ** int(k) if small else None

    return [[power(k) for k in row] for row in exponents]


def _discounted(factor: Fraction, values: Rows) -> list[list[Fraction | None]]:
    def sums(row: list[Fraction]) -> list[Fraction | None]:
        backwards = accumulate(reversed(row), lambda after, entry: entry + factor * after)
        return [*backwards][::-1]

    return [sums(row) for row in values]


def _exponents(base: int, numbers: Rows) -> list[list[Fraction | None]]:
    return [[_nearest_exponent(base, number) for number in row] for row in numbers]


@lru_cache(maxsize=4096)  # answers have few different numbers; a search takes 50 µs
def _nearest_exponent(base: int, number: Fraction) -> Fraction | None:
    """Return the nearest whole logarithm, which no two are: none of a fraction ends in a half."""
    k = -LARGEST_EXPONENT
    if not Fraction(base) ** k <= number <= Fraction(base) ** -k:
        return None
    while number**2 > Fraction(base) ** (2 * k + 1):  # x > base ** (k + ½)
        k += 1
    return Fraction(k)


def _shares(weights: Rows) -> list[list[Fraction | None]]:
    sums = [sum(column) for column in zip(*weights, strict=True)]
    return [
        [weight / total if total > 0 else None for weight, total in zip(row, sums, strict=True)]
        for row in weights
    ]


def _common(left: Node, right: Node) -> tuple[int, int, int]:
    """Return the common denominator and the factors that bring both sides' numerators to it."""
    denominator = lcm(left.denominator, right.denominator)
    return denominator, denominator // left.denominator, denominator // right.denominator
