"""Write files whole or not at all, and never over somebody's other file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from worksheets.errors import InputError


def prepare(folder: Path) -> None:
    """Make the folder, and those above it, unless it is there.

    Raises:
        InputError: if it cannot be made, or is a file.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise InputError(f"output folder {folder}: it is a file") from None
    except OSError as error:
        raise InputError(f"output folder {folder}: {reason(error)}") from None


@contextmanager
def prepared(folder: Path) -> Iterator[None]:
    """Make the folder, and those above it; at the end those made go into which nothing came.

    Raises:
        InputError: as `prepare` does.
    """
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        prepare(folder)
        yield
    finally:
        with suppress(OSError):  # the first that holds something ends it
            for one in made:
                one.rmdir()


def write_all(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    force: bool = False,
    staging: Path | None = None,
    durable: bool = False,
) -> None:
    """Write files that belong together: none of them before all can be.

    A file that holds the same bytes already is left alone. Each is first written under another
    name, beside its place or in the folder `staging`, and renamed when all of them stand. With
    `durable` they outlast a power cut, which takes some 3 ms a file: for what no ID brings back.

    Raises:
        InputError: if one exists with other bytes and `force` is not given, or cannot be written.
    """
    prepare(folder)
    changed = {
        folder / name: content
        for name, content in files.items()
        if _differs(folder / name, content, force)
    }
    parts = {path: _beside(path, staging or folder) for path in changed}
    path = folder
    try:
        for path, content in changed.items():
            parts[path].write_bytes(content)
            if durable:
                synchronise(parts[path])
        for path, part in parts.items():
            part.replace(path)
        if durable and parts:
            synchronise(folder)
    except OSError as error:
        raise InputError(f"cannot write {path}: {reason(error)}") from None
    finally:  # also when somebody presses Ctrl-C
        for part in parts.values():
            with suppress(OSError):
                part.unlink()


def replace(path: Path, content: bytes) -> None:
    """Write a file for this user alone, whole, in the place of whatever stands there.

    Raises:
        OSError: if it cannot be written; then nothing of it is left.
    """
    part = _beside(path, path.parent)
    try:
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def synchronise(path: Path) -> None:
    """Wait until the disk has a file, or the names of a folder's files.

    Raises:
        OSError: if it cannot have a file's content: where that is written late, on a full disk.
    """
    if not path.is_dir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    elif os.name == "posix":
        with suppress(OSError):  # some file systems have no such thing for folders
            place = os.open(path, os.O_RDONLY)
            try:
                os.fsync(place)
            finally:
                os.close(place)


def reason(error: OSError) -> str:
    """Return what the system says of an error, without its number and file."""
    return error.strerror or str(error)


def _beside(path: Path, folder: Path) -> Path:
    """Return a name that no other file has, for what is to be renamed."""
    return folder / f".{path.name}.{secrets.token_hex(4)}.part"


def _differs(path: Path, content: bytes, force: bool) -> bool:
    """Tell whether the file has to be written.

    Raises:
        InputError: if it may not be: it is a folder, or holds something else without `force`.
    """
    try:
        if path.is_dir():
            raise InputError(f"cannot write {path}: it is a folder")
        if path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
    except FileNotFoundError:
        return True
    except OSError as error:
        if not force:
            raise InputError(f"cannot read {path}: {reason(error)}") from None
    if not force:
        raise InputError(f"{path} exists and holds something else", "force")
    return True
