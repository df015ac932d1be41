"""Arithmetic in plain fractions, as a pencil does it, for the kinds' second implementations.

Nothing here comes from the package.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Any

Matrix = list[list[Fraction]]
Key = dict[str, Any]

PRECISE = Context(prec=60, rounding=ROUND_HALF_UP)
BORDER = Fraction(5, 1000)
# Given lines that hold words, not numbers.
OF_WORDS = ("preference", "samples")


# --- Numbers ---


def decimal(value: Fraction) -> Decimal:
    """The fraction as a decimal of 60 digits."""
    return PRECISE.divide(Decimal(value.numerator), Decimal(value.denominator))


@cache
def rounded(value: Fraction, decimals: int) -> Fraction:
    """Rounded half away from zero, as schools do."""
    step = Decimal(1).scaleb(-decimals)
    return Fraction(decimal(value).quantize(step, ROUND_HALF_UP, PRECISE))


def near_border(value: Fraction, decimals: int) -> bool:
    """Whether the value lies within 0.005 of where its rounding changes."""
    step = Fraction(1, 10**decimals)
    return abs(value % step - step / 2) <= BORDER


@cache
def written(value: Fraction) -> str:
    """As in a key: an integer, else a terminating decimal, else p/q."""
    if value.denominator == 1:
        return str(value.numerator)
    enough = range(value.denominator.bit_length())
    decimals = next((places for places in enough if (value * 10**places).denominator == 1), None)
    if decimals is None:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value) * 10**decimals).rjust(decimals + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


@cache
def sigma(value: Fraction) -> Fraction:
    """The logistic function 1 / (1 + e^-x), to 60 digits."""
    power = PRECISE.exp(decimal(-value))
    return Fraction(PRECISE.divide(Decimal(1), PRECISE.add(Decimal(1), power)))


@cache
def power_of_e(exponent: Fraction) -> Fraction:
    """e^exponent, to 60 digits."""
    return Fraction(PRECISE.exp(decimal(exponent)))


def logarithm(value: Fraction) -> Fraction:
    """The natural logarithm, to 60 digits."""
    return Fraction(PRECISE.ln(decimal(value)))


def softmax(scores: list[Fraction]) -> list[Fraction]:
    """e^score over the sum of them all, to 60 digits."""
    highest = max(scores)
    powers = [power_of_e(score - highest) for score in scores]
    return [power / sum(powers) for power in powers]


def in_tenths(scores: Matrix) -> Matrix:
    """The softmax of each column, in tenths."""
    return transpose([[rounded(share, 1) for share in softmax(one)] for one in transpose(scores)])


def softmax_by_hand(scores: list[Fraction], last: int = 5) -> list[Fraction] | None:
    """The softmax of a student with a table of e^0 … e^-last to two decimals, 0 below.

    None if a difference of scores is not in the table.
    """
    table = {Fraction(-k): rounded(Fraction(PRECISE.exp(Decimal(-k))), 2) for k in range(last + 1)}
    below = [score - max(scores) for score in scores]
    if any(k not in table and k >= -last for k in below):
        return None
    powers = [table.get(k, Fraction(0)) for k in below]
    return [power / sum(powers) for power in powers]


def undoable(scores: list[Fraction]) -> list[str]:
    """What keeps a pencil from the probabilities of these scores."""
    found = []
    by_hand, exact = softmax_by_hand(scores, 3), softmax(scores)
    tenths = [rounded(share, 1) for share in exact]
    if by_hand is None or [rounded(share, 1) for share in by_hand] != tenths:
        found.append("probabilities: the printed table gives others")
    if sum(tenths) != 1:
        found.append("probabilities: an example's do not come to 1")
    if any(near_border(share, 1) for share in exact):
        found.append("probabilities: a share near the border of its rounding")
    return found


# --- Matrices: lists of rows ---


def transpose(matrix: Matrix) -> Matrix:
    """Rows become columns."""
    return [list(column) for column in zip(*matrix, strict=True)]


def column(matrix: Matrix, number: int) -> Matrix:
    """One column, as a matrix of one column; -1 is the last."""
    return [[row[number]] for row in matrix]


def flat(matrix: Matrix) -> list[Fraction]:
    """All cells, row by row."""
    return [cell for row in matrix for cell in row]


def without_bias(weights: Matrix) -> Matrix:
    """The weights less their last column."""
    return [row[:-1] for row in weights]


def with_row(matrix: Matrix, value: int) -> Matrix:
    """[matrix; 1] or [matrix; 0]: one more row, all of that value."""
    return [*matrix, [Fraction(value)] * len(matrix[0])]


def product(left: Matrix, right: Matrix) -> Matrix:
    """The matrix product, in whole numbers over the product of both denominators."""
    (rows, one), (columns, other) = whole(left), whole(transpose(right))
    return [
        [
            Fraction(sum(a * b for a, b in zip(row, column, strict=True)), one * other)
            for column in columns
        ]
        for row in rows
    ]


def whole(matrix: Matrix) -> tuple[list[list[int]], int]:
    """A matrix as whole numbers over one denominator: many times as fast to compute with."""
    under = lcm(*(cell.denominator for row in matrix for cell in row))
    return [[cell.numerator * (under // cell.denominator) for cell in row] for row in matrix], under


def subtract(left: Matrix, right: Matrix) -> Matrix:
    """Cell by cell."""
    return [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(left, right, strict=True)]


def scale(factor: Fraction, matrix: Matrix) -> Matrix:
    """A number times each cell."""
    return [[factor * cell for cell in row] for row in matrix]


def thirds(matrix: Matrix) -> Matrix:
    """[1/3, 1/3, 1/3]ᵀ: what a mean over the columns multiplies by."""
    return [[Fraction(1, len(matrix[0]))] for _ in matrix[0]]


def mean(matrix: Matrix) -> Matrix:
    """The mean of the columns."""
    return product(matrix, thirds(matrix))


def layer(weights: Matrix, inputs: Matrix) -> Matrix:
    """W · [X; 1]."""
    return product(weights, with_row(inputs, 1))


def relu(matrix: Matrix) -> Matrix:
    """What is greater than 0, else 0."""
    return [[max(cell, Fraction(0)) for cell in row] for row in matrix]


def trained(weights: Matrix, rate: Fraction, gradient: Matrix) -> Matrix:
    """W - η·gradient."""
    return subtract(weights, scale(rate, gradient))


# --- Effort ---


def times(left: Fraction, right: Fraction) -> int:
    """One multiplication, unless a factor is 0 or ±1."""
    return int(abs(left) not in (0, 1) and abs(right) not in (0, 1))


def plus(*terms: Fraction) -> int:
    """The additions of a sum: its non-zero terms less one."""
    return max(sum(term != 0 for term in terms) - 1, 0)


def hard(left: Fraction, right: Fraction) -> bool:
    """Whether both have two digits or more, but for zeros at either end."""
    return all(len(written(abs(one)).replace(".", "").strip("0")) > 1 for one in (left, right))


def product_effort(left: Matrix, right: Matrix) -> int:
    """The multiplications and additions of every cell of a product."""
    return sum(
        sum(times(a, b) for a, b in zip(row, other, strict=True))
        + plus(*(a * b for a, b in zip(row, other, strict=True)))
        for row in left
        for other in transpose(right)
    )


def layer_effort(weights: Matrix, inputs: Matrix) -> int:
    """W · [X; 1]: the bias is one more term."""
    return product_effort(weights, with_row(inputs, 1))


def mean_effort(matrix: Matrix) -> int:
    """The mean of the columns is the product with 1/3's."""
    return product_effort(matrix, thirds(matrix))


def scale_effort(factor: Fraction, matrix: Matrix) -> int:
    """A number times each cell."""
    return sum(times(factor, cell) for cell in flat(matrix))


def subtract_effort(left: Matrix, right: Matrix) -> int:
    """One subtraction a cell, unless one of the two is 0."""
    return sum(plus(a, b) for a, b in zip(flat(left), flat(right), strict=True))


def update_effort(weights: Matrix, rate: Fraction, gradient: Matrix) -> int:
    """W - η·gradient."""
    return scale_effort(rate, gradient) + subtract_effort(weights, scale(rate, gradient))


# --- A key ---


@cache
def number(text: str) -> Fraction:
    """A cell of a key."""
    return Fraction(text)


def givens(key: Key) -> dict[str, Matrix]:
    """The numbers that are printed on the blank sheet, by line; no answer is looked at."""
    return {
        line["name"]: [[number(cell) for cell in row] for row in line["values"]]
        for line in key["lines"]
        if line["role"] == "given" and line["name"] not in OF_WORDS
    }


def as_written(lines: dict[str, Matrix]) -> dict[str, list[list[str]]]:
    """Lines as a key writes them."""
    return {
        name: [[written(Fraction(cell)) for cell in row] for row in rows]
        for name, rows in lines.items()
    }


# --- A theme's answers ---


def misordered(key: Key, name: str, values: list[Fraction]) -> bool:
    """Whether a better answer of the theme's has a lower value than a worse one.

    The line's rows or columns say which answers these are; `values` are one for each, in order.
    """
    line = next(line for line in key["lines"] if line["name"] == name)
    ranks = list(map(key["words"]["answers"].index, _answers_over(line)))
    ranked = [value for _, value in sorted(zip(ranks, values, strict=True))]
    return len({*ranks}) < len(ranks) or ranked != sorted(ranked)


def _answers_over(line: dict[str, Any]) -> list[str]:
    labels: list[str] = max(line["row_labels"], line["column_labels"], key=len)
    return labels
