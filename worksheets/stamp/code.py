"""An ID's QR code as a form."""

from __future__ import annotations

from functools import cache, lru_cache

from worksheets.render import qr
from worksheets.stamp.objects import stream

REMEMBERED = 1024  # the blank and the solved sheets of a load's students have the same


@lru_cache(REMEMBERED)
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
