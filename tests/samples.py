"""The sheets of rlhf that its own tests look at: hundreds of every level and edition."""

from functools import cache

import every_kind
import plain_rlhf as plain
import pytest
from every_kind import values

from worksheets.sheet import Sheet, make

__all__ = ["FAMILIES", "LEVELS", "MANY", "keys", "many_keys", "sheets", "values"]
MANY = 300

LEVELS = pytest.mark.parametrize("level", [1, 2, 3])
FAMILIES = pytest.mark.parametrize(
    ("level", "edition"),
    [(level, edition) for level in (1, 2, 3) for edition in ("free", "published")],
)


def sheets(level: int, edition: str) -> list[Sheet]:
    return every_kind.sheets("rlhf", level, edition)


def keys(level: int, edition: str) -> list[plain.Key]:
    """As another program reads them."""
    return every_kind.keys("rlhf", level, edition)


@cache
def many_keys(level: int, edition: str) -> list[plain.Key]:
    """Those of the same sheets in every run, for what is true of most sheets, not of each."""
    some = [every_kind.identity("rlhf", level, number, edition) for number in range(MANY)]
    return [sheet.key() for sheet in make(some)]
