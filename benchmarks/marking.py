"""Marking a large class: a thousand submissions, read from files, with and without feedback."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import seconds, table, two_digits
from worksheets.ids import Identity
from worksheets.sheet import Sheet, make

SIZE, LEVEL = 1000, 3
SLIP_EVERY = 40  # cells: some eight a sheet, each of which is followed through


def report() -> None:
    """Print the seconds that marking takes."""
    with TemporaryDirectory() as folder:
        submissions = Path(folder) / "submissions"
        submissions.mkdir()
        sheets = make([Identity("RLHF", LEVEL, number) for number in range(SIZE)])
        cells = sum(_write(submissions, sheet, place) for place, sheet in enumerate(sheets))
        command = [sys.executable, "generator.py", "mark", str(submissions), "--output"]
        rows = []
        for name, more in (("no feedback", ["--no-feedback"]), ("with feedback", [])):
            took = seconds(partial(_run, [*command, str(Path(folder) / name), *more]))
            rows.append([name, f"{took:.1f}", two_digits(SIZE / took), two_digits(cells / took)])
    table(
        f"Marking {SIZE:,} submissions of level {LEVEL}, {cells // SIZE} cells each, from JSON",
        ("what comes out", "seconds", "sheets a second", "cells a second"),
        rows,
    )


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _write(folder: Path, sheet: Sheet, place: int) -> int:
    """Write a submission with some slips, and say how many cells it has."""
    cells = {
        f"{line.name}.r{row + 1}.c{column + 1}": text
        for line in sheet.graph.answers
        for row, texts in enumerate(sheet.values[line.name])
        for column, text in enumerate(texts)
    }
    for name in list(cells)[place % SLIP_EVERY :: SLIP_EVERY]:
        if cells[name].lstrip("-").isdigit():
            cells[name] = str(int(cells[name]) + 1)
    submission = {"id": sheet.id, "student": f"Student {place}", "cells": cells}
    (folder / f"{place}.json").write_text(json.dumps(submission), "utf-8")
    return len(cells)
