"""Where what was once worked out is kept between runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from zlib import crc32


def cache_folder() -> Path:
    """What WORKSHEETS_CACHE says, or else a folder in the user's own for caches."""
    if own := os.environ.get("WORKSHEETS_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rlhf-worksheets"


def keep(path: Path, content: bytes) -> None:
    """Keep a file whole, or where there is no place for it not at all."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        own = path.with_suffix(f".{os.getpid()}")
        own.write_bytes(content)
        own.replace(path)


def made_of(source: bytes, make: Callable[[bytes], bytes], folder: str) -> bytes:
    """What `make` makes of a source: made anew if it is not kept, or if the file is damaged."""
    path = cache_folder() / folder / f"{len(source)}-{crc32(source):08x}"
    with suppress(OSError):
        found = path.read_bytes()
        if found[:4] == _mark(found[4:]):
            return found[4:]
    content = make(source)
    keep(path, _mark(content) + content)
    return content


def _mark(content: bytes) -> bytes:
    """What tells damage; hashes would take longer to load than a catalogue to read."""
    return crc32(content).to_bytes(4)


@cache
def program() -> str:
    """A hash of the whole program: what is worked out by another one may be something else."""
    from hashlib import sha256

    found = sha256()
    package = Path(__file__).parent
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.po")]):
        found.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
