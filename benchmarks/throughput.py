"""Sheets a second, drawn, computed and written as keys, in batches of 1,000 on one core."""

from __future__ import annotations

from functools import partial
from itertools import count

from benchmarks.measure import medians, table, two_digits
from worksheets.ids import Identity
from worksheets.sheet import make

LEVELS = (1, 2, 3)
BATCH, ROUNDS = 1000, 5


def report() -> dict[int, float]:
    """Print and return the sheets a second of each level of the free edition."""
    number = count(0, BATCH)  # no batch twice: nothing is remembered from one to the next

    def keys(level: int, edition: str) -> None:
        start = next(number)
        sheets = make([Identity("RLHF", level, start + n, edition) for n in range(BATCH)])
        for sheet in sheets:
            sheet.key()

    works = {
        f"{level} {edition}": partial(keys, level, edition)
        for level in LEVELS
        for edition in ("free", "published")
    }
    medians(works, 1)  # load and trace first
    rates = {name: BATCH / time for name, time in medians(works, ROUNDS).items()}
    slowest = rates["3 free"]
    table(
        f"Sheets drawn with their keys, in batches of {BATCH:,}",
        ("level and edition", "sheets a second", "level 3 free = 1"),
        ([name, two_digits(rate), f"{rate / slowest:.1f}"] for name, rate in rates.items()),
    )
    return {level: rates[f"{level} free"] for level in LEVELS}
