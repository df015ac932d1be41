"""Make cover sheets: one before each section of the roster, to hand out and to collect by."""

from __future__ import annotations

from functools import cache
from itertools import groupby

from worksheets import exercise
from worksheets.class_set.name_lines import lacking
from worksheets.class_set.order import Order
from worksheets.language import counted, say_in
from worksheets.layouts.specification import Specification
from worksheets.layouts.store import kept
from worksheets.stamp.document import Merged
from worksheets.stamp.fallback import draw
from worksheets.stamp.layout import Layout
from worksheets.stamp.sheets import Stamp
from worksheets.stamp.writing import APART, printable

NAMES = ("section", "set", "what", "count", "first", "last")


def starts(order: Order, volume: range) -> list[range]:
    """Return the students of each section by their places, as far as they are in this file."""
    if not order.covers:
        return []
    groups = groupby(volume, key=lambda place: order.students[place].section)
    members = [list(places) for _, places in groups]
    return [range(places[0], places[-1] + 1) for places in members]


def pages(order: Order) -> int:
    """Count a cover's pages: an even number, so that sheets start on odd ones."""
    return Stamp(_layout(order.specification), even=True).objects.pages


def add(order: Order, volume: range, document: Merged) -> None:
    """Add a print file's covers, each before the first sheet of its section."""
    sections = starts(order, volume)
    if not sections:
        return
    stamp = Stamp(_layout(order.specification), even=True, first=document.next_number())
    texts = [_texts(order, section) for section in sections]
    parts = [part for one in texts for text in one.values() for part in text.split(APART)]
    fallback = draw(lacking(stamp.writer, parts, "section"))
    document.start(stamp, [fallback])
    for place, (section, one) in enumerate(zip(sections, texts, strict=True)):
        block = stamp.block(stamp.shown(one, fallback), place, fallback)
        document.add(block, [section.start - volume.start - 0.5])


def _texts(order: Order, section: range) -> dict[str, str]:
    kind, say = exercise.find(order.specification.kind_name), say_in(order.specification.language)
    level = order.specification.level
    how_many = counted(
        order.specification.language, "{count} sheet", "{count} sheets", len(section)
    )
    first, last = (order.students[place] for place in (section.start, section.stop - 1))
    faded = [say("some answers are shown already")] if order.specification.page.fade else []
    texts = {
        "section": first.section or order.set_name,
        "set": APART.join((say("Set"), order.set_name)),
        "what": APART.join((say(kind.TITLE), say("level {}").format(level), *faded)),
        "count": how_many.format(count=len(section)),
        "first": APART.join((say("First"), first.name, first.identifier)),
        "last": APART.join((say("Last"), last.name, last.identifier)),
    }
    return {name: printable(text) for name, text in texts.items()}


def _layout(specification: Specification) -> Layout:
    return layout(specification.page.paper, specification.language)


def decided(paper: str, language: str) -> tuple[object, ...]:
    """Return all that decides the layout of a cover sheet."""
    return ("cover", paper, language)


@cache
def layout(paper: str, language: str) -> Layout:
    """Return a cover sheet's layout, laid out only if it is not kept yet."""
    from worksheets.render.page import cover

    def lay_out() -> Layout:
        from worksheets.stamp import lay_out

        return lay_out.lay_out(lambda texts: cover(texts, paper, language), NAMES)

    return kept(decided(paper, language), lay_out)
