"""Choose a student's sheet: a function of the set's code and of the student's identifier."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from worksheets.errors import InputError
from worksheets.ids import FIRST_LONG_NUMBER, LARGEST_NUMBER, WORDS
from worksheets.language import told
from worksheets.roster.normalised import normalised_id

LONGEST_CODE = 60
ENDS = ", "  # stands before what tells a rung's set from its course's


def set_code(text: str) -> str:
    """Return a set's code as a person types it: case, spaces and dashes do not count.

    Raises:
        InputError: if nothing is left, or too much, or it is no text.
    """
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise InputError(
            told(
                "set {text!r}: it is not UTF-8, as other terminals write it; type it anew, or "
                "without letters beyond a to z",
                text=text[:40],
            )
        )
    code = "".join(letter for letter in normalised_id(text) if letter.isalnum())
    if not code:
        raise InputError(told("set {text!r}: a set's code needs a letter or a digit", text=text))
    if len(code) > LONGEST_CODE:
        raise InputError(
            told(
                "set {text!r}: a set's code has at most {longest} letters",
                text=text[:40],
                longest=LONGEST_CODE,
            )
        )
    return code


def rung_name(course: str, ending: str) -> str:
    """Return the name of a rung's set, which has the words of the course's, but other numbers."""
    return f"{course}{ENDS}{ending}" if ending else course


def words_code(name: str) -> str:
    """Return the code of the set that decides a set's words: a rung's course, else itself."""
    course = name.rpartition(ENDS)[0]
    return set_code(course if any(map(str.isalnum, course)) else name)


def number(code: str, identifier: str, attempt: int = 0, words: str = "") -> int:
    """Return the number of a student's sheet; further attempts give others, should one be taken.

    Its last digits, which decide the sheet's words, are those of the first choice in the set with
    the code `words`, if it is another one.
    """
    first = _drawn(words or code, identifier, 0)
    chosen = _drawn(code, identifier, attempt)
    return chosen - chosen % WORDS + first % WORDS


def _drawn(code: str, identifier: str, attempt: int) -> int:
    text = "\0".join((code, normalised_id(identifier), str(attempt)))
    drawn = int.from_bytes(sha256(text.encode()).digest()[:16], "big")
    return int(FIRST_LONG_NUMBER + drawn % (LARGEST_NUMBER + 1 - FIRST_LONG_NUMBER))


def choice_order(code: str, identifiers: Sequence[str]) -> list[int]:
    """Return the students' places in the order in which they choose, whatever the roster's."""
    return sorted(range(len(identifiers)), key=lambda place: number(code, identifiers[place], -1))


def must_redraw(order: Sequence[int], held: Sequence[tuple[int, ...]]) -> list[int]:
    """Return the students whose number one holds who chose earlier, and who choose again."""
    seen: set[int] = set()
    again = []
    for place in order:
        if seen.intersection(held[place]):
            again.append(place)
        else:
            seen.update(held[place])
    return again
