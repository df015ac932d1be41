"""Docstrings begin with what a thing does, not with a question."""

import ast
from pathlib import Path

import pytest

import worksheets

ROOT = Path(worksheets.__file__).parent
QUESTIONS = {"What", "Which", "Whether", "Where", "How", "Who", "Whose", "When", "Why"}


def questions(path):
    """The docstrings of a file that begin with a question word."""
    defined = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(path.read_text("utf-8"))
    nodes = (node for node in ast.walk(tree) if isinstance(node, defined))
    texts = filter(None, map(ast.get_docstring, nodes))
    return [text for text in texts if text.split()[0].strip(",.:;") in QUESTIONS]


@pytest.mark.slow
def test_no_docstring_begins_with_a_question_word():
    found = {str(path): questions(path) for path in ROOT.rglob("*.py")}
    assert len(found) > 200
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_a_question_is_found(tmp_path):
    path = tmp_path / "one.py"
    path.write_text('"""Why it is."""\ndef f():\n    """Whether so."""\n    """Return it."""\n')
    assert questions(path) == ["Why it is.", "Whether so."]
