"""Draw texts by a browser's own fonts, which are in every script that its machine reads."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from js import OffscreenCanvas

FINE = 8  # dots to a pixel: 768 an inch at the size at which they are drawn
BELOW = 0.5  # of the size, for what hangs below the line
DARK = 128


@dataclass(frozen=True)
class Bitmap:
    """Hold a drawn text: rows of bits from the top, 1 for ink; lengths are in pixels."""

    columns: int
    rows: int
    bits: bytes
    width: float
    height: float
    below: float


def drawn(text: str, size: int) -> Bitmap:
    """Return a text in bold letters of this size in pixels."""
    canvas = OffscreenCanvas.new(1, 1)
    font = f"700 {size * FINE}px 'Sheet Sans', 'Noto Sans', sans-serif"
    context = canvas.getContext("2d")
    context.font = font
    width, height = context.measureText(text).width / FINE, 2.0 * size
    canvas.width, canvas.height = max(ceil(width * FINE), 1), round(height * FINE)
    context.font = font  # another size of the canvas forgets it
    context.fillText(text, 0, (height - BELOW * size) * FINE)
    pixels = context.getImageData(0, 0, canvas.width, canvas.height).data.to_bytes()
    ink = np.frombuffer(pixels, np.uint8).reshape(canvas.height, canvas.width, 4)[:, :, 3] >= DARK
    bits = np.packbits(ink, axis=1).tobytes()
    return Bitmap(canvas.width, canvas.height, bits, width, height, BELOW * size)
