"""Find the sheets that are meant by what was typed: a kind and numbers, or IDs."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets import exercise, ids
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.language import ENGLISH, told
from worksheets.sheet import PUBLISHED_THEME, read_id
from worksheets.vocabulary.theme import Theme, find

MOST_SHEETS = 100_000


def numbered(
    name: str,
    level: int | None,
    number: int | None,
    count: int | None,
    edition: str | None,
    theme_name: str | None,
    language: str = ENGLISH,
) -> tuple[list[Identity], Theme | None]:
    """Return the sheets of a kind from a number on, and the theme if it is somebody's own.

    Raises:
        InputError: if there is no such kind, level, edition, language, theme or number.
    """
    kind = exercise.find(name)
    level = min(kind.LEVELS) if level is None else level
    exercise.graph(name, level)  # refuses a level that the kind does not have
    first, count = 1 if number is None else number, 1 if count is None else count
    edition = "free" if edition is None else edition
    if edition not in (editions := exercise.editions(kind, level)):
        raise InputError(
            told(
                "edition {edition!r}: {name} has at level {level} the editions {editions}",
                edition=edition,
                name=name,
                level=level,
                editions=", ".join(editions),
            )
        )
    if language not in ids.LANGUAGES.values():
        known = ", ".join(ids.LANGUAGES.values())
        raise InputError(
            told(
                "language {language!r}: sheets have the languages {known}",
                language=language,
                known=known,
            )
        )
    if not 1 <= count <= MOST_SHEETS:
        raise InputError(
            told(
                "count {count}: at least 1, and at most {most:,} at a time",
                count=count,
                most=MOST_SHEETS,
            )
        )
    if not 0 <= first <= first + count - 1 <= ids.LARGEST_NUMBER:
        last = told(" with a count of {count}", count=count) if count > 1 else ""
        raise InputError(
            told(
                "number {first}{last}: numbers are 0 to {largest}",
                first=first,
                last=last,
                largest=ids.LARGEST_NUMBER,
            )
        )
    if theme_name is not None and not kind.PHRASES:
        raise InputError(
            told(
                "theme {theme_name!r}: {name} has no words, so it has no theme",
                theme_name=theme_name,
                name=name,
            )
        )
    theme = None if theme_name is None else _named(theme_name, edition, language)
    code, mark = (theme.code, theme.own_mark) if theme else (ids.DRAWN_THEME, "")
    identities = [
        ids.Identity(kind.CODE, level, first + place, edition, code, mark, language)
        for place in range(count)
    ]
    return identities, theme if mark else None


def _named(theme_name: str, edition: str, language: str) -> Theme | None:
    """Return the theme of this name or file; none if it is the edition's, which no ID names."""
    theme = find(theme_name, language)
    if edition != "published":
        return theme
    if theme.name != PUBLISHED_THEME or theme.own_mark:
        raise InputError(
            told(
                "theme {theme_name!r}: the published edition has words of its own, "
                "those of {published_theme}",
                theme_name=theme_name,
                published_theme=PUBLISHED_THEME,
            )
        )
    return None


def typed(texts: Sequence[str], theme_name: str | None) -> tuple[list[Identity], Theme | None]:
    """Return the sheets behind IDs, and the own theme that they need.

    Raises:
        InputError: if an ID is wrong, or does not go with the theme.
    """
    theme = None if theme_name is None else find(theme_name)
    if theme and not theme.own_mark:
        raise InputError(
            told("theme {theme_name!r}: an ID has its theme in it", theme_name=theme_name),
            "no theme",
        )
    identities = [read_id(text, theme) for text in texts]
    if theme and not any(identity.own_theme for identity in identities):
        raise InputError(
            told(
                "theme file {theme_name}: no ID given has words from a file of your own",
                theme_name=theme_name,
            ),
            "no theme",
        )
    return identities, theme
