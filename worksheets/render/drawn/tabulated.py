"""Printed tables of the functions that a pencil cannot work out, for all a line may come to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Context
from fractions import Fraction
from math import gcd
from typing import TypeAlias

from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.engine.rounding import log_rounded, rounded_fraction, softmax_rounded

Pair: TypeAlias = tuple[str, str]

LESS, MORE = "less", "more"
IN_A_ROW = 14  # pairs that are as wide as a page
MOST = 110  # pairs that a page has room for
GUARD = 2  # decimals of eᵏ beyond those of a share, so that hardly a share is rounded otherwise
EXACT = Context(prec=40)

SHARES = "k is an entry less the highest of its column; its share is its eᵏ over the column’s sum."
MASKED = (
    "k is an entry less the highest that counts in its column; its share is its eᵏ over the sum "
    "of those that count. What does not count has the share 0."
)
MIRRORED = "σ(−x) = 1 − σ(x)"
BORDERS = "Take the last x here that is not greater than yours. σ(−x) = 1 − σ(x)"
CALCULATOR = "Use a calculator."


@dataclass(frozen=True)
class Tabulated:
    """A function at all arguments that a line may come to, in pairs, and how to use it.

    `said` writes a pair in a text. There are no pairs where these would be too many. With `step`,
    the arguments are its multiples from 0 on.
    """

    name: str
    argument: str
    said: str
    pairs: tuple[Pair, ...]
    note: str = ""
    step: Fraction | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """Every pair in words."""
        return tuple(self.said.format(*pair) for pair in self.pairs)


def tabulated(node: Node) -> Tabulated | None:
    """What a line of this operation needs; none where a pencil is enough."""
    makers: dict[str, Callable[[Node, int], Tabulated]] = {
        "sigma": _sigma,
        "softmax": _softmax,
        "softmax_where": _softmax,
        "logarithm": _logarithm,
    }
    if node.operation not in makers:
        return None
    return makers[node.operation](node, len(str(node.denominator)) - 1)


def _arguments(node: Node) -> tuple[Fraction, int]:
    """The step between a function's arguments, and how many of it the largest one is."""
    argument = node.parents[0]
    finest = argument.denominator
    if argument.finest is not None:
        finest = gcd(finest, argument.finest)
    return Fraction(1, finest), argument.reach * finest // argument.denominator


def _sigma(node: Node, decimals: int) -> Tabulated:
    """A value for each argument, on both sides of 0 if these are few; else where values change."""
    step, most = _arguments(node)
    unit = 10**decimals

    def value(count: int) -> int:
        return softmax_rounded((count * step, Fraction(0)), decimals)[0]

    highest = bisect_left(range(most), unit, key=value)
    said = "σ({}) ≈ {}"

    def pairs(counts: Iterable[int]) -> tuple[Pair, ...]:
        return tuple((_paper(n * step), _paper(Fraction(value(n), unit))) for n in counts)

    more: tuple[Pair, ...] = ((MORE, "1"),) if highest < most else ()
    less: tuple[Pair, ...] = ((LESS, "0"),) if highest < most else ()
    last = highest - len(more)
    if 2 * highest < IN_A_ROW:
        both = (*less, *pairs(range(-last, last + 1)), *more)
        return Tabulated("σ ≈", "x", said, both)
    borders = [bisect_left(range(most + 1), at, key=value) for at in range(value(0), unit + 1)]
    borders = [count for count in dict.fromkeys(borders) if count <= highest]
    if len(borders) * 2 < highest:
        return Tabulated("σ ≈", "from x", "σ ≈ {1} from {0} on", pairs(borders), BORDERS)
    return Tabulated("σ ≈", "x", said, (*pairs(range(last + 1)), *more), MIRRORED, step)


def _softmax(node: Node, decimals: int) -> Tabulated:
    """e to the power of what an entry lacks of the highest."""
    step, most = _arguments(node)
    digits = decimals + GUARD
    note = MASKED if node.operation == "softmax_where" else SHARES

    def power(count: int) -> Fraction:
        exponent = -count * step
        exact = EXACT.exp(EXACT.divide(exponent.numerator, exponent.denominator))
        return rounded_fraction(Fraction(exact), digits)

    farthest = bisect_left(range(2 * most + 1), True, key=lambda count: not power(count))
    if farthest > MOST:
        return Tabulated("eᵏ ≈", "k", "", (), f"{note} {CALCULATOR}")
    pairs = [(_paper(-count * step), _paper(power(count))) for count in range(farthest)]
    if farthest <= 2 * most:
        pairs.append((LESS, "0"))
    return Tabulated("eᵏ ≈", "k", "eᵏ ≈ {1} for k = {0}", tuple(pairs), note, -step)


def _logarithm(node: Node, decimals: int) -> Tabulated:
    """Of every positive number that its argument may be."""
    step, most = _arguments(node)
    if most > MOST:
        return Tabulated("log ≈", "p", "", (), CALCULATOR)
    pairs = tuple(
        (_paper(n * step), _paper(Fraction(log_rounded(n * step, decimals), 10**decimals)))
        for n in range(1, most + 1)
    )
    return Tabulated("log ≈", "p", "log {} ≈ {}", pairs, step=step)


def _paper(value: Fraction) -> str:
    return on_paper(write(value))
