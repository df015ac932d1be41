"""Draw by counter: every number is a pure function of (sheet, attempt, name, cell).

The mixing function is splitmix64's finaliser (Steele, Lea and Flood 2014).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from worksheets.engine.node import Array, Mask

Keys: TypeAlias = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
NOTHING: Mapping[str, Array] = {}


def _mixed(values: Keys) -> Keys:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def key_of(text: str) -> int:
    """Return a 64-bit key of a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True)
class Draws:
    """Hold one key a sheet; numbers are asked for by name, in any order.

    `keys` has shape (sheets,). `earlier` are the givens that another sheet has come to, by name, as
    numerators of shape (sheets, rows, columns), and its words' indices by their role, (sheets,).
    """

    keys: Keys
    earlier: Mapping[str, Array] = field(default_factory=dict)

    @staticmethod
    def of(texts: list[str], earlier: Mapping[str, Array] = NOTHING) -> Draws:
        """Return the draws of sheets that are told apart by these texts."""
        return Draws(np.array([key_of(text) for text in texts], dtype=np.uint64), earlier)

    def some(self, rows: Array) -> Draws:
        """Return the draws of the sheets of these rows."""
        return self._with(self.keys[rows], rows)

    def _with(self, keys: Keys, rows: Array) -> Draws:
        return Draws(keys, {name: values[rows] for name, values in self.earlier.items()})

    def attempt(self, stage: str, rows: Array, attempts: Array) -> Draws:
        """Return the draws of attempts at a stage: entry i is attempts[i] of sheet rows[i]."""
        salt = np.uint64(key_of(stage))
        keys = _mixed((self.keys[rows] ^ salt) + attempts.astype(np.uint64) * GOLDEN)
        return self._with(keys, rows)

    def bits(self, name: str, cells: int) -> Keys:
        """Draw 64 random bits a cell, shape (sheets, cells)."""
        salted = _mixed(self.keys ^ np.uint64(key_of(name)))
        # splitmix64 steps by GOLDEN; a cell's own counter replaces the stream.
        counters = np.arange(1, cells + 1, dtype=np.uint64) * GOLDEN
        return _mixed(salted[:, None] + counters[None, :])

    def below(self, name: str, bound: Array | int, cells: int = 1) -> Array:
        """Draw integers from 0 up to, not including, `bound`; shape (sheets, cells).

        Raises:
            OverflowError: if the bound needs more than 32 bits.
        """
        if isinstance(bound, int) and bound > 2**32:
            raise OverflowError(f"a draw below {bound} needs more than 32 bits")
        # (bits · bound) >> 32 scales 32 bits to the bound, without a division.
        high = self.bits(name, cells) >> np.uint64(32)
        return ((high * np.asarray(bound).astype(np.uint64)) >> np.uint64(32)).astype(np.int64)

    def integers(self, name: str, low: int, high: int, *shape: int) -> Array:
        """Draw integers from `low` to `high`, both included; shape (sheets, *shape)."""
        drawn = self.below(name, high - low + 1, prod(shape)) + low
        return drawn.reshape(len(self.keys), *shape)

    def one_of(self, name: str, values: tuple[int, ...], *shape: int) -> Array:
        """Draw entries of `values`; shape (sheets, *shape)."""
        return np.array(values, dtype=np.int64)[self.integers(name, 0, len(values) - 1, *shape)]

    def pick(self, name: str, allowed: Mask, cells: int = 1) -> tuple[Array, Mask]:
        """Draw allowed options of each sheet, each as likely as another; they may repeat.

        `allowed` has shape (sheets, options). Returns the options' indices, shape (sheets, cells),
        and whether there was any to pick.
        """
        width = allowed.shape[1]
        count = np.count_nonzero(allowed, axis=1)
        # All allowed options in one row, a sheet's own from `first` on.
        places = np.append(np.flatnonzero(allowed), 0)  # the 0 stands in where nothing is allowed
        first = np.cumsum(count) - count
        wanted = first[:, None] + self.below(name, np.maximum(count, 1)[:, None], cells)
        return places[wanted] % width, count > 0

    def pick_one(self, name: str, allowed: Mask) -> tuple[Array, Mask]:
        """Draw one allowed option of each sheet, (sheets,), and tell whether there was any."""
        options, found = self.pick(name, allowed)
        return options[:, 0], found

    def order(self, name: str, size: int) -> Array:
        """Draw a permutation of range(size) a sheet, shape (sheets, size)."""
        return self.bits(name, size).argsort(axis=1, kind="stable").astype(np.int64)
