"""Round parts so that they add up to their rounded total, to the digit, wherever both are shown."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from worksheets.engine.rounding import rounded_fraction


def apportioned(parts: Sequence[Fraction], decimals: int) -> list[Fraction]:
    """Return parts, none negative, to so many decimals; their sum is the parts' sum, rounded.

    Each is rounded down or up: up are those with the largest remainders (Hamilton's method), the
    first of equal ones. What has no more decimals stays as it is.
    """
    unit = 10**decimals
    lower = [floor(part * unit) for part in parts]
    left = int(rounded_fraction(sum(parts, Fraction(0)), decimals) * unit) - sum(lower)
    by_remainder = sorted(range(len(parts)), key=lambda at: lower[at] - parts[at] * unit)
    up = set(by_remainder[:left])
    return [Fraction(one + (at in up), unit) for at, one in enumerate(lower)]
