"""Hand over what a kind's draw decides: the numbers and words of each sheet."""

from __future__ import annotations

from dataclasses import dataclass, field

from worksheets.engine.node import Mask
from worksheets.sampling.attempts import Arrays


@dataclass(frozen=True)
class Givens:
    """Hold given lines' numerators (sheets, rows, columns) and words' indices (sheets,).

    `accepted` says which sheets found numbers at all; the others are drawn again.
    """

    givens: Arrays
    words: Arrays = field(default_factory=dict)
    accepted: Mask | None = None
