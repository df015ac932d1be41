"""State the task of an unusual sheet before its first step, on the page that it is of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from worksheets.language import Say, message
from worksheets.render.autolayout.frame import Page
from worksheets.render.autolayout.piece import Lines
from worksheets.render.metrics import BOLD, width_of
from worksheets.views.view import View

SOME_SHOWN = message("note: some answers shown")


def asked(view: View, say: Say) -> str:
    """Return the task, if it is not to work out all of the answers and nothing else."""
    return view.note or (say(SOME_SHOWN) if view.hints else "")


SIZE = 9.0  # pt, of its bold letters
LONGEST_ID = 26.0  # mm more than a word takes, of the sheet that a given is from


def length(text: str) -> float:
    """Return how long a task is on one line, in mm; 0 if there is none."""
    return width_of(text, SIZE, BOLD)


def with_tasks(
    pages_of: Callable[[tuple[float, ...]], Sequence[Page]],
    shown: Lines,
    begins: str,
    given: str,
    name: str,
) -> list[tuple[Page, str]]:
    """Return pages, each with its task: where work begins, and where a given of that name stands.

    `pages_of` makes them with room for tasks of these lengths.
    """
    found = pages_of(())
    on = first_page(found, name, shown) if given else 0
    tasks = [
        [text for text, page in ((given, on), (begins, 1)) if text and page == number]
        for number in range(1, len(found) + 1)
    ]
    texts = [Markup(" ").join(some) for some in tasks]
    lengths = (
        length(text) + LONGEST_ID * (given in some) for text, some in zip(texts, tasks, strict=True)
    )
    return list(zip(pages_of(tuple(lengths)), texts, strict=True))


def first_page(pages: Sequence[Page], name: str, shown: Lines) -> int:
    """Return the first page's number on which a line stands; 1 where none shows it."""
    for number, page in enumerate(pages, start=1):
        if any(piece.view(shown).name == name for piece in page.pieces if piece.view):
            return number
    return 1
