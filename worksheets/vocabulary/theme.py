"""Read a theme: words only, checked, with errors that name file and key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

from worksheets.errors import InputError
from worksheets.ids import ALPHABET, OWN_THEME, OWN_THEME_LENGTH
from worksheets.language import ENGLISH
from worksheets.toml_file import parsed, read_toml, shown

LONGEST_WORD = 7
LEAST_SUBJECTS, MOST_SUBJECTS = 3, 12
LARGEST_FILE = 20_000
# How much of each text fits on the page.
LONGEST_TEXT = {"name": 20, "title": 40, "bias": 90, "value": 90, "teacher": 220}
LONGEST_IN_TEXT = 30  # a word that fits on a line
KEYS = (
    "name", "code", "title", "bias", "value", "link", "subjects", "losing", "winning", "teacher",
)  # fmt: skip
# The order in which numbers draw a theme. It is part of the draw version: never reorder it, and
# add to it only together with a new version. All other themes are chosen by their names alone.
RANDOM_THEMES = (
    "doctor", "nurse", "hobby", "pirate", "expert", "workshop", "feedback", "novice",
    "privacy", "sources", "brief", "consent", "repair", "museum", "plain",
)  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """Hold the words of one bias and one value: subjects, a link, a losing and a winning word."""

    name: str
    code: str
    title: str
    bias: str
    value: str
    link: str
    subjects: tuple[str, ...]
    losing: str
    winning: str
    teacher: str
    own_mark: str = ""


@cache
def built_in(language: str = ENGLISH) -> dict[str, Theme]:
    """Return the package's themes by name: the random ones in their order, then the gallery's.

    One that is yet to be translated is as it is in English.
    """
    folder = Path(str(files("worksheets.vocabulary") / "themes"))
    gallery = sorted(path.stem for path in folder.glob("*.toml") if path.stem not in RANDOM_THEMES)
    found = {}
    for name in (*RANDOM_THEMES, *gallery):
        translated = folder / language / f"{name}.toml"
        path = translated if translated.exists() else folder / f"{name}.toml"
        found[name] = _theme(parsed(path.read_bytes(), path.name), path.name)
    return found


def find(name: str, language: str = ENGLISH) -> Theme:
    """Find a built-in theme by its name, or a teacher's own by a path that ends in .toml.

    Raises:
        InputError: if there is no such theme, or the file is not a good one.
    """
    if not name.endswith(".toml"):
        themes = built_in(language)
        if name not in themes:
            raise InputError(
                f"theme {name!r} is unknown; themes are {', '.join(themes)}, "
                "or the path of a file of your own that ends in .toml"
            )
        return themes[name]
    source = f"theme file {name}"
    return _theme(read_toml(Path(name), source, LARGEST_FILE), source, own=True)


def _theme(data: dict[str, Any], source: str, *, own: bool = False) -> Theme:
    expected = [key for key in KEYS if not (own and key == "code")]
    if missing := [key for key in expected if key not in data]:
        raise InputError(f"{source}: missing {_named(missing)}")
    if unknown := [key for key in data if key not in KEYS]:
        raise InputError(f"{source}: unknown {_named(unknown)}; keys are {', '.join(KEYS)}")
    for key, longest in LONGEST_TEXT.items():
        _check_text(source, key, data[key], longest)
    _check_words(source, data)
    values = {key: data[key] for key in KEYS if key in data} | {"subjects": tuple(data["subjects"])}
    if own:
        values |= {"code": OWN_THEME, "own_mark": _mark(values)}
    return Theme(**values)


def _mark(values: dict[str, object]) -> str:
    """Return four characters that hash the words, whatever the file's name, order and comments."""
    text = repr(sorted((key, value) for key, value in values.items() if key != "code"))
    digest = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    return "".join(ALPHABET[digest >> 5 * place & 31] for place in range(OWN_THEME_LENGTH))


def _named(keys: list[str]) -> str:
    return f"key{'s' if len(keys) > 1 else ''} {', '.join(map(repr, keys))}"


def _check_text(source: str, key: str, value: object, longest: int) -> None:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{source}, key {key!r}: {shown(value)} is not a text in quotes")
    if len(value) > longest:
        raise InputError(
            f"{source}, key {key!r}: {len(value)} characters, at most {longest} fit: {value[:60]!r}"
        )
    if len(word := max(value.split(), key=len)) > LONGEST_IN_TEXT:
        raise InputError(
            f"{source}, key {key!r}: the word {word!r} has {len(word)} characters, at most "
            f"{LONGEST_IN_TEXT} fit on a line"
        )
    if not value.isprintable():
        raise InputError(
            f"{source}, key {key!r}: {value!r} holds a character that cannot be printed"
        )


def _check_words(source: str, data: dict[str, object]) -> None:
    subjects = data["subjects"]
    if not isinstance(subjects, list) or not LEAST_SUBJECTS <= len(subjects) <= MOST_SUBJECTS:
        raise InputError(
            f"{source}, key 'subjects': give {LEAST_SUBJECTS} to {MOST_SUBJECTS} words in brackets"
        )
    seen: dict[str, str] = {}
    words = [("subjects", word) for word in subjects]
    words += [(key, data[key]) for key in ("link", "losing", "winning")]
    for key, word in words:
        _check_text(source, key, word, LONGEST_WORD)
        if not str(word).isalpha():
            raise InputError(f"{source}, key {key!r}: {word!r} is not one word of letters only")
        folded = str(word).casefold()
        if folded in seen:
            raise InputError(
                f"{source}, key {key!r}: {word!r} is doubled, it stands in {seen[folded]!r} already"
            )
        seen[folded] = key
