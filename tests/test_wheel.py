"""An installed wheel carries all that it needs, and works from any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pages
import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = "from worksheets.cli import main; main()"


@pytest.mark.slow
def test_a_wheel_prints_the_same_pages(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
        entry = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "rlhf-worksheets = worksheets.cli:main" in archive.read(entry).decode()
        assert any(name.endswith("OFL-Lato.txt") for name in archive.namelist())
    elsewhere.mkdir()
    command = ["sheet", "rlhf", "--level", "1", "--number", "1", "--output", "out"]
    subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *command],
        cwd=elsewhere,
        check=True,
        env={**os.environ, "PYTHONPATH": str(installed)},
    )
    for solved, name in ((False, "blank"), (True, "solved")):
        written = elsewhere / "out" / f"{pages.sheet(1).id}-{name}.pdf"
        assert written.read_bytes() == pages.pdf(1, solved=solved)
