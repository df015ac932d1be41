"""Compress streams: by ISA-L, or in a browser by zlib."""

from __future__ import annotations

import sys

if sys.platform == "emscripten":
    import zlib

    def compress(data: bytes) -> bytes:
        """Return data compressed as a zlib stream; level 4 gives as few bytes as ISA-L's 2."""
        return zlib.compress(data, 4)

else:
    from isal import isal_zlib

    LEVEL = 2  # 200 pages: 6 ms instead of 36 with zlib, for 8 % more bytes

    def compress(data: bytes) -> bytes:
        """Return data compressed as a zlib stream."""
        return isal_zlib.compress(data, LEVEL)
