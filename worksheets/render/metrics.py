"""Measure texts as the renderer sets them: in the pages' own faces, by HarfBuzz."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

import uharfbuzz as hb

from worksheets.render.texts import folder

REGULAR, BOLD, HAND = (f"Sheet{name}.ttf" for name in ("Sans-Regular", "Sans-Bold", "Hand-Regular"))
FEATURES = {"tnum": True, "lnum": True, "liga": False, "clig": False}
UNITS = 1024  # Pango's, to a pixel
PIXEL = 25.4 / 96  # mm
POINT = 25.4 / 72  # mm
NUMBER = re.compile(r"([−-]?\d+)([.,]\d+)?")
EM = 100.0  # pt, a size at which lengths in em are measured
NO_BREAK = "\u00a0"
# What the renderer takes for one space: one that breaks no line is none of them.
SPACES = re.compile(r"[ \n\t]+")
# A word of the sheet, or a constant, that is not known yet, and what stands for it in a layout.
BRACED = re.compile(r"\{([^}]*)\}|[\U000f0000-\U000ffffd]+")
BRACKETS = re.compile(r"\([^() ]{1,8} [^()]{1,8}\)")  # as (Y ⊙ P)
EXPRESSION = re.compile(r"(?<!\S)[^\W_]{1,2} [−+÷·⊙] [^\W_]{1,2}(?!\w)")  # as 1 − P
LONGEST_WORD, LONGEST_ANSWER, LONGEST_CONSTANT = 7, 9, 4
LONGEST_QUESTION = " ".join(["n" * 6] * 10)  # a theme's, of 70 letters


@cache
def face(file: str) -> hb.Face:
    """Return a font of the package."""
    return hb.Face(hb.Blob.from_file_path(folder() / "fonts" / file))


@cache
def font(file: str, scale: int) -> hb.Font:
    """Return a font of the package at a size, in Pango's units."""
    found = hb.Font(face(file))
    found.scale = (scale, scale)
    return found


@lru_cache(16_384)
def width_of(text: str, size: float, file: str = REGULAR) -> float:
    """Return a text's width in mm at a size in pt, in one line.

    Words and constants of the sheet, in braces or as a layout's tokens, are as wide as may be.
    """
    buffer = hb.Buffer()
    buffer.add_str(BRACED.sub(_longest, text))
    buffer.guess_segment_properties()
    hb.shape(font(file, round(size * UNITS)), buffer, FEATURES)
    return float(sum(one.x_advance for one in buffer.glyph_positions or ())) / UNITS * POINT


def _longest(found: re.Match[str]) -> str:
    name = found[1] or ""
    if name.startswith("constant."):
        return "0" * LONGEST_CONSTANT
    if name == "question":
        return LONGEST_QUESTION
    return "n" * (LONGEST_ANSWER if name.startswith(("answer", "choice")) else LONGEST_WORD)


def lines(text: str, room: float, size: float, file: str = REGULAR) -> int:
    """Count the lines of a text in this room, in mm: as many words in each as it holds."""
    count, line = 0, ""
    for word in SPACES.split(BRACED.sub(_longest, text).strip(" \n\t")):
        longer = f"{line} {word}" if line else word
        if line and width_of(longer, size, file) > room:
            count, line = count + 1, word
        else:
            line = longer
    return count + bool(line)


def bound(text: str, room: float, size: float, file: str = REGULAR) -> str:
    """Return a text whose last two words stay together, so that none stands alone on a line.

    Two words alone stay as they are, and so do those that are too long for a line together. What
    stands in brackets stays together as well, if it is short, and so does a sign with its sides.
    """
    for whole in (BRACKETS, EXPRESSION):
        text = whole.sub(lambda found: found[0].replace(" ", NO_BREAK), text)
    start, *last = text.rsplit(" ", 2)
    if not start or len(last) < 2 or NO_BREAK in last[1]:
        return text
    if width_of(" ".join(last), size, file) > room:
        return text
    cut = len(text) - len(last[1])
    return text[: cut - 1] + NO_BREAK + text[cut:]  # a template's text stays one


def longest_of(texts: Iterable[str]) -> str:
    """Return the number with the longest parts before and behind the point that these have."""
    parts = [found.groups("") for text in texts if (found := NUMBER.fullmatch(text))]
    return "".join(max(some, key=len) for some in zip(*parts, strict=True))


@lru_cache(1_024)
def shift(text: str, longest: str, file: str) -> float:
    """Return how far right of its cell's middle a number stands, in em of a font's file.

    The longest one of its column would stand in the middle, and none reaches farther than that
    does, where there is no room for longer ones. What is no number does not move.
    """
    own, other = NUMBER.fullmatch(text), NUMBER.fullmatch(longest)
    if own is None or other is None:
        return 0.0
    before, behind = (_em(other[n], file) - _em(own[n], file) for n in (1, 2))
    spare = max(0.0, before + behind)
    return round(min(max(before - behind, -spare), spare) / 2, 4)


def _em(text: str | None, file: str) -> float:
    return width_of(text, EM, file) / POINT / EM if text else 0.0
