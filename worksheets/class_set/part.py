"""Write finished chunks as files, from which an interrupted run goes on.

Whatever folder they stand in, they are believed only with this user's seal: a hash of all that is
in them, by a key that nobody else has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import file_digest, sha256
from hmac import compare_digest, digest
from pathlib import Path
from typing import Any, BinaryIO

from worksheets.class_set.chunk import Chunk, Done, Fact, work
from worksheets.files import prepare, write_all
from worksheets.machine.compact_json import dumps, loads
from worksheets.stamp.sheets import SheetBlock

KEYS, BLANKS, SOLVED = range(3)
SEAL = 32  # bytes that a part begins with: SHA-256, keyed


def written(chunks: Sequence[Chunk], paths: Sequence[Path], folder: Path, key: bytes) -> None:
    """Do some chunks where the disk is, and write each as soon as it is done."""
    for done, path in zip(work(chunks), paths, strict=True):
        write(path, _packed(done), folder, done.singles, key)


def made(chunks: Sequence[Chunk]) -> list[tuple[bytes, dict[str, bytes]]]:
    """Do some chunks on another machine: each one's part, and its single files."""
    return [(_packed(done), done.singles) for done in work(chunks)]


def write(path: Path, data: bytes, folder: Path, singles: Mapping[str, bytes], key: bytes) -> None:
    """Write a part with its seal, once its single files stand in their folder."""
    if singles:
        for name in {name.partition("/")[0] for name in singles}:
            prepare(folder / name)
        write_all(folder, singles, force=True, staging=path.parent)
    sealed = _seal(path, data, key) + data
    write_all(path.parent, {path.name: sealed}, force=True, durable=True)


def is_whole(path: Path, key: bytes) -> bool:
    """Tell whether a part is as it was written, and written under this name."""
    data = path.read_bytes()
    return compare_digest(data[:SEAL], _seal(path, data[SEAL:], key))


def is_done(path: Path, folder: Path) -> bool:
    """Tell whether a part's single files, which somebody may have moved away, are what it says."""
    return all(digest_of(folder / name) == said for name, said in summary(path)[1].items())


def digest_of(path: Path) -> str:
    """Return a file's SHA-256, or nothing if there is no such file."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError):
        return ""


def _seal(path: Path, data: bytes, key: bytes) -> bytes:
    return digest(key, path.name.encode() + b"\0" + data, "sha256")


def _packed(done: Done) -> bytes:
    """Write a line of what the papers say, one of where all is, then keys, blanks and solved."""
    digests = {name: sha256(content).hexdigest() for name, content in done.singles.items()}
    said = {"facts": [_plain(fact) for fact in done.facts], "digests": digests}
    bodies = done.keys, done.blanks.data, done.solved.data
    starts = (), done.blanks.starts, done.solved.starts
    places = {"sizes": [len(body) for body in bodies], "starts": starts}
    return b"\n".join([dumps(said), dumps(places), b"".join(bodies)])


def _plain(fact: Fact) -> tuple[Any, ...]:
    """Return a fact's fields, in order."""
    return fact.id, fact.minutes, fact.effort, fact.digests, fact.checkpoints


def summary(path: Path) -> tuple[list[Fact], dict[str, str]]:
    """Read a chunk's facts, and the digests of its single files."""
    with path.open("rb") as file:
        file.seek(SEAL)
        said = loads(file.readline())
    facts = [
        Fact(sheet, minutes, effort, (digests[0], digests[1]), tuple(checkpoints))
        for sheet, minutes, effort, digests, checkpoints in said["facts"]
    ]
    return facts, said["digests"]


def facts(paths: Iterable[Path]) -> Iterator[Fact]:
    """Yield the facts of some chunks, one after the other."""
    return (fact for path in paths for fact in summary(path)[0])


def keys(path: Path) -> bytes:
    """Read a chunk's keys."""
    with _opened(path, KEYS) as (file, places):
        return file.read(places["sizes"][KEYS])


def block(path: Path, which: int) -> SheetBlock:
    """Read a chunk's BLANKS or SOLVED sheets."""
    with _opened(path, which) as (file, places):
        return SheetBlock(file.read(places["sizes"][which]), tuple(places["starts"][which]))


@contextmanager
def _opened(path: Path, which: int) -> Iterator[tuple[BinaryIO, dict[str, Any]]]:
    with path.open("rb") as file:
        file.seek(SEAL)
        file.readline()
        places = loads(file.readline())
        file.seek(sum(places["sizes"][:which]), 1)
        yield file, places
