"""Assign a sheet to everyone, and split the class into units of work."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from worksheets.class_set.assign import choice_order, must_redraw, number
from worksheets.class_set.chunk import Chunk
from worksheets.class_set.file_names import begin
from worksheets.class_set.name_lines import printed
from worksheets.class_set.order import Order, Plan
from worksheets.ids import Identity
from worksheets.language import told
from worksheets.roster.normalised import normalised_id
from worksheets.secret import given

MOST_ATTEMPTS = (
    8  # that a sheet is looked for in; of 20,000 students in 150 million sheets, one needs 2
)


@dataclass
class Assignment:
    """Hold everyone's number, in the roster's order; who chose again has more attempts."""

    order: Order
    numbers: array[int]
    attempts: dict[int, int] = field(default_factory=dict)
    kept: set[int] = field(default_factory=set)  # places of those who have their sheet already

    @classmethod
    def first(cls, order: Order, ids: Mapping[str, str] = {}) -> Assignment:
        """Return everyone's first choice, unless two have the same number.

        `ids` are the sheets that students have, by their normalised identifiers: who has one keeps
        it before all others choose.
        """
        code, words = order.code, order.words_code
        numbers = (number(code, one.identifier, 0, words) for one in order.students)
        assignment = cls(order, array("Q", numbers))
        assignment._keep(ids)
        while assignment.choose_again(assignment.numbers):
            pass
        return assignment

    def _keep(self, ids: Mapping[str, str]) -> None:
        """Give students what they have, if it is one of their own choices in this set."""
        code, words = self.order.code, self.order.words_code
        for place, student in enumerate(self.order.students if ids else ()):
            has = ids.get(normalised_id(student.identifier))
            for attempt in range(MOST_ATTEMPTS if has else 0):
                chosen = number(code, student.identifier, attempt, words)
                if replace(self.order.identity, number=chosen).text == has:
                    self.numbers[place] = chosen
                    self.kept.add(place)
                    if attempt:
                        self.attempts[place] = attempt
                    break

    def choose_again(self, *held: ArrayLike) -> bool:
        """Give another sheet to those who hold what somebody before them holds, if any do.

        Each array has a number for everybody; who comes first is decided only among those who
        share one, which hardly anybody does; who has a sheet already is before all others.
        """
        numbers = np.stack([np.asarray(one, dtype=np.uint64) for one in held], axis=1)
        _, which, count = np.unique(numbers, return_inverse=True, return_counts=True)
        shared = (count[which.reshape(numbers.shape)] > 1).any(axis=1)
        places = np.flatnonzero(shared).tolist()
        code, words, students = self.order.code, self.order.words_code, self.order.students
        turns = choice_order(code, [students[place].identifier for place in places])
        turns.sort(key=lambda turn: places[turn] not in self.kept)
        again = [places[turn] for turn in must_redraw(turns, numbers[places].tolist())]
        for place in again:
            attempt = self.attempts[place] = self.attempts.get(place, 0) + 1
            self.numbers[place] = number(code, students[place].identifier, attempt, words)
        return bool(again)

    def identity(self, place: int) -> Identity:
        """Return the sheet of the student at this place in the roster."""
        return replace(self.order.identity, number=self.numbers[place])

    def whose(self, sheet: str) -> str:
        """Say a sheet's ID, and the student whose it is with their row."""
        order = self.order
        for place, student in enumerate(order.students):
            if self.identity(place).text == sheet:
                return told(
                    "{roster} row {row}: {sheet} of {identifier!r}",
                    roster=order.roster,
                    row=student.row,
                    sheet=sheet,
                    identifier=student.identifier,
                )
        return sheet

    def chunks(self, plan: Plan) -> Iterator[Chunk]:
        """Yield the class in units of work, which do not depend on who does them."""
        return (self.chunk(plan, place) for place in range(len(plan.chunks)))

    def chunk(self, plan: Plan, place: int) -> Chunk:
        """Return the unit of work at this place."""
        order, (volume, everyone) = self.order, plan.chunks[place]
        return Chunk(
            order.specification,
            everyone.start - volume.places.start,
            tuple(map(self.identity, everyone)),
            tuple(
                begin(order.students[one].name, order.students[one].identifier) for one in everyone
            ),
            tuple(printed(order.students[one], one, plan) for one in everyone),
            plan.fallback[place],
            order.own_theme,
            tuple(sorted(order.formats)),
            tuple((mark, given()[mark]) for mark in [order.identity.secret] if mark),
            order.proved,
        )
