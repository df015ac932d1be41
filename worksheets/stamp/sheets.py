"""Fill sheets, as PDF objects to be put together in a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from worksheets.stamp.code import code_form
from worksheets.stamp.fill import Filler
from worksheets.stamp.foreign import NOTHING, Foreign, Form
from worksheets.stamp.layout import Layout
from worksheets.stamp.objects import (
    Shared,
    SheetObjects,
    numbered,
    shared_objects,
    stream,
)
from worksheets.stamp.writing import APART, Writer

# What every document has, by number; then come the objects that sheets share.
CATALOG, PAGES, ROOT, DOCUMENT, PARENTS, METADATA = range(1, 7)
FIRST = METADATA + 1


@dataclass(frozen=True)
class Shown:
    """Hold a filled sheet: the streams of its pages and of its code, and its forms' places."""

    streams: tuple[bytes, ...]
    forms: tuple[int, ...] = ()


@dataclass(frozen=True)
class Piece:
    """Hold the objects of filled sheets as bytes, and where each of them starts."""

    data: bytes
    starts: tuple[int, ...]

    @classmethod
    def joined(cls, pieces: Sequence[Piece]) -> Piece:
        """Return the objects of these, one after the other."""
        ends = accumulate(len(piece.data) for piece in pieces)
        starts = (
            end - len(piece.data) + start
            for end, piece in zip(ends, pieces, strict=True)
            for start in piece.starts
        )
        return cls(b"".join(piece.data for piece in pieces), tuple(starts))


class Stamp:
    """Make filled sheets of one layout. `even` pads each to an even number of pages.

    `first` is the number of the first object that all its sheets share.
    """

    def __init__(self, layout: Layout, *, even: bool = False, first: int = FIRST) -> None:
        self.layout = layout
        self.writer = Writer(layout)
        self.filler = Filler(layout, self.writer)
        self.first = first
        bases = first + len(layout.objects)
        self.objects = SheetObjects(layout, Shared(PAGES, DOCUMENT, first, bases), even=even)
        self.head = shared_objects(layout, first)
        self.after = bases + len(layout.leaves)  # foreign texts, then the sheets

    def shown(self, texts: Mapping[str, str], foreign: Foreign = NOTHING) -> Shown:
        """Return a filled sheet.

        Raises:
            NotInFontError: if a text cannot be shown.
        """
        return self.all_shown({name: (text,) for name, text in texts.items()}, foreign)[0]

    def all_shown(
        self, texts: Mapping[str, Sequence[str]], foreign: Foreign = NOTHING
    ) -> list[Shown]:
        """Return filled sheets; `texts` has those of every sheet by name.

        Raises:
            NotInFontError: if a text cannot be shown.
        """
        filled = self.filler.contents(texts, foreign.forms)
        rows = zip(*texts.values(), strict=True) if foreign.forms else [()] * len(filled)
        forms = (foreign_parts(row, foreign.forms) for row in rows)
        return [
            Shown(
                (*map(stream, pages), code_form(sheet)),
                tuple(foreign.forms[part].place for part in parts),
            )
            for pages, sheet, parts in zip(filled, texts["id"], forms, strict=True)
        ]

    def piece(self, shown: Shown, place: int, foreign: Foreign = NOTHING) -> Piece:
        """Return the sheet at this place, from 0, among those of this stamp in a document."""
        base = self.base(place, foreign)
        inside = self.objects.object_stream(base)
        forms = {form: self.after + foreign.at + form for form in shown.forms}
        drawings = self.objects.drawings_of(base, forms)
        starts, at, parts = [], 0, []
        for number, data in enumerate([inside, *shown.streams, drawings], start=base):
            parts.append(numbered(number, data))
            starts.append(at)
            at += len(parts[-1])
        return Piece(b"".join(parts), tuple(starts))

    def pieces(self, shown: Sequence[Shown], first: int, foreign: Foreign = NOTHING) -> Piece:
        """Return some sheets in one; the first of them is at this place."""
        return Piece.joined(
            [self.piece(one, place, foreign) for place, one in enumerate(shown, start=first)]
        )

    def base(self, place: int, foreign: Foreign) -> int:
        """Return the number of the first object of the sheet at this place."""
        return self.after + foreign.of + place * self.objects.count

    def title(self, texts: Mapping[str, str]) -> str:
        """Return the title of a sheet's document."""
        return self.layout.title.of(texts)


def foreign_parts(texts: Iterable[str], forms: Mapping[str, Form]) -> list[str]:
    """Return the parts of texts that are forms, each once."""
    if not forms:
        return []
    parts = (part for text in texts for part in text.split(APART))
    return [part for part in dict.fromkeys(parts) if part in forms]
