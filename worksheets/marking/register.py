"""Read the manifest of a class set: it says whose sheet an ID is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worksheets import exercise
from worksheets.errors import InputError
from worksheets.language import told
from worksheets.views.faded import shown_already

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Register:
    """Hold students by their sheets' IDs, and the set they are of: kind, level and code."""

    students: Mapping[str, RegisteredStudent]
    of: str


@dataclass(frozen=True)
class RegisteredStudent:
    """Hold a student of a class set, by their place in the roster.

    `fade` names the answers that their sheet showed already.
    """

    place: int
    identifier: str
    name: str
    section: str
    fade: str = ""
    email: str = ""


def read_register(path: Path) -> Register:
    """Read a register from a class set's folder or from its manifest.

    Raises:
        InputError: if it is no such manifest.
    """
    file = path / MANIFEST if path.is_dir() else path
    _refuse_course(path)
    try:
        manifest = json.loads(file.read_text("utf-8"))
        fade = manifest.get("fade") or ""
        if fade:
            shown_already(exercise.graph(manifest["kind"], manifest["level"]), fade)
        students = {
            row["id"]: RegisteredStudent(
                place, row["student"], row["name"], row["section"], fade, row.get("email", "")
            )
            for place, row in enumerate(manifest["students"])
        }
        return Register(students, _of(manifest, fade))
    except InputError as error:
        raise error.at(told("class set {file}", file=file)) from None
    except OSError as error:
        raise InputError(
            told(
                "class set {file}: {reason}; right is the folder that `class` wrote, or the "
                "{manifest} in it",
                file=file,
                reason=error.strerror,
                manifest=MANIFEST,
            )
        ) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise InputError(
            told("class set {file}: it is no manifest of a class set", file=file)
        ) from None


def _refuse_course(path: Path) -> None:
    """Refuse a course's folder: it holds a class set for each rung, and is none itself."""
    rungs = sorted(one.parent for one in path.glob(f"*/{MANIFEST}"))
    if rungs and not (path / MANIFEST).exists():
        raise InputError(
            told(
                "class set {path}: it is the folder of a course; right is that of one of its class "
                "sets: {folders}",
                path=path,
                folders=", ".join(map(str, rungs)),
            )
        )


def _of(manifest: Mapping[str, Any], fade: str) -> str:
    faded = told(", faded as {fade!r}", fade=fade) if fade else ""
    return told(
        "{kind}, level {level}, code {code}{faded}",
        kind=manifest["kind"],
        level=manifest["level"],
        code=manifest["code"],
        faded=faded,
    )
