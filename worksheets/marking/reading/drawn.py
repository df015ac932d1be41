"""Find where a page or a form draws something: its texts, its strokes, its pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from worksheets.affine import IDENTITY, Affine, affine, times
from worksheets.errors import InputError
from worksheets.language import told
from worksheets.machine.pdf_objects import (
    INLINE,
    Array,
    Dictionary,
    Pdf,
    Stream,
    String,
    instructions,
)

Point: TypeAlias = tuple[float, float]

DEEPEST, MOST_MARKS = 8, 200_000
INVISIBLE = 3  # how a text is drawn that a scanner has recognised under its picture
PAINTED = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}
SHOWS = {"Tj", "TJ", "'", '"'}
POINTS = {"m": 1, "l": 1, "c": 3, "v": 2, "y": 2}  # of a path's pieces, the ends among them


@dataclass(frozen=True)
class Rectangle:
    """Bound a part of a page, in its own points, from its lower left corner."""

    left: float
    low: float
    right: float
    high: float

    def inside(self, edge: float) -> Rectangle:
        """Return what is left within an edge of so many points."""
        return Rectangle(self.left + edge, self.low + edge, self.right - edge, self.high - edge)

    def meets(self, other: Rectangle) -> bool:
        """Tell whether two rectangles have more than an edge in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.low < other.high and other.low < self.high


@dataclass(frozen=True)
class Mark:
    """Hold a drawn thing: points of it, or the corners of a picture; or the name of another form.

    `matrix` turns what is called `name` into the page's points.
    """

    points: tuple[Point, ...] = ()
    name: str = ""
    matrix: Affine = IDENTITY

    @property
    def is_text(self) -> bool:
        """Tell whether it is a text, of which one point is known."""
        return len(self.points) == 1


@dataclass(frozen=True)
class Drawn:
    """Hold what a page draws: all points of texts and strokes, and the pictures' bounds."""

    points: npt.NDArray[np.float64]
    pictures: tuple[Rectangle, ...]

    @classmethod
    def by(cls, marks: Iterable[Mark]) -> Drawn:
        """Gather marks."""
        points: list[Point] = []
        pictures: list[Rectangle] = []
        for mark in marks:
            if mark.name:
                pictures.append(_around(mark.points))
            else:
                points += mark.points
        return cls(np.array(points, np.float64).reshape(-1, 2), tuple(pictures))

    def reaches(self, place: Rectangle) -> bool:
        """Tell whether something is drawn into a place: a picture is over all that it covers."""
        x, y = self.points[:, 0], self.points[:, 1]
        inside = (place.left < x) & (x < place.right) & (place.low < y) & (y < place.high)
        return bool(inside.any()) or any(one.meets(place) for one in self.pictures)


def rectangle(value: Any) -> Rectangle | None:
    """Return the rectangle that a PDF's array states, or None if it states none."""
    if not isinstance(value, Array) or len(value) != 4:
        return None
    try:
        x, y, right, high = (float(one) for one in value)
    except (TypeError, ValueError):
        return None
    return Rectangle(min(x, right), min(y, high), max(x, right), max(y, high))


def marks_of(pdf: Pdf, holder: Any, depth: int = 0) -> Iterator[Mark]:
    """Yield what a page or a form XObject draws, pictures as their corners.

    Raises:
        InputError: if it draws more than any sheet does.
    """
    content = holder if isinstance(holder, Stream) else holder.get("/Contents")
    parts = list(content) if isinstance(content, Array) else [content]
    objects = _under(holder, "/Resources", "/XObject")
    stack: tuple[Affine, ...] = (IDENTITY,)
    count = 0
    for part in parts:
        if not isinstance(part, Stream):
            continue
        marks, stack = _drawn(part.read_bytes(), stack)
        for mark in marks:
            count += 1
            if count > MOST_MARKS:
                raise InputError(told("the PDF draws far more than a sheet does"))
            called = objects.get(mark.name) if mark.name else None
            if isinstance(called, Stream) and called.get("/Subtype") == "/Form":
                if depth < DEEPEST:
                    yield from _inner(pdf, called, mark.matrix, depth + 1)
            else:
                yield mark


def _inner(pdf: Pdf, form: Any, matrix: Affine, depth: int) -> Iterator[Mark]:
    """Yield what a form draws where a page calls it."""
    own = form.get("/Matrix")
    if isinstance(own, Array) and len(own) == 6:
        matrix = times(affine(list(own)), matrix)
    for mark in marks_of(pdf, form, depth):
        yield Mark(tuple(_at(matrix, *point) for point in mark.points), mark.name)


def _under(holder: Any, *keys: str) -> Any:
    for key in keys:
        holder = holder.get(key)
        if not isinstance(holder, Dictionary):
            return {}
    return holder


@lru_cache(64)  # the drawings of a class set's sheets are the same but for a few kilobytes
def _drawn(
    content: bytes, stack: tuple[Affine, ...]
) -> tuple[tuple[Mark, ...], tuple[Affine, ...]]:
    """Return what a content stream draws, and the matrices that it leaves behind."""
    pen = _Pen(list(stack))
    for operator, operands in instructions(content):
        if operator == INLINE:
            pen.picture(INLINE)
        else:
            with suppress(ValueError, TypeError, IndexError):  # what viewers pass over too
                pen.follow(operator, operands)
    return tuple(pen.marks), tuple(pen.stack)


class _Pen:
    """Follow a content stream's operators, as far as they say where something is drawn."""

    def __init__(self, stack: list[Affine]) -> None:
        self.stack, self.marks = stack, list[Mark]()
        self.path: list[Point] = []
        self.text = self.line = IDENTITY
        self.size, self.leading, self.mode = 1.0, 0.0, 0

    def follow(self, operator: str, operands: Sequence[Any]) -> None:
        """Follow one operator; what says nothing of places is passed over."""
        if operator == "q":
            self.stack.append(self.stack[-1])
        elif operator == "Q":
            self.stack[1:] = self.stack[1:-1]
        elif operator == "cm":
            self.stack[-1] = times(affine(operands), self.stack[-1])
        elif operator == "Do":
            self.picture(str(operands[0]))
        elif operator in SHOWS:
            self._show(operator, operands)
        elif operator in POINTS:
            some = [float(one) for one in operands]
            self.path += [_at(self.stack[-1], *pair) for pair in list(pairwise(some))[::2]]
        elif operator == "re":
            left, low, width, high = map(float, operands)
            corners = ((left, low), (left + width, low), (left, low + high))
            self.path += [
                _at(self.stack[-1], *one) for one in (*corners, (left + width, low + high))
            ]
        elif operator in PAINTED:
            self.marks.append(Mark(tuple(self.path)))
            self.path = []
        elif operator == "n":
            self.path = []
        else:
            self._set(operator, operands)

    def picture(self, name: str) -> None:
        """Note a picture, or another form, in the unit square."""
        here = self.stack[-1]
        corners = tuple(_at(here, *one) for one in ((0, 0), (1, 0), (0, 1), (1, 1)))
        self.marks.append(Mark(corners, name, here))

    def _set(self, operator: str, operands: Sequence[Any]) -> None:
        """Follow what says how and where the next text stands."""
        if operator == "BT":
            self.text = self.line = IDENTITY
        elif operator == "Tm":
            self.text = self.line = affine(operands)
        elif operator in {"Td", "TD"}:
            across, up = map(float, operands)
            self.leading = -up if operator == "TD" else self.leading
            self._next_line(across, up)
        elif operator == "T*":
            self._next_line(0, -self.leading)
        elif operator == "TL":
            self.leading = float(operands[0])
        elif operator == "Tf":
            self.size = float(operands[1])
        elif operator == "Tr":
            self.mode = int(operands[0])

    def _next_line(self, across: float, up: float) -> None:
        self.text = self.line = times((1, 0, 0, 1, across, up), self.line)

    def _show(self, operator: str, operands: Sequence[Any]) -> None:
        """Note the middle of a text's first letter, which stands inside whatever it is in."""
        if operator in {"'", '"'}:
            self._next_line(0, -self.leading)
        last = operands[-1]
        texts = list(last) if isinstance(last, Array) else [last]
        letters = (bytes(one) for one in texts if isinstance(one, String))
        if self.mode != INVISIBLE and any(one.strip() for one in letters):
            middle = _at(self.text, self.size / 4, self.size / 4)
            self.marks.append(Mark((_at(self.stack[-1], *middle),)))


def _at(matrix: Affine, x: float, y: float) -> Point:
    a, b, c, d, u, v = matrix
    return a * x + c * y + u, b * x + d * y + v


def _around(points: Sequence[Point]) -> Rectangle:
    across, up = zip(*points, strict=True)
    return Rectangle(min(across), min(up), max(across), max(up))
