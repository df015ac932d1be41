"""Where work is done: in processes of this machine, or by the workers of a cluster."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from worksheets.errors import InputError
from worksheets.workers.cluster import Cluster


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
            "a scheduler needs Dask: python -m pip install 'rlhf-worksheets[cluster]'"
        ) from None
    try:
        client = Client(scheduler, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InputError(f"scheduler {scheduler}: no Dask scheduler answers: {error}") from None
    with client:
        yield Cluster(client)


def cores() -> int:
    """How many processes this machine runs at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
