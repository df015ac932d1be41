"""Raise what is wrong with a value that was read from a kept layout, else return it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

FARTHEST = 1e6  # pixels
NAME = re.compile(r"\w+")
REFERENCE = re.compile(r"\{(\d+)\} 0 R")


class DamagedError(ValueError):
    """A kept layout that is none: it is made anew."""


@contextmanager
def damage() -> Iterator[None]:
    """Raise a DamagedError for whatever data of another shape make their reader raise."""
    try:
        yield
    except (LookupError, TypeError, ValueError, zlib.error, RecursionError) as error:
        raise DamagedError(str(error) or type(error).__name__) from None


def text_of(value: object) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise DamagedError(f"{value!r} is no text")
    return value


def truth(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise DamagedError(f"{value!r} is neither true nor false")
    return value


def whole(value: object) -> int:
    """Return a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise DamagedError(f"{value!r} is no whole number")
    return value


def count(value: object) -> int:
    """Return a whole number from 0 on."""
    number = whole(value)
    if number < 0:
        raise DamagedError(f"{number} is negative")
    return number


def number(value: object) -> float:
    """Return a place or a length on a page."""
    return numbers([value])[0]


def numbers(values: Sequence[Any]) -> Sequence[float]:
    """Return places or lengths on a page; 10,000 take 0.7 ms together, 6 one by one."""
    right = all(-FARTHEST < value < FARTHEST for value in values)  # which NaN is not
    if not right or not set(map(type, values)) <= {int, float}:
        raise DamagedError(f"{values!r:.60} are no numbers of a page")
    return values


def below(value: object, some: Sequence[object]) -> int:
    """Return a number that counts from 0 in a sequence."""
    place = count(value)
    if place >= len(some):
        raise DamagedError(f"{place} is not below {len(some)}")
    return place


def one_of(value: object, some: Iterable[str]) -> str:
    """Return a text that is one of these."""
    text = text_of(value)
    if text not in some:
        raise DamagedError(f"{text!r} is none of {', '.join(some)}")
    return text


def like(pattern: re.Pattern[str], value: object) -> str:
    """Return a text that the pattern matches as a whole."""
    text = text_of(value)
    if not pattern.fullmatch(text):
        raise DamagedError(f"{text!r} is not as it should be")
    return text


def bytes_of(value: object) -> bytes:
    """Return the bytes of PDF that a text stands for."""
    return text_of(value).encode("latin-1")


def referring(value: object, objects: Sequence[object]) -> str:
    """Return a PDF object's text, whose references are to some of these objects."""
    text = text_of(value)
    for place in REFERENCE.findall(text):
        below(int(place), objects)
    return text
