"""Trace a kind's steps anew, each line computed from what a student wrote in the lines before."""

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
    """Hold a line's values as numerators over `denominator`, of magnitudes up to `most`."""

    denominator: int = 1
    most: int = TWO_DIGITS

    def holds(self, value: Fraction) -> bool:
        """Tell whether this value can be held."""
        return self.denominator % value.denominator == 0 and abs(value) <= self.most

    def numerator(self, value: Fraction) -> int:
        """Return the value's numerator; the value must be one that can be held."""
        numerator, denominator = value.as_integer_ratio()
        return numerator * (self.denominator // denominator)

    def with_values(self, values: Iterable[Fraction]) -> Scale:
        """Return a scale that holds these values too, but for those beyond what is followed.

        `most` grows by whole digits, 99 to 999, so that the scales of different papers are often
        the same.
        """
        denominator, most = self.denominator, self.most
        for value in values:
            finer = lcm(denominator, value.denominator)
            if finer <= FINEST and abs(value) <= LARGEST:
                denominator = finer
                while most < abs(value):
                    most = 10 * most + 9
        return Scale(denominator, most)


class StudentTracer(Tracer):
    """Record every line's expression, and publish the student's own values to later lines.

    Learning rates are those printed on the sheet.
    """

    def __init__(self, scales: Mapping[str, Scale], rates: Mapping[str, Fraction]) -> None:
        """Start a trace with each line's scale, and the printed rates by name."""
        super().__init__()
        self._scales, self._printed = scales, rates
        self.own: dict[str, Node] = {}

    def _publish(self, name: str, matrix: Matrix) -> Matrix:
        """Put written values in place of an answer, and the printed rate in a rate's."""
        if name in self._printed:
            printed = filled(matrix.row_labels, matrix.column_labels, 1 / self._printed[name])
            return super()._publish(name, printed)
        scale, right = self._scales[name], matrix.node
        self.own[name] = Node(
            "written",
            (),
            right.shape,
            scale.denominator,
            right.bound if right.is_word else scale.most * scale.denominator,
            _not_computed,
            is_word=right.is_word,
        )
        own = Matrix(self.own[name], matrix.row_labels, matrix.column_labels)
        return super()._publish(name, own)


def traced(
    kind: exercise.Kind, level: int, scales: Mapping[str, Scale], rates: Mapping[str, Fraction]
) -> tuple[Graph, dict[str, Node]]:
    """Return the graph of expressions over own values, with its mistakes, and each own node.

    Raises:
        OverflowError: if the scales are too fine or too large for 64 bits.
    """
    tracer = StudentTracer(scales, rates)
    kind.steps(tracer, level)
    return tracer.graph(kind.MISTAKES), tracer.own


def _not_computed() -> Array:
    raise LookupError("a written value is read from the paper, not computed")
