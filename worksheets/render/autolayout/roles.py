"""Read from the graph what a matrix is to the page: weights, inputs, attention, result, pay-off.

As on the sheet that is drawn by hand: weights have their model's border, inputs a peach ground and
attention a yellow one; what is worked out on the way is white, what is looked at first when marking
is blue, and the sheet's last result has a thick border.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from worksheets.engine.graph import ANSWER, GIVEN, Graph, Line
from worksheets.render.autolayout.bands import core_of, is_weights
from worksheets.render.autolayout.piece import Piece

BORDERS = {"purple": "rm", "orange": "llm"}
ATTENTION = "attention"


class Roles:
    """Give the matrices of a graph's pages their grounds and borders."""

    def __init__(self, graph: Graph, checkpoints: Container[str]) -> None:
        """Read the graph; `checkpoints` are the lines that whoever marks looks at first."""
        self.lines = {line.node: line for line in graph.lines.values()}
        self.checkpoints = checkpoints
        self.last = graph.answers[-1]
        answers = (core_of(line.node) for line in graph.answers)
        self.mixing = {core.parents[1] for core in answers if core.operation == "product"}

    def of(self, piece: Piece) -> Piece:
        """Return a piece with the ground and the border of its line."""
        line = self.lines.get(piece.line) if piece.line else None
        if line is None:
            return piece
        if line.role == ANSWER and piece.style != "output":  # a copy
            return replace(piece, style="")
        return replace(piece, style=self._ground(line), border=self._border(line))

    def _ground(self, line: Line) -> str:
        if self._is_attention(line):
            return ATTENTION
        if line.role == GIVEN:
            return "" if is_weights(line) else "inputs"
        if line is self.last:
            return "output payoff"
        return "output" if line.name in self.checkpoints else ""

    def _border(self, line: Line) -> str:
        return BORDERS.get(line.step.part.colour, "") if is_weights(line) else ""

    def _is_attention(self, line: Line) -> bool:
        rows, columns = line.node.shape
        shares = line.node.operation in ("softmax", "softmax_where") and rows == columns
        return line.name == ATTENTION or (shares and line.node in self.mixing)
