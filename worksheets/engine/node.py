"""One operation on exact matrices: what it computes, how large it can get, what work it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from worksheets.engine.operation import OPERATIONS, Operation

Array: TypeAlias = NDArray[np.signedinteger]
Mask: TypeAlias = NDArray[np.bool_]
Compute: TypeAlias = Callable[..., Array]
Rows: TypeAlias = list[list[Fraction]]
Exactly: TypeAlias = Callable[..., list[list[Fraction | None]]]

# A product of two int64 numerators is formed before it is summed, so the bound that a node
# declares covers its sums as well; one bit is kept free.
LARGEST = 2**62


@dataclass(frozen=True, eq=False)
class Node:
    """A matrix of rationals, or of words, that is computed for a whole batch at once.

    Values are int64 numerators of shape (sheets, rows, columns) over `denominator`; `bound` is the
    largest magnitude that a numerator can take. Where a `limit` is set, sheets with a value beyond
    it are refused, so that later nodes need not reckon with more; where a `finest` is set, values
    that are no multiple of 1/finest are refused. `compute` and `effort` take the parents' arrays,
    `refuses` the node's own array first. Word nodes hold indices of words. `settings` are numbers
    that belong to the operation: a power's base, the places that are taken, a constant's entries.
    `again` makes a rounded node to other decimals. `exactly` takes the parents' rows of
    fractions and gives the node's, None where there is none, for whoever comes to numbers at which
    sheets are refused.

    Raises:
        KeyError: at construction, if the table of operations lacks this one.
        OverflowError: at construction, if a numerator could leave int64.
    """

    operation: str
    parents: tuple[Node, ...]
    shape: tuple[int, int]
    denominator: int
    bound: int
    compute: Compute = field(repr=False)
    effort: Callable[..., Array] | None = field(default=None, repr=False)
    refuses: Callable[..., Mask] | None = field(default=None, repr=False)
    refusal: str = ""
    is_word: bool = False
    limit: int | None = None
    finest: int | None = None
    settings: tuple[Fraction | int, ...] = ()
    again: Callable[[int], Node] | None = field(default=None, repr=False)
    exactly: Exactly | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.operation not in OPERATIONS:
            raise KeyError(f"operation {self.operation!r} has no row in engine/operation.py")
        if self.bound >= LARGEST:
            raise OverflowError(
                f"{self.operation} {self.shape[0]}×{self.shape[1]}: a numerator may reach "
                f"{self.bound} over {self.denominator}, which does not fit into 64 bits; "
                "bound the givens more tightly or round earlier"
            )

    @property
    def traits(self) -> Operation:
        """Return the row of its operation in the table."""
        return OPERATIONS[self.operation]

    @property
    def never_negative(self) -> bool:
        """Tell whether no entry is negative on any sheet: by operation, as a square or a share."""
        squares = self.operation == "multiply_entries" and self.parents[0] is self.parents[1]
        of_such = self.operation == "shares" and self.parents[0].never_negative
        return self.traits.never_negative or squares or of_such

    @property
    def decimals(self) -> int | None:
        """Return to how many decimals it is rounded, or None."""
        return None if self.again is None else len(str(self.denominator)) - 1

    @property
    def reach(self) -> int:
        """Return the largest magnitude of a numerator on any sheet that is not refused."""
        return self.bound if self.limit is None else min(self.bound, self.limit * self.denominator)
