"""Fill sheets, as PDF objects to be put together in a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from worksheets.ids import page_code
from worksheets.stamp.code import code_form
from worksheets.stamp.fallback import NOTHING, FallbackForm, FallbackTexts
from worksheets.stamp.fill import Filler
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
    """Hold a filled sheet: the streams of its pages and of their codes, and its forms' places."""

    streams: tuple[bytes, ...]
    forms: tuple[int, ...] = ()


@dataclass(frozen=True)
class SheetBlock:
    """Hold the objects of filled sheets as bytes, and where each of them starts."""

    data: bytes
    starts: tuple[int, ...]

    @classmethod
    def joined(cls, blocks: Sequence[SheetBlock]) -> SheetBlock:
        """Return the objects of these, one after the other."""
        ends = accumulate(len(block.data) for block in blocks)
        starts = (
            end - len(block.data) + start
            for end, block in zip(ends, blocks, strict=True)
            for start in block.starts
        )
        return cls(b"".join(block.data for block in blocks), tuple(starts))


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
        self.after = bases + len(layout.leaves)  # fallback texts, then the sheets

    def shown(self, texts: Mapping[str, str], fallback: FallbackTexts = NOTHING) -> Shown:
        """Return a filled sheet.

        Raises:
            NotInFontError: if a text cannot be shown.
        """
        return self.all_shown({name: (text,) for name, text in texts.items()}, fallback)[0]

    def all_shown(
        self, texts: Mapping[str, Sequence[str]], fallback: FallbackTexts = NOTHING
    ) -> list[Shown]:
        """Return filled sheets; `texts` has those of every sheet by name.

        Raises:
            NotInFontError: if a text cannot be shown.
        """
        filled = self.filler.contents(texts, fallback.forms)
        rows = zip(*texts.values(), strict=True) if fallback.forms else [()] * len(filled)
        forms = (fallback_parts(row, fallback.forms) for row in rows)
        return [
            Shown(
                (*map(stream, pages), *codes),
                tuple(fallback.forms[part].place for part in parts),
            )
            for pages, codes, parts in zip(
                filled, self.codes(texts, len(filled)), forms, strict=True
            )
        ]

    def codes(self, texts: Mapping[str, Sequence[str]], count: int) -> Sequence[tuple[bytes, ...]]:
        """Return the forms of every sheet's codes, one for each page that has one."""
        pages = [code.page + 1 for code in self.layout.codes]
        if not pages:
            return [()] * count
        return [
            tuple(code_form(page_code(sheet, page, self.layout.look)) for page in pages)
            for sheet in texts["id"]
        ]

    def block(self, shown: Shown, place: int, fallback: FallbackTexts = NOTHING) -> SheetBlock:
        """Return the sheet at this place, from 0, among those of this stamp in a document."""
        base = self.base(place, fallback)
        inside = self.objects.object_stream(base)
        forms = {form: self.after + fallback.at + form for form in shown.forms}
        drawings = self.objects.drawings_of(base, forms)
        starts, at, parts = [], 0, []
        for number, data in enumerate([inside, *shown.streams, drawings], start=base):
            parts.append(numbered(number, data))
            starts.append(at)
            at += len(parts[-1])
        return SheetBlock(b"".join(parts), tuple(starts))

    def blocks(
        self, shown: Sequence[Shown], first: int, fallback: FallbackTexts = NOTHING
    ) -> SheetBlock:
        """Return some sheets in one; the first of them is at this place."""
        return SheetBlock.joined(
            [self.block(one, place, fallback) for place, one in enumerate(shown, start=first)]
        )

    def base(self, place: int, fallback: FallbackTexts) -> int:
        """Return the number of the first object of the sheet at this place."""
        return self.after + fallback.of + place * self.objects.count

    def title(self, texts: Mapping[str, str]) -> str:
        """Return the title of a sheet's document."""
        return self.layout.title.of(texts)


def fallback_parts(texts: Iterable[str], forms: Mapping[str, FallbackForm]) -> list[str]:
    """Return the parts of texts that are forms, each once."""
    if not forms:
        return []
    parts = (part for text in texts for part in text.split(APART))
    return [part for part in dict.fromkeys(parts) if part in forms]
