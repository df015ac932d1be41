"""Finished chunks as files, from which an interrupted run goes on."""

from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path
from typing import Any

from worksheets.class_set.chunk import Done, Fact
from worksheets.files import write_all
from worksheets.stamp.sheets import Piece


def save(path: Path, done: Done) -> None:
    """Write a chunk but its single files, which have gone where they belong."""
    pieces, keys = [*done.blanks, *done.solved], done.keys.encode()
    head = {
        "facts": [astuple(fact) for fact in done.facts],
        "pieces": [[len(piece.data), *piece.starts] for piece in pieces],
        "keys": len(keys),
        "digests": done.digests,
    }
    data = json.dumps(head, ensure_ascii=False).encode() + b"\n"
    body = b"".join([data, keys, *(piece.data for piece in pieces)])
    write_all(path.parent, {path.name: body}, force=True)


def load(path: Path) -> Done:
    """Read a chunk again."""
    line, _, body = path.read_bytes().partition(b"\n")
    head = json.loads(line)
    pieces, at = [], head["keys"]
    for length, *starts in head["pieces"]:
        pieces.append(Piece(body[at : at + length], tuple(starts)))
        at += length
    half = len(pieces) // 2
    keys = body[: head["keys"]].decode()
    blanks, solved = tuple(pieces[:half]), tuple(pieces[half:])
    return Done(_facts(head), keys, blanks, solved, {}, head["digests"])


def summary(path: Path) -> tuple[tuple[Fact, ...], dict[str, str]]:
    """A chunk's facts, and the digests of its single files."""
    with path.open("rb") as file:
        head = json.loads(file.readline())
    return _facts(head), head["digests"]


def _facts(head: dict[str, Any]) -> tuple[Fact, ...]:
    return tuple(
        Fact(sheet, minutes, effort, (digests[0], digests[1]), tuple(checkpoints))
        for sheet, minutes, effort, digests, checkpoints in head["facts"]
    )
