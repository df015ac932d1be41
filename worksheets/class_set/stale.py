"""Take students' own files away that an earlier run made and this one does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from worksheets.class_set import part
from worksheets.class_set.file_names import HANDED_OUT, SOLVED


def remove_stale(
    output: Path, listed: Mapping[str, str], parts: Collection[Path], key: bytes
) -> int:
    """Remove them and return how many; one that somebody has changed since stays.

    `listed` are the digests of those that stand there already, by name; `parts` are this run's,
    beside which lie those of runs that were interrupted.
    """
    left, own = dict(listed), set(parts)
    for folder in {path.parent for path in parts}:
        for path in folder.glob("[0-9]*.part"):
            if path not in own and part.is_whole(path, key):
                left |= part.summary(path)[1]
    for path in parts if left else ():
        for name in part.summary(path)[1]:
            left.pop(name, None)
    gone = [
        output / name for name, digest in left.items() if part.digest_of(output / name) == digest
    ]
    for path in gone:
        path.unlink()
    remove_empty(output)
    return len(gone)


def remove_empty(output: Path) -> None:
    """Remove the folders of students' own files that have none."""
    for name in (HANDED_OUT, SOLVED):
        with suppress(OSError):  # files are in it, or there is no such folder
            (output / name).rmdir()
