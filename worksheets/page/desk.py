"""Answer what the page asks of Python: each question is a function, called by its name.

Arguments and answers are what JavaScript has as well: texts, numbers, lists, mappings and bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.errors import InputError
from worksheets.language import ENGLISH, speaking
from worksheets.page import classes, courses, learning, marks, single
from worksheets.page.talk import Answer, Asked, Question, Send, StoppedError

QUESTIONS: Mapping[str, Question] = {
    "sheet": single.sheet,
    "roster": classes.roster,
    "class_set": classes.class_set,
    "ladder": courses.ladder,
    "course": courses.course,
    "begin": learning.begin,
    "check": learning.check,
    "hint": learning.hint,
    "solved": learning.solved,
    "mark": marks.mark,
}


def answer(question: str, asked: Asked, send: Send) -> Answer:
    """Return the answer, or `error`: what was wrong with what was asked, and what helps.

    What is told meanwhile is in the language that whoever asks has `spoken`.
    """
    with speaking(asked.get("spoken") or ENGLISH):
        try:
            return QUESTIONS[question](asked, send)
        except InputError as error:
            return {"error": str(error), "remedy": error.remedy, "values": list(error.values)}
        except StoppedError:
            return {"stopped": True}
