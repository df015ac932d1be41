"""Whole documents of filled sheets: one sheet alone, or a class in one file."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np
from isal import isal_zlib
from numpy.typing import ArrayLike

from worksheets.stamp.fill import Filler, code, text_of
from worksheets.stamp.layout import Layout
from worksheets.stamp.objects import (
    Shared,
    SheetObjects,
    numbered,
    shared_objects,
    stream,
)

CATALOG, PAGES, ROOT, DOCUMENT, PARENTS, METADATA = range(1, 7)
FIRST = METADATA + 1
HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
# The most objects that readers take in one document.
MOST_OBJECTS = 8_388_607


@dataclass(frozen=True)
class Piece:
    """The objects of one filled sheet as bytes, and where each of them starts."""

    data: bytes
    starts: tuple[int, ...]


class Stamp:
    """Makes filled sheets of one layout. `even` pads each to an even number of pages."""

    def __init__(self, layout: Layout, *, even: bool = False) -> None:
        self.layout = layout
        self.filler = Filler(layout)
        bases = FIRST + len(layout.objects)
        self.shared = Shared(PAGES, DOCUMENT, FIRST, bases)
        self.objects = SheetObjects(layout, self.shared, even=even)
        self.first_sheet = bases + len(layout.leaves)
        shared = shared_objects(layout, FIRST)
        self.head = [numbered(FIRST + place, data) for place, data in enumerate(shared)]

    def shown(self, texts: Mapping[str, str]) -> list[bytes]:
        """The streams of a filled sheet: its pages' contents, then its code.

        Raises:
            NotInFontError: if a text cannot be shown.
        """
        pages = [stream(content) for content in self.filler.contents(texts)]
        return [*pages, self.objects.code_form(code(texts["id"]))]

    def piece(self, shown: list[bytes], place: int) -> Piece:
        """The sheet at this place of a document, counted from 0."""
        base = self.first_sheet + place * self.objects.count
        inside = self.objects.object_stream(base, place * self.objects.pages)
        parts = [numbered(base + k, data) for k, data in enumerate([inside, *shown])]
        starts, at = [], 0
        for part in parts:
            starts.append(at)
            at += len(part)
        return Piece(b"".join(parts), tuple(starts))

    def alone(self, shown: list[bytes], title: str) -> bytes:
        """A document of one sheet."""
        file = BytesIO()
        document = Merged(file, self, title)
        document.add(self.piece(shown, 0))
        document.finish()
        return file.getvalue()

    def title(self, texts: Mapping[str, str]) -> str:
        """The title of a sheet's document."""
        return text_of(self.layout.title, texts)


class Merged:
    """A document of many sheets, written piece by piece; what it keeps of each is some bytes."""

    def __init__(self, file: BinaryIO, stamp: Stamp, title: str) -> None:
        self.file, self.stamp, self.title = file, stamp, title
        self.at = 0
        self.starts = array("Q")
        self.sheets = 0
        self.fixed: dict[int, int] = {}
        self._write(HEADER)
        for place, data in enumerate(stamp.head):
            self.fixed[FIRST + place] = self.at
            self._write(data)

    def add(self, piece: Piece) -> None:
        """The next sheet."""
        self.starts.extend(self.at + start for start in piece.starts)
        self.sheets += 1
        self._write(piece.data)

    def finish(self) -> None:
        """What holds the sheets together, and the table of all objects."""
        objects, count, first = self.stamp.objects, self.sheets, self.stamp.first_sheet
        bases = range(first, first + count * objects.count, objects.count)

        def references(offset: int) -> bytes:
            return b" ".join(b"%d 0 R" % (base + offset) for base in bases)

        tops = [place for place, one in enumerate(self.stamp.layout.elements) if one.parent < 0]
        kids = b" ".join(
            b"%d 0 R" % (base + objects.first_element + top) for base in bases for top in tops
        )
        language = self.stamp.layout.language.encode()
        self._fixed(
            CATALOG,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R/Lang(%s)"
            b"/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (PAGES, ROOT, METADATA, language),
        )
        pages = count * objects.pages
        nodes = references(objects.node)
        self._fixed(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, nodes))
        self._fixed(
            ROOT,
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (DOCUMENT, PARENTS, pages),
        )
        self._fixed(DOCUMENT, b"<</S/Document/P %d 0 R/K[%s]>>" % (ROOT, kids))
        self._fixed(PARENTS, b"<</Kids[%s]>>" % references(objects.parents))
        self._fixed(METADATA, metadata(self.title))
        self._table()

    def _table(self) -> None:
        """The cross-reference stream: for every object, where it is."""
        objects, first = self.stamp.objects, self.stamp.first_sheet
        number = first + self.sheets * objects.count
        packer = isal_zlib.compressobj(2)
        above = np.zeros((1, 8), dtype=np.uint8)
        packed = []

        def add(kinds: ArrayLike, where: ArrayLike, index: ArrayLike, size: int) -> None:
            nonlocal above
            rows = np.zeros((size, 8), dtype=np.uint8)
            rows[:, 0] = kinds
            rows[:, 1:6] = np.asarray(where, dtype=">u8").reshape(-1, 1).view(np.uint8)[:, 3:]
            rows[:, 6:] = np.asarray(index, dtype=">u2").reshape(-1, 1).view(np.uint8)
            both = np.concatenate([above, rows])
            filtered = np.full((size, 9), 2, dtype=np.uint8)  # PNG's "up": equal columns vanish
            filtered[:, 1:] = both[1:] - both[:-1]
            above = rows[-1:]
            packed.append(packer.compress(filtered.tobytes()))

        fixed = range(1, first)
        add(0, [0], [65535], 1)
        add(1, [self.fixed[one] for one in fixed], np.zeros(len(fixed)), len(fixed))
        own = objects.node  # how many objects of a sheet stand by themselves
        kinds = np.repeat([1, 2], [own, objects.inside])
        index = np.concatenate([np.zeros(own), np.arange(objects.inside)])
        for sheet in range(self.sheets):
            base = first + sheet * objects.count
            where = np.full(objects.count, base, dtype=np.int64)
            where[:own] = self.starts[sheet * own : (sheet + 1) * own]
            add(kinds, where, index, objects.count)
        start = self.at
        add(1, [start], [0], 1)
        packed.append(packer.flush())
        data = b"".join(packed)
        head = (
            b"<</Type/XRef/Size %d/W[1 5 2]/Root %d 0 R/Filter/FlateDecode"
            b"/DecodeParms<</Predictor 12/Columns 8>>/Length %d>>stream\n"
            % (number + 1, CATALOG, len(data))
        )
        self._write(numbered(number, b"".join((head, data, b"\nendstream"))))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _fixed(self, number: int, data: bytes) -> None:
        self.fixed[number] = self.at
        self._write(numbered(number, data))

    def _write(self, data: bytes) -> None:
        self.file.write(data)
        self.at += len(data)


def metadata(title: str) -> bytes:
    """The title, and the claim to PDF/UA-1, as XMP."""
    xmp = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()
    return b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(xmp), xmp)
