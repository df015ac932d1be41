"""Write the table of a document's objects, as a cross-reference stream."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROW = 8
UP = 2  # PNG's filter, which stands before each row: what equals the row above becomes zeros
FREE, PLACED, INSIDE = 0, 1, 2
NEVER = 65_535  # the generation of a number that is not used again
Rows = NDArray[np.uint8]


class Table:
    """Compress the rows of a cross-reference stream as they come.

    Each row says where an object is: PLACED at a position of the file, or INSIDE an object stream
    at an index.
    """

    def __init__(self) -> None:
        self.packed = [b"\x78\xda"]
        self.check = 1
        self.above = _rows(FREE, 0, 0)

    def add(self, kind: int, where: ArrayLike, index: ArrayLike) -> None:
        """Add some objects of one kind."""
        rows = _rows(kind, where, index).reshape(-1, ROW)
        data = _filtered(rows, self.above.reshape(1, ROW)).tobytes()
        self.above = rows[-1] if len(rows) else self.above
        self.packed.append(_deflated(data))
        self.check = zlib.adler32(data, self.check)

    def add_sheets(
        self, starts: NDArray[np.uint64], bases: NDArray[np.int64], inside: int, unused: int
    ) -> None:
        """Add sheets with these first numbers, some of whose objects start at these positions.

        Then each has objects inside of the object stream that is its first object, and some unused
        numbers. All but the first rows of either is the same for every sheet, and compressed once.
        """
        if not len(bases):
            return
        bases = bases.reshape(-1, 1)
        free = _rows(FREE, 0, NEVER).reshape(1, ROW)
        lasts = _rows(INSIDE, bases, inside - 1)
        ends = np.broadcast_to(free, lasts.shape) if unused else lasts
        before = np.concatenate([self.above.reshape(1, 1, ROW), ends[:-1]])
        firsts = np.concatenate([_rows(PLACED, starts, 0), _rows(INSIDE, bases, 0)], axis=1)
        following = _rows(INSIDE, 0, np.arange(inside))
        blocks = [_filtered(firsts, before), _filtered(following[1:], following[:1])]
        if unused:
            zeros = np.broadcast_to(free, (unused, ROW))
            blocks += [_filtered(np.broadcast_to(free, lasts.shape), lasts)]
            blocks += [_filtered(zeros[1:], zeros[:1])]
        self.above = ends[-1, -1]
        self._put([block.reshape(len(block), -1) if block.ndim > 2 else block for block in blocks])

    def _put(self, blocks: list[Rows]) -> None:
        """Put blocks that differ from sheet to sheet, each followed by one that does not."""
        each, same = blocks[::2], [block.tobytes() for block in blocks[1::2]]
        packed = [_deflated(block) for block in same]
        for sheet in range(len(each[0])):
            for block, rest, short in zip(each, same, packed, strict=True):
                data = block[sheet].tobytes()
                size = len(data).to_bytes(2, "little")
                stored = b"\x00" + size + bytes(255 - byte for byte in size)
                self.packed += (stored, data, short)
                self.check = zlib.adler32(rest, zlib.adler32(data, self.check))

    def finish(self) -> bytes:
        """Return the stream's data."""
        packer = zlib.compressobj(wbits=-15)
        return b"".join([*self.packed, packer.flush(), self.check.to_bytes(4, "big")])


def _rows(kind: int, where: ArrayLike, index: ArrayLike) -> Rows:
    at, index = np.broadcast_arrays(where, index)
    rows = np.empty((*at.shape, ROW), dtype=np.uint8)
    rows[..., 0] = kind
    rows[..., 1:6] = at.astype(">u8")[..., None].view(np.uint8)[..., 3:]
    rows[..., 6:] = index.astype(">u2")[..., None].view(np.uint8)
    return rows


def _filtered(rows: Rows, before: Rows) -> Rows:
    """Return rows less those above them, the first of which is given."""
    every = np.concatenate([before, rows], axis=-2)
    filtered = np.full((*rows.shape[:-1], ROW + 1), UP, dtype=np.uint8)
    filtered[..., 1:] = every[..., 1:, :] - every[..., :-1, :]
    return filtered


def _deflated(data: bytes) -> bytes:
    """Compress data so that anything may follow."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)
