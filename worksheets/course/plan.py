"""Read a teacher's ladder file: a title and its rungs, each a kind at a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from worksheets import exercise
from worksheets.class_set.assign import rung_name, set_code
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.language import ENGLISH, to_tell, told
from worksheets.numbers import continued
from worksheets.selection import numbered
from worksheets.toml_file import read_toml, shown
from worksheets.views.faded import FADES, left_to_do, shown_already
from worksheets.vocabulary.theme import Theme

LONGEST_TITLE, MOST_RUNGS = 60, 30
KEYS, RUNG_KEYS = ("title", "rung"), ("kind", "level", "edition", "fade", "theme")
EXAMPLE = to_tell('title = "…" and, for each sheet, [[rung]] with kind = "matmul" and level = 1')


@dataclass(frozen=True)
class Rung:
    """Hold a class set of the course: any sheet's identity, and the words if they are a file's.

    `fade` names the answers that its sheets show already. Who works a kind once with these and once
    alone has other numbers then: those of a set's code with this `ending`, whatever rungs there are
    before and after it. `after` is the place,
    from 1 on, of the rung with whose results this one goes on, if it does: a sheet's ID names the
    one of the same number as its own, so that both have the same ending.
    """

    kind: str
    level: int
    identity: Identity
    own_theme: Theme | None
    fade: str = ""
    ending: str = ""
    after: int | None = None

    @property
    def of(self) -> tuple[str, int, str]:
        """Return what decides these sheets' numbers, for one set's code and one student."""
        return self.kind, self.level, self.identity.edition

    def folder(self, place: int, of: int) -> str:
        """Return its folder's name, by which the rungs sort."""
        fade = f"-{self.fade}" if self.fade else ""
        return f"{place:0{len(str(of))}}-{self.kind}-{self.level}{fade}"

    def set_name(self, course: str) -> str:
        """Return its set's code in a course with this one.

        Raises:
            InputError: if it is none.
        """
        name = rung_name(course, self.ending)
        set_code(name)
        return name


@dataclass(frozen=True)
class Course:
    """Hold a title, and the rungs in the order in which they are worked."""

    title: str
    rungs: tuple[Rung, ...]


def read_course(path: Path, language: str = ENGLISH) -> Course:
    """Read a course from a TOML file, its sheets in this language.

    Raises:
        InputError: naming the file and what is wrong in it.
    """
    where = told("course {path}", path=path)
    data = read_toml(path, where)
    _refuse_others(where, data, KEYS)
    title, rungs = data.get("title"), data.get("rung")
    if not isinstance(title, str) or not title.strip() or not title.isprintable():
        raise InputError(
            told(
                "course {path}: it needs a title in quotes: {example}",
                path=path,
                example=told(EXAMPLE),
            )
        )
    if len(title) > LONGEST_TITLE:
        raise InputError(
            told(
                "course {path}, title: {length} characters, at most {longest} fit",
                path=path,
                length=len(title),
                longest=LONGEST_TITLE,
            )
        )
    if not isinstance(rungs, list) or not 1 <= len(rungs) <= MOST_RUNGS:
        raise InputError(
            told(
                "course {path}: it needs 1 to {most} rungs: {example}",
                path=path,
                most=MOST_RUNGS,
                example=told(EXAMPLE),
            )
        )
    found: list[Rung] = []
    for place, data_of_rung in enumerate(rungs, 1):
        where = told("course {path}, rung {place}", path=path, place=place)
        found.append(_in_turn(where, _rung(where, data_of_rung, language), found))
    return Course(title.strip(), tuple(found))


def _in_turn(where: str, rung: Rung, before: Sequence[Rung]) -> Rung:
    """Return the rung with the ending and the earlier rung that it has after these ones.

    Raises:
        InputError: if it would be the same sheets as one of them, or lacks the one it goes on with.
    """
    after = _goes_on_with(where, rung, before)
    alike = {place: one for place, one in enumerate(before, 1) if one.of == rung.of}
    for place, one in alike.items():
        if after and one.after == after:
            raise InputError(
                told(
                    "{where}: {kind}, continued, is rung {place} already; there is one sheet "
                    "that goes on with a student's own, however it is faded",
                    where=where,
                    kind=rung.kind,
                    place=place,
                )
            )
        if not after and one.fade == rung.fade:
            raise InputError(
                told(
                    "{where}: {kind} at level {level} is rung {place} already, and would "
                    "be the same sheets; with another fade it would be other ones",
                    where=where,
                    kind=rung.kind,
                    level=rung.level,
                    place=place,
                )
            )
    if after:
        return replace(rung, after=after, ending=before[after - 1].ending)
    return replace(rung, ending=rung.fade)


def _goes_on_with(where: str, rung: Rung, before: Sequence[Rung]) -> int | None:
    """Return the place of the last rung that asks for what a continued sheet is given."""
    if not (continues := continued(rung.identity)):
        return None
    of = continues.kind, continues.level, "free"
    places = [place for place, one in enumerate(before, 1) if one.of == of]
    if not places:
        raise InputError(
            told(
                "{where}: {kind}, continued, goes on with {earlier} at level "
                "{level}, which is no rung before it",
                where=where,
                kind=rung.kind,
                earlier=continues.kind,
                level=continues.level,
            )
        )
    asking = [place for place in places if _asks(before[place - 1], continues.line)]
    if not asking:
        shown = told(" and ").join(
            told("rung {place} ({fade})", place=place, fade=before[place - 1].fade)
            for place in places
        )
        raise InputError(
            told(
                "{where}: {kind}, continued, goes on with the {line} of "
                "{earlier} at level {level}, none of which is left to do on {shown}; "
                "before this rung, put {earlier} at level {level} with no fade",
                where=where,
                kind=rung.kind,
                line=continues.line,
                earlier=continues.kind,
                level=continues.level,
                shown=shown,
            )
        )
    return asking[-1]


def _asks(rung: Rung, line: str) -> bool:
    """Tell whether a cell of this answer is left to do."""
    graph = exercise.graph(rung.kind, rung.level)
    return any(cells for answer, cells in left_to_do(graph, rung.fade) if answer.name == line)


def _rung(where: str, data: Any, language: str) -> Rung:
    if not isinstance(data, dict):
        raise InputError(
            told("{where}: it is no table; write {example}", where=where, example=told(EXAMPLE))
        )
    _refuse_others(where, data, RUNG_KEYS)
    kind, level, theme = data.get("kind"), data.get("level"), data.get("theme")
    edition, fade = data.get("edition"), data.get("fade", "")
    if not isinstance(kind, str):
        raise InputError(
            told(
                "{where}: kinds are {kinds}, not {kind}",
                where=where,
                kinds=", ".join(exercise.all_kinds()),
                kind=shown(kind),
            )
        )
    if level is not None and (not isinstance(level, int) or isinstance(level, bool)):
        raise InputError(
            told("{where}: level is a whole number, not {level}", where=where, level=shown(level))
        )
    if edition is not None and not isinstance(edition, str):
        raise InputError(
            told(
                "{where}: edition is a name in quotes, not {edition}",
                where=where,
                edition=shown(edition),
            )
        )
    if not isinstance(fade, str):
        raise InputError(
            told(
                "{where}: fade is a name in quotes, such as {names}, not {fade}",
                where=where,
                names=told(" or ").join(map(repr, FADES)),
                fade=shown(fade),
            )
        )
    if theme is not None and not isinstance(theme, str):
        raise InputError(
            told(
                "{where}: theme is a name or a file in quotes, not {theme}",
                where=where,
                theme=shown(theme),
            )
        )
    try:
        (identity, *_), own = numbered(kind, level, None, None, edition, theme, language)
        shown_already(exercise.graph(kind, identity.level), fade)  # refuses what is none
    except InputError as error:
        raise error.at(where) from None
    return Rung(kind, identity.level, identity, own, fade)


def _refuse_others(where: str, data: dict[str, Any], keys: tuple[str, ...]) -> None:
    if unknown := [key for key in data if key not in keys]:
        raise InputError(
            told(
                "{where}: unknown key {unknown!r}; keys are {keys}",
                where=where,
                unknown=unknown[0],
                keys=", ".join(keys),
            )
        )
