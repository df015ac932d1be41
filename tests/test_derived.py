"""Laws whose derivatives were kept: the same proofs without SymPy, and no other code."""

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

from worksheets import derived

ROOT = Path(__file__).parent.parent
# Proves right sheets and sheets with a broken step; says whether SymPy was needed.
PROVE = """
import sys
sys.path.insert(0, "tests")
from broken import faults, proofs_of
from worksheets import exercise
from worksheets.ids import Identity
from worksheets.sheet import make
from worksheets.verify import prove

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


def proved(folder):
    done = subprocess.run(
        [sys.executable, "-c", PROVE], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "WORKSHEETS_CACHE": str(folder), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def slope(folder):
    """The kept slope of the preference loss."""
    every = (folder / "laws").iterdir()
    (one,) = (path for path in every if path.read_text().startswith("def derived(p)"))
    return one


def test_a_kept_law_needs_no_sympy_and_finds_every_broken_step(tmp_path):
    assert proved(tmp_path) == "True"
    kept = {path: path.read_text() for path in (tmp_path / "laws").iterdir()}
    assert len(kept) > 5
    assert proved(tmp_path) == "False"
    slope(tmp_path).write_text("import os")
    assert proved(tmp_path) == "True"
    assert {path: path.read_text() for path in (tmp_path / "laws").iterdir()} == kept


def test_a_kept_derivative_is_used_so_that_a_wrong_one_would_be_found(tmp_path):
    """The other way round: steps that are right are not proved by a law that is not."""
    proved(tmp_path)
    slope(tmp_path).write_text("def derived(p):\n    return [p - Fraction(1, 2)]\n")
    with pytest.raises(AssertionError, match="RLHF-1"):
        proved(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "import os",
        "def derived(p):\n    return [__import__('os')]",
        "def derived(p):\n    return [p.__class__]",
        "def derived(p):\n    return [p[0]]",
        "def derived(p):\n    return [(lambda: p)()]",
        "def other(p):\n    return [p]",
    ],
)
def test_only_arithmetic_is_taken(text):
    with pytest.raises(ValueError, match=r"no exact arithmetic|is not in it"):
        derived.compiled(text)


def test_values_are_exact():
    x, y = sympy.symbols("x y")
    choice = sympy.Piecewise((x, x > 0), (0, True))
    text = derived.written(["x", "y"], [x / 3 + y**2, (x + y) ** 2 / 7, choice])
    found = derived.compiled(text)(Fraction(-1, 2), 3)
    assert found == [Fraction(53, 6), Fraction(25, 28), 0]
    assert not any(isinstance(value, float) for value in found)
