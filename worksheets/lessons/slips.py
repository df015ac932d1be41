"""Show what each usual mistake looks like on a sheet: one cell's wrong value beside the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from worksheets.engine.evaluate import Evaluation
from worksheets.engine.graph import Line
from worksheets.engine.node import Array, Node
from worksheets.engine.notation import on_paper, write
from worksheets.language import say_in
from worksheets.marking.advice import advice
from worksheets.marking.remarks import cell_place
from worksheets.sheet import Sheet


@dataclass(frozen=True)
class Slip:
    """Hold a usual mistake: what it leaves in one cell instead of the right value; what helps."""

    name: str
    step: int
    line: str
    row: int
    column: int
    place: str
    wrong: str
    right: str
    advice: str


def slips(sheet: Sheet, evaluation: Evaluation) -> Iterator[Slip]:
    """Yield the mistakes that the sheet's level has, each at the first cell in which it shows."""
    language = sheet.identity.language
    for mistake, nodes in evaluation.graph.slips.items():
        wrong = evaluation.slip(mistake)
        lines = (line for name, line in sheet.graph.lines.items() if name in nodes)
        shown = (
            (line, row, column, value)
            for line in lines
            for (row, column), value in _texts(sheet, line, nodes[line.name], wrong[line.name])
            if value != sheet.values[line.name][row][column]
        )
        line, row, column, value = next(shown)
        yield Slip(
            name=say_in(language)(mistake),
            step=line.step.number,
            line=line.name,
            row=row,
            column=column,
            place=cell_place(sheet, (line.name, row, column)),
            wrong=on_paper(value),
            right=on_paper(sheet.values[line.name][row][column]),
            advice=advice(sheet.kind.name, mistake, language),
        )


def _texts(
    sheet: Sheet, line: Line, node: Node, values: Array
) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the cells of a line as somebody writes them who makes the mistake."""
    for row, column in np.ndindex(node.shape):
        entry = int(values[0, row, column])
        word = sheet.choices(line)[entry] if node.is_word else ""
        yield (row, column), word or write(Fraction(entry, node.denominator))
