"""Write files whole or not at all, and never over somebody's other file."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
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
        raise InputError(f"output folder {folder}: {_reason(error)}") from None


def write_all(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    force: bool = False,
    staging: Path | None = None,
) -> None:
    """Write files that belong together: none of them before all can be.

    A file that holds the same bytes already is left alone. Each is first written under another
    name, beside its place or in the folder `staging`, and renamed when all of them stand.

    Raises:
        InputError: if one exists with other bytes and `force` is not given, or cannot be written.
    """
    prepare(folder)
    changed = {
        folder / name: content
        for name, content in files.items()
        if _differs(folder / name, content, force)
    }
    mark = secrets.token_hex(4)
    parts = {path: (staging or folder) / f".{path.name}.{mark}.part" for path in changed}
    path = folder
    try:
        for path, content in changed.items():
            parts[path].write_bytes(content)
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {_reason(error)}") from None
    finally:  # also when somebody presses Ctrl-C
        for part in parts.values():
            with suppress(OSError):
                part.unlink()


def _differs(path: Path, content: bytes, force: bool) -> bool:
    """Whether the file has to be written."""
    try:
        if path.is_dir():
            raise InputError(f"cannot write {path}: it is a folder")
        if path.stat().st_size == len(content) and path.read_bytes() == content:
            return False
    except FileNotFoundError:
        return True
    except OSError as error:
        if not force:
            raise InputError(f"cannot read {path}: {_reason(error)}") from None
    if not force:
        raise InputError(
            f"{path} exists and holds something else; --force overwrites it, "
            "another --output leaves it alone"
        )
    return True


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
