"""Read answers as people type them: numbers in any usual notation, words in any case."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from unicodedata import decimal, decomposition, normalize

LONGEST = 60  # nobody writes a longer number or word, and Python reads huge ones slowly
MOST_DIGITS = 12
MINUSES = dict.fromkeys(map(ord, "−‐‑‒–—―﹣－⁻₋"), "-")
POINTS = {ord("٫"): "."}  # the Arabic decimal separator
SLASHES = dict.fromkeys(map(ord, "⁄∕÷:"), "/")
UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u061c"))
SIGNS = str.maketrans(MINUSES | POINTS | SLASHES | UNSEEN | {ord("٪"): "%"})
VULGAR = re.compile("[¼-¾⅐-⅞]")
NUMBER = re.compile(
    r"""(?P<sign>[+-]?)\s*
    (?: (?P<point>\d+\.?|\d*\.(?P<decimals>\d+)) \s*(?P<percent>%?)
      | (?:(?P<whole>\d+)\s+)? (?P<over>\d+)\s*/\s*(?P<under>\d+) )""",
    re.VERBOSE,
)
QUOTIENT_OF_SIGNED = re.compile(r"([+-]?\d+)\s*/\s*([+-]\d+)")
# What would turn into a common digit: 3² is not 32.
RAISED = ("<super>", "<sub>", "<circle>", "<square>")
# "1,000" may be one or a thousand; "0,125" and "12,5" are clear.
UNCLEAR_COMMA = re.compile(r"[1-9]\d*,\d{3}(?!\d)")


@dataclass(frozen=True)
class Answer:
    """Hold a cell as read: a number, a word's index, nothing, or unreadable for a reason.

    `decimals` is how many a number was written with, or None for a fraction.
    """

    value: Fraction | None = None
    decimals: int | None = None
    reason: str = ""

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was written."""
        return self.value is None and not self.reason

    @property
    def is_unreadable(self) -> bool:
        """Tell whether something was written that is no answer."""
        return bool(self.reason)


BLANK = Answer()


@lru_cache(65536)
def read_number(text: str) -> Answer:
    """Read a number as typed: any minus, +3, .75, 0,75, 3/4, 75 %, 1 1/2, any script's digits."""
    plain = _plain(text)
    if not plain:
        return BLANK
    if len(plain) > LONGEST:
        return Answer(reason="longer than any number here")
    plain = plain.lstrip("=≈~ ")
    if UNCLEAR_COMMA.search(plain):
        return Answer(reason="its comma may stand for thousands or for decimals")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if signed := QUOTIENT_OF_SIGNED.fullmatch(plain):
        over, under = int(signed[1]), int(signed[2])
        return Answer(Fraction(over, under)) if under else Answer(reason="a division by zero")
    found = NUMBER.fullmatch(plain)
    if not found:
        return Answer(reason="no number")
    if sum(map(str.isdigit, plain)) > MOST_DIGITS:
        return Answer(reason="more digits than any number here")
    return _number(found)


def _number(found: re.Match[str]) -> Answer:
    sign = -1 if found["sign"] == "-" else 1
    if found["point"] is None:
        if not int(found["under"]):
            return Answer(reason="a division by zero")
        quotient = Fraction(int(found["over"]), int(found["under"]))
        return Answer(sign * (int(found["whole"] or 0) + quotient))
    decimals, value = len(found["decimals"] or ""), Fraction(found["point"].rstrip("."))
    if found["percent"]:
        return Answer(sign * value / 100, decimals + 2)
    return Answer(sign * value, decimals)


def read_word(text: str, indices: Mapping[str, int]) -> Answer:
    """Read a word as typed, in any case; `indices` are those that `spellings` made."""
    if not text.translate(SIGNS).strip():
        return BLANK
    for plain in (folded(text), spelling(text)):
        if plain in indices:
            return Answer(Fraction(indices[plain]))
    return Answer(reason="not among this line’s words")


def spellings(words: Sequence[str]) -> dict[str, int]:
    """Map each way to write a word to its index; a way that fits two words is left out."""
    found = {folded(word): place for place, word in enumerate(words)}
    loose = [spelling(word) for word in words]
    return {word: place for place, word in enumerate(loose) if loose.count(word) == 1} | found


def folded(text: str) -> str:
    """Return a word composed and in lower case."""
    return normalize("NFKC", text.translate(SIGNS).strip()).casefold()


@lru_cache(65536)
def spelling(text: str) -> str:
    """Return a word's letters and digits alone, without accents and in lower case."""
    return "".join(letter for letter in normalize("NFKD", folded(text)) if letter.isalnum())


def _plain(text: str) -> str:
    """Return the text with ordinary digits, signs and single spaces."""
    if len(text) > 10 * LONGEST:
        return text
    if any(decomposition(sign).startswith(RAISED) for sign in text.translate(SIGNS)):
        return text
    text = VULGAR.sub(r" \g<0>", text)
    text = normalize("NFKC", text.translate(SIGNS)).translate(SIGNS)
    digits = (str(decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return " ".join("".join(digits).split())
