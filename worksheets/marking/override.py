"""Read what a teacher decides by hand: a cell's answer, points, a comment, who did a sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from worksheets.errors import InputError
from worksheets.files import reason
from worksheets.marking.answer import read_number
from worksheets.marking.sanitise import tidy
from worksheets.tabular.decoding import decoded
from worksheets.tabular.delimited import check_width, records
from worksheets.tabular.row import shown
from worksheets.toml_file import read_toml

HEADINGS = ("id", "for", "answer", "points", "comment", "done by")
LARGEST_FILE, LONGEST = 2_000_000, 200
TABLE = "override"
HEAD_OF_TABLE = re.compile(rf"\s*\[\[\s*{TABLE}\s*\]\]")
ZIP = b"PK\x03\x04"  # how a workbook begins
RIGHT = f"right are the headings {', '.join(HEADINGS)}, of which all but id may be left out"


@dataclass(frozen=True)
class Override:
    """Hold one decision of a teacher's, as stated.

    `id` is a sheet's ID, or the identifier or the name of a student of the class set. `target` is
    what it is about: a cell such as "gap.r1.c1", "step 4", "questions", or nothing for the whole
    sheet. `answer` is what stands in a cell, "-" if it is blank; `done_by` says whose work the
    sheet is. `place` names the file and the row in errors.
    """

    id: str
    target: str = ""
    answer: str = ""
    points: Fraction | None = None
    comment: str = ""
    done_by: str = ""
    place: str = "override"


def read_overrides(path: Path) -> tuple[Override, ...]:
    """Read overrides from a CSV file, or from a TOML file with a table [[override]] for each.

    Raises:
        InputError: naming the file, the row and the value that is wrong, and what would be right.
    """
    rows = _of_toml(path) if path.suffix.casefold() == ".toml" else _of_csv(path)
    found = tuple(_override(place, row) for place, row in rows)
    if not found:
        raise InputError(f"override {path}: it says nothing; {RIGHT}")
    return found


def _of_csv(path: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield every row's place, and its cells by heading."""
    file = f"override {path}"
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(f"{file}: {reason(error)}") from None
    if len(content) > LARGEST_FILE:
        raise InputError(f"{file}: more than {LARGEST_FILE:,} bytes; it needs far fewer")
    if not content.strip():
        raise InputError(f"{file}: the file is empty; {RIGHT}")
    if content.startswith(ZIP):
        raise InputError(f"{file}: this is a workbook; save it as CSV")
    text = decoded(file, content)
    check_width(file, text)
    head, *rows = records(file, text, lambda name: _plain(name) in HEADINGS)
    headings = [_plain(str(cell)) for cell in head.cells]
    for name in headings:
        if name and (name not in HEADINGS or headings.count(name) > 1):
            what = "stands twice" if name in HEADINGS else "is unknown"
            raise InputError(f"{file}, {head.place}: the heading {shown(name)} {what}; {RIGHT}")
    if "id" not in headings:
        raise InputError(f"{file}, {head.place}: there is no heading “id”; {RIGHT}")
    for row in rows:
        place = f"{file}, {row.place}"
        if more := [str(cell) for cell in row.cells[len(headings) :] if str(cell).strip()]:
            raise InputError(f"{place}: {shown(more[0])} stands under no heading")
        yield place, dict(zip(headings, map(str, row.cells), strict=False))


def _of_toml(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every table's place, and its values by name."""
    file = f"override {path}"
    data = read_toml(path, file, LARGEST_FILE)
    tables = data.pop(TABLE, [])
    if data:
        raise InputError(f"{file}: {shown(min(data))} is unknown; right is [[{TABLE}]]")
    if not (isinstance(tables, list) and all(isinstance(one, dict) for one in tables)):
        raise InputError(f"{file}: {TABLE} is no list of tables; right is [[{TABLE}]] before each")
    lines = path.read_text("utf-8-sig").splitlines()
    starts = [number for number, line in enumerate(lines, 1) if HEAD_OF_TABLE.match(line)]
    for number, table in enumerate(tables):
        at = f"line {starts[number]}" if len(starts) == len(tables) else f"table {number + 1}"
        named = {_plain(name): value for name, value in table.items()}
        for name in named:
            if name not in HEADINGS:
                raise InputError(f"{file}, {at}: {shown(name)} is unknown; {RIGHT}")
        yield f"{file}, {at}", named


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())


def _override(place: str, row: Mapping[str, Any]) -> Override:
    """Return a row's decision, as far as it can be checked without its sheet."""
    texts = {name: _text(place, name, row.get(name)) for name in HEADINGS}
    if not texts["id"]:
        raise InputError(f"{place}: there is no id; right is a sheet’s ID, or a student’s")
    points = _points(place, row.get("points"), texts["points"])
    one = Override(
        texts["id"],
        texts["for"],
        texts["answer"],
        points,
        texts["comment"],
        texts["done by"],
        place,
    )
    if one == replace(Override(one.id, one.target), place=place):
        raise InputError(
            f"{place}: nothing is said of {shown(one.target or one.id)}; right is an answer, "
            "points, a comment, or who the sheet was done by"
        )
    return one


def _text(place: str, name: str, value: Any) -> str:
    """Return a value on one line."""
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        raise InputError(f"{place}: {name} is {shown(str(value))}; right is a text or a number")
    text = tidy(str(value)).strip()
    if len(text) > LONGEST:
        raise InputError(f"{place}: {name} has {len(text)} characters; right are up to {LONGEST}")
    return text


def _points(place: str, value: Any, text: str) -> Fraction | None:
    if not text:
        return None
    points = value if isinstance(value, int | Fraction) else read_number(text).value
    if points is None or points < 0:
        raise InputError(f"{place}: points is {shown(text)}; right is a number from 0 on")
    return Fraction(points)
