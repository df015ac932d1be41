"""Read many files in worker processes, which bounds the memory and the time that each may take."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from worksheets.language import SPOKEN, told
from worksheets.machine.forking import begin
from worksheets.marking.reading.found import find, shown
from worksheets.marking.reading.limits import LARGEST_CLASS, Limits
from worksheets.marking.reading.one_file import NO_MEMORY, OUT_OF_MEMORY, read_files
from worksheets.marking.submission import SetAside, Submission
from worksheets.workers.processes import cores

AHEAD = 2  # tasks that wait to be taken, for each worker
MOST_TOGETHER = 16  # files of a task; the first ones are smaller, so that no worker waits for long
FULL_PATIENCE, LEAST_PATIENCE = 3, 1.0  # files that have all the time; seconds that each has

Future = ProcessFuture[list[list[Submission | SetAside]]]


def read(
    paths: Sequence[Path],
    limits: Limits,
    besides: Sequence[Path],
    turn: Callable[[Path | None], None],
) -> Iterator[Submission | SetAside]:
    """Yield what files and folders hold, in the order of the paths and of the names in folders.

    Every file gives at least one of the two. Hidden and temporary files are passed over, and so are
    folders `besides` those that are named: they may lie among what was handed in.

    Raises:
        InputError: before anything is read, if one of the paths does not exist.
    """
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    workers = cores()
    pool = ProcessPool(
        workers, initializer=_confined, initargs=[limits.memory, SPOKEN.get()], context=context
    )
    patience = Patience(limits.seconds, sheets=limits.sheets)
    waiting: deque[tuple[list[Path | SetAside], Future | None]] = deque()
    try:
        for some in _together(find(paths, besides), workers):
            waiting.append((some, _task(pool, some, patience)))
            if len(waiting) > AHEAD * workers:
                yield from _in_turn(pool, *waiting.popleft(), patience, turn)
        while waiting:
            yield from _in_turn(pool, *waiting.popleft(), patience, turn)
        turn(None)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


@dataclass
class Patience:
    """Hold the seconds and sheets that a file has, and how many files have `met` the first bound.

    After the first ones it shrinks, so that a hundred such files take four minutes of one worker
    instead of half an hour: time grows with honest files alone, which take a part of a second.
    """

    seconds: float
    met: int = 0
    sheets: int = LARGEST_CLASS

    @property
    def left(self) -> float:
        """Return the seconds that the next file has."""
        shrunk = self.seconds * FULL_PATIENCE / max(self.met, FULL_PATIENCE)
        return max(shrunk, min(self.seconds, LEAST_PATIENCE))


def _together(found: Iterable[Path | SetAside], workers: int) -> Iterator[list[Path | SetAside]]:
    """Group the files of each task, so that asking a worker takes hardly any time."""
    rest = iter(found)
    for task in count():
        some = list(islice(rest, min(1 + task // workers, MOST_TOGETHER)))
        if not some:
            return
        yield some


def _task(pool: ProcessPool, some: Iterable[Path | SetAside], patience: Patience) -> Future | None:
    paths = [one for one in some if isinstance(one, Path)]
    return (
        pool.schedule(read_files, args=[paths, patience.sheets], timeout=patience.left)
        if paths
        else None
    )


def _in_turn(
    pool: ProcessPool,
    some: list[Path | SetAside],
    task: Future | None,
    patience: Patience,
    turn: Callable[[Path | None], None],
) -> Iterator[Submission | SetAside]:
    for one in some:
        if isinstance(one, Path):
            turn(one)
    yield from _outcome(pool, some, task, patience)


def _outcome(
    pool: ProcessPool, some: list[Path | SetAside], task: Future | None, patience: Patience
) -> Iterator[Submission | SetAside]:
    """Yield what some files hold; if time runs out, each is read again with all of it."""
    try:
        found = iter(task.result() if task else ())
    except (TimeoutError, ProcessExpired) as error:
        if len(some) == 1 and isinstance(some[0], Path):
            yield SetAside(shown(some[0]), _reason(error, patience))
        else:
            for one, again in [(one, _task(pool, [one], patience)) for one in some]:
                yield from _outcome(pool, [one], again, patience)
        return
    for one in some:
        yield from next(found) if isinstance(one, Path) else [one]


def _reason(error: TimeoutError | ProcessExpired, patience: Patience) -> str:
    if isinstance(error, TimeoutError):
        patience.met += 1
        return told("reading it takes more than {seconds:.3g} seconds", seconds=error.args[1])
    if error.exitcode == OUT_OF_MEMORY:
        return told(NO_MEMORY)
    return told("reading it made the reading process end")


def _confined(memory: int, spoken: str) -> None:
    """Bound this process, a worker, to so much more memory than it has; Ctrl-C is not for it."""
    begin()
    SPOKEN.set(spoken)
    if sys.platform == "linux":  # elsewhere it is not enforced; sizes and time are bounded still
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        bound = pages * os.sysconf("SC_PAGE_SIZE") + memory
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
