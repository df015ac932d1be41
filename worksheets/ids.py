"""Write and read a sheet's ID: everything that decides the sheet, and a check character.

An ID reads KIND-ABCDE-NUMBER-X, such as RLHF-3F1DE-0007-K: the kind's code; A the level, B the
edition (F free, P published, C continued), C the draw version, D the theme (0: the number draws
it), E the language; the number in base 32; X the check character. A theme from a teacher's own file
is D = Z, and four characters of the file's content stand before the number. All characters are
Crockford's base 32, in which I and L are read as 1 and O as 0.

A sheet that a secret has drawn has another letter for the edition, S, Q or T, and four characters
of the secret's mark stand before the number: RLHF-3S1DE-AB12-0007-K.

The QR code of a page says ID/PAGE/LOOK, such as RLHF-3F1DE-0007-K/2/1AN00: behind the ID the page's
number from 1 on, and the letters of `worksheets/views/look.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from unicodedata import category, normalize

from worksheets.errors import InputError
from worksheets.language import languages, told
from worksheets.secret import MARK_LENGTH

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", " ": "", "-": "", "_": ""})
DRAW_VERSION = 1
EDITIONS = {"F": "free", "P": "published", "C": "continued"}
EDITIONS_SAID = ", ".join(f"{letter} ({name})" for letter, name in EDITIONS.items())
SECRET_EDITIONS = {"S": "free", "Q": "published", "T": "continued"}
LANGUAGES = languages()
DRAWN_THEME, OWN_THEME = "0", "Z"
OWN_THEME_LENGTH = 4
# Dashes, spaces and what cannot be seen: whatever a program makes of them when an ID is copied.
BETWEEN = frozenset({"Pd", "Pc", "Zs", "Zl", "Zp", "Cc", "Cf"})
MINUS = "−"  # a sign to Unicode, a dash to people
# As a scanner types it, and perhaps with small letters.
PAGE_CODE = re.compile(r"\s*([^/]+)/([1-9]\d{0,2})/([0-9A-Za-z]{5})\s*", re.ASCII)
# Two lengths only, so that one character too many or too few never makes another ID.
DIGITS = (4, 8)
LARGEST_NUMBER = 32 ** DIGITS[-1] - 1
# What is left of a number after a division by this decides the words, whatever the kind: its last
# three digits.
WORDS = 32**3
# From here on numbers are long; a set's are, so that all its IDs and codes are of one size.
FIRST_LONG_NUMBER = 32**4
# x^5 + x^2 + 1, which makes the 32 values of a character a field.
FIELD_POLYNOMIAL = 0b100101


@dataclass(frozen=True, order=True)
class Identity:
    """Hold all that decides a sheet.

    `code` is that of the kind, `theme` that of a theme, `own_theme` the mark of a teacher's file,
    `secret` that of the secret that its numbers are drawn by, if they are.
    """

    code: str
    level: int
    number: int
    edition: str = "free"
    theme: str = DRAWN_THEME
    own_theme: str = ""
    language: str = "en"
    version: int = DRAW_VERSION
    secret: str = ""

    @cached_property
    def text(self) -> str:
        """Return the ID as it is printed."""
        editions = SECRET_EDITIONS if self.secret else EDITIONS
        letters = {name: letter for letter, name in chain(editions.items(), LANGUAGES.items())}
        decided = (
            ALPHABET[self.level]
            + letters[self.edition]
            + ALPHABET[self.version]
            + self.theme
            + letters[self.language]
        )
        groups = [self.code, decided, self.own_theme, self.secret, _base32(self.number)]
        body = "-".join(group for group in groups if group)
        return f"{body}-{check_character(body)}"


def check_character(text: str) -> str:
    """Return a character that shows any single wrong one, and any swap of two neighbours.

    The symbols are the coefficients of a polynomial over the field of 32 elements, evaluated at x =
    2; both faults change its value, as 2 has order 31.
    """
    total = 0
    for character in text.upper().translate(LOOKALIKES):
        total = _doubled(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def page_code(sheet_id: str, page: int, look: str) -> str:
    """Return what the QR code of a sheet's page says; pages count from 1."""
    return f"{sheet_id}/{page}/{look}"


def look_scanned(text: str) -> str:
    """Return the look of a page's code, or nothing if this is none."""
    found = PAGE_CODE.fullmatch(text)
    return found[3].upper() if found else ""


def parse(text: str, kinds: dict[str, tuple[int, ...]]) -> Identity:
    """Read an ID as a person types it: any case, spaces and dashes anywhere or nowhere.

    A scanner types a page's code, of which the ID alone counts. `kinds` maps the kinds' codes to
    their levels.

    Raises:
        InputError: naming the part that is wrong.
    """
    scanned = PAGE_CODE.fullmatch(text)
    symbols = _symbols(scanned[1] if scanned else text)
    codes = [code for code in kinds if symbols.startswith(code.translate(LOOKALIKES))]
    if not codes:
        raise InputError(
            told(
                "ID {text!r}: it starts with no known kind; kinds are {kinds}",
                text=text,
                kinds=", ".join(sorted(kinds)),
            )
        )
    code = max(codes, key=len)
    rest = symbols[len(code) :]
    for character in rest:
        if character not in ALPHABET:
            raise InputError(
                told(
                    "ID {text!r}: {character!r} never stands in an ID; its characters are "
                    "{digits} and {letters}",
                    text=text,
                    character=character,
                    digits=ALPHABET[:10],
                    letters=ALPHABET[10:],
                )
            )
    own = OWN_THEME_LENGTH if rest[3:4] == OWN_THEME else 0
    secret = MARK_LENGTH if rest[1:2] in (*SECRET_EDITIONS,) else 0
    doubt = (
        told(
            "; or the edition {found} is not one of {editions}",
            found=rest[1],
            editions=EDITIONS_SAID,
        )
        if secret
        else ""
    )
    digits = len(rest) - 5 - own - secret - 1
    if digits not in DIGITS:
        right = told(" or ").join(str(6 + own + secret + width) for width in DIGITS)
        other = digits + own - (0 if own else OWN_THEME_LENGTH)
        theme = told(", or the theme {found} mistyped", found=rest[3]) if other in DIGITS else ""
        raise InputError(
            told(
                "ID {text!r}: it has {found} characters after {code}, not {right}; "
                "one may be missing or doubled{theme}{doubt}",
                text=text,
                found=len(rest),
                code=code,
                right=right,
                theme=theme,
                doubt=doubt,
            )
        )
    if check_character(symbols[:-1]) != symbols[-1]:
        raise InputError(
            told(
                "ID {text!r}: {found}the check character {check} does not belong to what stands "
                "before it; one character is mistyped, or two are swapped{doubt}",
                text=text,
                found=_suspect(rest, kinds[code]),
                check=symbols[-1],
                doubt=doubt,
            )
        )
    return _identity(text, code, rest, own, secret, kinds[code])


def _symbols(text: str) -> str:
    """Normalise an ID as typed: no case, no dashes, and one of the characters that look alike."""
    seen = (one for one in normalize("NFKC", text) if one != MINUS and category(one) not in BETWEEN)
    return "".join(seen).upper().translate(LOOKALIKES)


def _identity(
    text: str, code: str, rest: str, own: int, secret: int, levels: tuple[int, ...]
) -> Identity:
    level, edition, version, theme, language = list(rest[:5])
    if wrong := _suspect(rest, levels):
        raise InputError(
            told(
                "ID {text!r}: {wrong}no program of this version has printed it",
                text=text,
                wrong=wrong,
            )
        )
    number = int(rest[5 + own + secret : -1].translate(_PYTHON_DIGITS), 32)
    identity = Identity(
        code=code,
        level=ALPHABET.index(level),
        number=number,
        edition=(EDITIONS | SECRET_EDITIONS)[edition],
        theme=theme,
        own_theme=rest[5 : 5 + own],
        language=LANGUAGES[language],
        version=ALPHABET.index(version),
        secret=rest[5 + own : 5 + own + secret],
    )
    if identity.text.translate(LOOKALIKES) != code.translate(LOOKALIKES) + rest:
        raise InputError(told("ID {text!r}: its number is written with too many zeros", text=text))
    return identity


def _suspect(rest: str, levels: tuple[int, ...]) -> str:
    """Name the part of the decided group that cannot be right, or return nothing.

    It is the start of a sentence.
    """
    level, edition, version, theme, language = list(rest[:5])
    if ALPHABET.index(level) not in levels:
        known = ", ".join(map(str, levels))
        return told("the level {level} is not one of {known}; ", level=level, known=known)
    if edition not in EDITIONS | SECRET_EDITIONS:
        return told(
            "the edition {edition} is not one of {editions}; ",
            edition=edition,
            editions=EDITIONS_SAID,
        )
    if ALPHABET.index(version) != DRAW_VERSION:
        return told(
            "the draw version {version} is not {known}, the one that this program has; ",
            version=version,
            known=DRAW_VERSION,
        )
    if language not in LANGUAGES:
        return told(
            "the language {language} is not one of {languages}; ",
            language=language,
            languages=", ".join(LANGUAGES),
        )
    if (EDITIONS | SECRET_EDITIONS)[edition] == "published" and theme != DRAWN_THEME:
        return told(
            "the theme {theme} does not go with the published edition, which has its own words; ",
            theme=theme,
        )
    return ""


_PYTHON_DIGITS = str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")


def _base32(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return digits.rjust(next(width for width in DIGITS if width >= len(digits)), "0")


def _doubled(value: int) -> int:
    value <<= 1
    return value ^ FIELD_POLYNOMIAL if value & 32 else value
