"""Write and read compact JSON: by orjson, or in a browser by the standard library."""

from __future__ import annotations

import sys

if sys.platform == "emscripten":
    import json
    from typing import Any

    def dumps(value: Any) -> bytes:
        """Return a value as JSON in UTF-8, without spaces, as orjson writes it."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    loads = json.loads
else:
    from orjson import dumps, loads

__all__ = ["dumps", "loads"]
