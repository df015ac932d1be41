"""Keep what was once worked out between runs, in a folder that nobody else writes into.

A kept file is data, never code. The hash in it tells damage. It could not tell who made a file that
others may write, so the folder has to be the user's own, as SSH asks of its keys' folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import TypeVar

from worksheets.files import reason, replace

Value = TypeVar("Value")

OTHERS_WRITE = 0o022
USERS = hasattr(os, "geteuid")  # a browser, though it is POSIX, has none
MARK = 65  # bytes: a SHA-256 in hexadecimal digits and the end of its line
LARGEST = 64 << 20  # bytes; a layout, the largest of what is kept, has less than one of these 64 MB
KEY = 32  # bytes
ELSEWHERE = "WORKSHEETS_CACHE names another folder"


def kept(name: str, make: Callable[[], bytes], read: Callable[[bytes], Value]) -> Value:
    """Return what `read` makes of a kept file, or of what `make` gives, which is then kept.

    The name says all that decides the content. A file that is damaged, or that `read` refuses by
    any exception, is made anew, and a line tells so. Where nothing can be kept, nothing is.
    """
    folder = cache_folder()
    if folder is None:
        return read(make())
    path = folder / name
    try:
        return read(unmarked(name, path))
    except FileNotFoundError:
        pass
    except Exception as error:  # whatever stands in it and is raised by it
        tell_damaged(path, error)
    content = make()
    value = read(content)
    try:
        replace(path, mark(name, content) + content)
    except OSError as error:
        tell(f"nothing is kept in {folder}: {reason(error)}")
    return value


def own_key() -> bytes:
    """Return a key that this user alone has; where nothing can be kept, one for this process."""
    return kept("own.key", _new_key, bytes)


@cache
def _new_key() -> bytes:
    return token_bytes(KEY)


def cache_folder() -> Path | None:
    """Return the folder for what is kept, or None, which is told, if there is none to be trusted.

    It is what WORKSHEETS_CACHE says, or else one in the user's own for caches. It is made for the
    user alone; on POSIX it is not used if it is another user's, or if others may write into it.
    """
    try:
        folder = _named()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except RuntimeError:  # pathlib's, where there is neither HOME nor an entry for the user
        tell(f"nothing is kept between runs, as this user has no home; {ELSEWHERE}")
        return None
    except OSError as error:
        tell(f"nothing is kept between runs: {error.filename}: {reason(error)}; {ELSEWHERE}")
        return None
    if USERS and status.st_uid != os.geteuid():
        tell(f"{folder} is not used, as it is another user's; {ELSEWHERE}")
        return None
    if USERS and status.st_mode & OTHERS_WRITE:
        tell(f"{folder} is not used, as others may write into it; right is chmod 700 {folder}")
        return None
    return folder


@cache  # so each note is told once
def tell(note: str) -> None:
    """Write a note on the terminal, beside what a command puts out."""
    sys.stderr.write(f"note: {note}\n")


def tell_damaged(path: Path, error: Exception) -> None:
    """Tell that a kept file is damaged, as this error says."""
    tell(f"{path} was kept and is damaged ({_said(error)}); it is made anew")


def _named() -> Path:
    if own := os.environ.get("WORKSHEETS_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rlhf-worksheets"


def unmarked(name: str, path: Path) -> bytes:
    """Return a kept file's content, if it is the one that was kept under this name.

    Raises:
        ValueError: if it is not.
    """
    with path.open("rb") as file:
        found = file.read(LARGEST + 1)
    first, content = found[:MARK], found[MARK:]
    if len(found) > LARGEST or first != mark(name, content):
        raise ValueError("its hash is another one")
    return content


def mark(name: str, content: bytes) -> bytes:
    """Return a kept file's first line, a hash of its name too: none stands for another."""
    return sha256(name.encode() + b"\0" + content).hexdigest().encode() + b"\n"


def _said(error: Exception) -> str:
    text = reason(error) if isinstance(error, OSError) else str(error)
    return " ".join(text.split())[:80] or type(error).__name__
