"""Whose sheet an ID is: the manifest that a class set came with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worksheets import exercise
from worksheets.errors import InputError
from worksheets.render.faded import shown_already

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Student:
    """A student of a class set, by their place in the roster.

    `fade` says which answers their sheet showed already.
    """

    place: int
    identifier: str
    name: str
    section: str
    fade: str = ""


def read_register(path: Path) -> Mapping[str, Student]:
    """Students by their sheets' IDs, from a class set's folder or from its manifest.

    Raises:
        InputError: if it is no such manifest.
    """
    file = path / MANIFEST if path.is_dir() else path
    try:
        manifest = json.loads(file.read_text("utf-8"))
        fade = manifest.get("fade") or ""
        if fade:
            shown_already(exercise.graph(manifest["kind"], manifest["level"]), fade)
        return {
            row["id"]: Student(place, row["student"], row["name"], row["section"], fade)
            for place, row in enumerate(manifest["students"])
        }
    except InputError as error:
        raise InputError(f"class set {file}: {error}") from None
    except OSError as error:
        raise InputError(
            f"class set {file}: {error.strerror}; right is the folder that `class` wrote, or the "
            f"{MANIFEST} in it"
        ) from None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise InputError(f"class set {file}: it is no manifest of a class set") from None
