"""Set a step's lines in large print: matrices side by side on shelves, for any words."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from worksheets.engine.graph import Line
from worksheets.engine.matrix import Labels
from worksheets.engine.node import Node
from worksheets.render.autolayout.piece import labels_informative, letters_of
from worksheets.render.metrics import BOLD, lines, width_of

LONGEST_WORD = 7
LETTER = 4.0  # mm, the widest on average, in 18 point
WIDTH = 180.0  # mm, of a page
SIZE, LINE = 18.0, 7.94  # pt and mm, of a text and of each of its lines
TITLE, CIRCLE, FIRST_LINE = 20.0, 14.0, 12.0  # pt of a step's title, mm before it and of its line
NARROW, MIDDLE, WIDE, WIDEST = "", "middle", "wide", "wide widest"  # classes of matrices
CELLS = {NARROW: 16.0, MIDDLE: 22.0, WIDE: 28.0, WIDEST: 36.0}  # mm
LETTERS = {NARROW: 4, MIDDLE: 5, WIDE: 6, WIDEST: 6}  # of a number, or a label, in a cell
HEIGHT, LABELS = 14.0, 9.0  # mm, of a cell and of the labels of columns
GAP, BESIDE = 10.0, 3.0  # mm, between matrices, and between a name or a label and its row


@dataclass(frozen=True)
class Block:
    """Hold some columns of a line's matrix as it is shown; lengths are in mm.

    `rows` and `labels` tell whether its rows' and its columns' labels are; `name` is the line's,
    where no caption says it. These take `indent` at its left, and `above` over it. It stands
    `left` on its shelf.
    """

    line: Line
    size: tuple[int, int]
    columns: range
    cells: str
    rows: bool
    labels: bool
    indent: float
    name: str = ""
    left: float = 0.0

    @property
    def above(self) -> float:
        """Return the room over its first row."""
        return LABELS if self.labels or (self.name and self.size[0] > 1) else 0.0

    @property
    def width(self) -> float:
        """Return its width, names and labels included."""
        return self.indent + len(self.columns) * CELLS[self.cells]

    @property
    def height(self) -> float:
        """Return its height, names and labels included."""
        return self.above + self.size[0] * HEIGHT


@dataclass(frozen=True)
class Shelf:
    """Hold blocks that stand side by side, and the lines whose captions stand above them."""

    captions: tuple[Line, ...]
    blocks: tuple[Block, ...]

    @property
    def height(self) -> float:
        """Return the height of what stands below the captions, in mm."""
        return max(block.height for block in self.blocks)


def height(text: str, title: str = "") -> float:
    """Return the height of a text in mm, the sheet's words in it being as long as they may be.

    A layout does not know them, and what stands below must not move with them. A step's title
    stands before it on its first line.
    """
    if not title:
        return LINE * lines(text, WIDTH, SIZE)
    before = CIRCLE + width_of(f"{title} ", TITLE, BOLD)
    spaces = "\u00a0" * round(before / width_of("\u00a0", SIZE) + 0.5)
    return FIRST_LINE + LINE * (lines(f"{spaces}{text}", WIDTH, SIZE) - 1)


def shelves(some: Sequence[Line], lying: Container[Node]) -> list[Shelf]:
    """Return a step's lines on shelves, in their order, each with as many as it holds.

    A line that is worked out has its caption above its shelf; one that is given has its name alone,
    if it has company. `lying` are columns that are shown as rows. What is too wide goes on below.
    """
    found: list[Shelf] = []
    for line in some:
        block = _block(line, lies=line.node in lying, name=line.title)
        captions = () if line.role == "given" else (line,)
        left = found[-1].blocks[-1].left + found[-1].blocks[-1].width + GAP if found else WIDTH
        if left + block.width <= WIDTH:
            before = found.pop()
            placed = replace(block, left=left)
            found.append(Shelf((*before.captions, *captions), (*before.blocks, placed)))
        else:
            found.append(Shelf(captions, (block,)))
    return [one for shelf in found for one in _alone(shelf, lying)]


def _alone(shelf: Shelf, lying: Container[Node]) -> Iterator[Shelf]:
    """Yield a shelf; what stands alone on it has a caption as its name, and may go on below."""
    if len(shelf.blocks) > 1:
        yield shelf
        return
    line = shelf.blocks[0].line
    block = _block(line, lies=line.node in lying)
    columns = len(block.columns)
    most = int((WIDTH - block.indent) // CELLS[block.cells])
    for start in range(0, columns, most):
        some = range(start, min(start + most, columns))
        yield Shelf(() if start else (line,), (replace(block, columns=some),))


def _block(line: Line, *, lies: bool, name: str = "") -> Block:
    """Return all of a line's matrix.

    Labels side by side, longer than a word of the sheet may be, take the widest cells.
    """
    size, labels = line.node.shape, (line.row_labels, line.column_labels)
    if lies:
        size, labels = size[::-1], labels[::-1]
    rows, columns = map(labels_informative, labels)
    indent = BESIDE + LETTER * _letters(labels[0]) if rows else 0.0
    if name:
        indent = max(indent, width_of(name, SIZE, BOLD) + BESIDE)
    cells = _cells(line.node, labels[1] if columns else ())
    return Block(line, size, range(size[1]), cells, rows, columns, indent, name)


def _cells(node: Node, labels: Labels) -> str:
    """Return the class of a matrix with these labels above it."""
    label = _letters(labels)
    if label > LONGEST_WORD:
        return WIDEST
    longest = LONGEST_WORD if node.is_word else max(letters_of(node), label)
    return next((cells for cells in (NARROW, MIDDLE) if longest <= LETTERS[cells]), WIDE)


def _letters(labels: Labels) -> int:
    """Return the most letters a label may have; one in braces is a word of the sheet."""
    return max(
        (LONGEST_WORD if label.startswith("{") else len(label) for label in labels), default=0
    )
