"""Values of a graph for many sheets at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from worksheets.engine.graph import Graph
from worksheets.engine.node import Array, Mask, Node


@dataclass(frozen=True)
class Evaluation:
    """Numerators of every node, shape (sheets, rows, columns), and the sheets that were refused.

    `refusals` pairs a mask of sheets with the line's operation and reason.
    """

    graph: Graph
    size: int
    arrays: dict[Node, Array]
    refusals: tuple[tuple[Mask, str], ...]

    def __getitem__(self, name: str) -> Array:
        """Return a line's numerators over its node's denominator, (sheets, rows, columns)."""
        return self.arrays[self.graph.lines[name].node]

    @property
    def accepted(self) -> Mask:
        """Return the sheets on which every operation had one answer, (sheets,)."""
        accepted = np.ones(self.size, dtype=np.bool_)
        for mask, _ in self.refusals:
            accepted &= ~mask
        return accepted

    @property
    def effort(self) -> Array:
        """Count each sheet's non-trivial multiplications and additions, over all answers."""
        total = np.zeros(self.size, dtype=np.int64)
        for node in _in_order(line.node for line in self.graph.answers):
            if node.effort is not None:
                total += node.effort(*(self.arrays[parent] for parent in node.parents))
        return total

    def slip(self, mistake: str) -> dict[str, Array]:
        """Compute the lines that a mistake changes, wrongly, from the right lines before them."""
        nodes = self.graph.slips[mistake]
        arrays = dict(self.arrays)
        _compute(_in_order(nodes.values(), known=arrays), arrays, self.size)
        return {name: arrays[node] for name, node in nodes.items()}

    def noticed(self, mistake: str) -> Mask:
        """Return the sheets on which a mistake changes at least one cell."""
        noticed = np.zeros(self.size, dtype=np.bool_)
        for name, wrong in self.slip(mistake).items():
            node, slip = self.graph.lines[name].node, self.graph.slips[mistake][name]
            # Crosswise, as fractions over different denominators are compared.
            noticed |= (self[name] * slip.denominator != wrong * node.denominator).any(axis=(1, 2))
        return noticed


def evaluate(
    graph: Graph, givens: Mapping[str, Array], words: Mapping[str, Array], size: int
) -> Evaluation:
    """Compute every line of `size` sheets.

    `givens` maps lines' names to numerators of shape (sheets, rows, columns), which are over the
    lines' denominators; `words` maps roles to indices of words, shape (sheets,).

    Raises:
        KeyError: if a given line or a word is missing.
        ValueError: if a given exceeds the bound that was declared for it.
    """
    arrays: dict[Node, Array] = {
        node: _wide(f"word {role}", words[role]).reshape(size, 1, 1)
        for role, node in graph.words.items()
    }
    for line in graph.givens:
        if line.node.operation == "given":
            if line.name not in givens:
                raise KeyError(f"given {line.name}: not drawn; drawn are {', '.join(givens)}")
            arrays[line.node] = _checked(line.name, line.node, givens[line.name])
    wanted = [line.node for line in graph.lines.values()] + list(graph.rates.values())
    refusals = _compute(_in_order(wanted, known=arrays), arrays, size)
    return Evaluation(graph, size, arrays, tuple(refusals))


def extend(arrays: dict[Node, Array], wanted: Iterable[Node], size: int) -> Mask:
    """Compute these nodes too, and return the sheets on which an operation had no answer.

    Limits do not count: what students write may lie beyond them.
    """
    undecided = np.zeros(size, dtype=np.bool_)
    for node in _in_order(wanted, known=arrays):
        parents = [arrays[parent] for parent in node.parents]
        arrays[node] = _of_all(node.compute(*parents), node, size)
        if node.refuses is not None:
            undecided |= node.refuses(arrays[node], *parents)
    return undecided


def _checked(name: str, node: Node, values: Array) -> Array:
    if values.shape[1:] != node.shape:
        raise ValueError(f"{name} is {node.shape}, not {values.shape[1:]}")
    if np.abs(values).max(initial=0) > node.bound:
        raise ValueError(f"{name} holds {np.abs(values).max()}, more than its bound {node.bound}")
    return _wide(name, values)


def _wide(name: str, values: Array) -> Array:
    """Refuse what is not int64: numpy's default has 32 bits in a browser, and sums overflow there.

    Each array that a draw supplies or a node computes is asked, which takes 0.1 µs.
    """
    if values.dtype != np.int64:
        raise TypeError(f"{name} is {values.dtype}, not int64: say dtype=np.int64 where it is made")
    return values


def _compute(nodes: list[Node], arrays: dict[Node, Array], size: int) -> list[tuple[Mask, str]]:
    refusals = []
    for node in nodes:
        parents = [arrays[parent] for parent in node.parents]
        arrays[node] = _of_all(node.compute(*parents), node, size)
        refusals += _refusals(node, arrays[node], parents)
    return refusals


def _of_all(result: Array, node: Node, size: int) -> Array:
    """Repeat a value that is the same on every sheet for each of them.

    Most are not: comparing shapes takes 0.1 µs a node, broadcasting unasked over 2 µs.
    """
    shape = (size, *node.shape)
    result = _wide(node.operation, result)
    return result if result.shape == shape else np.broadcast_to(result, shape)


def _refusals(node: Node, values: Array, parents: list[Array]) -> list[tuple[Mask, str]]:
    found: list[tuple[Mask, str]] = []
    if node.refuses is not None:
        found.append((node.refuses(values, *parents), f"{node.operation}: {node.refusal}"))
    if node.limit is not None:
        beyond: Mask = np.abs(values).max(axis=(1, 2)) > node.limit * node.denominator
        found.append((beyond, f"{node.operation}: a value beyond ±{node.limit}"))
    if node.finest is not None and node.denominator > 1:
        finer: Mask = (values * node.finest % node.denominator).max(axis=(1, 2)) > 0
        found.append((finer, f"{node.operation}: finer than 1/{node.finest}"))
    return found


def _in_order(wanted: Iterable[Node], known: Mapping[Node, Array] | None = None) -> list[Node]:
    """Return the nodes that are still to be computed, parents first."""
    known = known or {}
    order: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in known and node not in order:
            for parent in node.parents:
                visit(parent)
            order[node] = None

    for node in wanted:
        visit(node)
    return list(order)
