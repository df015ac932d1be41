"""The site: it builds without a warning, its commands work, and its numbers are the sheet's."""

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from html import escape
from inspect import isfunction
from itertools import product
from pathlib import Path

import in_process
import pytest
import whole_run
from test_readme import ALONE

import worksheets as ws
from worksheets import cli
from worksheets.course.plan import read_course
from worksheets.ids import Identity
from worksheets.sentences import Sentences
from worksheets.sheet import make

ROOT = Path(__file__).parents[1]
SITE = ROOT / "docs" / "site"
PROGRAM = ".venv/bin/python generator.py "
PAGES = (
    "teachers",
    "learners",
    "lessons",
    "browser",
    "reference",
    "authors",
    "translators",
    "programs",
)
SUM = re.compile(r"[−\d(][−\d ·+()÷]* = −?\d+")


def text(page: str) -> str:
    return (SITE / f"{page}.md").read_text("utf-8")


def commands(page: str) -> list[str]:
    """The page's commands, in its order."""
    blocks = re.findall(r"```sh\n(.*?)```", text(page), re.DOTALL)
    every = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith(PROGRAM) for line in every)
    return [line.removeprefix(PROGRAM) for line in every]


@pytest.mark.slow
def test_it_builds_without_a_warning(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for name in ("worksheets", "templates", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    options = ["-W", "-q", "-b", "html", "-D", "lesson_pictures=matmul"]
    command = [sys.executable, "-m", "sphinx", *options, "docs/site", "made"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    index = (tmp_path / "made" / "index.html").read_text("utf-8")
    for kind in ("matmul", "rlhf"):
        assert f">{kind}<" in index
    assert "<svg" in index
    for page in PAGES:
        assert f'href="{page}.html"' in index
    teachers = (tmp_path / "made" / "teachers.html").read_text("utf-8")
    assert all(f">{theme.name}<" in teachers for theme in ws.themes())
    for language, kind in product(("en", "es"), ws.kind_names()):
        page = (tmp_path / "made" / "lessons" / f"{language}-{kind}.html").read_text("utf-8")
        assert escape(Sentences(kind, language).must_know, quote=False) in page
        assert re.search(rf'<html [^>]*lang="{language}"', page)
        pictures = re.findall(r'<img [^>]*src="(\.\./_images/[^"]+)"', page)
        levels = {picture.split("-")[2] for picture in pictures}
        assert levels == ({"1", "2", "3"} if kind == "matmul" else set())
        assert all((tmp_path / "made" / "lessons" / one).exists() for one in pictures)
    authors = (tmp_path / "made" / "authors.html").read_text("utf-8")
    for name in ("draw", "steps", "law", "MISTAKES"):
        assert f">{name}<" in authors


def test_its_pages_are_whole_as_they_lie_in_the_repository():
    """No directive of the site's program stands in them, and each link leads to what is there."""
    for page in ("index", *PAGES):
        content = text(page)
        assert not re.search(r"^```\{|^:::", content, re.MULTILINE), page
        for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", content):
            assert (SITE / target).resolve().exists(), (page, target)


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", whole_run.chosen(2, [page for page in PAGES if "```sh" in text(page)])
)
def test_its_commands_work(page, tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("site"))
    assert commands(page)
    for command in commands(page):
        if command in ALONE or "linear " in command or "LIN-" in command:  # tried elsewhere
            continue
        # What `enter` asks for: all as the key has it.
        done = in_process.ran(shlex.split(command), tmp_path, typed="\n" * 200)
        assert done.returncode == 0, (command, done.stderr)


def test_the_rungs_that_are_marked_are_those_of_the_ladder():
    course = read_course(ROOT / "docs" / "ladder.toml")
    rungs = [rung.folder(place, len(course.rungs)) for place, rung in enumerate(course.rungs, 1)]
    told = re.findall(r"mark handed-in/(\S+) --class course/(\S+) --output", text("teachers"))
    assert told == [(rung, rung) for rung in rungs[:2]]
    assert f"--class course/{rungs[0]}`" in text("reference")


def test_the_first_steps_are_those_of_the_published_sheet():
    (sheet,) = make([Identity("RLHF", 1, 1, "published")])
    page = text("learners").replace("−", "-")
    tables = [
        [[cell.strip() for cell in row.strip("|").split("|")[1:]] for row in table.splitlines()[2:]]
        for table in re.findall(r"^(?:\|.*\|\n)+", page, re.MULTILINE)
    ]
    assert tables == [sheet.values["loser_inputs"], sheet.values["loser_features"]]
    features = sheet.values["loser_features"]
    weights = [*sheet.values["rm_linear"][0]]
    assert f"of the weights is {', '.join(weights[:-1])} and the bias {weights[-1]}" in page
    assert f"= {sheet.values['loser_sentence'][0][0]}." in page
    assert f"= {sheet.values['loser_reward'][0][0]}. That is the loser's reward" in page
    assert f"gets {sheet.values['winner_reward'][0][0]}." in page
    assert features[0] == ["-1", "0", "4"]


def test_every_sum_is_right():
    page = text("learners")
    sums = SUM.findall(page)
    assert len(sums) == 4
    for one in sums:
        left, right = one.replace("−", "-").replace("·", "*").replace("÷", "/").split("=")
        assert eval(left) == int(right), one  # noqa: S307  (digits and signs alone)


@pytest.mark.slow
def test_the_python_session_is_so():
    session = re.search(r"```python\n(.*?)```", text("programs"), re.DOTALL)[1]
    test = doctest.DocTestParser().get_doctest(session, {}, "programs.md", None, 0)
    said = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)


def test_every_function_of_the_package_is_named():
    rows = re.findall(r"^\| (`.*`) \|", text("programs"), re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {name for name in ws.__all__ if isfunction(getattr(ws, name))}


def test_the_exit_codes_are_those_of_the_program():
    codes = re.findall(r"^\| (\d+) \|", text("programs"), re.MULTILINE)
    assert list(map(int, codes)) == [0, cli.NOT_PROVED, cli.BAD_INPUT, cli.INTERRUPTED]


def test_the_shell_completes_commands():
    program = "import sys; sys.argv = ['rlhf-worksheets']; from worksheets.cli import main; main()"
    asked = {
        "_RLHF_WORKSHEETS_COMPLETE": "bash_complete",
        "COMP_WORDS": "rlhf-worksheets ver",
        "COMP_CWORD": "1",
    }
    assert all(name in text("programs") for name in list(asked)[:1])
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "plain,verify\n", done.stderr
