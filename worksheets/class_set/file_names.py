"""Name the files of students' own: by student, identifier and sheet; what is solved lies apart."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category, normalize

HANDED_OUT, SOLVED = "forms", "keys"  # folders: no student's own file lies beside a key
MOST_BYTES = 60  # of a name: some systems take 143 a file


def begin(name: str, identifier: str) -> str:
    """Return how a student's files begin: name and identifier, as any file system bears them.

    >>> begin("Ada  King, Lady", "s/17")
    'Ada-King-Lady_s-17_'
    """
    parts = dict.fromkeys((plain(name), plain(identifier)))
    return "".join(f"{part}_" for part in parts if part)


def own_file(begins: str, sheet: str, what: str, end: str) -> str:
    """Return the name of a student's own file, whose stem, sheet's ID and end these are."""
    return f"{SOLVED if what == 'solved' else HANDED_OUT}/{begins}{sheet}{end}"


def plain(text: str) -> str:
    """Return a text's letters and digits, of any script, with dashes for what is between them."""
    letters = (
        letter if letter.isalnum() or category(letter) in ("Mn", "Mc") else "-"
        for letter in normalize("NFC", text)
    )
    words = "-".join(filter(None, "".join(letters).split("-")))
    return words.encode()[:MOST_BYTES].decode(errors="ignore").rstrip("-")


def endings(sections: Iterable[str]) -> list[str]:
    """Return what each section's print files are called by, no two alike for any file system."""
    taken: dict[str, str] = {}
    for section in sections:
        first = wanted = plain(section) or "without-section"
        count = 1
        while wanted.casefold() in taken:
            count += 1
            wanted = f"{first}-{count}"
        taken[wanted.casefold()] = wanted
    return list(taken.values())
