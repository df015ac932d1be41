"""What the README says is so: its commands, its line of numbers, its table."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from worksheets.class_set.papers import ALWAYS
from worksheets.ids import Identity
from worksheets.output import overview
from worksheets.sheet import make

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROGRAM = ".venv/bin/python generator.py "
COMMANDS = [
    line.removeprefix(PROGRAM)
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
]
PAGES = {1: 2, 2: 3, 3: 4}


def run(command, folder):
    arguments = [sys.executable, ROOT / "generator.py", *shlex.split(command)]
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("command", [one for one in COMMANDS if "lin" not in one.lower()])
def test_each_command_works(command, tmp_path):
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "roster.csv", tmp_path / "docs")
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    if command.startswith("class"):
        folder = tmp_path / re.search(r"--output (\w+)", command)[1]
        assert {path.name for path in folder.iterdir()} - {"single"} == {
            *ALWAYS,
            "blanks.pdf",
            "solved.pdf",
        }
        return
    count = int((re.findall(r"--count (\d+)", command) or [1])[0])
    for folder in re.findall(r"--output (\w+)", command):
        written = sorted((tmp_path / folder).iterdir())
        a_sheet = 1 if "--format json" in command else 2
        assert len(written) == a_sheet * count
        assert all(one.stat().st_size > 1000 for one in written)


def test_there_are_commands_of_every_kind():
    assert {command.split()[0] for command in COMMANDS} == {
        "sheet",
        "class",
        "key",
        "verify",
        "kinds",
    }


def test_the_solved_line_is_that_of_the_pictured_sheet():
    sheet = make([Identity("RLHF", 1, 1, "published")])[0]
    weights = sheet.values["rm_output"][0]
    inputs = [row[0] for row in sheet.values["loser_sentence"]] + ["1"]

    def factor(text):
        return f"({text})" if text.startswith("-") else text

    terms = [f"{factor(a)}·{factor(b)}" for a, b in zip(weights, inputs, strict=True)]
    line = f"{' + '.join(terms)} = {sheet.values['loser_reward'][0][0]}".replace("-", "−")
    assert f"    {line}\n" in README


def test_the_table_is_what_the_program_says():
    for level in next(kind for kind in overview()["kinds"] if kind["name"] == "rlhf")["levels"]:
        number = level["level"]
        row = re.search(rf"\| `rlhf` \| {number} \| (.*) \|", README)
        ends = f"| {PAGES[number]} | {level['cells']} | {level['minutes']}"
        assert row.group(1).endswith(ends)
        assert f"{level['variety']:,}" in README


def test_files_and_folders_that_it_names_exist():
    for name in re.findall(r"[`(]((?:\w+/)+[\w.-]*|\w+\.md)[`)]", README):
        if name != "out/" and "/linear." not in name:  # a file of the reader's own
            assert (ROOT / name).exists(), name
