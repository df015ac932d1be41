"""Decide, before anything is drawn, which columns lie as rows, and how wide cells are."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import pairwise

from worksheets.engine.graph import ANSWER, GIVEN, Graph, Line
from worksheets.engine.matrix import BIAS
from worksheets.engine.node import Node
from worksheets.render.autolayout.functions import averages
from worksheets.render.autolayout.piece import cell_for, labels_informative

REARRANGED = ("transpose", "with_row", "columns", "rows")
WEIGHTS = "weights"
FEW_ROWS = 2  # of matrices that stand below each other like the rows of a ledger


class Bands:
    """Hold what lines share: `turned` are columns drawn as rows, `cell` is how wide theirs are.

    A column of items is a row of a ledger, unless it is what weights at its left multiply. Lines
    whose columns stand below each other have cells of one width, the widest that one of them needs;
    `stacked` ones are rows of a ledger.
    """

    def __init__(self, graph: Graph) -> None:
        """Read the graph once."""
        self.lines = {line.node: line for line in graph.lines.values()}
        answers = [line for line in self.lines.values() if line.role == ANSWER]
        alike = [[line.node, *self.alike(line)] for line in answers]
        self.last = answers[-1] if answers else None
        upright = {node for line in answers for node in self._upright(line)}
        self.turned = frozenset(
            node
            for group in _joined(self.lines, alike)
            if not upright & set(group)
            for node in group
            if node.shape[1] == 1 < node.shape[0]
        )
        self.stacked = _joined(self.lines, self._of_items())
        below = [[line.node, *self._above(line)] for line in answers]
        below += self._of_items()
        self.cell = {
            node: max(cell_for(one, self.columns_of(self.lines[one])) for one in group)
            for group in _joined(self.lines, below)
            for node in group
        }

    def is_outlined(self, line: Line) -> bool:
        """Tell whether it has a border outside its cells: weights, and the sheet's last result."""
        return is_weights(line) or line is self.last

    def columns_of(self, line: Line) -> tuple[str, ...]:
        """Return the labels of a line's columns as it is drawn."""
        return line.row_labels if line.node in self.turned else line.column_labels

    def size(self, node: Node) -> tuple[int, int]:
        """Return a line's rows and columns as it is drawn."""
        rows, columns = node.shape
        return (columns, rows) if node in self.turned else (rows, columns)

    def alike(self, line: Line) -> list[Node]:
        """Return the lines of the same shape that it is worked out from, entry by entry."""
        core = core_of(line.node)
        if is_crosswise(core):
            return []
        return [one for one in operands(core, self.lines) if one.shape == line.node.shape]

    def _of_items(self) -> Iterable[list[Node]]:
        """Return the rows of each ledger, which have the same labels over their cells."""
        found: dict[tuple[str, ...], list[Node]] = {}
        for node, line in self.lines.items():
            if self.size(node)[0] <= FEW_ROWS and self.size(node)[1] > FEW_ROWS:
                found.setdefault(self.columns_of(line), []).append(node)
        return [some for labels, some in found.items() if labels_informative(labels)]

    def _upright(self, line: Line) -> Iterator[Node]:
        """Yield the columns that are drawn as such: what weights multiply, and what comes out."""
        core = core_of(line.node)
        if is_crosswise(core):
            left, right = core.parents
            if left.operation != "transpose" and line.node.shape[1] == 1:
                yield line.node
                yield from _whole(right, self.lines)

    def _above(self, line: Line) -> Iterator[Node]:
        """Yield the lines below which this one may be drawn."""
        core = core_of(line.node)
        if core.operation == "highest" or (is_crosswise(core) and line.node not in self.turned):
            right = core.parents[-1]
            if not _is_turned(right):
                yield from _whole(right, self.lines)
        elif self.size(line.node)[0] <= FEW_ROWS:
            yield from self.alike(line)


def is_weights(line: Line) -> bool:
    """Tell whether a line is a model's weights, which training may change."""
    return line.role == GIVEN and (WEIGHTS in line.name or BIAS in line.column_labels)


def core_of(node: Node) -> Node:
    """Return a line's operation without the rounding at its end."""
    return node.parents[0] if node.operation == "rounded" else node


def is_crosswise(core: Node) -> bool:
    """Tell whether it is a product of two matrices, and no mean."""
    several = all(one.shape != (1, 1) for one in core.parents)
    return core.operation == "product" and averages(core) is None and several


def operands(node: Node, lines: Container[Node]) -> list[Node]:
    """Return the lines that an expression is made of, each once."""
    found: dict[Node, None] = {}
    for parent in node.parents:
        found |= {parent: None} if parent in lines else dict.fromkeys(operands(parent, lines))
    return list(found)


def _whole(node: Node, lines: dict[Node, Line]) -> Iterator[Node]:
    """Yield the line of which this is a part, perhaps with a row of ones."""
    while node not in lines and node.operation in REARRANGED:
        (node,) = node.parents
    if node in lines:
        yield node


def _is_turned(node: Node) -> bool:
    turned = False
    while node.operation in REARRANGED:
        turned ^= node.operation == "transpose"
        (node,) = node.parents
    return turned


def _joined(every: Iterable[Node], groups: Iterable[list[Node]]) -> list[list[Node]]:
    """Return the groups of nodes that are linked with each other."""
    found = {node: [node] for node in every}
    for group in groups:
        for one, other in pairwise(group):
            if found[one] is not found[other]:
                found[one] += found[other]
                found |= dict.fromkeys(found[other], found[one])
    return list({id(group): group for group in found.values()}.values())
