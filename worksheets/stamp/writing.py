"""Write texts at the places of a layout, in the page's fonts or as forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from unicodedata import normalize

from worksheets.render.metrics import shift
from worksheets.stamp.fallback import NONE, SIZE, FallbackForm
from worksheets.stamp.layout import Layout, Place, Slot, Style
from worksheets.stamp.shape import Shaped, interned

LINE = 1.000001  # a line may fill its room: sums of widths are not exact
# Behind a space, and behind a hyphen between small letters: IDs and names stay whole.
BREAKS = re.compile(r"(?<= )|(?<=[^\W\d_A-Z]-)(?=[^\W\d_A-Z])")
PADDING = 4  # pixels between the edges of a column and a text that fills it
APART = " · "  # stands between parts of a text, each in the page's fonts or a fallback text


class NotInFontError(ValueError):
    """A text that the layout's fonts cannot show, and that was not drawn beforehand."""


class Writer:
    """Write in the fonts and styles of one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.faces = {name: interned(face) for name, face in layout.faces.items()}
        self.named = {name: slot for slot in layout.slots for name in slot.pattern.parts[1::2]}

    def room(self, name: str) -> float:
        """Return how wide a line of the text of this name may be, in pixels."""
        return self.named[name].places[0].width

    def width(self, name: str, text: str, fallback: Mapping[str, FallbackForm] = NONE) -> float:
        """Return how wide this text would be, in pixels, as the text of this name.

        Raises:
            NotInFontError: if it cannot be shown.
        """
        style = self.layout.styles[self.named[name].places[0].style]
        return sum(width for _, width in self._parts(text, style, fallback))

    def cut(self, name: str, text: str, room: float) -> str:
        """Cut the text to this width in pixels, with an ellipsis if that is not all of it.

        Raises:
            NotInFontError: if the page's own fonts cannot show it.
        """
        while self.width(name, text) > room:
            text = f"{text.rstrip('…')[:-1].rstrip()}…"
        return text

    def lacks(self, name: str, text: str) -> bool:
        """Tell whether the page's fonts cannot show this text, as the text of this name."""
        return self._shape(text, self.layout.styles[self.named[name].places[0].style]) is None

    def marked(
        self, slot: Slot, place: Place, text: str, fallback: Mapping[str, FallbackForm] = NONE
    ) -> bytes:
        """Return a text as a slot's marked content at one of its places.

        Raises:
            NotInFontError: if it cannot be shown.
        """
        if not text:
            return b""
        shaped = self._shape(text, self.layout.styles[place.style])
        if shaped is None:
            return b"".join(self._mixed(slot, place, text, fallback))
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
            x, y = _left(place, shaped.width), place.y + number * place.leading
            if slot.pattern.longest:
                file = self.faces[style.font].file
                x += shift(line, slot.pattern.longest, file) * _asked(style.size)
            yield b"1 0 0 -1 %.6f %.6f Tm%s\n" % (x, y, shaped.shown)
        yield b"EMC\n"

    def _known(self, text: str, style: Style) -> Shaped:
        shaped = self._shape(text, style)
        if shaped is None:
            raise NotInFontError(text)
        return shaped

    def _mixed(
        self, slot: Slot, place: Place, text: str, fallback: Mapping[str, FallbackForm]
    ) -> Iterator[bytes]:
        """Yield a text some of whose parts are forms: these stand outside of text objects."""
        style = self.layout.styles[place.style]
        parts = self._parts(text, style, fallback)
        width = sum(width for _, width in parts)
        narrowed = min(1, (place.width - PADDING) / width) if len(parts) == 1 else 1
        x = _left(place, width * narrowed)
        read = text.encode("utf-16-be").hex().encode()  # whatever the order of its glyphs
        yield b"ET\n/Span<</MCID %d/ActualText<feff%s>>>BDC\n" % (slot.mcid, read)
        for part, wide in parts:
            if isinstance(part, FallbackForm):
                scale = style.size / SIZE / 0.75
                numbers = scale * narrowed, -scale, x, place.y, part.place
                yield b"q %.6f 0 0 %.6f %.6f %.6f cm /T%d Do Q\n" % numbers
            else:
                yield b"BT 1 0 0 -1 %.6f %.6f Tm%s ET\n" % (x, place.y, part.shown)
            x += wide * narrowed
        yield b"EMC\nBT\n"

    def _parts(
        self, text: str, style: Style, fallback: Mapping[str, FallbackForm]
    ) -> list[tuple[Shaped | FallbackForm, float]]:
        """Return a text's parts with their widths in pixels."""
        if whole := self._shape(text, style):
            return [(whole, whole.width)]
        parts: list[tuple[Shaped | FallbackForm, float]] = []
        for place, part in enumerate(text.split(APART)):
            if place:
                between = self._known(APART, style)
                parts.append((between, between.width))
            if shaped := self._shape(part, style):
                parts.append((shaped, shaped.width))
            elif part in fallback:
                parts.append((fallback[part], fallback[part].width * style.size / SIZE))
            else:
                raise NotInFontError(part)
        return parts


def _left(place: Place, width: float) -> float:
    """Return where a line of this width begins; one too long begins at the left of its room."""
    return place.x - place.align * min(width, place.width)


def _asked(size: float) -> float:
    """Return the size in pixels that the styles ask for, in hundredths of points, of one drawn.

    The renderer rounds it for letters but not for indents.
    """
    return round(size * 0.75, 2) / 0.75


def printable(text: str) -> str:
    """Compose a text as far as it goes: it looks the same, and fonts know it rather."""
    return normalize("NFC", text)


def wrapped(text: str, width: Callable[[str], float], room: float) -> Iterator[str]:
    """Yield the text in lines, as many words in each as there is room for.

    A line may end with a hyphen between small letters as well, as the renderer's do.
    """
    line = ""
    for part in BREAKS.split(text):
        longer = line + part
        if line and width(longer.rstrip(" ")) > room * LINE:
            yield line.rstrip(" ")
            line = part
        else:
            line = longer
    yield line
