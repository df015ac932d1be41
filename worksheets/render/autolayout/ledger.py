"""Rows below each other, a column for each item: what is worked out cell by cell, and its givens.

At the left of each row stands what it is and how it comes about; means and sums leave at its end.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from worksheets.engine.graph import ANSWER, GIVEN, Line
from worksheets.engine.matrix import BIAS, Labels
from worksheets.engine.node import Node
from worksheets.language import message
from worksheets.render.autolayout.bands import core_of, operands
from worksheets.render.autolayout.drawing import (
    CIRCLE,
    TITLE_HEIGHT,
    Drawing,
    Noted,
    Placed,
    title_width,
)
from worksheets.render.autolayout.expression import Expressions
from worksheets.render.autolayout.functions import decimals, of_a_number, over_arrow, reduced
from worksheets.render.autolayout.naming import how
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import (
    BAND,
    CELL_HEIGHT,
    LINE,
    OUTLINE,
    Piece,
    Shown,
    Sign,
    name_width,
    named_height,
    plain,
)
from worksheets.render.autolayout.products import WITH, factors, read
from worksheets.render.metrics import NO_BREAK

LABEL = 48.0  # mm, of what stands at the left of a row
SIGNED = re.compile(r"(?<=[−+÷·⊙]) ")  # a sign stays with what comes behind it
SPARE = 0.3  # mm, so that a name as wide as its room stays on one line
NEARER = 0.3  # mm, by which a text of its full width comes nearer to the cells
APART, STEP_GAP, BETWEEN = 2.0, 0.8, 2.0  # between labels and cells; between the rows of two steps
FROM = message("{line}, from step {number}")


class Ledger:
    """Put rows into drawings, for one page."""

    def __init__(self, operands_: Operands, expressions: Expressions) -> None:
        """Read a graph by its operands."""
        self.operands, self.expressions = operands_, expressions
        self.say, self.bands = operands_.say, operands_.bands

    def row(self, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool) -> bool:
        """Put a line below what it is worked out from, or below another row of its ledger."""
        shown = self.operands.line(line, copied=False)
        used = set(operands(core_of(line.node), self.operands.lines))
        x = self._column(drawing, shown, used)
        if x is None or (not new and self._strays(drawing, line, x)):
            return False
        self._missing(drawing, line, here, x)
        self._put(drawing, line, shown, x, new=new, style="output")
        return True

    def scalar(self, drawing: Drawing, line: Line, here: frozenset[Node], *, new: bool) -> bool:
        """Put one number, worked out or given, into a row of its own."""
        if drawing.ledger is None:
            return False
        if line.role == ANSWER:
            if not new and self._strays(drawing, line, drawing.ledger):
                return False
            self._missing(drawing, line, here, drawing.ledger)
        shown = self.operands.line(line, copied=False).unlabelled
        self._put(drawing, line, shown, drawing.ledger, new=new, style=_style(line))
        return True

    def given(self, drawing: Drawing, line: Line, *, headed: bool) -> bool:
        """Put a given below the rows of its ledger."""
        shown = self.operands.line(line, copied=False)
        x = self._column(drawing, shown, self.operands.lines)
        if x is None:
            return False
        self._put(drawing, line, shown, x, new=headed, style="inputs")
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
        said = line.title, f"= {read(self.operands, left, rows=True)} {text}{self._rounded(line)}"
        self._put(drawing, line, shown, placed.x, new=new, style="output", said=said)
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
            self._missing(drawing, line, here, drawing.ledger)
        self._put(drawing, line, shown, drawing.ledger, new=new, style=_style(line))

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
        text = line.title + self._rounded(line)
        drawing.pieces.append(
            Piece("note", x + shown.width + 1.5, placed.middle - LINE / 2, name_width(text),
                  LINE, text, "strong-name")
        )  # fmt: skip
        return True

    def _strays(self, drawing: Drawing, line: Line, x: float) -> bool:
        """Tell whether a row would stand below that of another step, away from its own title."""
        node = _lowest_at(drawing, x)
        return node is not None and self.operands.lines[node].step != line.step

    def _is_answer(self, node: Node) -> bool:
        return self.operands.lines[node].role == ANSWER

    def _rounded(self, line: Line) -> str:
        if line.decimals is None:
            return ""
        return f", {decimals(line.decimals, self.say)}"

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
            if _is_in_column(placed, shown)
            and self.bands.columns_of(self.operands.lines[node]) == _shared(placed, shown)
        }
        found = [placed for node, placed in fitting.items() if node in used]
        found = found or [placed for placed in fitting.values() if placed.x == drawing.ledger]
        free = [placed for placed in found if not placed.grown]
        return max(free, key=lambda placed: placed.bottom).x if free else None

    def _missing(self, drawing: Drawing, line: Line, here: frozenset[Node], x: float) -> None:
        """Show what a row is worked out from and the page lacks: to be copied, or given again."""
        drawing.untitle(line.step)
        for node in operands(core_of(line.node), self.operands.lines):
            one = self.operands.lines[node]
            if node in here or node in drawing.placed:
                continue
            shown = self._bare(drawing, self.operands.line(one, copied=True), x)
            y = self._top(drawing, x, shown) + (STEP_GAP + shown.labels) * bool(drawing.pieces)
            y += OUTLINE * self.bands.is_outlined(one)
            said = one.title, ""
            if one.step != line.step:
                said = "", self.say(FROM).format(line=one.title, number=one.step.number)
            self._label(drawing, x - shown.label_room, y, said, shown.height)
            style = "inputs" if one.role == GIVEN else ""
            drawing.put(one, shown, x, y, style)
            self._outline(drawing, one, shown, x, y)

    def _top(self, drawing: Drawing, x: float, shown: Shown) -> float:
        if not drawing.pieces:
            return BAND
        return drawing.bottom(x - LABEL - APART - shown.label_room, x + shown.width)

    def _bare(self, drawing: Drawing, shown: Shown, x: float) -> Shown:
        """Return it without labels over its cells, where these stand there already."""
        if not _rows_above(drawing, shown, x):
            return shown
        return replace(shown, column_labels=plain(shown.column_labels))

    def _longer(self, drawing: Drawing, shown: Shown, x: float) -> str:
        """Return what stands over the last cell of a row that is one longer than all others."""
        above = _rows_above(drawing, shown, x)
        if not above or any(one.shown.width >= shown.width for one in above):
            return ""
        return shown.column_labels[-1]

    def _put(
        self,
        drawing: Drawing,
        line: Line,
        shown: Shown,
        x: float,
        *,
        new: bool,
        style: str,
        said: tuple[str, str] | None = None,
    ) -> None:
        """Put a line's row where the ones above it end, with what it is at its left."""
        if drawing.noted and drawing.noted.step != line.step:
            drawing.close()
        longer = self._longer(drawing, shown, x)
        shown = self._bare(drawing, shown, x)
        labels = x - shown.label_room
        left = labels - LABEL - APART
        y = self._top(drawing, x, shown) + shown.labels * bool(drawing.pieces)
        if not new and self._is_apart(drawing, line, shown, x):
            y += BETWEEN
        elif drawing.step != line.step or new:
            y += STEP_GAP * bool(drawing.pieces)
        y += OUTLINE * self.bands.is_outlined(line)
        top, under = y, 0.0
        drawing.untitle(line.step)
        if new:
            step = line.step
            beside = title_width(step) <= LABEL
            y -= 0 if beside else shown.labels  # above all, as it may reach over the cells
            title = Piece(
                "step", left, y, title_width(step), LINE if beside else TITLE_HEIGHT,
                step.title, f"{step.part.colour} {'in-row' if beside else ''}",
                number=step.number,
            )  # fmt: skip
            drawing.insert(drawing.untitled[1], [title])
            under = LINE if beside else 0.0
            y += 0 if beside else TITLE_HEIGHT + STEP_GAP + shown.labels
        high = 0.0 if under else shown.height
        self._label(drawing, labels, y + under, said or self._said(line, under=new), high)
        drawing.put(line, shown, x, y, style)
        if longer:
            last = x + shown.width - shown.cell
            drawing.pieces.append(Piece("note", last, y - BAND, shown.cell, BAND, longer, "over"))
        self._outline(drawing, line, shown, x, y)
        drawing.ledger = x if drawing.ledger is None else drawing.ledger
        if new:
            drawing.noted = Noted(line.step, left, x + shown.width, top)

    def _is_apart(self, drawing: Drawing, line: Line, shown: Shown, x: float) -> bool:
        """Tell whether a row stands clear of what is above it: higher ones, and numbers."""
        if drawing.step != line.step:
            return False
        above = _lowest_at(drawing, x)
        high = not shown.is_row or (above is not None and not drawing.placed[above].shown.is_row)
        return high or line.node.shape == (1, 1)

    def _outline(self, drawing: Drawing, line: Line, shown: Shown, x: float, y: float) -> None:
        """Keep room below for a border outside the cells."""
        if self.bands.is_outlined(line):
            drawing.space(x, y + shown.height, shown.width, OUTLINE)

    def _said(self, line: Line, *, under: bool = False) -> tuple[str, str]:
        """Return a row's name, and how it comes about; `under` its title no words of it again."""
        if line.role == GIVEN or line.how == "":
            return line.title, ""
        text = line.how or how(self.expressions, core_of(line.node), self.say)
        rounded = self._rounded(line)
        if text == line.title:
            return line.title, rounded
        sign = "=" if line.decimals is None else "≈"
        text = SIGNED.sub(NO_BREAK, text)
        again = under and " " in line.title and line.title.lower() == line.step.title.lower()
        return "" if again else line.title, f"{sign} {text}{rounded}"

    def _label(
        self, drawing: Drawing, x: float, y: float, said: tuple[str, str], high: float
    ) -> None:
        """Put a row's name, and how it comes about, at its left; apart where words differ."""
        left, width = x - APART - LABEL + CIRCLE, LABEL - CIRCLE + NEARER
        name, text = said
        if name and not text:  # alone, it stands by its cells
            wide, middle = name_width(name) + SPARE, (high or CELL_HEIGHT - 2 * LINE) / 2 - LINE / 2
            beside = Piece(
                "note", x - APART - wide, y + middle, wide, LINE, "", "row-name", strong=name
            )
            if drawing.free([beside]):
                drawing.pieces.append(beside)
                return
        parts = [(name, ""), ("", text)] if name and "{" in text else [said]
        needed = [named_height(strong, rest, width) for strong, rest in parts]
        y += max(0.0, (high - sum(needed)) / 2)
        for (strong, rest), tall in zip(parts, needed, strict=True):
            drawing.pieces.append(
                Piece("note", left, y, width, tall, rest, "row-name", strong=strong)
            )
            y += tall


def _style(line: Line) -> str:
    """Return how a line's cells look: to be worked out, or given."""
    return "output" if line.role == ANSWER else "inputs"


def _lowest_at(drawing: Drawing, x: float) -> Node | None:
    """Return the line of the lowest matrix that begins at x, in mm, if one does."""
    some = {node: one.y for node, one in drawing.placed.items() if one.x == x}
    return max(some, key=some.__getitem__, default=None)


def _rows_above(drawing: Drawing, shown: Shown, x: float) -> list[Placed]:
    """Return the rows that begin at x, in mm, and have a row's columns."""
    return [one for one in drawing.placed.values() if one.x == x and _is_in_column(one, shown)]


def _is_in_column(placed: Placed, shown: Shown) -> bool:
    """Tell whether a row may stand below this one: of as many cells, or of one more."""
    own = len(placed.shown.column_labels)
    more = len(shown.column_labels) - own
    longer = more == 1 < own and not placed.grown and shown.column_labels[-1] != BIAS
    return placed.shown.cell == shown.cell and (more == 0 or longer)


def _shared(placed: Placed, shown: Shown) -> Labels:
    """Return the labels of the columns that a row has in common with this one above it."""
    return shown.column_labels[: len(placed.shown.column_labels)]
