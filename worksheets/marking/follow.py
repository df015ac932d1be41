"""Follow students through a sheet: what each line ought to be, given what they wrote before it."""

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
    """What was found out about the cells of one paper.

    `expected` holds, for cells that are not the key's, what follows from the student's own earlier
    values, unless these decide nothing. `surprising` are cells that are the key's though those
    values give another. `mistakes` names every mistake that gives what was written, and `against`
    counts, by line and mistake, the cells of the line that were filled in with something else than
    the mistake gives.
    """

    expected: dict[CellName, Fraction] = field(default_factory=dict)
    surprising: dict[CellName, Fraction] = field(default_factory=dict)
    mistakes: dict[CellName, list[str]] = field(default_factory=dict)
    against: Counter[tuple[str, str]] = field(default_factory=Counter)


def follow(papers: Sequence[Paper]) -> list[Followed]:
    """Follow papers of one kind and level; those without a slip take no time.

    A paper's result does not depend on which others are followed with it.
    """
    results = [Followed() for _ in papers]
    fits = {place: _fits(one) for place, one in enumerate(papers) if one.open}
    for number in range(ROUNDS):
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for place, own in fits.items():
            constants = tuple(papers[place].sheet.constants.items())
            groups[*own.values(), constants].append(place)
        again: dict[int, Scales] = {}
        for places in groups.values():
            for start in range(0, len(places), AT_ONCE):
                some = places[start : start + AT_ONCE]
                found = _run([papers[place] for place in some], fits[some[0]])
                for place, (followed, finer) in zip(some, found, strict=True):
                    results[place] = followed
                    if finer is not None and number < ROUNDS - 1:
                        again[place] = finer
        fits = again
    return results


def _fits(paper: Paper, *, usual: bool = True, with_written: bool = True) -> Scales:
    """What each line's values are held in: usually as any key needs it, else as this key does."""
    identity = paper.sheet.identity
    fits = dict(_usual_fits(identity.kind, identity.level))
    for line, _ in answer_cells(identity.kind, identity.level):
        fine = not usual or fits[line.name].denominator > FINE_FOR_ALL
        if fine and not line.node.is_word:
            texts = (text for row in paper.sheet.values[line.name] for text in row)
            fits[line.name] = Scale().with_values(
                value_of(text, paper.sheet, line) for text in texts
            )
    for name, cells in paper.open.items() if with_written else ():
        answers = (paper.answer(cell).value for cell in cells)
        fits[name] = fits[name].with_values(value for value in answers if value is not None)
    return fits


@cache
def _usual_fits(code: str, level: int) -> Scales:
    """What a kind says that its lines' values are held in."""
    nodes = {line.name: line.node for line, _ in answer_cells(code, level)}
    return {
        name: Scale(node.finest or 1 if node.denominator > 1 else 1, node.limit or TWO_DIGITS)
        for name, node in nodes.items()
    }


def _run(papers: list[Paper], fits: Scales) -> list[tuple[Followed, Scales | None]]:
    """Follow papers whose values are held alike; those to be held otherwise say how."""
    try:
        group = _Group(papers, fits)
    except OverflowError:
        return [(_alone(one), None) for one in papers]
    group.run()
    finer = [None if own == fits else own for own in group.finer]
    return list(zip(group.followed, finer, strict=True))


def _alone(paper: Paper) -> Followed:
    """Follow a paper of unusual numbers, as long as 64 bits hold what comes of them."""
    try:
        group = _Group([paper], _fits(paper, usual=False))
    except OverflowError:
        group = _Group([paper], _fits(paper, usual=False, with_written=False))
    group.run()
    return group.followed[0]


class _Group:
    """Papers whose values are held alike: one graph, one array a line."""

    def __init__(self, papers: list[Paper], fits: Scales) -> None:
        sheet = papers[0].sheet
        rates = {name: Fraction(rate) for name, rate in sheet.constants.items()}
        self.papers, self.fits = papers, fits
        self.graph, self.own = traced(sheet.kind, sheet.identity.level, fits, rates)
        self.size = len(papers)
        self.followed = [Followed() for _ in papers]
        self.finer: list[Scales] = [dict(fits) for _ in papers]
        self.arrays: dict[Node, Array] = {
            node: np.array([[[one.sheet.indices[role]]] for one in papers], dtype=np.int64)
            for role, node in self.graph.words.items()
        }
        for line in self.graph.givens:
            if line.node.operation == "given":
                self.arrays[line.node] = self._key(line, Scale(line.node.denominator))

    def run(self) -> None:
        """Follow every line in the key's order; `finer` says what each paper's should hold."""
        for line in self.graph.answers:
            unknown = extend(self.arrays, line.node.parents, self.size)
            refused = extend(self.arrays, [line.node], self.size)
            values = self._key(line, self.fits[line.name])
            self._enter(line, values, unknown, refused)
            self.arrays[self.own[line.name]] = values
            self._explain(line)

    def _key(self, line: Line, fit: Scale) -> Array:
        rows = [one.numerators(line, fit.denominator) for one in self.papers]
        return np.array(rows, dtype=np.int64)

    def _enter(self, line: Line, values: Array, unknown: Mask, refused: Mask) -> None:
        """Put own values in place of the key's, and what follows in place of blanks.

        Of some papers what the line is worked out from is `unknown`, and of some the line itself is
        `refused`: it comes to what no sheet would have.
        """
        node, fit = line.node, self.fits[line.name]
        found = self.arrays[node]
        for place, paper in enumerate(self.papers):
            followed = self.followed[place]
            for cell in paper.open.get(line.name, ()):
                _, row, column = cell
                written = paper.answer(cell).value
                at = (place, row, column)
                expected = self._expected(node, at, unknown, refused, written)
                if expected is not None:
                    followed.expected[cell] = expected
                own = expected if written is None else written
                if own is not None and fit.holds(own):
                    values[place, row, column] = fit.numerator(own)
                elif own is not None and written is None:
                    self.finer[place][line.name] = fit.with_values([own])
        if max(node.bound, fit.most * node.denominator) * fit.denominator >= LARGEST:
            found = found.astype(object)
        other = found * fit.denominator != values * node.denominator
        for place, row, column in np.argwhere(other & ~(unknown | refused)[:, None, None]).tolist():
            cell = (line.name, row, column)
            if cell not in self.followed[place].expected:
                value = Fraction(int(found[place, row, column]), node.denominator)
                self.followed[place].surprising[cell] = value

    def _expected(
        self,
        node: Node,
        place: tuple[int, int, int],
        unknown: Mask,
        refused: Mask,
        written: Fraction | None,
    ) -> Fraction | None:
        """What follows for a cell; of words with the same highest score, the one that was taken."""
        if node.operation == "highest":
            scores = self.arrays[node.parents[0]][place[0], :, place[2]]
            highest = (np.flatnonzero(scores == scores.max()) + 1).tolist()
            if len(highest) > 1:
                return written if written in highest else None
        elif unknown[place[0]]:
            return None
        elif refused[place[0]]:
            return self._exactly(node, place)
        return Fraction(int(self.arrays[node][place]), node.denominator)

    def _exactly(self, node: Node, place: tuple[int, int, int]) -> Fraction | None:
        """What a cell comes to that no sheet would have, such as a quotient that is not whole."""
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
        """Name the mistakes that give what was written where it is neither right nor follows."""
        wrong = [
            (place, cell, value)
            for place, paper in enumerate(self.papers)
            for cell in paper.open.get(line.name, ())
            if (value := paper.answer(cell).value) is not None
            and value != self.followed[place].expected.get(cell)
        ]
        if not wrong:
            return
        for name, slips in self.graph.slips.items():
            if line.name in slips:
                node = slips[line.name]
                undecided = extend(self.arrays, [node], self.size)
                found = set()
                for place, cell, value in wrong:
                    given = self.arrays[node][place, cell[1], cell[2]]
                    if not undecided[place] and Fraction(int(given), node.denominator) == value:
                        self.followed[place].mistakes.setdefault(cell, []).append(name)
                        found.add(place)
                for place in found:
                    self.followed[place].against[line.name, name] = self._against(line, node, place)
        if not line.node.is_word:
            self._explain_rounding(line, wrong)

    def _against(self, line: Line, node: Node, place: int) -> int:
        """How many cells of a line a student filled in with something else than a mistake gives."""
        own, fit = self.arrays[self.own[line.name]][place], self.fits[line.name]
        given = self.arrays[node][place].astype(object)
        other = given * fit.denominator != own * node.denominator
        paper = self.papers[place]
        for cell in paper.open.get(line.name, ()):
            written = paper.answer(cell).value  # which may be finer than the line holds
            other[cell[1:]] = written not in (None, Fraction(given[cell[1:]], node.denominator))
        return int(other[paper.left(line.name)].sum())

    def _explain_rounding(self, line: Line, wrong: list[tuple[int, CellName, Fraction]]) -> None:
        """Recognise the right value, written with more or fewer decimals than the sheet asks."""
        for place, cell, value in wrong:
            decimals = self.papers[place].answer(cell).decimals
            if decimals is None or decimals > MOST_DECIMALS or decimals == line.decimals:
                continue
            if self._rounded(line, place, cell, decimals) == value:
                finer = line.decimals is not None and decimals > line.decimals
                name = TOO_FINE if finer else TOO_COARSE
                self.followed[place].mistakes.setdefault(cell, []).append(name)

    def _rounded(self, line: Line, place: int, cell: CellName, decimals: int) -> Fraction | None:
        """A cell's value with so many decimals, from the student's own earlier values."""
        node, (_, row, column) = line.node, cell
        if node.again:
            try:
                other = node.again(decimals)
            except OverflowError:
                return None
            parents = (self.arrays[parent][place : place + 1] for parent in node.parents)
            return Fraction(int(other.compute(*parents)[0, row, column]), other.denominator)
        exact = self.followed[place].expected.get(cell)
        if exact is None or exact.denominator == 1:
            return None
        return rounded_fraction(exact, decimals)
