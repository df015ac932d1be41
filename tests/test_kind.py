"""What a kind declares: held in a frozen record, checked, and refused by name."""

import re
import sys
import types
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from worksheets import exercise
from worksheets.engine.graph import COLOURS, Mistake, Part, Tracer
from worksheets.errors import InputError
from worksheets.render.texts import folder
from worksheets.sampling.earlier import Earlier


def test_a_code_of_no_kind():
    with pytest.raises(InputError, match=r"code 'NONE' is no kind's; codes are .*RLHF"):
        exercise.by_code("NONE")


@pytest.fixture
def declared(monkeypatch):
    """Return all kinds and one more, a module that declares this."""

    def declared(**attributes):
        module = types.ModuleType("worksheets.kinds.other")
        module.__file__ = "other.py"
        vars(module).update(attributes)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        modules = [types.SimpleNamespace(name=name) for name in ("rlhf", "other")]
        monkeypatch.setattr(exercise.pkgutil, "iter_modules", lambda _: modules)
        return exercise.all_kinds.__wrapped__()

    return declared


NEEDED = {
    "CODE": "THR",
    "TITLE": "Other",
    "LEVELS": (1,),
    "steps": print,
    "draw": print,
    "law": print,
}


def test_what_a_kind_leaves_out_stands_in_no_module(declared):
    kind = declared(**NEEDED)["other"]
    assert (kind.name, kind.file, kind.CODE) == ("other", Path("other.py"), "THR")
    assert (kind.EDITIONS, kind.MISTAKES, kind.LAW_OF_ARRAYS) == (("free",), (), False)
    assert "EDITIONS" not in vars(sys.modules["worksheets.kinds.other"])
    with pytest.raises(FrozenInstanceError):
        kind.CODE = "MINE"


@pytest.mark.parametrize("lacking", NEEDED)
def test_what_each_kind_must_have(declared, lacking):
    with pytest.raises(InputError, match=rf"^kind other: it has no {lacking}$"):
        declared(**{name: value for name, value in NEEDED.items() if name != lacking})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"CODE": "RLHF"}, "more than one kind has the CODE RLHF"),
        ({"CODE": "QUANT"}, "kind other: its CODE 'QUANT' is not of A to Z but U, and 0 to 9"),
        ({"CODE": "lin"}, "kind other: its CODE 'lin' is not of A to Z but U, and 0 to 9"),
        ({"law": types.ModuleType("law")}, "kind other: its law is no function"),
    ],
)
def test_a_kind_that_cannot_be(declared, wrong, says):
    with pytest.raises(InputError, match=f"^{re.escape(says)}$"):
        declared(**NEEDED | wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"CHECKPOINTS": ("scores", "losses")}, "CHECKPOINTS names 'losses'"),
        (
            {"MISTAKES": (Mistake("too fast", {"score": print}),)},
            "mistake 'too fast' names 'score'",
        ),
        ({"MISTAKES": (Mistake("too slow", {}, "hidden"),)}, "mistake 'too slow' names 'hidden'"),
        ({"CONTINUES": Earlier("given", "matmul", 1, "product", {})}, "CONTINUES names 'given'"),
    ],
)
def test_a_line_that_no_level_has(monkeypatch, wrong, says):
    kinds = exercise.all_kinds()
    monkeypatch.setitem(kinds, "softmax", replace(kinds["softmax"], **wrong))
    says = f"kind softmax: {says}, which is a line of no level"
    with pytest.raises(InputError, match=f"^{re.escape(says)}$"):
        exercise.traced.__wrapped__("softmax")  # what is kept of it stays


def test_a_mistake_made_of_no_line():
    mistake = Mistake("no halves", {"sum": lambda m: m["hale"] + m["half"]})
    says = "mistake 'no halves': sum is made of 'hale', and no line or rate before it has that name"

    def steps(sheet):
        with sheet.step(1, "Add", Part("Part", "purple")):
            half = sheet.given("half", ("a",), ("b",), 1)
            sheet.answer("sum", half + half)

    sheet = Tracer()
    steps(sheet)
    with pytest.raises(ValueError, match=says):
        sheet.graph((mistake,))
    with pytest.raises(ValueError, match=says):
        steps(Tracer(mistake))


def test_parts_have_the_colours_of_the_style_sheet():
    styles = (folder() / "sheet.css").read_text("utf-8")
    assert set(COLOURS) == set(re.findall(r"^h1\.(\w+) \{", styles, re.MULTILINE))
    with pytest.raises(ValueError, match="part 'Judge': colour 'pruple': it is one of purple, "):
        Part("Judge", "pruple")
