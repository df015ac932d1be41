"""Say what the page and Python tell each other, and where they stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeAlias

Asked: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]
# Takes what is to be shown meanwhile, and returns whether to go on.
Send: TypeAlias = Callable[[Answer], bool]
Question: TypeAlias = Callable[[Asked, Send], Answer]

HOME = Path("/home/pyodide")


class StoppedError(Exception):
    """Stop because whoever asked has said so."""


def progress_to(send: Send, of: int) -> Callable[[int], None]:
    """Return what is told how many more are done, of so many.

    Raises:
        StoppedError: from there, if whoever asked has stopped it.
    """
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if not send({"done": done, "of": of}):
            raise StoppedError

    return tell


def placed(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files that were given into a folder, alone there, and return their names in it.

    They are read from within it, by `chdir`: the page knows of no folder, so none is told.
    """
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = [Path(Path(name).name) for name in files]
    for name, content in zip(names, files.values(), strict=True):
        (folder / name).write_bytes(content)
    return names
