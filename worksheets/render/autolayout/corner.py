"""Stand a table in a corner that a drawing leaves free beside its matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from worksheets.render.autolayout.drawing import WIDTH, Drawing
from worksheets.render.autolayout.piece import Piece

APART = 3.0  # mm between what stands there and the drawing


# Kept, as a search asks it again for each drawing that comes after.
@lru_cache(20_000)
def filled(drawing: Drawing, table: Drawing) -> Drawing | None:
    """Return the drawing with the table at its right, as high up as there is room.

    There is none if that would make it higher, or too wide for the page.
    """
    left, top, _, bottom = drawing.box
    wide, high = table.size
    for y in _tops(drawing.pieces, top, bottom - high):
        beside = [
            one
            for one in drawing.pieces
            if one.y - APART < y + high and one.y + one.height + APART > y
        ]
        x = max(one.x + one.width for one in beside) + APART if beside else left
        if x + wide <= left + WIDTH:
            moved = [piece.moved(x, y) for piece in table.pieces]
            return replace(drawing, pieces=[*drawing.pieces, *moved], sized=None)
    return None


def _tops(pieces: Sequence[Piece], top: float, last: float) -> Iterator[float]:
    """Yield from above where something may begin, in mm: at the top, or below a piece."""
    if top <= last:
        yield top
    yield from sorted({y for one in pieces if top < (y := one.y + one.height + APART) <= last})
