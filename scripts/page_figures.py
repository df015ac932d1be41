"""Figures of every kind's pages: how many, what is computed and copied on them, how full they are.

Prints a table in Markdown. Arguments: names of kinds, else all.
"""

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pypdfium2
from plans import copied
from weasyprint.formatting_structure.boxes import LineBox

from worksheets import exercise
from worksheets.engine.graph import GIVEN
from worksheets.ids import Identity
from worksheets.language import ENGLISH, say_in
from worksheets.render.autolayout.frame import ENDS, FOOT, TOP
from worksheets.render.autolayout.line_placer import Reader
from worksheets.render.autolayout.pages import laid_out
from worksheets.render.autolayout.plan import kept, name_of
from worksheets.render.page import html
from worksheets.render.pdf import document, render_both
from worksheets.sheet import make

TILE = 5  # mm
DOTS = 4  # a millimetre
MILLIMETRES = 25.4 / 72
BOTTOM = ENDS["a4"]
EDGE_X, EDGE_Y = 10.0, (297 - BOTTOM - FOOT) / 2 + 1.5  # mm, of what is printed, on A4
PIXEL = 25.4 / 96  # mm
INDICES = ("sub", "sup")
HEAD = (
    "kind", "level", "pages", "computed", "copied", "%", "again", "out of line", "empty, by page",
    "smallest text, pt", "words alone",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """Hold the figures of one level of a kind."""

    pages: int
    computed: int
    copied: int
    again: int
    afar: int
    empty: tuple[float, ...]
    smallest: float
    alone: int


def figures(kind: str, level: int) -> Figures:
    """Return a level's figures: of its plan, and of a blank sheet as it is printed."""
    graph = exercise.graph(kind, level, ENGLISH)
    found = laid_out(graph, say_in(ENGLISH), kept(name_of(kind, level, ENGLISH, "a4"), graph))
    lines = Reader(graph, say_in(ENGLISH)).operands.lines
    cells, seen = Counter[str](), set()
    for piece in (piece for page in found for piece in page.pieces if piece.line):
        line = lines[piece.line]
        size = line.node.shape[0] * line.node.shape[1]
        if line.role == GIVEN:
            cells["again"] += size * (piece.line in seen)
        elif piece.style == "output":
            cells["computed"] += size
        seen.add(piece.line)
    record = exercise.find(kind)
    edition = exercise.editions(record, level)[0]
    (sheet,) = make([Identity(record.CODE, level, 1, edition)])
    blank, _ = render_both(sheet)
    page = html(sheet, solved=False)
    smallest, alone = text(page)
    return Figures(
        len(found), cells["computed"], copied(page), cells["again"],
        sum(page.afar for page in found), tuple(empty(blank)), smallest, alone,
    )  # fmt: skip


def empty(pdf: bytes) -> list[float]:
    """Return the share of tiles of 5 mm without ink in each page's frames."""
    shares = []
    for page in pypdfium2.PdfDocument(pdf):
        image = page.render(scale=DOTS * MILLIMETRES).to_numpy().min(axis=2) < 200
        top, bottom = (round((EDGE_Y + y) * DOTS) for y in (TOP + 8, BOTTOM - 1))
        left, right = (round((EDGE_X + x) * DOTS) for x in (1, 189))
        inside, side = image[top:bottom, left:right], TILE * DOTS
        rows, columns = (size // side for size in inside.shape)
        tiles = inside[: rows * side, : columns * side].reshape(rows, side, columns, side)
        shares.append(1 - float(np.mean(tiles.any(axis=(1, 3)))))
    return shares


def text(html: str) -> tuple[float, int]:
    """Return the smallest size of text above the foot, in pt, and how many words stand alone.

    A word stands alone on the last of several lines. Indices are no text of their own.
    """
    sizes, alone = [], 0
    for page in document(html).pages:
        boxes = list(page._page_box.descendants(placeholders=True))
        for box in boxes:
            if not getattr(box, "text", "").strip() or box.element_tag in INDICES:
                continue
            if box.position_y * PIXEL < EDGE_Y + BOTTOM and box.style["color"].alpha:
                sizes.append(box.style["font_size"] * PIXEL / MILLIMETRES)
        for box in boxes:
            lines = [one for one in getattr(box, "children", ()) if isinstance(one, LineBox)]
            alone += len(lines) > 1 and len(_said(lines[-1]).split()) == 1
    return round(min(sizes), 1), alone


def _said(line: LineBox) -> str:
    return "".join(getattr(box, "text", "") for box in line.descendants())


def main(kinds: list[str]) -> None:
    """Print the table, and what all kinds come to together."""
    print("|", " | ".join(HEAD), "|")
    print("|", " | ".join("---" for _ in HEAD), "|")
    total = Counter[str]()
    for kind in kinds:
        for level in exercise.find(kind).LEVELS:
            one = figures(kind, level)
            share = 100 * one.copied / (one.computed + one.copied)
            by_page = " ".join(f"{100 * page:.0f}" for page in one.empty)
            row = (
                kind, level, one.pages, one.computed, one.copied, f"{share:.0f}", one.again,
                one.afar, by_page, f"{one.smallest:g}", one.alone,
            )  # fmt: skip
            print("|", " | ".join(map(str, row)), "|", flush=True)
            total.update(pages=one.pages, computed=one.computed, copied=one.copied, again=one.again)
    share = 100 * total["copied"] / (total["computed"] + total["copied"])
    print(
        f"\nTogether: {total['pages']} pages, {total['computed']} cells computed, "
        f"{total['copied']} copied ({share:.1f} %), {total['again']} printed again."
    )


if __name__ == "__main__":
    main(sys.argv[1:] or [kind for kind in exercise.all_kinds() if kind != "rlhf"])
