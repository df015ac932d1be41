"""The table of a document's objects, as a cross-reference stream."""

from __future__ import annotations

import numpy as np
from isal import isal_zlib
from numpy.typing import ArrayLike

from worksheets.stamp.objects import LEVEL


class Table:
    """Rows of a cross-reference stream, compressed as they come."""

    def __init__(self) -> None:
        self.packer = isal_zlib.compressobj(LEVEL)
        self.above = np.zeros((1, 8), dtype=np.uint8)
        self.packed: list[bytes] = []

    def add(self, kinds: ArrayLike, where: ArrayLike, index: ArrayLike, size: int) -> None:
        """Objects: 1 at a position of the file, 2 in an object stream at an index, or 0 for free.

        PNG's filter "up" stands before each row: what equals the row above becomes zeros.
        """
        rows = np.zeros((size, 8), dtype=np.uint8)
        rows[:, 0] = kinds
        rows[:, 1:6] = np.asarray(where, dtype=">u8").reshape(-1, 1).view(np.uint8)[:, 3:]
        rows[:, 6:] = np.asarray(index, dtype=">u2").reshape(-1, 1).view(np.uint8)
        both = np.concatenate([self.above, rows])
        filtered = np.full((size, 9), 2, dtype=np.uint8)
        filtered[:, 1:] = both[1:] - both[:-1]
        self.above = both[-1:]
        self.packed.append(self.packer.compress(filtered.tobytes()))

    def finish(self) -> bytes:
        """The stream's data."""
        return b"".join([*self.packed, self.packer.flush()])
