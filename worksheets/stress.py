"""Stress a kind: how often its draw is accepted, why it is not, and what its sheets come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low

import numpy as np

from worksheets import exercise
from worksheets.engine.evaluate import Evaluation
from worksheets.engine.graph import Line
from worksheets.engine.node import Array, Mask
from worksheets.engine.notation import write
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.numbers import first_attempts
from worksheets.sampling.accepted import FAIR_PERCENT, accepts, refused

VERDICT = ("no", "yes")


@dataclass(frozen=True)
class LineFigures:
    """Hold a line's smallest and largest number as written, its longest text, its share of 0."""

    name: str
    smallest: str
    largest: str
    longest: int
    zeros: float


@dataclass(frozen=True)
class Figures:
    """Hold what so many first attempts of a level came to; shares are from 0 to 1.

    `refusals` count attempts by reason, and one may have several. `effort` is the median of the
    operations that attempts ask for which nothing else refuses, and `fair` the share of them within
    15 % of what the kind declares, or of that median. `distinct` counts sheets without one that has
    the same givens; `zeros` is the share of 0 among the cells of all answers; `outcomes` has, for
    every answer that is a word, the share of each.
    """

    kind: str
    level: int
    edition: str
    attempts: int
    accepted: int
    refusals: tuple[tuple[str, int], ...]
    effort: int
    fair: float
    distinct: int
    zeros: float
    lines: tuple[LineFigures, ...]
    outcomes: Mapping[str, Mapping[str, float]]


def stress(name: str, level: int, edition: str, count: int) -> Figures:
    """Draw the first attempt of sheets 0 to `count` − 1, and sum up what comes of them.

    Raises:
        InputError: if there is no such kind, level or edition, or nothing is accepted.
    """
    kind = exercise.find(name)
    graph = exercise.graph(name, level)
    if edition not in (editions := exercise.editions(kind, level)):
        raise InputError(f"edition {edition!r}: {name} has at level {level} {', '.join(editions)}")
    identities = [Identity(kind.CODE, level, number, edition) for number in range(count)]
    evaluation, drawn, declared = first_attempts(identities)
    good, fit = accepts(evaluation, drawn, declared), accepts(evaluation, drawn, None)
    if not good.any():
        why = "; ".join(f"{n}: {reason}" for reason, n in refused(evaluation, drawn, declared))
        raise InputError(f"{name}, level {level}: none of {count} attempts is accepted; {why}")
    effort = median_low(evaluation.effort[fit].tolist())
    usual = declared or effort
    fair = 100 * np.abs(evaluation.effort[fit] - usual) <= FAIR_PERCENT * usual
    numbers = [line for line in graph.answers if not line.node.is_word]
    cells = np.concatenate([evaluation[line.name][good].ravel() for line in numbers])
    words = {role: values[good] for role, values in drawn.words.items()}
    return Figures(
        name,
        level,
        edition,
        count,
        int(good.sum()),
        tuple(refused(evaluation, drawn, declared)),
        effort,
        float(fair.mean()),
        _distinct(evaluation, good),
        float((cells == 0).mean()),
        tuple(_line(line, evaluation[line.name][good]) for line in numbers),
        {
            line.name: dict(_outcomes(line, evaluation[line.name][good], words))
            for line in graph.answers
            if line.node.is_word
        },
    )


def _line(line: Line, values: Array) -> LineFigures:
    """Sum up a line of numbers: numerators of shape (sheets, rows, columns)."""
    texts = [write(Fraction(n, line.node.denominator)) for n in np.unique(values).tolist()]
    return LineFigures(
        line.name, texts[0], texts[-1], max(map(len, texts)), float((values == 0).mean())
    )


def _distinct(evaluation: Evaluation, good: Mask) -> int:
    """Count the sheets with different givens."""
    rows = [evaluation[line.name][good] for line in evaluation.graph.givens]
    flat = np.concatenate([values.reshape(len(values), -1) for values in rows], axis=1)
    return len(np.unique(flat, axis=0))


def _outcomes(line: Line, values: Array, words: Mapping[str, Array]) -> Iterator[tuple[str, float]]:
    """Yield the share of each word in a line, by its role: places in the vocabulary are drawn."""
    if line.entries == "verdict":
        counts = Counter(VERDICT[value] for value in values.ravel().tolist())
    else:
        roles = list(words)
        indices = np.stack([words[role] for role in roles], axis=1)  # a row of each sheet's
        same = values.reshape(len(values), -1, 1) == indices[:, None, :]
        counts = Counter(roles[place] for place in np.argmax(same, axis=2).ravel().tolist())
    total = counts.total()
    yield from ((word, count / total) for word, count in counts.most_common())
