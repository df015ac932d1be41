"""Find a place for what an unusual sheet asks: before its first step, or where a page has room."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from worksheets.render.autolayout.frame import BAR, TOP, Page
from worksheets.render.autolayout.free import Ground
from worksheets.render.autolayout.piece import LINE, Piece
from worksheets.render.autolayout.row import LEFT, RIGHT

UNDER_BAR = 1.0  # mm, free above it
SPARE = 14.0  # mm that each of several lines may lose at its end, as words are not cut
CLEAR = 1.0  # mm between it and what stands beside it
STEP = 1  # mm between the places that are tried
MOST_LINES = 6


def before(page: Page, length: float) -> Piece:
    """Return its place below the first frame's bar, for a text so long on one line, in mm."""
    return _place(length, RIGHT - LEFT).moved(LEFT, TOP + page.above + BAR + UNDER_BAR)


def within(page: Page, length: float) -> Piece | None:
    """Return the highest place in the first frame where nothing stands; None if there is none."""
    first = page.frames[0]
    widths = (length, *(length / count + SPARE for count in range(2, MOST_LINES + 1)))
    shapes = [_place(length, width) for width in widths if width <= RIGHT - LEFT]
    ground = Ground([piece for piece in page.pieces if piece.y < first.y + first.height])
    for y in range(ceil(first.y + BAR + UNDER_BAR), int(first.y + first.height - LINE), STEP):
        for shape in shapes:
            across = range(ceil(LEFT), int(RIGHT - shape.width) + 1, STEP)
            if y + shape.height <= first.y + first.height:
                around = replace(shape, x=-CLEAR, width=shape.width + 2 * CLEAR)
                free = ground.free(around, [(x, y) for x in across])
                if any(free):
                    return shape.moved(across[free.index(True)], y)
    return None


def _place(length: float, width: float) -> Piece:
    """Return room of this width, as high as the text's lines."""
    lines = 1 if length <= width else ceil(length / (width - SPARE))
    return Piece("space", 0, 0, width, LINE * lines)
