"""Read what was handed in: fillable PDFs, XLSX answer sheets, CSV and JSON of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from worksheets.machine.executors import BROWSER
from worksheets.marking.reading.limits import Limits
from worksheets.marking.submission import SetAside, Submission

USUAL = Limits()


def quiet(turn: Path | None) -> None:
    """Take what is told, and do nothing with it."""


def read(
    paths: Sequence[Path],
    limits: Limits = USUAL,
    besides: Sequence[Path] = (),
    turn: Callable[[Path | None], None] = quiet,
) -> Iterator[Submission | SetAside]:
    """Yield what files and folders hold, each file read apart from all others.

    `turn` is told which file's turn it is, and at the end that it is none's. In a browser, which
    has no processes, they are read one by one, each within its size: it bounds time from outside.

    Raises:
        InputError: before anything is read, if one of the paths does not exist.
    """
    if not BROWSER:
        from worksheets.marking.reading import reader

        return reader.read(paths, limits, besides, turn)
    from worksheets.marking.reading.found import find
    from worksheets.marking.reading.one_file import read_file

    def each() -> Iterator[Submission | SetAside]:
        for path in find(paths, besides):
            if isinstance(path, SetAside):
                yield path
            else:
                turn(path)
                yield from read_file(path, limits.sheets)
        turn(None)

    return each()
