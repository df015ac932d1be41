"""Write a kind's lesson as a page of the site, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from worksheets.lessons.lesson import Lesson
from worksheets.render.page import template
from worksheets.render.speech import speech

SIGNS = re.compile(r"([\\`*_{}\[\]<>|#~$^])")
STARTS = re.compile(r"^([-+])")  # what would begin a list


def markdown(lessons: Sequence[Lesson], pictures: Mapping[int, Sequence[str]]) -> str:
    """Return the page of a kind's lessons, a level each, in one language.

    `pictures` are the files of a level's blank pages, as the page names them; some have none.
    """
    language = lessons[0].language
    text = template("lesson.md.jinja").render(
        **speech(language), lessons=lessons, pictures=pictures, literal=literal
    )
    return re.sub(r"\n{3,}", "\n\n", text)


def literal(text: str) -> str:
    """Return a text as Markdown shows it to the letter."""
    return STARTS.sub(r"\\\1", SIGNS.sub(r"\\\1", text))
