"""Write documents of filled sheets: one sheet alone, or a class in one file."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np

from worksheets.stamp.fallback import NOTHING, FallbackTexts
from worksheets.stamp.objects import moved, numbered
from worksheets.stamp.sheets import (
    CATALOG,
    DOCUMENT,
    METADATA,
    PAGES,
    PARENTS,
    ROOT,
    SheetBlock,
    Shown,
    Stamp,
)
from worksheets.stamp.table import FREE, NEVER, PLACED, Table

HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
# The most objects that readers take in one document.
MOST_OBJECTS = 8_388_607


def alone(stamp: Stamp, shown: Shown, title: str, fallback: FallbackTexts = NOTHING) -> bytes:
    """Return a document of one sheet."""
    file = BytesIO()
    own = fallback.alone() if shown.forms else NOTHING
    document = Merged(file, title)
    document.start(stamp, [own])
    document.add(stamp.block(shown, 0, own))
    document.finish()
    return file.getvalue()


@dataclass
class StampRun:
    """Hold the sheets of one stamp in a document, and the first one's first object number.

    `starts` are the positions of their objects in the file; `order` says where in the document
    each of them goes.
    """

    stamp: Stamp
    first: int
    starts: array[int] = field(default_factory=lambda: array("Q"))
    order: list[float] = field(default_factory=list)

    def bases(self) -> range:
        """Return the first number of every sheet."""
        count = self.stamp.objects.count
        return range(self.first, self.first + len(self.order) * count, count)


class Merged:
    """Write a document of many sheets, block by block; what it keeps of each is some bytes."""

    def __init__(self, file: BinaryIO, title: str) -> None:
        self.file, self.title = file, title
        self.at = 0
        self.digest = sha256()
        self.runs: list[StampRun] = []
        self.fixed: dict[int, int] = {}
        self._write(HEADER)

    def start(self, stamp: Stamp, fallback: Sequence[FallbackTexts] = ()) -> None:
        """Begin the sheets of this stamp, whose fallback texts are these.

        A document's first stamp has the usual first number; another's is `next_number`.
        """
        for number, data in enumerate(stamp.head, start=stamp.first):
            self._fixed(number, data)
        for some in fallback:
            first = stamp.after + some.at
            for number, data in enumerate(some.objects, start=first):
                self._fixed(number, moved(data, first))
        self.runs.append(StampRun(stamp, stamp.after + sum(len(one.objects) for one in fallback)))

    def add(self, block: SheetBlock, order: Sequence[float] = ()) -> None:
        """Add the next sheets; `order` sorts them among all, else they follow the last."""
        run = self.runs[-1]
        run.starts.extend((np.array(block.starts, dtype=np.uint64) + np.uint64(self.at)).tolist())
        count = len(block.starts) // run.stamp.objects.node
        run.order += order or range(len(run.order), len(run.order) + count)
        self._write(block.data)

    def next_number(self) -> int:
        """Return the number of the first object after all that were written."""
        run = self.runs[-1]
        return run.bases().stop

    def pages(self) -> int:
        """Count the pages so far, which is also the key of the next one."""
        return sum(len(run.order) * run.stamp.objects.pages for run in self.runs)

    def finish(self) -> None:
        """Write what holds the sheets together, and the table of all objects."""
        sheets = sorted(
            (
                (order, run.stamp, base)
                for run in self.runs
                for order, base in zip(run.order, run.bases(), strict=True)
            ),
            key=lambda one: one[0],
        )
        nodes = b" ".join(b"%d 0 R" % (base + stamp.objects.node) for _, stamp, base in sheets)
        kids = b" ".join(b"%d 0 R" % (base + stamp.objects.section) for _, stamp, base in sheets)
        parents = b" ".join(
            b"%d 0 R" % (base + run.stamp.objects.parents)
            for run in self.runs
            for base in run.bases()
        )
        self._fixed(
            CATALOG,
            b"<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R/Lang(%s)"
            b"/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>>>"
            % (PAGES, ROOT, METADATA, self.runs[0].stamp.layout.language.encode()),
        )
        pages = self.pages()
        self._fixed(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, nodes))
        self._fixed(
            ROOT,
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (DOCUMENT, PARENTS, self.next_number()),
        )
        self._fixed(DOCUMENT, b"<</S/Document/P %d 0 R/K[%s]>>" % (ROOT, kids))
        self._fixed(PARENTS, b"<</Kids[%s]>>" % parents)
        self._fixed(METADATA, metadata(self.title))
        self._table()

    def _table(self) -> None:
        """Write the cross-reference stream: for every object, where it is."""
        table, number, place = Table(), self.next_number(), 0
        table.add(FREE, [0], [NEVER])
        for run in self.runs:
            table.add(PLACED, [self.fixed[one] for one in range(place + 1, run.first)], 0)
            objects, bases = run.stamp.objects, run.bases()
            starts = np.array(run.starts, dtype=np.uint64).reshape(len(bases), objects.node)
            unused = objects.count - objects.used
            table.add_sheets(starts, np.array(bases), objects.inside, unused)
            place = bases.stop - 1
        start = self.at
        table.add(PLACED, [start], 0)
        data = table.finish()
        head = (
            b"<</Type/XRef/Size %d/W[1 5 2]/Root %d 0 R/Filter/FlateDecode"
            b"/DecodeParms<</Predictor 12/Columns 8>>/Length %d>>stream\n"
            % (number + 1, CATALOG, len(data))
        )
        self._write(numbered(number, b"".join((head, data, b"\nendstream"))))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _fixed(self, number: int, data: bytes) -> None:
        """Write an object with a number of its own, outside of all sheets."""
        self.fixed[number] = self.at
        self._write(numbered(number, data))

    def _write(self, data: bytes) -> None:
        self.file.write(data)
        self.digest.update(data)
        self.at += len(data)


def metadata(title: str) -> bytes:
    """Return the title, and the claim to PDF/UA-1, as XMP."""
    xmp = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()
    return b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream" % (len(xmp), xmp)
