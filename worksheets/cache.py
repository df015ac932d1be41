"""Where what was once worked out is kept between runs."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from os import environ
from pathlib import Path


def cache_folder() -> Path:
    """What WORKSHEETS_CACHE says, or else a folder in the user's own for caches."""
    if own := environ.get("WORKSHEETS_CACHE"):
        return Path(own)
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rlhf-worksheets"


@cache
def program() -> str:
    """A hash of the whole program: what is worked out by another one may be something else."""
    found = sha256()
    package = Path(__file__).parent
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.po")]):
        found.update(str(path.relative_to(package)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
