"""Compress an object as JSON, and read it back, no larger than a layout can be."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from worksheets.layouts.checks import DamagedError

LARGEST = 64 << 20  # bytes of JSON; large print of the longest kind has some 6 MB


def compressed(data: Mapping[str, Any]) -> bytes:
    """Return an object as compressed JSON; the same bytes each time."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(written.encode())


def object_of(content: bytes) -> dict[str, Any]:
    """Return the object that compressed JSON holds.

    Raises:
        DamagedError: if it is cut off, is followed by anything, is too large or is no object.
    """
    unpacker = zlib.decompressobj()
    written = unpacker.decompress(content, LARGEST)
    if not unpacker.eof or unpacker.unused_data:
        raise DamagedError("it ends too early, or is too long")
    data = json.loads(written)
    if not isinstance(data, dict):
        raise DamagedError("it is no object")
    return data


def text(content: bytes) -> str:
    """Return bytes of PDF as text, which `checks.bytes_of` turns back."""
    return content.decode("latin-1")
