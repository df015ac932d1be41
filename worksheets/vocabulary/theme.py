"""Hold the words of a theme, and find one by its name or in a teacher's file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path

from worksheets.errors import InputError
from worksheets.ids import ALPHABET, OWN_THEME, OWN_THEME_LENGTH
from worksheets.language import ENGLISH, told
from worksheets.toml_file import content_of
from worksheets.vocabulary.checks import checked

LARGEST_FILE = 20_000
# The order in which numbers draw a theme. It is part of the draw version: never reorder it, and
# add to it only together with a new version. All other themes are chosen by their names alone.
RANDOM_THEMES = (
    "doctor", "nurse", "hobby", "pirate", "expert", "workshop", "feedback", "novice",
    "privacy", "sources", "brief", "consent", "repair", "museum", "plain",
)  # fmt: skip
NEUTRAL = "novice"  # its question and sentence go with any subjects


@dataclass(frozen=True)
class Theme:
    """Hold the words of one bias and one value: subjects, a link, a losing and a winning word.

    Beside them stand a question with its answers, from the worst to the best, and a sentence, of
    which one word is “{subject}”, with words that may come next. A teacher's own theme may lack
    either pair.
    """

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
    question: str = ""
    answers: tuple[str, ...] = ()
    sentence: tuple[str, ...] = ()
    next_words: tuple[str, ...] = ()
    own_mark: str = ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """Return which of "question" and "sentence" it leaves to the neutral theme."""
        return tuple(key for key in ("question", "sentence") if not getattr(self, key))

    def completed(self, language: str) -> Theme:
        """Return it with the neutral theme's question and sentence where it has none."""
        neutral, partner = built_in(language)[NEUTRAL], {"question": "answers"}
        missing = [key for one in self.lacks for key in (one, partner.get(one, "next_words"))]
        return replace(self, **{key: getattr(neutral, key) for key in missing})


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
        found[name] = Theme(**checked(path.read_bytes(), path.name))
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
                told(
                    "theme {name!r} is unknown; themes are {themes}, "
                    "or the path of a file of your own that ends in .toml",
                    name=name,
                    themes=", ".join(themes),
                )
            )
        return themes[name]
    source = told("theme file {name}", name=name)
    values = checked(content_of(Path(name), source, LARGEST_FILE), source, own=True)
    return Theme(**values, code=OWN_THEME, own_mark=_mark(values))


def _mark(values: dict[str, object]) -> str:
    """Return four characters that hash the words, whatever the file's name, order and comments."""
    text = repr(sorted(values.items()))
    digest = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    return "".join(ALPHABET[digest >> 5 * place & 31] for place in range(OWN_THEME_LENGTH))
