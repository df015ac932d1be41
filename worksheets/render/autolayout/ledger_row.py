"""Put one row into a ledger: its cells, at their left what it is and how it comes about."""

from __future__ import annotations

import re
from dataclasses import replace

from worksheets.engine.graph import GIVEN, Line
from worksheets.engine.matrix import BIAS
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
from worksheets.render.autolayout.functions import decimals
from worksheets.render.autolayout.naming import how
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import (
    BAND,
    CELL_HEIGHT,
    LINE,
    OUTLINE,
    Piece,
    Shown,
    name_width,
    named_height,
    plain,
)
from worksheets.render.metrics import NO_BREAK

LABEL = 48.0  # mm, of what stands at the left of a row
SIGNED = re.compile(r"(?<=[−+÷·⊙]) ")  # a sign stays with what comes behind it
SPARE = 0.3  # mm, so that a name as wide as its room stays on one line
NEARER = 0.3  # mm, by which a text of its full width comes nearer to the cells
APART, STEP_GAP, BETWEEN = 2.0, 0.8, 2.0  # between labels and cells; between the rows of two steps
FROM = message("{line}, from step {number}")


class Rows:
    """Put rows into drawings, for one page, each where the ones above it end."""

    def __init__(self, operands_: Operands, expressions: Expressions) -> None:
        """Read a graph by its operands."""
        self.operands, self.expressions = operands_, expressions
        self.say, self.bands = operands_.say, operands_.bands

    def missing(self, drawing: Drawing, line: Line, here: frozenset[Node], x: float) -> None:
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

    def put(
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

    def _is_apart(self, drawing: Drawing, line: Line, shown: Shown, x: float) -> bool:
        """Tell whether a row stands clear of what is above it: higher ones, and numbers."""
        if drawing.step != line.step:
            return False
        above = lowest_at(drawing, x)
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
        rounded = self.rounded(line)
        if text == line.title:
            return line.title, rounded
        sign = "=" if line.decimals is None else "≈"
        text = SIGNED.sub(NO_BREAK, text)
        again = under and " " in line.title and line.title.lower() == line.step.title.lower()
        return "" if again else line.title, f"{sign} {text}{rounded}"

    def rounded(self, line: Line) -> str:
        """Return to how many decimals a line is rounded, if it is, to stand behind its name."""
        if line.decimals is None:
            return ""
        return f", {decimals(line.decimals, self.say)}"

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


def lowest_at(drawing: Drawing, x: float) -> Node | None:
    """Return the line of the lowest matrix that begins at x, in mm, if one does."""
    some = {node: one.y for node, one in drawing.placed.items() if one.x == x}
    return max(some, key=some.__getitem__, default=None)


def _rows_above(drawing: Drawing, shown: Shown, x: float) -> list[Placed]:
    """Return the rows that begin at x, in mm, and have a row's columns."""
    return [one for one in drawing.placed.values() if one.x == x and is_in_column(one, shown)]


def is_in_column(placed: Placed, shown: Shown) -> bool:
    """Tell whether a row may stand below this one: of as many cells, or of one more."""
    own = len(placed.shown.column_labels)
    more = len(shown.column_labels) - own
    longer = more == 1 < own and not placed.grown and shown.column_labels[-1] != BIAS
    return placed.shown.cell == shown.cell and (more == 0 or longer)
