"""What the README and the page of details say is so: commands, a line of numbers, the table."""

import re
import shlex
import shutil
from pathlib import Path

import in_process
import pytest

from worksheets import exercise, ladder
from worksheets.class_set.papers import ALWAYS
from worksheets.ids import Identity
from worksheets.overview import kinds as all_kinds
from worksheets.render.autolayout.pages import pages
from worksheets.sheet import make
from worksheets.vocabulary import checks

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DETAILS = (ROOT / "docs" / "site" / "reference.md").read_text(encoding="utf-8")
PROGRAM = ".venv/bin/python generator.py "
COMMANDS = list(
    dict.fromkeys(
        line.removeprefix(PROGRAM)
        for block in re.findall(r"```sh\n(.*?)```", DETAILS + README, re.DOTALL)
        for line in block.splitlines()
    )
)
MARKING = [one for one in COMMANDS if one.startswith(("enter", "mark")) or "--fillable" in one]
ALONE = [one for one in COMMANDS if one not in MARKING]
PAGES = {1: 2, 2: 3, 3: 4}


def run(command, folder, typed=""):
    return in_process.ran(shlex.split(command), folder, typed)


@pytest.mark.slow
@pytest.mark.parametrize("command", [one for one in ALONE if "lin" not in one.lower()])
def test_each_command_works(command, tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    done = run(command, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    if command.startswith("class"):
        folder = tmp_path / re.search(r"--output (\w+)", command)[1]
        assert {path.name for path in folder.iterdir()} - {"forms", "keys"} == {
            *ALWAYS,
            *(f"{what}-{section}.pdf" for what in ("blanks", "solved") for section in ("7a", "7b")),
        }
        return
    if command.startswith("course"):
        assert (tmp_path / "course" / "course.pdf").exists()
        return
    count = int((re.findall(r"--count (\d+)", command) or [1])[0])
    for folder in re.findall(r"--output (\w+)", command):
        written = sorted((tmp_path / folder).iterdir())
        a_sheet = 1 if "--format json" in command else 2
        assert len(written) == a_sheet * count
        assert all(one.stat().st_size > 1000 for one in written)


@pytest.mark.slow
def test_the_way_from_the_class_set_to_marks(tmp_path):
    assert [command.split()[0] for command in MARKING] == ["class", "enter", "mark", "mark"]
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for command in MARKING:
        done = run(command, tmp_path, typed="\n" * 200)  # all checkpoints as the key has them
        assert done.returncode == 0, done.stderr
        assert done.stdout
    folder = tmp_path / "marks"
    named = DETAILS[DETAILS.index("## From the class set to marks") :]
    rows = re.findall(r"^\| (`.*?`) \|", named[: named.index("## One line")], re.MULTILINE)
    files = {name for row in rows for name in re.findall(r"`([\w.-]+)`", row)}
    assert {path.name for path in folder.iterdir()} == files
    assert len(list((folder / "feedback").iterdir())) == 4
    # The sheet that was typed in is the newer one of its student, and all of it is right.
    assert "1 superseded" in done.stdout
    (typed,) = re.findall(r"^4714,[^,]*,[^,]*,[^,]*,[^,]*,([^,]*),([^,]*),",
                          (folder / "marks.csv").read_text("utf-8-sig"), re.MULTILINE)  # fmt: skip
    assert typed[0] == typed[1]


def test_there_are_commands_of_every_kind():
    assert {command.split()[0] for command in COMMANDS} == {
        "sheet",
        "class",
        "course",
        "key",
        "verify",
        "kinds",
        "enter",
        "mark",
    }


def test_the_solved_line_is_that_of_the_pictured_sheet():
    sheet = make([Identity("RLHF", 1, 1, "published")])[0]
    weights = sheet.values["rm_output"][0]
    inputs = [row[0] for row in sheet.values["loser_sentence"]] + ["1"]

    def factor(text):
        return f"({text})" if text.startswith("-") else text

    terms = [f"{factor(a)}·{factor(b)}" for a, b in zip(weights, inputs, strict=True)]
    line = f"{' + '.join(terms)} = {sheet.values['loser_reward'][0][0]}".replace("-", "−")
    assert f"    {line}\n" in DETAILS


@pytest.mark.slow
def test_the_table_is_what_the_program_says():
    order = list(ladder.rungs())
    kinds = sorted(all_kinds(), key=lambda kind: order.index(kind.name))
    rows = []
    for kind in kinds:
        for level in kind.levels:
            name, number = kind.name, level.level
            sheets = PAGES[number] if name == "rlhf" else len(pages(name, number))
            rows.append(
                f"| `{name}` | {number} | {level.does} | {sheets} | {level.cells} "
                f"| {level.minutes} |"
            )
            assert f"{level.variety:,}" in DETAILS
    assert re.findall(r"^\| `\w+` \| \d \|.*\|$", DETAILS, re.MULTILINE) == rows


NUMBERS = "zero one two three four five six seven eight nine ten".title().split()


@pytest.mark.parametrize("page", ["docs/site/reference.md", "docs/site/teachers.md"])
def test_the_kinds_without_words_and_the_limits_are_those_of_the_program(page):
    text = " ".join((ROOT / page).read_text("utf-8").split())
    bare = {name for name, kind in exercise.all_kinds().items() if not kind.PHRASES}
    how_many, said = re.search(r"(\w+) kinds are numbers alone: ([^.;]*)[.;]", text).groups()
    assert set(re.findall(r"`(\w+)`", said)) == bare
    assert how_many == NUMBERS[len(bare)]
    assert f"at most {checks.LONGEST_WORD} letters" in text
    for longest in checks.LONGEST_TEXT.values():
        assert re.search(rf"\b{longest}\b", text)
    assert f"{checks.LEAST_SUBJECTS} to {checks.MOST_SUBJECTS}" in text


def test_it_is_short_and_has_five_tasks():
    assert len(README.splitlines()) <= 150
    tasks = README.split("## Five tasks")[1].split("\n## ")[0]
    assert tasks.count("```sh") == 5


def test_files_and_folders_that_it_names_exist():
    for name in re.findall(r"[`(]((?:\w+/)+[\w.-]*|\w+\.md)[`)]", README):
        # What is made by a command, and a file of the reader’s own.
        if name not in ("out/", "out/page", "3/4") and "/linear." not in name:
            assert (ROOT / name).exists(), name
