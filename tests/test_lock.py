"""One run a folder: a second one is refused by name, and a run that dies locks nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from worksheets.errors import InputError
from worksheets.lock import NAME, locked

ROOT = Path(__file__).parent.parent
HOLD = """
import sys
from pathlib import Path
from worksheets.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
# Holds the lock in a process whose child, a fork, outlives it. The child says when it is a process
# of its own, which is not yet so when its parent goes on.
ORPHAN = """
import os, signal, sys
from pathlib import Path
from worksheets.lock import locked
with locked(Path(sys.argv[1])):
    if os.fork() == 0:
        print("forked", flush=True)
        sys.stdin.read()
        os._exit(0)
    signal.pause()
"""
# Writes the same number into several files, when both processes are there.
WRITE = """
import sys
from pathlib import Path
from worksheets.errors import InputError
from worksheets.lock import locked
folder, own = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
try:
    with locked(folder):
        for name in "abcdef":
            (folder / name).write_text(own)
        print("wrote", flush=True)
        sys.stdin.read()
except InputError as error:
    print(error, flush=True)
"""


def started(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_second_run_is_refused_and_the_lock_goes_with_the_first(tmp_path):
    with started(HOLD, tmp_path) as process:
        assert process.stdout.readline() == "held\n"
        for _ in range(3):
            with (
                pytest.raises(InputError, match=f"{tmp_path}: another run is writing"),
                locked(tmp_path),
            ):
                pytest.fail("both have it")
        process.stdin.close()
        process.wait()
    assert list(tmp_path.iterdir()) == []
    with locked(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_killed_locks_nothing(tmp_path):
    with started(HOLD, tmp_path) as process:
        assert process.stdout.readline() == "held\n"
        process.kill()
        process.wait()
    with locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_its_workers_that_outlive_it_lock_nothing(tmp_path):
    with started(ORPHAN, tmp_path) as process:
        assert process.stdout.readline() == "forked\n"
        with pytest.raises(InputError, match="another run"), locked(tmp_path):
            pytest.fail("both have it")
        process.kill()
        process.wait()
        with locked(tmp_path):
            pass
        process.stdin.close()


def test_one_process_has_it_once(tmp_path):
    with locked(tmp_path), pytest.raises(InputError, match="another run"), locked(tmp_path):
        pytest.fail("both have it")


def test_a_fault_lets_go(tmp_path):
    with pytest.raises(KeyError), locked(tmp_path):
        raise KeyError
    with locked(tmp_path):
        pass


def test_a_lock_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAME).symlink_to(tmp_path / "mine")
    with (
        pytest.raises(InputError, match=f"cannot lock {tmp_path / 'out'}"),
        locked(tmp_path / "out"),
    ):
        pytest.fail("it went on")
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.slow
def test_of_two_runs_at_once_one_is_refused_and_nothing_is_mixed(tmp_path):
    for number in range(5):
        pair = [started(WRITE, tmp_path, f"{number} {which}") for which in "xy"]
        for process in pair:
            assert process.stdout.readline() == "ready\n"
        for process in pair:
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.stdout.readline() for process in pair]
        for process in pair:
            process.stdin.close()
            process.wait()
            process.stdout.close()
        assert sorted(line == "wrote\n" for line in said) == [False, True]
        assert f"{tmp_path}: another run is writing into it" in "".join(said)
        winner = "xy"[said.index("wrote\n")]
        assert {path.read_text() for path in tmp_path.iterdir()} == {f"{number} {winner}"}


@pytest.mark.slow
def test_two_class_sets_into_one_folder_are_never_mixed(tmp_path):
    """Either run succeeds and the other is refused, or one comes after the other as it would."""
    roster = tmp_path / "roster.csv"
    roster.write_text("id\n1\n2\n3\n", "utf-8")
    for number in range(3):
        output = tmp_path / f"out{number}"
        runs = {
            name: subprocess.Popen(
                [sys.executable, "generator.py", "class", "matmul", str(roster), "--set", name,
                 "--output", str(output)],
                cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for name in ("spring", "autumn")
        }  # fmt: skip
        said = {name: process.communicate() for name, process in runs.items()}
        right = [name for name, process in runs.items() if process.returncode == 0]
        assert len(right) == 1, said
        (refused,) = set(runs) - set(right)
        assert str(output) in said[refused][1]
        assert runs[refused].returncode == 2
        for name in ("manifest.json", "certificate.txt"):
            assert right[0] in (output / name).read_text("utf-8")
        assert not list(output.glob(".*"))
