"""Where what was once worked out is kept between runs."""

from __future__ import annotations

from os import environ
from pathlib import Path


def cache_folder() -> Path:
    """What WORKSHEETS_CACHE says, or else a folder in the user's own for caches."""
    if own := environ.get("WORKSHEETS_CACHE"):
        return Path(own)
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rlhf-worksheets"
