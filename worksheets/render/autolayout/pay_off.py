"""Say beside a sheet's last result what to look at in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from worksheets.engine.graph import Line
from worksheets.render.autolayout.frame import BAR, Page
from worksheets.render.autolayout.free import Ground
from worksheets.render.autolayout.line_placer import Reader
from worksheets.render.autolayout.piece import BAND, LINE, TEXT, Piece
from worksheets.render.autolayout.row import LEFT, RIGHT
from worksheets.render.metrics import BOLD, bound, lines, width_of

LOOK = "look"  # the style of what is said of the result
SPARE = 0.3  # mm, so that a text as wide as its room stays on one line
APART = 1.2  # mm between the result and what is said of it
WIDE, NARROW = (80.0, 60.0, 45.0, 40.0, 33.0), (26.0,)  # mm, of the text
ARROW, STEP = 3.0, 4  # mm, of an arrow, and between places that are tried
CLEAR = 0.8  # mm between it and another text on its line
BESIDE_BORDER = 2.5  # mm, how near the frame's border a narrow one may come
AROUND, APART_ELSEWHERE = (
    60,
    3,
)  # mm, how far from it a text that names it may stand, and its places
ABOVE = 30.0  # mm farther away seems what stands above: among the steps before
FARTHER = range(0, 30, 5)  # mm, as the result's name may stand between


def pay_off(page: Page, reader: Reader) -> Piece | None:
    """Return the text where nothing else stands; None if there is none, or no place for it."""
    text = reader.narrative.pay_off
    last = reader.graph.answers[-1]
    result = _result(page, last) if text else None
    if result is None:
        return None
    ground = Ground([piece for piece in page.pieces if piece.kind != "room"])
    beside = (
        label
        for label in _places(text, result)
        if label.x >= LEFT
        and label.x + label.width <= RIGHT + BESIDE_BORDER
        and label.y + label.height <= page.end - page.below
        and all(ground.free(_clear(label), [(0, 0)]))
    )
    return next(chain(beside, _elsewhere(f"{last.title}: {text}", result, page, ground)), None)


def _result(page: Page, last: Line) -> Piece | None:
    """Return where the last line is worked out."""
    found = [one for one in page.pieces if one.line is last.node and one.style == "output"]
    return found[-1] if found else None


def _places(text: str, result: Piece) -> Iterator[Piece]:
    """Yield the text beside the result, below or above it, and at last in a narrow place beside.

    Its arrow points at the result, wherever the text itself reaches.
    """
    yield from _beside(text, result, WIDE)
    left, right, top = result.x, result.x + result.width, result.y
    for width in (*WIDE, *NARROW):
        under, over = _label(f"↑ {text}", width), _label(f"↓ {text}", width)
        for x in _steps(left, right - ARROW):
            yield under.moved(x, top + result.height + APART)
            yield over.moved(x, top - APART - over.height)
            yield over.moved(x, top - APART - BAND - over.height)
    under, over = (_label(f"{text} {arrow}", WIDE[0], "right") for arrow in "↑↓")
    if under.height == LINE:
        for x in _steps(left + ARROW, right):
            yield under.moved(x - under.width, top + result.height + APART)
            yield over.moved(x - over.width, top - APART - over.height)
            yield over.moved(x - over.width, top - APART - BAND - over.height)
    yield from _beside(text, result, NARROW)


def _steps(first: float, last: float) -> Iterator[float]:
    """Yield places from the first one on, in mm, and the last one."""
    yield from (first + more for more in range(0, max(1, math.ceil(last - first)), STEP))
    yield max(first, last)


def _elsewhere(text: str, result: Piece, page: Page, ground: Ground) -> Iterator[Piece]:
    """Yield a text that names the result in free places of its frame, the nearest first."""
    frame = next(one for one in reversed(page.frames) if one.y < result.y)
    end = min(frame.y + frame.height, page.end - page.below)
    middle, top = result.x + result.width / 2, result.y
    across = range(round(LEFT), round(RIGHT), APART_ELSEWHERE)
    places = [(x, top + down) for x in across for down in range(-AROUND, AROUND, APART_ELSEWHERE)]
    found = []
    for label in (_label(text, width) for width in WIDE):
        free = ground.free(_clear(label), places)
        found += [
            label.moved(x, y)
            for (x, y), is_free in zip(places, free, strict=True)
            if is_free
            and LEFT <= x <= RIGHT + BESIDE_BORDER - label.width
            and frame.y + BAR <= y
            and y + label.height <= end
        ]
    yield from sorted(
        found, key=lambda one: math.hypot(one.x + one.width / 2 - middle, one.y - top)
    )


def _beside(text: str, result: Piece, widths: Sequence[float]) -> Iterator[Piece]:
    """Yield the text on either side of the result, from wide to narrow."""
    left, right, top = result.x, result.x + result.width, result.y
    for width in widths:
        after, before = _label(f"← {text}", width), _label(f"{text} →", width, "right")
        high = after.height
        for y in (top + (result.height - high) / 2, top, top + result.height - high):
            for more in FARTHER:
                yield after.moved(right + APART + more, y)
                yield before.moved(left - APART - more - before.width, y)


def _clear(label: Piece) -> Piece:
    return replace(label, x=label.x - CLEAR, width=label.width + 2 * CLEAR)


def _label(said: str, most: float, side: str = "") -> Piece:
    """Return a text that is as wide as it has to be."""
    width = min(most, width_of(said, TEXT, BOLD) + SPARE)
    high = LINE * lines(bound(said, width, TEXT), width, TEXT, BOLD)
    return Piece("note", 0, 0, width, high, said, f"{LOOK} {side}".strip())
