"""Whose sheet an ID is: the manifest that a class set came with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from worksheets.errors import InputError

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Student:
    """A student of a class set, by their place in the roster."""

    place: int
    identifier: str
    name: str
    section: str


def read_register(path: Path) -> Mapping[str, Student]:
    """Students by their sheets' IDs, from a class set's folder or from its manifest.

    Raises:
        InputError: if it is no such manifest.
    """
    file = path / MANIFEST if path.is_dir() else path
    try:
        rows = json.loads(file.read_text("utf-8"))["students"]
        return {
            row["id"]: Student(place, row["student"], row["name"], row["section"])
            for place, row in enumerate(rows)
        }
    except OSError as error:
        raise InputError(
            f"class set {file}: {error.strerror}; right is the folder that `class` wrote, or the "
            f"{MANIFEST} in it"
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(f"class set {file}: it is no manifest of a class set") from None
