"""The site's lesson pages: one a kind and language, with pictures of the blank sheets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

from babel import Locale

from scripts.catalogue import pictures
from worksheets import exercise
from worksheets.files import write_all
from worksheets.ids import LANGUAGES, Identity
from worksheets.ladder import rungs
from worksheets.language import say_in
from worksheets.lessons.lesson import lesson
from worksheets.lessons.site import markdown
from worksheets.render.pdf import render_pdf
from worksheets.sheet import make

NUMBER, DOTS = 1, 84
SHOWN = "pictures"  # the folder of the blank sheets' pages


def main(folder: Path, pictured: Collection[str]) -> None:
    """Write the pages, LANGUAGE-KIND.md, in the ladder's order; some kinds' have pictures."""
    every = list(product(LANGUAGES.values(), rungs()))
    drawn = [(language, kind) for language, kind in every if kind in pictured]
    with ProcessPoolExecutor() as executor:
        blanks = dict(zip(drawn, executor.map(_blanks, drawn), strict=True))
    pages = {
        f"{language}-{kind}.md": _page(language, kind, blanks.get((language, kind), {}))
        for language, kind in every
    }
    pages |= {f"{language}.md": _index(language) for language in LANGUAGES.values()}
    write_all(folder, pages, force=True)
    files = {
        name: page
        for of_kind in blanks.values()
        for some in of_kind.values()
        for name, page in some.items()
    }
    write_all(folder / SHOWN, files, force=True)


def contents(folder: str) -> str:
    """The list of all pages in the language of each, as a table and for the site's menu."""
    languages = list(LANGUAGES.values())
    rows = [f"| kind | {' | '.join(map(_name, languages))} |", f"|---|{'---|' * len(languages)}"]
    for kind in rungs():
        links = (f"[{_title(kind, one)}]({folder}/{one}-{kind}.md)" for one in languages)
        rows.append(f"| `{kind}` | {' | '.join(links)} |")
    return "\n".join(rows) + _menu(f"{folder}/{one}" for one in languages)


def _index(language: str) -> bytes:
    """The page of a language, which lists those of its kinds."""
    items = "\n".join(f"- [{_title(kind, language)}]({language}-{kind}.md)" for kind in rungs())
    menu = _menu(f"{language}-{kind}" for kind in rungs())
    return f"# {_name(language)}\n\n{items}{menu}\n".encode()


def _menu(pages: Iterable[str]) -> str:
    return "\n\n```{toctree}\n:hidden:\n\n" + "\n".join(pages) + "\n```"


def _name(language: str) -> str:
    """What a language calls itself."""
    return str(Locale.parse(language).display_name).capitalize()


def _title(kind: str, language: str) -> str:
    return say_in(language)(exercise.find(kind).TITLE)


def _page(language: str, kind: str, blanks: dict[int, dict[str, bytes]]) -> bytes:
    lessons = [lesson(_identity(kind, level, language)) for level in exercise.find(kind).LEVELS]
    shown = {level: [f"{SHOWN}/{name}" for name in some] for level, some in blanks.items()}
    return markdown(lessons, shown).encode()


def _blanks(family: tuple[str, str]) -> dict[int, dict[str, bytes]]:
    """The blank pages of a kind in a language, by level and file name."""
    language, kind = family
    found = {}
    for level in exercise.find(kind).LEVELS:
        (sheet,) = make([_identity(kind, level, language)])
        pages = pictures(render_pdf(sheet, solved=False), DOTS, edge=1)
        found[level] = {
            f"{language}-{kind}-{level}-{number}.png": page
            for number, page in enumerate(pages, start=1)
        }
    return found


def _identity(kind: str, level: int, language: str) -> Identity:
    return Identity(exercise.find(kind).CODE, level, NUMBER, language=language)
