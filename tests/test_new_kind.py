"""The authors’ kind, two new files in a copy of the program, has all that kinds have."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pages
import pdfplumber
import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r'^```python\n(""".*?)^```$', re.MULTILINE | re.DOTALL)
SENTENCES = re.compile(r"^```po\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = 7


def written(folder):
    """A digest of every file, but for the sheets and what Python makes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.parts[-2] != "out"
    }


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the program with one kind more: its code and its sentences."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("worksheets", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "generator.py", folder)
    page = (ROOT / "docs" / "site" / "authors.md").read_text("utf-8")
    (code,), (sentences,) = BLOCK.findall(page), SENTENCES.findall(page)
    (folder / "worksheets" / "kinds" / "linear.py").write_text(code, "utf-8")
    catalogue = folder / "worksheets" / "locale" / "en" / "LC_MESSAGES" / "linear.po"
    catalogue.write_text(sentences, "utf-8")
    before = written(folder)
    yield folder
    assert written(folder) == before


@pytest.fixture(scope="module")
def program(copy):
    """Run the copy's command line, and expect success."""

    def program(*arguments):
        line = [sys.executable, "generator.py", *map(str, arguments)]
        done = subprocess.run(line, cwd=copy, capture_output=True, check=False, encoding="utf-8")
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return program


@pytest.fixture(scope="module")
def sheet(program):
    return program("sheet", "linear", "--level", 1, "--number", NUMBER).strip()


@pytest.fixture(scope="module")
def key(program, sheet):
    return json.loads(program("key", sheet, "--format", "json"))


@pytest.mark.slow
def test_its_key_is_what_a_pencil_finds(key, sheet):
    assert (key["id"], key["kind"], key["level"]) == (sheet, "linear", 1)
    assert (key["theme"], key["words"]) == (None, {})
    assert "constants" not in key
    lines = {line["name"]: line for line in key["lines"]}
    assert {name: line["role"] for name, line in lines.items()} == {
        "weights": "given",
        "inputs": "given",
        "outputs": "answer",
    }
    inputs = [int(value) for (value,) in lines["inputs"]["values"]]
    outputs = []
    for row in lines["weights"]["values"]:
        *weights, bias = map(int, row)
        total = bias
        for weight, value in zip(weights, inputs, strict=True):
            total += weight * value
        outputs.append([str(total)])
    assert lines["outputs"]["values"] == outputs


@pytest.mark.slow
def test_its_numbers_change_with_the_sheet(program, key):
    (other,) = program("sheet", "linear", "--number", NUMBER + 1, "--format", "json").split()
    assert json.loads(program("key", other, "--format", "json"))["lines"] != key["lines"]


def test_its_sheets_are_drawn(copy, key, sheet):
    """Blank and solved show the givens at the same places, and the solved one the answers too."""
    twins = [
        pages.tables((copy / "out" / f"{sheet}-{twin}.pdf").read_bytes())
        for twin in ("blank", "solved")
    ]
    blank, solved = twins
    for line in key["lines"]:
        labels = [tuple(line["row_labels"]), tuple(line["column_labels"])]
        lying = [list(row) for row in zip(*line["values"], strict=True)]  # a column as a row
        high = len(line["values"])  # a row of ones may stand below it
        *_, place = (
            n
            for n, one in enumerate(solved)
            if (one.row_labels[:high], one.column_labels, one.values[:high])
            == (*labels, line["values"])
            or (one.row_labels, one.column_labels, one.values) == (*labels[::-1], lying)
        )
        if line["role"] == "given":
            assert blank[place] == solved[place]
        else:
            assert not any(cell.text for row in blank[place].cells[:high] for cell in row)
            assert all(cell.hand for row in solved[place].cells[:high] for cell in row)


@pytest.mark.parametrize("twin", ["blank", "solved"])
def test_its_page_is_neat(copy, sheet, twin):
    """One page that names the sheet, and no two words of it overlap or leave the page."""
    content = (copy / "out" / f"{sheet}-{twin}.pdf").read_bytes()
    with pdfplumber.open(BytesIO(content)) as document:
        (page,) = document.pages
        words = page.extract_words()
        text = page.extract_text()
    assert sheet in text
    assert "A linear layer by hand" in text
    assert "one output for each row of weights" in text
    assert "Row by column, plus bias." in text
    assert ("SOLVED" in text) == (twin == "solved")
    for place, one in enumerate(words):
        assert one["x0"] > 20
        assert one["x1"] < page.width - 20
        for other in words[:place]:
            across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
            down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            assert across < 1 or down < 3, (one["text"], other["text"])


@pytest.mark.slow
def test_it_is_proved(program, sheet):
    assert "all proved by the law" in program("verify", sheet)


def test_it_is_listed(program):
    kinds = json.loads(program("kinds", "--format", "json"))["kinds"]
    (linear,) = (kind for kind in kinds if kind["name"] == "linear")
    assert linear["editions"] == ["free"]
    assert linear["summary"] == "weights times inputs, plus bias"
    assert [level["does"] for level in linear["levels"]] == ["two outputs of three inputs"]
    assert [(level["cells"], level["variety"]) for level in linear["levels"]] == [(2, None)]


@pytest.mark.slow
def test_it_has_no_theme_and_no_published_edition(copy):
    for option in (["--theme", "doctor"], ["--edition", "published"]):
        line = [sys.executable, "generator.py", "sheet", "linear", *option]
        done = subprocess.run(line, cwd=copy, capture_output=True, check=False, encoding="utf-8")
        assert done.returncode == 2
        assert re.fullmatch(r"error: (theme|edition) '\w+': linear has .*\n", done.stderr)


@pytest.mark.slow
def test_a_class_gets_its_sheets_and_each_is_proved(program, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("ID,Name\n" + "".join(f"s{n},Student {n}\n" for n in range(30)), "utf-8")
    output = tmp_path / "class"
    said = program("class", "linear", roster, "--set", "autumn", "--output", output)
    assert "Each answer of each sheet was also proved" in " ".join(said.split())
    certificate = json.loads((output / "certificate.json").read_text("utf-8"))
    assert certificate["sheets"] == certificate["distinct_givens"] == 30
    keys = json.loads((output / "key.json").read_text("utf-8"))
    with pdfplumber.open(output / "solved.pdf") as document:
        first = document.pages[0].extract_text()
    assert keys[0]["id"] in first
    assert "Student 0" in first
