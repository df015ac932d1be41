"""Write the PDF objects of a filled layout, numbered from any base on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from worksheets.machine.deflate import compress
from worksheets.stamp.layout import Layout
from worksheets.stamp.numbering import THOUSAND, WIDTH, Numbered

ROUND = 100  # a sheet's numbers are so many or twice, thrice so many: few endings of bases recur
ENDINGS = 32  # fallback texts move the bases of single files


@dataclass(frozen=True)
class Shared:
    """Say where a document keeps what all its sheets share, as object numbers."""

    pages: int
    document: int
    objects: int
    bases: int


class Builder:
    """Collect bytes with gaps for the numbers of objects, which are known later."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.gaps: list[tuple[int, int]] = []

    def add(self, *parts: bytes | int) -> None:
        """Add bytes, or an object's number counted from the base, as a reference."""
        for part in parts:
            if isinstance(part, int):
                self.number(part)
                self.data += b" 0 R"
            else:
                self.data += part

    def number(self, offset: int) -> None:
        """Add an object's number alone."""
        self.gaps.append((len(self.data), offset))
        self.data += b" " * (WIDTH + 3)


class SheetObjects:
    """Write what a filled sheet needs beside its content: pages and their structure.

    Numbers from a sheet's base on: the object stream, the pages' contents, their codes, the
    dictionary of drawings, then what is inside the object stream: the node of the pages, the pages
    (with an empty one where `even` asks for it), the section of the sheet, the elements in it, and
    the node of the parent tree. A page's key in that tree is its own number.
    """

    def __init__(self, layout: Layout, shared: Shared, *, even: bool) -> None:
        self.layout = layout
        self.leaves = len(layout.leaves)
        self.pages = self.leaves + (self.leaves % 2 if even else 0)
        self.code = 1 + self.leaves
        self.drawings = self.code + len(layout.codes)
        self.node = self.drawings + 1
        self.first_page = self.node + 1
        self.section = self.first_page + self.pages
        self.first_element = self.section + 1
        self.parents = self.first_element + len(layout.elements)
        self.used = self.parents + 1
        self.count = -(-self.used // ROUND) * ROUND
        self._build(shared)
        self.numbered = lru_cache(ENDINGS)(partial(Numbered, self.template, self.gaps))

    def _build(self, shared: Shared) -> None:
        body = Builder()
        starts: list[int] = []
        self._pages(body, shared, starts)
        self._elements(body, shared, starts)
        self._parents(body, starts)
        head = Builder()
        for place, start in enumerate(starts):
            head.number(self.node + place)
            head.add(b" %d " % start)
        self.first = len(head.data)
        self.inside = len(starts)
        self.template = bytes(head.data + body.data)
        self.gaps = [*head.gaps, *((place + self.first, offset) for place, offset in body.gaps)]

    def _pages(self, body: Builder, shared: Shared, starts: list[int]) -> None:
        starts.append(len(body.data))
        body.add(b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[" % (shared.pages, self.pages))
        for page in range(self.pages):
            body.add(self.first_page + page, b" ")
        body.add(b"]>>\n")
        resources = {
            name: moved(value, shared.objects) for name, value in self.layout.resources.items()
        }
        self.images = resources.pop("XObject").removeprefix(b"<<").removesuffix(b">>")
        rest = b"".join(b"/%s %s" % (name.encode(), value) for name, value in resources.items())
        for page in range(self.pages):
            starts.append(len(body.data))
            leaf = self.layout.leaves[min(page, self.leaves - 1)]
            box = b"/MediaBox[0 0 %.6f %.6f]" % (leaf.width, leaf.height)
            body.add(b"<</Type/Page/Parent ", self.node, box)
            if page < self.leaves:
                body.add(b"/Contents[%d 0 R " % (shared.bases + page), 1 + page, b"]/Tabs/S")
                body.add(b"/Resources<<", rest, b"/XObject ", self.drawings)
                body.add(b">>/StructParents ")
                body.number(self.first_page + page)
            else:
                body.add(b"/Resources<<>>")
            body.add(b">>\n")

    def _elements(self, body: Builder, shared: Shared, starts: list[int]) -> None:
        starts.append(len(body.data))
        body.add(b"<</S/Sect/P %d 0 R/K[" % shared.document)
        for place, element in enumerate(self.layout.elements):
            if element.parent < 0:
                body.add(self.first_element + place, b" ")
        body.add(b"]>>\n")
        for element in self.layout.elements:
            starts.append(len(body.data))
            body.add(b"<</S/%s/P " % element.tag.encode())
            body.add(self.section if element.parent < 0 else self.first_element + element.parent)
            if not element.kids or any(kid < 0 for kid in element.kids):
                body.add(b"/Pg ", self.first_page + element.page)
            body.add(b"/K[")
            for kid in element.kids:
                if kid < 0:
                    body.add(b"%d " % (-1 - kid))
                else:
                    body.add(self.first_element + kid, b" ")
            body.add(b"]")
            body.add(element.more, b">>\n")

    def _parents(self, body: Builder, starts: list[int]) -> None:
        owner: dict[tuple[int, int], int] = {}
        for place, element in enumerate(self.layout.elements):
            owner |= {(element.page, -1 - kid): place for kid in element.kids if kid < 0}
        starts.append(len(body.data))
        body.add(b"<</Limits[")
        body.number(self.first_page)
        body.add(b" ")
        body.number(self.first_page + self.leaves - 1)
        body.add(b"]/Nums[")
        for page, leaf in enumerate(self.layout.leaves):
            body.number(self.first_page + page)
            body.add(b"[")
            for mcid in range(leaf.marked):
                if (page, mcid) in owner:
                    body.add(self.first_element + owner[page, mcid], b" ")
                else:
                    body.add(b"null ")
            body.add(b"]")
        body.add(b"]>>\n")

    def object_stream(self, base: int) -> bytes:
        """Return the object stream of the sheet whose objects have this first number."""
        thousands, ending = divmod(base, THOUSAND)
        return _stream(
            self.numbered(ending).compressed(thousands),
            b"/Type/ObjStm/N %d/First %d" % (self.inside, self.first),
        )

    def drawings_of(self, base: int, forms: Mapping[int, int]) -> bytes:
        """Return the dictionary of what pages draw: codes, forms by name and object number."""
        more = b"".join(b"/T%d %d 0 R" % (name, number) for name, number in forms.items())
        codes = b"".join(
            b"/Code%d %d 0 R" % (place, base + self.code + place)
            for place in range(len(self.layout.codes))
        )
        return b"<<%s%s%s>>" % (self.images, codes, more)


def stream(data: bytes, more: bytes = b"") -> bytes:
    """Return a compressed stream object without its number."""
    return _stream(compress(data), more)


def _stream(packed: bytes, more: bytes) -> bytes:
    head = b"<<%s/Filter/FlateDecode/Length %d>>stream\n" % (more, len(packed))
    return b"".join((head, packed, b"\nendstream"))


def numbered(number: int, data: bytes) -> bytes:
    """Return an object with its number."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, data)


def shared_objects(layout: Layout, first: int) -> list[bytes]:
    """Return what a layout's sheets share: fonts and the like, then what pages always show."""
    fixed = [moved(data, first) for data in layout.objects]
    return fixed + [stream(leaf.base) for leaf in layout.leaves]


def moved(data: bytes, first: int) -> bytes:
    """Return an object with references counted from `first`, and no more from 0 as `{n}`."""
    head, found, rest = data.partition(b"stream\n")
    head = re.sub(rb"\{(\d+)\}", lambda one: b"%d" % (int(one[1]) + first), head)
    return head + found + rest
