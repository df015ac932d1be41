"""Know the secrets of exams: files without which nobody draws the numbers of their sheets.

An ID has a secret's mark, which tells nothing of it; whoever draws asks here for the secret itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from hashlib import sha256
from hmac import digest
from pathlib import Path

from worksheets.errors import InputError
from worksheets.files import reason, synchronise

LEAST, MOST = 16, 10_000  # bytes: less may be guessed, and the mark says when a guess is right
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MARK_LENGTH = 4

_given: dict[str, bytes] = {}  # what this process was given, by its mark


def use_secret(path: Path) -> str:
    """Let this process draw the sheets of a secret, and return its mark.

    Raises:
        InputError: if the file cannot be read, or what it holds could be guessed.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 1).strip()
    except OSError as error:
        raise InputError(f"secret {path}: {reason(error)}") from None
    except ValueError as error:  # a name that no file can have
        raise InputError(f"secret {path}: {error}") from None
    if not LEAST <= len(content) <= MOST or len(set(content)) < LEAST // 2:
        raise InputError(
            f"secret {path}: {len(content)} bytes could be guessed, or are no secret; a file that "
            "does not exist yet is made with one that cannot"
        )
    mark = mark_of(content)
    _given[mark] = content
    return mark


def make_secret(path: Path) -> bool:
    """Make a file with a new secret, for this user alone; return whether there was none yet.

    Raises:
        InputError: if it cannot be written.
    """
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(f"{secrets.token_hex(32)}\n")
        synchronise(path)
    except FileExistsError:
        return False
    except (OSError, ValueError) as error:
        said = reason(error) if isinstance(error, OSError) else error
        raise InputError(f"secret {path}: {said}") from None
    return True


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
