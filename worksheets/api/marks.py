"""Mark what was handed in, and write what comes of it.

Both start processes; in a program with threads, run them in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from worksheets.errors import InputError
from worksheets.language import told
from worksheets.vocabulary.theme import find

if TYPE_CHECKING:
    from worksheets.marking.marks import Marking
    from worksheets.marking.override import Override
    from worksheets.marking.platform_import import Import
    from worksheets.marking.scheme import Scheme


def mark(
    paths: Sequence[Path],
    *,
    register: Path | None = None,
    scheme: Path | Scheme | None = None,
    theme: str | None = None,
    fade: str = "",
    override: Path | Sequence[Override] = (),
    leave_out: Sequence[Path] = (),
    workers: int | None = None,
    turn: Callable[[Path | None], None] = lambda file: None,
) -> Marking:
    """Mark what students have handed in: PDF, XLSX, CSV and JSON files, and folders of them.

    `register` is the folder that a class set was written into: it names the students, and sets
    other sheets aside. `scheme` says how many points a step has, itself or as a TOML file. `theme`
    is the file of words of somebody's own; `fade` says what sheets that are in no class set showed
    already. `override` are a teacher's own decisions, themselves or as a CSV or TOML file: a cell's
    answer, a step's or all points, a comment, and who did a sheet. Folders to `leave_out`, such as
    that of the marks, may lie among what was handed in. `turn` is told which file's turn to be read
    it is, and at the end that it is none's.

    Raises:
        InputError: if a path does not exist, or nothing was handed in there, or if a scheme or an
            override is wrong.

    >>> sheet = ws.sheet("matmul")
    >>> answers = {"id": sheet.id, "cells": {"product.r1.c1": sheet.values["product"][0][0]}}
    >>> _ = Path("answers.json").write_text(json.dumps(answers))
    >>> marking = ws.mark([Path("answers.json")])
    >>> [(str(one.earned), one.counts["right"]) for one in marking.marked]
    [('1/9', 1)]
    """
    from worksheets.marking.override import read_overrides
    from worksheets.marking.reading import read
    from worksheets.marking.reading.limits import Limits
    from worksheets.marking.reading.one_file import FORMATS
    from worksheets.marking.register import Register, read_register
    from worksheets.marking.run import mark_all, refuse_unknown
    from worksheets.marking.scheme import Scheme, read_scheme
    from worksheets.workers.processes import cores

    if fade and register is not None:
        raise InputError(
            told("fade {fade!r}: the class set in {register} says it", fade=fade, register=register)
        )
    if fade:
        refuse_unknown(fade)
    points = read_scheme(scheme) if isinstance(scheme, Path) else scheme or Scheme()
    known = Register({}, "") if register is None else read_register(register)
    own_theme = None if theme is None else find(theme)
    besides = [*leave_out, *([register] if register else [])]
    limits = Limits(sheets=len(known.students)) if register is not None else Limits()
    handed_in = read(paths, limits, besides, turn)
    overrides = read_overrides(override) if isinstance(override, Path) else override
    marking = mark_all(
        handed_in, points, known.students, own_theme, workers or cores(), fade, overrides
    )
    if not marking.read:
        places = ", ".join(map(str, paths))
        raise InputError(
            told(
                "{places}: nothing was handed in there; {formats}, and folders of these",
                places=places,
                formats=told(FORMATS),
            )
        )
    against = (
        told("the class set in {register} is of {of}", register=register, of=known.of)
        if register
        else ""
    )
    return replace(marking, against=against)


def write_marks(
    marking: Marking,
    folder: Path,
    *,
    feedback: bool = True,
    paper: str = "a4",
    force: bool = False,
    gradebook: str = "",
    export: Path | None = None,
    item: str = "",
    tell: Callable[[str], object] = lambda note: None,
) -> list[str]:
    """Write feedback, gradebooks, the report and the record into a folder; return their names.

    What an earlier run wrote is replaced, unless somebody has changed it since. `feedback` are
    pages to hand back, one file a student. `gradebook` is canvas, moodle, brightspace or
    blackboard: a file that this platform imports is written as well, for the students of its own
    `export`; `item` is what the grade is called there, and `tell` is told of who is not found.

    Raises:
        InputError: if nothing could be marked, if a file is somebody else's or has been changed
            and `force` is not given, if one cannot be written, or if an export is not the
            platform's.

    >>> _ = Path("late.json").write_text(json.dumps({"id": ws.sheet("matmul").id, "cells": {}}))
    >>> ws.write_marks(ws.mark([Path("late.json")]), Path("marks"), feedback=False)
    ['marks.csv', 'marks.xlsx', 'report.html', 'report.pdf', 'marks.json']
    """
    from worksheets.marking import output

    more: dict[str, bytes] = {}
    folders: Mapping[str, str] = {}
    if gradebook and marking.marked:
        found = _gradebook(marking, gradebook, export, item)
        more[f"gradebook-{gradebook}.csv"] = found.content
        folders = found.folders
        for note in found.notes:
            tell(note)
    return output.write(
        marking, folder, feedback=feedback, paper=paper, force=force, more=more, folders=folders
    )


def _gradebook(marking: Marking, platform: str, export: Path | None, item: str) -> Import:
    """Return what a platform imports."""
    from worksheets.marking.platform_import import gradebook
    from worksheets.marking.platforms import PLATFORMS

    if platform not in PLATFORMS:
        raise InputError(
            told(
                "gradebook {platform!r} is unknown; right is one of {platforms}",
                platform=platform,
                platforms=", ".join(PLATFORMS),
            )
        )
    if export is None:
        raise InputError(
            told(
                "gradebook {platform}: it needs an export of the platform’s own gradebook",
                platform=platform,
            )
        )
    if not marking.against:
        raise InputError(
            told(
                "gradebook {platform}: it needs a class set, which knows the students",
                platform=platform,
            )
        )
    first = marking.marked[0]
    title = f"{first.sheet.kind.TITLE}, level {first.sheet.identity.level}"
    return gradebook(marking.marked, platform, export, item or title)
