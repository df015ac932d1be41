"""Tell whom a name means, and whether the one on a sheet is another's than whose sheet it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher, get_close_matches

from worksheets.marking.register import RegisteredStudent
from worksheets.roster.headings import key

WORD = re.compile(r"\w+")
# Of two words with a letter changed, "Müller" and "Mueller" are as like as 0.92, "Marie" and
# "Maria" 0.8; "Ana" and "Eva" 0.33.
ALIKE = 0.75
SHORTEST = 3  # letters of "Rob" for "Robert"


class Names:
    """Know who is called how, to find for a name the students who have all of its words."""

    def __init__(self, students: Iterable[RegisteredStudent]) -> None:
        self.owners: dict[str, set[int]] = {}
        self.numbers: dict[str, set[int]] = {}
        for one in students:
            for word in _words(one.name):
                self.owners.setdefault(word, set()).add(one.place)
            self.numbers.setdefault(key(one.identifier), set()).add(one.place)

    def is_another(self, written: str, student: RegisteredStudent) -> bool:
        """Return whether what somebody wrote as name and number speaks of another student.

        A part of the name or the number alone is this student's, and so are initials, short forms,
        slips of a letter, a middle name or a section more. Another's number is not, nor is a name
        that somebody else has in full, nor a word of its own on either side: Ada Byron for Ada
        Lovelace.
        """
        own = _words(student.name)
        rest = _words(written) - own - _words(f"{student.identifier} {student.section}")
        if any(student.place not in self.numbers.get(word, {student.place}) for word in rest):
            return True
        words = {word for word in rest if not any(map(str.isdigit, word))}
        if not words:
            return False
        named = {word for word in _words(written) if word in self.owners}
        if words <= named and self._are_of_one(named):
            return True
        strange = [word for word in words if not _fits(word, own)]
        missed = [word for word in own if len(word) > 1 and not _fits(word, _words(written))]
        return bool(strange and missed)

    def is_somebody(self, written: str) -> bool:
        """Return whether all that somebody wrote, but for numbers, is in one student's name."""
        words = {word for word in _words(written) if not any(map(str.isdigit, word))}
        return words <= self.owners.keys() and self._are_of_one(words)

    def _are_of_one(self, words: Collection[str]) -> bool:
        return bool(words) and bool(set.intersection(*(self.owners[word] for word in words)))


def called(text: str, students: Iterable[RegisteredStudent]) -> list[RegisteredStudent]:
    """Return the students whose identifier this is, else those of that name.

    A name's accents, case, signs and order do not count where nobody's is as written.
    """
    every = list({one.place: one for one in students}.values())  # some have it in two languages
    folded, words = text.casefold(), _words(text)
    return (
        [one for one in every if one.identifier.casefold() == folded]
        or [one for one in every if one.name.casefold() == folded]
        or [one for one in every if words and _words(one.name) == words]
    )


def nearest(text: str, students: Iterable[RegisteredStudent]) -> str:
    """Return a name or identifier that may be meant, or ''."""
    known = [name for one in students for name in (one.name, one.identifier)]
    return next(iter(get_close_matches(text, known, 1)), "")


def _words(text: str) -> set[str]:
    """Return a text's words, as a name is compared: without case, accents and signs."""
    return {word for part in WORD.findall(text) if (word := key(part))}


def _fits(word: str, known: Collection[str]) -> bool:
    """Return whether one of the known words is this one, its initial, short form or like it."""
    return any(_alike(*sorted((word, other), key=len)) for other in known)


def _alike(short: str, long: str) -> bool:
    if long.startswith(short) and (len(short) == 1 or len(short) >= SHORTEST):
        return True
    return SequenceMatcher(None, short, long, autojunk=False).ratio() >= ALIKE
