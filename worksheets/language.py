"""What is shown, in a sheet's language: a catalogue of messages for each language but English."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

ENGLISH = "en"
FOLDER = Path(__file__).parent / "locale"
Say: TypeAlias = Callable[[str], str]


def message(text: str) -> str:
    """The English text itself: marks, for `make messages`, what is translated where it is shown."""
    return text


@cache
def say_in(language: str) -> Say:
    """What translates an English text; without a translation it stays English."""
    catalogue = _catalogue(language)
    return cache(lambda text: catalogue.gettext(text) if text else text)


def counted(language: str, one: str, many: str, count: int) -> str:
    """The form of a message that goes with this number of things."""
    return _catalogue(language).ngettext(one, many, count)


def catalogue_of(language: str) -> Path:
    """The file that holds a language's messages."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


@cache
def _catalogue(language: str) -> NullTranslations:
    """The catalogue as the file has it now: it is compiled in memory, so nothing goes stale."""
    if language == ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with catalogue_of(language).open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return GNUTranslations(compiled)
