"""Read what was handed in: fillable PDFs, XLSX answer sheets, CSV and JSON of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from worksheets.machine.executors import BROWSER
from worksheets.marking.reading.limits import Limits
from worksheets.marking.submission import SetAside, Submission

USUAL = Limits()


def read(
    paths: Sequence[Path], limits: Limits = USUAL, besides: Sequence[Path] = ()
) -> Iterator[Submission | SetAside]:
    """Yield what files and folders hold, each file read apart from all others.

    In a browser, which has no processes, they are read one by one, each within its size.

    Raises:
        InputError: before anything is read, if one of the paths does not exist.
    """
    if not BROWSER:
        from worksheets.marking.reading import reader

        return reader.read(paths, limits, besides)
    from worksheets.marking.reading.found import find
    from worksheets.marking.reading.one_file import read_file

    found = find(paths, besides)
    return (
        one
        for path in found
        for one in ([path] if isinstance(path, SetAside) else read_file(path, limits.sheets))
    )
