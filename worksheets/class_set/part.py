"""Finished chunks as files, from which an interrupted run goes on."""

from __future__ import annotations

import json
from dataclasses import astuple
from pathlib import Path

from worksheets.class_set.chunk import Done, Fact
from worksheets.files import write_all
from worksheets.stamp.document import Piece


def save(path: Path, done: Done) -> None:
    """Write a chunk's facts and pieces; its single files have gone where they belong."""
    pieces = [*done.blanks, *done.solved]
    head = {
        "facts": [astuple(fact) for fact in done.facts],
        "pieces": [[len(piece.data), *piece.starts] for piece in pieces],
        "digests": done.digests,
    }
    data = json.dumps(head, ensure_ascii=False).encode() + b"\n"
    write_all(path.parent, {path.name: b"".join([data, *(p.data for p in pieces)])}, force=True)


def load(path: Path) -> Done:
    """Read a chunk again."""
    head, _, body = path.read_bytes().partition(b"\n")
    found = json.loads(head)
    pieces, at = [], 0
    for length, *starts in found["pieces"]:
        pieces.append(Piece(body[at : at + length], tuple(starts)))
        at += length
    half = len(pieces) // 2
    return Done(
        tuple(_fact(one) for one in found["facts"]),
        tuple(pieces[:half]),
        tuple(pieces[half:]),
        {},
        found["digests"],
    )


def facts(path: Path) -> tuple[Fact, ...]:
    """A chunk's facts alone, without the keys, which are long."""
    with path.open("rb") as file:
        found = json.loads(file.readline())
    return tuple(_fact([*one[:-1], ""]) for one in found["facts"])


def _fact(fields: list[object]) -> Fact:
    sheet, minutes, effort, digests, checkpoints, key = fields
    return Fact(sheet, minutes, effort, tuple(digests), tuple(checkpoints), key)  # type: ignore[arg-type]
