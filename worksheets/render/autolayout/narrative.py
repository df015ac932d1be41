"""Tell a sheet's story above its first frame, and ask its question with lines to write on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from worksheets.render.autolayout.drawing import Drawing
from worksheets.render.autolayout.piece import LINE, TEXT, TITLE, Piece
from worksheets.render.metrics import BOLD, REGULAR, bound, lines

STRIP = 13.0  # mm: where a page begins, with the story's strip
INSIDE, UNDER = 1.0, 1.0  # mm, free in it and below it
SIDE = 4.5  # mm, between the strip's border and its text
# mm between the lines to write on, and how many at least: less on a page with little room.
RULES = ((7.0, 2), (6.0, 2), (7.0, 1))
NARROWEST, WIDEST = 50.0, 95.0  # mm, of a question that stands beside a drawing
AFTER = 1.0  # mm, free below a question that ends a page
# mm that the gaps between rows of drawings, and those below bars, may give to story and question.
ROW_GIVES, BAR_GIVES = 2.0, 1.0
SENTENCE, LONGEST = re.compile(r"\{theme\.\w+\}|\{question\}"), " ".join(["pensive"] * 11)
Ruled: TypeAlias = tuple[float, int]


@dataclass(frozen=True)
class Narrative:
    """Hold what a sheet says beside its steps, in its language; each text may be empty.

    `answer` is a model answer to the `question`, which solved pages show; `pay_off` says what to
    look at in the last result. Words of the sheet stand in braces.
    """

    story: str = ""
    question: str = ""
    answer: str = ""
    pay_off: str = ""

    @property
    def above(self) -> float:
        """Return by how much the first page's frames stand lower for the story, in mm."""
        return self._strip + UNDER if self.story else 0.0

    @property
    def _strip(self) -> float:
        return 2 * INSIDE + LINE * _lines(self.story, 181.0, TEXT)

    def told(self) -> list[Piece]:
        """Return the story in its strip, as it stands on the first page."""
        if not self.story:
            return []
        return [
            Piece("strip", 0, STRIP, 189, self._strip),
            Piece("note", SIDE, STRIP + INSIDE, 181, self._strip - 2 * INSIDE, self.story, "story"),
        ]

    def asked(self, width: float, ruled: Ruled) -> Drawing:
        """Return the question with lines to write on, as many as its model answer takes."""
        rule, least = ruled
        high = LINE * _lines(self.question, width, TITLE, BOLD)
        count = max(least, _lines(self.answer, width, TEXT))
        written = Piece("written", 0, high, width, count * rule, self.answer, number=count)
        return Drawing(
            pieces=[Piece("note", 0, 0, width, high, self.question, "question"), written]
        )


def _lines(text: str, width: float, size: float, file: str = REGULAR) -> int:
    """Count a text's lines at most, the theme's sentences as long as they may be."""
    whole = SENTENCE.sub(LONGEST, text)
    return lines(bound(whole, width, TEXT), width, size, file)


NOTHING = Narrative()
