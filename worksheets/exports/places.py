"""Where a printed sheet has its tables and cells, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from worksheets import exercise
from worksheets.engine.graph import Part
from worksheets.ids import Identity
from worksheets.language import ENGLISH
from worksheets.render.grid import ANSWER
from worksheets.render.page import filled
from worksheets.render.texts import texts
from worksheets.sheet import make
from worksheets.stamp.layout import LENGTHS
from worksheets.stamp.slots import FIRST_TOKEN, TOKENS, tokens
from worksheets.views.faded import faded

POINTS = 0.75  # a pixel
PLACED = re.compile(r'<(td|th)\b|<p(?= class="field (?:name|date)")')
LINE = re.compile(r"(\w+)\[(\d+),(\d+)\]")
FIRST_SHEET = 1  # any will do


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from the page's upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Cell:
    """A table's cell: why it is there, its place, and its text, whose names are in `parts`.

    `parts` are literal, name of a text, literal, name, ... literal. `answers` is the cell of the
    key that is to be filled in here, as its line, row and column.
    """

    role: str
    box: Box
    parts: tuple[str, ...]
    answers: tuple[str, int, int] | None = None

    @property
    def line(self) -> str | None:
        """The line whose value, given, filled in or copied, stands here, if one's does."""
        found = LINE.fullmatch(self.parts[1]) if len(self.parts) > 1 else None
        return found[1] if found else None

    def text(self, shown: Mapping[str, str]) -> str:
        """Its text on the sheet with these texts."""
        return "".join(shown[part] if place % 2 else part for place, part in enumerate(self.parts))


@dataclass(frozen=True)
class Table:
    """A table: rows of cells, and its labels; those of a function's table are among its cells."""

    part: Part
    rows: tuple[tuple[Cell, ...], ...]
    row_labels: tuple[Cell, ...] = ()
    column_labels: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Places:
    """A printed sheet of a kind and level: pages' sizes in points, tables, fields for a person.

    `cells` holds every TD of the pages in the order of the tags.
    """

    sizes: tuple[tuple[float, float], ...]
    tables: tuple[Table, ...]
    cells: tuple[Cell, ...]
    fields: Mapping[str, tuple[Box, ...]]


@cache
def places(
    kind_name: str,
    level: int,
    paper: str,
    large_print: bool = False,
    language: str = ENGLISH,
    edition: str = "free",
    fade: str = "",
) -> Places:
    """The places on the sheets of a level, which are the same on all of them.

    In large print, what a faded or a continued sheet says first moves what comes after it. Cells
    that a fade shows are those of no answer.
    """
    from worksheets.render.pdf import document

    kind = exercise.find(kind_name)
    identity = Identity(kind.CODE, level, FIRST_SHEET, edition, language=language)
    view = faded(exercise.graph(kind_name, level, language), fade)
    names = list(texts(make([identity])[0]))
    stand_ins = tokens(names, LENGTHS[0])
    html = filled(
        kind,
        identity,
        stand_ins,
        solved=True,
        paper=paper,
        large_print=large_print,
        code="",
        view=view,
    )
    count = iter(range(len(html)))
    html = PLACED.sub(lambda found: f'{found[0]} id="place{next(count)}"', html)
    pages = document(html).pages
    boxes = {
        name: Box(number, *(edge * POINTS for edge in edges))
        for number, page in enumerate(pages)
        for name, edges in page.anchors.items()
    }
    parts = tuple(
        dict.fromkeys(
            line.step.part for line in exercise.graph(kind_name, level, language).lines.values()
        )
    )
    reader = Reader(boxes, names, parts)
    reader.feed(html)
    return Places(
        tuple((page.width * POINTS, page.height * POINTS) for page in pages),
        tuple(reader.tables),
        tuple(reader.cells),
        {name: tuple(some) for name, some in reader.fields.items()},
    )


@dataclass
class Row:
    """A row as it is read: whether it holds labels, and its cells with their tags."""

    labels: bool
    cells: list[tuple[str, Cell]] = field(default_factory=list)


class Reader(HTMLParser):
    """Reads tables, their cells' classes and texts, and under which part's heading they stand."""

    def __init__(self, boxes: Mapping[str, Box], names: list[str], parts: tuple[Part, ...]) -> None:
        super().__init__()
        self.boxes, self.names, self.parts = boxes, names, parts
        self.tables: list[Table] = []
        self.cells: list[Cell] = []
        self.fields: dict[str, list[Box]] = {"name": [], "date": []}
        self.part = parts[0]
        self.rows: list[Row] = []
        self.open: tuple[str, str, list[str]] | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """What begins."""
        values = dict(attributes)
        classes = (values.get("class") or "").split()
        self.text = ""
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append(Row("labels" in classes))
        elif tag in {"td", "th"}:
            self.open = (tag, str(values.get("id")), classes)
        elif tag == "p" and classes[:1] == ["field"] and "id" in values:
            self.fields[classes[1]].append(self.boxes[str(values["id"])])

    def handle_data(self, data: str) -> None:
        """Its text."""
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        """What ends."""
        if tag == "h1":
            found = (part for part in self.parts if self.text.strip().startswith(part.title))
            self.part = next(found, self.part)
        elif tag in {"td", "th"} and self.open:
            self.rows[-1].cells.append((tag, self._cell(*self.open)))
            if tag == "td":
                self.cells.append(self.rows[-1].cells[-1][1])
            self.open = None
        elif tag == "table":
            self.tables.append(self._table())

    def _cell(self, tag: str, name: str, classes: list[str]) -> Cell:
        parts = TOKENS.split(" ".join(self.text.split()))
        parts[1::2] = [self.names[ord(token) - FIRST_TOKEN] for token in parts[1::2]]
        role = classes[1] if len(classes) > 1 and tag == "td" else ""
        found = LINE.fullmatch(parts[1]) if role == ANSWER else None
        answers = (found[1], int(found[2]), int(found[3])) if found else None
        return Cell(role, self.boxes[name], tuple(parts), answers)

    def _table(self) -> Table:
        if not self.rows[0].labels:
            rows = (tuple(cell for _, cell in row.cells) for row in self.rows)
            return Table(self.part, tuple(rows))
        head, *body = self.rows
        return Table(
            self.part,
            tuple(tuple(cell for tag, cell in row.cells if tag == "td") for row in body),
            tuple(cell for row in body for tag, cell in row.cells if tag == "th"),
            tuple(cell for tag, cell in head.cells if tag == "th"),
        )
