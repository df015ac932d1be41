"""Prove a set's sheets by their kind's law."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.errors import NotProvedError
from worksheets.sheet import Sheet


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
