"""Write exact numbers and read them: as an integer, a terminating decimal, else a fraction."""

from __future__ import annotations

from fractions import Fraction

MINUS = "\N{MINUS SIGN}"


def write(value: Fraction) -> str:
    """Write the number as files hold it: "-3", "0.7", "1/3"."""
    sign = "-" if value < 0 else ""
    numerator, denominator = abs(value.numerator), value.denominator
    decimals = _decimals(denominator)
    if decimals is None:
        return f"{sign}{numerator}/{denominator}"
    if decimals == 0:
        return f"{sign}{numerator}"
    digits = str(numerator * 10**decimals // denominator).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def read(text: str) -> Fraction:
    """Read the number that `write` wrote, or that paper shows (with U+2212).

    Raises:
        ValueError: if the text is not such a number.
    """
    try:
        return Fraction(text.replace(MINUS, "-"))
    except ZeroDivisionError:
        raise ValueError(f"Invalid literal for Fraction: {text!r}") from None


def on_paper(text: str) -> str:
    """Replace hyphens by the minus sign that belongs on paper."""
    return text.replace("-", MINUS)


def _decimals(denominator: int) -> int | None:
    """Count the decimals after which dividing by `denominator` ends, or None if it never does."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None
