"""Round half away from zero, also σ, softmax and logarithms, as if their digits were all known."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from functools import lru_cache

import numpy as np

from worksheets.engine.node import Array

FIRST_DIGITS = 30
LAST_DIGITS = 4000


def round_half_away(numerators: Array, denominator: int, decimals: int) -> Array:
    """Round half away from zero, as schools do; return numerators over 10**decimals."""
    # floor(2x + 1) / 2 for a magnitude x, in whole numbers.
    doubled = 2 * np.abs(numerators) * 10**decimals + denominator
    rounded: Array = np.sign(numerators) * (doubled // (2 * denominator))
    return rounded


def rounded_fraction(value: Fraction, decimals: int) -> Fraction:
    """Round one number half away from zero, whatever its size."""
    unit = 10**decimals
    doubled = 2 * abs(value.numerator) * unit + value.denominator
    size = Fraction(doubled // (2 * value.denominator), unit)
    return size if value > 0 else -size


@lru_cache(maxsize=65536)
def softmax_rounded(scores: tuple[Fraction, ...], decimals: int) -> tuple[int, ...]:
    """Return the softmax of rationals, times 10**decimals, each rounded half away from zero.

    By Lindemann and Weierstrass a share is rational only where all scores are equal, so in any
    other case a tie needs no decision, and working with more digits always ends.
    """
    highest = max(scores)
    differences = [score - highest for score in scores]
    if not any(differences):
        return (_rounded_share(1, len(scores), decimals),) * len(scores)
    digits = FIRST_DIGITS
    while digits <= LAST_DIGITS:
        powers = [_power(difference, digits) for difference in differences]
        total, slack = sum(powers), len(powers)
        low = tuple(_rounded_share(power - 1, total + slack, decimals) for power in powers)
        high = tuple(_rounded_share(power + 1, total - slack, decimals) for power in powers)
        if low == high:
            return low
        digits *= 2
    raise ArithmeticError(f"softmax of {scores} lies too close to a border")


def _rounded_share(part: int, total: int, decimals: int) -> int:
    rounded: int = (2 * 10**decimals * part + total) // (2 * total)
    return rounded


@lru_cache(maxsize=4096)
def _power(exponent: Fraction, digits: int) -> int:
    """Return e**exponent in units of 10**-digits, less than one unit off, for exponents up to 0.

    The quotient is rounded to two digits more, and as |x| e**x < 1 for x < 0, the power is off by
    less than a tenth of a unit for that; its own rounding and the last one add six tenths at most.
    """
    context = _context(digits + 2)
    power = context.exp(context.divide(exponent.numerator, exponent.denominator))
    return int(power.scaleb(digits, context).to_integral_value())


@lru_cache(maxsize=65536)
def log_rounded(value: Fraction, decimals: int) -> int:
    """Return a positive rational's natural logarithm, times 10**decimals, rounded half away from 0.

    By Lindemann it is irrational for every rational but 1, so working with more digits always ends
    before a tie has to be decided.
    """
    digits = FIRST_DIGITS
    while digits <= LAST_DIGITS:
        units = _log(value, digits)
        low, high = (_rounded(units + slip, digits, decimals) for slip in (-4, 4))
        if low == high or value == 1:
            return 0 if value == 1 else low
        digits *= 2
    raise ArithmeticError(f"the logarithm of {value} lies too close to a border")


def _log(value: Fraction, digits: int) -> int:
    """Return log(value) in units of 10**-digits, less than four units off.

    Each of both logarithms is rounded to at least two digits more than its whole part needs.
    """
    whole = len(str(max(value.numerator, value.denominator))) + 3
    context = _context(digits + whole)
    upper, lower = (_ln(part, digits + whole) for part in (value.numerator, value.denominator))
    return int(context.subtract(upper, lower).scaleb(digits, context).to_integral_value())


@lru_cache(maxsize=4096)
def _ln(whole: int, precision: int) -> Decimal:
    return _context(precision).ln(whole)


def _context(precision: int) -> Context:
    return Context(prec=precision, Emax=MAX_EMAX, Emin=MIN_EMIN)


def _rounded(units: int, digits: int, decimals: int) -> int:
    """Round units of 10**-digits to units of 10**-decimals, half away from zero."""
    unit: int = 10 ** (digits - decimals)
    magnitude = (2 * abs(units) + unit) // (2 * unit)
    return magnitude if units >= 0 else -magnitude
