"""Let one run at a time write into a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from worksheets.errors import InputError
from worksheets.files import reason
from worksheets.machine.executors import BROWSER

NAME = ".lock"

_held: set[int] = set()  # descriptors of this process's locks


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, which the system lets go of when this process ends, however it does.

    Raises:
        InputError: if another run holds it, naming the folder; or if there can be no lock.
    """
    path = folder / NAME
    try:
        descriptor = _taken(path)
    except BlockingIOError:
        raise InputError(
            f"{folder}: another run is writing into it; wait for its end, or take another folder"
        ) from None
    except OSError as error:
        raise InputError(f"cannot lock {folder}: {reason(error)}") from None
    _held.add(descriptor)
    try:
        yield
    finally:
        _held.discard(descriptor)
        if os.name == "posix":  # while it is held: nobody else's file is removed
            path.unlink(missing_ok=True)
        os.close(descriptor)
        with suppress(OSError):  # Windows removes no open file, and another run may have it
            if os.name != "posix":
                path.unlink()


def _taken(path: Path) -> int:
    """Return a locked descriptor of the file that stands there, made if there is none."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            _lock(descriptor)
            if _is(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its holder has just removed it: the next one is another file


def _is(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> None:
    """Lock a file.

    Raises:
        BlockingIOError: if another process, or another descriptor of this one, has locked it.
    """
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from None
    elif not BROWSER:  # whose files no other process has
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _let_go() -> None:
    """Close, in a process that was forked, what would hold a lock for longer than its owner."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)
