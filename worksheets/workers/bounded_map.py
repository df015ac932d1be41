"""Map over jobs in order with an executor, with few results in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def bounded_map(
    executor: Executor, work: Callable[[Job], Result], jobs: Iterable[Job], ahead: int = 16
) -> Iterator[Result]:
    """Begin so many jobs now, and return all results; one more begins for each that is taken.

    `Executor.map` would begin all of them.
    """
    left = iter(jobs)
    begun = deque(executor.submit(work, job) for job in islice(left, ahead))

    def results() -> Iterator[Result]:
        while begun:
            result = begun.popleft().result()
            begun.extend(executor.submit(work, job) for job in islice(left, 1))
            yield result

    return results()
