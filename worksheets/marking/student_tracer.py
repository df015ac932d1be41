"""A kind's steps traced anew, each line computed from what a student wrote in the lines before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from worksheets import exercise
from worksheets.engine.graph import TWO_DIGITS, Graph, Tracer
from worksheets.engine.matrix import Matrix, filled
from worksheets.engine.node import Array, Node

# What is followed: finer or larger values are marked, but later lines do not build on them.
FINEST, LARGEST = 10**6, 10**6


@dataclass(frozen=True)
class Scale:
    """What a line's values are held in: numerators over `denominator`, magnitudes to `most`."""

    denominator: int = 1
    most: int = TWO_DIGITS

    def holds(self, value: Fraction) -> bool:
        """Whether this value can be held."""
        return self.denominator % value.denominator == 0 and abs(value) <= self.most

    def numerator(self, value: Fraction) -> int:
        """The value's numerator, if it can be held."""
        numerator, denominator = value.as_integer_ratio()
        return numerator * (self.denominator // denominator)

    def with_values(self, values: Iterable[Fraction]) -> Scale:
        """Scale for these values as well, as far as they are followed; coarse in its sizes."""
        denominator, most = self.denominator, self.most
        for value in values:
            finer = lcm(denominator, value.denominator)
            if finer <= FINEST and abs(value) <= LARGEST:
                denominator = finer
                while most < abs(value):
                    most = 10 * most + 9
        return Scale(denominator, most)


class OwnValues(Tracer):
    """Records every line's expression, and hands the student's own values on to later lines.

    Learning rates are those printed on the sheet.
    """

    def __init__(self, fits: Mapping[str, Scale], rates: Mapping[str, Fraction]) -> None:
        """Start a trace: what each line is held in, and the rates by name."""
        super().__init__()
        self._fits, self._printed = fits, rates
        self.own: dict[str, Node] = {}

    def _publish(self, name: str, matrix: Matrix) -> Matrix:
        """A matrix of written values in place of an answer, and the printed rate for a rate."""
        if name in self._printed:
            printed = filled(matrix.row_labels, matrix.column_labels, 1 / self._printed[name])
            return super()._publish(name, printed)
        fit, right = self._fits[name], matrix.node
        self.own[name] = Node(
            "written",
            (),
            right.shape,
            fit.denominator,
            right.bound if right.is_word else fit.most * fit.denominator,
            _not_computed,
            is_word=right.is_word,
        )
        own = Matrix(self.own[name], matrix.row_labels, matrix.column_labels)
        return super()._publish(name, own)


def traced(
    kind: exercise.Kind, level: int, fits: Mapping[str, Scale], rates: Mapping[str, Fraction]
) -> tuple[Graph, dict[str, Node]]:
    """The graph of expressions over own values, with its mistakes, and each line's own values.

    Raises:
        OverflowError: if the fits are too fine or too large for 64 bits.
    """
    tracer = OwnValues(fits, rates)
    kind.steps(tracer, level)
    return tracer.graph(kind.MISTAKES), tracer.own


def _not_computed() -> Array:
    raise LookupError("a written value is read from the paper, not computed")
