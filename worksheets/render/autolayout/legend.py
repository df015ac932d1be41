"""Explain the signs that a page uses, in one line for its head."""

from __future__ import annotations

from worksheets.language import Say, message
from worksheets.render.autolayout.frame import Page
from worksheets.render.autolayout.piece import Lines
from worksheets.render.grid import COPY, MISSING

TO_FIND = message("thick border: to find")
ROLES = {MISSING: TO_FIND, COPY: message("dotted: copy")}
SIGNS = {
    "ᵀ": message("Xᵀ: rows as columns"),
    "⊙": message("⊙: multiply cell by cell"),
}


def legend(page: Page, lines: Lines, say: Say) -> str:
    """Each sign once, if it stands on the page."""
    grids = (piece.view(lines) for piece in page.pieces if piece.view)
    roles = {cell.role for one in grids for row in one.cells for cell in row}
    found = [text for role, text in ROLES.items() if role in roles]
    found += [
        text for sign, text in SIGNS.items() if any(sign in piece.text for piece in page.pieces)
    ]
    return " · ".join(map(say, found))
