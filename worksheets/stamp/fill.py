"""Fill a layout: the content of its pages for one sheet, to be drawn over what never changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter

import numpy as np

from worksheets.stamp.foreign import NONE, Form
from worksheets.stamp.layout import LENGTHS, Layout, Place, Slot
from worksheets.stamp.slots import Pattern
from worksheets.stamp.writing import NotInFontError, Writer

# Of a slot's texts: those of a cell recur; names and IDs do not.
MOST_REMEMBERED = 1000


class Drawn(dict[str, bytes]):
    """What a slot's texts look like at one of its places, drawn when they are first asked for.

    `head` chooses the style where the slot before has another.
    """

    def __init__(self, writer: Writer, slot: Slot, place: Place, head: bytes) -> None:
        super().__init__()
        self.writer, self.slot, self.place, self.head = writer, slot, place, head

    def __missing__(self, text: str) -> bytes:
        drawn = self.head + self.writer.marked(self.slot, self.place, text)
        if len(self) < MOST_REMEMBERED:
            self[text] = drawn
        return drawn

    def mixed(self, text: str, foreign: Mapping[str, Form]) -> bytes:
        """A text, some of whose parts may be forms.

        Raises:
            NotInFontError: if it cannot be shown.
        """
        try:
            return self[text]
        except NotInFontError:
            return self.head + self.writer.marked(self.slot, self.place, text, foreign)


class Filler:
    """Fills one layout. What it has drawn of a text it keeps, as most cells hold small numbers."""

    def __init__(self, layout: Layout, writer: Writer) -> None:
        self.layout, self.writer = layout, writer
        slots = layout.slots
        self.order = sorted(range(len(slots)), key=self._order)
        names = [_only_name(slot.pattern) for slot in slots]
        # A text made of several goes by its slot's number among the others.
        self.composed = [
            (slot, _template(slots[slot].pattern), _getter(slots[slot].pattern.parts[1::2]))
            for slot, one in enumerate(names)
            if one is None
        ]
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
        self.frames = [self._frame(page) for page in range(len(layout.leaves))]

    def _order(self, slot: int) -> tuple[int, int]:
        return self.layout.slots[slot].page, self.layout.slots[slot].places[0].style

    def contents(self, texts: Mapping[str, str], foreign: Mapping[str, Form] = NONE) -> list[bytes]:
        """What is drawn over each page; `foreign` texts are drawn already, as forms.

        Raises:
            NotInFontError: if a text cannot be shown.
        """
        every: dict[Hashable, str] = dict(texts.items())
        for slot, template, parts in self.composed:
            every[slot] = template % parts(every)
        plan = self._plan(self._longest(every))
        written = self.written(every)
        try:
            drawn = [slot[text] for slot, text in zip(plan, written, strict=True)]
        except NotInFontError:
            drawn = [slot.mixed(text, foreign) for slot, text in zip(plan, written, strict=True)]
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
        """What draws each slot, in the order of drawing; groups have longest texts like these."""
        if longest in self.plans:
            return self.plans[longest]
        chosen = [LENGTHS[0]] * len(self.layout.slots)
        for group, length in zip(self.layout.groups, longest, strict=True):
            for number in group.slots:
                chosen[number] = length
        plan: list[Drawn] = []
        current = (-1, -1)
        for number in self.order:
            slot = self.layout.slots[number]
            place = slot.at(chosen[number])
            style = slot.page, place.style
            key = number, chosen[number], style != current
            if key not in self.known:
                head = self.styles[place.style] if style != current else b""
                self.known[key] = Drawn(self.writer, slot, place, head)
            plan.append(self.known[key])
            current = style
        self.plans[longest] = plan
        return plan

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


def _template(pattern: Pattern) -> str:
    return "%s".join(literal.replace("%", "%%") for literal in pattern.parts[::2])


def _getter(keys: Sequence[Hashable]) -> Callable[[Mapping[Hashable, str]], tuple[str, ...]]:
    """What takes the values of these keys."""
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda every: tuple(every[key] for key in keys)


def _only_name(pattern: Pattern) -> str | None:
    """The one text that a pattern consists of, if it does."""
    parts = pattern.parts
    return parts[1] if len(parts) == 3 and not parts[0] + parts[2] else None
