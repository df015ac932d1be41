"""Read back what the renderer made of some HTML: boxes, content, objects and fonts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from worksheets.render.pdf import VARIANT, document, no_garbage_collection, scope_headers
from worksheets.stamp import content
from worksheets.stamp.shape import Face

FONTS = {
    "Sheet-Sans": ("SheetSans-Regular.ttf", "font: 1pt Sheet Sans"),
    "Sheet-Sans-Bold": ("SheetSans-Bold.ttf", "font: 700 1pt Sheet Sans"),
    "Sheet-Hand": ("SheetHand-Regular.ttf", "font: 1pt Sheet Hand"),
}
REFERENCE = re.compile(rb"\b(\d+) 0 R\b")


class RenderedPages:
    """Hold what the renderer made of some HTML: boxes, its pages' content and its PDF objects."""

    @no_garbage_collection
    def __init__(self, html: str, style: str = "", *, tagged: bool = True) -> None:
        laid_out = document(html, style)
        self.boxes = [page.anchors for page in laid_out.pages]
        self.sizes = [(page.width * 0.75, page.height * 0.75) for page in laid_out.pages]
        kept: list[Any] = []

        def keep(found: Any, pdf: Any) -> None:
            scope_headers(found, pdf)
            kept.append(pdf)

        laid_out.write_pdf(pdf_variant=VARIANT if tagged else None, finisher=keep)
        pdf = kept[0]
        self.objects: list[Any] = list(pdf.objects)
        self.pages = [int(number) for number in pdf.pages["Kids"][::3]]
        self.streams = [_plain(self._object(self.objects[page]["Contents"])) for page in self.pages]
        self.contents = [content.read(stream) for stream in self.streams]
        self.resources = self._object(self.objects[self.pages[0]]["Resources"])
        self.faces = self._faces()
        self.language = pdf.catalog["Lang"].string if tagged else ""

    def _object(self, reference: bytes) -> Any:
        return self.objects[int(reference.split()[0])]

    def _faces(self) -> dict[str, Face]:
        """Return the package's fonts by their names in the PDF, with their embedded glyphs."""
        found = {}
        for name, reference in self._object(self.resources["Font"]).items():
            font = self._object(reference)
            base = _text(font["BaseFont"]).partition("+")[2]
            if base in FONTS:
                descendant = self._object(font["DescendantFonts"][0])
                found[name] = Face(FONTS[base][0], _advances(descendant["W"]))
        return found

    def complete_mappings(self) -> None:
        """Map glyphs that stand for no character of their own to a space of no width.

        In some scripts a glyph's neighbour stands for both; the renderer maps the other to nothing,
        which PDF/UA does not allow.
        """
        for reference in self._object(self.resources["Font"]).values():
            mapping = self._object(self._object(reference)["ToUnicode"])
            mapping.stream = [_bytes(part).replace(b" <>", b" <200b>") for part in mapping.stream]

    def used_by(self, root: Any) -> tuple[tuple[bytes, ...], Callable[[bytes], bytes]]:
        """Return all that an object needs, numbered from 0, and what renumbers a reference so."""
        order: dict[int, int] = {}
        queue = [root.data]
        for data in queue:
            for reference in REFERENCE.findall(_head(data)):
                if int(reference) not in order:
                    order[int(reference)] = len(order)
                    queue.append(self.objects[int(reference)].data)

        def renumbered(data: bytes) -> bytes:
            head = _head(data)
            new = REFERENCE.sub(lambda found: b"{%d} 0 R" % order[int(found[1])], head)
            return new + data[len(head) :]

        return tuple(renumbered(data) for data in queue[1:]), renumbered


def _advances(widths: list[Any]) -> dict[int, int]:
    """Read every glyph's advance from a font's /W: first glyph, [advances...], first glyph..."""
    found: dict[int, int] = {}
    for first, some in zip(widths[::2], widths[1::2], strict=True):
        found |= {int(first) + place: int(width) for place, width in enumerate(some)}
    return found


def _bytes(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part


def _text(name: str | bytes) -> str:
    return name.decode() if isinstance(name, bytes) else name


def _plain(stream: Any) -> bytes:
    stream.compress = False
    return bytes(stream.data.split(b"\nstream\n", 1)[1].removesuffix(b"\nendstream"))


def _head(data: bytes) -> bytes:
    """Return an object's bytes without its stream."""
    return data.split(b"stream\n", 1)[0]
