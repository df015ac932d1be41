"""Make the single sheets that the page asks for."""

from __future__ import annotations

import worksheets as ws
from worksheets.page.talk import Answer, Asked, Send


def sheet(asked: Asked, send: Send) -> Answer:
    """Return a sheet's ID, and its files by name, the blank one first.

    It is asked for by `id`, or by `kind`, `level`, `number`, `language`, and a `theme` or none.
    """
    if asked.get("id"):
        made = ws.from_id(asked["id"])
    else:
        made = ws.sheet(
            asked["kind"],
            level=asked["level"],
            number=asked["number"],
            theme=asked.get("theme") or None,
            language=asked["language"],
        )
    return {
        "id": made.id,
        "kind": made.kind.name,
        "level": made.identity.level,
        "number": made.identity.number,
        "language": made.identity.language,
        "files": ws.files(made, {"pdf"}, page_of(asked)),
    }


def page_of(asked: Asked) -> ws.Page:
    """Return the page that is asked for."""
    return ws.Page(
        paper=asked.get("paper") or "a4",
        large_print=bool(asked.get("large_print")),
        grey=bool(asked.get("grey")),
        fade=asked.get("fade") or "",
    )
