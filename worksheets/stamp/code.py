"""Draw a page's QR code as a form."""

from __future__ import annotations

from functools import cache, lru_cache

from worksheets.render import qr
from worksheets.stamp.objects import stream

REMEMBERED = 4096  # the blank and the solved sheets of a load's students have the same


@lru_cache(REMEMBERED)
def code_form(text: str) -> bytes:
    """Return a text's QR code as a form of 1 by 1."""
    modules, runs = qr.runs(text)
    side, drawing = qr.side(modules), b"".join(map(_lines(modules).__getitem__, runs))
    return stream(
        b"%.8f 0 0 %.8f 0 0 cm 0 G 1 w\n%sS" % (1 / side, 1 / side, drawing),
        b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<<>>",
    )


class Lines(dict[qr.Run, bytes]):
    """Hold how dark runs are drawn, each from when it is first asked for.

    A code of 25 modules has some 170 runs, and they recur: looking them up as they come takes a
    third less than working out where each is.
    """

    def __init__(self, modules: int) -> None:
        """Hold those of codes with so many modules along a side."""
        super().__init__()
        self.modules = modules

    def __missing__(self, run: qr.Run) -> bytes:
        x, y, length = qr.place(run, self.modules)
        self[run] = b"%d %.1f m %d %.1f l\n" % (x, y + 0.5, x + length, y + 0.5)
        return self[run]


_lines = cache(Lines)
