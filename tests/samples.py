"""The sheets of rlhf that its own tests look at: hundreds of every level and edition."""

import every_kind
import plain_rlhf as plain
import pytest
from every_kind import SHEETS, values

from worksheets.sheet import Sheet

__all__ = ["FAMILIES", "LEVELS", "SHEETS", "keys", "sheets", "values"]

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
