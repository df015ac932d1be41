"""The format of a kept layout: JSON, compressed, in which nothing is code.

A layout's file is an object with the fields of `Layout`. Bytes of PDF stand as Latin-1 text. What
stands on every page of a slot's group length is kept by columns: `places` has the seven columns of
`Place`, and a slot's `places` are rows of them. Fonts are in a file of their own, which layouts
share: it is named by the SHA-256 of its content, which stands in the field `fonts`. It holds the
faces and the large objects, the fonts' programs; `objects` has their numbers, and the others' text.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, fields
from hashlib import sha256
from typing import Any

from worksheets.stamp.layout import Code, Element, Layout, Leaf, Place, Slot, Style
from worksheets.stamp.shape import Face
from worksheets.stamp.slots import Group, Pattern

VERSION = 1
FARTHEST = 1e6  # pixels
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


class DamagedError(ValueError):
    """A kept layout that is none: it is made anew."""


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
    large, faces = fonts_of(_text_of(data["fonts"]))
    objects = tuple(
        large[_below(one, large)]
        if isinstance(one, int)
        else _bytes(_referring(one, data["objects"]))
        for one in data["objects"]
    )
    places = _places(data["places"])
    leaves = [
        Leaf(_number(width), _number(height), _bytes(base), _count(marked))
        for width, height, base, marked in data["leaves"]
    ]
    layout = Layout(
        _like(LANGUAGE, data["language"]),
        _pattern(*data["title"]),
        tuple(leaves),
        tuple(
            Slot(
                _pattern(parts, wraps),
                _below(page, leaves),
                _count(mcid),
                tuple(places[_below(row, places)] for row in (first, *others)),
            )
            for parts, wraps, page, mcid, first, *others in data["slots"]
        ),
        tuple(
            Group(tuple(_below(slot, data["slots"]) for slot in slots), _count(longest))
            for slots, longest in data["groups"]
        ),
        tuple(
            Code(_below(page, leaves), _count(mcid), _matrix(matrix))
            for page, mcid, matrix in data["codes"]
        ),
        tuple(
            Style(_one_of(font, faces), _number(size), _bytes(_like(INK, ink)))
            for font, size, ink in data["styles"]
        ),
        tuple(_elements(data["elements"], leaves)),
        objects,
        {
            _like(NAME, name): _bytes(_referring(text, objects))
            for name, text in data["resources"].items()
        },
        faces,
    )
    for place in places:
        _below(place.style, layout.styles)
    return layout


def _fonts(name: str, content: bytes) -> Fonts:
    if fonts_name(content) != name:
        raise DamagedError("its fonts are other ones")
    data = _object(content)
    objects = tuple(_bytes(_referring(text, ())) for text in data["objects"])  # they need no other
    faces = {
        _like(NAME, face): Face(
            _like(FACE, file), {_count(glyph): _count(width) for glyph, width in advances}
        )
        for face, (file, advances) in data["faces"].items()
    }
    return objects, faces


def _places(columns: Sequence[list[Any]]) -> list[Place]:
    if len(columns) != len(fields(Place)):
        raise DamagedError("places: a column is missing")
    style, *others = columns
    checked = [list(map(_count, style)), *(list(map(_number, column)) for column in others)]
    return [Place(*row) for row in zip(*checked, strict=True)]


def _elements(rows: Sequence[list[Any]], leaves: Sequence[Leaf]) -> Iterable[Element]:
    """Yield structure elements: a kid is a later element, or content that its page has."""
    for place, (tag, parent, page, kids, more) in enumerate(rows):
        on = leaves[_below(page, leaves)]
        for kid in kids:
            if not (place < _whole(kid) < len(rows) or -on.marked <= kid < 0):
                raise DamagedError(f"element {place}: it has no kid {kid}")
        if not -1 <= _whole(parent) < place:
            raise DamagedError(f"element {place}: its parent is {parent}")
        yield Element(_like(NAME, tag), parent, page, tuple(kids), _bytes(more))


def _pattern_data(pattern: Pattern) -> list[Any]:
    return [list(pattern.parts), pattern.wraps]


def _pattern(parts: list[Any], wraps: object) -> Pattern:
    if not isinstance(wraps, bool):
        raise DamagedError(f"{wraps!r} is neither true nor false")
    return Pattern(tuple(map(_text_of, parts)), wraps)


def _rows_of(places: Sequence[Place], rows: dict[Place, int]) -> list[int]:
    return [rows.setdefault(place, len(rows)) for place in places]


def _matrix(numbers: list[Any]) -> tuple[float, float, float, float, float, float]:
    a, b, c, d, e, f = map(_number, numbers)
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
    return _text_of(text).encode("latin-1")


def _text_of(value: object) -> str:
    if not isinstance(value, str):
        raise DamagedError(f"{value!r} is no text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise DamagedError(f"{value!r} is no whole number")
    return value


def _count(value: object) -> int:
    number = _whole(value)
    if number < 0:
        raise DamagedError(f"{number} is negative")
    return number


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < FARTHEST:
        raise DamagedError(f"{value!r} is no number of a page")
    return value


def _below(value: object, some: Sequence[object]) -> int:
    """Return a number that counts from 0 in a sequence."""
    number = _count(value)
    if number >= len(some):
        raise DamagedError(f"{number} is not below {len(some)}")
    return number


def _one_of(value: object, some: Iterable[str]) -> str:
    text = _text_of(value)
    if text not in some:
        raise DamagedError(f"{text!r} is none of {', '.join(some)}")
    return text


def _like(pattern: re.Pattern[str], value: object) -> str:
    text = _text_of(value)
    if not pattern.fullmatch(text):
        raise DamagedError(f"{text!r} is not as it should be")
    return text


def _referring(value: object, objects: Sequence[object]) -> str:
    """Return a PDF object's text, whose references are to some of these objects."""
    text = _text_of(value)
    for number in REFERENCE.findall(text):
        _below(int(number), objects)
    return text
