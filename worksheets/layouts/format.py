"""Write a layout in the format in which it is kept: JSON, compressed, in which nothing is code.

A layout's file is an object with the fields of `Layout`. Bytes of PDF stand as Latin-1 text. What
stands on every page of a slot's group length is kept by columns: `places` has the seven columns of
`Place`, and a slot's `places` are rows of them. Where a blank sheet has its cells stands in
`tables`, `cells` and `fields`, as `places_format.py` says. Fonts are in a file of their own, which
layouts share: it is named by the SHA-256 of its content, which stands in the field `fonts`. It
holds the faces and the large objects, the fonts' programs; `objects` has their numbers, and the
others' text.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, fields
from hashlib import sha256
from typing import Any

from worksheets.layouts.checks import (
    DamagedError,
    below,
    count,
    like,
    number,
    numbers,
    one_of,
    text_of,
    truth,
    whole,
)
from worksheets.layouts.places_format import places_data, places_of
from worksheets.stamp.layout import Code, Element, Layout, Leaf, Place, Slot, Style
from worksheets.stamp.shape import Face
from worksheets.stamp.slots import Group, Pattern

VERSION = 2
LARGE = 4096  # bytes of an object that layouts share: of 668 layouts all have the same three
LARGEST = 64 << 20  # bytes of JSON; large print of the longest kind has some 6 MB
REFERENCE = re.compile(r"\{(\d+)\} 0 R")
FACE = re.compile(r"[\w-]+\.ttf")
INK = re.compile(r"[\w./ \n]*")
NAME = re.compile(r"\w+")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?|")  # an untagged page has none
Data = dict[str, Any]
# The large objects of a PDF, and the faces by their names in it.
Fonts = tuple[tuple[bytes, ...], dict[str, Face]]


def packed(layout: Layout) -> tuple[bytes, bytes]:
    """Return the layout's file, and that of its fonts."""
    large = [one for one in layout.objects if len(one) >= LARGE]
    fonts = _compressed(
        {
            "objects": [_text(one) for one in large],
            "faces": {
                name: [face.file, list(map(list, face.advances.items()))]
                for name, face in layout.faces.items()
            },
        }
    )
    rows: dict[Place, int] = {}
    slots = [
        [*_pattern_data(one.pattern), one.page, one.mcid, *_rows_of(one.places, rows)]
        for one in layout.slots
    ]
    data = {
        "version": VERSION,
        "fonts": fonts_name(fonts),
        "language": layout.language,
        "title": _pattern_data(layout.title),
        "leaves": [[one.width, one.height, _text(one.base), one.marked] for one in layout.leaves],
        "slots": slots,
        "places": list(map(list, zip(*map(astuple, rows), strict=True))),
        "groups": [[list(one.slots), one.longest] for one in layout.groups],
        "codes": [[one.page, one.mcid, list(one.matrix)] for one in layout.codes],
        "styles": [[one.font, one.size, _text(one.ink)] for one in layout.styles],
        "elements": [
            [one.tag, one.parent, one.page, list(one.kids), _text(one.more)]
            for one in layout.elements
        ],
        "resources": {name: _text(one) for name, one in layout.resources.items()},
        "objects": [large.index(one) if one in large else _text(one) for one in layout.objects],
        **places_data(layout.places),
    }
    return _compressed(data), fonts


def fonts_name(content: bytes) -> str:
    """Return the name that fonts of this content have."""
    return sha256(content).hexdigest()[:32]


def unpacked(content: bytes, fonts_of: Callable[[str], Fonts]) -> Layout:
    """Return the layout of a file; `fonts_of` gives the fonts of a name.

    Every field is checked for its type, and every number that refers to something for its range.

    Raises:
        DamagedError: if it is not a whole layout of this version.
    """
    try:
        return _layout(_object(content), fonts_of)
    except (LookupError, TypeError, ValueError, zlib.error, RecursionError) as error:
        raise DamagedError(str(error) or type(error).__name__) from None


def unpacked_fonts(name: str, content: bytes) -> Fonts:
    """Return the fonts of a file.

    Raises:
        DamagedError: if they are others than those of this name.
    """
    try:
        return _fonts(name, content)
    except (LookupError, TypeError, ValueError, zlib.error, RecursionError) as error:
        raise DamagedError(str(error) or type(error).__name__) from None


def _layout(data: Data, fonts_of: Callable[[str], Fonts]) -> Layout:
    if data["version"] != VERSION:
        raise DamagedError(f"its version is {data['version']!r}, and not {VERSION}")
    large, faces = fonts_of(text_of(data["fonts"]))
    objects = tuple(
        large[below(one, large)]
        if isinstance(one, int)
        else _bytes(_referring(one, data["objects"]))
        for one in data["objects"]
    )
    places = _places(data["places"])
    leaves = [
        Leaf(number(width), number(height), _bytes(base), count(marked))
        for width, height, base, marked in data["leaves"]
    ]
    layout = Layout(
        like(LANGUAGE, data["language"]),
        _pattern(*data["title"]),
        tuple(leaves),
        tuple(
            Slot(
                _pattern(parts, wraps),
                below(page, leaves),
                count(mcid),
                tuple(places[below(row, places)] for row in (first, *others)),
            )
            for parts, wraps, page, mcid, first, *others in data["slots"]
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
            Style(one_of(font, faces), number(size), _bytes(like(INK, ink)))
            for font, size, ink in data["styles"]
        ),
        tuple(_elements(data["elements"], leaves)),
        objects,
        {
            like(NAME, name): _bytes(_referring(text, objects))
            for name, text in data["resources"].items()
        },
        faces,
        places_of(data, leaves),
    )
    for place in places:
        below(place.style, layout.styles)
    return layout


def _fonts(name: str, content: bytes) -> Fonts:
    if fonts_name(content) != name:
        raise DamagedError("its fonts are other ones")
    data = _object(content)
    objects = tuple(_bytes(_referring(text, ())) for text in data["objects"])  # they need no other
    faces = {
        like(NAME, face): Face(
            like(FACE, file), {count(glyph): count(width) for glyph, width in advances}
        )
        for face, (file, advances) in data["faces"].items()
    }
    return objects, faces


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
        yield Element(like(NAME, tag), parent, page, tuple(kids), _bytes(more))


def _pattern_data(pattern: Pattern) -> list[Any]:
    return [list(pattern.parts), pattern.wraps]


def _pattern(parts: list[Any], wraps: object) -> Pattern:
    return Pattern(tuple(map(text_of, parts)), truth(wraps))


def _rows_of(places: Sequence[Place], rows: dict[Place, int]) -> list[int]:
    return [rows.setdefault(place, len(rows)) for place in places]


def _matrix(matrix: list[Any]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = numbers(matrix)
    return a, b, c, d, e, f


def _compressed(data: Mapping[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode())


def _object(content: bytes) -> Data:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(content, LARGEST)
    if not unpacker.eof or unpacker.unused_data:
        raise DamagedError("it ends too early, or is too long")
    data = json.loads(text)
    if not isinstance(data, dict):
        raise DamagedError("it is no object")
    return data


def _text(content: bytes) -> str:
    return content.decode("latin-1")


def _bytes(text: object) -> bytes:
    return text_of(text).encode("latin-1")


def _referring(value: object, objects: Sequence[object]) -> str:
    """Return a PDF object's text, whose references are to some of these objects."""
    text = text_of(value)
    for place in REFERENCE.findall(text):
        below(int(place), objects)
    return text
