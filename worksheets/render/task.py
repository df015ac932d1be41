"""State the task of an unusual sheet before its first step, on the page that it is of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from worksheets.language import Say, message
from worksheets.render.autolayout.frame import Page
from worksheets.render.autolayout.piece import Lines
from worksheets.render.metrics import BOLD, lines
from worksheets.views.view import View

SOME_SHOWN = message("note: some answers shown")


def asked(view: View, say: Say) -> str:
    """Return the task, if it is not to work out all of the answers and nothing else."""
    return view.note or (say(SOME_SHOWN) if view.hints else "")


ABOVE, LINE = 4.9, 3.9  # mm, what one line takes with what stays free, and each more
WIDTH, SIZE = 182.0, 9.0  # mm and pt, of its bold letters
LONGEST_ID = 26.0  # mm more than a word takes


def room(text: str) -> float:
    """Return how far a task moves the first step of its page down, in mm."""
    count = lines(text, WIDTH - LONGEST_ID, SIZE, BOLD)
    return ABOVE + LINE * (count - 1) if count else 0.0


def with_tasks(
    pages_of: Callable[[tuple[float, ...]], Sequence[Page]],
    shown: Lines,
    begins: str,
    given: str,
    name: str,
) -> list[tuple[Page, str]]:
    """Return pages, each with its task: where work begins, and where a given of that name stands.

    `pages_of` makes them with so much room for it on each.
    """
    found = pages_of(())
    on = first_page(found, name, shown) if given else 0
    texts = [
        Markup(" ").join(
            filter(None, (given if number == on else "", begins if number == 1 else ""))
        )
        for number in range(1, len(found) + 1)
    ]
    return list(zip(pages_of(tuple(map(room, texts))), texts, strict=True))


def first_page(pages: Sequence[Page], name: str, shown: Lines) -> int:
    """Return the first page's number on which a line stands; 1 where none shows it."""
    for number, page in enumerate(pages, start=1):
        if any(piece.view(shown).name == name for piece in page.pieces if piece.view):
            return number
    return 1
