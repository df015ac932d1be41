"""Draw until every sheet is hand-friendly, fair, and telling: no usual mistake goes unnoticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from worksheets.engine.evaluate import Evaluation, evaluate
from worksheets.engine.graph import Graph
from worksheets.engine.node import Array, Mask, Node
from worksheets.sampling.attempts import Arrays, store
from worksheets.sampling.counter import NOTHING, Draws
from worksheets.sampling.givens import Givens

MOST_ATTEMPTS = 200
# How far two sheets' work may lie from the usual one, so that a class is treated alike.
FAIR_PERCENT = 15


def accepted(
    graph: Graph,
    draw: Callable[[Draws], Givens],
    names: list[str],
    effort: int | None,
    earlier: Mapping[str, Array] = NOTHING,
) -> tuple[Evaluation, Arrays]:
    """All lines of the sheets of these names, and the words' indices.

    Where the usual `effort` is known, each sheet's lies near it. Givens that another sheet has come
    to, and its words, are `earlier`, see `Draws`. The attempts of a sheet are
    numbered, so that its first good one does not depend on its batch.

    Raises:
        RuntimeError: if a sheet finds no good attempt, with the attempts that each reason refused.
    """
    size = len(names)
    base = Draws.of(names, earlier)
    arrays: dict[Node, Array] = {}
    words: Arrays = {}
    waiting = np.arange(size)
    for attempt in range(MOST_ATTEMPTS):
        drawn = draw(base.attempt("sheet", waiting, np.full(len(waiting), attempt)))
        evaluation = evaluate(graph, drawn.givens, drawn.words, len(waiting))
        good = accepts(evaluation, drawn, effort)
        store(evaluation.arrays, good, arrays, waiting[good], size)
        store(drawn.words, good, words, waiting[good], size)
        waiting = waiting[~good]
        if not len(waiting):
            return Evaluation(graph, size, arrays, ()), words
    # An attempt depends on its number alone: all those of one sheet are made once more, at once.
    attempts = np.arange(MOST_ATTEMPTS)
    drawn = draw(base.attempt("sheet", np.full(MOST_ATTEMPTS, waiting[0]), attempts))
    evaluation = evaluate(graph, drawn.givens, drawn.words, MOST_ATTEMPTS)
    why = "; ".join(f"{count}: {reason}" for reason, count in refused(evaluation, drawn, effort))
    raise RuntimeError(f"{names[waiting[0]]}: no sheet in {MOST_ATTEMPTS} attempts; {why}")


def refused(evaluation: Evaluation, drawn: Givens, effort: int | None) -> list[tuple[str, int]]:
    """Count the attempts that each reason refuses, most first; one may be refused for several."""
    masks: list[tuple[str, Mask]] = [(reason, mask) for mask, reason in evaluation.refusals]
    if drawn.accepted is not None:
        masks.append(("the draw accepted nothing", ~drawn.accepted))
    if effort is not None:
        reason = f"effort beyond ±{FAIR_PERCENT} % of {effort}"
        masks.append((reason, ~_fair(evaluation, effort)))
    for mistake in evaluation.graph.slips:
        masks.append((f"mistake {mistake!r} goes unnoticed", ~evaluation.noticed(mistake)))
    counts: Counter[str] = Counter()
    for reason, mask in masks:
        counts[reason] += int(mask.sum())
    return [(reason, count) for reason, count in counts.most_common() if count]


def _fair(evaluation: Evaluation, effort: int) -> Mask:
    fair: Mask = 100 * np.abs(evaluation.effort - effort) <= FAIR_PERCENT * effort
    return fair


def accepts(evaluation: Evaluation, drawn: Givens, effort: int | None) -> Mask:
    """Return which attempts are good: of what is drawn, bounds, effort and usual mistakes."""
    good = evaluation.accepted
    if drawn.accepted is not None:
        good &= drawn.accepted
    if effort is not None:
        good &= _fair(evaluation, effort)
    for mistake in evaluation.graph.slips:
        good &= evaluation.noticed(mistake)
    return good
