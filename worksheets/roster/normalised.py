"""Compare identifiers as a person would."""

from __future__ import annotations

from unicodedata import normalize

# All characters that Unicode calls dashes.
DASHES = dict.fromkeys(
    (
        0x2D, 0x58A, 0x5BE, 0x1400, 0x1806, *range(0x2010, 0x2016), 0x2053, 0x207B, 0x208B, 0x2212,
        0x2E17, 0x2E1A, 0x2E3A, 0x2E3B, 0x2E40, 0x2E5D, 0x301C, 0x3030, 0x30A0, 0xFE31, 0xFE32,
        0xFE58, 0xFE63, 0xFF0D, 0x10EAD,
    ),
    "-",
)  # fmt: skip


def normalised_id(identifier: str) -> str:
    """Return a form in which identifiers are equal that a person would take for the same.

    Compatible characters, case, kinds of dashes and amounts of white space do not count.
    """
    text = normalize("NFKC", normalize("NFKC", identifier).casefold())
    return " ".join(text.translate(DASHES).split())
