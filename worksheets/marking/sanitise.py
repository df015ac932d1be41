"""Turn anybody's text into one that a page can show: in its face's characters, in its room."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from unicodedata import category, combining, normalize

from worksheets.stamp.layout import LENGTHS, Layout, Style
from worksheets.stamp.shape import repertoire
from worksheets.stamp.writing import wrapped

UNKNOWN, CUT = "□", "…"
PICTURED: dict[int, str | None] = dict.fromkeys(
    map(ord, "\ufe0f\u20e3")
)  # turn digits into pictures
JOINERS = "\u200c\u200d"  # without them some names are written wrong
EDGE = 3.0  # pixels at the ends of a line that touch a cell's border
LONGEST = 500  # of characters that are looked at: no room is as large


def tidy(text: str, longest: int = LONGEST) -> str:
    """Return the text in one line, without characters that are invisible or turn it around."""
    line = " ".join(text[: 4 * longest].split())
    kept = (sign for sign in normalize("NFC", line) if category(sign)[0] != "C" or sign in JOINERS)
    return cut("".join(kept), longest)


def cut(text: str, longest: int) -> str:
    """Return at most so many characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + CUT


def drawable(text: str) -> str:
    """Replace pictures, which no page needs, and whose fonts are not of outlines."""
    known = _known("SheetSans-Regular.ttf")
    pictures = {sign for sign in set(text) if category(sign) == "So"} - known
    return text.translate(PICTURED | dict.fromkeys(map(ord, pictures), UNKNOWN))


@cache
def _known(file: str) -> frozenset[str]:
    return frozenset(sign for sign in repertoire(file) if category(sign)[0] != "C")


def legible(text: str, file: str) -> str:
    """Write the text in a font's characters: others as their like in it, else as a square."""
    known = _known(file)
    tidied = tidy(text)
    return tidied if known.issuperset(tidied) else "".join(_alike(tidied, known))


def _alike(text: str, known: frozenset[str]) -> Iterator[str]:
    for sign in text:
        plain = normalize("NFKC", sign)
        if sign in known:
            yield sign
        elif known.issuperset(plain):
            yield plain
        elif sign.isdecimal():
            yield str(int(sign))
        elif not combining(sign) and sign not in JOINERS:
            yield UNKNOWN


class TextFitter:
    """Cut texts to what fits into the places of one layout. Results are cached."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.slots = {name: slot for slot in layout.slots for name in slot.pattern.parts[1::2]}
        self.kinds: dict[str, tuple[tuple[int, float], ...]] = {
            name: tuple((place.style, round(place.width, 3)) for place in slot.places)
            for name, slot in self.slots.items()
        }
        self.fitted: dict[tuple[tuple[tuple[int, float], ...], str, int], str] = {}

    def cell(self, name: str, text: str) -> str:
        """Return as much of a text as a cell has room for: longer texts are written smaller."""
        return self._kept(name, text, 0)

    def lines(self, name: str, text: str, most: int) -> str:
        """Return as many whole words as stand in so many lines."""
        return self._kept(name, text, most)

    def holds(self, name: str, text: str, most: int) -> bool:
        """Tell whether a text stands in so many lines without being cut."""
        shown = legible(text, self._file(name))
        return not text or (not shown.endswith(CUT) and self._in_lines(name, shown, most))

    def _kept(self, name: str, text: str, most: int) -> str:
        if not text:
            return ""
        key = self.kinds[name], text, most
        if (found := self.fitted.get(key)) is None:
            found = self._words(name, text, most) if most else self._letters(name, text)
            self.fitted[key] = found
        return found

    def _letters(self, name: str, text: str) -> str:
        whole = shown = legible(text, self._file(name))
        while shown and not self._fits(name, shown):
            kept = len(shown) - (2 if shown.endswith(CUT) else 1)
            shown = whole[: min(kept, 2 * LENGTHS[-1])] + CUT
            if shown == CUT:
                return ""
        return shown

    def _fits(self, name: str, text: str) -> bool:
        room = self.slots[name].at(len(text)).width - EDGE
        return self._width(name, text, len(text)) <= room

    def _words(self, name: str, text: str, most: int) -> str:
        words = legible(text, self._file(name)).split(" ")
        for count in range(len(words), 0, -1):
            line = " ".join(words[:count]) + (CUT if count < len(words) else "")
            if self._in_lines(name, line, most):
                return line
        return self._letters(name, text)

    def _in_lines(self, name: str, text: str, most: int) -> bool:
        room = self.slots[name].places[0].width
        lines = list(wrapped(text, lambda part: self._width(name, part), room))
        return len(lines) <= most and all(self._width(name, one) <= room for one in lines)

    def _file(self, name: str) -> str:
        return self.layout.faces[self._style(name, 0).font].file

    def _style(self, name: str, length: int) -> Style:
        return self.layout.styles[self.slots[name].at(length).style]

    def _width(self, name: str, text: str, length: int = 0) -> float:
        style = self._style(name, length)
        shaped = self.layout.faces[style.font].shape(text, style.size)
        return shaped.width if shaped else float("inf")
