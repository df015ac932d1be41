"""Fill a layout: the content of its pages for one sheet, to be drawn over what never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from unicodedata import normalize

from worksheets.render import qr
from worksheets.stamp.foreign import SIZE, Form
from worksheets.stamp.layout import LENGTHS, Layout, Place, Slot, Style
from worksheets.stamp.shape import Shaped
from worksheets.stamp.slots import Pattern

# Texts of a cell recur; a name or an ID does not, and a cache of them would only grow.
MOST_REMEMBERED = 30_000
CODES = 256  # the blank and the solved sheet of a chunk's students have the same
LINE = 1.000001  # a line may fill its room: sums of widths are not exact
PADDING = 4  # pixels between the edges of a column and a text that fills it
APART = " · "  # stands between parts of a text, each of which is of the page's fonts or foreign
NONE: Mapping[str, Form] = {}


class NotInFontError(ValueError):
    """A text that the layout's fonts cannot show, and that was not drawn beforehand."""


class Filler:
    """Fills one layout. What it has drawn of a text it keeps, as most cells hold small numbers."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        order = sorted(range(len(layout.slots)), key=self._order)
        self.order = [(slot, layout.slots[slot]) for slot in order]
        patterns = [slot.pattern for slot in layout.slots]
        self.named = {name: slot for slot in layout.slots for name in slot.pattern.parts[1::2]}
        self.patterns = [(_only_name(pattern), pattern) for pattern in patterns]
        self.drawn: dict[tuple[int, int, str], bytes] = {}
        self.styles = [
            b"%s\n/%s %.6f Tf\n" % (style.ink, style.font.encode(), style.size)
            for style in layout.styles
        ]

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
        layout = self.layout
        written = [
            text_of(pattern, texts) if name is None else texts[name]
            for name, pattern in self.patterns
        ]
        chosen = self._chosen(written)
        pages: list[list[bytes]] = [[] for _ in layout.leaves]
        current = [-1] * len(pages)
        for number, slot in self.order:
            text = written[number]
            if not text:
                continue
            place = slot.places[chosen[number]]
            page = pages[slot.page]
            if place.style != current[slot.page]:
                current[slot.page] = place.style
                page.append(self.styles[place.style])
            key = number, chosen[number], text
            drawn = self.drawn.get(key)
            if drawn is None:
                shaped = self._shape(text, layout.styles[place.style])
                if shaped is None:
                    page.append(b"".join(self._mixed(slot, place, text, foreign)))
                    continue
                drawn = b"".join(self._text(slot, place, text, shaped))
                if len(self.drawn) < MOST_REMEMBERED:
                    self.drawn[key] = drawn
            page.append(drawn)
        return [self._page(page, drawn) for page, drawn in enumerate(pages)]

    def _chosen(self, written: list[str]) -> list[int]:
        """Which place each slot takes: that for the longest text of its group."""
        chosen = [0] * len(written)
        for group in self.layout.groups:
            longest = max(group.longest, *(len(written[slot]) for slot in group.slots))
            if longest > LENGTHS[0]:
                place = min(longest, LENGTHS[-1]) - LENGTHS[0]
                for slot in group.slots:
                    chosen[slot] = place
        return chosen

    def _shape(self, text: str, style: Style) -> Shaped | None:
        return self.layout.faces[style.font].shape(text, style.size)

    def _text(self, slot: Slot, place: Place, text: str, whole: Shaped) -> Iterator[bytes]:
        style = self.layout.styles[place.style]
        yield b"/Span<</MCID %d>>BDC\n" % slot.mcid
        lines = [text]
        if slot.pattern.wraps and whole.width > place.width * LINE:
            lines = list(wrapped(text, lambda part: self._known(part, style).width, place.width))
        for number, line in enumerate(lines):
            shaped = self._known(line, style)
            y = place.y + number * place.leading
            yield b"1 0 0 -1 %.6f %.6f Tm%s\n" % (_left(place, shaped.width), y, shaped.shown)
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
                yield b"BT 1 0 0 -1 %.6f %.6f Tm%s ET\n" % (x, place.y, part.shown)
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

    def _page(self, page: int, drawn: list[bytes]) -> bytes:
        codes = b"".join(
            b"/Figure<</MCID %d>>BDC q %s cm /Code Do Q EMC\n"
            % (code.mcid, b" ".join(b"%.6f" % number for number in code.matrix))
            for code in self.layout.codes
            if code.page == page
        )
        height = self.layout.leaves[page].height
        head = b"q 0.75 0 0 -0.75 0 %.6f cm\nBT\n" % height
        return b"".join([head, *drawn, b"ET Q\n", codes])


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
def code(text: str) -> bytes:
    """An ID's QR code as a drawing of 1 by 1."""
    side, runs = qr.runs(text)
    lines = b"".join(b"%d %.1f m %d %.1f l\n" % (x, y + 0.5, x + n, y + 0.5) for x, y, n in runs)
    return b"%.8f 0 0 %.8f 0 0 cm 0 G 1 w\n%sS" % (1 / side, 1 / side, lines)


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
