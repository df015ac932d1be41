"""Read a mark scheme: how many points a step has, and what a followed or rounded value earns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from worksheets import exercise
from worksheets.engine.notation import write
from worksheets.errors import InputError
from worksheets.marking.paper import answer_cells
from worksheets.toml_file import read_toml, shown

SHARES = {"follow": "a value that follows from own earlier ones", "rounding": "a wrong rounding"}
MOST_POINTS, MOST_DECIMALS = 1000, 3
QUESTIONS, WRITTEN = 0, "questions"  # their place among the steps, and their name in a file


@dataclass(frozen=True)
class Scheme:
    """Hold shares of a cell's points, decimals shown, and points by kind, level and step.

    Under the step QUESTIONS stand the points of a level's written questions, which a teacher marks.

    Raises:
        InputError: if a step's points have more decimals, so that what is shown would not add up.
    """

    follow: Fraction = Fraction(1)
    rounding: Fraction = Fraction(1, 2)
    decimals: int = 1
    steps: Mapping[tuple[str, int], Mapping[int, Fraction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for (kind, level), steps in self.steps.items():
            for step, points in steps.items():
                if (points * 10**self.decimals).denominator != 1:
                    name = f"{kind}.{level}.{step or WRITTEN}"
                    raise InputError(
                        f"decimals is {self.decimals}, but {name} is "
                        f"{write(points)}; right is at least as many as the points have"
                    )

    def points(self, kind: str, level: int, fade: str = "") -> dict[int, Fraction]:
        """Return the points of every step with cells: the scheme's, else one for each line."""
        lines = answer_cells(exercise.find(kind).CODE, level, fade)
        steps = Counter(line.step.number for line, _ in lines)
        own = self.steps.get((kind, level), {})
        return {step: own.get(step, Fraction(count)) for step, count in steps.items()}

    def questions(self, kind: str, level: int) -> Fraction:
        """Return the points of a level's written questions; they count only where a scheme says."""
        return self.steps.get((kind, level), {}).get(QUESTIONS, Fraction(0))


def read_scheme(path: Path) -> Scheme:
    """Read a scheme from a TOML file.

    Raises:
        InputError: naming the file and the key that is wrong.
    """
    data = read_toml(path, f"scheme {path}")
    shares = {
        name: _number(path, name, data.pop(name), 1, f"0 to 1, the share for {what}")
        for name, what in SHARES.items()
        if name in data
    }
    stated = data.pop("decimals", None)
    decimals = _number(path, "decimals", 0 if stated is None else stated, MOST_DECIMALS, "0 to 3")
    if decimals.denominator != 1:
        raise InputError(f"scheme {path}: decimals is {decimals}; right is a whole number, 0 to 3")
    steps = {}
    for kind, levels in data.items():
        if kind not in exercise.all_kinds() or not isinstance(levels, dict):
            known = ", ".join((*SHARES, "decimals", *exercise.all_kinds()))
            raise InputError(f"scheme {path}: {kind} is unknown; right is one of {known}")
        for level, points in levels.items():
            number = _level(path, kind, level)
            steps[kind, number] = _points(path, kind, number, points)
    if stated is None:
        decimals = Fraction(max([1, *map(_decimals, steps.values())]))
    try:
        return Scheme(**shares, decimals=int(decimals), steps=steps)
    except InputError as error:
        raise error.at(f"scheme {path}") from None


def _decimals(points: Mapping[int, Fraction]) -> int:
    """Return how many decimals these points need, at most as many as are shown."""
    needed = (
        count
        for count in range(MOST_DECIMALS)
        if all((one * 10**count).denominator == 1 for one in points.values())
    )
    return next(needed, MOST_DECIMALS)


def _level(path: Path, kind: str, level: str) -> int:
    levels = exercise.find(kind).LEVELS
    if level not in map(str, levels):
        known = ", ".join(map(str, levels))
        raise InputError(f"scheme {path}: {kind}.{level} is unknown; right is one of {known}")
    return int(level)


def _points(path: Path, kind: str, level: int, points: Any) -> dict[int, Fraction]:
    name = f"{kind}.{level}"
    if not isinstance(points, dict):
        raise InputError(f"scheme {path}: {name} is no table; right is steps with their points")
    known = {str(line.step.number) for line in exercise.graph(kind, level).answers}
    found = {}
    for step, value in points.items():
        if step not in {*known, WRITTEN}:
            steps = ", ".join([*sorted(known, key=int), WRITTEN])
            raise InputError(f"scheme {path}: {name} has no step {step}; right is one of {steps}")
        number = QUESTIONS if step == WRITTEN else int(step)
        found[number] = _number(path, f"{name}.{step}", value, MOST_POINTS, "0 to 1000 points")
    return found


def _number(path: Path, name: str, value: Any, most: int, right: str) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or not 0 <= value <= most:
        raise InputError(f"scheme {path}: {name} is {shown(value)}; right is {right}")
    return Fraction(value)
