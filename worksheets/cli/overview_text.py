"""Describe kinds and themes for a reader at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import worksheets as ws
from worksheets.ids import LANGUAGES


def overview_text() -> str:
    """Return kinds with their levels, themes with their words, and the languages."""
    texts = [*_kinds_text(ws.kinds()), "", *_themes_text(ws.themes())]
    return "\n".join([*texts, "", f"languages  {', '.join(LANGUAGES.values())}"])


def _kinds_text(kinds: Sequence[ws.KindSummary]) -> Iterator[str]:
    for kind in kinds:
        yield f"{kind.name}  {kind.title}: {kind.summary}"
        for level in kind.levels:
            yield f"  level {level.level}  {level.does}"
            variety = f"; at least {level.variety:,} sheets" if level.variety else ""
            yield (
                f"           {level.lines} answers in {level.cells} cells, "
                f"{level.effort} operations, some {level.minutes} minutes{variety}"
            )
        yield f"  editions: {', '.join(kind.editions)}"
        if earlier := kind.continues:
            levels = [str(level.level) for level in kind.levels if "continued" in level.editions]
            yield (
                f"  continued, at level {' and '.join(levels)}: {earlier.given} is what "
                f"{earlier.line} came to on the {earlier.kind} sheet of level {earlier.level} "
                "and the same number"
            )


def _themes_text(themes: Sequence[ws.ThemeSummary]) -> Iterator[str]:
    for heading, drawn in (("themes", True), ("themes by name alone", False)):
        yield heading
        for theme in themes:
            if theme.drawn == drawn:
                pair = f"{theme.losing} < {theme.winning}"
                yield f"  {theme.name:<8}  {pair:<17}  {theme.value}"
