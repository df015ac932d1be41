"""Class sets and marks that are disturbed: killed, run twice at once, on a full disk, damaged.

What stands in its place is whole, and the next run ends as an undisturbed one does. A sweep has 20
kills, 40 pairs and 20 sizes of a disk of each command, and a few are in every run.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random

import in_process
import pikepdf
import psutil
import pytest
import whole_run

from worksheets.ids import Identity
from worksheets.sheet import make

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
STUDENTS = 120  # so many that several processes work
LONG = 120  # seconds that end only a test that has failed
KILLS, PAIRS, DISKS = (20, 40, 20) if whole_run.sweeps() else (1, 1, 2)
FULL = "No space left on device"


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A roster, and what as many students handed in."""
    folder = tmp_path_factory.mktemp("given")
    ids = [f"s-{number:03}" for number in range(STUDENTS)]
    (folder / "roster.csv").write_text("ID,Name\n" + "".join(f"{one},Name {one}\n" for one in ids))
    (folder / "in").mkdir()
    for number, sheet in enumerate(
        make([Identity("MATM", 1, number) for number in range(STUDENTS)])
    ):
        line = sheet.graph.answers[0]
        cells = {f"{line.name}.r1.c1": sheet.values[line.name][0][0 if number % 3 else -1]}
        content = {"id": sheet.id, "student": f"Name {number}", "cells": cells}
        (folder / "in" / f"{number:03}.json").write_text(json.dumps(content))
    return folder


def command(given, what, output, which=""):
    """The arguments of a run; `which` makes another one of it."""
    program = [sys.executable, "generator.py", what]
    if what == "class":
        options = ["matmul", given / "roster.csv", "--set", f"autumn{which}", "--single"]
    else:
        options = [given / "in", "--paper", "letter" if which else "a4"]
    return list(map(str, [*program, *options, "--output", output]))


def run(arguments):
    done = in_process.ran(arguments[2:], ROOT)
    assert done.returncode == 0, done.stderr


def contents(output):
    files = (path for path in output.rglob("*") if path.is_file())
    return {str(one.relative_to(output)): sha256(one.read_bytes()).hexdigest() for one in files}


def stands_whole(output):
    """What has its name is all there: PDFs open, and manifest and record name what there is."""
    for path in output.glob("*.pdf"):
        with pikepdf.open(path) as document:
            assert len(document.pages)
    for name in ("manifest.json", "marks.json"):
        if (output / name).exists():
            json.loads((output / name).read_bytes())


@pytest.fixture(scope="module")
def undisturbed(given, tmp_path_factory):
    """What a run leaves, and how many bytes these are."""

    @cache
    def of(what, which=""):
        output = tmp_path_factory.mktemp(what) / "out"
        run(command(given, what, output, which))
        return contents(output), everything(output)

    return of


def everything(output):
    """How many bytes of a run there are, whatever they are called as yet."""
    total = 0
    for path in output.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # it has just got another name
            continue
    return total


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers notice it later")
@pytest.mark.parametrize("what", ["class", "mark"])
def test_a_killed_run_leaves_no_process_and_the_next_one_ends_as_if_nothing_were(
    given, undisturbed, tmp_path, what
):
    (right, size), random = undisturbed(what), Random(whole_run.seed())
    for number in range(KILLS):
        output = tmp_path / str(number)
        arguments = command(given, what, output)
        moment = size * (number + random.random()) / KILLS
        with subprocess.Popen(
            arguments, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            children = []
            while process.poll() is None and everything(output) < moment:
                children = psutil.Process(process.pid).children(recursive=True) or children
                time.sleep(0.005)
            if process.poll() is None:
                children = psutil.Process(process.pid).children(recursive=True) or children
            process.send_signal(signal.SIGKILL)  # the parent alone
            process.wait()
        _, alive = psutil.wait_procs(children, timeout=LONG)
        assert not alive
        stands_whole(output)
        run(arguments)
        assert contents(output) == right
        shutil.rmtree(output)


@pytest.mark.parametrize("what", ["class", "mark"])
def test_of_two_runs_at_once_nothing_is_mixed(given, undisturbed, tmp_path, what):
    """One is refused, or comes after the other; what stands there is all of one of them."""
    rights = [undisturbed(what, which)[0] for which in ("", "2")]
    for number in range(PAIRS):
        output = tmp_path / str(number)
        pair = [
            subprocess.Popen(
                command(given, what, output, which), cwd=ROOT, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True,
            )
            for which in ("", "2")
        ]  # fmt: skip
        said = [process.communicate()[1] for process in pair]
        codes = [process.returncode for process in pair]
        assert set(codes) <= {0, 2}, said
        assert 0 in codes, said
        assert not any("Traceback" in text for text in said), said
        for code, text in zip(codes, said, strict=True):
            if code:
                assert str(output) in text
        found = contents(output)
        assert found in rights
        if codes.count(0) == 1:  # the one that says that all is well has left its own
            assert found == rights[codes.index(0)]
        shutil.rmtree(output)


@pytest.fixture(scope="module")
def disks():
    """Skip where nobody can make a small disk."""
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"]
    if (
        shutil.which("unshare") is None
        or subprocess.run(probe, capture_output=True, check=False).returncode
    ):
        pytest.skip("no small disk can be made here")


@pytest.mark.usefixtures("disks")
@pytest.mark.parametrize("what", ["class", "mark"])
def test_a_full_disk_is_said_and_the_next_run_ends_as_if_nothing_were(
    given, undisturbed, tmp_path, what
):
    (right, size), random, refused = undisturbed(what), Random(whole_run.seed()), 0
    for number in range(DISKS):
        disk, output = tmp_path / "disk", tmp_path / "disk" / "out"
        kept = tmp_path / f"kept{number}"
        disk.mkdir(exist_ok=True)
        kilobytes = 64 + int(1.2 * size * (number + random.random()) / DISKS) // 1024
        script = (
            f"mount -t tmpfs -o size={kilobytes}k tmpfs {disk}; "
            f'"$@"; code=$?; cp -a {disk} {kept}; exit $code'
        )
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script, "sh", *command(given, what, output)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        if done.returncode == 0:
            assert contents(kept / "out") == right
            continue
        refused += 1
        assert done.returncode == 2
        assert FULL in done.stderr
        (kept / "out").mkdir(exist_ok=True)
        stands_whole(kept / "out")
        run(command(given, what, kept / "out"))
        assert contents(kept / "out") == right
        shutil.rmtree(kept)
    assert refused
