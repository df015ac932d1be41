"""Docstrings begin with what a thing does, not with a question."""

import ast
from pathlib import Path

import pytest

import worksheets

ROOT = Path(worksheets.__file__).parent
QUESTIONS = {"What", "Which", "Whether", "Where", "How", "Who", "Whose", "When", "Why"}
# Packages and modules that still have some: each is taken out as soon as it has none.
NOT_YET = {
    "class_set",
    "render",
    "stamp",
}


def questions(path):
    """The docstrings of a file that begin with a question word."""
    defined = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(path.read_text("utf-8"))
    nodes = (node for node in ast.walk(tree) if isinstance(node, defined))
    texts = filter(None, map(ast.get_docstring, nodes))
    return [text for text in texts if text.split()[0].strip(",.:;") in QUESTIONS]


def parts():
    """Every package and module directly under the program's, with its files."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        found.setdefault(path.relative_to(ROOT).parts[0], []).append(path)
    return found


@pytest.mark.parametrize("part", sorted(parts()))
def test_no_docstring_begins_with_a_question_word(part):
    found = [text for path in parts()[part] for text in questions(path)]
    if part in NOT_YET:
        assert found, f"{part} has none left: take it out of NOT_YET"
    else:
        assert found == []


def test_what_is_not_yet_done_is_there():
    assert parts().keys() >= NOT_YET


def test_a_question_is_found(tmp_path):
    path = tmp_path / "one.py"
    path.write_text('"""Why it is."""\ndef f():\n    """Whether so."""\n    """Return it."""\n')
    assert questions(path) == ["Why it is.", "Whether so."]
