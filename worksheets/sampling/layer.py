"""Draw matrices for hand work: within ±3, and weights none of which are idle."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.sampling.counter import Draws

LARGEST = 3


def small(draws: Draws, name: str, rows: int, columns: int, largest: int = LARGEST) -> Array:
    """Draw integers within ±`largest`, shape (sheets, rows, columns)."""
    return draws.integers(name, -largest, largest, rows, columns)


def busy(*matrices: Array) -> Mask:
    """Return the sheets on which no row and no column of these matrices is all 0."""
    every = [(m != 0).any(axis=axis).all(axis=1) for m in matrices for axis in (1, 2)]
    return _all_of(every)


def unlike(columns: Array) -> Mask:
    """Return the sheets on which no two columns of a matrix are the same."""
    width = columns.shape[2]
    pairs = [(right, left) for right in range(width) for left in range(right)]
    differ = [(columns[:, :, right] != columns[:, :, left]).any(axis=1) for right, left in pairs]
    return _all_of(differ)


def affine(weights: Array, inputs: Array) -> Array:
    """Apply weights, their bias in the last column, to columns of inputs: W·[x; 1]."""
    return weights[:, :, :-1] @ inputs + weights[:, :, -1:]


def _all_of(masks: list[Mask]) -> Mask:
    both: Mask = np.logical_and.reduce(masks)
    return both
