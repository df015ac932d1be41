"""The suite, and all layouts made from nothing: what takes minutes, on all cores."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import seconds, table

ROOT = Path(__file__).parents[1]
SUITE = [sys.executable, "-m", "pytest", "-n", "auto", "-q"]


def report() -> None:
    """Print how long the suite and all layouts take, and how many seconds of processors."""
    rows = [_row("the suite", SUITE, {})]
    with TemporaryDirectory() as folder:
        layouts = [sys.executable, "scripts/layouts.py", f"{folder}/made"]
        rows.append(_row("all layouts", layouts, {"WORKSHEETS_CACHE": f"{folder}/kept"}))
    table("What takes minutes", ("what", "seconds", "processors' seconds"), rows)


def _row(name: str, command: list[str], environment: dict[str, str]) -> list[str]:
    def work() -> None:
        own = {**os.environ, **environment}
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=own)

    before = _processors()
    took = seconds(work)
    return [name, f"{took:.0f}", f"{_processors() - before:.0f}"]


def _processors() -> float:
    """Return the seconds of processors that processes started here have taken, and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    report()
