"""Tell a course's story in five sentences: where it begins and ends, and what holds it together."""

from __future__ import annotations

from worksheets import exercise
from worksheets.course.plan import Course, Rung
from worksheets.ids import DRAWN_THEME
from worksheets.language import message, say_in
from worksheets.sentences import Sentences

WHOLE, ALONE = message("note: course whole"), message("note: course of one sheet")
BEGINS, ENDS = message("note: course begins"), message("note: course ends")
GOES_ON, APART = message("note: course goes on"), message("note: course apart")
WORDS, NUMBERS = message("note: course words"), message("note: course numbers")


def story(course: Course, language: str) -> list[str]:
    """Return the sentences, each of them true of these rungs; a course of one has but four."""
    say, rungs = say_in(language), course.rungs

    def about(sentence: str, rung: Rung) -> str:
        title = say(exercise.find(rung.kind).TITLE)
        return say(sentence).format(title=title, summary=Sentences(rung.kind, language).summary)

    several = len(rungs) > 1
    told = [say(WHOLE if several else ALONE).format(count=len(rungs)), about(BEGINS, rungs[0])]
    told += [about(ENDS, rungs[-1])] * several
    pairs = [
        say("{before} to {after}").format(before=rung.after, after=place)
        for place, rung in enumerate(rungs, 1)
        if rung.after
    ]
    told.append(say(GOES_ON).format(pairs=", ".join(pairs)) if pairs else say(APART))
    told.append(say(WORDS if _same_words(rungs) else NUMBERS))
    return told


def _same_words(rungs: tuple[Rung, ...]) -> bool:
    """Tell whether a student has the same words on every rung of several that have words."""
    themes = [
        (one.identity.theme, one.identity.own_theme)
        for one in rungs
        if exercise.find(one.kind).PHRASES
    ]
    return len(themes) > 1 and set(themes) == {(DRAWN_THEME, "")}
