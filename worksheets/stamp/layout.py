"""Describe a page laid out once: what never changes, and where everything else goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from worksheets.stamp.places import NOWHERE, Places
from worksheets.stamp.shape import Face
from worksheets.stamp.slots import Group, Pattern

# Templates choose their faces by the lengths of texts, up to this one.
LENGTHS = (4, 5, 6, 7)
LEFT, CENTRE, RIGHT = 0.0, 0.5, 1.0


@dataclass(frozen=True)
class Style:
    """Say how a text is drawn: its font's name in the PDF, its size in pixels, its ink."""

    font: str
    size: float
    ink: bytes


@dataclass(frozen=True)
class Place:
    """Say where the text of a slot goes, in pixels from the page's upper left corner.

    `x` is its left end, its middle or its right end, as `align` says; `y` is the baseline of the
    first line. The room is `width` wide and begins at `top`; further lines stand `leading` lower.
    """

    style: int
    x: float
    y: float
    align: float
    width: float
    leading: float
    top: float


@dataclass(frozen=True)
class Slot:
    """Hold a text that differs: what it is, its page, its marked content's number, its place.

    There is one place, or one for every length of the longest text in its group.
    """

    pattern: Pattern
    page: int
    mcid: int
    places: tuple[Place, ...]

    def at(self, length: int) -> Place:
        """Return the place where the group's longest text has so many characters."""
        return self.places[min(max(length - LENGTHS[0], 0), len(self.places) - 1)]


@dataclass(frozen=True)
class Code:
    """Say where a page has its QR code: the matrix of a square of 1 by 1."""

    page: int
    mcid: int
    matrix: tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Leaf:
    """Hold a page: its size in points, what never changes on it, how much content is marked."""

    width: float
    height: float
    base: bytes
    marked: int


@dataclass(frozen=True)
class Element:
    """Hold a structure element. `kids` are elements, or marked content of its page as -1 - MCID."""

    tag: str
    parent: int
    page: int
    kids: tuple[int, ...]
    more: bytes


@dataclass(frozen=True)
class Layout:
    """Hold all that sheets of a kind, level, paper and so on share.

    `objects` are PDF objects that refer to each other by their place in this list, from 0 on, as
    `{n} 0 R`; `resources` is the inside of every page's dictionary of them. `places` has the cells
    of a blank sheet; other pages' layouts have none. `look` is what pages' codes say of them.
    """

    language: str
    title: Pattern
    leaves: tuple[Leaf, ...]
    slots: tuple[Slot, ...]
    groups: tuple[Group, ...]
    codes: tuple[Code, ...]
    styles: tuple[Style, ...]
    elements: tuple[Element, ...]
    objects: tuple[bytes, ...]
    resources: dict[str, bytes]
    faces: dict[str, Face] = field(default_factory=dict)
    places: Places = NOWHERE
    look: str = ""
