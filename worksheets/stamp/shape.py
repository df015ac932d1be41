"""Shape text as glyphs: the same ones, at the same places, as the renderer's HarfBuzz finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import uharfbuzz as hb

from worksheets.render.metrics import FEATURES, UNITS, face, font

REMEMBERED = 16_384  # a page's texts come again on others and on the solved sheet


@dataclass(frozen=True)
class Shaped:
    """Hold glyphs as a PDF shows them, how wide they are in pixels, and which they are."""

    shown: bytes
    width: float
    glyphs: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Face:
    """Hold a font of the package as a layout embeds it: advances by glyph, in 1/1000 em."""

    file: str
    advances: dict[int, int]

    def shape(self, text: str, size: float) -> Shaped | None:
        """Return the text at this size in pixels, or None if the embedded font cannot show it."""
        return _shaped(self, text, size)


def interned(face: Face) -> Face:
    """Return the one such face that blank and solved layout share, with what it has shaped."""
    return _one_face(face.file, tuple(face.advances.items()))


@cache
def _one_face(file: str, advances: tuple[tuple[int, int], ...]) -> Face:
    return Face(file, dict(advances))


@lru_cache(REMEMBERED)
def _shaped(embedded: Face, text: str, size: float) -> Shaped | None:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font(embedded.file, round(size * UNITS)), buffer, FEATURES)
    advances = embedded.advances
    shown, width, glyphs = "<", 0, []
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        glyph = info.codepoint
        if not glyph or glyph not in advances or position.x_offset or position.y_offset:
            return None
        shown += f"{glyph:04x}"
        kerning = int(advances[glyph] - position.x_advance * 1000 / UNITS / size)
        if kerning:
            shown += f">{kerning}<"
        width += position.x_advance
        glyphs.append(glyph)
    show = f"[{shown}>]TJ" if ">" in shown else f"{shown}>Tj"
    return Shaped(show.replace("<>", "").encode(), width / UNITS, tuple(glyphs))


@cache
def repertoire(file: str) -> str:
    """Return every character that a font of the package can show."""
    return "".join(map(chr, sorted(face(file).unicodes)))
