"""The answer booklet: every sheet's checkpoints in one line, for whoever marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeAlias

from worksheets import exercise
from worksheets.class_set.chunk import Fact, checkpoints
from worksheets.class_set.lines import lacking
from worksheets.class_set.order import Order
from worksheets.class_set.specification import kept, key_of
from worksheets.engine.graph import Line
from worksheets.engine.notation import on_paper
from worksheets.stamp.document import Merged
from worksheets.stamp.fill import APART, PADDING, Filler, printable
from worksheets.stamp.foreign import Foreign, draw, placed, together
from worksheets.stamp.layout import Layout
from worksheets.stamp.sheets import Stamp

ROWS = 32
Columns: TypeAlias = tuple[tuple[str, int], ...]  # a line's name, and its column's width in mm


def write_booklet(order: Order, batches: Sequence[Foreign], facts: list[Fact], path: Path) -> None:
    """Write the booklet as a PDF, as many lines a page as it holds.

    `batches` are the foreign texts of the sheets, which include the students' names.
    """
    kind, level = exercise.find(order.specification.kind), order.specification.level
    graph = exercise.graph(order.specification.kind, level)
    columns = tuple((name, _width(graph.lines[name])) for name in checkpoints(kind, graph))
    title = APART.join(
        (kind.TITLE, f"level {level}", f"set {printable(order.set_name)}", "answers")
    )
    stamp = _stamp(columns, order.specification.paper)
    heading = draw(lacking(stamp.filler, title.split(APART), "heading"))
    drawn = placed([*batches, heading])
    foreign = together(drawn)
    rows = list(zip(order.students, facts, strict=True))
    empty = dict.fromkeys(names(columns), "")
    with path.open("wb") as file:
        document = Merged(file, title)
        document.start(stamp, drawn)
        for page, some in enumerate(rows[at : at + ROWS] for at in range(0, len(rows), ROWS)):
            pages = -(-len(rows) // ROWS)
            texts = empty | {"id": "0", "heading": title, "page": f"{page + 1} / {pages}"}
            for row, (student, fact) in enumerate(some):
                texts[f"{row}.name"] = _fitting(stamp.filler, student.name)
                texts[f"{row}.sheet"] = fact.id
                for column, text in enumerate(fact.checkpoints):
                    texts[f"{row}.{column}"] = on_paper(text)
            document.add(stamp.piece(stamp.shown(texts, foreign), page, foreign))
        document.finish()


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
def _stamp(columns: Columns, paper: str) -> Stamp:
    from worksheets.render.page import booklet

    def lay_out() -> Layout:
        from worksheets.stamp import lay_out

        return lay_out.lay_out(lambda texts: booklet(texts, columns, ROWS, paper), names(columns))

    return Stamp(kept(key_of(("booklet", columns, ROWS, paper)), lay_out))


def _fitting(filler: Filler, name: str) -> str:
    """A name, cut where its column ends: the sheet's ID, beside it, is what counts."""
    text = printable(name)
    if filler.lacks("0.name", text):
        return text  # a form, which is narrowed where it is drawn
    while filler.width("0.name", text) > filler.room("0.name") - PADDING:
        text = re.sub(r".…?$", "…", text)
    return text
