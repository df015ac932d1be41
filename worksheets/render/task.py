"""State the task of an unusual sheet before its first step, and find its page."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.language import Say, message
from worksheets.render.autolayout.frame import Page
from worksheets.render.autolayout.piece import Lines
from worksheets.views.view import View

SOME_SHOWN = message("note: some answers shown")


def asked(view: View, say: Say) -> str:
    """Return the task, if it is not to work out all of the answers and nothing else."""
    return view.note or (say(SOME_SHOWN) if view.hints else "")


def first_page(pages: Sequence[Page], name: str, lines: Lines) -> int:
    """Return the first page's number on which a line stands; 1 where none shows it."""
    for number, page in enumerate(pages, start=1):
        if any(piece.view(lines).name == name for piece in page.pieces if piece.view):
            return number
    return 1
