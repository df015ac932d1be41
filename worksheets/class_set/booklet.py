"""The answer booklet: every sheet's checkpoints in one line, for whoever marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from worksheets import exercise
from worksheets.class_set.ahead import in_order
from worksheets.class_set.chunk import checkpoints
from worksheets.class_set.lines import lacking
from worksheets.class_set.order import Order
from worksheets.class_set.part import facts
from worksheets.class_set.specification import kept, key_of
from worksheets.engine.graph import Line
from worksheets.engine.notation import on_paper
from worksheets.language import say_in
from worksheets.stamp.document import Merged
from worksheets.stamp.foreign import Foreign, draw, placed, together
from worksheets.stamp.layout import Layout
from worksheets.stamp.sheets import Piece, Stamp, foreign_parts
from worksheets.stamp.writing import APART, PADDING, Writer, printable

ROWS = 32
TOGETHER = 16  # pages that are filled at once
Columns: TypeAlias = tuple[tuple[str, int], ...]  # a heading, and its column's width in mm
Row: TypeAlias = tuple[str, str, tuple[str, ...]]  # name, sheet, checkpoints


@dataclass(frozen=True)
class Pages:
    """Some pages of the booklet: the first one's place, and each one's names, sheets and cells."""

    columns: Columns
    paper: str
    language: str
    heading: str
    foreign: Foreign
    first: int
    count: int
    rows: tuple[tuple[Row, ...], ...]


def write_booklet(
    order: Order, batches: Sequence[Foreign], parts: Sequence[Path], path: Path, executor: Executor
) -> None:
    """Write the booklet as a PDF, as many lines a page as it holds; the executor fills pages.

    `batches` are the foreign texts of the sheets, which include the students' names; `parts` are
    where the sheets are.
    """
    kind, level = exercise.find(order.specification.kind), order.specification.level
    language = order.specification.language
    graph, say = exercise.graph(order.specification.kind, level, language), say_in(language)
    fade = order.specification.fade
    lines = [graph.lines[name] for name in checkpoints(kind, graph, fade)]
    columns = tuple((line.in_words, _width(line)) for line in lines)
    of_set = say("set {}").format(printable(order.set_name))
    title = APART.join((say(kind.TITLE), say("level {}").format(level), of_set, say("answers")))
    paper = order.specification.paper
    stamp = _stamp(columns, paper, language)
    drawn = placed([*batches, draw(lacking(stamp.writer, title.split(APART), "heading"))])
    every = together(drawn)
    rows = (
        (printable(student.name), fact.id, fact.checkpoints)
        for student, fact in zip(order.students, facts(parts), strict=True)
    )
    count = -(-len(order.students) // ROWS)
    jobs = _jobs(Pages(columns, paper, language, title, every, 0, count, ()), rows)
    with path.open("wb") as file:
        document = Merged(file, title)
        document.start(stamp, drawn)
        for piece in in_order(executor, filled, jobs):
            document.add(piece)
        document.finish()


def _jobs(pages: Pages, rows: Iterator[Row]) -> Iterator[Pages]:
    """The booklet, some pages at a time, each with the foreign texts that it needs."""
    for first in range(0, pages.count, TOGETHER):
        last = min(first + TOGETHER, pages.count)
        some = tuple(tuple(islice(rows, ROWS)) for _ in range(first, last))
        used = [pages.heading, *(name for page in some for name, *_ in page)]
        foreign = pages.foreign.only(foreign_parts(used, pages.foreign.forms))
        yield replace(pages, foreign=foreign, first=first, rows=some)


def filled(pages: Pages) -> Piece:
    """Fill some pages."""
    stamp, foreign = _stamp(pages.columns, pages.paper, pages.language), pages.foreign
    empty = dict.fromkeys(names(pages.columns), "")
    pieces = []
    for place, rows in enumerate(pages.rows, start=pages.first):
        texts = empty | {
            "id": "0",
            "heading": pages.heading,
            "page": f"{place + 1} / {pages.count}",
        }
        for row, (name, sheet, cells) in enumerate(rows):
            texts[f"{row}.name"] = _fitting(stamp.writer, name)
            texts[f"{row}.sheet"] = sheet
            for column, text in enumerate(cells):
                texts[f"{row}.{column}"] = on_paper(text)
        pieces.append(stamp.piece(stamp.shown(texts, foreign), place, foreign))
    return Piece.joined(pieces)


def _width(line: Line) -> int:
    rows, columns = line.node.shape
    return 3 + 10 * rows * columns if line.node.is_word else 3 + 11 * rows * columns


def names(columns: Columns) -> list[str]:
    """What a page's texts are called."""
    cells = [
        f"{row}.{what}" for row in range(ROWS) for what in ("name", "sheet", *range(len(columns)))
    ]
    return ["id", "heading", "page", *cells]


@cache
def _stamp(columns: Columns, paper: str, language: str) -> Stamp:
    from worksheets.render.page import booklet

    def lay_out() -> Layout:
        from worksheets.stamp import lay_out

        return lay_out.lay_out(
            lambda texts: booklet(texts, columns, ROWS, paper, language), names(columns)
        )

    return Stamp(kept(key_of(("booklet", columns, ROWS, paper, language)), lay_out))


def _fitting(writer: Writer, text: str) -> str:
    """A name, cut where its column ends: the sheet's ID, beside it, is what counts."""
    if writer.lacks("0.name", text):
        return text  # a form, which is narrowed where it is drawn
    while writer.width("0.name", text) > writer.room("0.name") - PADDING:
        text = re.sub(r".…?$", "…", text)
    return text
