"""Write the answer booklet: every sheet's checkpoints beside each other, for whoever marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from worksheets import exercise
from worksheets.class_set.checkpoints import EDGES, in_booklet
from worksheets.class_set.name_lines import lacking
from worksheets.class_set.order import Order, Plan, Volume
from worksheets.class_set.part import facts
from worksheets.engine.notation import on_paper
from worksheets.language import say_in
from worksheets.layouts.specification import Specification
from worksheets.layouts.store import kept
from worksheets.render.booklet import Column, Table, page
from worksheets.stamp.document import Merged
from worksheets.stamp.fallback import FallbackTexts, draw, placed, together
from worksheets.stamp.layout import Layout
from worksheets.stamp.sheets import SheetBlock, Stamp, fallback_parts
from worksheets.stamp.writing import APART, PADDING, Writer, printable
from worksheets.workers.bounded_map import bounded_map

TOGETHER = 16  # pages that are filled at once
AHEAD = 64  # jobs begun before their pages are wanted: some 30,000 sheets, 12 MB
Row: TypeAlias = tuple[str, str, tuple[str, ...]]  # name, sheet, the cells of its checkpoints


@dataclass(frozen=True)
class Pages:
    """Hold some pages of the booklet, from a place on, and their headings, names and cells."""

    table: Table
    headings: tuple[str, ...]
    fallback: FallbackTexts
    first: int
    count: int
    rows: tuple[tuple[Row, ...], ...]


class Booklet:
    """Make a class set's booklet, whose pages the executor fills while other files are written."""

    def __init__(
        self,
        order: Order,
        plan: Plan,
        parts: Sequence[Path],
        executor: Executor,
    ) -> None:
        """Begin to fill pages, as many sheets a page as it holds; a section begins a new one.

        The plan has the fallback texts of the sheets, which include the students' names; `parts`
        are where the sheets are.
        """
        table = table_of(order.specification)
        self.title, self.stamp = _title(order), stamp_of(table)
        headings = [self._heading(volume) for volume in plan.volumes]
        texts = [text for heading in headings for text in heading.split(APART)]
        lacks = lacking(self.stamp.writer, texts, "heading")
        self.drawn = placed([*plan.fallback, draw(lacks)])
        rows = (
            (printable(student.name), fact.id, fact.checkpoints)
            for student, fact in zip(order.students, facts(parts), strict=True)
        )
        each = [
            (heading, len(volume.places[at : at + table.sheets]))
            for heading, volume in zip(headings, plan.volumes, strict=True)
            for at in range(0, len(volume.places), table.sheets)
        ]
        jobs = _jobs(Pages(table, (), together(self.drawn), 0, len(each), ()), each, rows)
        self.blocks = bounded_map(executor, filled, jobs, AHEAD)

    def _heading(self, volume: Volume) -> str:
        """Return the heading of a print file's pages: its section first, as much as has room."""
        section, writer = printable(volume.section), self.stamp.writer
        if section and not writer.lacks("heading", section + self.title):
            room = writer.room("heading") - writer.width("heading", APART + self.title)
            section = writer.cut("heading", section, room - PADDING)
        return APART.join(filter(None, (section, self.title)))

    def write(self, path: Path) -> None:
        """Write the booklet as a PDF."""
        with path.open("wb") as file:
            document = Merged(file, self.title)
            document.start(self.stamp, self.drawn)
            for block in self.blocks:
                document.add(block)
            document.finish()


def _title(order: Order) -> str:
    wanted, say = order.specification, say_in(order.specification.language)
    of_set = say("set {}").format(printable(order.set_name))
    level = say("level {}").format(wanted.level)
    faded = [say("some answers are shown already")] if wanted.page.fade else []
    title = say(exercise.find(wanted.kind_name).TITLE)
    return APART.join((title, level, of_set, say("answers"), *faded))


def table_of(wanted: Specification) -> Table:
    """Return the table of a class set's booklet."""
    columns: list[Column] = []
    first = 0
    for found in in_booklet(wanted.kind_name, wanted.level, wanted.page.fade, wanted.language):
        rows, cells, wide = len(found.rows), found.texts, found.width
        heading, cell = found.line.label, (wide - EDGES) // cells
        columns.append(Column(heading, wide, cell, rows, cells, first))
        first += rows * cells
    return Table(tuple(columns), wanted.page.paper, wanted.language)


def _jobs(pages: Pages, each: Sequence[tuple[str, int]], rows: Iterator[Row]) -> Iterator[Pages]:
    """Yield the booklet, some pages at a time, each with the fallback texts that it needs.

    `each` page has a heading, and so many rows.
    """
    for first in range(0, pages.count, TOGETHER):
        headings, counts = zip(*each[first : first + TOGETHER], strict=True)
        some = tuple(tuple(islice(rows, count)) for count in counts)
        used = [*headings, *(name for page in some for name, *_ in page)]
        fallback = pages.fallback.only(fallback_parts(used, pages.fallback.forms))
        yield replace(pages, headings=headings, fallback=fallback, first=first, rows=some)


def filled(pages: Pages) -> SheetBlock:
    """Fill some pages."""
    stamp, fallback = stamp_of(pages.table), pages.fallback
    every = [_texts(pages, stamp.writer, page) for page in range(len(pages.rows))]
    columns = {name: [texts[name] for texts in every] for name in every[0]}
    return stamp.blocks(stamp.all_shown(columns, fallback), pages.first, fallback)


def _texts(pages: Pages, writer: Writer, page: int) -> dict[str, str]:
    """Return all texts of one of the pages by name."""
    texts = dict.fromkeys(pages.table.names(), "")
    number = f"{pages.first + page + 1} / {pages.count}"
    texts |= {"heading": pages.headings[page], "page": number}
    for row, (name, sheet, cells) in enumerate(pages.rows[page]):
        texts[f"{row}.name"] = _fitting(writer, name)
        texts[f"{row}.sheet"] = sheet
        for cell, text in enumerate(cells):
            texts[f"{row}.{cell}"] = on_paper(text)
    return texts


def decided(table: Table) -> tuple[object, ...]:
    """Return all that decides the layout of a table's page."""
    return ("booklet", *astuple(table))


@cache
def stamp_of(table: Table) -> Stamp:
    """Return what fills the table's page, laid out once and kept."""

    def lay_out() -> Layout:
        from worksheets.stamp import lay_out

        return lay_out.lay_out(lambda texts: page(table, texts), table.names())

    return Stamp(kept(decided(table), lay_out))


def _fitting(writer: Writer, text: str) -> str:
    """Cut a name where its column ends: the sheet's ID, beside it, is what counts."""
    if writer.lacks("0.name", text):
        return text  # a form, which is narrowed where it is drawn
    return writer.cut("0.name", text, writer.room("0.name") - PADDING)
