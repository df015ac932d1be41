"""Declared rounding: half away from zero, and sigma and softmax rounded as exact numbers are."""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np

from worksheets.engine.node import Array, Mask

FIRST_PRECISION = 30
LAST_PRECISION = 4000


def round_half_away(numerators: Array, denominator: int, decimals: int) -> Array:
    """Numerators over 10**decimals of the values rounded half away from zero, as schools do."""
    doubled = 2 * np.abs(numerators) * 10**decimals + denominator
    return np.sign(numerators) * (doubled // (2 * denominator))


def near_border(numerators: Array, denominator: int, decimals: int, margin: Fraction) -> Mask:
    """Where a value lies less than `margin` from a border between two roundings."""
    unit = 10**decimals
    distance = np.abs(
        2 * ((np.abs(numerators) * unit) % denominator) - denominator
    )  # in 1/(2 · denominator · unit)
    return distance * margin.denominator < margin.numerator * 2 * denominator * unit


@lru_cache(maxsize=65536)
def softmax_rounded(scores: tuple[Fraction, ...], decimals: int) -> tuple[int, ...]:
    """Softmax of rationals, times 10**decimals, each rounded half away from zero.

    A share is 1 / sum of e**(other - own). By Lindemann and Weierstrass it is rational only where
    all scores are equal, so in any other case a tie needs no decision, and working with more
    digits always ends.
    """
    if len(set(scores)) == 1:
        share = round_half_away(np.array([1]), len(scores), decimals)
        return tuple(int(share[0]) for _ in scores)
    precision = FIRST_PRECISION
    while precision <= LAST_PRECISION:
        low, high = _shares_rounded(scores, decimals, precision)
        if low == high:
            return low
        precision *= 2
    raise ArithmeticError(f"softmax of {scores} lies too close to a border")


def _shares_rounded(
    scores: tuple[Fraction, ...], decimals: int, precision: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The shares' lower and upper bounds, each rounded.

    Each power of e is off by a few units in its last place, times the size of its argument, which
    was rounded itself; sum and quotient add some more. `slack` is well above all of that.
    """
    context = Context(prec=precision, Emax=MAX_EMAX, Emin=MIN_EMIN)
    highest = max(scores)
    differences = [score - highest for score in scores]
    powers = [context.exp(context.divide(d.numerator, d.denominator)) for d in differences]
    total = sum(powers, start=Decimal(0))
    slack = Decimal(10) ** (3 - precision) * (1 + math.ceil(-min(differences)) + len(scores))
    unit, half = Decimal(10**decimals), Decimal("0.5")
    exact = [context.divide(power, total) for power in powers]
    low = tuple(math.floor(share * (1 - slack) * unit + half) for share in exact)
    high = tuple(math.floor(share * (1 + slack) * unit + half) for share in exact)
    return low, high
