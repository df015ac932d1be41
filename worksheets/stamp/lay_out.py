"""Lay a page out: the renderer draws it with placeholders, and what it drew is read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from worksheets.language import say_in
from worksheets.render import qr
from worksheets.render.pdf import VARIANT, document, scope_headers
from worksheets.stamp import content, structure
from worksheets.stamp.layout import (
    CENTRE,
    LEFT,
    LENGTHS,
    RIGHT,
    Code,
    Layout,
    Leaf,
    Place,
    Slot,
    Style,
)
from worksheets.stamp.shape import Face, repertoire
from worksheets.stamp.slots import Marked, anchor, mark, placeholders, tokens

FONTS = {
    "Sheet-Sans": ("SheetSans-Regular.ttf", "font: 1pt Sheet Sans"),
    "Sheet-Sans-Bold": ("SheetSans-Bold.ttf", "font: 700 1pt Sheet Sans"),
    "Sheet-Hand": ("SheetHand-Regular.ttf", "font: 1pt Sheet Hand"),
}
CODE = (
    f'<svg viewBox="0 0 1 1"><title>{qr.TITLE}</title>'
    '<path fill="none" stroke="#000" d="M0 .5h1"/></svg>'
)
REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
SPECIMEN = "specimen"
NEAR = 0.05  # of a pixel: as exact as the renderer writes places
PADDING = 4  # pixels between an edge of a box and its text, at most


class Drawn:
    """What the renderer made of some HTML: its boxes, its pages' content and its PDF objects."""

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
        """The package's fonts by their names in the PDF, with the glyphs that are embedded."""
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
        """All that an object needs, numbered anew from 0, and how to number a reference anew."""
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


def lay_out(
    filled: Callable[[dict[str, str]], str], names: Iterable[str], *, style: str = ""
) -> Layout:
    """The layout of pages whose HTML `filled` makes of the texts of these names.

    Raises:
        ValueError: if what ought never to change does so with the texts.
    """
    known = list(names)
    styles: list[Style] = []
    first, *others = (_laid_out(filled, known, length, style, styles) for length in LENGTHS)
    marked, drawn, found = first
    bases = _bases(drawn, found)
    for _, other, elsewhere in others:
        if _bases(other, elsewhere)[0] != bases[0] or elsewhere.keys() != found.keys():
            raise ValueError("something moves with the lengths of texts")
    slots = [
        Slot(
            marked.slots[slot],
            page,
            mcid,
            tuple(one[2][slot, page, mcid] for one in (first, *others)),
        )
        for slot, page, mcid in _in_order(found)
    ]
    objects, renumbered = drawn.used_by(drawn.resources)
    resources = {
        name: renumbered(value if isinstance(value, bytes) else value.data)
        for name, value in drawn.resources.items()
    }
    leaves, codes, dropped = bases
    return Layout(
        drawn.language,
        marked.title,
        leaves,
        tuple(slots),
        marked.groups,
        codes,
        tuple(styles),
        structure.elements(drawn.objects, drawn.pages, dropped),
        objects,
        resources,
        drawn.faces,
    )


# The place of each slot by its number, page and marked content: a page's margin repeats some.
Found = dict[tuple[int, int, int], Place]


def _in_order(found: Found) -> list[tuple[int, int, int]]:
    """Every slot's first place by the slot's number, which groups refer to, then the others."""
    firsts: dict[int, tuple[int, int, int]] = {}
    for key in sorted(found):
        firsts.setdefault(key[0], key)
    return [*firsts.values(), *sorted(found.keys() - firsts.values())]


def _laid_out(
    filled: Callable[[dict[str, str]], str],
    names: list[str],
    length: int,
    style: str,
    styles: list[Style],
) -> tuple[Marked, Drawn, Found]:
    marked = mark(filled(tokens(names, length)), names)
    specimens = "".join(
        f'<p class="{SPECIMEN}" style="{css}">{escape(repertoire(file))}</p>'
        for file, css in FONTS.values()
    )
    drawn = Drawn(marked.html.replace("</body>", f"{specimens}</body>"), style)
    return marked, drawn, _found(marked, drawn, styles)


def _found(marked: Marked, drawn: Drawn, styles: list[Style]) -> Found:
    """Where each slot is drawn; styles that are new go to the others."""
    texts = dict(zip(placeholders(), range(len(marked.slots)), strict=False))
    glyphs = {
        (name, shaped.glyphs): (slot, text)
        for text, slot in texts.items()
        for name, face in drawn.faces.items()
        if (shaped := face.shape(text, 16))
    }
    found: Found = {}
    for page, (runs, _) in enumerate(drawn.contents):
        for run in runs:
            if (run.font, run.glyphs) not in glyphs:
                continue
            slot, text = glyphs[run.font, run.glyphs]
            shaped = drawn.faces[run.font].shape(text, run.size)
            if shaped is None:
                raise ValueError(f"{text} is of no known font")
            drawing = Style(run.font, run.size, run.ink)
            if drawing not in styles:
                styles.append(drawing)
            left, top, right, bottom = drawn.boxes[page][anchor(slot)]
            align = _align(run.x - left, right - run.x - shaped.width)
            x = run.x + align * shaped.width
            place = Place(styles.index(drawing), x, run.y, align, right - left, bottom - top, top)
            found[slot, page, run.mcid] = place
    if missing := set(range(len(marked.slots))) - {slot for slot, _, _ in found}:
        raise ValueError(f"not drawn: {[marked.slots[slot].parts for slot in missing]}")
    return found


def _align(before: float, after: float) -> float:
    """How a line stands in its box that leaves so many pixels on either side."""
    if abs(before) < NEAR:
        return LEFT
    if abs(before - after) < NEAR:
        return CENTRE
    if min(before, after) < PADDING:
        return LEFT if before < after else RIGHT
    raise ValueError(f"a line stands {before} and {after} pixels from its box's edges")


def _bases(
    drawn: Drawn, found: Found
) -> tuple[tuple[Leaf, ...], tuple[Code, ...], set[tuple[int, int]]]:
    """The pages without what differs, their codes, and the marked content that is left out."""
    leaves, codes = [], []
    title = say_in(drawn.language)(qr.TITLE)
    code_marks = structure.marked_by(drawn.objects, drawn.pages, "Figure", title)
    filled = {(page, mcid) for _, page, mcid in found}
    specimens = set()
    for page, (runs, matrices) in enumerate(drawn.contents):
        stream = drawn.streams[page]
        for run in runs:
            face = drawn.faces.get(run.font)
            if face and 2 * len(run.glyphs) > len(repertoire(face.file)):
                specimens.add((page, run.mcid))
        gone = {mcid for place, mcid in filled | code_marks | specimens if place == page}
        for place, mcid in sorted(code_marks):
            if place == page:
                codes.append(Code(page, mcid, matrices[mcid]))
        numbers = [int(number) for number in re.findall(rb"/MCID (\d+)", stream)]
        last = max((one for one in numbers if (page, one) not in specimens), default=-1)
        leaves.append(Leaf(*drawn.sizes[page], content.without(stream, gone), last + 1))
    return tuple(leaves), tuple(codes), specimens


def _advances(widths: list[Any]) -> dict[int, int]:
    """The advance of every glyph from a font's /W: first glyph, [advances...], first glyph..."""
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
    """An object's bytes without its stream."""
    return data.split(b"stream\n", 1)[0]
