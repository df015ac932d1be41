"""A layout's places are those of the plain rendering, whatever the kind, the level and the look."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
import whole_run

from worksheets import exercise
from worksheets.ids import Identity
from worksheets.layouts.specification import of_sheet
from worksheets.render.page import html
from worksheets.render.pdf import document
from worksheets.render.texts import texts
from worksheets.sheet import make
from worksheets.views.faded import faded
from worksheets.views.page import Page

POINTS = 0.75  # a pixel
SHEETS = (
    ("rlhf", 1, "free", "en", Page()),
    ("rlhf", 2, "published", "en", Page(paper="letter", fade="alternate")),
    ("rlhf", 3, "free", "es", Page(large_print=True, fade="one-cell")),
    ("matmul", 1, "free", "es", Page(paper="letter")),
    ("softmax", 2, "free", "en", Page(fade="one-matrix")),
    ("transformer", 1, "continued", "en", Page(large_print=True)),
    ("dpo", 3, "free", "en", Page(paper="letter")),
)


@dataclass
class Printed(HTMLParser):
    """Tables and fields with the names of their boxes, read from a page's HTML."""

    tables: list = field(default_factory=list)
    fields: dict = field(default_factory=lambda: {"name": [], "date": []})

    def __post_init__(self):
        super().__init__()
        self.cell = None

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        classes = (of.get("class") or "").split()
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append(("labels" in classes, []))
        elif tag in ("td", "th"):
            self.cell = [tag, classes, of["id"], ""]
            self.tables[-1][-1][1].append(self.cell)
        elif tag == "p" and classes and classes[-1] in self.fields:
            self.fields[classes[-1]].append(of["id"])

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        if self.cell:
            self.cell[3] += data


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "level", "edition", "language", "page"), whole_run.chosen(4, list(SHEETS))
)
def test_places_are_those_of_the_plain_rendering(kind, level, edition, language, page):
    code = exercise.find(kind).CODE
    (one,) = make([Identity(code, level, 3, edition, language=language)])
    view = faded(one.graph, page.fade)
    how = {"page": page, "view": view}
    count = iter(range(10**6))
    text = re.sub(
        "<(td|th|p)(?= )|<(td|th)(?=>)",
        lambda found: f'{found[0]} id="box{next(count)}"',
        html(one, solved=True, **how),
    )
    boxes = {
        name: (page, *(edge * POINTS for edge in edges))
        for page, drawn in enumerate(document(text).pages)
        for name, edges in drawn.anchors.items()
    }
    printed = Printed()
    printed.feed(text)
    places, shown = of_sheet(one, page).layout().places, texts(one)
    assert len(places.tables) == len(printed.tables) > 3
    for table, rows in zip(places.tables, printed.tables, strict=True):
        assert table.labelled == rows[0][0]
        for ours, (_, theirs) in zip(table.tagged, rows, strict=True):
            for cell, (tag, classes, name, said) in zip(ours, theirs, strict=True):
                assert cell.header == (tag == "th")
                assert cell.text(shown) == " ".join(said.split())
                assert (cell.role or "none") in [*classes, "none"]
                assert _edges(cell.box) == pytest.approx(boxes[name])
    for name, some in printed.fields.items():
        expected = [pytest.approx(boxes[one]) for one in some]
        assert list(map(_edges, places.fields[name])) == expected
    assert places.fields["name"]
    answers = [cell.answers for cell in places.cells if cell.answers]
    to_do = {
        (line.name, row, column)
        for line in one.graph.answers
        for row in range(line.node.shape[0])
        for column in range(line.node.shape[1])
        if f"{line.name}[{row},{column}]" not in view.hints
    }
    assert len(answers) == len(to_do)
    assert set(answers) == to_do


def _edges(box):
    return (box.page, box.left, box.top, box.right, box.bottom)
