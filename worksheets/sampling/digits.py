"""Tell the numbers of two digits and more: two of them are hard to multiply on paper."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array, Mask


def two_digits(numbers: Array) -> Mask:
    """Find the whole numbers below 1,000 that have two digits or more before their last zeros.

    Of 7, 70 and 700 none has; tenths and hundredths count as their numerators do.
    """
    size = np.abs(numbers)
    while (ending := (size > 0) & (size % 10 == 0)).any():
        size = np.where(ending, size // 10, size)
    hard: Mask = size > 9
    return hard
