"""Small printed tables of the functions that a pencil cannot work out."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.engine.rounding import log_rounded, softmax_rounded

Pairs: TypeAlias = tuple[tuple[str, str], ...]
POWERS = ("1", "0.37", "0.14", "0.05")


def table_of(node: Node) -> tuple[str, str, Pairs] | None:
    """The function's name, its argument's, and pairs of both; none for other operations."""
    decimals = len(str(node.denominator)) - 1
    if node.operation == "sigma":
        values = [
            (k, Fraction(softmax_rounded((Fraction(k), Fraction(0)), decimals)[0], 10**decimals))
            for k in range(-2, 3)
        ]
        return "σ ≈", "k", tuple((_paper(Fraction(k)), _paper(value)) for k, value in values)
    if node.operation in ("softmax", "softmax_where"):
        pairs = [(_paper(Fraction(-k)), power) for k, power in enumerate(POWERS)]
        return "eᵏ ≈", "k", (*pairs, ("less", "0"))
    if node.operation == "logarithm":
        logs = [
            (Fraction(k, 10), Fraction(log_rounded(Fraction(k, 10), decimals), 10**decimals))
            for k in range(1, 10)
        ]
        return "log ≈", "p", tuple((_paper(p), _paper(log)) for p, log in logs)
    return None


def _paper(value: Fraction) -> str:
    return on_paper(write(value))
