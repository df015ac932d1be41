"""Read JSON of cells: an object, a list of objects, or one after another, each a submission."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.marking.reading.draft import Draft
from worksheets.marking.seal import is_sealed
from worksheets.tabular.row import shown

RIGHT = to_tell(
    'right is {"id": "RLHF-...", "student": "...", "cells": {"gap.r1.c1": "2"}}, '
    'or "lines": [{"name": "gap", "values": [["2"]]}] in place of "cells"'
)
# What a key has besides, which programs write and nobody hands in.
OF_A_KEY = {"kind", "level", "edition", "words"}
BLANK = re.compile(r"\s*")
# A sheet has some 300 cells in 40 lines; a file of 4 MB that holds {} 1,333,333 times takes 866 MB
# once it is parsed, and 60 MB if it is only counted.
MOST_VALUES, MOST_OBJECTS = 3_000, 200


def object_drafts(source: str, text: str, most: int) -> list[Draft]:
    """Return the submissions in a JSON text.

    Raises:
        InputError: if it is no JSON, holds something else than objects, or far more than so many
            sheets need.
    """
    for sign, what, each in (
        ("{", to_tell("objects"), MOST_OBJECTS),
        (",", to_tell("values"), MOST_VALUES),
    ):
        if (count := text.count(sign)) > each * most:
            raise InputError(
                told(
                    "it holds some {count:,} {what}; {most:,} sheets, a class's, have at most "
                    "{each:,}",
                    count=count,
                    what=told(what),
                    most=most,
                    each=each * most,
                )
            )
    found = list(_objects(text))
    if len(found) == 1 and isinstance(found[0], list):
        found = found[0]
    if not found:
        raise InputError(told("the list is empty; {right}", right=told(RIGHT)))
    if len(found) == 1:
        return [_draft(source, found[0])]
    return [
        _draft(told("{source}, object {place}", source=source, place=place), one)
        for place, one in enumerate(found, 1)
    ]


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON values that stand one after another, numbers as they are written."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_distinct, parse_int=str, parse_float=str, parse_constant=str
    )
    text = text.removeprefix("\ufeff")
    at = _next(text, 0)
    while at < len(text):
        try:
            one, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise InputError(
                told(
                    "line {line}, column {column}: this is no JSON: {reason}; {right}",
                    line=error.lineno,
                    column=error.colno,
                    reason=error.msg,
                    right=told(RIGHT),
                )
            ) from None
        except RecursionError:
            raise InputError(
                told("the JSON is nested too deeply; {right}", right=told(RIGHT))
            ) from None
        yield one
        at = _next(text, at)


def _next(text: str, at: int) -> int:
    found = BLANK.match(text, at)
    return found.end() if found else at


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; refuse one in which a name stands twice with different values."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if found.setdefault(name, value) != value:
            raise InputError(
                told("{name} stands twice in an object, with different values", name=shown(name))
            )
    return found


def _draft(source: str, one: Any) -> Draft:
    draft = Draft(source)
    try:
        if not isinstance(one, dict):
            raise InputError(
                told("{one} is no object; {right}", one=_shown(one), right=told(RIGHT))
            )
        if one.keys() >= OF_A_KEY:
            raise InputError(told("this is the key of a sheet, not what somebody handed in"))
        draft.id = _text("id", one.get("id"))
        draft.student = _text("student", one.get("student"))
        draft.fade = _text("fade", one.get("fade"))
        draft.questions = _text("questions", one.get("questions"))
        draft.note = _text("note", one.get("note"))
        draft.taken_as_right = _names(one.get("taken_as_right", []))
        draft.sealed = is_sealed(one)
        if "cells" in one:
            _cells(draft, one["cells"])
        elif "lines" in one:
            _lines(draft, one["lines"])
        else:
            raise InputError(
                told('there are neither "cells" nor "lines"; {right}', right=told(RIGHT))
            )
    except InputError as error:
        draft.fault = str(error)
    return draft


def _cells(draft: Draft, cells: Any) -> None:
    if not isinstance(cells, dict):
        raise InputError(told('"cells" is no object; {right}', right=told(RIGHT)))
    for name, value in cells.items():
        draft.add(name, _cell_text(name, value))


def _lines(draft: Draft, lines: Any) -> None:
    if not isinstance(lines, list):
        raise InputError(told('"lines" is no list; {right}', right=told(RIGHT)))
    for place, line in enumerate(lines, 1):
        if not (isinstance(line, dict) and {"name", "values"} <= line.keys()):
            raise InputError(
                told(
                    '"lines", number {place}: it has no "name" or no "values"; {right}',
                    place=place,
                    right=told(RIGHT),
                )
            )
        name, rows = _text('"name"', line["name"]), line["values"]
        if not (isinstance(rows, list) and all(isinstance(row, list) for row in rows)):
            raise InputError(
                told(
                    "line {name}: its values are no list of rows; {right}",
                    name=shown(name),
                    right=told(RIGHT),
                )
            )
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                cell = f"{name}.r{row}.c{column}"
                draft.add(cell, _cell_text(cell, value))


def _names(names: Any) -> list[str]:
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise InputError(told('"taken_as_right" is no list of lines’ names'))
    return names


def _cell_text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    return _text(told("cell {name}", name=shown(name)), value)


def _text(what: str, value: Any) -> str:
    """Return a value as it is written: a text or a number; null is blank."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(
            told("{what}: {value} is neither a text nor a number", what=what, value=_shown(value))
        )
    return value


def _shown(value: Any) -> str:
    """Return a value for a message, whatever its size."""
    kinds = {bool: told("true or false"), list: told("a list"), dict: told("an object")}
    return kinds.get(type(value)) or shown(str(value))
