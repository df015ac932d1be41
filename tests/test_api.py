"""The Python API: its examples run, its types hold, and it is what the command line calls."""

import ast
import doctest
import json
import pickle
import re
import subprocess
import sys
from importlib import import_module
from inspect import isfunction
from pathlib import Path

import api_program
import plain_matmul
import pytest

import worksheets as ws
from worksheets.cli.remedies import SAID, remedy

ROOT = Path(__file__).parents[1]
MODULES = ("single", "classes", "marks", "learning", "lessons")
EXAMPLES = {
    test.name.rpartition(".")[2]: test
    for name in MODULES
    for test in doctest.DocTestFinder().find(
        import_module(f"worksheets.api.{name}"),
        extraglobs={"ws": ws, "Path": Path, "json": json, "__name__": "an example"},
    )
    if test.examples
}
FUNCTIONS = {name for name in ws.__all__ if isfunction(getattr(ws, name))}


def test_every_function_has_an_example():
    assert set(EXAMPLES) == FUNCTIONS
    assert len(FUNCTIONS) > 15


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_its_example_is_so(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = []
    result = doctest.DocTestRunner().run(EXAMPLES[name], out=said.append, clear_globs=False)
    assert result.attempted > 0
    assert not result.failed, "".join(said)


def test_loading_the_package_loads_nothing_else():
    said = subprocess.run(
        [sys.executable, "-c", "import sys, worksheets; print(sorted(sys.modules))"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    loaded = set(ast.literal_eval(said))
    assert {one for one in loaded if one.partition(".")[0] == "worksheets"} == {"worksheets"}
    assert not loaded & {"numpy", "click", "weasyprint", "sympy", "jinja2"}


def test_functions_stay_when_modules_of_their_name_are_loaded():
    for name in ("kinds", "sheet", "files", "verify", "class_set", "course"):
        module = import_module(f"worksheets.{name}")
        assert getattr(ws, name) is not module
        assert callable(getattr(ws, name))


@pytest.mark.slow
def test_no_module_takes_a_function_for_a_module():
    """`from worksheets import sheet` is the function, so nothing inside says it."""
    for path in sorted((ROOT / "worksheets").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "worksheets":
                assert not {one.name for one in node.names} & set(ws.__all__), path


def test_a_name_that_there_is_not():
    with pytest.raises(AttributeError, match="'worksheets' has no attribute 'shet'"):
        ws.shet  # noqa: B018
    assert not hasattr(ws, "Typo")


@pytest.mark.slow
def test_a_strict_type_checker_is_content_with_a_program_that_uses_it(tmp_path):
    assert (ROOT / "worksheets" / "py.typed").exists()
    command = [sys.executable, "-m", "mypy", "--strict", "tests/api_program.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.py"
    wrong.write_text("import worksheets as ws\n\nws.sheet('rlhf', level='one').idd\n", "utf-8")
    command[-1] = str(wrong)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert '"str"; expected "int | None"' in done.stdout
    assert '"Sheet" has no attribute "idd"' in done.stdout


@pytest.mark.slow
def test_from_a_roster_to_marks(tmp_path):
    (tmp_path / "roster.csv").write_text("Nummer,Name\n17,Ada\n18,Alan\n19,Grace\n", "utf-8")
    certificate = api_program.handed_out(tmp_path)
    assert (certificate.sheets, certificate.proved_by_the_law, certificate.fade) == (
        3,
        3,
        "one-cell",
    )
    (sheet,) = (tmp_path / "sheet").iterdir()
    assert plain_matmul.recompute(json.loads(sheet.read_text("utf-8")))
    keys = json.loads((tmp_path / "set" / "key.json").read_text("utf-8"))
    assert len(list((tmp_path / "set" / "forms").glob("*-faded-one-cell.pdf"))) == 3
    (tmp_path / "answers").mkdir()
    for key in keys[:2]:
        cells = {
            f"{line['name']}.r{row}.c{column}": value
            for line in key["lines"]
            if line["role"] == "answer"
            for row, values in enumerate(line["values"], 1)
            for column, value in enumerate(values, 1)
        }
        if key is keys[1]:
            cells = dict.fromkeys(cells, "")
        answers = {"id": key["id"], "cells": cells}
        (tmp_path / "answers" / f"{key['id']}.json").write_text(json.dumps(answers), "utf-8")
    assert api_program.marked(tmp_path) == {"17": "100", "18": "0"}
    assert (tmp_path / "marks" / "marks.csv").exists()


def test_minutes_are_those_of_the_table():
    assert api_program.minutes()["rlhf"] == [30, 40, 55]


def test_a_page_is_refused_where_it_is_made():
    with pytest.raises(ws.InputError, match="paper 'a5': it is one of a4, letter"):
        ws.Page(paper="a5")
    with pytest.raises(ws.InputError, match="format 'docx': it is one of pdf, form, xlsx, json"):
        ws.files(ws.sheet("matmul"), {"docx", "pdf"})
    with pytest.raises(ws.InputError, match="format 'json': it is one of pdf, form, xlsx"):
        ws.order("matmul", [], set_name="autumn", formats={"json"})


@pytest.mark.slow
def test_no_message_of_the_library_names_an_option():
    """What helps has a neutral name there, and each front end says it in its own words."""
    inside = [
        path
        for path in sorted((ROOT / "worksheets").rglob("*.py"))
        if "cli" not in path.relative_to(ROOT).parts and path.name != "__main__.py"
    ]
    assert len(inside) > 150
    for path in inside:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                option = re.search(r"--[a-z]", node.value)
                assert not option, (path, node.lineno)


@pytest.mark.slow
def test_the_command_line_has_words_for_each_remedy():
    named = set()
    for path in sorted((ROOT / "worksheets").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InputError":
                named |= {one.value for one in node.args[1:2] if isinstance(one, ast.Constant)}
    assert named == {*SAID, "columns"}
    for name in named:
        assert "--" in remedy(ws.InputError("wrong", name, "id=A"))
    assert remedy(ws.InputError("wrong")) == ""


def test_an_error_is_the_same_in_another_process():
    error = pickle.loads(pickle.dumps(ws.InputError("two columns", "columns", "id=A", "id=B")))  # noqa: S301
    assert (str(error), error.remedy, error.values) == ("two columns", "columns", ("id=A", "id=B"))


def test_an_error_told_with_its_place_still_says_what_helps():
    error = ws.InputError("two columns", "columns", "id=A", "id=B").at("list.csv")
    assert str(error) == "list.csv: two columns"
    assert (error.remedy, error.values) == ("columns", ("id=A", "id=B"))


def test_the_package_is_a_program():
    command = [sys.executable, "-m", "worksheets", "key", "MATM-1F10E-0001-E", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ws.from_id("MATM-1F10E-0001-E").key()
