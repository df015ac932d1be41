"""Compute the numbers that an ID decides, whatever its theme and language; earlier sheets' too."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from worksheets import exercise
from worksheets.engine.evaluate import Evaluation, evaluate
from worksheets.engine.graph import Graph
from worksheets.ids import DRAWN_THEME, Identity
from worksheets.language import ENGLISH
from worksheets.sampling.accepted import accepted
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.counter import Draws
from worksheets.sampling.earlier import Earlier
from worksheets.sampling.givens import Givens
from worksheets.secret import drawn_by


def numbers(identities: list[Identity]) -> tuple[Evaluation, Arrays]:
    """Return all lines of these sheets of one kind, level and edition, and the words' indices."""
    return accepted(
        _graph(identities),
        partial(_drawn, identities[0]),
        _names(identities),
        _effort(identities),
        _results_before(identities),
    )


def first_attempts(identities: list[Identity]) -> tuple[Evaluation, Givens, int | None]:
    """Return each sheet's first attempt, good or not, what was drawn, and the usual effort."""
    base = Draws.of(_names(identities), _results_before(identities))
    count = len(identities)
    draws = base.attempt("sheet", np.arange(count), np.zeros(count, dtype=np.int64))
    drawn = _drawn(identities[0], draws)
    evaluation = evaluate(_graph(identities), drawn.givens, drawn.words, count)
    return evaluation, drawn, _effort(identities)


def _graph(identities: list[Identity]) -> Graph:
    return exercise.graph(exercise.by_code(identities[0].code).name, identities[0].level)


def _drawn(identity: Identity, draws: Draws) -> Givens:
    kind = exercise.by_code(identity.code)
    return kind.draw(draws, identity.level, identity.edition == "published")


def _names(identities: list[Identity]) -> list[str]:
    """Return what the draws of each sheet go by: its ID, whatever its words and language."""
    return [
        drawn_by(replace(one, theme=DRAWN_THEME, own_theme="", language=ENGLISH).text, one.secret)
        for one in identities
    ]


def _effort(identities: list[Identity]) -> int | None:
    first = identities[0]
    return exercise.usual_effort(exercise.by_code(first.code), first.level, first.edition)


def _results_before(identities: list[Identity]) -> Arrays:
    """Return the earlier sheets' results by the name of the given that they are, and their words.

    Numerators are those of the given: tenths may go on as hundredths.
    """
    if not (continues := continued(identities[0])):
        return {}
    before = [one for identity in identities if (one := earlier(identity))]
    evaluation, words = numbers(before)
    given, line = (
        graph.lines[name].node.denominator
        for graph, name in (
            (_graph(identities), continues.given),
            (_graph(before), continues.line),
        )
    )
    return {**words, continues.given: evaluation[continues.line] * (given // line)}


def continued(identity: Identity) -> Earlier | None:
    """Return the kind's `CONTINUES`, if this edition is continued."""
    return exercise.by_code(identity.code).CONTINUES if identity.edition == "continued" else None


def earlier(identity: Identity) -> Identity | None:
    """Return the sheet, of the same number, with whose result this one goes on, if it does."""
    if not (continues := continued(identity)):
        return None
    kind = exercise.find(continues.kind)
    before = replace(identity, code=kind.CODE, level=continues.level, edition="free")
    return before if kind.PHRASES else replace(before, theme=DRAWN_THEME, own_theme="")
