"""Say what the page and Python tell each other, and where they stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any, TypeAlias

from worksheets.errors import InputError

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
    """Write files that were given into a folder, alone there, and return their paths."""
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    paths = []
    for name, content in files.items():
        path = folder / Path(name).name
        path.write_bytes(content)
        paths.append(path)
    return paths


@contextmanager
def without_folder(*folders: Path) -> Iterator[None]:
    """Leave these folders, of which the page knows nothing, out of what an error says.

    Raises:
        InputError: the one that was raised within, without them.
    """
    try:
        yield
    except InputError as error:
        said = str(error)
        for folder in folders:
            said = said.replace(f"{folder}/", "")
        raise InputError(said, error.remedy, *error.values) from None
