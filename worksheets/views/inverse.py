"""Choose the givens that the page of an inverse sheet hides: the answers alone decide them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, product

import numpy as np

from worksheets.engine.evaluate import Evaluation, evaluate
from worksheets.engine.graph import Line
from worksheets.engine.node import Array, Node
from worksheets.engine.notation import on_paper, read
from worksheets.errors import InputError
from worksheets.language import ENGLISH, say_in
from worksheets.sampling.counter import Draws
from worksheets.sheet import Sheet
from worksheets.views.view import Place, View, cell_name, cells_of

MOST_HIDDEN, MOST_TRIED = 3, 20_000


def inverse(sheet: Sheet) -> View:
    """Return a view that shows all answers and hides numbers that they alone decide.

    That they do is proved: of all whole numbers that may stand in the hidden cells, every other
    choice gives other answers.

    Raises:
        InputError: if the sheet has no such number.
    """
    graph, say = sheet.graph, say_in(sheet.identity.language)
    draws = Draws.of([replace(sheet.identity, language=ENGLISH).text])
    lines = _hideable(sheet)
    hidden: list[Place] = []
    for line in lines:
        cells = cells_of(line)
        for place in draws.order(f"hidden {line.name}", len(cells))[0].tolist():
            more = [*hidden, cells[place]]
            if (2 * line.node.bound + 1) ** len(more) <= MOST_TRIED and _decided(sheet, more):
                hidden = more
                break
        if len(hidden) == MOST_HIDDEN:
            break
    if not hidden:
        raise InputError(f"ID {sheet.id}: no given is decided by the answers alone")
    answers = (place for line in graph.answers for place in cells_of(line))
    bound = lines[0].node.bound
    return View(
        "inverse",
        "inverse-solved",
        hints=frozenset(cell_name(line.name, *at) for line, *at in answers),
        hidden=frozenset(cell_name(line.name, *at) for line, *at in hidden),
        note=say("note: missing numbers").format(on_paper(str(-bound)), bound),
    )


def _hideable(sheet: Sheet) -> list[Line]:
    """Return given numbers that no answer merely repeats, of the commonest bound.

    A table of zeros and ones, such as a mask, says where and not how much; and only whole numbers
    are tried.
    """
    copied = {node for line in sheet.graph.answers for node in _repeated(line.node)}
    numbers = (line for line in sheet.graph.givens if line.node.operation == "given")
    lines = [
        line
        for line in numbers
        if line.node.denominator == 1
        and line.node not in copied
        and not (line.node.bound == 1 and set(chain(*sheet.values[line.name])) <= {"0", "1"})
    ]
    bounds = [line.node.bound for line in lines]
    usual = max(bounds, key=lambda bound: (bounds.count(bound), bound), default=0)
    return [line for line in lines if line.node.bound == usual]


def _repeated(node: Node) -> Iterator[Node]:
    if node.traits.rearranges:
        for parent in node.parents:
            yield parent
            yield from _repeated(parent)


def _decided(sheet: Sheet, hidden: Sequence[Place]) -> bool:
    """Tell whether no other numbers in these cells give all of the sheet's answers."""
    bounds = [line.node.bound for line, _, _ in hidden]
    tries = list(product(*(range(-bound, bound + 1) for bound in bounds)))
    done = _with(sheet, hidden, np.array(tries, dtype=np.int64))
    right = tries.index(tuple(int(sheet.values[one.name][row][col]) for one, row, col in hidden))
    same = np.ones(len(tries), dtype=np.bool_)
    for line in sheet.graph.answers:
        found = done[line.name]
        same &= (found == found[right]).all(axis=(1, 2))
    return int(same.sum()) == 1


def _with(sheet: Sheet, hidden: Sequence[Place], tries: Array) -> Evaluation:
    """Evaluate the sheet with other numbers in the hidden cells: one try a row."""
    givens = {
        line.name: np.array([_numerators(sheet, line)], dtype=np.int64).repeat(len(tries), axis=0)
        for line in sheet.graph.givens
        if line.node.operation == "given"
    }
    for place, (line, row, column) in enumerate(hidden):
        givens[line.name][:, row, column] = tries[:, place]
    words = {
        role: np.full(len(tries), index, dtype=np.int64) for role, index in sheet.indices.items()
    }
    return evaluate(sheet.graph, givens, words, len(tries))


def _numerators(sheet: Sheet, line: Line) -> list[list[int]]:
    rows = sheet.values[line.name]
    return [[int(read(cell) * line.node.denominator) for cell in row] for row in rows]
