"""Make a class set: chunk by chunk, wherever they are done, then merged in the roster's order."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from worksheets import exercise
from worksheets.class_set import covers, papers, part
from worksheets.class_set.booklet import write_booklet
from worksheets.class_set.chunk import Chunk
from worksheets.class_set.lines import plan
from worksheets.class_set.merge import merge
from worksheets.class_set.order import Assignment, Order, folder_of, part_name
from worksheets.class_set.proof import prove_some
from worksheets.errors import InputError
from worksheets.files import prepare, write_all

AHEAD = 2  # loads that wait for each worker, so that none is idle and few are in memory
TOGETHER = 3  # chunks in a load: drawn at once, they take less time, but more memory
Load: TypeAlias = list[tuple[Chunk, Path]]


def build(
    order: Order,
    output: Path,
    executor: Executor,
    *,
    workers: int,
    force: bool = False,
    progress: Callable[[int], None] = lambda sheets: None,
) -> papers.Certificate:
    """Write everything into the folder, and say what was made.

    Killed at any moment, the same call goes on where it was: what is finished lies in parts, which
    go when all is done. Files are renamed into their places at the very end.

    Raises:
        InputError: if the folder holds something else, or cannot be written.
    """
    if order.covers:
        covers.refuse_scattered(order)
    prepare(output)
    _refuse_others(order, output, force)
    parts = folder_of(order, output)
    try:
        prepare(parts)
        planned = plan(order, executor)
        assignment = Assignment.first(order)
        identities = assignment.identities()
        every = exercise.find(order.specification.kind).LAW_OF_ARRAYS  # then each chunk does it
        some = None if every else executor.submit(prove_some, identities, order.own_theme)
        layouts = order.specification.keys()
        while True:
            chunks = assignment.chunks(planned)
            names = [parts / part_name(chunk, layouts) for chunk in chunks]
            _do(chunks, names, output, executor, workers, progress)
            summaries = [part.summary(name) for name in names]
            facts = [fact for own, _ in summaries for fact in own]
            if not assignment.choose_again([fact.digests for fact in facts]):
                break
        proofs = some.result() if some else len(facts)
        certificate = papers.certificate(order, facts, proofs)
        singles = {name: digest for _, own in summaries for name, digest in own.items()}
        with papers.temporary(output) as folder:
            write_booklet(order, planned.foreign, facts, folder / papers.BOOKLET, executor)
            digests = merge(order, planned, names, folder, folder / papers.KEYS)
            papers.write(order, planned, folder, facts, singles, digests, certificate)
            _put(folder, output)
    except OSError as error:
        raise InputError(
            f"cannot write into {output}: {error.strerror or error}; what is finished is kept, "
            "and the same command goes on from there"
        ) from None
    for one in parts.iterdir():
        one.unlink()
    parts.rmdir()
    return certificate


def _do(
    chunks: list[Chunk],
    names: list[Path],
    output: Path,
    executor: Executor,
    workers: int,
    progress: Callable[[int], None],
) -> None:
    """Have every chunk done that is not done yet."""
    left = []
    for chunk, name in zip(chunks, names, strict=True):
        if _is_done(name, output):
            progress(len(chunk.identities))
        else:
            left.append((chunk, name))
    size = max(1, min(TOGETHER, len(left) // workers))
    loads = [left[at : at + size] for at in range(0, len(left), size)]
    waiting = iter(loads)
    running: dict[Future[list[tuple[bytes, dict[str, bytes]]]], Load] = {}
    while True:
        for load in islice(waiting, AHEAD * workers - len(running)):
            running[executor.submit(part.made, [chunk for chunk, _ in load])] = load
        if not running:
            break
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            for (chunk, name), (data, singles) in zip(
                running.pop(future), future.result(), strict=True
            ):
                if singles:
                    write_all(output / papers.SINGLES, singles, force=True, staging=name.parent)
                write_all(name.parent, {name.name: data}, force=True)
                progress(len(chunk.identities))


def _is_done(name: Path, output: Path) -> bool:
    if not name.exists():
        return False
    digests = part.summary(name)[1]
    return all((output / papers.SINGLES / one).exists() for one in digests)


def _put(folder: Path, output: Path) -> None:
    """Put everything into its place."""
    made = sorted(file.name for file in folder.iterdir())
    for file in made:
        (folder / file).replace(output / file)
    for old in papers.of_a_set(output):
        if old.name not in made:  # of a larger class, say
            old.unlink()


def _refuse_others(order: Order, output: Path, force: bool) -> None:
    """Leave other sets' and other people's files alone."""
    there = papers.of_a_set(output)
    unfinished = folder_of(order, output).exists()  # so what is there is this set's own
    if there and not force and not unfinished and papers.set_in(output) != papers.set_of(order):
        raise InputError(
            f"{there[0]} exists and belongs to something else; --force overwrites it, "
            "another --output leaves it alone"
        )


@contextmanager
def executor_of(scheduler: str | None, workers: int) -> Iterator[Executor]:
    """Processes of this machine, or the workers of a Dask cluster.

    Raises:
        InputError: if there is no scheduler at the address, or Dask is not installed.
    """
    if scheduler is None:
        # A fork has loaded what this process has; Ctrl-C is for this one to answer.
        context = get_context("fork" if sys.platform == "linux" else "spawn")
        ignore = (signal.SIGINT, signal.SIG_IGN)
        pool: Executor
        try:
            pool = ProcessPoolExecutor(workers, context, signal.signal, ignore)
        except OSError:  # no shared memory, as in some containers, so no locks between processes
            pool = ThreadPoolExecutor(1)
        with pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "--scheduler needs Dask: python -m pip install 'rlhf-worksheets[cluster]'"
        ) from None
    try:
        client = Client(scheduler, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {scheduler}: no Dask scheduler answers: {error}") from None
    with client:
        yield client.get_executor(retries=3)  # type: ignore[no-untyped-call]


def cores() -> int:
    """How many processes this machine runs at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
