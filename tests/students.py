"""Simulated students: they work a sheet as their steps say, with slips that they carry on."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby
from math import lcm

import numpy as np

from worksheets.engine import operations as op
from worksheets.engine.evaluate import evaluate
from worksheets.engine.graph import Graph, Line, Mistake, Tracer
from worksheets.engine.matrix import Matrix, filled
from worksheets.engine.notation import read, write
from worksheets.marking.submission import CellName, Entry, Submission
from worksheets.sheet import Sheet

Texts = dict[CellName, str]
FINER, MOST_CARRIED = (27_720, 12, 1), 10_000


class Worker(Tracer):
    """Somebody who makes one mistake throughout, or slips in one cell, with the printed rates.

    Where nothing follows from their numbers, such as a power with half an exponent, they ask, and
    go on with the key's value. `needed` is the common denominator of what they came to.
    """

    def __init__(
        self,
        sheets: Sequence[Sheet],
        mistake: Mistake | None = None,
        slip: CellName | None = None,
        finer: int = 1,
    ) -> None:
        super().__init__(mistake)
        self.sheets, self.slip, self.finer, self.needed = sheets, slip, finer, 1

    def rate(self, name: str, inverse: Matrix) -> Matrix:
        printed = 1 / read(self.sheets[0].constants[name])
        return super().rate(name, filled(("rate",), ("value",), printed))

    def answer(self, name: str, matrix: Matrix, *rest: object, **rules: object) -> Matrix:
        matrix = self.exactly(name, matrix)
        if self.slip and self.slip[0] == name:
            matrix = slipped(matrix, *self.slip[1:])
        return super().answer(name, matrix, *rest, **rules)  # type: ignore[arg-type]

    def exactly(self, name: str, matrix: Matrix) -> Matrix:
        """A quotient, say, that need not come out as on a sheet, as long as `finer` holds it."""
        right = matrix.node
        if right.exactly is None or self.finer == 1:
            return matrix
        unit = lcm(right.denominator, self.finer)

        def rows_of(node: op.Node, array: np.ndarray) -> list[list[Fraction]]:
            return [[Fraction(int(cell), node.denominator) for cell in row] for row in array]

        def compute(*arrays: np.ndarray) -> np.ndarray:
            sheets = []
            for sheet, *some in zip(self.sheets, *arrays, strict=True):
                found = right.exactly(*map(rows_of, right.parents, some))
                cells = [
                    [read(text) if x is None else x for x, text in zip(*rows, strict=True)]
                    for rows in zip(found, sheet.values[name], strict=True)
                ]
                self.needed = lcm(self.needed, *(x.denominator for row in cells for x in row))
                sheets.append([[int(x * unit) for x in row] for row in cells])
            return np.array(sheets)

        bound = unit * max(right.bound // right.denominator, MOST_CARRIED)
        node = op.Node(right.operation, right.parents, right.shape, unit, bound, compute)
        return Matrix(node, matrix.row_labels, matrix.column_labels)


def slipped(matrix: Matrix, row: int, column: int) -> Matrix:
    """One too much in this cell; of a word, the next one."""
    rows, columns = matrix.shape
    one = [[Fraction(int((r, c) == (row, column))) for c in range(columns)] for r in range(rows)]
    if not matrix.node.is_word:
        node = op.combination(matrix.node, op.constant(one), 1)
        return Matrix(node, matrix.row_labels, matrix.column_labels)
    most, least = matrix.node.bound + 1, int(matrix.node.operation != "same_word")

    def compute(words: np.ndarray) -> np.ndarray:
        changed = words.copy()
        changed[:, row, column] = least + (words[:, row, column] - least + 1) % (most - least)
        return changed

    node = op.Node("slipped", (matrix.node,), matrix.shape, 1, most, compute, is_word=True)
    return Matrix(node, matrix.row_labels, matrix.column_labels)


def worked(sheet: Sheet, mistake: Mistake | None = None, slip: CellName | None = None) -> Texts:
    """Every answer cell as this student writes it."""
    return _worked([sheet], mistake, slip)[0]


def all_worked(sheets: Sequence[Sheet], mistake: Mistake | None = None) -> list[Texts]:
    """The same for many students, those with the same rates at once."""
    found: dict[str, Texts] = {}

    def rates(sheet: Sheet) -> list[tuple[str, str]]:
        return sorted(sheet.constants.items())

    for _, some in groupby(sorted(sheets, key=rates), key=rates):
        group = list(some)
        ids = [sheet.id for sheet in group]
        found |= zip(ids, _worked(group, mistake, None), strict=True)
    return [found[sheet.id] for sheet in sheets]


def _graph(
    sheets: Sequence[Sheet], mistake: Mistake | None, slip: CellName | None, finest: tuple[int, ...]
) -> tuple[Worker, Graph]:
    """The steps as these students take them, with numbers as fine as 64 bits allow."""
    for finer in finest:
        worker = Worker(sheets, mistake, slip, finer)
        try:
            sheets[0].kind.steps(worker, sheets[0].identity.level)
        except OverflowError:
            continue
        return worker, worker.graph()
    raise OverflowError(f"{sheets[0].id}: its numbers need more than 64 bits")


def _worked(
    sheets: Sequence[Sheet],
    mistake: Mistake | None,
    slip: CellName | None,
    finest: tuple[int, ...] = FINER,
) -> list[Texts]:
    worker, graph = _graph(sheets, mistake, slip, finest)
    givens = {
        line.name: np.array(
            [[[int(text) for text in row] for row in one.values[line.name]] for one in sheets]
        )
        for line in graph.givens
        if line.node.operation == "given"
    }
    roles = sheets[0].indices
    words = {role: np.array([one.indices[role] for one in sheets]) for role in roles}
    values = evaluate(graph, givens, words, len(sheets))
    if worker.finer % worker.needed and worker.finer > 1:  # again, each with what it needs
        if len(sheets) > 1:
            return [texts for one in sheets for texts in _worked([one], mistake, slip)]
        return _worked(sheets, mistake, slip, (worker.needed,))
    arrays = [(line, values[line.name]) for line in graph.answers]
    return [
        {
            (line.name, *place): _text(one, line, int(array[number][place]))
            for line, array in arrays
            for place in np.ndindex(line.node.shape)
        }
        for number, one in enumerate(sheets)
    ]


def _text(sheet: Sheet, line: Line, numerator: int) -> str:
    if line.node.is_word:
        return sheet.choices(line)[numerator]
    return write(Fraction(numerator, line.node.denominator))


def key_texts(sheet: Sheet) -> Texts:
    """Every answer cell as the key has it."""
    return {cell: sheet.values[cell[0]][cell[1]][cell[2]] for cell in cells(sheet.graph)}


def cells(graph: Graph) -> list[CellName]:
    """Every answer cell."""
    return [(line.name, *at) for line in graph.answers for at in np.ndindex(line.node.shape)]


def handed_in(sheet: Sheet, texts: Texts, student: str = "") -> Submission:
    """What comes back to the teacher."""
    entries = {cell: Entry(text) for cell, text in texts.items()}
    return Submission(f"{student or sheet.id}.json", 0, sheet.id, student, entries)


def _fraction(text: str) -> str:
    value = read(text)
    return f"{2 * value.numerator}/{2 * value.denominator}"


def _percent(text: str) -> str:
    return f"{write(100 * read(text))} %" if "/" not in text else text


STYLES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.replace("-", "\N{MINUS SIGN}"),
    lambda text: text.replace("-", "\N{EN DASH}\N{NO-BREAK SPACE}"),
    lambda text: f"  {text}\t",
    lambda text: text if text.startswith("-") else f"+{text}",
    lambda text: text.replace(".", ","),
    lambda text: re.sub(r"^(-?)0\.", r"\1.", text),
    lambda text: text.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}),
    lambda text: text.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)}),
    lambda text: text if "." in text or "/" in text else f"{text}.0",
    _fraction,
    _percent,
)
WORD_STYLES: tuple[Callable[[str], str], ...] = (str.upper, str.lower, str.title, " {} ".format)


def typed(sheet: Sheet, texts: Texts, chance: random.Random) -> Texts:
    """The same values as somebody with many habits types them."""
    lines = sheet.graph.lines
    return {
        cell: chance.choice(WORD_STYLES if lines[cell[0]].node.is_word else STYLES)(text)
        for cell, text in texts.items()
    }
