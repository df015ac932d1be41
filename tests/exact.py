"""Expressions of small given matrices, through the engine and out again as fractions."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from worksheets.engine.evaluate import Evaluation, evaluate
from worksheets.engine.graph import Graph, Part, Tracer
from worksheets.engine.matrix import Matrix, filled

PART = Part("Train", "purple")
Numbers = list[list[int]]
Fractions = list[list[Fraction]]


def labels(count: int) -> tuple[str, ...]:
    return tuple(map(str, range(1, count + 1)))


def number(value: Fraction | int) -> Matrix:
    """The same 1×1 matrix on every sheet."""
    return filled(("number",), ("value",), Fraction(value))


def given(rows: int, columns: int, bound: int = 9, name: str = "given") -> Matrix:
    """A given matrix that stands on no sheet of note."""
    tracer = Tracer()
    with tracer.step(1, "Given", PART):
        return tracer.given(name, labels(rows), labels(columns), bound)


def traced(
    expression: Callable[..., Matrix],
    shapes: Sequence[tuple[int, int]],
    words: int = 0,
    bound: int = 9,
    **rules: int,
) -> Graph:
    """A graph whose line `answer` is an expression of given matrices, then of given words."""
    tracer = Tracer()
    with tracer.step(1, "Given", PART):
        matrices = [
            tracer.given(f"given{place}", labels(rows), labels(columns), bound)
            for place, (rows, columns) in enumerate(shapes)
        ]
        spoken = [tracer.word(f"word{place}") for place in range(words)]
        tracer.answer("answer", expression(*matrices, *spoken), **rules)
    return tracer.graph()


def evaluated(
    graph: Graph, batches: Sequence[Sequence[Numbers]], words: Sequence[Sequence[int]] = ()
) -> Evaluation:
    """The graph on a batch: `batches` holds for each given, `words` for each word, all sheets."""
    size = len(batches[0]) if batches else len(words[0])
    return evaluate(
        graph,
        {f"given{place}": np.array(sheets, np.int64) for place, sheets in enumerate(batches)},
        {f"word{place}": np.array(sheets, np.int64) for place, sheets in enumerate(words)},
        size,
    )


def answers(evaluation: Evaluation) -> list[Fractions]:
    """The line `answer` of every sheet."""
    denominator = evaluation.graph.lines["answer"].node.denominator
    return [
        [[Fraction(cell, denominator) for cell in row] for row in sheet]
        for sheet in evaluation["answer"].tolist()
    ]


def answer(
    expression: Callable[..., Matrix],
    *givens: Numbers,
    words: Sequence[int] = (),
    bound: int = 9,
    finest: int = 10**6,
) -> tuple[Fractions, bool]:
    """The value of an expression on one sheet, and whether the sheet is accepted."""
    shapes = [(len(numbers), len(numbers[0])) for numbers in givens]
    graph = traced(expression, shapes, len(words), bound, limit=2**40, finest=finest)
    evaluation = evaluated(graph, [[numbers] for numbers in givens], [[word] for word in words])
    return answers(evaluation)[0], bool(evaluation.accepted[0])
