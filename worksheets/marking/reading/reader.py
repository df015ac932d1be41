"""Read many files in worker processes, which bounds the memory and the time that each may take."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from worksheets.class_set.build import cores
from worksheets.marking.reading.found import find, shown
from worksheets.marking.reading.limits import Limits
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.submission import SetAside, Submission

AHEAD = 32  # files that are under way or wait to be taken, for each worker
USUAL = Limits()


def read(paths: Sequence[Path], limits: Limits = USUAL) -> Iterator[Submission | SetAside]:
    """What files and folders hold, in the order of the paths and of the names in folders.

    Every file gives at least one of the two. Hidden and temporary files are passed over.

    Raises:
        InputError: before anything is read, if one of the paths does not exist.
    """
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    workers = cores()
    pool = ProcessPool(workers, initializer=_confined, initargs=[limits.memory], context=context)
    waiting: deque[tuple[Path, ProcessFuture[Any]] | SetAside] = deque()
    try:
        for one in find(paths):
            if isinstance(one, Path):
                task = pool.schedule(read_file, args=[one], timeout=limits.seconds)
                waiting.append((one, task))
            else:
                waiting.append(one)
            if len(waiting) > AHEAD * workers:
                yield from _outcome(waiting.popleft(), limits)
        while waiting:
            yield from _outcome(waiting.popleft(), limits)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _outcome(
    one: tuple[Path, ProcessFuture[Any]] | SetAside, limits: Limits
) -> Sequence[Submission | SetAside]:
    """What came of a file."""
    if isinstance(one, SetAside):
        return [one]
    path, task = one
    try:
        found: Sequence[Submission | SetAside] = task.result()
    except TimeoutError:
        return [SetAside(shown(path), f"reading it takes more than {limits.seconds:g} seconds")]
    except ProcessExpired:
        return [SetAside(shown(path), "reading it made the reading process end")]
    return found


def _confined(memory: int) -> None:
    """Bound this process, a worker, to so much more memory than it has; Ctrl-C is not for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":  # elsewhere it is not enforced; sizes and time are bounded still
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        bound = pages * os.sysconf("SC_PAGE_SIZE") + memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
