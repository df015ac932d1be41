"""The seal on what `enter` writes: a file that a student hands in claims nothing about itself.

A line taken as right, or a sheet said to be faded, counts only in a file with its user's seal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hmac import compare_digest
from hmac import digest as keyed_hash
from typing import Any

from worksheets.cache import own_key

NAME = "seal"


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a JSON file with this user's seal: HMAC-SHA-256 of all of it."""
    return {**content, NAME: _seal(content)}


def is_sealed(content: Mapping[str, Any]) -> bool:
    """Tell whether a file's content is as this user's `enter` wrote it."""
    rest = {name: value for name, value in content.items() if name != NAME}
    said = content.get(NAME)
    return isinstance(said, str) and said.isascii() and compare_digest(said, _seal(rest))


def _seal(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return keyed_hash(own_key(), b"entered\0" + text.encode(), "sha256").hex()
