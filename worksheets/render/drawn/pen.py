"""Which drawing a line gets: on from the one before, or one of its own."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.engine.graph import ANSWER, GIVEN, Graph, Line, Part
from worksheets.engine.node import Node
from worksheets.render.drawn import others, products
from worksheets.render.drawn.drawing import Drawing, with_header
from worksheets.render.drawn.operand import Operands
from worksheets.render.drawn.piece import Piece
from worksheets.render.drawn.tables import table_of

GIVEN_GROUND, BESIDE = "inputs", 9.0


class Pen:
    """Draws the lines of a graph."""

    def __init__(self, graph: Graph, tallest: Mapping[Part, float]) -> None:
        """Drawings that go on grow as high as their part allows."""
        self.tallest = tallest
        self.graph = graph
        self.operands = Operands(graph)

    def goes_on(self, drawing: Drawing, line: Line) -> Drawing | None:
        """The drawing with one line more, if that line goes on from it and there is room."""
        drawing = drawing.copy()
        core, _ = _core(line.node)
        new = line.step != drawing.step
        if line.role == GIVEN:
            drawn = not new and self._one_more_given(drawing, line)
        elif core.operation == "product":
            left, right = core.parents
            below = right.parents[0] if right.operation == "with_row" else right
            if below in drawing.placed:
                drawn = products.down(self.operands, drawing, line, left, right, new=new)
            elif left in drawing.placed:
                drawn = products.right(self.operands, drawing, line, left, right, new=new)
            else:
                drawn = False
        elif core.operation in others.FUNCTIONS and core.parents[0] in drawing.placed:
            drawn = others.function(self.operands, drawing, line, core, new=new)
        else:
            drawn = False
        return drawing if drawn and drawing.fits(self.tallest[line.step.part]) else None

    def begun(self, line: Line, *, header: bool) -> Drawing:
        """A drawing of its own for a line; with the header of its step, if it is the first."""
        drawing = Drawing(line.step)
        core, sign = _core(line.node)
        if line.role == GIVEN:
            drawing.matrix(self.operands.line(line, copied=False), 0, 0, GIVEN_GROUND)
        elif not self._drawn(drawing, line, core, sign):
            others.in_words(self.operands, drawing, line)
        if table := table_of(core):
            name, argument, pairs = table
            left, *_, bottom = drawing.box
            width, height = 11.2 * (len(pairs) + 1), 11.2
            drawing.space(left, bottom, width, 4)
            drawing.pieces.append(
                Piece("table", left, bottom + 4, width, height, name, argument, number=len(pairs),
                      pairs=pairs)
            )  # fmt: skip
        if header:
            with_header(drawing, line.step)
        return drawing

    def _drawn(self, drawing: Drawing, line: Line, core: Node, sign: str) -> bool:
        if core.operation == "product":
            return products.crosswise(self.operands, drawing, line, core)
        if core.operation in others.FUNCTIONS:
            return others.from_copy(self.operands, drawing, line, core)
        return others.in_line(self.operands, drawing, line, core, sign)

    def _one_more_given(self, drawing: Drawing, line: Line) -> bool:
        """To the right of those that are there, if there is nothing else."""
        styles = {piece.style for piece in drawing.pieces if piece.kind == "matrix"}
        if styles != {GIVEN_GROUND} or drawing.placed:
            return False
        shown = self.operands.line(line, copied=False)
        x = max(piece.x + piece.width for piece in drawing.pieces if piece.kind != "note")
        y = next(piece.y for piece in drawing.pieces if piece.kind == "matrix")
        drawing.matrix(shown, x + BESIDE + shown.label_room, y, GIVEN_GROUND)
        return True

    def uses(self, line: Line) -> set[Node]:
        """The lines whose matrices a drawing of this line shows, and shows in full."""
        core, _ = _core(line.node)
        if core.operation == "product":
            drawn = None not in map(self.operands.matrix, core.parents)
        else:
            drawn = self.operands.items(core) is not None
        return _whole(core, set(self.operands.lines)) if drawn and line.role == ANSWER else set()


def _core(node: Node) -> tuple[Node, str]:
    """A line's operation without the rounding at its end, and the sign before the result."""
    if node.operation == "rounded":
        return node.parents[0], "≈"
    return node, "="


def _whole(node: Node, lines: set[Node]) -> set[Node]:
    """The lines that an expression is made of, of which it does not take a part alone."""
    found: set[Node] = set()
    for parent in node.parents:
        if parent in lines:
            found |= {parent} if node.operation not in ("columns", "rows") else set()
        else:
            found |= _whole(parent, lines)
    return found
