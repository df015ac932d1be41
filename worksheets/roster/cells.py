"""Clean a cell of a student, or say why it may not hold what it does."""

from __future__ import annotations

from unicodedata import category

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.tabular.row import FORMULA_STARTS, Cell, Unusable, shown

# White space at the edges of a cell: U+0009, U+000A, U+000D and the spaces of every width. Not
# str.strip(), which also takes control characters and line separators off, where they are refused.
BLANKS = "\t\n\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
LONGEST = {
    "id": 100, "name": 200, "first": 200, "last": 200, "infix": 200, "second": 200, "email": 254,
    "section": 60,
}  # fmt: skip
REFUSED = {
    "Cc": to_tell("a control character"),
    "Cs": to_tell("half of a character"),
    "Co": to_tell("a private character, which other computers show otherwise"),
    "Cn": to_tell("not a character that is known here"),
    "Zl": to_tell("a line break"),
    "Zp": to_tell("a line break"),
}
# They turn the reading direction of what follows, also outside the cell.
BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
# What a program leaves in place of a character that it could not read.
LOST = "\ufffd"
# No script piles up more on one letter; what does would stand on the lines above and below.
MOST_MARKS = 6
JOINERS = "\u200c\u200d"  # Hindi, Persian and emoji need them


def clean(cell: Cell, role: str) -> str:
    """Return a cell's text without white space at its edges, no-break spaces included.

    Nothing else is changed: no normal form, no case, no inner space.

    Raises:
        InputError: if it may not stand in a column of this role; the caller adds where it stands.
    """
    if isinstance(cell, Unusable):
        value = f"{shown(cell.shown)}: " if cell.shown else ""
        raise InputError(f"{value}{cell.reason}")
    text = cell.strip(BLANKS)
    if text.startswith(FORMULA_STARTS) or cell.startswith(("\t", "\r")):
        start = shown(cell[0] if cell.startswith(("\t", "\r")) else text[0])
        raise InputError(
            told(
                "{cell} starts with {start}, which a spreadsheet takes for a formula; "
                "leave that out",
                cell=shown(cell),
                start=start,
            )
        )
    if not text.isascii() or not text.isprintable():  # fast, and false of most
        _check_characters(text, role)
    if len(text) > LONGEST[role]:
        raise InputError(
            told(
                "{text} has {length} characters; at most {longest} are taken",
                text=shown(text),
                length=len(text),
                longest=LONGEST[role],
            )
        )
    return text


def _check_characters(text: str, role: str) -> None:
    marks = 0
    for character in text:
        code, kind = f"U+{ord(character):04X}", category(character)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if marks > MOST_MARKS:
            raise InputError(
                told(
                    "{text} has more than {most} marks on one letter; leave some out",
                    text=shown(text),
                    most=MOST_MARKS,
                )
            )
        if character == LOST:
            raise InputError(
                told(
                    "{text} holds {code}, left where a letter was lost; type the letter",
                    text=shown(text),
                    code=code,
                )
            )
        if character in "\n\r":
            raise InputError(
                told(
                    "{text} holds a line break ({code}); write it on one line",
                    text=shown(text),
                    code=code,
                )
            )
        if ord(character) in BIDI:
            raise InputError(
                told(
                    "{text} holds {code}, which turns the reading direction; leave it out",
                    text=shown(text),
                    code=code,
                )
            )
        if kind in REFUSED:
            raise InputError(
                told(
                    "{text} holds {code}, {what}; leave it out",
                    text=shown(text),
                    code=code,
                    what=told(REFUSED[kind]),
                )
            )
        if kind == "Cf" and character not in JOINERS and role == "id":
            raise InputError(
                told(
                    "{text} holds {code}, which nobody can see; leave it out",
                    text=shown(text),
                    code=code,
                )
            )
