"""Declared rounding: half away from zero, and sigma and softmax rounded as exact numbers are."""

from __future__ import annotations

from decimal import Context, Decimal
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
def sigma_rounded(value: Fraction, decimals: int) -> int:
    """The logistic function of a rational, times 10**decimals, rounded half away from zero."""
    return softmax_rounded((value, Fraction(0)), decimals)[0]


@lru_cache(maxsize=65536)
def softmax_rounded(scores: tuple[Fraction, ...], decimals: int) -> tuple[int, ...]:
    """Softmax of rationals, times 10**decimals, each rounded half away from zero.

    A share is 1 / sum of e**(other - own). By Lindemann and Weierstrass it is rational only where
    all differences are 0, so a tie needs no decision in any other case, and working with more
    digits always ends.
    """
    return tuple(
        _share_rounded(tuple(other - own for other in scores), decimals) for own in scores
    )


def _share_rounded(differences: tuple[Fraction, ...], decimals: int) -> int:
    if not any(differences):
        return int(round_half_away(np.array([1]), len(differences), decimals)[0])
    precision = FIRST_PRECISION
    while precision <= LAST_PRECISION:
        low, high = _share_bounds(differences, precision)
        if (rounded := _half_up(low, decimals)) == _half_up(high, decimals):
            return rounded
        precision *= 2
    raise ArithmeticError(f"softmax of differences {differences} lies too close to a border")


def _half_up(value: Fraction, decimals: int) -> int:
    return (2 * value.numerator * 10**decimals + value.denominator) // (2 * value.denominator)


def _share_bounds(differences: tuple[Fraction, ...], precision: int) -> tuple[Fraction, Fraction]:
    context = Context(prec=precision, Emax=10**8, Emin=-(10**8))
    total = Fraction(0)
    # e**x is correctly rounded for its argument; the argument itself is off by a unit in its
    # last place, relative to x, which e**x turns into a relative error of |x| such units.
    slack = Fraction(10) ** (2 - precision)
    error = Fraction(0)
    for difference in differences:
        if difference > 10 * precision:  # e**difference alone makes the share 0 to all digits
            return Fraction(0), Fraction(1, 10**precision)
        argument = context.divide(Decimal(difference.numerator), Decimal(difference.denominator))
        power = Fraction(context.exp(argument))
        total += power
        error += power * slack * (1 + abs(difference))
    return 1 / (total + error), 1 / (total - error)
