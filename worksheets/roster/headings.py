"""Tell what a heading means, and in which row the headings stand; the words are in `words.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any
from unicodedata import normalize

from worksheets.tabular.row import Row, is_blank

# Letters that lose no accent when they are decomposed, though people leave it out.
PLAIN = str.maketrans({"đ": "d", "ł": "l", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe"})
# "longName", "LastFirst" and "FAMILY_NAME" are several words.
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# Reports have a few lines of titles; below that, words of headings stand in cells of students.
SEARCHED = 30


def key(heading: str) -> str:
    """Return a heading without case, accents, spaces, punctuation: equal keys are one heading."""
    if heading.isascii() and heading.isalnum():
        return heading.lower()
    letters = normalize("NFKD", heading).casefold().translate(PLAIN)
    return "".join(letter for letter in normalize("NFKD", letters) if letter.isalnum())


def listed(text: str) -> list[str]:
    """Return the words of a text that has commas between them."""
    return [" ".join(word.split()) for word in text.split(",")]


def keys(text: str) -> frozenset[str]:
    """Return the keys of a text's words."""
    return frozenset(map(key, listed(text))) - {""}


TABLES: Mapping[str, Any] = tomllib.loads(
    files("worksheets.roster").joinpath("words.toml").read_text("utf-8")
)
# Role by role, the headings that claim it, a better claim first: where two columns of one file
# claim a role, the earlier line wins.
WORDS: Mapping[str, Sequence[str]] = TABLES["roles"]
# Each heading's role, and how good its claim is: 0 is best.
CLAIMS: Mapping[str, tuple[str, float]] = {
    key(word): (role, rank)
    for role, lines in WORDS.items()
    for rank, line in enumerate(lines)
    for word in listed(line)
}
COUNTERS = len(WORDS["id"]) - 1  # the rank of headings such as "No.", which may only count the rows
OF_ROLES = {"enrollment", "enrolment", "role", "membership"}  # what platforms add to a role
FILLERS = keys(TABLES["fillers"]["words"])
NAME_WORDS = keys(TABLES["name_words"]["words"])
OTHER_PEOPLE = keys(TABLES["other_people"]["words"])
# A column of a plain "name" is one part of it where another column holds the other part. In these
# languages it is then surely the family name, or surely the given one ("Nom" beside "Prénom",
# "Nome" beside "Cognome"); an English "Name" beside "Surname" may be either, and is asked about.
FAMILY_BESIDE_GIVEN = keys("nom, naam")
GIVEN_BESIDE_FAMILY = keys(
    "nome, nombre, nombres, tên, isim, ad, adı, имя, الاسم, اسم, नाम, 名字, 名前, 이름"
)
GERMAN_GIVEN = keys("vorname, vornamen, rufname")
PLAIN_NAMES = FAMILY_BESIDE_GIVEN | GIVEN_BESIDE_FAMILY | {"name"}


def words_of(heading: str) -> list[str]:
    """Return the keys of a heading's words."""
    parts = re.split(r"[\W_]+", CAMEL.sub(" ", heading))
    return [word for part in parts if (word := key(part))]


def without_fillers(heading: str) -> str:
    """Return a heading's key without the words that do not change its meaning."""
    return "".join(word for word in words_of(heading) if word not in FILLERS)


@lru_cache(10_000)
def claim(heading: str) -> tuple[str, float] | None:
    """Return the role that a heading claims, and how well: 0 is best.

    "Legal Surname" and "FAMILY_NAME_OF_STUDENT" claim what "Surname" and "Family name" claim, half
    a rank behind them; so does "Last_Name" of "Students.Last_Name", a table's field.
    """
    if found := CLAIMS.get(key(heading)):
        return found
    table, _, field = heading.rpartition(".")
    if set(words_of(table)) <= FILLERS and (found := CLAIMS.get(key(field))):
        return found[0], found[1] + 0.5
    if found := CLAIMS.get(without_fillers(heading)):
        return found[0], found[1] + 0.5
    return None


def may_be_part_of_name(heading: str) -> bool:
    """Return whether an unknown heading speaks of a student's name."""
    words = set(words_of(heading))
    return bool(words & NAME_WORDS) and not words & OTHER_PEOPLE


def heading_matcher(given: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function from a heading to what it means, to itself or to the user, or to ''."""
    said = {key(value): role for role, value in given.items()} | {"": ""}
    return lambda heading: said.get(key(heading)) or (claim(heading) or ("",))[0]


def heading_place(rows: Sequence[Row], meaning: Callable[[str], str]) -> int:
    """Return the index of the row of headings: the first that names most roles.

    What stands above must look like titles: it fills fewer cells, or no more where the headings
    are of two kinds at least.
    """
    best, place, filled_above = 0, 0, 0
    for index, row in enumerate(rows[:SEARCHED]):
        texts = [cell for cell in row.cells if isinstance(cell, str) and not is_blank(cell)]
        roles = len(set(map(meaning, texts)) - {""})
        same_width = roles > 1 or len(texts) == 1
        if roles > best and filled_above - same_width < len(texts):
            best, place = roles, index
        filled_above = max(filled_above, len(texts))
    return place


@dataclass(frozen=True)
class Standing:
    """Hold a column that says who is a student: what it says of those who are, and who are not."""

    place: int
    students: frozenset[str]
    others: frozenset[str]

    def excludes(self, text: str) -> bool:
        """Return whether it says "Teacher", "TeacherEnrollment" or "Dropped (3 May)"."""
        return bool(self._words(text) & self.others)

    def includes(self, text: str) -> bool:
        """Return whether it says that somebody is a student."""
        return bool(self._words(text) & self.students)

    @staticmethod
    def _words(text: str) -> set[str]:
        plain = "".join(word for word in words_of(text) if word not in OF_ROLES)
        start = re.split(r"[^\w\s-]|\d", text.strip(), maxsplit=1)[0]
        found = {key(text), plain}
        return found if "," in text or ";" in text else found | {key(start)} - {""}


def standings(headings: Sequence[str]) -> list[Standing]:
    """Return the columns that say who is a student."""
    return [
        Standing(place, keys(table["students"]), keys(table["values"]))
        for table in TABLES["excluded"]
        for place in headed(headings, table["headings"])
    ]


def headed(headings: Sequence[str], words: str) -> Iterator[int]:
    """Yield the columns with one of these headings."""
    known = keys(words)
    for place, heading in enumerate(headings):
        if {key(heading), without_fillers(heading)} & known:
            yield place
