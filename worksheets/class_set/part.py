"""Finished chunks as files, from which an interrupted run goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from worksheets.class_set.chunk import Chunk, Done, Fact, work
from worksheets.stamp.sheets import Piece

KEYS, BLANKS, SOLVED = range(3)


def made(chunks: Sequence[Chunk]) -> list[tuple[bytes, dict[str, bytes]]]:
    """Do some chunks: each one's part, and the single files, which go where they belong."""
    return [(_packed(done), done.singles) for done in work(chunks)]


def _packed(done: Done) -> bytes:
    """A line of what the papers say, one of where everything is, then keys, blanks and solved."""
    digests = {name: sha256(content).hexdigest() for name, content in done.singles.items()}
    said = {"facts": [astuple(fact) for fact in done.facts], "digests": digests}
    bodies = done.keys, done.blanks.data, done.solved.data
    starts = (), done.blanks.starts, done.solved.starts
    places = {"sizes": [len(body) for body in bodies], "starts": starts}
    return b"\n".join([orjson.dumps(said), orjson.dumps(places), b"".join(bodies)])


def summary(path: Path) -> tuple[list[Fact], dict[str, str]]:
    """A chunk's facts, and the digests of its single files."""
    with path.open("rb") as file:
        said = orjson.loads(file.readline())
    facts = [
        Fact(sheet, minutes, effort, (digests[0], digests[1]), tuple(checkpoints))
        for sheet, minutes, effort, digests, checkpoints in said["facts"]
    ]
    return facts, said["digests"]


def keys(path: Path) -> bytes:
    """A chunk's keys."""
    with _opened(path, KEYS) as (file, places):
        return file.read(places["sizes"][KEYS])


def piece(path: Path, which: int) -> Piece:
    """A chunk's BLANKS or SOLVED sheets."""
    with _opened(path, which) as (file, places):
        return Piece(file.read(places["sizes"][which]), tuple(places["starts"][which]))


@contextmanager
def _opened(path: Path, which: int) -> Iterator[tuple[BinaryIO, dict[str, Any]]]:
    with path.open("rb") as file:
        file.readline()
        places = orjson.loads(file.readline())
        file.seek(sum(places["sizes"][:which]), 1)
        yield file, places
