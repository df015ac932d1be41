"""Find the files among what was handed in, and set aside what is no ordinary file."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from worksheets.errors import InputError
from worksheets.language import to_tell, told
from worksheets.marking.submission import SetAside

# Names that editors, browsers and systems give to files that nobody hands in. They are not read.
PASSED_OVER = re.compile(
    r"[.~].*|.*~|.*\.(tmp|part|crdownload|download)|thumbs\.db|desktop\.ini|__MACOSX",
    re.IGNORECASE | re.DOTALL,
)
NO_ORDINARY_FILE = to_tell("no ordinary file")
NOT_FILES = {
    stat.S_IFLNK: to_tell("a link; links in a folder are not followed"),
    stat.S_IFIFO: to_tell("a pipe"),
    stat.S_IFSOCK: to_tell("a socket"),
    stat.S_IFCHR: to_tell("a device"),
    stat.S_IFBLK: to_tell("a device"),
}


def find(paths: Sequence[Path], besides: Sequence[Path] = ()) -> Iterator[Path | SetAside]:
    """Yield every file once, folders' in the order of their names, without hidden ones.

    A path that is named itself is read whatever its name, and may be a link; temporary files in a
    folder are passed over. Folders `besides` those that are named lie among what was handed in, but
    are none of it.

    Raises:
        InputError: at once, if one of the paths does not exist.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise InputError(told("{path}: there is no such file or folder", path=shown(path)))
    seen: set[tuple[int, int]] = set()
    others = {_identity(path.stat()) for path in besides if path.is_dir()}
    for path in paths:
        some = _in_folder(path, others) if path.is_dir() else iter((path,))
        for one in some:
            if isinstance(one, SetAside):
                yield one
                continue
            try:
                facts = one.stat() if one is path else one.lstat()
            except OSError as error:
                yield SetAside(
                    shown(one), told("it cannot be read: {reason}", reason=error.strerror)
                )
                continue
            if _identity(facts) in seen:
                continue
            seen.add(_identity(facts))
            kind = stat.S_IFMT(facts.st_mode)
            if kind == stat.S_IFREG:
                yield one
            else:
                reason = told(NOT_FILES.get(kind, NO_ORDINARY_FILE))
                yield SetAside(shown(one), told("it is {reason}", reason=reason))


def _identity(facts: os.stat_result) -> tuple[int, int]:
    """Return device and inode, which are the same whatever the path."""
    return facts.st_dev, facts.st_ino


def _is_among(folder: Path, others: Collection[tuple[int, int]]) -> bool:
    try:
        return _identity(folder.lstat()) in others
    except OSError:  # which the walk into it will say
        return False


def _in_folder(folder: Path, others: Collection[tuple[int, int]]) -> Iterator[Path | SetAside]:
    """Yield the files in a folder and below it; a link to a folder counts as a file.

    The `others` are not entered.
    """
    unread: list[SetAside] = []

    def note(error: OSError) -> None:
        place = shown(Path(error.filename))
        unread.append(
            SetAside(place, told("the folder cannot be read: {reason}", reason=error.strerror))
        )

    for where, folders, files in os.walk(folder, onerror=note):
        links = [one for one in folders if (Path(where) / one).is_symlink()]
        folders[:] = sorted(
            one
            for one in folders
            if not PASSED_OVER.fullmatch(one)
            and not (others and _is_among(Path(where) / one, others))
        )
        for name in sorted([*files, *links]):
            if not PASSED_OVER.fullmatch(name):
                yield Path(where) / name
    yield from unread


def shown(path: Path) -> str:
    """Return a path on one line, whatever characters its names have."""
    text = str(path).encode(errors="surrogateescape").decode(errors="backslashreplace")
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )
