"""Summarise kinds, their levels and how much work each is, and the themes."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from statistics import median_low

from worksheets import exercise
from worksheets.ids import Identity
from worksheets.minutes import minutes
from worksheets.sentences import Sentences
from worksheets.sheet import make
from worksheets.vocabulary.theme import RANDOM_THEMES, built_in

SAMPLE = 50


@dataclass(frozen=True)
class LevelSummary:
    """Hold a level: `effort` in operations, `minutes` of care, `variety` in distinct sheets."""

    level: int
    does: str
    editions: tuple[str, ...]
    lines: int
    cells: int
    effort: int
    minutes: int
    variety: int | None


@dataclass(frozen=True)
class Continued:
    """Name the given of the edition "continued", and the line of another sheet that it is."""

    given: str
    kind: str
    level: int
    line: str


@dataclass(frozen=True)
class KindSummary:
    """Hold a kind of sheet: its name, the code that starts its IDs, and its levels."""

    name: str
    code: str
    title: str
    summary: str
    editions: tuple[str, ...]
    continues: Continued | None
    levels: tuple[LevelSummary, ...]


@dataclass(frozen=True)
class ThemeSummary:
    """Hold a theme's words and what they are about; `drawn` if numbers draw it by themselves."""

    name: str
    title: str
    bias: str
    value: str
    link: str
    subjects: tuple[str, ...]
    losing: str
    winning: str
    question: str
    answers: tuple[str, ...]
    sentence: tuple[str, ...]
    next_words: tuple[str, ...]
    drawn: bool


def kinds() -> tuple[KindSummary, ...]:
    """Return every kind with what each of its levels asks for."""
    return tuple(_kind(name, kind) for name, kind in exercise.all_kinds().items())


def themes() -> tuple[ThemeSummary, ...]:
    """Return the themes that come along, in English: those that numbers draw come first."""
    return tuple(
        ThemeSummary(
            name=theme.name,
            title=theme.title,
            bias=theme.bias,
            value=theme.value,
            link=theme.link,
            subjects=theme.subjects,
            losing=theme.losing,
            winning=theme.winning,
            question=theme.question,
            answers=theme.answers,
            sentence=theme.sentence,
            next_words=theme.next_words,
            drawn=theme.name in RANDOM_THEMES,
        )
        for theme in built_in().values()
    )


def _kind(name: str, kind: exercise.Kind) -> KindSummary:
    continues = kind.CONTINUES
    return KindSummary(
        name=name,
        code=kind.CODE,
        title=kind.TITLE,
        summary=Sentences(name).summary,
        editions=tuple(kind.EDITIONS) + ("continued",) * (continues is not None),
        continues=(
            Continued(continues.given, continues.kind, continues.level, continues.line)
            if continues
            else None
        ),
        levels=tuple(_level(name, kind, level) for level in kind.LEVELS),
    )


def _level(name: str, kind: exercise.Kind, level: int) -> LevelSummary:
    graph = exercise.graph(name, level)
    shapes = [line.node.shape for line in graph.answers]
    effort = _usual_effort(kind, level)
    return LevelSummary(
        level=level,
        does=Sentences(name).level(level),
        editions=tuple(exercise.editions(kind, level)),
        lines=len(shapes),
        cells=sum(map(prod, shapes)),
        effort=effort,
        minutes=minutes(name, level, graph, effort),
        variety=kind.VARIETY.get(level),
    )


def _usual_effort(kind: exercise.Kind, level: int) -> int:
    """Return what the kind declares, near which each sheet lies, or else the median of some."""
    if level in kind.EFFORT:
        return kind.EFFORT[level]
    sheets = make([Identity(kind.CODE, level, number) for number in range(SAMPLE)])
    return median_low(sheet.effort for sheet in sheets)
