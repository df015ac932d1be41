"""Make a sheet to be filled in on a screen: the blank page with a form over its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import count, groupby
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from worksheets.exports.form_texts import FormTexts, form_texts
from worksheets.exports.typeface import typeface
from worksheets.sheet import Sheet
from worksheets.stamp.layout import Layout
from worksheets.stamp.places import PageBox
from worksheets.views.names import SHEET_FADE, SHEET_ID, WRITTEN

READ_ONLY, HIDDEN, PRINTED, SEVERAL_LINES = 1, 2, 4, 1 << 12
CENTRED = 1
EDGE = 0.6  # points by which a field is smaller than its cell, so that the border stays
CAPTION = 10  # points at the top of the fields for name and date in which their captions stand
INK = "0.09 0.23 0.62 rg /Sans {size} Tf"
SIZE = 0.45  # of a letter, as a share of its field's height
TEXT = 10  # points, of the letters of an answer in words


@dataclass(frozen=True)
class Blank:
    """Hold an opened blank sheet: its pages, its cells' tags, and the first tag on each page."""

    pdf: pikepdf.Pdf
    pages: list[Any]
    cells: list[Any]
    firsts: list[Any]


def fillable(sheet: Sheet, blank: bytes, layout: Layout, fade: str = "") -> bytes:
    """Return the blank sheet as a form, the same bytes each time; it was printed by this layout."""
    with pikepdf.open(BytesIO(blank)) as pdf:
        add_form(pdf, form_texts(sheet, fade), layout)
        file = BytesIO()
        pdf.save(
            file,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return file.getvalue()


def _opened(pdf: pikepdf.Pdf) -> Blank:
    """Look through the tags, in their order."""
    pages = [page.obj for page in pdf.pages]
    numbers = {page.objgen: number for number, page in enumerate(pages)}
    cells: list[Any] = []
    firsts: dict[int, Any] = {}
    root: Any = pdf.Root.StructTreeRoot
    waiting = [root.K]
    while waiting:
        tag = waiting.pop()
        if isinstance(tag, Array):
            waiting += reversed(list(tag))
        elif isinstance(tag, Dictionary):
            if tag.S == "/TD":
                cells.append(tag)
            if "/Pg" in tag and tag.S != "/Document":
                firsts.setdefault(numbers[tag.Pg.objgen], tag)
            if "/K" in tag:
                waiting.append(tag.K)
    return Blank(pdf, pages, cells, [firsts[page] for page in sorted(firsts)])


def add_form(pdf: pikepdf.Pdf, said: FormTexts, layout: Layout) -> None:
    """Put the form over a blank sheet that was printed by this layout.

    Raises:
        ValueError: if it has another number of cells.
    """
    blank = _opened(pdf)
    tags = {
        cell.answers: (cell.box, tag)
        for cell, tag in zip(layout.places.cells, blank.cells, strict=True)
        if cell.answers
    }
    form = Form(blank, [leaf.height for leaf in layout.leaves])
    form.known(SHEET_ID, "the sheet’s ID", said.id)
    if said.fade:
        form.known(SHEET_FADE, "what the sheet shows already", said.fade)
    for name, what in said.people.items():
        form.person(name, what, layout.places.fields[name])
    for name, line in groupby(said.cells, key=lambda cell: cell[0]):
        group = form.group(name, None)
        for row, cells in groupby(line, key=lambda cell: cell[1]):
            of_row = form.group(f"r{row + 1}", group)
            for cell in cells:
                form.cell(f"c{cell[2] + 1}", of_row, said.cells[cell], *tags[cell])
    for number, box in enumerate(layout.places.fields[WRITTEN], start=1):
        form.written(f"{WRITTEN}{number}", said.written, box)
    form.finish()


class Form:
    """Build the form of a document, field by field."""

    def __init__(self, blank: Blank, heights: Sequence[float]) -> None:
        self.blank, self.pdf, self.heights = blank, blank.pdf, heights
        self.fields = Array()
        self.font = typeface(self.pdf)
        self.resources = self.pdf.make_indirect(Dictionary(Font=Dictionary(Sans=self.font)))
        self.root: Any = self.pdf.Root.StructTreeRoot
        self.tree = pikepdf.NumberTree(self.root.ParentTree)
        self.keys = count(max(self.tree) + 1)
        self.annotations: list[list[Any]] = [[] for _ in blank.pages]
        self.heads: list[list[Any]] = [[] for _ in blank.pages]
        self.ends: list[list[Any]] = [[] for _ in blank.pages]

    def group(self, name: str, above: Any) -> Any:
        """Add a field that holds others."""
        return self._field(above, T=name)

    def cell(self, name: str, above: Any, what: str, box: PageBox, tag: Any) -> None:
        """Add a field over a cell."""
        field = self._field(above, T=name, FT=Name.Tx, TU=what, Q=CENTRED)
        tag.K = Array([self._widget(field, box, tag)])

    def person(self, name: str, what: str, boxes: tuple[PageBox, ...]) -> None:
        """Add a field on every page's head, which all show the same."""
        field = self._field(None, T=name, FT=Name.Tx, TU=what, Kids=Array())
        for box in boxes:
            lower = PageBox(box.page, box.left, box.top + CAPTION, box.right, box.bottom)
            widget = self.pdf.make_indirect(Dictionary(Parent=field, TU=what))
            field.Kids.append(widget)
            self.heads[box.page].append(self._widget(widget, lower, self.blank.firsts[box.page].P))

    def written(self, name: str, what: str, box: PageBox) -> None:
        """Add a field over lines to write on, which is read at its page's end."""
        field = self._field(None, T=name, FT=Name.Tx, TU=what, Ff=SEVERAL_LINES)
        self.ends[box.page].append(self._widget(field, box, self.blank.firsts[box.page].P, TEXT))

    def known(self, name: str, what: str, text: str) -> None:
        """Add a hidden field for programs that read the form; people see its text printed."""
        field = self._field(None, T=name, FT=Name.Tx, TU=what, V=text, DV=text, Ff=READ_ONLY)
        self._place(field, PageBox(0, 0, 0, 0, 0), HIDDEN)

    def finish(self) -> None:
        """Hang the fields into the pages, the tags and the document."""
        for page, widgets in zip(self.blank.pages, self.annotations, strict=True):
            if widgets:
                page.Annots = Array(widgets)
                page.Tabs = Name.S
        for first, head, end in zip(self.blank.firsts, self.heads, self.ends, strict=False):
            siblings = first.P.K
            place = next(n for n, kid in enumerate(siblings) if _same(kid, first))
            first.P.K = Array([*siblings[: place + 1], *head, *siblings[place + 1 :], *end])
        self.root.ParentTreeNextKey = next(self.keys)
        self.pdf.Root.AcroForm = self.pdf.make_indirect(
            Dictionary(
                Fields=self.fields,
                DR=self.resources,
                DA=INK.format(size=0),
                NeedAppearances=True,
            )
        )

    def _field(self, above: Any, **values: Any) -> Any:
        field = self.pdf.make_indirect(Dictionary(**values))
        if above is None:
            self.fields.append(field)
        else:
            field.Parent = above
            above.Kids = above.get("/Kids", Array())
            above.Kids.append(field)
        return field

    def _widget(self, field: Any, box: PageBox, above: Any, size: int = 0) -> Any:
        """Make a field visible on its page, and return its tag; letters have a size or fit."""
        key = next(self.keys)
        self._place(field, box, PRINTED, size)
        field.StructParent = key
        held = Dictionary(Type=Name.OBJR, Obj=field, Pg=field.P)
        tag = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Form, P=above, Pg=field.P, K=held)
        )
        self.tree[key] = tag
        return tag

    def _place(self, field: Any, box: PageBox, flags: int, size: int = 0) -> None:
        height = self.heights[box.page]
        width, tall = (
            max(0.0, box.right - box.left - 2 * EDGE),
            max(0.0, box.bottom - box.top - 2 * EDGE),
        )
        left, low = box.left + EDGE, height - box.bottom + EDGE
        field.Type, field.Subtype = Name.Annot, Name.Widget
        field.Rect = Array([_short(edge) for edge in (left, low, left + width, low + tall)])
        field.F = flags
        field.DA = INK.format(size=size or round(SIZE * tall))
        field.P = self.blank.pages[box.page]
        # Each has one of its own, which programs overwrite with what somebody types.
        empty = self.pdf.make_stream(
            b"/Tx BMC\nEMC\n",
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, _short(width), _short(tall)]),
            Resources=self.resources,
        )
        field.AP = Dictionary(N=empty)
        self.annotations[box.page].append(field)


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, Dictionary) and one.objgen == other.objgen


def _short(number: float) -> Decimal:
    return Decimal(f"{number:.3f}")
