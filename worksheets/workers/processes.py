"""Start executors: processes of this machine, or the workers of a cluster."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from ctypes import CDLL
from multiprocessing import get_context

from worksheets.errors import InputError
from worksheets.language import SPOKEN
from worksheets.machine.executors import BROWSER, AtOnce, threads
from worksheets.machine.forking import begin, start
from worksheets.secret import given, take
from worksheets.workers.cluster import Cluster

END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl


@contextmanager
def executor_of(scheduler: str | None, workers: int) -> Iterator[Executor]:
    """Yield processes of this machine, or the workers of a Dask cluster; a browser has neither.

    Raises:
        InputError: if there is no scheduler at the address, or Dask is not installed.
    """
    if BROWSER:
        yield AtOnce()
        return
    if scheduler is None:
        from concurrent.futures import ProcessPoolExecutor

        # A fork has loaded what this process has; Ctrl-C is for this one to answer.
        context = get_context("fork" if sys.platform == "linux" else "spawn")
        pool: Executor
        try:
            pool = ProcessPoolExecutor(
                workers, context, _begin, (os.getpid(), given(), SPOKEN.get())
            )
        except OSError:  # no shared memory, as in some containers, so no locks between processes
            pool = threads(1)
        with pool:
            start(pool)
            yield pool
        return
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "a scheduler needs Dask: python -m pip install 'rlhf-worksheets[cluster]'"
        ) from None
    try:
        client = Client(scheduler, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(f"scheduler {scheduler}: no Dask scheduler answers: {error}") from None
    with client:
        yield Cluster(client)


def _begin(parent: int, secrets: Mapping[str, bytes], spoken: str) -> None:
    """Leave Ctrl-C to the process that started this one, and end when that one does.

    A fork holds the other end of the pipe that it waits at, so it would not notice: Linux is asked
    to kill it then, and it looks whether that came too late.
    """
    begin()
    take(secrets)
    SPOKEN.set(spoken)
    if sys.platform == "linux":
        CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def cores() -> int:
    """Return how many processes this machine runs at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
