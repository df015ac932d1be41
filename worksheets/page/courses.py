"""Read ladders of sheets that the page is given, and make courses of them."""

from __future__ import annotations

import tomllib
from contextlib import chdir

import worksheets as ws
from worksheets.page.archive import send_folder
from worksheets.page.classes import SETS, files_of, new_secret, new_secret_of, students_of
from worksheets.page.talk import HOME, Answer, Asked, Send, placed, progress_to

LADDER = HOME / "ladder"
NAME = "ladder.toml"


def ladder(asked: Asked, send: Send) -> Answer:
    """Return the title and rungs of a `ladder`, the content of a TOML file, as they stand there.

    Each rung has its `level` even where the file leaves it out.
    """
    found = _read(asked)
    rungs = tomllib.loads(asked["ladder"])["rung"]
    levels = [one.level for one in found.rungs]
    return {
        "title": found.title,
        "rungs": [{**one, "level": level} for one, level in zip(rungs, levels, strict=True)],
    }


def course(asked: Asked, send: Send) -> Answer:
    """Make a class set a rung, send all files as parts of one archive, and return certificates.

    What is asked for is what a class set is asked by, and the `ladder` in place of the sheet.
    """
    notes: list[str] = []
    students, found = students_of(asked, notes), _read(asked)
    secret, new = new_secret_of(asked)
    code = ws.order(found.rungs[0].kind, students, set_name=asked["set"]).code
    folder = SETS / f"{code}-course"
    made = ws.course(
        found,
        students,
        folder,
        set_name=asked["set"],
        secret=secret,
        force=True,
        progress=progress_to(send, len(students) * len(found.rungs)),
        tell=notes.append,
        **files_of(asked),
    )
    send_folder(folder, send)
    texts = [f"{name}\n\n{one.text}" for name, one in made.items()]
    answer = {
        "certificate": "\n\n".join(texts),
        "sheets": sum(one.sheets for one in made.values()),
        "notes": list(dict.fromkeys(notes)),
        "name": folder.name,
    }
    return answer | new_secret(secret, new)


def _read(asked: Asked) -> ws.Course:
    (name,) = placed(LADDER, {NAME: asked["ladder"].encode()})
    with chdir(LADDER):
        return ws.read_course(name, asked["language"])
