"""Read the class lists that the page is given, and make class sets of them."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path
from typing import Any

import worksheets as ws
from worksheets.page.archive import send_folder
from worksheets.page.single import page_of
from worksheets.page.talk import HOME, Answer, Asked, Send, placed, progress_to

LIST, SETS, SECRETS = HOME / "list", HOME / "sets", HOME / "secrets"
KEPT_APART = "exam.secret"
SHOWN = 8  # students of a list


def roster(asked: Asked, send: Send) -> Answer:
    """Return how many students a list has, the first of them, and what was decided in reading it.

    `name` and `content` are the file's, `columns` says what its headings do not.
    """
    notes: list[str] = []
    students = students_of(asked, notes)
    return {
        "count": len(students),
        "students": [[one.identifier, one.name, one.section, one.row] for one in students[:SHOWN]],
        "notes": notes,
    }


def class_set(asked: Asked, send: Send) -> Answer:
    """Make a class set, send its files as parts of one archive, and return its certificate.

    `secret` is nothing, "new", or a secret's content; a new one is sent apart, under `secret`.
    """
    notes: list[str] = []
    students = students_of(asked, notes)
    secret, new = new_secret_of(asked)
    order = ws.order(
        asked["kind"],
        students,
        set_name=asked["set"],
        level=asked["level"],
        theme=asked.get("theme") or None,
        language=asked["language"],
        secret=secret,
        **files_of(asked),
    )
    folder = SETS / f"{order.code}-{asked['kind']}-{asked['level']}"
    progress = progress_to(send, len(students))
    made = ws.class_set(order, folder, force=True, progress=progress, tell=notes.append)
    send_folder(folder, send)
    answer = {"certificate": made.text, "sheets": made.sheets, "notes": notes, "name": folder.name}
    return answer | new_secret(secret, new)


def files_of(asked: Asked) -> dict[str, Any]:
    """Return how files are to look and which there shall be, as class sets and courses take it."""
    return {
        "page": page_of(asked),
        "covers": bool(asked.get("covers")),
        "formats": asked.get("formats", ()),
        "roster": asked["name"],
        "proved": bool(asked.get("proved")),
    }


def new_secret(secret: Path | None, new: bool) -> Answer:
    """Return the part of an answer that hands a new secret out; none if there is none."""
    return {"secret": secret.read_bytes()} if secret is not None and new else {}


def students_of(asked: Asked, notes: list[str]) -> list[ws.Student]:
    """Return the students of the list that is given, and note what was decided in reading it.

    Raises:
        InputError: if it cannot be read as a list of students.
    """
    (name,) = placed(LIST, {asked["name"]: asked["content"]})
    with chdir(LIST):
        return ws.read_roster(name, asked.get("columns", {}), notes.append)


def new_secret_of(asked: Asked) -> tuple[Path | None, bool]:
    """Return the file of the secret that is asked for, and whether it is new."""
    given = asked.get("secret")
    if not given:
        return None, False
    if given == "new":
        SECRETS.mkdir(parents=True, exist_ok=True)
        return SECRETS / KEPT_APART, True
    return placed_secret(given), False


def placed_secret(content: bytes) -> Path:
    """Write a secret that was given where it can be read, and return its path."""
    (name,) = placed(SECRETS / "given", {KEPT_APART: content})
    return SECRETS / "given" / name
