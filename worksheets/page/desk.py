"""Answer what the page asks of Python: each question is a function here, called by its name.

Arguments and answers are what JavaScript has as well: texts, numbers, lists, mappings and bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import worksheets as ws
from worksheets.errors import InputError

Answer = dict[str, Any]


def sheet(asked: Mapping[str, Any]) -> Answer:
    """Return a sheet's ID and words, and its files by name, the blank one first.

    It is asked for by `id`, or by `kind`, `level`, `number`, `language`, and a `theme` or none.
    """
    if asked.get("id"):
        made = ws.from_id(asked["id"])
    else:
        made = ws.sheet(
            asked["kind"],
            level=asked["level"],
            number=asked["number"],
            theme=asked.get("theme") or None,
            language=asked["language"],
        )
    files = ws.files(made, {"pdf"}, page_of(asked))
    return {
        "id": made.id,
        "kind": made.kind.name,
        "level": made.identity.level,
        "number": made.identity.number,
        "language": made.identity.language,
        "minutes": made.minutes,
        "files": files,
    }


def key(asked: Mapping[str, Any]) -> Answer:
    """Return the key of the sheet with this `id`, for a test."""
    return ws.from_id(asked["id"]).key()


def page_of(asked: Mapping[str, Any]) -> ws.Page:
    """Return the page that is asked for."""
    return ws.Page(
        paper=asked.get("paper", "a4"),
        large_print=bool(asked.get("large_print")),
        fade=asked.get("fade") or "",
    )


QUESTIONS: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {"sheet": sheet, "key": key}


def answer(question: str, asked: Mapping[str, Any]) -> Answer:
    """Return the answer, or `error`: what was wrong with what was asked, and what helps."""
    try:
        return QUESTIONS[question](asked)
    except InputError as error:
        return {"error": str(error), "remedy": error.remedy, "values": list(error.values)}
