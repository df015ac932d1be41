"""Every kind, level and edition for the tests that all of them have to pass, and their sheets."""

import json
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest
import whole_run

from worksheets.exercise import all_kinds, editions, find
from worksheets.ids import Identity
from worksheets.sheet import Sheet, make

NUMBERS = whole_run.numbers()
KINDS = pytest.mark.parametrize("kind", all_kinds())


def family(name: str, level: int, *edition: str) -> pytest.ParameterSet:
    """A level of a kind. The fast tests see the highest ones, which hold most of the others."""
    highest = level == max(find(name).LEVELS) and edition in ((), ("free",))
    marks = () if highest else pytest.mark.slow
    return pytest.param(
        name, level, *edition, id=" ".join((name, str(level), *edition)), marks=marks
    )


def highest(name: str, level: int) -> pytest.ParameterSet:
    """A level of a kind. Only a sweep sees those below the highest, whose pages hold theirs."""
    marks = () if level == max(find(name).LEVELS) else pytest.mark.sweep
    return pytest.param(name, level, id=f"{name} {level}", marks=marks)


def level_now(name: str) -> int:
    """The level of a kind whose pages a run looks at, where laying them out takes long."""
    levels = find(name).LEVELS
    return levels[(whole_run.seed() + list(all_kinds()).index(name)) % len(levels)]


def in_turn(name: str, level: int) -> pytest.ParameterSet:
    """A level of a kind, of which a run sees one and a sweep all."""
    marks = pytest.mark.slow if level == level_now(name) else pytest.mark.sweep
    return pytest.param(name, level, id=f"{name} {level}", marks=marks)


IN_TURN = pytest.mark.parametrize(
    ("kind", "level"),
    [in_turn(name, level) for name, kind in all_kinds().items() for level in kind.LEVELS],
)
LEVELS = pytest.mark.parametrize(
    ("kind", "level"),
    [family(name, level) for name, kind in all_kinds().items() for level in kind.LEVELS],
)
HIGHEST = pytest.mark.parametrize(
    ("kind", "level"),
    [highest(name, level) for name, kind in all_kinds().items() for level in kind.LEVELS],
)
FAMILIES = pytest.mark.parametrize(
    ("kind", "level", "edition"),
    [
        family(name, level, edition)
        for name, kind in all_kinds().items()
        for level in kind.LEVELS
        for edition in editions(kind, level)
    ],
)


def plain(kind: str) -> ModuleType:
    """The kind's second implementation.

    It has `recompute(key)`, every answer from the givens alone as a key writes it, and may have
    `constants(key)`, `violations(key)` (every guarantee that the sheet breaks) and `effort(key)`.
    """
    name = f"plain_{kind}"
    assert find_spec(name), f"{kind} lacks its second, plain implementation: tests/{name}.py"
    return import_module(name)


def identity(kind: str, level: int, number: int, edition: str = "free") -> Identity:
    return Identity(find(kind).CODE, level, number, edition)


@cache
def sheets(kind: str, level: int, edition: str) -> list[Sheet]:
    """This run's sheets."""
    return make([identity(kind, level, number, edition) for number in NUMBERS])


@cache
def keys(kind: str, level: int, edition: str) -> list[dict[str, Any]]:
    """As another program reads them."""
    return [json.loads(json.dumps(sheet.key())) for sheet in sheets(kind, level, edition)]


@cache
def recomputed(kind: str, level: int, edition: str) -> list[dict[str, list[list[str]]]]:
    """Every answer of these sheets by the plain implementation."""
    recompute = plain(kind).recompute
    return [recompute(key) for key in keys(kind, level, edition)]


def values(key: dict[str, Any], role: str) -> dict[str, list[list[str]]]:
    """The lines of this role, by name."""
    return {line["name"]: line["values"] for line in key["lines"] if line["role"] == role}
