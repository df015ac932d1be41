"""Answer what the page asks of Python: each question is a function, called by its name.

Arguments and answers are what JavaScript has as well: texts, numbers, lists, mappings and bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worksheets.errors import InputError
from worksheets.page import classes, single
from worksheets.page.talk import Answer, Asked, Question, Send, StoppedError

QUESTIONS: Mapping[str, Question] = {
    "sheet": single.sheet,
    "roster": classes.roster,
    "class_set": classes.class_set,
}


def answer(question: str, asked: Asked, send: Send) -> Answer:
    """Return the answer, or `error`: what was wrong with what was asked, and what helps."""
    try:
        return QUESTIONS[question](asked, send)
    except InputError as error:
        return {"error": str(error), "remedy": error.remedy, "values": list(error.values)}
    except StoppedError:
        return {"stopped": True}


def plain(value: Any) -> Any:
    """Return a value without tuples and sets, which JavaScript lacks."""
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return value
