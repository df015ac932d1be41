"""Write a kind's steps with matrices that have no value yet."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import inf, isfinite
from typing import NoReturn, TypeAlias

from worksheets.engine import arithmetic, functions, shapes
from worksheets.engine import operations as op
from worksheets.engine import words as by_word
from worksheets.engine.node import Node

Labels: TypeAlias = tuple[str, ...]
Number: TypeAlias = int | Fraction
Operand: TypeAlias = "Matrix | Number"

BIAS = "bias"
UNDECIDED = (
    "a traced matrix has no value while the steps are written down, so Python cannot decide on it; "
    "write the decision as an operation: relu(), open(), highest(), columns(word) or same_word()"
)


class Matrix:
    """An expression; its operators build the graph, and its labels travel along.

    `@` is the matrix product, `+`, `-`, `*` and `/` work entry by entry, with a number on either
    side or a 1×1 matrix as well; `m[:, a:b]` takes columns and `m[a:b, :]` rows.
    Shapes are (rows, columns). A word's label is its row's.

    Raises:
        TypeError: when Python is asked to decide on a value (`if`, `==`, `<`, iteration), or for an
            operand that is neither a matrix of the sheet nor an exact number.
        ValueError: when shapes do not fit.
    """

    __hash__ = None  # type: ignore[assignment]  # == is refused, so is hashing
    # `array + m` and `Matrix([...]) + m` are refused here, with a hint, not taken apart elsewhere.
    __array_ufunc__ = None
    _op_priority = inf  # SymPy asks for it

    def __init__(self, node: Node, rows: Labels, columns: Labels) -> None:
        """Wrap a node of the graph, with a label for each row and column."""
        if node.shape != (len(rows), len(columns)):
            raise ValueError(
                f"{node.operation} is {node.shape[0]}×{node.shape[1]} but has {len(rows)} row and "
                f"{len(columns)} column labels"
            )
        self.node = node
        self.row_labels = rows
        self.column_labels = columns

    @property
    def shape(self) -> tuple[int, int]:
        """Return (rows, columns)."""
        return self.node.shape

    @property
    def T(self) -> NoReturn:
        """Refuse: say what to write instead."""
        raise AttributeError("write m.transposed for m.T")

    @property
    def transposed(self) -> Matrix:
        """Turn rows into columns."""
        return Matrix(shapes.transpose(self.node), self.column_labels, self.row_labels)

    def labelled(self, rows: Labels | None = None, columns: Labels | None = None) -> Matrix:
        """Put other labels on the same matrix."""
        return Matrix(self.node, rows or self.row_labels, columns or self.column_labels)

    def __matmul__(self, other: Matrix) -> Matrix:
        _node(other)
        if not isinstance(other, Matrix):
            raise TypeError(f"@ multiplies matrices: write m * {other}")
        product = op.product(self.node, other.node)
        return Matrix(product, self.row_labels, other.column_labels)

    def __rmatmul__(self, other: object) -> NoReturn:
        _node(other)
        raise TypeError(f"@ multiplies matrices: write {other} * m")

    def __add__(self, other: Operand) -> Matrix:
        return self._shaped(op.combination(self.node, _node(other), 1), other)

    def __sub__(self, other: Operand) -> Matrix:
        return self._shaped(op.combination(self.node, _node(other), -1), other)

    def __radd__(self, other: Number) -> Matrix:
        return self._shaped(op.combination(_node(other), self.node, 1), other)

    def __rsub__(self, other: Number) -> Matrix:
        return self._shaped(op.combination(_node(other), self.node, -1), other)

    def __mul__(self, other: Operand) -> Matrix:
        return self._shaped(op.multiply_entries(self.node, _node(other)), other)

    def __rmul__(self, other: Number) -> Matrix:
        return self._shaped(op.multiply_entries(_node(other), self.node), other)

    def __truediv__(self, other: Operand) -> Matrix:
        return self.divided(other, finest=1)

    def __rtruediv__(self, other: Number) -> Matrix:
        return self._shaped(arithmetic.quotient(_node(other), self.node, 1), other)

    def __neg__(self) -> Matrix:
        return self._alike(functions.negative(self.node))

    def __getitem__(self, key: tuple[slice | int, slice | int]) -> Matrix:
        match key:
            case (int() as row, int() as column):
                raise TypeError(f"one entry is a matrix too: write m{_places(row, column)}")
            case (slice(start=None, stop=None, step=None), slice() as which):
                pass
            case (slice() as which, slice(start=None, stop=None, step=None)):
                return Matrix(
                    shapes.rows(self.node, which), self.row_labels[which], self.column_labels
                )
            case _:
                raise ValueError(
                    "only columns or rows can be taken: write m[:, first:last] or m[first:last, :]"
                )
        return Matrix(shapes.columns(self.node, which), self.row_labels, self.column_labels[which])

    def column(self, index: int) -> Matrix:
        """Take one column, counted from 0, or from the end if negative.

        Raises:
            ValueError: if there is no such column.
        """
        if not -self.shape[1] <= index < self.shape[1]:
            raise ValueError(f"there is no column {index} of {self.shape[1]}")
        index %= self.shape[1]
        return self[:, index : index + 1]

    def columns(self, *words: Matrix) -> Matrix:
        """Look up these words' columns, side by side, as in a table of embeddings."""
        columns = tuple(
            Matrix(by_word.look_up(self.node, word.node), self.row_labels, word.row_labels)
            for word in words
        )
        return beside(*columns)

    def with_ones(self) -> Matrix:
        """Add the row of ones below that meets the weights' bias column."""
        return self._with_row(1)

    def with_zeros(self) -> Matrix:
        """Add a row of zeros below: the bias, which two inputs share, cancels."""
        return self._with_row(0)

    def without_bias(self) -> Matrix:
        """Take all columns but the last, the bias."""
        return self[:, :-1]

    def mean(self) -> Matrix:
        """Take the mean of the columns: the product with a column of 1/n."""
        count = self.shape[1]
        return self @ filled(self.column_labels, ("mean",), Fraction(1, count))

    def total(self) -> Matrix:
        """Add the columns: the product with a column of ones."""
        return self @ filled(self.column_labels, ("sum",), Fraction(1))

    def sum_of_all(self) -> Matrix:
        """Add all entries, 1×1."""
        return Matrix(arithmetic.sum_of_all(self.node), ("sum",), ("value",))

    def following(self) -> Matrix:
        """Take the next column's entry in each column; 0 in the last one."""
        return self._alike(arithmetic.following(self.node))

    def discounted(self, factor: int | Fraction, finest: int) -> Matrix:
        """Add `factor` times the next column's sum, from the last column backwards.

        Refuse sheets on which it does not come out in multiples of 1/finest.
        """
        return self._alike(arithmetic.discounted(self.node, Fraction(factor), finest))

    def standard_deviation(self, decimals: int) -> Matrix:
        """Take each row's population standard deviation, √mean((x - mean x)²), rounded."""
        deviation = self - self.mean()
        return (deviation * deviation).mean().square_root(decimals)

    def divided(self, other: Operand, finest: int, *, cut: bool = False) -> Matrix:
        """Divide; refuse sheets without a quotient in multiples of 1/finest (of 1 with `/`).

        If it is `cut`, what is finer is dropped instead.
        """
        return self._shaped(arithmetic.quotient(self.node, _node(other), finest, cut=cut), other)

    def divided_rounded(self, other: Operand, decimals: int) -> Matrix:
        """Divide and round; refuse sheets that divide by 0."""
        # Cut off at half a unit, which decides the rounding, and at hundredths of it for students
        # who write two more decimals.
        cut = arithmetic.quotient(self.node, _node(other), 200 * 10**decimals, cut=True)
        return self._shaped(functions.rounded(cut, decimals), other)

    def square_root(self, decimals: int) -> Matrix:
        """Take the root of each entry, rounded; refuse sheets with a negative one."""
        return self._alike(arithmetic.square_root(self.node, decimals))

    def power_of(self, base: int, lowest: int, highest: int) -> Matrix:
        """Raise base to the power of each entry; refuse those beyond `lowest` and `highest`."""
        return self._alike(arithmetic.powers(base, self.node, lowest, highest))

    def exponent_of(self, base: int, lowest: int, highest: int) -> Matrix:
        """Take the logarithm to base of each entry; refuse sheets on which it is not whole.

        A student's wrong entry has the nearest whole one.
        """
        return self._alike(arithmetic.exponents(base, self.node, lowest, highest))

    def shares(self, unit: int) -> Matrix:
        """Divide each entry by its column's sum; refuse sheets not in multiples of 1/unit."""
        return self._alike(arithmetic.shares(self.node, unit))

    def minimum(self, other: Operand) -> Matrix:
        """Choose the smaller of two entries."""
        return self._shaped(arithmetic.extreme(self.node, _node(other), largest=False), other)

    def maximum(self, other: Operand) -> Matrix:
        """Choose the larger of two entries."""
        return self._shaped(arithmetic.extreme(self.node, _node(other), largest=True), other)

    def clip(self, low: int | Fraction, high: int | Fraction) -> Matrix:
        """Replace entries below `low` by `low`, and those above `high` by `high`."""
        return self._alike(arithmetic.clip(self.node, Fraction(low), Fraction(high)))

    def exceeds(self, other: Operand) -> Matrix:
        """Compare: 1 where an entry is greater than the other's, else 0."""
        return self._shaped(arithmetic.exceeds(self.node, _node(other)), other)

    def logarithm(self, decimals: int) -> Matrix:
        """Take the natural logarithm of each entry, rounded; refuse sheets with one up to 0."""
        return self._alike(functions.logarithm(self.node, decimals))

    def relu(self) -> Matrix:
        """Replace negative entries by 0."""
        return self._alike(functions.relu(self.node))

    def open(self) -> Matrix:
        """Differentiate ReLU: 1 where an entry is greater than 0, else 0."""
        return self._alike(functions.is_open(self.node))

    def rounded(self, decimals: int) -> Matrix:
        """Round half away from zero; later lines use the rounded value."""
        return self._alike(functions.rounded(self.node, decimals))

    def sigma(self, decimals: int) -> Matrix:
        """Take the logistic function σ(x) = 1 / (1 + exp(-x)) of each entry, rounded."""
        return self._alike(functions.sigma(self.node, decimals))

    def softmax(self, decimals: int, where: Matrix | None = None) -> Matrix:
        """Take the softmax down each column, rounded; shares are 0 where `where`, if given, is."""
        seen = None if where is None else where.node
        return self._alike(functions.softmax(self.node, decimals, seen))

    def highest(self) -> Matrix:
        """Choose the word with the highest score of each column; refuse sheets with a tie."""
        return Matrix(by_word.highest(self.node), ("next",), self.column_labels)

    def one_hot(self, labels: Labels) -> Matrix:
        """Make a column with 1 in this word's row and 0 in the others, a row for each label."""
        return Matrix(by_word.one_hot(self.node, len(labels)), labels, self.row_labels)

    def same_word(self, other: Matrix) -> Matrix:
        """Compare: word 1 if both are the same word, else word 0."""
        return self._alike(by_word.same_word(self.node, other.node))

    def largest_magnitude(self) -> Matrix:
        """Find the largest magnitude of any entry, 1×1."""
        return Matrix(functions.largest_magnitude(self.node), ("largest",), ("value",))

    def step_down(self, gradient: Matrix, inverse_rate: Matrix) -> Matrix:
        """Take a step of gradient descent: self - gradient / inverse_rate."""
        return self._alike(op.step_down(self.node, gradient.node, inverse_rate.node))

    def step_up(self, gradient: Matrix, inverse_rate: Matrix) -> Matrix:
        """Take the step in the wrong direction, which is a common slip."""
        return self._alike(op.step_down(self.node, gradient.node, inverse_rate.node, direction=1))

    def minus_ones(self) -> Matrix:
        """Put -1 in every cell: the gradient of minus a number by that number."""
        return filled(self.row_labels, self.column_labels, Fraction(-1))

    def _with_row(self, entry: int) -> Matrix:
        rows = (*self.row_labels, BIAS)
        return Matrix(shapes.with_row(self.node, entry), rows, self.column_labels)

    def _alike(self, node: Node) -> Matrix:
        return Matrix(node, self.row_labels, self.column_labels)

    def _shaped(self, node: Node, other: Operand) -> Matrix:
        """Put the labels on it of that operand which is not a mere 1×1 scale."""
        like = other if isinstance(other, Matrix) and self.shape == (1, 1) else self
        return Matrix(node, like.row_labels, like.column_labels)

    def _undecided(self, *_: object) -> NoReturn:
        raise TypeError(UNDECIDED)

    def __bool__(self) -> bool:
        raise TypeError(UNDECIDED)

    def __eq__(self, other: object) -> bool:
        self._undecided()

    __lt__ = __le__ = __gt__ = __ge__ = __iter__ = __len__ = __float__ = __int__ = _undecided


def _node(operand: object) -> Node:
    """Return the node of an operand; a number is 1×1.

    Raises:
        TypeError: if it is neither a matrix of the sheet nor an exact number.
    """
    match operand:
        case Matrix():
            return operand.node
        case int() | Fraction():
            return op.constant([[Fraction(operand)]])
        case float():
            exact = Fraction(str(operand)) if isfinite(operand) else "a fraction"
            raise TypeError(f"{operand} is not exact: write {exact!r}")
        case _:
            name = f"{type(operand).__module__}.{type(operand).__name__}"
            raise TypeError(
                f"{name} beside a matrix of the sheet: steps are written with matrices of "
                "worksheets.engine.matrix, ints and Fractions; SymPy and numpy are for the law"
            )


def _places(row: int, column: int) -> str:
    """Return the slices that take one entry."""
    rows, columns = (f"{n}:{n + 1 or ''}" for n in (row, column))
    return f"[{rows}, :][:, {columns}]"


def filled(rows: Labels, columns: Labels, value: Fraction) -> Matrix:
    """Put the same number in every cell, on every sheet."""
    return constant(rows, columns, [[value] * len(columns) for _ in rows])


def constant(rows: Labels, columns: Labels, values: Iterable[Iterable[Number]]) -> Matrix:
    """Make the same matrix on every sheet."""
    return Matrix(op.constant([list(map(Fraction, row)) for row in values]), rows, columns)


def beside(*parts: Matrix) -> Matrix:
    """Put matrices of equal height side by side."""
    labels = tuple(label for part in parts for label in part.column_labels)
    return Matrix(shapes.beside(tuple(part.node for part in parts)), parts[0].row_labels, labels)


def stacked(*parts: Matrix) -> Matrix:
    """Put matrices of equal width one above the other."""
    labels = tuple(label for part in parts for label in part.row_labels)
    return Matrix(
        shapes.stacked(tuple(part.node for part in parts)), labels, parts[0].column_labels
    )
