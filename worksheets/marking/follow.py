"""Compute each line's follow values: its right answer given what the student wrote before it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import numpy as np

from worksheets.engine.evaluate import extend
from worksheets.engine.graph import TWO_DIGITS, Line
from worksheets.engine.node import LARGEST, Array, Mask, Node
from worksheets.engine.rounding import rounded_fraction
from worksheets.language import message
from worksheets.marking.paper import Paper, answer_cells, value_of
from worksheets.marking.student_tracer import Scale, traced
from worksheets.marking.submission import CellName

TOO_FINE, TOO_COARSE = message("rounded too finely"), message("rounded too coarsely")
MOST_DECIMALS = 6
# A blank cell is followed with a value that its line may not hold yet; then the paper is followed
# again. Each round mends at least one line, and few papers need a second one.
ROUNDS = 4
# Up to this fine a line is held as any key's might need it, so that more papers are alike. Of finer
# ones, such as fractions with all kinds of denominators, that would leave no room for own values.
FINE_FOR_ALL = 1000
# Papers that hold their values alike are followed together.
AT_ONCE = 500

Scales = dict[str, Scale]


@dataclass
class Followed:
    """Hold the findings about one paper's cells.

    `follow_values` holds, for cells that differ from the key, the value computed from the student's
    own earlier values, unless these decide nothing. `surprising` holds cells that equal the key
    though those values give another. `mistakes` names every mistake whose value is the one written,
    and `against` counts, by line and mistake, the cells of the line that were filled in with
    something else than the mistake gives.
    """

    follow_values: dict[CellName, Fraction] = field(default_factory=dict)
    surprising: dict[CellName, Fraction] = field(default_factory=dict)
    mistakes: dict[CellName, list[str]] = field(default_factory=dict)
    against: Counter[tuple[str, str]] = field(default_factory=Counter)


def follow(papers: Sequence[Paper]) -> list[Followed]:
    """Follow papers of one kind and level, in their order; those without a slip take no time.

    A paper's result does not depend on which others are followed with it.
    """
    results = [Followed() for _ in papers]
    scales = {place: _scales(paper) for place, paper in enumerate(papers) if paper.open}
    for number in range(ROUNDS):
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for place, own in scales.items():
            constants = tuple(papers[place].sheet.constants.items())
            groups[*own.values(), constants].append(place)
        again: dict[int, Scales] = {}
        for places in groups.values():
            for start in range(0, len(places), AT_ONCE):
                batch = places[start : start + AT_ONCE]
                outcomes = _run([papers[place] for place in batch], scales[batch[0]])
                for place, (followed, finer) in zip(batch, outcomes, strict=True):
                    results[place] = followed
                    if finer is not None and number < ROUNDS - 1:
                        again[place] = finer
        scales = again
    return results


def _scales(paper: Paper, *, usual: bool = True, with_written: bool = True) -> Scales:
    """Return the scale of each line's values: usually the one any key needs, else this key's."""
    identity = paper.sheet.identity
    scales = dict(_usual_scales(identity.code, identity.level))
    for line, _ in answer_cells(identity.code, identity.level):
        fine = not usual or scales[line.name].denominator > FINE_FOR_ALL
        if fine and not line.node.is_word:
            texts = (text for row in paper.sheet.values[line.name] for text in row)
            scales[line.name] = Scale().with_values(
                value_of(text, paper.sheet, line) for text in texts
            )
    for name, cells in paper.open.items() if with_written else ():
        answers = (paper.answer(cell).value for cell in cells)
        scales[name] = scales[name].with_values(value for value in answers if value is not None)
    return scales


@cache
def _usual_scales(code: str, level: int) -> Scales:
    """Return the scales that a kind's declared bounds and fractions give to its lines."""
    nodes = {line.name: line.node for line, _ in answer_cells(code, level)}
    return {
        name: Scale(node.finest or 1 if node.denominator > 1 else 1, node.limit or TWO_DIGITS)
        for name, node in nodes.items()
    }


def _run(papers: list[Paper], scales: Scales) -> list[tuple[Followed, Scales | None]]:
    """Follow papers of the same scales; give new scales for those that need other ones."""
    try:
        group = _Group(papers, scales)
    except OverflowError:
        return [(_alone(paper), None) for paper in papers]
    group.run()
    finer = [None if own == scales else own for own in group.finer]
    return list(zip(group.followed, finer, strict=True))


def _alone(paper: Paper) -> Followed:
    """Follow a paper of unusual numbers, as long as 64 bits hold what is computed from them."""
    try:
        group = _Group([paper], _scales(paper, usual=False))
    except OverflowError:
        group = _Group([paper], _scales(paper, usual=False, with_written=False))
    group.run()
    return group.followed[0]


class _Group:
    """Follow papers of the same scales: one graph, and one array of integers a line.

    An array has the shape (papers, rows, columns).
    """

    def __init__(self, papers: list[Paper], scales: Scales) -> None:
        sheet = papers[0].sheet
        rates = {name: Fraction(sheet.constants[name]) for name in sheet.graph.rates}
        self.papers, self.scales = papers, scales
        self.graph, self.own = traced(sheet.kind, sheet.identity.level, scales, rates)
        self.size = len(papers)
        self.followed = [Followed() for _ in papers]
        self.finer: list[Scales] = [dict(scales) for _ in papers]
        self.arrays: dict[Node, Array] = {
            node: np.array([[[paper.sheet.indices[role]]] for paper in papers], dtype=np.int64)
            for role, node in self.graph.words.items()
        }
        for line in self.graph.givens:
            if line.node.operation == "given":
                self.arrays[line.node] = self._key(line, Scale(line.node.denominator))

    def run(self) -> None:
        """Follow every line in the key's order; `finer` collects the scales each paper needs."""
        for line in self.graph.answers:
            # In two calls, since of a paper whose inputs are undecided nothing follows, while one
            # whose line alone is refused has an exact value, which no sheet would show.
            unknown = extend(self.arrays, line.node.parents, self.size)
            refused = extend(self.arrays, [line.node], self.size)
            values = self._key(line, self.scales[line.name])
            self._enter(line, values, unknown, refused)
            # Later lines were traced over this node: they are computed from what was written.
            self.arrays[self.own[line.name]] = values
            self._explain(line)

    def _key(self, line: Line, scale: Scale) -> Array:
        """Return the key's values of a line as numerators, of shape (papers, rows, columns)."""
        rows = [paper.numerators(line, scale.denominator) for paper in self.papers]
        return np.array(rows, dtype=np.int64)

    def _enter(self, line: Line, values: Array, unknown: Mask, refused: Mask) -> None:
        """Put the student's values in place of the key's, and follow values in place of blanks.

        `unknown` marks papers whose line is computed from an undecided one, and `refused` those
        whose line itself comes to a value that no sheet would have.
        """
        node, scale = line.node, self.scales[line.name]
        computed = self.arrays[node]
        for place, paper in enumerate(self.papers):
            followed = self.followed[place]
            # From the last column on, as a discounted sum needs the one that the student has there.
            for cell in reversed(paper.open.get(line.name, ())):
                _, row, column = cell
                written = paper.answer(cell).value
                at = (place, row, column)
                if node.operation == "discounted" and not unknown[place]:
                    follow_value = self._with_next(node, at, values, scale)
                else:
                    follow_value = self._follow_value(node, at, unknown, refused, written)
                if follow_value is not None:
                    followed.follow_values[cell] = follow_value
                own = follow_value if written is None else written
                if own is not None and scale.holds(own):
                    values[place, row, column] = scale.numerator(own)
                elif own is not None and written is None:
                    self.finer[place][line.name] = scale.with_values([own])
        # a / b = c / d where a·d = c·b; in Python’s integers where 64 bits might not hold it.
        if max(node.bound, scale.most * node.denominator) * scale.denominator >= LARGEST:
            computed = computed.astype(object)
        other = computed * scale.denominator != values * node.denominator
        # A mask of papers, with an axis for rows and one for columns to reach over.
        for place, row, column in np.argwhere(other & ~(unknown | refused)[:, None, None]).tolist():
            cell = (line.name, row, column)
            if cell not in self.followed[place].follow_values:
                value = Fraction(int(computed[place, row, column]), node.denominator)
                self.followed[place].surprising[cell] = value

    def _follow_value(
        self,
        node: Node,
        place: tuple[int, int, int],
        unknown: Mask,
        refused: Mask,
        written: Fraction | None,
    ) -> Fraction | None:
        """Return a cell's follow value; of tied words, the one the student took."""
        if node.operation == "highest":
            scores = self.arrays[node.parents[0]][place[0], :, place[2]]
            highest = (np.flatnonzero(scores == scores.max()) + 1).tolist()  # 0 is the start symbol
            if len(highest) > 1:
                return written if written in highest else None
        elif unknown[place[0]]:
            return None
        elif refused[place[0]]:
            return self._exactly(node, place)
        return Fraction(int(self.arrays[node][place]), node.denominator)

    def _with_next(
        self, node: Node, place: tuple[int, int, int], values: Array, scale: Scale
    ) -> Fraction | None:
        """Add to a cell's own entry what its row's next cell holds: a slip costs its cell alone."""
        (parent,) = node.parents
        own = Fraction(int(self.arrays[parent][place]), parent.denominator)
        number, row, column = place
        if column + 1 == node.shape[1]:
            return own
        following = Fraction(int(values[number, row, column + 1]), scale.denominator)
        return own + node.settings[0] * following

    def _exactly(self, node: Node, place: tuple[int, int, int]) -> Fraction | None:
        """Compute a cell that no sheet would have, such as a quotient that is not whole."""
        if node.exactly is None:
            return None
        number, row, column = place
        parents = [
            [
                [Fraction(int(entry), parent.denominator) for entry in entries]
                for entries in self.arrays[parent][number]
            ]
            for parent in node.parents
        ]
        return node.exactly(*parents)[row][column]

    def _explain(self, line: Line) -> None:
        """Name the mistakes that give a written value that is neither right nor follows."""
        wrong = [
            (place, cell, value)
            for place, paper in enumerate(self.papers)
            for cell in paper.open.get(line.name, ())
            if (value := paper.answer(cell).value) is not None
            and value != self.followed[place].follow_values.get(cell)
        ]
        if not wrong:
            return
        for name, slips in self.graph.slips.items():
            if line.name in slips:
                node = slips[line.name]
                undecided = extend(self.arrays, [node], self.size)
                explained = set()
                for place, cell, value in wrong:
                    given = self.arrays[node][place, cell[1], cell[2]]
                    if not undecided[place] and Fraction(int(given), node.denominator) == value:
                        self.followed[place].mistakes.setdefault(cell, []).append(name)
                        explained.add(place)
                for place in explained:
                    self.followed[place].against[line.name, name] = self._against(line, node, place)
        if not line.node.is_word:
            self._explain_rounding(line, wrong)

    def _against(self, line: Line, node: Node, place: int) -> int:
        """Count the cells of a line filled in with something else than a mistake gives."""
        own, scale = self.arrays[self.own[line.name]][place], self.scales[line.name]
        given = self.arrays[node][place].astype(object)
        other = given * scale.denominator != own * node.denominator
        paper = self.papers[place]
        for cell in paper.open.get(line.name, ()):
            written = paper.answer(cell).value  # which may be finer than the line holds
            other[cell[1:]] = written not in (None, Fraction(given[cell[1:]], node.denominator))
        return int(other[paper.left(line.name)].sum())

    def _explain_rounding(self, line: Line, wrong: list[tuple[int, CellName, Fraction]]) -> None:
        """Recognise the right value, written with more or fewer decimals than asked."""
        for place, cell, value in wrong:
            decimals = self.papers[place].answer(cell).decimals
            if decimals is None or decimals > MOST_DECIMALS or decimals == line.decimals:
                continue
            if line.decimals is None and not (decimals and value):
                continue  # 0 for 1/3 is no rounding that anybody asks for
            if value in (
                self._rounded(line, place, cell, decimals),
                self._key_rounded(line, place, cell, decimals),
            ):
                finer = line.decimals is not None and decimals > line.decimals
                name = TOO_FINE if finer else TOO_COARSE
                self.followed[place].mistakes.setdefault(cell, []).append(name)

    def _key_rounded(
        self, line: Line, place: int, cell: CellName, decimals: int
    ) -> Fraction | None:
        """Round the key's value of a line that is exact: 1.67 for 5/3, after 0.33 for 1/3."""
        if line.decimals is not None:
            return None
        sheet = self.papers[place].sheet
        exact = value_of(sheet.values[line.name][cell[1]][cell[2]], sheet, line)
        return None if exact.denominator == 1 else rounded_fraction(exact, decimals)

    def _rounded(self, line: Line, place: int, cell: CellName, decimals: int) -> Fraction | None:
        """Round a cell's value to so many decimals, from the student's own earlier values."""
        node, (_, row, column) = line.node, cell
        if node.again:
            try:
                other = node.again(decimals)
            except OverflowError:
                return None
            parents = (self.arrays[parent][place : place + 1] for parent in node.parents)
            return Fraction(int(other.compute(*parents)[0, row, column]), other.denominator)
        exact = self.followed[place].follow_values.get(cell)
        if exact is None or exact.denominator == 1:
            return None
        return rounded_fraction(exact, decimals)
