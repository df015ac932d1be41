"""Proofs of a set's sheets by their kind's law: of all of them if it is quick, else of some."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.errors import NotProvedError
from worksheets.ids import Identity
from worksheets.sheet import Sheet, make
from worksheets.vocabulary.theme import Theme

SOME = 20


def prove_all(sheets: Sequence[Sheet]) -> None:
    """Prove every answer of every sheet.

    Raises:
        NotProvedError: naming the first sheet that is not right.
    """
    from worksheets.verify import prove

    for sheet in sheets:
        for proof in prove(sheet):
            if not proof.agrees:
                raise NotProvedError(sheet.id, proof.fault)


def prove_some(identities: Sequence[Identity], own_theme: Theme | None) -> int:
    """Prove these sheets, and say how many."""
    prove_all(make(list(identities), own_theme))
    return len(identities)
