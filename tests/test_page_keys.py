"""In the page's Python, which has other libraries and 32 bits, every key is as it is natively."""

import subprocess
import sys
from pathlib import Path

import pytest
import whole_run
from page_made import page_folder

from worksheets.exercise import all_kinds

HERE = Path(__file__).parent


def keys_there(tmp_path, first, count):
    program = tmp_path / "keys.py"
    said = (HERE / "pyodide_keys.py").read_text("utf-8")
    program.write_text(f"import os\nos.environ['NUMBERS'] = '[{first}, {count}]'\n{said}")
    command = ["node", HERE / "pyodide.mjs", page_folder(), program]
    return _lines(subprocess.run(command, capture_output=True, text=True, check=False))


def keys_here(tmp_path, first, count):
    program = tmp_path / "keys.py"  # what the one above has written
    return _lines(
        subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    )


def _lines(done):
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_keys_of_all_kinds_are_the_same(tmp_path):
    first = whole_run.seed()
    there = keys_there(tmp_path, first, 1)
    assert there == keys_here(tmp_path, first, 1)
    assert len(there) > 60
    kinds = len(all_kinds())
    assert [line.split()[-1] for line in there[-3 - kinds :]] == ["True"] * (3 + kinds)


@pytest.mark.sweep
def test_200_keys_of_all_kinds_are_the_same(tmp_path):
    assert keys_there(tmp_path, 1, 200) == keys_here(tmp_path, 1, 200)
