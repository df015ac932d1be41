"""What a student has to know of an unusual sheet before its first step, and on which page."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.language import Say, message
from worksheets.render.autolayout.pages import Page
from worksheets.render.autolayout.piece import Lines
from worksheets.views.view import View

SOME_SHOWN = message("note: some answers shown")


def asked(view: View, say: Say) -> str:
    """What is to be done, if not all of the answers and nothing else."""
    return view.note or (say(SOME_SHOWN) if view.hints else "")


def first_page(pages: Sequence[Page], name: str, lines: Lines) -> int:
    """The number of the first page on which a line stands; the first one where none shows it."""
    for number, page in enumerate(pages, start=1):
        if any(piece.view(lines).name == name for piece in page.pieces if piece.view):
            return number
    return 1
