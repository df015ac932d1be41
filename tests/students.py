"""Simulated students: they work a sheet as their steps say, with slips that they carry on."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import islice
from math import lcm

import numpy as np

from worksheets.engine import operations as op
from worksheets.engine.evaluate import evaluate
from worksheets.engine.graph import TWO_DIGITS, Graph, Line, Mistake, Tracer
from worksheets.engine.matrix import Matrix, filled
from worksheets.engine.notation import read, write
from worksheets.marking.submission import CellName, Entry, Submission
from worksheets.sheet import Sheet

Texts = dict[CellName, str]
Slips = Sequence[CellName | None]
FINER, MOST_CARRIED = (27_720, 12, 1), 10_000


class Worker(Tracer):
    """Students who all make one mistake throughout, or slip in a cell each, with printed rates.

    Where nothing follows from their numbers, such as a power with half an exponent, they ask, and
    go on with the key's value. `needed` is the common denominator of what each came to.
    """

    def __init__(
        self, sheets: Sequence[Sheet], mistake: Mistake | None, slips: Slips, finer: int
    ) -> None:
        super().__init__(mistake)
        self.sheets, self.slips, self.finer = sheets, slips, finer
        self.needed = [1] * len(sheets)

    def rate(self, name: str, inverse: Matrix) -> Matrix:
        printed = 1 / read(self.sheets[0].constants[name])
        return super().rate(name, filled(("rate",), ("value",), printed))

    def answer(self, name: str, matrix: Matrix, *rest: object, **rules: int) -> Matrix:
        matrix = self.asked(name, self.exactly(name, matrix))
        here = [
            (number, *slip[1:])
            for number, slip in enumerate(self.slips)
            if slip and slip[0] == name
        ]
        if here:
            matrix = slipped(matrix, here, len(self.sheets))
        if "limit" in rules:  # which holds for sheets: a wrong number may be larger
            rules["limit"] = max(rules["limit"], TWO_DIGITS)
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
            for number, (sheet, *some) in enumerate(zip(self.sheets, *arrays, strict=True)):
                found = right.exactly(*map(rows_of, right.parents, some))
                cells = [
                    [read(text) if x is None else x for x, text in zip(*rows, strict=True)]
                    for rows in zip(found, sheet.values[name], strict=True)
                ]
                denominators = (x.denominator for row in cells for x in row)
                self.needed[number] = lcm(self.needed[number], *denominators)
                sheets.append([[int(x * unit) for x in row] for row in cells])
            return np.array(sheets)

        bound = unit * max(right.bound // right.denominator, MOST_CARRIED)
        node = op.Node(right.operation, right.parents, right.shape, unit, bound, compute)
        return Matrix(node, matrix.row_labels, matrix.column_labels)

    def asked(self, name: str, matrix: Matrix) -> Matrix:
        """The key's values on the sheets whose line has none, such as a logarithm of 0 and 1 more.

        Of two words with the same score, too, it is the key's.
        """
        right = matrix.node
        refusing = [node for node in self.inner(right) if node.refuses is not None]
        if right.exactly is None and right.refuses is not None:
            refusing.append(right)
        if not refusing:
            return matrix
        known = [
            [[_numerator(sheet, name, right, cell) for cell in row] for row in sheet.values[name]]
            for sheet in self.sheets
        ]

        def compute(values: np.ndarray, *arrays: np.ndarray) -> np.ndarray:
            ask, rest = np.zeros(len(self.sheets), dtype=bool), iter(arrays)
            for node in refusing:
                ask |= node.refuses(next(rest), *islice(rest, len(node.parents)))
            return np.where(ask[:, None, None], np.array(known), values)

        needed = [one for node in refusing for one in (node, *node.parents)]
        parents = (right, *needed)
        node = replace(right, parents=parents, compute=compute, refuses=None, exactly=None)
        return Matrix(node, matrix.row_labels, matrix.column_labels)

    def inner(self, node: op.Node) -> list[op.Node]:
        """What is worked out for a line before its last operation, and stands on no other one."""
        lines = {line.node for line in self._lines.values()}
        parents = [parent for parent in node.parents if parent not in lines]
        return [one for parent in parents for one in (parent, *self.inner(parent))]


def _numerator(sheet: Sheet, name: str, node: op.Node, text: str) -> int:
    if node.is_word:
        return sheet.choices(sheet.graph.lines[name]).index(text)
    return int(read(text) * node.denominator)


def slipped(matrix: Matrix, where: list[tuple[int, int, int]], size: int) -> Matrix:
    """One too much in these students' cells; of a word, the next one."""
    if not matrix.node.is_word:
        ones = np.zeros((size, *matrix.shape), np.int64)
        ones[tuple(zip(*where, strict=True))] = 1
        more = op.Node("written", (), matrix.shape, 1, 1, lambda: ones)
        node = op.combination(matrix.node, more, 1)
        return Matrix(node, matrix.row_labels, matrix.column_labels)
    most, least = matrix.node.bound + 1, int(matrix.node.operation != "same_word")

    def compute(words: np.ndarray) -> np.ndarray:
        changed = words.copy()
        for cell in where:
            changed[cell] = least + (words[cell] - least + 1) % (most - least)
        return changed

    node = op.Node("written", (matrix.node,), matrix.shape, 1, most, compute, is_word=True)
    return Matrix(node, matrix.row_labels, matrix.column_labels)


def worked(sheet: Sheet, slip: CellName | None = None) -> Texts:
    """Every answer cell as this student writes it."""
    return all_worked([sheet], slips=[slip])[0]


def all_worked(
    sheets: Sequence[Sheet], mistake: Mistake | None = None, slips: Slips = ()
) -> list[Texts]:
    """The same for many students of one level, each of whom may slip in another cell.

    Those with the same rates work at once.
    """
    slips = slips or [None] * len(sheets)
    groups = defaultdict(list)
    for place, sheet in enumerate(sheets):
        groups[tuple(sheet.constants.items())].append(place)
    found: dict[int, Texts] = {}
    for some in groups.values():
        texts = _worked(
            [sheets[place] for place in some], mistake, [slips[place] for place in some]
        )
        found |= zip(some, texts, strict=True)
    return [found[place] for place in range(len(sheets))]


def _graph(
    sheets: Sequence[Sheet], mistake: Mistake | None, slips: Slips, finest: tuple[int, ...]
) -> tuple[Worker, Graph]:
    """The steps as these students take them, with numbers as fine as 64 bits allow."""
    for finer in finest:
        worker = Worker(sheets, mistake, slips, finer)
        try:
            sheets[0].kind.steps(worker, sheets[0].identity.level)
        except OverflowError:
            continue
        return worker, worker.graph()
    raise OverflowError(f"{sheets[0].id}: its numbers need more than 64 bits")


def _worked(
    sheets: Sequence[Sheet],
    mistake: Mistake | None,
    slips: Slips,
    finest: tuple[int, ...] = FINER,
) -> list[Texts]:
    worker, graph = _graph(sheets, mistake, slips, finest)
    givens = {
        line.name: np.array(
            [
                [[int(read(text) * line.node.denominator) for text in row] for row in rows]
                for rows in (one.values[line.name] for one in sheets)
            ]
        )
        for line in graph.givens
        if line.node.operation == "given"
    }
    roles = sheets[0].indices
    words = {role: np.array([one.indices[role] for one in sheets]) for role in roles}
    values = evaluate(graph, givens, words, len(sheets))
    arrays = [(line, values[line.name].tolist()) for line in graph.answers]
    every = cells(graph)
    done = []
    for number, (one, slip, needed) in enumerate(zip(sheets, slips, worker.needed, strict=True)):
        if worker.finer > 1 and worker.finer % needed:  # again, with what this one needs
            done += _worked([one], mistake, [slip], (needed,))
            continue
        numerators = (
            _text(one, line, cell)
            for line, array in arrays
            for row in array[number]
            for cell in row
        )
        done.append(dict(zip(every, numerators, strict=True)))
    return done


def _text(sheet: Sheet, line: Line, numerator: int) -> str:
    if line.node.is_word:
        return sheet.choices(line)[numerator]
    return _written(numerator, line.node.denominator)


@cache
def _written(numerator: int, denominator: int) -> str:
    return write(Fraction(numerator, denominator))


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
