"""Keep layouts: those that came with the program, and those that this machine made."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from worksheets import cache, exercise, language
from worksheets.errors import InputError
from worksheets.files import replace
from worksheets.language import told
from worksheets.layouts.fonts_format import Fonts, fonts_name, unpacked_fonts
from worksheets.layouts.format import packed, unpacked
from worksheets.machine.carried import at_hand, is_there
from worksheets.machine.executors import BROWSER
from worksheets.render.texts import folder
from worksheets.stamp.layout import Layout

# The renderer, and what it draws with.
PACKAGES = ("weasyprint", "pydyf", "uharfbuzz", "jinja2")
# What of the program makes HTML of a kind's steps, and a layout of it.
MAKERS = ("engine", "layouts", "render", "stamp", "views", "language.py", "sentences.py")


def kept(decided: tuple[object, ...], lay_out: Callable[[], Layout], kind: str = "") -> Layout:
    """Return the layout that this decides, laid out only if it is not kept yet.

    It depends on the kind of this name, if there is one, and on no other.

    Raises:
        InputError: in a browser, which has no renderer, if the page does not carry it.
    """
    if (packaged := _packaged(decided)) is not None:
        return packaged
    if BROWSER:
        raise InputError(told("pages of this kind and look are not carried here"))
    made: dict[str, bytes] = {}

    def make() -> bytes:
        content, fonts = packed(lay_out())
        made[fonts_name(fonts)] = fonts
        return content

    def fonts_of(name: str) -> Fonts:
        return _fonts(name, made.get(name))

    return cache.kept(
        f"{key_of(decided, kind)}.layout", make, lambda found: unpacked(found, fonts_of)
    )


def is_kept(decided: tuple[object, ...], kind: str = "") -> bool:
    """Tell whether the layout that this decides came with the program or is kept."""
    if is_there(_package() / packaged_name(decided)):
        return True
    folder = cache.cache_folder()
    return folder is not None and (folder / f"{key_of(decided, kind)}.layout").exists()


def key_of(decided: tuple[object, ...], kind: str = "") -> str:
    """Return a hash of this and of all that decides a layout of a kind, and of nothing else."""
    return _short(f"{decided} {_makers()} {_kind(kind) if kind else ''}")


def pack_into(target: Path, decided: tuple[object, ...], layout: Layout) -> None:
    """Write a layout into a folder of those that come with the program, and its fonts beside it.

    Raises:
        OSError: if it cannot be written.
    """
    content, fonts = packed(layout)
    for name, data in ((packaged_name(decided), content), (f"{fonts_name(fonts)}.fonts", fonts)):
        replace(target / name, cache.mark(name, data) + data)


def pack_content_into(
    target: Path, decided: tuple[object, ...], ending: str, content: bytes
) -> None:
    """Write what goes with a layout, by an ending of its own, into a folder of such.

    Raises:
        OSError: if it cannot be written.
    """
    name = f"{_short(str(decided))}.{ending}"
    replace(target / name, cache.mark(name, content) + content)


def carried(decided: tuple[object, ...], ending: str) -> bytes | None:
    """Return what came with the program for a layout, by its ending, if anything did."""
    path = _package() / f"{_short(str(decided))}.{ending}"
    return cache.unmarked(path.name, _at_hand(path)) if is_there(path) else None


def _packaged(decided: tuple[object, ...]) -> Layout | None:
    """Return the layout that came with the program, if it has one that is whole."""
    path = _package() / packaged_name(decided)
    try:
        return unpacked(cache.unmarked(path.name, _at_hand(path)), _packaged_fonts)
    except FileNotFoundError:
        return None
    except InputError:
        raise
    except Exception as error:  # whatever stands in it and is raised by it
        cache.tell_damaged(path, error)
        return None


@functools.cache
def _package() -> Path:
    return Path(str(files("worksheets"))) / "_layouts"


@functools.cache
def _packaged_fonts(name: str) -> Fonts:
    path = _package() / f"{name}.fonts"
    return unpacked_fonts(name, cache.unmarked(path.name, _at_hand(path)))


def _at_hand(path: Path) -> Path:
    try:
        return at_hand(path)
    except ConnectionError:
        raise InputError(told("a layout cannot be loaded: is there a connection?")) from None


@functools.cache
def _fonts(name: str, made: bytes | None) -> Fonts:
    """Return the fonts of this name, kept; those just made are kept first."""

    def make() -> bytes:
        if made is None:
            raise FileNotFoundError(f"its fonts {name} are gone")
        return made

    return cache.kept(f"{name}.fonts", make, lambda content: unpacked_fonts(name, content))


def packaged_name(decided: tuple[object, ...]) -> str:
    """Return the name of the layout that this decides among those that come with the program."""
    return f"{_short(str(decided))}.layout"


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


@functools.cache
def _makers() -> str:
    package = Path(__file__).parents[1]
    return _hashed([folder(), *(package / name for name in MAKERS)], str(_versions()))


def _versions() -> list[str]:
    """Return the packages' versions; where one is missing, nothing can be laid out anyway."""
    from importlib.metadata import PackageNotFoundError, version  # slow, and natively alone

    with suppress(PackageNotFoundError):
        return [version(name) for name in PACKAGES]
    return []


@functools.cache
def _kind(name: str) -> str:
    """Hash a kind's module, or its package, and its catalogues and the general ones."""
    module = exercise.find(name).file
    stems = (name, "messages")
    catalogues = (path for stem in stems for path in language.FOLDER.rglob(f"{stem}.po"))
    return _hashed([module.parent if module.name == "__init__.py" else module, *catalogues])


def _hashed(some: list[Path], text: str = "") -> str:
    found = sha256(text.encode())
    for path in sorted(file for one in some for file in _files(one)):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (one for one in path.rglob("*") if one.is_file() and one.suffix != ".pyc")
    elif path.exists():  # in a browser there is no source, and but one program
        yield path
