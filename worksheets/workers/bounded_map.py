"""Work done by an executor whose results are wanted in order, with little of it in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
AHEAD = 16


def bounded_map(
    executor: Executor, work: Callable[[Job], Result], jobs: Iterable[Job]
) -> Iterator[Result]:
    """The results of all jobs, of which only the next few are begun: `Executor.map` begins all."""
    begun: deque[Future[Result]] = deque()
    for job in jobs:
        begun.append(executor.submit(work, job))
        if len(begun) == AHEAD:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()
