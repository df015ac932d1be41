"""Map over jobs in order with an executor, with few results in memory."""

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
    """Yield all jobs' results, the next few begun: `Executor.map` would begin all."""
    begun: deque[Future[Result]] = deque()
    for job in jobs:
        begun.append(executor.submit(work, job))
        if len(begun) == AHEAD:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()
