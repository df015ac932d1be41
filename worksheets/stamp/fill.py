"""Fill a layout: the content of its pages for one sheet, to be drawn over what never changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import accumulate
from operator import itemgetter
from unicodedata import normalize

import numpy as np

from worksheets.render import qr
from worksheets.stamp.foreign import SIZE, Form
from worksheets.stamp.layout import LENGTHS, Layout, Place, Slot, Style
from worksheets.stamp.objects import stream
from worksheets.stamp.shape import Shaped, interned
from worksheets.stamp.slots import Pattern

# Of a slot's texts: those of a cell recur; names and IDs do not.
MOST_REMEMBERED = 1000
CODES = 1024  # the blank and the solved sheet of a chunk's students have the same
LINE = 1.000001  # a line may fill its room: sums of widths are not exact
PADDING = 4  # pixels between the edges of a column and a text that fills it
APART = " · "  # stands between parts of a text, each of which is of the page's fonts or foreign
NONE: Mapping[str, Form] = {}


class NotInFontError(ValueError):
    """A text that the layout's fonts cannot show, and that was not drawn beforehand."""


class Drawn(dict[str, bytes]):
    """What a slot's texts look like at one of its places, drawn when they are first asked for.

    `head` chooses the style where the slot before has another.
    """

    def __init__(self, filler: Filler, slot: Slot, place: Place, head: bytes) -> None:
        super().__init__()
        self.filler, self.slot, self.place, self.head = filler, slot, place, head

    def __missing__(self, text: str) -> bytes:
        drawn = self.drawn(text, NONE)
        if len(self) < MOST_REMEMBERED:
            self[text] = drawn
        return drawn

    def drawn(self, text: str, foreign: Mapping[str, Form]) -> bytes:
        """A text, some of whose parts may be forms.

        Raises:
            NotInFontError: if it cannot be shown.
        """
        return self.head + self.filler.drawn(self.slot, self.place, text, foreign)


class Filler:
    """Fills one layout. What it has drawn of a text it keeps, as most cells hold small numbers."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        slots = layout.slots
        self.order = sorted(range(len(slots)), key=self._order)
        self.named = {name: slot for slot in slots for name in slot.pattern.parts[1::2]}
        names = [_only_name(slot.pattern) for slot in slots]
        # A text made of several goes by its slot's number among the others.
        self.composed = [(slot, slots[slot].pattern) for slot, one in enumerate(names) if one is None]
        keys: list[Hashable] = [slot if one is None else one for slot, one in enumerate(names)]
        self.written = _getter([keys[slot] for slot in self.order])
        self.grouped = _getter([keys[slot] for group in layout.groups for slot in group.slots])
        pages = [slots[slot].page for slot in self.order]
        self.pages = [
            slice(bisect_left(pages, page), bisect_right(pages, page))
            for page in range(len(layout.leaves))
        ]
        ends = [0, *accumulate(len(group.slots) for group in layout.groups)]
        self.starts = ends[:-1]
        self.longest = np.array(
            [min(max(group.longest, LENGTHS[0]), LENGTHS[-1]) for group in layout.groups]
        )
        self.plans: dict[bytes, list[Drawn]] = {}
        self.known: dict[tuple[int, int, bool], Drawn] = {}
        self.styles = [
            b"%s\n/%s %.6f Tf\n" % (style.ink, style.font.encode(), style.size)
            for style in layout.styles
        ]
        self.faces = {name: interned(face) for name, face in layout.faces.items()}
        self.frames = [self._frame(page) for page in range(len(layout.leaves))]

    def _order(self, slot: int) -> tuple[int, int]:
        return self.layout.slots[slot].page, self.layout.slots[slot].places[0].style

    def room(self, name: str) -> float:
        """How wide a line of the text of this name may be, in pixels."""
        return self.named[name].places[0].width

    def width(self, name: str, text: str, foreign: Mapping[str, Form] = NONE) -> float:
        """How wide this text would be, in pixels, as the text of this name.

        Raises:
            NotInFontError: if it cannot be shown.
        """
        style = self.layout.styles[self.named[name].places[0].style]
        return sum(width for _, width in self._parts(text, style, foreign))

    def lacks(self, name: str, text: str) -> bool:
        """Whether the page's fonts cannot show this text, as the text of this name."""
        return self._shape(text, self.layout.styles[self.named[name].places[0].style]) is None

    def contents(self, texts: Mapping[str, str], foreign: Mapping[str, Form] = NONE) -> list[bytes]:
        """What is drawn over each page; `foreign` texts are drawn already, as forms.

        Raises:
            NotInFontError: if a text cannot be shown.
        """
        every: dict[Hashable, str] = {**texts}
        for slot, pattern in self.composed:
            every[slot] = text_of(pattern, texts)
        plan = self._plan(self._longest(every))
        written = self.written(every)
        try:
            drawn = [slot[text] for slot, text in zip(plan, written, strict=True)]
        except NotInFontError:
            drawn = [slot.drawn(text, foreign) for slot, text in zip(plan, written, strict=True)]
        return [
            b"".join((head, *drawn[some], end))
            for some, (head, end) in zip(self.pages, self.frames, strict=True)
        ]

    def _longest(self, every: Mapping[Hashable, str]) -> bytes:
        """The length of each group's longest text, as far as it matters."""
        if not self.starts:
            return b""
        lengths = np.fromiter(map(len, self.grouped(every)), dtype=np.int32)
        longest = np.maximum.reduceat(lengths, self.starts)
        return np.clip(longest, self.longest, LENGTHS[-1]).astype(np.uint8).tobytes()

    def _plan(self, longest: bytes) -> list[Drawn]:
        """What draws each slot, in the order of drawing, for groups whose longest texts are these."""
        if longest in self.plans:
            return self.plans[longest]
        chosen = [0] * len(self.layout.slots)
        for group, length in zip(self.layout.groups, longest, strict=True):
            for slot in group.slots:
                chosen[slot] = max(0, length - LENGTHS[0])
        plan, current = [], (-1, -1)
        for number in self.order:
            slot, place = self.layout.slots[number], chosen[number]
            style = slot.page, slot.places[place].style
            key = number, place, style != current
            if key not in self.known:
                head = self.styles[style[1]] if style != current else b""
                self.known[key] = Drawn(self, slot, slot.places[place], head)
            plan.append(self.known[key])
            current = style
        self.plans[longest] = plan
        return plan

    def drawn(self, slot: Slot, place: Place, text: str, foreign: Mapping[str, Form]) -> bytes:
        """A text as a slot's marked content at one of its places.

        Raises:
            NotInFontError: if it cannot be shown.
        """
        if not text:
            return b""
        shaped = self._shape(text, self.layout.styles[place.style])
        if shaped is None:
            return b"".join(self._mixed(slot, place, text, foreign))
        return b"".join(self._text(slot, place, text, shaped))

    def _shape(self, text: str, style: Style) -> Shaped | None:
        return self.faces[style.font].shape(text, style.size)

    def _text(self, slot: Slot, place: Place, text: str, whole: Shaped) -> Iterator[bytes]:
        style = self.layout.styles[place.style]
        yield b"/Span<</MCID %d>>BDC\n" % slot.mcid
        lines = [text]
        if slot.pattern.wraps and whole.width > place.width * LINE:
            lines = list(wrapped(text, lambda part: self._known(part, style).width, place.width))
        for number, line in enumerate(lines):
            shaped = self._known(line, style)
            y = place.y + number * place.leading
            yield b"1 0 0 -1 %.3f %.3f Tm%s\n" % (_left(place, shaped.width), y, shaped.shown)
        yield b"EMC\n"

    def _known(self, text: str, style: Style) -> Shaped:
        shaped = self._shape(text, style)
        if shaped is None:
            raise NotInFontError(text)
        return shaped

    def _mixed(
        self, slot: Slot, place: Place, text: str, foreign: Mapping[str, Form]
    ) -> Iterator[bytes]:
        """A text some of whose parts are forms: these stand outside of text objects."""
        style = self.layout.styles[place.style]
        parts = self._parts(text, style, foreign)
        width = sum(width for _, width in parts)
        narrowed = min(1, (place.width - PADDING) / width) if len(parts) == 1 else 1
        x = _left(place, width * narrowed)
        read = text.encode("utf-16-be").hex().encode()  # whatever the order of its glyphs
        yield b"ET\n/Span<</MCID %d/ActualText<feff%s>>>BDC\n" % (slot.mcid, read)
        for part, wide in parts:
            if isinstance(part, Form):
                scale = style.size / SIZE / 0.75
                numbers = scale * narrowed, -scale, x, place.y, part.place
                yield b"q %.6f 0 0 %.6f %.6f %.6f cm /T%d Do Q\n" % numbers
            else:
                yield b"BT 1 0 0 -1 %.3f %.3f Tm%s ET\n" % (x, place.y, part.shown)
            x += wide * narrowed
        yield b"EMC\nBT\n"

    def _parts(
        self, text: str, style: Style, foreign: Mapping[str, Form]
    ) -> list[tuple[Shaped | Form, float]]:
        """A text's parts with their widths in pixels."""
        if whole := self._shape(text, style):
            return [(whole, whole.width)]
        parts: list[tuple[Shaped | Form, float]] = []
        for place, part in enumerate(text.split(APART)):
            if place:
                between = self._known(APART, style)
                parts.append((between, between.width))
            if shaped := self._shape(part, style):
                parts.append((shaped, shaped.width))
            elif part in foreign:
                parts.append((foreign[part], foreign[part].width * style.size / SIZE))
            else:
                raise NotInFontError(part)
        return parts

    def _frame(self, page: int) -> tuple[bytes, bytes]:
        """What stands before and after a page's texts."""
        codes = b"".join(
            b"/Figure<</MCID %d>>BDC q %s cm /Code Do Q EMC\n"
            % (code.mcid, b" ".join(b"%.6f" % number for number in code.matrix))
            for code in self.layout.codes
            if code.page == page
        )
        head = b"q 0.75 0 0 -0.75 0 %.6f cm\nBT\n" % self.layout.leaves[page].height
        return head, b"ET Q\n" + codes


def _getter(keys: list[Hashable]) -> Callable[[Mapping[Hashable, str]], tuple[str, ...]]:
    """What takes the values of these keys."""
    if len(keys) < 2:
        return lambda every: tuple(every[key] for key in keys)
    return itemgetter(*keys)


def _left(place: Place, width: float) -> float:
    """Where a line of this width begins; one that is too long begins at the left of its room."""
    return place.x - place.align * min(width, place.width)


def text_of(pattern: Pattern, texts: Mapping[str, str]) -> str:
    """A pattern's text."""
    parts = pattern.parts
    return "".join(texts[part] if place % 2 else part for place, part in enumerate(parts))


def _only_name(pattern: Pattern) -> str | None:
    """The one text that a pattern consists of, if it does."""
    parts = pattern.parts
    return parts[1] if len(parts) == 3 and not parts[0] + parts[2] else None


@lru_cache(CODES)
def code_form(text: str) -> bytes:
    """An ID's QR code as a form of 1 by 1, which several pages show."""
    side, runs = qr.runs(text)
    drawing = b"".join(map(_run, runs))
    return stream(
        b"%.8f 0 0 %.8f 0 0 cm 0 G 1 w\n%sS" % (1 / side, 1 / side, drawing),
        b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>",
    )


@cache
def _run(run: tuple[int, int, int]) -> bytes:
    x, y, length = run
    return b"%d %.1f m %d %.1f l\n" % (x, y + 0.5, x + length, y + 0.5)


def printable(text: str) -> str:
    """The text composed as far as it goes: it looks the same, and fonts know it rather."""
    return normalize("NFC", text)


def wrapped(text: str, width: Callable[[str], float], room: float) -> Iterator[str]:
    """The text in lines, as many words in each as there is room for."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer) > room * LINE:
            yield line
            line = word
        else:
            line = longer
    yield line
