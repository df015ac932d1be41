"""Read files that come with the program: from a folder, or in a browser from beside the page."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.platform == "emscripten":
    import json
    from functools import cache

    @cache
    def _names(folder: Path) -> frozenset[str]:
        return frozenset(json.loads((folder / "names.json").read_text("utf-8")))

    def is_there(path: Path) -> bool:
        """Tell whether the page has this file."""
        return path.exists() or path.name in _names(path.parent)

    def at_hand(path: Path) -> Path:
        """Return the path, once what the page has under this name is fetched to it.

        Raises:
            ConnectionError: if it cannot be fetched.
        """
        if not path.exists() and path.name in _names(path.parent):
            from js import XMLHttpRequest

            request = XMLHttpRequest.new()
            request.open("GET", f"layouts/{path.name}", False)  # a worker may wait
            request.responseType = "arraybuffer"
            try:
                request.send()
            except Exception:
                raise ConnectionError(path.name) from None
            if request.status != 200:
                raise ConnectionError(path.name, request.status)
            path.write_bytes(request.response.to_bytes())
        return path

else:

    def is_there(path: Path) -> bool:
        """Tell whether the program has this file."""
        return path.exists()

    def at_hand(path: Path) -> Path:
        """Return the path as it is."""
        return path
