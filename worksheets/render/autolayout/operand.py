"""Find the parts of an expression that can be drawn as one matrix."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from worksheets.engine.formula import Namer
from worksheets.engine.graph import Graph, Line
from worksheets.engine.matrix import BIAS, Labels
from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.engine.shapes import taken
from worksheets.language import Say
from worksheets.render.autolayout.bands import Bands
from worksheets.render.autolayout.piece import (
    MIDDLE,
    NARROW,
    NARROW_LETTERS,
    Lines,
    Shown,
    View,
    cell_for,
    cell_under,
)
from worksheets.render.grid import CONSTANT, Cell, Grid, beside, constant


class Operands:
    """Reads the expressions of one graph."""

    def __init__(self, graph: Graph, say: Say) -> None:
        self.say, self.no_bias = say, say(", no bias")
        self.bands = Bands(graph)
        self.lines = self.bands.lines
        self.namer = Namer(graph, say)

    def line(self, line: Line, *, copied: bool) -> Shown:
        """A line itself, turned if it is drawn so: as it is filled in, or copied for what comes."""
        shown = replace(self._upright(line, copied=copied), cell=self.bands.cell[line.node])
        return shown.turned if line.node in self.bands.turned else shown

    def _upright(self, line: Line, *, copied: bool) -> Shown:
        name = line.name

        def view(lines: Lines) -> Grid:
            return lines(name).copied if copied else lines(name)

        cell = cell_for(line.node, line.column_labels)
        rows, columns = line.row_labels, line.column_labels
        return Shown(view, line.title, rows, columns, cell, not copied, line.node)

    def matrix(self, node: Node) -> Shown | None:
        """The one matrix that this is, if it is one: a line, or a line turned, cut or extended."""
        if node in self.lines:
            return self.line(self.lines[node], copied=True)
        shown, whole = self.upright(node), node
        while whole not in self.lines and len(whole.parents) == 1:
            (whole,) = whole.parents
        return shown and replace(shown, part_of=whole if whole in self.lines else None)

    def upright(self, node: Node) -> Shown | None:
        """The same with the rows and columns that the graph gives it."""
        if node in self.lines:
            return self._upright(self.lines[node], copied=True)
        if node.operation == "constant" and node.shape != (1, 1):
            return _constant(node)
        if node.operation in ("beside", "stacked"):
            return self._joined(node)
        inner = self.upright(node.parents[0]) if len(node.parents) == 1 else None
        if inner is None:
            return None
        rows, columns, view = inner.row_labels, inner.column_labels, inner.view
        if node.operation == "transpose":
            cell = max(inner.cell, cell_under(rows))
            return Shown(
                lambda lines: view(lines).turned, self._said(node, inner), columns, rows, cell
            )
        if node.operation == "columns":
            places = taken(node)
            labels = tuple(columns[place] for place in places)
            return Shown(
                lambda lines: view(lines).columns(places), self._said(node, inner), rows, labels,
                inner.cell,
            )  # fmt: skip
        if node.operation == "rows":
            places = taken(node)
            labels = tuple(rows[place] for place in places)
            return Shown(
                lambda lines: view(lines).turned.columns(places).turned, self._said(node, inner),
                labels, columns, inner.cell,
            )  # fmt: skip
        if node.operation == "with_row":
            return extended(inner, str(node.settings[0]))
        return None

    def _joined(self, node: Node) -> Shown | None:
        """Matrices put together, if each of them can be drawn."""
        parts = [part for part in map(self.upright, node.parents) if part is not None]
        if len(parts) < len(node.parents):
            return None
        first, *_ = parts
        title = ", ".join(part.title for part in parts)
        cell = max(part.cell for part in parts)
        if node.operation == "beside":
            labels = tuple(label for part in parts for label in part.column_labels)
            return Shown(
                lambda lines: beside([part.view(lines) for part in parts]),
                title, first.row_labels, labels, cell,
            )  # fmt: skip
        labels = tuple(label for part in parts for label in part.row_labels)
        return Shown(
            lambda lines: beside([part.view(lines).turned for part in parts]).turned,
            title, labels, first.column_labels, cell,
        )  # fmt: skip

    def _said(self, node: Node, inner: Shown) -> str:
        """The name of a part: short where it says enough."""
        if node.operation == "transpose":
            title, apart, more = inner.title.partition(self.no_bias)
            turned = f"{title}ᵀ" if len(title) <= 3 else self.say("{}, transposed").format(title)
            return turned + apart + more
        weights = range(len(inner.column_labels) - 1)
        biased = inner.column_labels[-1] == BIAS and node.operation == "columns"
        if biased and taken(node) == list(weights):
            return inner.title + self.no_bias
        return self.namer.text(node)


def extended(inner: Shown, text: str) -> Shown:
    """With a row of the same printed number below."""
    return Shown(
        lambda lines: inner.view(lines).above(text),
        inner.title,
        (*inner.row_labels, BIAS),
        inner.column_labels,
        inner.cell,
    )


def _constant(node: Node) -> Shown:
    every, width = [on_paper(write(Fraction(entry))) for entry in node.settings], node.shape[1]
    texts = [every[start : start + width] for start in range(0, len(every), width)]
    rows, columns = (tuple(str(place + 1) for place in range(size)) for size in node.shape)
    view = _printed(texts, rows, columns)
    longest_number = max(len(text) for row in texts for text in row)
    return Shown(view, "", rows, columns, NARROW if longest_number <= NARROW_LETTERS else MIDDLE)


def _printed(texts: list[list[str]], rows: Labels, columns: Labels) -> View:
    if len({text for row in texts for text in row}) == 1:
        return lambda lines: constant(texts[0][0], rows, columns)
    cells = tuple(tuple(Cell(text, CONSTANT) for text in row) for row in texts)
    return lambda lines: Grid("", cells, rows, columns)
