"""Sum up all sheets of a set, with no more in memory of each than some numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from worksheets.class_set.chunk import Fact


@dataclass(frozen=True)
class Tally:
    """Hold efforts, minutes, and digests of givens and of answers, in the roster's order."""

    efforts: array[int] = field(default_factory=lambda: array("L"))
    minutes: array[int] = field(default_factory=lambda: array("L"))
    givens: array[int] = field(default_factory=lambda: array("Q"))
    answers: array[int] = field(default_factory=lambda: array("Q"))

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Tally:
        """Gather the numbers of these sheets."""
        tally = cls()
        for fact in facts:
            tally.efforts.append(fact.effort)
            tally.minutes.append(fact.minutes)
            tally.givens.append(fact.digests[0])
            tally.answers.append(fact.digests[1])
        return tally

    def __len__(self) -> int:
        return len(self.efforts)


def distinct(digests: array[int]) -> int:
    """Count the different ones."""
    return int(np.unique(digests).size)
