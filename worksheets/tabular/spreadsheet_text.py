"""Write texts that a spreadsheet takes for texts, whichever separator its language has."""

from __future__ import annotations

from worksheets.tabular.row import FORMULA_STARTS

# Spreadsheets of many languages split a CSV at these too, and the next part may be a formula.
OTHER_SEPARATORS = str.maketrans({";": ",", "\t": " ", "\r": " ", "\n": " "})


def acts_as_formula(text: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula, by its first visible character."""
    return text.lstrip().startswith(FORMULA_STARTS) or (bool(text) and not text[0].isprintable())


def in_csv(text: str) -> str:
    """Return a text for a cell of a CSV that commas separate: one cell everywhere, no formula."""
    text = text.translate(OTHER_SEPARATORS)
    return f"'{text}" if acts_as_formula(text) else text
