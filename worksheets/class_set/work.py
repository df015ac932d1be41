"""Do a class's chunks, each once, by the processes of this machine or by a cluster."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from worksheets.class_set import part
from worksheets.class_set.assignment import Assignment
from worksheets.class_set.chunk import Chunk
from worksheets.class_set.order import Plan
from worksheets.language import told
from worksheets.machine.executors import AtOnce
from worksheets.workers.cluster import Cluster

AHEAD = 2  # loads that wait for each worker, so that none is idle and few are in memory
TOGETHER = 5  # chunks in a load: drawn at once, they take less time, but more memory


@dataclass(frozen=True)
class Work:
    """Hold all chunks of a class, where their sealed parts go, and the folder of single files."""

    assignment: Assignment
    plan: Plan
    paths: list[Path]
    folder: Path
    key: bytes
    tell: Callable[[str], None]

    def finish(self, executor: Executor, workers: int, progress: Callable[[int], None]) -> None:
        """Do every chunk that is not done yet."""
        left = [place for place, path in enumerate(self.paths) if not self._is_done(path)]
        progress(len(self.assignment.numbers) - self._sheets(left))
        here = not isinstance(executor, Cluster)
        at_once = isinstance(executor, AtOnce)  # what it is given is done before it tells of it
        size = 1 if at_once else max(1, min(TOGETHER, len(left) // workers))
        ahead = 1 if at_once else AHEAD * workers
        if here and len(left) > size:
            # What this process loads, traces and remembers by it, those that it forks have as well.
            first = [left.pop(0)]
            part.written(*self._job(first), self.folder, self.key)
            progress(self._sheets(first))
        waiting = iter([left[at : at + size] for at in range(0, len(left), size)])
        future: Future[Any]
        running: dict[Future[Any], list[int]] = {}
        try:
            while True:
                for load in islice(waiting, ahead - len(running)):
                    chunks, paths = self._job(load)
                    if here:
                        future = executor.submit(part.written, chunks, paths, self.folder, self.key)
                    else:
                        future = executor.submit(part.made, chunks)
                    running[future] = load
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    load, made = running.pop(future), future.result()
                    for place, (data, singles) in zip(load, made or (), strict=not here):
                        part.write(self.paths[place], data, self.folder, singles, self.key)
                    progress(self._sheets(load))
        finally:  # after a fault, nobody goes on writing
            left_over = [future for future in running if not future.cancel()]
            wait(left_over if here else ())

    def _job(self, load: list[int]) -> tuple[list[Chunk], list[Path]]:
        """Return the chunks of a load, and where their parts go."""
        chunks = [self.assignment.chunk(self.plan, place) for place in load]
        return chunks, [self.paths[place] for place in load]

    def _sheets(self, chunks: list[int]) -> int:
        return sum(len(self.plan.chunks[place][1]) for place in chunks)

    def _is_done(self, path: Path) -> bool:
        """Tell whether a part is there, whole and this user's own, with its single files."""
        if not path.exists():
            return False
        if not part.is_whole(path, self.key):
            self.tell(told("{path} was kept and is damaged; its sheets are made anew", path=path))
            path.unlink()
            return False
        return part.is_done(path, self.folder)
