"""The PDF objects of a filled layout, numbered from any base on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from worksheets.stamp.layout import Layout

DIGITS = 8  # of an object's number, so that everything keeps its place whatever the numbers
POWERS = 10 ** np.arange(DIGITS - 1, -1, -1)
LEVEL = 2  # a tenth of the time of zlib, for a fifth more bytes


@dataclass(frozen=True)
class Shared:
    """Where a document keeps what all its sheets share, as object numbers."""

    pages: int
    document: int
    objects: int
    bases: int


class Builder:
    """Bytes with gaps for numbers that are known later: a base of objects', or of pages'."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.objects: list[tuple[int, int]] = []
        self.page_keys: list[tuple[int, int]] = []

    def add(self, *parts: bytes | int) -> None:
        """Bytes, or an object's number counted from the base, as a reference."""
        for part in parts:
            if isinstance(part, int):
                self.number(part)
                self.data += b" 0 R"
            else:
                self.data += part

    def number(self, offset: int) -> None:
        """An object's number alone."""
        self.objects.append((len(self.data), offset))
        self.data += b" " * DIGITS

    def page_key(self, offset: int) -> None:
        """The number of a page in the whole document."""
        self.page_keys.append((len(self.data), offset))
        self.data += b" " * DIGITS


class SheetObjects:
    """What every filled sheet of a layout needs beside its content: pages and their structure.

    Numbers from a sheet's base on: the object stream, the pages' contents, the code, the dictionary
    of drawings, then what is inside the object stream: the node of the pages, the pages (with an
    empty one where `even` asks for it), the elements, and the node of the parent tree.
    """

    def __init__(self, layout: Layout, shared: Shared, *, even: bool) -> None:
        self.layout = layout
        self.leaves = len(layout.leaves)
        self.pages = self.leaves + (self.leaves % 2 if even else 0)
        self.code = 1 + self.leaves
        self.drawings = self.code + 1
        self.node = self.drawings + 1
        self.first_page = self.node + 1
        self.first_element = self.first_page + self.pages
        self.parents = self.first_element + len(layout.elements)
        self.count = self.parents + 1
        self.tops = [place for place, one in enumerate(layout.elements) if one.parent < 0]
        self._build(shared)

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
        self.template = np.frombuffer(bytes(head.data + body.data), dtype=np.uint8)
        shifted = [(place + self.first, offset) for place, offset in body.objects]
        self.objects = _gaps(head.objects + shifted)
        self.keys = _gaps([(place + self.first, offset) for place, offset in body.page_keys])

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
                body.page_key(page)
            else:
                body.add(b"/Resources<<>>")
            body.add(b">>\n")

    def _elements(self, body: Builder, shared: Shared, starts: list[int]) -> None:
        for element in self.layout.elements:
            starts.append(len(body.data))
            body.add(b"<</S/%s/P " % element.tag.encode())
            if element.parent < 0:
                body.add(b"%d 0 R" % shared.document)
            else:
                body.add(self.first_element + element.parent)
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
        body.page_key(0)
        body.page_key(self.leaves - 1)
        body.add(b"]/Nums[")
        for page, leaf in enumerate(self.layout.leaves):
            body.page_key(page)
            body.add(b"[")
            for mcid in range(leaf.marked):
                if (page, mcid) in owner:
                    body.add(self.first_element + owner[page, mcid], b" ")
                else:
                    body.add(b"null ")
            body.add(b"]")
        body.add(b"]>>\n")

    def object_stream(self, base: int, first_page: int) -> bytes:
        """The object stream of the sheet whose objects and pages have these first numbers."""
        data = self.template.copy()
        for (places, offsets), number in ((self.objects, base), (self.keys, first_page)):
            digits = (offsets + number)[:, None] // POWERS
            shown = np.where(digits > 0, digits % 10 + 48, 32)
            shown[:, -1] = digits[:, -1] % 10 + 48
            data[places] = shown.astype(np.uint8)
        return stream(
            data.tobytes(),
            b"/Type/ObjStm/N %d/First %d" % (self.inside, self.first),
        )

    def drawings_of(self, base: int, forms: Mapping[int, int]) -> bytes:
        """The dictionary of what the pages draw: the code, and forms by name and object number."""
        more = b"".join(b"/T%d %d 0 R" % (name, number) for name, number in forms.items())
        return b"<<%s/Code %d 0 R%s>>" % (self.images, base + self.code, more)


def code_form(drawing: bytes) -> bytes:
    """A code as a form, which several pages show."""
    return stream(drawing, b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>")


def stream(data: bytes, more: bytes = b"") -> bytes:
    """A compressed stream object without its number."""
    packed = isal_zlib.compress(data, LEVEL)
    head = b"<<%s/Filter/FlateDecode/Length %d>>stream\n" % (more, len(packed))
    return b"".join((head, packed, b"\nendstream"))


def numbered(number: int, data: bytes) -> bytes:
    """An object with its number."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, data)


def shared_objects(layout: Layout, first: int) -> list[bytes]:
    """What all sheets of a layout share: fonts and the like, then the pages' unchanging content."""
    fixed = [moved(data, first) for data in layout.objects]
    return fixed + [stream(leaf.base) for leaf in layout.leaves]


def moved(data: bytes, first: int) -> bytes:
    """An object's references, counted from 0 as `{n}`, counted from `first`."""
    head, found, rest = data.partition(b"stream\n")
    head = re.sub(rb"\{(\d+)\}", lambda one: b"%d" % (int(one[1]) + first), head)
    return head + found + rest


def _gaps(gaps: list[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the digits of every gap stand, and by how much its number exceeds the base."""
    table = np.array(gaps, dtype=np.int64).reshape(-1, 2)
    return table[:, :1] + np.arange(DIGITS), table[:, 1]
