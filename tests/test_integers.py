"""Every array of numbers has 64 bits on every machine, and a mask is a mask."""

import json
import os
import subprocess
import sys
from pathlib import Path

import narrow_numpy
import numpy as np
import pytest
from every_kind import FAMILIES, identity

from worksheets import exercise
from worksheets.engine.evaluate import evaluate
from worksheets.engine.graph import Part, Tracer
from worksheets.numbers import numbers
from worksheets.sampling import accepted as sampling

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
@FAMILIES
def test_all_that_is_drawn_and_computed_has_64_bits(kind, level, edition, monkeypatch):
    """Looks at what each attempt drew, and at every line, mistake and step between."""
    seen = []

    def watched(graph, givens, words, size):
        evaluation = evaluate(graph, givens, words, size)
        arrays = {**givens, **words, **evaluation.arrays}
        for mistake in graph.slips:
            arrays |= {(mistake, name): one for name, one in evaluation.slip(mistake).items()}
        seen.extend(arrays.values())
        assert all(mask.dtype == np.bool_ for mask, _ in evaluation.refusals)
        assert evaluation.effort.dtype == np.int64
        return evaluation

    monkeypatch.setattr(sampling, "evaluate", watched)
    count = 1 if edition == "published" else 40
    kept, words = numbers([identity(kind, level, n, edition) for n in range(count)])
    seen += [*kept.arrays.values(), *words.values()]
    assert len(seen) > len(exercise.graph(kind, level).lines)
    assert {one.dtype for one in seen} == {np.dtype(np.int64)}


def test_numbers_of_fewer_bits_are_refused_by_name():
    sheet = Tracer()
    with sheet.step(1, "One", Part("One", "purple")):
        X = sheet.given("inputs", ("1",), ("a",), bound=3)
        sheet.answer("twice", X + X)
    drawn = {"inputs": np.ones((2, 1, 1), dtype=np.int16)}
    with pytest.raises(TypeError, match=r"^inputs is int16, not int64: say dtype=np\.int64"):
        evaluate(sheet.graph(), drawn, {}, 2)


@pytest.mark.slow
def test_keys_are_the_same_where_numpys_integers_have_32_bits():
    """In a process of its own, as the change is one of numpy itself."""
    done = subprocess.run(
        [sys.executable, narrow_numpy.__file__, "narrow"],
        capture_output=True, check=False, encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    narrow, wide = json.loads(done.stdout), narrow_numpy.keys()
    assert narrow.keys() == wide.keys()
    for family, keys in wide.items():
        assert narrow[family] == keys, family


def test_the_stand_in_for_such_a_numpy_is_narrow():
    """Or else the test above would hold nothing."""
    program = (
        "import numpy as np, narrow_numpy; narrow_numpy.narrow_everything();"
        "print(np.array([1]).dtype, np.arange(3).dtype, np.array([1], dtype=np.int64).dtype)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT / "tests", capture_output=True, check=True,
        encoding="utf-8",
    )  # fmt: skip
    assert done.stdout.split() == ["int32", "int32", "int64"]
