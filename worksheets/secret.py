"""Know the secrets of exams: files without which nobody draws the numbers of their sheets.

An ID has a secret's mark, which tells nothing of it; whoever draws asks here for the secret itself.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from hashlib import sha256
from hmac import digest
from pathlib import Path

from worksheets.errors import InputError
from worksheets.files import reason, synchronise
from worksheets.language import told

LEAST, MOST = 16, 10_000  # bytes: less may be guessed, and the mark says when a guess is right
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MARK_LENGTH = 4

_given: dict[str, bytes] = {}  # what this process was given, by its mark
_unwritten: dict[Path, bytes] = {}  # new ones, by the files that they are to stand in


def use_secret(path: Path) -> str:
    """Let this process draw the sheets of a secret, and return its mark.

    Raises:
        InputError: if the file cannot be read, or what it holds could be guessed.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1).strip()
    except OSError as error:
        raise InputError(told("secret {path}: {error}", path=path, error=reason(error))) from None
    except ValueError as error:  # a name that no file can have
        raise InputError(told("secret {path}: {error}", path=path, error=error)) from None
    if not LEAST <= len(content) <= MOST or len(set(content)) < LEAST // 2:
        raise InputError(
            told(
                "secret {path}: {size} bytes could be guessed, or are no secret; a file that "
                "does not exist yet is made with one that cannot",
                path=path,
                size=len(content),
            )
        )
    return _use(content)


def new_secret(path: Path) -> str:
    """Let this process draw the sheets of a secret, a new one if there is no file; return its mark.

    The file is made by `keep_secret`, when a run is sure to go on: one that is refused leaves none.

    Raises:
        InputError: as `use_secret` does.
    """
    if os.path.lexists(path):  # also what is there and leads nowhere
        return use_secret(path)
    if path not in _unwritten:
        _unwritten[path] = secrets.token_hex(32).encode()
    return _use(_unwritten[path])


def keep_secret(mark: str) -> None:
    """Make the file of a new secret, for this user alone, before anything is drawn with it.

    Raises:
        InputError: if it cannot be written, or another run has made it meanwhile.
    """
    for path, content in [*_unwritten.items()]:
        if mark_of(content) == mark:
            _write(path, content)
            del _unwritten[path]


def _write(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, whole or not at all."""
    try:
        file = path.open("xb")
        try:
            with file:
                path.chmod(0o600)
                file.write(content + b"\n")
            synchronise(path)
        except BaseException:  # also Ctrl-C: half of a secret would be taken for one later
            path.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise InputError(
            told(
                "secret {path}: another run has made it meanwhile; give the same command again",
                path=path,
            )
        ) from None
    except (OSError, ValueError) as error:
        said = reason(error) if isinstance(error, OSError) else error
        raise InputError(told("secret {path}: {error}", path=path, error=said)) from None


def _use(content: bytes) -> str:
    mark = mark_of(content)
    _given[mark] = content
    return mark


def mark_of(content: bytes) -> str:
    """Return four characters that tell a secret from others, and nothing else of it."""
    hashed = int.from_bytes(sha256(b"mark\0" + content).digest()[:8], "big")
    return "".join(ALPHABET[hashed >> 5 * place & 31] for place in range(MARK_LENGTH))


def drawn_by(text: str, mark: str) -> str:
    """Return what the draws of a sheet go by: its text, or what a secret alone makes of it.

    Raises:
        KeyError: if the secret was not given.
    """
    return digest(_given[mark], text.encode(), "sha256").hex() if mark else text


def is_given(mark: str) -> bool:
    """Tell whether this process was given the secret with a mark."""
    return mark in _given


def given() -> Mapping[str, bytes]:
    """Return all that this process was given, for others that it starts."""
    return dict(_given)


def take(others: Mapping[str, bytes]) -> None:
    """Take what the process that started this one was given."""
    _given.update(others)
