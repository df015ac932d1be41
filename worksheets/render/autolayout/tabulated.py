"""Tabulate functions that a pencil cannot work out, for all arguments that a line may have."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context
from fractions import Fraction
from math import gcd
from typing import TypeAlias

from worksheets.engine.graph import GIVEN, Line
from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.engine.rounding import log_rounded, rounded_fraction, softmax_rounded
from worksheets.language import Say, message
from worksheets.render.metrics import NO_BREAK

Pair: TypeAlias = tuple[str, str]

LESS, MORE = message("less"), message("more")
IN_A_ROW = 14  # pairs that make a short table
FEW = 2 * IN_A_ROW  # more of them stand in ten columns
MOST = 110  # pairs that a page has room for
GUARD = 2  # decimals of eᵏ beyond those of a share, so that hardly a share is rounded otherwise
EXACT = Context(prec=40)

SHARES, MASKED = message("note: shares"), message("note: masked shares")
SHARES_OF_ONE = message("note: shares of one column")
POWER = "eᵏ"
MIRRORED = "σ(−x) = 1 − σ(x)".replace(" ", NO_BREAK)
BORDERS = message("note: borders")
CALCULATOR = message("note: calculator")
ROW_AND_COLUMN = message("note: row and column")


@dataclass(frozen=True)
class Tabulated:
    """Hold a function at all arguments that a line may come to, in pairs, and how to use it.

    There are no pairs where these would be too many. With `step`, the arguments are its multiples
    from 0 on; `in_tens` says how to read them in ten columns.
    It is the same table with another `note`.
    """

    name: str
    argument: str
    pairs: tuple[Pair, ...]
    note: str = field(default="", compare=False)
    step: Fraction | None = None
    in_tens: str = ""

    def is_told(self, sentence: str) -> bool:
        """Tell whether a sentence says what is done with the powers that it has."""
        return bool(self.pairs) and self.name.startswith(POWER) and POWER in sentence


def tabulated(line: Line, lines: Container[Node], say: Say) -> list[Tabulated]:
    """Return the tables that a line's own expression needs, each once.

    A table does not say how it is used where its step does.
    """
    if line.role == GIVEN:
        return []
    tables = (_of_function(node, say) for node in _expression(line.node, lines))
    in_tens = say(ROW_AND_COLUMN)
    found = (replace(table, in_tens=in_tens) for table in dict.fromkeys(tables) if table)
    return [replace(one, note="") if one.is_told(line.step.note) else one for one in found]


def _expression(node: Node, lines: Container[Node]) -> Iterator[Node]:
    """Yield all that is worked out for a line, as far as it is no line itself."""
    for parent in node.parents:
        if parent not in lines:
            yield from _expression(parent, lines)
    yield node


def _of_function(node: Node, say: Say) -> Tabulated | None:
    """Return the table of a function, or None where a pencil is enough."""
    makers: dict[str, Callable[[Node, int, Say], Tabulated]] = {
        "sigma": _sigma,
        "softmax": _softmax,
        "softmax_where": _softmax,
        "logarithm": _logarithm,
    }
    if node.operation not in makers:
        return None
    return makers[node.operation](node, len(str(node.denominator)) - 1, say)


def _arguments(node: Node) -> tuple[Fraction, int]:
    """Return the step between a function's arguments, and how many steps the largest one is."""
    argument = node.parents[0]
    finest = argument.denominator
    if argument.finest is not None:
        finest = gcd(finest, argument.finest)
    return Fraction(1, finest), argument.reach * finest // argument.denominator


def _sigma(node: Node, decimals: int, say: Say) -> Tabulated:
    """Tabulate each argument, on both sides of 0 if they are few; else where values change."""
    step, most = _arguments(node)
    unit = 10**decimals

    def value(count: int) -> int:
        return softmax_rounded((count * step, Fraction(0)), decimals)[0]

    def pairs(counts: Iterable[int]) -> tuple[Pair, ...]:
        return tuple((_paper(n * step), _paper(Fraction(value(n), unit))) for n in counts)

    highest = bisect_left(range(most), unit, key=value)
    beyond = highest < most
    last = highest - beyond
    more, less = (((say(MORE), "1"),), ((say(LESS), "0"),)) if beyond else ((), ())
    if 2 * highest < IN_A_ROW:
        both = (*less, *pairs(range(-last, last + 1)), *more)
        return Tabulated("σ ≈", "x", both)
    borders = dict.fromkeys(
        bisect_left(range(highest), at, key=value) for at in range(value(0), value(highest) + 1)
    )
    if len(borders) * 2 < highest:
        return Tabulated("σ ≈", say("from x"), pairs(borders), say(BORDERS))
    right = (*pairs(range(last + 1)), *more)
    return Tabulated("σ ≈", "x", right, MIRRORED, step)


def _softmax(node: Node, decimals: int, say: Say) -> Tabulated:
    """e to the power of what an entry lacks of the highest."""
    step, most = _arguments(node)
    digits = decimals + GUARD
    masked = node.operation == "softmax_where"
    note = say(MASKED if masked else SHARES if node.shape[1] > 1 else SHARES_OF_ONE)

    def power(count: int) -> Fraction:
        exponent = -count * step
        exact = EXACT.exp(EXACT.divide(exponent.numerator, exponent.denominator))
        return rounded_fraction(Fraction(exact), digits)

    farthest = bisect_left(range(2 * most + 1), True, key=lambda count: not power(count))
    if farthest > MOST:
        return Tabulated(f"{POWER} ≈", "k", (), f"{note} {say(CALCULATOR)}")
    pairs = [(_paper(-count * step), _paper(power(count))) for count in range(farthest)]
    if farthest <= 2 * most:
        pairs.append((say(LESS), "0"))
    return Tabulated(f"{POWER} ≈", "k", tuple(pairs), note, -step)


def _logarithm(node: Node, decimals: int, say: Say) -> Tabulated:
    """Tabulate the logarithm of every positive number that its argument may be."""
    (argument,) = node.parents
    step, most = _arguments(node)
    possible: Sequence[Fraction] = [n * step for n in range(1, min(most, MOST) + 1)]
    regular = True
    if argument.operation == "sigma" and (values := _values_of_sigma(argument)):
        possible, regular = values, False
    elif most > MOST:
        return Tabulated("log ≈", "x", (), say(CALCULATOR))
    pairs = tuple(
        (_paper(p), _paper(Fraction(log_rounded(p, decimals), 10**decimals))) for p in possible
    )
    return Tabulated("log ≈", "x", pairs, step=step if regular else None)


def _values_of_sigma(node: Node) -> list[Fraction]:
    """Return the values other than 0 that σ may take, or none if they are many."""
    step, most = _arguments(node)
    if most > MOST:
        return []
    decimals = len(str(node.denominator)) - 1
    values = {
        softmax_rounded((n * step, Fraction(0)), decimals)[0] for n in range(-most, most + 1)
    } - {0}
    return [Fraction(n, 10**decimals) for n in sorted(values)] if len(values) <= FEW else []


def _paper(value: Fraction) -> str:
    return on_paper(write(value))
