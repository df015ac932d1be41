"""Put together what a teacher tells of a kind's level: texts of its catalogue, numbers of a key."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, prod

from worksheets import exercise
from worksheets.ids import Identity
from worksheets.language import say_in
from worksheets.lessons.slips import Slip, slips
from worksheets.lessons.worked import Worked, worked
from worksheets.minutes import STEP
from worksheets.numbers import numbers
from worksheets.render.autolayout.pages import narrative
from worksheets.render.speech import filled_in
from worksheets.render.texts import texts
from worksheets.sentences import Sentences
from worksheets.sheet import Sheet, make

# An estimate: a beginner calculates at half the speed of somebody who works with care, and takes a
# minute and a half a step to find out what it asks for.
SLOWER, MINUTES_A_STEP = 2, 1.5


@dataclass(frozen=True)
class Lesson:
    """Hold the lesson of a kind's level, in one language, with the numbers of the sheet `id`.

    `builds_on` are the titles of the kinds that come before it. `minutes` are those of careful
    work, as the sheet has them, `beginner` those of somebody who meets it for the first time.
    `mistakes` are those that the level has, `new_mistakes` the names of those that it adds.
    """

    kind: str
    level: int
    language: str
    id: str
    title: str
    summary: str
    source: str
    builds_on: tuple[str, ...]
    must_know: str
    asks: str
    learned: str
    cells: int
    minutes: int
    beginner: int
    story: str
    question: str
    answer: str
    worked: Worked | None
    mistakes: tuple[Slip, ...]
    new_mistakes: tuple[str, ...]


def lesson(identity: Identity) -> Lesson:
    """Return the lesson of an identity's kind and level, with its sheet's numbers and words."""
    (sheet,) = make([identity])
    kind, level, language = sheet.kind, identity.level, identity.language
    sentences, say, graph = Sentences(kind.name, language), say_in(language), sheet.graph
    said, shown = narrative(kind.name, level, language), texts(sheet)
    evaluation, _ = numbers([identity])
    mistakes = tuple(slips(sheet, evaluation))
    lower = [exercise.graph(kind.name, one) for one in kind.LEVELS if one < level]
    before = {say(name) for one in lower for name in one.slips}
    return Lesson(
        kind=kind.name,
        level=level,
        language=language,
        id=sheet.id,
        title=say(kind.TITLE),
        summary=sentences.summary,
        source=sentences.source,
        builds_on=tuple(say(exercise.find(name).TITLE) for name in kind.BUILDS_ON),
        must_know=sentences.must_know,
        asks=sentences.level(level),
        learned=sentences.learned(level),
        cells=sum(prod(line.node.shape) for line in graph.answers),
        minutes=sheet.minutes,
        beginner=beginners_minutes(sheet),
        story=filled_in(said.story, shown),
        question=filled_in(said.question, shown),
        answer=filled_in(said.answer, shown),
        worked=worked(sheet, evaluation),
        mistakes=mistakes,
        new_mistakes=tuple(slip.name for slip in mistakes if slip.name not in before),
    )


def beginners_minutes(sheet: Sheet) -> int:
    """Estimate the minutes of somebody who meets the method for the first time, in steps of 5."""
    steps = {line.step.number for line in sheet.graph.answers}
    taken = SLOWER * sheet.minutes + MINUTES_A_STEP * len(steps)
    return ceil(taken / STEP) * STEP
