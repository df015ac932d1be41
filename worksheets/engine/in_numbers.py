"""Write the arithmetic of one cell of a line in a sheet's numbers: 2 · 1 + (−1) · 3 + 1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from itertools import product

from worksheets.engine.evaluate import Evaluation
from worksheets.engine.graph import Line
from worksheets.engine.node import Node
from worksheets.engine.notation import MINUS, on_paper, write
from worksheets.engine.shapes import taken

RAISED = str.maketrans("0123456789" + MINUS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Binds(IntEnum):
    """Order expressions by how tightly they bind: what binds less is put in brackets."""

    SUM = 0
    NEGATIVE = 1
    PRODUCT = 2
    NUMBER = 3


@dataclass(frozen=True)
class Term:
    """Hold a part of an expression as it is written, and how tightly it binds."""

    text: str
    binds: Binds = Binds.NUMBER

    def within(self, least: Binds) -> str:
        """Return it, in brackets if it binds less than that."""
        return self.text if self.binds >= least else f"({self.text})"


def in_numbers(sheet: Evaluation, line: Line, row: int, column: int) -> str:
    """Return what stands right of a cell's equals sign, of the numbers of a sheet alone evaluated.

    Raises:
        ValueError: if the line's operation is no arithmetic, such as a choice of words.
    """
    return _Writer(sheet).inside(line.node, row, column).text


class _Writer:
    """Write nodes' cells: those of lines as their numbers, others as their arithmetic."""

    def __init__(self, sheet: Evaluation) -> None:
        self.sheet = sheet
        self.lines = {line.node for line in sheet.graph.lines.values()}

    def value(self, node: Node, row: int, column: int) -> Fraction:
        return Fraction(int(self.sheet.arrays[node][0, row, column]), node.denominator)

    def cell(self, node: Node, row: int, column: int) -> Term:
        """Write a cell of an operand; one of 1×1 stands for all of a matrix."""
        if node.shape == (1, 1):
            row = column = 0
        if node in self.lines or node.operation in ("constant", "one_hot"):
            return _number(self.value(node, row, column))
        return self.inside(node, row, column)

    def inside(self, node: Node, row: int, column: int) -> Term:
        """Write a cell's arithmetic, whether its node is a line or not."""
        if node.traits.rearranges:
            return self._rearranged(node, row, column)
        writers: dict[str, Callable[[Node, int, int], Term]] = {
            "product": self._product,
            "step_down": self._step_down,
            "sum_of_all": self._sum_of_all,
            "discounted": self._discounted,
            "following": self._following,
            "softmax": self._softmax,
            "softmax_where": self._softmax,
            "shares": self._shares,
        }
        if node.operation in writers:
            return writers[node.operation](node, row, column)
        if node.operation not in BY_ENTRY:
            raise ValueError(f"{node.operation} is no arithmetic to be written in numbers")
        operands = [self.cell(parent, row, column) for parent in node.parents]
        operands += [_number(Fraction(setting)) for setting in node.settings]
        return BY_ENTRY[node.operation](*operands)

    def _rearranged(self, node: Node, row: int, column: int) -> Term:
        """Write the cell that an operation has put here."""
        first = node.parents[0]
        match node.operation:
            case "transpose":
                return self.cell(first, column, row)
            case "columns":
                return self.cell(first, row, taken(node)[column])
            case "rows":
                return self.cell(first, taken(node)[row], column)
            case "look_up":
                word = int(self.sheet.arrays[node.parents[1]][0, 0, 0])
                return self.cell(first, row, word)
            case "with_row" if row == first.shape[0]:
                return _number(Fraction(node.settings[0]))
            case "with_row":
                return self.cell(first, row, column)
        for part in node.parents:  # beside or stacked
            if node.operation == "beside" and column >= part.shape[1]:
                column -= part.shape[1]
            elif node.operation == "stacked" and row >= part.shape[0]:
                row -= part.shape[0]
            else:
                break
        return self.cell(part, row, column)

    def _product(self, node: Node, row: int, column: int) -> Term:
        left, right = node.parents
        places = range(left.shape[1])
        row_of = [self.cell(left, row, place) for place in places]
        column_of = [self.cell(right, place, column) for place in places]
        if right.operation == "constant":
            return _weighed(row_of, [self.value(right, place, column) for place in places])
        if left.operation == "constant":
            return _weighed(column_of, [self.value(left, row, place) for place in places])
        return _sum(map(_times, row_of, column_of))

    def _step_down(self, node: Node, row: int, column: int) -> Term:
        weights, gradient, inverse = node.parents
        rate = _number(1 / self.value(inverse, 0, 0))
        step = _times(rate, self.cell(gradient, row, column))
        return _difference(self.cell(weights, row, column), step)

    def _sum_of_all(self, node: Node, _row: int, _column: int) -> Term:
        (value,) = node.parents
        rows, columns = value.shape
        return _sum(self.cell(value, *place) for place in product(range(rows), range(columns)))

    def _discounted(self, node: Node, row: int, column: int) -> Term:
        here = self.cell(node.parents[0], row, column)
        if column == node.shape[1] - 1:
            return here
        after = _number(self.value(node, row, column + 1))
        return _sum([here, _times(_number(Fraction(node.settings[0])), after)])

    def _following(self, node: Node, row: int, column: int) -> Term:
        last = column == node.shape[1] - 1
        return _number(Fraction(0)) if last else self.cell(node.parents[0], row, column + 1)

    def _softmax(self, node: Node, row: int, column: int) -> Term:
        scores, *where = node.parents
        seen = [
            place
            for place in range(scores.shape[0])
            if not where or self.value(where[0], place, column)
        ]
        if row not in seen:
            return _number(Fraction(0))
        powers = {place: _exponential(self.cell(scores, place, column)) for place in seen}
        return _quotient(powers[row], _sum(powers.values()))

    def _shares(self, node: Node, row: int, column: int) -> Term:
        (weights,) = node.parents
        column_of = [self.cell(weights, place, column) for place in range(weights.shape[0])]
        return _quotient(column_of[row], _sum(column_of))


def _number(value: Fraction) -> Term:
    text = on_paper(write(value))
    if value < 0:
        return Term(text, Binds.NEGATIVE)
    return Term(text, Binds.PRODUCT if "/" in text else Binds.NUMBER)


def _sum(terms: Iterable[Term]) -> Term:
    """Add terms; a negative one is written with its minus sign between them."""
    first, *others = terms
    text = first.text
    for one in others:
        if one.binds is Binds.NEGATIVE:
            text += f" {MINUS} {one.text.removeprefix(MINUS)}"
        else:
            text += f" + {one.within(Binds.PRODUCT)}"
    return Term(text, Binds.SUM) if others else first


def _weighed(terms: Sequence[Term], weights: Sequence[Fraction]) -> Term:
    """Add terms with a fixed matrix's weights: it takes their mean, or picks some with a sign."""
    if len(set(weights)) == 1 and weights[0] not in (-1, 0, 1):
        return _quotient(_sum(terms), _number(1 / weights[0]))
    signed = [
        _negative(term) if weight == -1 else term if weight == 1 else _times(_number(weight), term)
        for term, weight in zip(terms, weights, strict=True)
        if weight
    ]
    return _sum(signed) if signed else _number(Fraction(0))


def _difference(left: Term, right: Term) -> Term:
    return Term(f"{left.text} {MINUS} {right.within(Binds.PRODUCT)}", Binds.SUM)


def _times(left: Term, right: Term) -> Term:
    return Term(f"{left.within(Binds.PRODUCT)} · {right.within(Binds.NUMBER)}", Binds.PRODUCT)


def _quotient(dividend: Term, divisor: Term) -> Term:
    return Term(f"{dividend.within(Binds.PRODUCT)} ÷ {divisor.within(Binds.NUMBER)}", Binds.PRODUCT)


def _negative(value: Term) -> Term:
    if value.binds is Binds.NEGATIVE:
        return Term(value.text.removeprefix(MINUS))
    return Term(f"{MINUS}{value.within(Binds.NUMBER)}", Binds.NEGATIVE)


def _exponential(value: Term) -> Term:
    return _power(Term("e"), value) if value.text.lstrip(MINUS).isdigit() else _call("exp", value)


def _power(base: Term, exponent: Term) -> Term:
    return Term(f"{base.text}{exponent.text.translate(RAISED)}")


def _call(name: str, *values: Term) -> Term:
    return Term(f"{name}({', '.join(value.text for value in values)})")


def _compared(sign: str, left: Term, right: Term) -> Term:
    return Term(f"[{left.text} {sign} {right.text}]")


BY_ENTRY: dict[str, Callable[..., Term]] = {
    "sum": lambda left, right: _sum([left, right]),
    "difference": _difference,
    "multiply_entries": _times,
    "quotient": _quotient,
    "negative": _negative,
    "rounded": lambda value: value,
    "relu": lambda value: _call("ReLU", value),
    "sigma": lambda value: _call("σ", value),
    "logarithm": lambda value: _call("ln", value),
    "square_root": lambda value: _call("√", value),
    "maximum": lambda left, right: _call("max", left, right),
    "minimum": lambda left, right: _call("min", left, right),
    "clip": lambda value, low, high: _call("clip", value, low, high),
    "powers": lambda exponent, base: _power(base, exponent),
    "exponents": lambda number, base: Term(f"log{_lowered(base)}({number.text})"),
}


def _lowered(base: Term) -> str:
    return base.text.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
