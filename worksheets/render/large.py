"""Set lines in large print: their matrices side by side, at places that suit any words."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from worksheets.engine.graph import Line
from worksheets.engine.matrix import Labels
from worksheets.engine.node import Node
from worksheets.render.autolayout.narrative import LONGEST, SENTENCE
from worksheets.render.autolayout.piece import labels_informative, letters_of
from worksheets.render.metrics import BOLD, NO_BREAK, REGULAR, lines, width_of

LONGEST_WORD = 7
ANSWERS = ("{choice", "{answer")  # words that are longer, of a question
LETTER = 4.0  # mm, the widest on average, in 18 point
WIDTH = 190.0  # mm, of a page
SIZE, LINE = 18.0, 7.94  # pt and mm, of a text and of each of its lines
TITLE, CIRCLE, FIRST_LINE = 20.0, 13.0, 10.1  # pt of a step's title, mm before it and of its line
# Classes of matrices, by how wide their cells are, in mm, and by the letters of numbers in them.
NARROW, MIDDLE, WORD, WIDE, WIDEST = "", "middle", "middle word", "wide", "wide widest"
CELLS = {NARROW: 16.0, MIDDLE: 21.0, WORD: 26.0, WIDE: 28.0, WIDEST: 36.0}
LETTERS = {NARROW: 4, MIDDLE: 6, WORD: 6, WIDE: 6, WIDEST: 6}
LABELS = {NARROW: 4, MIDDLE: 5}  # letters of labels above them
HEIGHT, ABOVE = 13.0, 8.0  # mm, of a cell, and of the labels and the name above it
GAP, ALIKE = 10.0, 2.5  # mm, between matrices, and between those whose rows have the same labels
BETWEEN = 1.5  # mm, between matrices below each other
BESIDE = 3.0  # mm, between a name or a label and the row at its right
RULE, RULES = 13.0, 2  # mm between lines to write an answer on, and how many at least


@dataclass(frozen=True)
class Block:
    """Hold some columns of a line's matrix as it is shown; lengths are in mm.

    A column that `lies` is shown as a row. `rows` and `labels` tell whether its rows' and its
    columns' labels are seen; `name` is the line's, where no caption says it: `beside` the first
    row, or over it. It stands `left` and `top` on its shelf, its cells `indent` and `above` from
    there.
    """

    line: Line
    lies: bool
    columns: range
    cells: str
    rows: bool
    labels: bool
    indent: float = 0.0
    above: float = 0.0
    left: float = 0.0
    top: float = 0.0
    name: str = ""
    beside: bool = False

    @property
    def is_one_row(self) -> bool:
        """Tell whether it is a row, or a number, without labels that say anything."""
        return self._size[0] == 1 and not self.labels

    @property
    def across(self) -> float:
        """Return the width of its cells."""
        return len(self.columns) * CELLS[self.cells]

    @property
    def right(self) -> float:
        """Return where it ends: its cells, or the name above them."""
        return self.left + self.indent + max(self.across, self.name_width * self.is_named_above)

    @property
    def height(self) -> float:
        """Return how high its shelf is for it, names and labels included."""
        return self.top + self.above + self._size[0] * HEIGHT

    @property
    def is_named_above(self) -> bool:
        """Tell whether its name stands where labels of its columns would, else before its cells."""
        return bool(self.name) and not self.beside and not self.labels

    @property
    def name_left(self) -> float:
        """Return where its name begins."""
        return self.left + self.indent * self.is_named_above

    @property
    def name_width(self) -> float:
        """Return the width of its name, which stands in the middle above its cells."""
        wide = width_of(self.name, SIZE, BOLD) if self.name else 0.0
        return max(wide, self.across) if self.is_named_above else wide

    @property
    def name_top(self) -> float:
        """Return where its name's line begins."""
        return self.top + self.above * self.beside

    @property
    def name_height(self) -> float:
        """Return the height of its name's line."""
        return HEIGHT if self.beside else self.above

    @property
    def row_labels(self) -> Labels:
        """Return the labels of its rows."""
        return self.line.column_labels if self.lies else self.line.row_labels

    @property
    def column_labels(self) -> Labels:
        """Return the labels of its columns."""
        return self.line.row_labels if self.lies else self.line.column_labels

    @property
    def _size(self) -> tuple[int, int]:
        rows, columns = self.line.node.shape
        return (columns, rows) if self.lies else (rows, columns)


def height(text: str, title: str = "", file: str = REGULAR) -> float:
    """Return the height of a text in mm, the sheet's words in it being as long as they may be.

    A layout does not know them, and what stands below must not move with them. A step's title
    stands before it on its first line, unless the text has words: these are set in its own box.
    """
    if "{" in text:
        whole = SENTENCE.sub(LONGEST, text)
        return FIRST_LINE * bool(title) + LINE * lines(whole, WIDTH, SIZE, file)
    if not title:
        return LINE * lines(text, WIDTH, SIZE, file)
    before = CIRCLE + width_of(f"{title} ", TITLE, BOLD)
    spaces = NO_BREAK * round(before / width_of(NO_BREAK, SIZE) + 0.5)
    return FIRST_LINE + LINE * (lines(f"{spaces}{text}", WIDTH, SIZE) - 1)


def rules(answer: str) -> int:
    """Return on how many lines a question is answered: as many as its model answer takes."""
    return max(RULES, lines(SENTENCE.sub(LONGEST, answer), WIDTH, SIZE))


def alone(line: Line, lying: Container[Node]) -> list[Block]:
    """Return a line's matrix below the caption that names it; what is too wide goes on below."""
    block = _block(line, lies=line.node in lying)
    indent, count = _indent(block), len(block.columns)
    above = ABOVE if block.labels else 0.0
    most = int((WIDTH - indent) // CELLS[block.cells])
    ranges = [range(start, min(start + most, count)) for start in range(0, count, most)]
    return [replace(block, columns=some, indent=indent, above=above) for some in ranges]


def side_by_side(some: Sequence[Line], lying: Container[Node]) -> list[Block] | None:
    """Return lines' matrices beside each other, each with its name, or None if they do not fit.

    Their first rows stand beside each other. Labels of rows are not said again for the next column.
    """
    blocks = [_block(line, lies=line.node in lying) for line in some]
    beside = all(block.is_one_row for block in blocks)
    above = 0.0 if beside else ABOVE
    found: list[Block] = []
    said: Labels = ()
    for block in blocks:
        again = block.rows and block.row_labels == said
        shown = replace(
            block, rows=block.rows and not again, above=above, name=block.line.title, beside=beside
        )
        left = found[-1].right + (ALIKE if again else GAP) if found else 0.0
        found.append(replace(shown, left=left, indent=_indent(shown)))
        said = block.row_labels if block.rows else said
    return found if found[-1].right <= WIDTH else None


def stacked(some: Sequence[Line], lying: Container[Node]) -> list[Block] | None:
    """Return lines' matrices below each other, if they have the same labels, each with its name.

    Labels of columns are not said again for the next rows.
    """
    blocks = [_block(line, lies=line.node in lying) for line in some]
    first = blocks[0]
    if not first.labels or any(block.column_labels != first.column_labels for block in blocks):
        return None
    cells = max((block.cells for block in blocks), key=CELLS.__getitem__)
    names = max(width_of(line.title, SIZE, BOLD) for line in some) + BESIDE
    indent = names + max(map(_indent, blocks))
    found: list[Block] = []
    for block in blocks:
        above, top = (0.0, found[-1].height + BETWEEN) if found else (ABOVE, 0.0)
        placed = replace(block, cells=cells, labels=not found, indent=indent, above=above, top=top)
        found.append(replace(placed, name=block.line.title, beside=True))
    return found if found[0].right <= WIDTH else None


def _block(line: Line, *, lies: bool) -> Block:
    """Return all of a line's matrix, without a place."""
    labels = line.column_labels, line.row_labels
    columns, rows = labels[::-1] if lies else labels
    labelled = labels_informative(columns)
    cells = _cells(line.node, columns if labelled else ())
    return Block(line, lies, range(len(columns)), cells, labels_informative(rows), labelled)


def _indent(block: Block) -> float:
    """Return the width of the labels before a block's rows, and of a name that stands there."""
    label = BESIDE + LETTER * _letters(block.row_labels) if block.rows else 0.0
    is_before = block.name and not block.is_named_above
    return max(label, block.name_width + BESIDE) if is_before else label


def _cells(node: Node, labels: Labels) -> str:
    """Return the class of a matrix with these labels above it.

    Labels longer than a word of the sheet may be take the widest cells.
    """
    if any(label.startswith(ANSWERS) for label in labels):
        return WIDE
    number, label = letters_of(node), _letters(labels)
    if label > LONGEST_WORD or node.is_word or number > LETTERS[WORD]:
        return WIDEST if label > LONGEST_WORD else WIDE
    narrow = (one for one in (NARROW, MIDDLE) if number <= LETTERS[one] and label <= LABELS[one])
    return next(narrow, WORD)


def _letters(labels: Labels) -> int:
    """Return the most letters a label may have; one in braces is a word of the sheet."""
    return max(
        (LONGEST_WORD if label.startswith("{") else len(label) for label in labels), default=0
    )
