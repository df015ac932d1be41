"""Look up a kind's sentences: its catalogue has each by its subject, such as "goal: Attention"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worksheets.language import ENGLISH, say_in

SUMMARY, SOURCE, MUST_KNOW = "summary", "source", "must know"
LEVEL, LEARNED, GOAL, ADVICE = "level {}", "learned (level {})", "goal: {}", "advice: {}"
# A step's; where it needs another one at a level, the first is looked up before the second.
NOTES = ("note: {step} (level {level})", "note: {step}")
# What a sheet says beside its steps, the same way; a kind may have none of them.
STORY, QUESTION, ANSWER, PAY_OFF = BESIDE = ("story", "question", "model answer", "pay-off")
OF_LEVEL = ("{name} (level {level})", "{name}")


@dataclass(frozen=True)
class Sentences:
    """Look up a kind's sentences in a language; one that is yet to be written shows its id."""

    kind: str
    language: str = ENGLISH

    @property
    def summary(self) -> str:
        """Return what the kind is about."""
        return self._said(SUMMARY)

    @property
    def source(self) -> str:
        """Return the paper and its equation in one short line; empty where there is none yet."""
        return self._first([SOURCE])

    @property
    def must_know(self) -> str:
        """Return what one must know to begin, for a teacher; empty where it is not written yet."""
        return self._first([MUST_KNOW])

    def learned(self, level: int) -> str:
        """Return what is learned at a level, for a teacher; empty where it is not written yet."""
        return self._first([LEARNED.format(level)])

    def level(self, level: int) -> str:
        """Return what a level asks for."""
        return self._said(LEVEL.format(level))

    def goal(self, part: str) -> str:
        """Return what the part of this title is for, in one line."""
        return self._said(GOAL.format(part))

    def note(self, step: str, level: int) -> str:
        """Return what to do at the step of this title; empty where nothing has to be said."""
        return self._first(form.format(step=step, level=level) for form in NOTES)

    def beside(self, name: str, level: int) -> str:
        """Return a level's text of this name of `BESIDE`; empty where the kind has none."""
        return self._first(form.format(name=name, level=level) for form in OF_LEVEL)

    def advice(self, mistake: str) -> str:
        """Return what to do about the mistake of this name."""
        return self._said(ADVICE.format(mistake))

    def _first(self, names: Iterable[str]) -> str:
        """Return the first sentence that there is by one of these names; empty if none is."""
        return next((text for name in names if (text := self._said(name)) != name), "")

    def _said(self, name: str) -> str:
        return say_in(self.language, self.kind)(name)
