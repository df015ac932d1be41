"""Compute the numbers that an ID decides, whatever its theme and language; earlier sheets' too."""

from __future__ import annotations

from dataclasses import replace

from worksheets import exercise
from worksheets.engine.evaluate import Evaluation
from worksheets.ids import DRAWN_THEME, Identity
from worksheets.language import ENGLISH
from worksheets.sampling.accepted import accepted
from worksheets.sampling.attempts import Arrays
from worksheets.sampling.earlier import Earlier


def numbers(identities: list[Identity]) -> tuple[Evaluation, Arrays]:
    """Return all lines of these sheets of one kind, level and edition, and the words' indices."""
    level, edition = identities[0].level, identities[0].edition
    kind = exercise.by_code(identities[0].kind)
    return accepted(
        exercise.graph(exercise.name_of(kind), level),
        lambda draws: kind.draw(draws, level, edition == "published"),
        [
            replace(one, theme=DRAWN_THEME, own_theme="", language=ENGLISH).text
            for one in identities
        ],
        exercise.usual_effort(kind, level, edition),
        _results_before(identities),
    )


def _results_before(identities: list[Identity]) -> Arrays:
    """Return the earlier sheets' results by the name of the given that they are."""
    if not (continues := continued(identities[0])):
        return {}
    evaluation, _ = numbers([one for identity in identities if (one := earlier(identity))])
    return {continues.given: evaluation[continues.line]}


def continued(identity: Identity) -> Earlier | None:
    """Return the kind's `CONTINUES`, if this edition is continued."""
    return exercise.by_code(identity.kind).CONTINUES if identity.edition == "continued" else None


def earlier(identity: Identity) -> Identity | None:
    """Return the sheet, of the same number, with whose result this one goes on, if it does."""
    if not (continues := continued(identity)):
        return None
    kind = exercise.find(continues.kind)
    before = replace(identity, kind=kind.CODE, level=continues.level, edition="free")
    return before if kind.PHRASES else replace(before, theme=DRAWN_THEME, own_theme="")
