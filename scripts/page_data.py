"""What the page shows before Python is up: the ladder of kinds, and its texts in each language."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from layouts import LOOKS, specification

import worksheets as ws
from worksheets import exercise, overview
from worksheets.ladder import rungs
from worksheets.language import say_in
from worksheets.layouts.store import packaged_name
from worksheets.page.texts import TEXTS
from worksheets.render.ladder import picture
from worksheets.sentences import Sentences
from worksheets.views.page import PAPERS
from worksheets.vocabulary.theme import RANDOM_THEMES, built_in


def ladder(language: str, chosen: Collection[str], layouts: Collection[str]) -> bytes:
    """Return the kinds in their order, each with its box in the picture, levels and looks."""
    kinds = {one.name: one for one in overview.kinds()}
    drawn = picture(chosen, language)
    boxes = {box.kind: box for box in drawn.boxes}
    say = say_in(language)
    made = [
        {
            "name": name,
            "title": say(kinds[name].title),
            "summary": Sentences(name, language).summary,
            "box": [boxes[name].x, boxes[name].y],
            "lines": boxes[name].lines,
            "words": bool(exercise.find(name).PHRASES),
            "builds_on": list(exercise.find(name).BUILDS_ON),
            "by_sympy": not exercise.find(name).LAW_OF_ARRAYS,
            "levels": [
                {
                    "level": one.level,
                    "does": Sentences(name, language).level(one.level),
                    "minutes": one.minutes,
                    "cells": one.cells,
                    "looks": (shown := looks(name, one.level, language, layouts)),
                    "sample": sample(name, one.level, language).id if _usual(shown) else "",
                }
                for one in kinds[name].levels
            ],
        }
        for name in rungs()
        if name in chosen
    ]
    themes = [
        {"name": one.name, "title": one.title, "drawn": one.name in RANDOM_THEMES}
        for one in built_in(language).values()
    ]
    size = [drawn.width, drawn.height, drawn.form.width, drawn.form.height, drawn.size]
    return dumped({"kinds": made, "size": size, "arrows": drawn.arrows, "themes": themes})


def samples(chosen: Collection[str], language: str, layouts: Collection[str]) -> Iterator[ws.Sheet]:
    """Yield each level's first sheet, which the page shows before Python is up."""
    for kind in chosen:
        for level in exercise.find(kind).LEVELS:
            if _usual(looks(kind, level, language, layouts)):
                yield sample(kind, level, language)


def sample(kind: str, level: int, language: str) -> ws.Sheet:
    """Return the first sheet of a level."""
    return ws.sheet(kind, level=level, number=1, language=language)


def _usual(shown: Mapping[str, Collection[str]]) -> bool:
    """Tell whether there is the page that is chosen at first."""
    return PAPERS[0] in shown.get("", ())


def looks(kind: str, level: int, language: str, layouts: Collection[str]) -> dict[str, list[str]]:
    """Return the looks that the layouts have, each with its papers."""
    found: dict[str, list[str]] = {}
    for look in LOOKS:
        for paper in PAPERS:
            one = specification(kind, level, paper, language, look=look)
            if all(packaged_name(each.decided()) in layouts for each in one.both()):
                found.setdefault(look, []).append(paper)
    return found


def spoken(language: str) -> bytes:
    """Return the page's texts in a language, by their English."""
    say = say_in(language, "page")
    return dumped({text: say(text) for text in TEXTS})


def dumped(value: Any) -> bytes:
    """Return a value as JSON."""
    return json.dumps(value, ensure_ascii=False).encode()
