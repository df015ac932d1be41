"""Rows below each other, a column for each item: what is worked out cell by cell, and its givens.

At the left of each row stands what it is and how it comes about; means and sums leave at its end.
"""

from __future__ import annotations

from collections.abc import Container

from worksheets.engine.graph import ANSWER, Line
from worksheets.engine.matrix import Labels
from worksheets.engine.node import Node
from worksheets.render.autolayout.bands import core_of, operands
from worksheets.render.autolayout.drawing import Drawing, Placed
from worksheets.render.autolayout.expression import Expressions
from worksheets.render.autolayout.functions import of_a_number, over_arrow, reduced
from worksheets.render.autolayout.ledger_row import APART, LABEL, Rows, is_in_column, lowest_at
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import BAND, LINE, Piece, Shown, Sign, name_width
from worksheets.render.autolayout.products import WITH, factors, read


class Ledger:
    """Put rows into drawings, for one page."""

    def __init__(self, operands_: Operands, expressions: Expressions) -> None:
        """Read a graph by its operands."""
        self.operands = operands_
        self.say, self.bands = operands_.say, operands_.bands
        self.rows = Rows(operands_, expressions)

    def row(self, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool) -> bool:
        """Put a line below what it is worked out from, or below another row of its ledger."""
        shown = self.operands.line(line, copied=False)
        used = set(operands(core_of(line.node), self.operands.lines))
        x = self._column(drawing, shown, used)
        if x is None or (not new and self._strays(drawing, line, x)):
            return False
        self.rows.missing(drawing, line, here, x)
        self.rows.put(drawing, line, shown, x, new=new, style="output")
        return True

    def scalar(self, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool) -> bool:
        """Put one number, worked out or given, into a row of its own."""
        if drawing.ledger is None:
            return False
        if line.role == ANSWER:
            if not new and self._strays(drawing, line, drawing.ledger):
                return False
            self.rows.missing(drawing, line, here, drawing.ledger)
        shown = self.operands.line(line, copied=False).unlabelled
        self.rows.put(drawing, line, shown, drawing.ledger, new=new, style=_style(line))
        return True

    def given(self, drawing: Drawing, line: Line, *, headed: bool) -> bool:
        """Put a given below the rows of its ledger."""
        shown = self.operands.line(line, copied=False)
        x = self._column(drawing, shown, self.operands.lines)
        if x is None:
            return False
        self.rows.put(drawing, line, shown, x, new=headed, style="inputs")
        return True

    def product(self, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool) -> bool:
        """Put a row times a matrix that stands in the drawing below it, as a row of a ledger.

        The row at its left stands elsewhere on the page, and is read there by its name.
        """
        pair = factors(self.operands, line)
        if pair is None or self.bands.size(line.node)[0] > 1:
            return False
        left, right = pair
        if right.line is None or right.cut or right.ones or not right.stands_in(drawing):
            return False
        placed = drawing.placed[right.line.node]
        shown = self.operands.line(line, copied=False).unlabelled
        if left.is_drawn(here) or left.ones or placed.grown or placed.shown.cell != shown.cell:
            return False
        text = self.say(WITH).format(other=right.line.title)
        how = f"= {read(self.operands, left, rows=True)} {text}{self.rows.rounded(line)}"
        self.rows.put(
            drawing, line, shown, placed.x, new=new, style="output", said=(line.title, how)
        )
        return True

    def begin_product(
        self, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool
    ) -> bool:
        """Begin a ledger with the given matrix that a row elsewhere on the page multiplies."""
        right = (factors(self.operands, line) or (None, None))[1]
        if right is None or right.line is None or not right.is_drawn(here):
            return False
        shown = self.operands.line(right.line, copied=False)
        x, y = LABEL + APART, BAND + shown.labels
        drawing.name(shown.title, x, 0.0, shown.width)
        drawing.space(x - shown.label_room, y, shown.label_room, shown.height)
        drawing.put(right.line, shown, x, y, right.ground)
        return self.product(drawing, line, here, new=new)

    def begin(self, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool) -> None:
        """Begin a ledger with this line, and with what it needs of earlier pages."""
        shown = self.operands.line(line, copied=False)
        drawing.ledger = LABEL + APART + shown.label_room
        if line.role == ANSWER:
            self.rows.missing(drawing, line, here, drawing.ledger)
        self.rows.put(drawing, line, shown, drawing.ledger, new=new, style=_style(line))

    def reduced(self, drawing: Drawing, line: Line) -> bool:
        """Put a mean or a sum, or what is worked out from a number, at the end of its row."""
        core = core_of(line.node)
        whole = reduced(core) or of_a_number(core)
        placed = drawing.placed.get(whole) if whole else None
        if placed is None or not placed.shown.is_row:
            return False
        if any(
            one.y > placed.bottom and self._is_answer(node) for node, one in drawing.placed.items()
        ):
            return False  # what comes later would stand above it
        arrow = Sign(over_arrow(core, self.say), arrow=True)
        x = placed.x + placed.shown.width
        drawing.sign(arrow, x, placed.middle)
        x += arrow.width
        shown = self.operands.line(line, copied=False)
        drawing.put(line, shown.unlabelled, x, placed.y)
        text = line.title + self.rows.rounded(line)
        drawing.pieces.append(
            Piece("note", x + shown.width + 1.5, placed.middle - LINE / 2, name_width(text),
                  LINE, text, "strong-name")
        )  # fmt: skip
        return True

    def _strays(self, drawing: Drawing, line: Line, x: float) -> bool:
        """Tell whether a row would stand below that of another step, away from its own title."""
        node = lowest_at(drawing, x)
        return node is not None and self.operands.lines[node].step != line.step

    def _is_answer(self, node: Node) -> bool:
        return self.operands.lines[node].role == ANSWER

    def _column(self, drawing: Drawing, shown: Shown, used: Container[Node]) -> float | None:
        """Return where rows of this shape stand: of lines that are used, else of the ledger.

        Those of a ledger that has but numbers so far may have any shape.
        """
        if drawing.ledger is not None and all(
            one.shape == (1, 1) and placed.x == drawing.ledger
            for one, placed in drawing.placed.items()
        ):
            return drawing.ledger
        fitting = {
            node: placed
            for node, placed in drawing.placed.items()
            if is_in_column(placed, shown)
            and self.bands.columns_of(self.operands.lines[node]) == _shared(placed, shown)
        }
        found = [placed for node, placed in fitting.items() if node in used]
        found = found or [placed for placed in fitting.values() if placed.x == drawing.ledger]
        free = [placed for placed in found if not placed.grown]
        return max(free, key=lambda placed: placed.bottom).x if free else None


def _style(line: Line) -> str:
    """Return how a line's cells look: to be worked out, or given."""
    return "output" if line.role == ANSWER else "inputs"


def _shared(placed: Placed, shown: Shown) -> Labels:
    """Return the labels of the columns that a row has in common with this one above it."""
    return shown.column_labels[: len(placed.shown.column_labels)]
