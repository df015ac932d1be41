"""Tell how a kind's level is taught: as data, and as a leaflet to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worksheets.errors import InputError
from worksheets.language import ENGLISH
from worksheets.selection import numbered

if TYPE_CHECKING:
    from worksheets.lessons.lesson import Lesson

NUMBER = 1  # of the sheet that a lesson is told with


def lesson(kind: str, *, level: int | None = None, language: str = ENGLISH) -> Lesson:
    """Put together what a teacher tells of a level, with the numbers of its first sheet.

    That is what one must know and what is learned, minutes, one line worked, the usual mistakes
    and what they look like, and the written question; `level` is the kind's lowest if not given.

    Raises:
        InputError: naming what does not exist.

    >>> ws.lesson("matmul").worked.sum
    '3 · (−2) + (−2) · 3 + (−1) · 1 = −13'
    """
    from worksheets.lessons import lesson as lessons

    identities, _ = numbered(kind, level, NUMBER, 1, None, None, language)
    return lessons.lesson(identities[0])


def leaflet(lesson: Lesson, *, paper: str = "a4", grey: bool = False) -> dict[str, bytes]:
    """Return a lesson's leaflet for the teacher by its file name: two pages, as PDF.

    It shows the blank sheet, and tells answers. `paper` is "a4" or "letter".

    Raises:
        InputError: if there is no such paper, or a library that draws pages is missing.

    >>> list(ws.leaflet(ws.lesson("matmul", level=2, language="es")))
    ['lesson-matmul-2-es.pdf']
    """
    try:  # the renderer loads where it is needed
        from worksheets.lessons.leaflet import leaflet as printed

        content = printed(lesson, paper, grey=grey)
    except OSError as error:
        raise InputError(
            f"a leaflet needs C libraries that are missing, `make native` installs them: {error}"
        ) from None
    language = "" if lesson.language == ENGLISH else f"-{lesson.language}"
    return {f"lesson-{lesson.kind}-{lesson.level}{language}.pdf": content}
