"""Write a layout in the format in which it is kept: JSON, compressed, in which nothing is code.

A layout's file is an object with the fields of `Layout`. Bytes of PDF stand as Latin-1 text. What
stands on every page of a slot's group length is kept by columns: `places` has the seven columns of
`Place`, and a slot's `places` are rows of them. Where a blank sheet has its cells stands in
`tables`, `cells` and `fields`, as `places_format.py` says. Fonts are in a file of their own, which
layouts share, as `fonts_format.py` says; the field `fonts` has its name. Large objects are in it,
and `objects` has their numbers, and the others' text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, fields
from typing import Any

from worksheets.layouts.checks import (
    NAME,
    DamagedError,
    below,
    bytes_of,
    count,
    damage,
    like,
    number,
    numbers,
    one_of,
    referring,
    text_of,
    truth,
    whole,
)
from worksheets.layouts.fonts_format import Fonts, fonts_name, packed_fonts
from worksheets.layouts.packing import compressed, object_of, text
from worksheets.layouts.places_format import places_data, places_of
from worksheets.stamp.layout import Code, Element, Layout, Leaf, Place, Slot, Style
from worksheets.stamp.slots import Group, Pattern

VERSION = 4
LARGE = 4096  # bytes of an object that layouts share: of 668 layouts all have the same three
INK = re.compile(r"[\w./ \n]*")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?|")  # an untagged page has none
LOOK = re.compile(r"[0-9A-Z]{5}|")
Data = dict[str, Any]


def packed(layout: Layout) -> tuple[bytes, bytes]:
    """Return the layout's file, and that of its fonts."""
    large = [one for one in layout.objects if len(one) >= LARGE]
    fonts = packed_fonts(large, layout.faces)
    rows: dict[Place, int] = {}
    slots = [
        [
            *_pattern_data(one.pattern),
            one.page,
            one.mcid,
            *(rows.setdefault(place, len(rows)) for place in one.places),
        ]
        for one in layout.slots
    ]
    data = {
        "version": VERSION,
        "fonts": fonts_name(fonts),
        "language": layout.language,
        "title": _pattern_data(layout.title),
        "leaves": [[one.width, one.height, text(one.base), one.marked] for one in layout.leaves],
        "slots": slots,
        "places": list(map(list, zip(*map(astuple, rows), strict=True))),
        "groups": [[list(one.slots), one.longest] for one in layout.groups],
        "codes": [[one.page, one.mcid, list(one.matrix)] for one in layout.codes],
        "styles": [[one.font, one.size, text(one.ink)] for one in layout.styles],
        "elements": [
            [one.tag, one.parent, one.page, list(one.kids), text(one.more)]
            for one in layout.elements
        ],
        "resources": {name: text(one) for name, one in layout.resources.items()},
        "objects": [large.index(one) if one in large else text(one) for one in layout.objects],
        **places_data(layout.places),
        "look": layout.look,
    }
    return compressed(data), fonts


def unpacked(content: bytes, fonts_of: Callable[[str], Fonts]) -> Layout:
    """Return the layout of a file; `fonts_of` gives the fonts of a name.

    Every field is checked for its type, and every number that refers to something for its range.

    Raises:
        DamagedError: if it is not a whole layout of this version.
    """
    with damage():
        return _layout(object_of(content), fonts_of)


def _layout(data: Data, fonts_of: Callable[[str], Fonts]) -> Layout:
    if data["version"] != VERSION:
        raise DamagedError(f"its version is {data['version']!r}, and not {VERSION}")
    large, faces = fonts_of(text_of(data["fonts"]))
    objects = tuple(
        large[below(one, large)]
        if isinstance(one, int)
        else bytes_of(referring(one, data["objects"]))
        for one in data["objects"]
    )
    places = _places(data["places"])
    leaves = [
        Leaf(number(width), number(height), bytes_of(base), count(marked))
        for width, height, base, marked in data["leaves"]
    ]
    layout = Layout(
        like(LANGUAGE, data["language"]),
        _pattern(*data["title"]),
        tuple(leaves),
        tuple(
            Slot(
                _pattern(parts, wraps, longest),
                below(page, leaves),
                count(mcid),
                tuple(places[below(row, places)] for row in (first, *others)),
            )
            for parts, wraps, longest, page, mcid, first, *others in data["slots"]
        ),
        tuple(
            Group(tuple(below(slot, data["slots"]) for slot in slots), count(longest))
            for slots, longest in data["groups"]
        ),
        tuple(
            Code(below(page, leaves), count(mcid), _matrix(matrix))
            for page, mcid, matrix in data["codes"]
        ),
        tuple(
            Style(one_of(font, faces), number(size), bytes_of(like(INK, ink)))
            for font, size, ink in data["styles"]
        ),
        tuple(_elements(data["elements"], leaves)),
        objects,
        {
            like(NAME, name): bytes_of(referring(text, objects))
            for name, text in data["resources"].items()
        },
        faces,
        places_of(data, leaves),
        like(LOOK, data["look"]),
    )
    for place in places:
        below(place.style, layout.styles)
    return layout


def _places(columns: Sequence[list[Any]]) -> list[Place]:
    if len(columns) != len(fields(Place)):
        raise DamagedError("places: a column is missing")
    style, *others = columns
    checked = [list(map(count, style)), *map(numbers, others)]
    return [Place(*row) for row in zip(*checked, strict=True)]


def _elements(rows: Sequence[list[Any]], leaves: Sequence[Leaf]) -> Iterable[Element]:
    """Yield structure elements: a kid is a later element, or content that its page has."""
    for place, (tag, parent, page, kids, more) in enumerate(rows):
        on = leaves[below(page, leaves)]
        for kid in kids:
            if not (place < whole(kid) < len(rows) or -on.marked <= kid < 0):
                raise DamagedError(f"element {place}: it has no kid {kid}")
        if not -1 <= whole(parent) < place:
            raise DamagedError(f"element {place}: its parent is {parent}")
        yield Element(like(NAME, tag), parent, page, tuple(kids), bytes_of(more))


def _pattern_data(pattern: Pattern) -> list[Any]:
    return [list(pattern.parts), pattern.wraps, pattern.longest]


def _pattern(parts: list[Any], wraps: object, longest: object) -> Pattern:
    return Pattern(tuple(map(text_of, parts)), truth(wraps), text_of(longest))


def _matrix(matrix: list[Any]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = numbers(matrix)
    return a, b, c, d, e, f
