"""Class sets beside the same pages by other programs, and their peak of memory."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import peers
from benchmarks.measure import seconds, table, two_digits
from worksheets.ids import Identity
from worksheets.sheet import make

SIZES = (100, 1000, 10_000, 100_000)
LEVEL = 1
# Prints the peak of resident memory of the largest process, in KiB, after the command.
PEAK = (
    "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], "
    "stdout=subprocess.DEVNULL).returncode; "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)


def report() -> None:
    """Print the times of class sets, their memory, and plain WeasyPrint's time for a page pair."""
    rows, rates = [], {}
    with TemporaryDirectory() as folder:
        _run(Path(folder), 10)  # the layouts are laid out once, and not again
        for size in SIZES:
            took, peak = _run(Path(folder), size)
            rates[size] = 2 * size / took
            rows.append([f"{size:,}", f"{took:.1f}", two_digits(rates[size]), f"{peak / 1024:.0f}"])
    table(
        f"Class sets of level {LEVEL}, blank and solved, all papers included",
        ("students", "seconds", "documents a second", "peak of a process, MiB"),
        rows,
    )
    plain, others = 2 * _plain(), peers.measured()
    table(
        "Documents a second on two cores: draws, keys, tagged pages",
        ("way", "documents a second", "plain = 1"),
        [
            ["class set of 1,000", two_digits(rates[1000]), two_digits(rates[1000] / plain)],
            ["class set of 10,000", two_digits(rates[10_000]), two_digits(rates[10_000] / plain)],
            *([name, two_digits(rate), two_digits(rate / plain)] for name, rate in others.items()),
            ["plain WeasyPrint, two processes", two_digits(plain), "1"],
        ],
    )


def _run(folder: Path, size: int) -> tuple[float, int]:
    roster = folder / f"{size}.csv"
    with roster.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["ID", "Name"])
        lines.writerows([f"{number}", f"Student Number {number}"] for number in range(size))
    command = [
        *(sys.executable, "-c", PEAK, sys.executable, "generator.py", "class", "rlhf"),
        *(str(roster), "--level", str(LEVEL), "--set", "bench", "--force"),
        *("--output", str(folder / "out")),
    ]
    peaks = []

    def work() -> None:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))

    return seconds(work), peaks[0]


def _plain() -> float:
    from worksheets.render.pdf import render_pdf

    sheets = make([Identity("RLHF", LEVEL, number) for number in range(4)])
    render_pdf(sheets[0], solved=True, paper="a4")

    def work() -> None:
        for sheet in sheets:
            for solved in (False, True):
                render_pdf(sheet, solved=solved, paper="a4")

    return 2 * len(sheets) / seconds(work)
