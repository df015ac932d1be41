"""Combine affine maps of the plane as PDF writes them: six numbers, which place what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

# a, b, c, d, e and f: (x, y) goes to (a·x + c·y + e, b·x + d·y + f); ISO 32000, 8.3.3.
Affine: TypeAlias = tuple[float, float, float, float, float, float]
IDENTITY: Affine = (1, 0, 0, 1, 0, 0)


def affine(numbers: Sequence[Any]) -> Affine:
    """Return a map from an operator's operands.

    Raises:
        ValueError: if they are not six, or one is no number.
    """
    a, b, c, d, e, f = map(float, numbers)
    return a, b, c, d, e, f


def times(first: Affine, then: Affine) -> Affine:
    """Return the map that does one thing, then the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        *(a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s),
        *(e * p + f * r + t, e * q + f * s + u),
    )
