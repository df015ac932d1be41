"""Round what a law states as its sheet writes it, without the engine that rounded the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sympy

DIGITS = 50  # of what is irrational: far more than any sheet writes, so none lies at a border


def written(value: sympy.Expr, decimals: int) -> sympy.Rational:
    """Return a number to so many decimals, half away from zero; a fraction is rounded exactly."""
    from sympy import Rational

    scale = 10**decimals
    units = int((abs(value) * scale).evalf(DIGITS) + Rational(1, 2))
    return Rational(units if value > 0 else -units, scale)
