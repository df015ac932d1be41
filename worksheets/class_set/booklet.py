"""The answer booklet: every sheet's checkpoints in one line, for whoever marks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TypeAlias

from worksheets import exercise
from worksheets.class_set.chunk import Fact
from worksheets.class_set.order import Order
from worksheets.class_set.specification import kept, key_of
from worksheets.engine.graph import Line
from worksheets.engine.notation import on_paper
from worksheets.stamp.document import Merged, Stamp
from worksheets.stamp.fill import printable
from worksheets.stamp.layout import Layout
from worksheets.stamp.shape import Face

ROWS = 32
Columns: TypeAlias = tuple[tuple[str, int], ...]  # a line's name, and its column's width in mm


def write_booklet(order: Order, facts: list[Fact], path: Path) -> None:
    """Write the booklet as a PDF, as many lines a page as it holds."""
    kind = exercise.find(order.specification.kind)
    graph = exercise.graph(order.specification.kind, order.specification.level)
    lines = (graph.lines[name] for name in kind.CHECKPOINTS if name in graph.lines)
    columns = tuple((line.name, _width(line)) for line in lines)
    title = f"{kind.TITLE}, level {order.specification.level}, set {order.set_name}: answers"
    stamp = _stamp(columns, order.specification.paper)
    pages = range(0, len(facts), ROWS)
    with path.open("wb") as file:
        document = Merged(file, stamp, title)
        for page, first in enumerate(pages):
            texts = dict.fromkeys(names(columns), "")
            texts |= {"id": "0", "heading": title, "page": f"{page + 1} / {len(pages)}"}
            some = list(zip(order.students, facts, strict=True))[first : first + ROWS]
            for row, (student, fact) in enumerate(some):
                texts[f"{row}.name"] = _fitting(stamp, student.name)
                texts[f"{row}.sheet"] = fact.id
                for column, text in enumerate(fact.checkpoints):
                    texts[f"{row}.{column}"] = on_paper(text)
            document.add(stamp.piece(stamp.shown(texts), page))
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


def _fitting(stamp: Stamp, name: str) -> str:
    """A name, cut where its column ends: the sheet's ID, beside it, is what counts."""
    slot = next(one for one in stamp.layout.slots if "0.name" in one.pattern.parts)
    style = stamp.layout.styles[slot.places[0].style]
    face: Face = stamp.layout.faces[style.font]
    text = printable(name)
    while (shaped := face.shape(text, style.size)) and shaped.width > slot.places[0].width - 4:
        text = re.sub(r".…?$", "…", text)
    return text
