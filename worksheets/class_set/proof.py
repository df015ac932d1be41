"""Proofs of some of a set's sheets by their kind's law."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.ids import Identity
from worksheets.sheet import make
from worksheets.vocabulary.theme import Theme


def proved(identities: Sequence[Identity], own_theme: Theme | None) -> int:
    """How many sheets were proved.

    Raises:
        RuntimeError: naming the first sheet that is not.
    """
    from worksheets.verify import prove

    for sheet in make(list(identities), own_theme):
        for proof in prove(sheet):
            if not proof.agrees:
                raise RuntimeError(f"{sheet.id}: {proof.fault}")
    return len(identities)
