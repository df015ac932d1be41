"""Proofs of a set's sheets by their kind's law: of all of them if it is quick, else of some."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.ids import Identity
from worksheets.sheet import Sheet, make
from worksheets.vocabulary.theme import Theme

SOME = 20


def prove_all(sheets: Sequence[Sheet]) -> None:
    """Prove every answer of every sheet.

    Raises:
        RuntimeError: naming the first sheet that is not right.
    """
    from worksheets.verify import prove

    for sheet in sheets:
        for proof in prove(sheet):
            if not proof.agrees:
                raise RuntimeError(f"{sheet.id}: {proof.fault}")


def prove_some(identities: Sequence[Identity], own_theme: Theme | None) -> int:
    """Prove sheets from all over the set, and say how many."""
    step = max(1, len(identities) // SOME)
    some = make(list(identities[::step][:SOME]), own_theme)
    prove_all(some)
    return len(some)
