"""Time, and a table of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from time import perf_counter


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process and those that it starts on one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def seconds(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def medians(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each, taken in turns, so that a busy moment hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work))
    return {name: median(some) for name, some in times.items()}


def two_digits(value: float) -> str:
    """A number as precise as a measurement is."""
    return f"{float(f'{value:.2g}'):,g}" if value < 10 else f"{float(f'{value:.2g}'):,.0f}"


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print rows under columns, as Markdown."""
    print(f"\n{title}\n")
    heads = list(columns)
    for row in (heads, ["---"] * len(heads), *rows):
        print(f"| {' | '.join(row)} |", flush=True)
