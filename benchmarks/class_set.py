"""Class sets beside the same pages by other programs, and their peaks of memory."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

from benchmarks import peers, stages
from benchmarks.measure import seconds, table, two_digits
from worksheets.ids import Identity
from worksheets.sheet import make

SIZES = (100, 1000, 10_000, 100_000)
LEVEL = 1
EVERY = 0.2  # seconds between two looks at the memory
MIB = 2**20


def report(sizes: tuple[int, ...] = SIZES) -> None:
    """Print the times of class sets, their memory, where time goes, and the peers' rates."""
    rows, rates = [], {}
    with TemporaryDirectory() as folder:
        _run(Path(folder), 10)  # the layouts are laid out once, and not again
        for size in sizes:
            took, largest, together = _run(Path(folder), size)
            rates[size] = 2 * size / took
            rows.append(
                [
                    *(f"{size:,}", f"{took:.1f}", two_digits(rates[size])),
                    *(f"{peak / MIB:.0f}" for peak in (largest, together)),
                ]
            )
    table(
        f"Class sets of level {LEVEL}, blank and solved, every sheet proved, all papers included",
        (
            *("students", "seconds", "documents a second"),
            *("peak of the largest process, MiB", "of all together, MiB"),
        ),
        rows,
    )
    stages.report()
    others = {**peers.measured(), "plain WeasyPrint, two processes": 2 * _plain()}
    table(
        "Documents a second on two cores; how many times as fast a class set of 10,000 is",
        ("way", "documents a second", "class set"),
        (
            [name, two_digits(rate), two_digits(rates[10_000] / rate)]
            for name, rate in ({"class set of 1,000": rates[1000]} | others).items()
        ),
    )


def _run(folder: Path, size: int) -> tuple[float, int, int]:
    """Seconds, the peak of the largest process, and that of all, what they share counted once."""
    roster = folder / f"{size}.csv"
    with roster.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["ID", "Name"])
        lines.writerows([f"{number}", f"Student Number {number}"] for number in range(size))
    command = [
        *(sys.executable, "generator.py", "class", "rlhf", str(roster), "--level", str(LEVEL)),
        *("--set", "bench", "--force", "--output", str(folder / "out")),
    ]
    largest = together = 0
    start = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        while True:
            try:
                _, errors = process.communicate(timeout=EVERY)
                break
            except subprocess.TimeoutExpired:
                peaks = _memory(process.pid)
                largest = max(largest, *(resident for resident, _ in peaks))
                together = max(together, sum(shared for _, shared in peaks))
    if process.returncode:
        raise RuntimeError(errors.decode())
    return perf_counter() - start, largest, together


def _memory(process: int) -> list[tuple[int, int]]:
    """Resident and proportional bytes of a process and of those that it has started."""
    found = [(0, 0)]
    try:
        first = psutil.Process(process)
        for one in (first, *first.children(recursive=True)):
            memory = one.memory_full_info()
            found.append((memory.rss, memory.pss))
    except psutil.NoSuchProcess:  # it has just ended
        pass
    return found


def _plain() -> float:
    from worksheets.render.pdf import render_pdf

    sheets = make([Identity("RLHF", LEVEL, number) for number in range(4)])
    render_pdf(sheets[0], solved=True)

    def work() -> None:
        for sheet in sheets:
            for solved in (False, True):
                render_pdf(sheet, solved=solved)

    return 2 * len(sheets) / seconds(work)
