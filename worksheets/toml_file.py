"""Read a TOML file of a teacher's: small, shallow, and with errors that name file and line."""

from __future__ import annotations

import reprlib
import tomllib
from codecs import BOM_UTF8
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from worksheets.errors import InputError
from worksheets.files import reason
from worksheets.language import told

LARGEST_FILE = 200_000  # bytes; tomllib takes up to a second for so many
MOST_DEPTH = 10  # brackets and dotted names within each other; no file here needs five
LARGEST_NUMBER, MOST_DIGITS = 10**15, 15
MOST_POINTS = 100  # in a line; tomllib takes the square of a name's parts, 16 s for 64 kB


def read_toml(path: Path, where: str, largest: int = LARGEST_FILE) -> dict[str, Any]:
    """Return what a TOML file says; numbers with a point are exact fractions.

    `where` names the file in errors.

    Raises:
        InputError: if it cannot be read, is too large or too deep, or is no TOML, naming the line.
    """
    return parsed(content_of(path, where, largest), where)


def content_of(path: Path, where: str, largest: int = LARGEST_FILE) -> bytes:
    """Return a TOML file's bytes.

    Raises:
        InputError: if it cannot be read, or is too large.
    """
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # a device may never end
            raise InputError(told("{where}: it is not an ordinary file", where=where))
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise InputError(f"{where}: {reason(error)}") from None
    except ValueError as error:  # a name that no file can have
        raise InputError(f"{where}: {error}") from None
    if len(content) > largest:
        raise InputError(
            told("{where}: more than {most:,} bytes; it needs far fewer", where=where, most=largest)
        )
    return content


def parsed(content: bytes, where: str) -> dict[str, Any]:
    """Return what a TOML file's content says, with the errors of `read_toml`."""
    content = content.removeprefix(BOM_UTF8)  # as some editors of Windows write it
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            told("{where}, line {line}: not UTF-8 text; save it as UTF-8", where=where, line=line)
        ) from None
    deep = told(
        "{where}: brackets or names with points within more than {most} others",
        where=where,
        most=MOST_DEPTH,
    )
    if any(line.count(".") > MOST_POINTS and line[0] != "#" for line in text.split("\n")):
        raise InputError(deep)
    try:
        data = tomllib.loads(text, parse_float=_exact)
    except RecursionError:
        raise InputError(deep) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(told("{where}: not TOML: {error}", where=where, error=error)) from None
    except ValueError as error:  # of a number that Python does not read
        said = str(error) if isinstance(error, _OutOfBoundsError) else _too_large()
        raise InputError(f"{where}: {said}") from None
    for depth, value in _values(data):
        if depth > MOST_DEPTH:
            raise InputError(deep)
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise InputError(f"{where}: {_too_large()}")
    return data


def _too_large() -> str:
    return told("a number with more than {most} digits", most=MOST_DIGITS)


class _OutOfBoundsError(ValueError):
    """Say of a number why it is not read."""


def _exact(text: str) -> Fraction:
    """Return a number with a point or an exponent, exactly.

    Raises:
        _OutOfBoundsError: if it is endless, or its digits are too many to be written.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:  # of an exponent with more than 18 digits
        raise _OutOfBoundsError(
            told("{text} is {what}", text=text[:30], what=_too_large())
        ) from None
    if not number.is_finite():
        raise _OutOfBoundsError(told("{text} is no number here", text=text))
    _, digits, exponent = number.as_tuple()
    if len(digits) > MOST_DIGITS or abs(int(exponent)) > MOST_DIGITS:
        raise _OutOfBoundsError(told("{text} is {what}", text=text[:30], what=_too_large()))
    return Fraction(number)


def shown(value: object) -> str:
    """Return a value as an error shows it, however large it is."""
    return str(float(value)) if isinstance(value, Fraction) else reprlib.repr(value)


def _values(data: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """Yield every value within others, with its depth: a deep one is looked at no deeper."""
    left: list[tuple[int, Any]] = [(1, data)]
    while left:
        depth, value = left.pop()
        yield depth, value
        if isinstance(value, dict):
            left += ((depth + 1, inner) for inner in value.values())
        elif isinstance(value, list):
            left += ((depth + 1, inner) for inner in value)
