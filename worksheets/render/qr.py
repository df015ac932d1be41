"""Encode a text as a QR code, in runs of dark modules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from worksheets.language import message
from worksheets.machine.barcode import dark

TITLE = message("QR code of this sheet’s ID")
QUIET = 4

Run = tuple[int, int]  # a dark run's start and end in the rows, which stand one after the other


def runs(text: str) -> tuple[int, Iterator[Run]]:
    """Return the modules along a side, without quiet ground, and the dark runs.

    Runs are counted through all rows, each of which a light module ends, so that none goes on in
    the next one: `place` says where one is. Error correction is of level M, which bears a coffee
    stain on 15 % of the code.
    """
    code = dark(text)
    modules = len(code)
    # A light module before them all as well: where a run starts is the first change's place.
    apart = np.zeros(1 + modules * (modules + 1), dtype=np.bool_)
    apart[1:].reshape(modules, modules + 1)[:, :modules] = code
    edges = iter(np.flatnonzero(apart[1:] != apart[:-1]).tolist())
    return modules, zip(edges, edges, strict=True)


def place(run: Run, modules: int) -> tuple[int, int, int]:
    """Return a run's x and y in modules, quiet ground counted, and its length."""
    start, end = run
    y, x = divmod(start, modules + 1)
    return x + QUIET, y + QUIET, end - start


def side(modules: int) -> int:
    """Return how long a side is, quiet ground counted."""
    return modules + 2 * QUIET
