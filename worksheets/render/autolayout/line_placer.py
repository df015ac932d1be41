"""Place each line in a drawing: on from the one before, or in one of its own."""

from __future__ import annotations

from collections.abc import Mapping

from worksheets.engine.graph import ANSWER, GIVEN, Graph, Line, Part
from worksheets.engine.node import Node
from worksheets.language import Say
from worksheets.render.autolayout import in_line, products
from worksheets.render.autolayout.drawing import Drawing, Placed, with_header
from worksheets.render.autolayout.expression import Expressions
from worksheets.render.autolayout.functions import averages
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import Item
from worksheets.render.autolayout.tabulated import tabulated

GIVEN_GROUND, BESIDE = "inputs", 9.0


class LinePlacer:
    """Draw the lines of a graph."""

    def __init__(self, graph: Graph, tallest: Mapping[Part, float], say: Say) -> None:
        """Drawings that go on grow as high as their part allows; `say` translates."""
        self.tallest = tallest
        self.graph = graph
        self.operands = Operands(graph, say)
        self.expressions = Expressions(graph, self.operands)

    def goes_on(self, drawing: Drawing, line: Line) -> Drawing | None:
        """Return the drawing with one line more, if that goes on from it and there is room."""
        drawing = drawing.copy()
        core = _core(line.node)
        new = line.step != drawing.step
        if line.role == GIVEN:
            drawn = not new and self._one_more_given(drawing, line)
        elif _is_crosswise(core) and self._crosswise_on(drawing, line, core, new=new):
            drawn = True
        else:
            drawn = in_line.from_placed(drawing, line, self._items(line, core), new=new)
        if drawn and drawing.fits(self.tallest[line.step.part]):
            self._with_tables(drawing, line)
            return drawing
        return None

    def begun(self, line: Line, *, header: bool) -> Drawing:
        """Return a drawing of its own for a line; with its step's header, if it is the first."""
        drawing = Drawing(line.step, first=line.step)
        core = _core(line.node)
        if line.role == GIVEN:
            self._given(drawing, line, 0, 0)
        elif not self._drawn(drawing, line, core):
            in_line.in_words(self.operands, drawing, line)
        self._with_tables(drawing, line)
        if header:
            with_header(drawing, line.step)
        return drawing

    def _drawn(self, drawing: Drawing, line: Line, core: Node) -> bool:
        """Crosswise if it can be, else side by side; false if it is too large for either."""
        if _is_crosswise(core) and products.crosswise(self.operands, drawing, line, core):
            return True
        return in_line.in_line(drawing, line, self._items(line, core))

    def _crosswise_on(self, drawing: Drawing, line: Line, core: Node, *, new: bool) -> bool:
        left, right = core.parents
        below = right.parents[0] if right.operation == "with_row" else right
        given = below in self.operands.lines and self.operands.lines[below].role == GIVEN
        if below in drawing.placed and not (given and below is not right):  # it stays as it is
            return products.down(self.operands, drawing, line, left, right, new=new)
        if left in drawing.placed:
            return products.right(self.operands, drawing, line, left, right, new=new)
        return False

    def _items(self, line: Line, core: Node) -> list[Item]:
        return in_line.whole_line(self.operands, self.expressions, line, core)

    def _with_tables(self, drawing: Drawing, line: Line) -> None:
        """Add the tables that the page has to print for this line."""
        needed = tabulated(line, self.operands.lines, self.operands.say)
        drawing.tables += [table for table in needed if table not in drawing.tables]

    def _given(self, drawing: Drawing, line: Line, x: float, y: float) -> None:
        shown = self.operands.line(line, copied=False)
        drawing.placed[line.node] = Placed(shown, x, y, len(drawing.pieces))
        drawing.matrix(shown, x, y, GIVEN_GROUND)

    def _one_more_given(self, drawing: Drawing, line: Line) -> bool:
        """To the right of those that are there, if there is nothing else."""
        styles = {piece.style for piece in drawing.pieces if piece.kind == "matrix"}
        if styles != {GIVEN_GROUND}:
            return False
        shown = self.operands.line(line, copied=False)
        solid = [one for one in drawing.pieces if one.kind != "step" and one.style != "note"]
        x = max(piece.x + piece.width for piece in solid)
        y = next(piece.y for piece in drawing.pieces if piece.kind == "matrix")
        self._given(drawing, line, x + BESIDE + shown.label_room, y)
        return True

    def uses(self, line: Line) -> set[Node]:
        """The lines whose matrices a drawing of this line shows, and shows in full."""
        core = _core(line.node)
        if line.role != ANSWER or not self._drawn(Drawing(), line, core):
            return set()
        return _whole(core, set(self.operands.lines))


def _core(node: Node) -> Node:
    """A line's operation without the rounding at its end."""
    return node.parents[0] if node.operation == "rounded" else node


def _is_crosswise(core: Node) -> bool:
    return core.operation == "product" and averages(core) is None


def _whole(node: Node, lines: set[Node]) -> set[Node]:
    """The lines that an expression is made of, of which it does not take a part alone."""
    found: set[Node] = set()
    for parent in node.parents:
        if parent in lines:
            found |= {parent} if node.operation not in ("columns", "rows") else set()
        else:
            found |= _whole(parent, lines)
    return found
