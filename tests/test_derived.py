"""Laws whose derivatives were kept: the same proofs without SymPy, and bounded work."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

import worksheets.kinds.rlhf.law  # noqa: F401  (found in sys.modules)
from worksheets import cache, derived
from worksheets.derived import Law
from worksheets.verify import derive_all

ROOT = Path(__file__).parent.parent
# Proves right sheets and sheets with a broken step; says whether SymPy was needed.
PROVE = """
import sys
sys.path.insert(0, "tests")
from broken import faults, proofs_of
from worksheets import exercise
from worksheets.ids import Identity
from worksheets.sheet import make
from worksheets.verify import derive_all, prove

for level in (1, 2, 3):
    for sheet in make([Identity("RLHF", level, number) for number in range(20)]):
        assert not faults(prove(sheet)), sheet.id
    mistakes = exercise.graph("rlhf", level).slips
    assert mistakes
    for mistake in exercise.find("rlhf").MISTAKES:
        if mistake.name in mistakes:
            assert faults(proofs_of(exercise.mistaken("rlhf", level, mistake), sheet)), mistake.name
print("sympy" in sys.modules)
"""
P_LESS_HALF = {"steps": [["number", -1, 2], ["sum", 0, 1]], "results": [2]}


def proved(folder):
    done = subprocess.run(
        [sys.executable, "-c", PROVE], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "WORKSHEETS_CACHE": str(folder), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr


def laws(folder):
    """The kept laws, without their marks, by their files."""
    return {path: path.read_bytes()[cache.MARK :] for path in folder.glob("law-*")}


def slope(folder):
    """The kept slope of the preference loss, p - 1."""
    (one,) = (
        path for path, law in laws(folder).items() if law == b'[[["number",-1,1],["sum",1,0]],[2]]'
    )
    return one


def keep(path, law):
    """Keep a law in the place of another one, as somebody would who knows how."""
    content = json.dumps([law["steps"], law["results"]]).encode()
    path.write_bytes(cache.mark(path.name, content) + content)


@pytest.mark.slow
def test_a_kept_law_needs_no_sympy_and_finds_every_broken_step(tmp_path):
    assert proved(tmp_path) == ("True", "")
    kept = laws(tmp_path)
    assert len(kept) > 5
    assert proved(tmp_path) == ("False", "")
    slope(tmp_path).write_text("import os")
    sympy_was_needed, said = proved(tmp_path)
    assert sympy_was_needed == "True"
    assert said.count("\n") == 1
    assert "is damaged (its hash is another one); it is made anew" in said
    assert laws(tmp_path) == kept
    assert proved(tmp_path) == ("False", "")


@pytest.mark.slow
def test_a_kept_derivative_is_used_so_that_a_wrong_one_would_be_found(tmp_path):
    """The other way round: steps that are right are not proved by a law that is not."""
    proved(tmp_path)
    keep(slope(tmp_path), P_LESS_HALF)
    with pytest.raises(AssertionError, match="RLHF-1"):
        proved(tmp_path)


@pytest.mark.slow
def test_all_laws_are_derived_in_advance(tmp_path, monkeypatch):
    """What proving needs is then kept, and SymPy is not loaded."""
    monkeypatch.setenv("WORKSHEETS_CACHE", str(tmp_path))
    law = sys.modules["worksheets.kinds.rlhf.law"]  # whose function `law` has the same name
    law._derivatives.cache_clear()
    law._preference_slope.cache_clear()
    derive_all()
    assert proved(tmp_path) == ("False", "")


@pytest.mark.parametrize(
    "law",
    [
        P_LESS_HALF | {"results": []},
        P_LESS_HALF | {"results": [1, 2]},
        P_LESS_HALF | {"results": [3]},
        P_LESS_HALF | {"results": [-1]},
        P_LESS_HALF | {"steps": [["sum", 0, 5]]},
        P_LESS_HALF | {"steps": [["import", "os"]]},
        P_LESS_HALF | {"steps": [[]]},
        P_LESS_HALF | {"steps": [0]},
        P_LESS_HALF | {"steps": {}},
    ],
)
def test_a_crafted_law_is_told_and_derived_anew(tmp_path, monkeypatch, capsys, law):
    """Its hash is right."""
    monkeypatch.setenv("WORKSHEETS_CACHE", str(tmp_path))

    def found():
        return derived.function("crafted", ["p"], 1, lambda: [sympy.Symbol("p") - 1])

    assert found()(Fraction(1, 3)) == [Fraction(-2, 3)]
    (path,) = laws(tmp_path)
    right = path.read_bytes()
    keep(path, law)
    cache.tell.cache_clear()
    assert found()(Fraction(1, 3)) == [Fraction(-2, 3)]
    assert capsys.readouterr().err.count(f"{path} was kept and is damaged") == 1
    assert path.read_bytes() == right


NINE = ("number", 9, 1)


@pytest.mark.parametrize(
    "steps",
    [
        [NINE, ("power", 1, 999_999_999)],  # 9**9**9
        [NINE, ("power", 1, -(10**9))],
        [NINE, ("power", 1, 30), ("power", 2, 40)],
        [("product", at, at) for at in range(12)],  # p to the 4096th
        [("power", 0, -1), *(("sum", at, at - 1) for at in range(1, 30))],  # denominators
        [("power", 0, 2)] * (derived.MOST_STEPS + 1),
        [("number", 10**12, 1)],
        [("number", 1, 0)],
        [("number", 1.5, 1)],
        [("number", True, 1)],
        [("power", 0, 0)],
        [("power", 0, 0.5)],
        [("power", 0, "2")],
        [("sum", 0)],
        [("sum", 0, "0")],
        [("sum", 0, True)],
        [("sum", 0, -1)],
        [("sum", 0, 1)],  # itself
        [("sum", 0, None)],
        [("greater", 0)],
        [("choice", 0, 0)],
        [("import", "os")],
        [("number",)],
        [()],
    ],
)
def test_only_bounded_arithmetic_is_taken(steps):
    with pytest.raises(ValueError, match=r"no exact arithmetic|numbers|no number|no value|at most"):
        Law(1, tuple(steps), (0,))


def test_values_are_exact():
    x, y = sympy.symbols("x y")
    choice = sympy.Piecewise((x, x > 0), (0, True))
    other = sympy.Piecewise((x, x < 0), (y, True))
    found = derived.stated(["x", "y"], [x / 3 + y**2, (x + y) ** 2 / 7, choice, other, 1 / x])
    values = found(Fraction(-1, 2), 3)
    assert values == [Fraction(53, 6), Fraction(25, 28), 0, Fraction(-1, 2), -2]
    assert not any(isinstance(value, float) for value in values)
    assert found(2, 3)[2:] == [2, 3, Fraction(1, 2)]


@pytest.mark.parametrize(
    "value", [sympy.exp(1), sympy.sqrt(2), sympy.Float(0.5), sympy.Symbol("z")]
)
def test_what_is_no_exact_arithmetic_cannot_be_stated(value):
    with pytest.raises(ValueError, match="no exact arithmetic"):
        derived.stated(["x"], [sympy.Symbol("x") + value])
