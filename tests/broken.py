"""A kind's graph, right or mistaken, on the givens of a sheet: what it writes, and its proofs."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from worksheets.engine.evaluate import Evaluation, evaluate
from worksheets.engine.graph import Graph
from worksheets.engine.notation import read, write
from worksheets.sheet import START, VERDICT, Sheet
from worksheets.verify import Proof, compared, law_values


def evaluated(graph: Graph, sheets: list[Sheet]) -> Evaluation:
    """A graph on what is given on these sheets, which are of one level."""
    givens = {
        line.name: np.array(
            [
                [
                    [int(read(cell) * line.node.denominator) for cell in row]
                    for row in sheet.values[line.name]
                ]
                for sheet in sheets
            ]
        )
        for line in graph.givens
        if not line.node.is_word
    }
    words = {role: np.array([sheet.indices[role] for sheet in sheets]) for role in graph.words}
    return evaluate(graph, givens, words, len(sheets))


def values_of(graph: Graph, sheet: Sheet) -> tuple[dict[str, list[list[str]]], dict[str, str]]:
    """Lines and constants of a graph on a sheet's givens, words as "{word1}"."""
    done = evaluated(graph, [sheet])

    def text(name: str, cell: int) -> str:
        line = graph.lines[name]
        if not line.node.is_word:
            return write(Fraction(cell, line.node.denominator))
        if line.entries == "verdict":
            return VERDICT[cell]
        return f"{{word{cell}}}" if cell else START

    values = {
        name: [[text(name, cell) for cell in row] for row in done[name][0].tolist()]
        for name in graph.lines
    }
    constants = {
        name: write(Fraction(node.denominator, int(done.arrays[node][0, 0, 0])))
        for name, node in graph.rates.items()
        if done.arrays[node][0, 0, 0]
    }
    return values, constants


def proofs_of(graph: Graph, sheet: Sheet, law: Mapping[str, Any] | None = None) -> list[Proof]:
    """The proofs of what a graph writes on a sheet's givens, by what the law states of them."""
    values, constants = values_of(graph, sheet)
    kind, level = sheet.kind.name, sheet.identity.level
    law = law_values(kind, level, values, sheet.indices) if law is None else law
    return compared(kind, level, values, law, constants)


def faults(proofs: list[Proof]) -> list[str]:
    return [proof.fault for proof in proofs if not proof.agrees]
