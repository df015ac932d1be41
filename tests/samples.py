"""The sheets that the sweeps look at: hundreds of every level and edition, made once."""

import json
from functools import cache

import plain_rlhf as plain
import pytest

from worksheets.ids import Identity
from worksheets.sheet import Sheet, make

SHEETS = 300
LEVELS = pytest.mark.parametrize("level", [1, 2, 3])
FAMILIES = pytest.mark.parametrize(
    ("level", "edition"),
    [(level, edition) for level in (1, 2, 3) for edition in ("free", "published")],
)


@cache
def sheets(level: int, edition: str) -> list[Sheet]:
    return make([Identity("RLHF", level, number, edition) for number in range(SHEETS)])


@cache
def keys(level: int, edition: str) -> list[plain.Key]:
    """As another program reads them."""
    return [json.loads(json.dumps(sheet.key())) for sheet in sheets(level, edition)]


def values(key: plain.Key, role: str) -> dict[str, list[list[str]]]:
    """The lines of this role, by name."""
    return {line["name"]: line["values"] for line in key["lines"] if line["role"] == role}
