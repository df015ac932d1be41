"""Follow a sheet while it is entered: what each cell should hold, after what stands before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from worksheets.engine.graph import Line
from worksheets.engine.notation import write
from worksheets.marking.answer import Answer, read_number, read_word, spellings
from worksheets.marking.follow import Followed, follow
from worksheets.marking.paper import paper, value_of
from worksheets.marking.submission import CellName, Entry, Submission
from worksheets.sheet import Sheet


@dataclass
class Work:
    """Hold what was typed of a sheet so far; blank cells count as what follows."""

    sheet: Sheet
    fade: str
    typed: dict[CellName, str] = field(default_factory=dict)

    def key(self, cell: CellName) -> str:
        """Return the key's text of a cell."""
        name, row, column = cell
        return self.sheet.values[name][row][column]

    def expected(self) -> Mapping[CellName, str]:
        """Return the texts that follow from what was typed, where some of it is not the key's."""
        if not any(not self._is_key(cell, text) for cell, text in self.typed.items()):
            return {}
        followed = self._followed()
        values = followed.follow_values | followed.surprising
        return {cell: self._text(cell, value) for cell, value in values.items()}

    def leads_to(self, cells: Iterable[CellName]) -> bool:
        """Tell whether what was typed of these cells follows from what was typed before them."""
        expected = self.expected()
        return all(
            is_right(
                self.sheet, self._line(cell), self.typed[cell], expected.get(cell, self.key(cell))
            )
            for cell in cells
        )

    def take(self, cells: Iterable[CellName]) -> None:
        """Take a line for what follows, without asking; where that is the key's, it has no text."""
        expected = self.expected()
        texts = {cell: expected.get(cell, self.key(cell)) for cell in cells}
        self.typed = {cell: text for cell, text in self.typed.items() if cell not in texts}
        if any(text != self.key(cell) for cell, text in texts.items()):
            self.typed |= texts

    def _line(self, cell: CellName) -> Line:
        return self.sheet.graph.lines[cell[0]]

    def _is_key(self, cell: CellName, text: str) -> bool:
        return is_right(self.sheet, self._line(cell), text, self.key(cell))

    def _followed(self) -> Followed:
        entries = {cell: Entry(text) for cell, text in self.typed.items() if text}
        submission = Submission("", 0, self.sheet.id, "", entries, fade=self.fade)
        (found,) = follow([paper(submission, self.sheet)])
        return found

    def _text(self, cell: CellName, value: Fraction) -> str:
        line = self._line(cell)
        if line.node.is_word:
            return self.sheet.choices(line)[int(value)]
        return write(value)


def read_answer(sheet: Sheet, line: Line, text: str) -> Answer:
    """Read what was typed for a cell of a line."""
    if line.node.is_word:
        return read_word(text, spellings(sheet.choices(line)))
    return read_number(text)


def is_right(sheet: Sheet, line: Line, text: str, right: str) -> bool:
    """Tell whether a typed text stands for the right one."""
    return read_answer(sheet, line, text).value == value_of(right, sheet, line)
