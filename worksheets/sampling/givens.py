"""What a kind's draw hands over: the numbers and words that decide a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from worksheets.engine.node import Mask
from worksheets.sampling.attempts import Arrays


@dataclass(frozen=True)
class Givens:
    """What the draw supplies: given lines (sheets, rows, columns) and words' indices (sheets,).

    `accepted` says which sheets found numbers at all; the others are drawn again.
    """

    givens: Arrays
    words: Arrays = field(default_factory=dict)
    accepted: Mask | None = None
