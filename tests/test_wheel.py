"""An installed wheel carries all that it needs, works from any folder, and without a renderer."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import in_process
import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
# The renderer is not installed: importing it fails, as do the C libraries that it loads.
PROGRAM = """
import sys
for name in ("weasyprint", "pydyf", "tinyhtml5", "cssselect2"):
    sys.modules[name] = None
from worksheets.cli import main
main()
"""
COMMANDS = (
    "sheet matmul --level 2 --number 5 --paper letter --language es --output sheet",
    "sheet matmul --level 1 --number 6 --fillable --format xlsx --output forms",
    "class matmul roster.csv --set wheel --single --fillable --format xlsx --output class",
    "class matmul roster.csv --set covers --covers --output covers",
    "mark answers.json --class class --output marks",
)
ROSTER = "ID,Name,Section\n0017,Ada Lovelace,7a\n0042,Alan Turing,7a\n0108,Zoë Łuk,7b\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel with the layouts of what the commands ask for, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    own = {"WORKSHEETS_LAYOUTS": "matmul/1/a4/en matmul/2/letter/es"}
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, env={**os.environ, **own})
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / "installed")
        entry = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "rlhf-worksheets = worksheets.cli:main" in archive.read(entry).decode()
        assert any(name.endswith("OFL-Lato.txt") for name in archive.namelist())
    return folder / "installed"


def made(folder: Path, run: Callable[[list[str], Path], Any]) -> dict[str, bytes]:
    """What the commands write, by path."""
    folder.mkdir()
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    for command in COMMANDS:
        if command.startswith("mark"):
            key = json.loads((folder / "class" / "key.json").read_text("utf-8"))[1]
            (folder / "answers.json").write_text(json.dumps(handed_in(key)), "utf-8")
        done = run(command.split(), folder)
        assert done.returncode == 0, done.stderr
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def handed_in(key: dict[str, Any]) -> dict[str, Any]:
    """A submission with one slip."""
    cells = {
        f"{line['name']}.r{row}.c{column}": value
        for line in key["lines"]
        if line["role"] == "answer"
        for row, values in enumerate(line["values"], 1)
        for column, value in enumerate(values, 1)
    }
    name = next(iter(cells))
    return {"id": key["id"], "cells": cells | {name: str(int(cells[name]) + 1)}}


def installed(arguments: list[str], folder: Path, wheel: Path, kept: Path) -> Any:
    """Run the program of the wheel."""
    return subprocess.run(
        [sys.executable, "-P", "-c", PROGRAM, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONPATH": str(wheel), "WORKSHEETS_CACHE": str(kept)},
    )


def test_without_a_renderer_it_prints_what_a_checkout_prints(wheel, tmp_path):
    kept = tmp_path / "kept"
    ours = made(tmp_path / "installed", partial(installed, wheel=wheel, kept=kept))
    theirs = made(tmp_path / "checkout", in_process.ran)
    assert len(ours) > 20
    assert theirs.keys() - ours.keys() == {"marks/report.pdf"}  # which the renderer draws
    record = "marks/marks.json"  # has the digests of all files
    assert [name for name in ours if name != record and ours[name] != theirs[name]] == []
    assert not list(kept.glob("*.layout"))


def test_what_is_not_carried_is_refused_by_name_where_there_is_no_renderer(wheel, tmp_path):
    done = installed(["sheet", "dpo", "--output", "out"], tmp_path, wheel, tmp_path / "kept")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "WeasyPrint" in done.stderr
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())
