"""Translate what is shown: catalogues of messages, in a folder for each language.

A short text is its own English message. A sentence goes by a short id, such as "note: calculator",
and stands in the English catalogue as it does in every other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from worksheets.cache import kept

ENGLISH, MESSAGES, TOLD = "en", "messages", "told"
FOLDER = Path(__file__).parent / "locale"
Say: TypeAlias = Callable[[str], str]
# The language of errors, notes and certificates, which is whoever asks for it to set.
SPOKEN = ContextVar("spoken", default=ENGLISH)


def languages() -> dict[str, str]:
    """Return the languages that have a folder, by the letter that they have in IDs."""
    return {
        path.read_text("utf-8").strip(): path.parent.name
        for path in sorted(FOLDER.glob("*/letter"))
    }


def message(text: str) -> str:
    """Return the message itself; `make messages` takes it for one to be translated where shown."""
    return text


@cache
def say_in(language: str, domain: str = MESSAGES) -> Say:
    """Return the function that translates a catalogue's messages; untranslated, English stays."""
    catalogue = _catalogue(language, domain)
    return cache(lambda text: catalogue.gettext(text) if text else text)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Tell errors and notes in this language meanwhile."""
    before = SPOKEN.set(language)
    try:
        yield
    finally:
        SPOKEN.reset(before)


def told(text: str, /, **values: object) -> str:
    """Return an error or a note in the language that is spoken now, with its values put in."""
    said = text if SPOKEN.get() == ENGLISH else say_in(SPOKEN.get(), TOLD)(text)
    return said.format(**values) if values else said


def to_tell(text: str) -> str:
    """Return the text itself; `make messages` takes it for one that is `told` where it is used."""
    return text


def counted(language: str, one: str, many: str, count: int) -> str:
    """Return the form of a message that goes with this number of things."""
    return _catalogue(language, MESSAGES).ngettext(one, many, count)


def catalogue_of(language: str, domain: str = MESSAGES) -> Path:
    """Return the file of a language's messages: the program's, or a kind's by its name."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


@cache
def _catalogue(language: str, domain: str) -> NullTranslations:
    """Return the catalogue as its file has it now, before the English one."""
    try:
        source = catalogue_of(language, domain).read_bytes()
    except FileNotFoundError:  # a kind whose texts are yet to be written: its ids are shown
        found = NullTranslations()
    else:
        found = kept(
            _compiled_name(source),
            lambda: _compiled(source),
            lambda content: GNUTranslations(BytesIO(content)),
        )
    if language != ENGLISH:
        found.add_fallback(_catalogue(ENGLISH, domain))
    return found


def compiled(source: bytes) -> tuple[str, bytes]:
    """Return the name under which a compiled catalogue is kept, and the catalogue."""
    return _compiled_name(source), _compiled(source)


def _compiled_name(source: bytes) -> str:
    return f"messages-{sha256(source).hexdigest()[:32]}.mo"


def _compiled(source: bytes) -> bytes:
    """Compile a catalogue as gettext reads it; loading Babel takes longer than making a key."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source)))
    return compiled.getvalue()
