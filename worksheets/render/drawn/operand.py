"""What of an expression can be drawn as one matrix, and what as signs between matrices."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from worksheets.engine.formula import Namer
from worksheets.engine.graph import Graph, Line
from worksheets.engine.matrix import BIAS, Labels
from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.render.drawn.piece import Lines, Shown, View, is_wide
from worksheets.render.grid import CONSTANT, Cell, Grid, constant

# A matrix, or a sign or number that stands between matrices.
Item: TypeAlias = Shown | str

WITHOUT_BIAS = ", no bias"
PLUS, MINUS, TIMES, DOT, OVER = "+", "−", "⊙", "·", "÷"


class Operands:
    """Reads the expressions of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.lines = {line.node: line for line in graph.lines.values()}
        self.rates = {node: name for name, node in graph.rates.items()}
        self.namer = Namer(graph)

    def line(self, line: Line, *, copied: bool, title: str | None = None) -> Shown:
        """A line itself: as it is filled in, or copied for what comes next."""
        name = line.name

        def view(lines: Lines) -> Grid:
            return lines(name).copied if copied else lines(name)

        wide = is_wide(line.node, line.column_labels)
        shown = line.title if title is None else title
        return Shown(view, shown, line.row_labels, line.column_labels, wide, not copied)

    def matrix(self, node: Node) -> Shown | None:
        """The one matrix that this is, if it is one: a line, or a line turned, cut or extended."""
        if node in self.lines:
            return self.line(self.lines[node], copied=True)
        if node.operation == "constant" and node.shape != (1, 1):
            return _constant(node)
        inner = self.matrix(node.parents[0]) if len(node.parents) == 1 else None
        if inner is None:
            return None
        rows, columns, view = inner.row_labels, inner.column_labels, inner.view
        if node.operation == "transpose":
            return Shown(
                lambda lines: view(lines).turned, self._said(node, inner), columns, rows, inner.wide
            )
        if node.operation == "columns":
            taken = _taken(node, 1)
            labels = tuple(columns[place] for place in taken)
            return Shown(
                lambda lines: view(lines).columns(taken), self._said(node, inner), rows, labels,
                inner.wide,
            )  # fmt: skip
        if node.operation == "rows":
            taken = _taken(node, 0)
            labels = tuple(rows[place] for place in taken)
            return Shown(
                lambda lines: view(lines).turned.columns(taken).turned, self._said(node, inner),
                labels, columns, inner.wide,
            )  # fmt: skip
        if node.operation == "with_row":
            return extended(inner, filler(node))
        return None

    def _said(self, node: Node, inner: Shown) -> str:
        """The name of a part: short where it says enough."""
        if node.operation == "transpose":
            title, apart, more = inner.title.partition(WITHOUT_BIAS)
            turned = f"{title}ᵀ" if len(title) <= 3 else f"{title}, turned"
            return turned + apart + more
        weights = range(len(inner.column_labels) - 1)
        biased = inner.column_labels[-1] == BIAS and node.operation == "columns"
        if biased and _taken(node, 1) == list(weights):
            return inner.title + WITHOUT_BIAS
        return self.namer.text(node)

    def items(self, node: Node) -> list[Item] | None:
        """Matrices and signs side by side, if that is what this expression is."""
        found = list(self._items(node, top=True))
        return None if None in found else [item for item in found if item is not None]

    def _items(self, node: Node, *, top: bool = False) -> Iterator[Item | None]:
        whole = None if top else self.matrix(node)
        if whole is not None:
            yield whole
        elif node.operation == "constant" and node.shape == (1, 1):
            yield on_paper(write(Fraction(int(node.compute().ravel()[0]), node.denominator)))
        elif node.operation == "negative":
            yield MINUS
            yield from self._factor(node.parents[0])
        elif node.operation in ("sum", "difference"):
            left, right = node.parents
            yield from self._items(left)
            yield PLUS if node.operation == "sum" else MINUS
            yield from self._factor(right)
        elif node.operation in ("times", "quotient"):
            left, right = node.parents
            scaled = (1, 1) in (left.shape, right.shape)
            yield from self._factor(left)
            yield OVER if node.operation == "quotient" else DOT if scaled else TIMES
            yield from self._factor(right)
        elif node.operation == "descended" and node.parents[2] in self.rates:
            weights, gradient, inverse = node.parents
            yield from self._items(weights)
            yield f"{MINUS} {{constant.{self.rates[inverse]}}} {DOT}"
            yield from self._factor(gradient)
        else:
            yield None

    def _factor(self, node: Node) -> Iterator[Item | None]:
        """In brackets where it needs them."""
        bare = self.matrix(node) is not None or node.operation == "constant"
        inside = list(self._items(node))
        yield from inside if bare else ["(", *inside, ")"]


def filler(node: Node) -> str:
    """What stands in the row that a `with_row` adds."""
    above = node.parents[0]
    rows = node.compute(np.zeros((1, *above.shape), dtype=np.int64))
    return "1" if rows[0, -1, 0] else "0"


def extended(inner: Shown, text: str) -> Shown:
    """With a row of the same printed number below."""
    return Shown(
        lambda lines: inner.view(lines).above(text),
        inner.title,
        (*inner.row_labels, BIAS),
        inner.column_labels,
        inner.wide,
    )


def _taken(node: Node, axis: int) -> list[int]:
    """Which rows (0) or columns (1) of its parent a node takes."""
    (whole,) = node.parents
    places = np.arange(whole.shape[axis]).reshape((1, 1, -1) if axis else (1, -1, 1))
    return [int(place) for place in node.compute(places).ravel()]


def _constant(node: Node) -> Shown:
    numerators = node.compute()[0]
    texts = [
        [on_paper(write(Fraction(int(n), node.denominator))) for n in row] for row in numerators
    ]
    rows, columns = (tuple(str(place + 1) for place in range(size)) for size in node.shape)
    view = _printed(texts, rows, columns)
    return Shown(view, "", rows, columns, max(len(text) for row in texts for text in row) > 4)


def _printed(texts: list[list[str]], rows: Labels, columns: Labels) -> View:
    if len({text for row in texts for text in row}) == 1:
        return lambda lines: constant(texts[0][0], rows, columns)
    cells = tuple(tuple(Cell(text, CONSTANT) for text in row) for row in texts)
    return lambda lines: Grid("", cells, rows, columns)
