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
from worksheets.language import ENGLISH
from worksheets.numbers import continued
from worksheets.selection import numbered
from worksheets.toml_file import read_toml, shown
from worksheets.views.faded import FADES, left_to_do, shown_already
from worksheets.vocabulary.theme import Theme

LONGEST_TITLE, MOST_RUNGS = 60, 30
KEYS, RUNG_KEYS = ("title", "rung"), ("kind", "level", "edition", "fade", "theme")
NAMES = " or ".join(map(repr, FADES))
EXAMPLE = 'title = "…" and, for each sheet, [[rung]] with kind = "matmul" and level = 1'


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
    data = read_toml(path, f"course {path}")
    _refuse_others(f"course {path}", data, KEYS)
    title, rungs = data.get("title"), data.get("rung")
    if not isinstance(title, str) or not title.strip() or not title.isprintable():
        raise InputError(f"course {path}: it needs a title in quotes: {EXAMPLE}")
    if len(title) > LONGEST_TITLE:
        raise InputError(
            f"course {path}, title: {len(title)} characters, at most {LONGEST_TITLE} fit"
        )
    if not isinstance(rungs, list) or not 1 <= len(rungs) <= MOST_RUNGS:
        raise InputError(f"course {path}: it needs 1 to {MOST_RUNGS} rungs: {EXAMPLE}")
    found: list[Rung] = []
    for place, data_of_rung in enumerate(rungs, 1):
        where = f"course {path}, rung {place}"
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
                f"{where}: {rung.kind}, continued, is rung {place} already; there is one sheet "
                "that goes on with a student's own, however it is faded"
            )
        if not after and one.fade == rung.fade:
            raise InputError(
                f"{where}: {rung.kind} at level {rung.level} is rung {place} already, and would "
                "be the same sheets; with another fade it would be other ones"
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
            f"{where}: {rung.kind}, continued, goes on with {continues.kind} at level "
            f"{continues.level}, which is no rung before it"
        )
    asking = [place for place in places if _asks(before[place - 1], continues.line)]
    if not asking:
        shown = " and ".join(f"rung {place} ({before[place - 1].fade})" for place in places)
        raise InputError(
            f"{where}: {rung.kind}, continued, goes on with the {continues.line} of "
            f"{continues.kind} at level {continues.level}, none of which is left to do on {shown}; "
            f"before this rung, put {continues.kind} at level {continues.level} with no fade"
        )
    return asking[-1]


def _asks(rung: Rung, line: str) -> bool:
    """Tell whether a cell of this answer is left to do."""
    graph = exercise.graph(rung.kind, rung.level)
    return any(cells for answer, cells in left_to_do(graph, rung.fade) if answer.name == line)


def _rung(where: str, data: Any, language: str) -> Rung:
    if not isinstance(data, dict):
        raise InputError(f"{where}: it is no table; write {EXAMPLE}")
    _refuse_others(where, data, RUNG_KEYS)
    kind, level, theme = data.get("kind"), data.get("level"), data.get("theme")
    edition, fade = data.get("edition"), data.get("fade", "")
    if not isinstance(kind, str):
        raise InputError(f"{where}: kinds are {', '.join(exercise.all_kinds())}, not {shown(kind)}")
    if level is not None and (not isinstance(level, int) or isinstance(level, bool)):
        raise InputError(f"{where}: level is a whole number, not {shown(level)}")
    if edition is not None and not isinstance(edition, str):
        raise InputError(f"{where}: edition is a name in quotes, not {shown(edition)}")
    if not isinstance(fade, str):
        raise InputError(f"{where}: fade is a name in quotes, such as {NAMES}, not {shown(fade)}")
    if theme is not None and not isinstance(theme, str):
        raise InputError(f"{where}: theme is a name or a file in quotes, not {shown(theme)}")
    try:
        (identity, *_), own = numbered(kind, level, None, None, edition, theme, language)
        shown_already(exercise.graph(kind, identity.level), fade)  # refuses what is none
    except InputError as error:
        raise error.at(where) from None
    return Rung(kind, identity.level, identity, own, fade)


def _refuse_others(where: str, data: dict[str, Any], keys: tuple[str, ...]) -> None:
    if unknown := [key for key in data if key not in keys]:
        raise InputError(f"{where}: unknown key {unknown[0]!r}; keys are {', '.join(keys)}")
