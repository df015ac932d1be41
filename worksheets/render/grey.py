"""Turn the sheets' styles into ones without colour, for printers that have none."""

from __future__ import annotations

import re

from worksheets.render.texts import folder

COLOUR = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b")
FONT_FACE = re.compile(r"@font-face \{[^}]*\}")
# How bright red, green and blue are: Rec. 709.
WEIGHTS = (0.2126, 0.7152, 0.0722)


def grey_styles() -> str:
    """Return every rule again with greys as bright as its colours; later rules win."""
    styles = (folder() / "sheet.css").read_text(encoding="utf-8")
    return COLOUR.sub(lambda found: _grey(found[1]), FONT_FACE.sub("", styles))


def in_grey(colour: str) -> str:
    """Return a colour's grey, both as #123456."""
    return _grey(colour.removeprefix("#"))


def _grey(digits: str) -> str:
    full = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    channels = (int(full[place : place + 2], 16) for place in (0, 2, 4))
    level = round(sum(w * c for w, c in zip(WEIGHTS, channels, strict=True)))
    return f"#{level:02x}{level:02x}{level:02x}"
