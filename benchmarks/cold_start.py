"""A fresh process for one sheet, against an empty Python and against the renderer's import."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import medians, table
from worksheets.ids import Identity

ROUNDS = 7
ROOT = Path(__file__).parents[1]
EMPTY, RENDERER, ALGEBRA = "an empty Python", "import weasyprint", "import sympy"


def report() -> None:
    """Print the seconds of each command, and how often they are the base's."""
    sheet = Identity("RLHF", 3, 7).text
    with TemporaryDirectory() as folder:
        program = [sys.executable, "generator.py"]
        to_folder = ["sheet", "rlhf", "--output", folder]
        commands = {
            EMPTY: [sys.executable, "-c", ""],
            RENDERER: [sys.executable, "-c", "import weasyprint"],
            ALGEBRA: [sys.executable, "-c", "import sympy"],
            "key ID --format json": [*program, "key", sheet, "--format", "json"],
            "sheet rlhf --format json": [*program, *to_folder, "--format", "json"],
            "kinds": [*program, "kinds"],
            "sheet rlhf --level 1, its layouts kept": [*program, *to_folder, "--level", "1"],
            "verify ID": [*program, "verify", sheet],
        }
        works = {name: _runner(command) for name, command in commands.items()}
        working = {name: work for name, work in works.items() if _works(name, work)}
        times = medians(working, ROUNDS)
    table(
        "One command in a fresh process",
        ("command", "seconds", EMPTY, RENDERER, ALGEBRA),
        (
            (
                name,
                f"{time:.2f}",
                *(f"{time / times[base]:.1f}×" for base in (EMPTY, RENDERER, ALGEBRA)),
            )
            for name, time in times.items()
        ),
    )


def _runner(command: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def _works(name: str, work: Callable[[], object]) -> bool:
    """Whether a command succeeds; it also warms the disk's cache."""
    try:
        work()
    except subprocess.CalledProcessError as error:
        print(f"\n{name} fails: {error.stderr.decode().strip().splitlines()[-1]}")
        return False
    return True
