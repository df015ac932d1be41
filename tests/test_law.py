"""The law of rlhf, and what is said of a key that it does not agree with."""

import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy
from broken import faults

from worksheets import exercise
from worksheets.cli.sheets import report_of
from worksheets.engine.notation import read, write
from worksheets.ids import Identity
from worksheets.kinds import rlhf
from worksheets.kinds.rlhf.law import (
    Exact,
    _alignment_loss,
    _by_model,
    _by_output,
    _gap,
    _gradient,
    _language_model,
    _preference_loss,
    _written,
)
from worksheets.sheet import START, VERDICT, Sheet, make
from worksheets.verify import prove, verify

LEVELS = tuple(rlhf.LEVELS)
LINES = [line.name for line in exercise.graph("rlhf", 3).answers]


@cache
def sheets(level: int, edition: str) -> list[Sheet]:
    return make([Identity("RLHF", level, number, edition) for number in range(10)])


@pytest.mark.parametrize("name", LINES)
def test_a_tampered_cell_is_named(name: str) -> None:
    sheet = sheets(3, "free")[0]
    line, rows = sheet.graph.lines[name], sheet.values[name]
    for row, column in ((0, 0), (len(rows) - 1, len(rows[0]) - 1)):
        right = rows[row][column]
        if line.entries == "verdict":
            wrong = VERDICT[1 - VERDICT.index(right)]
        elif line.node.is_word:
            wrong = START
        else:
            wrong = write(read(right) + Fraction(1, 10))
        changed = [list(cells) for cells in rows]
        changed[row][column] = wrong
        tampered = replace(sheet, values={**sheet.values, name: changed})
        assert faults(prove(tampered)) == [
            f"step {line.step.number} {name} row {row + 1} column {column + 1}: "
            f"the key says {wrong}, the law says {right}"
        ]


@pytest.mark.parametrize("name", ["rm_learning_rate", "llm_learning_rate"])
def test_a_tampered_or_missing_constant_is_named(name: str) -> None:
    sheet = sheets(3, "free")[0]
    right = sheet.constants[name]
    tampered = replace(sheet, constants={**sheet.constants, name: "7"})
    assert faults(prove(tampered)) == [
        f"{name} row 1 column 1: the key says 7, the law says {right}"
    ]
    others = {other: rate for other, rate in sheet.constants.items() if other != name}
    lost = faults(prove(replace(sheet, constants=others)))
    assert lost == [f"{name}: the law states it, the key has no such line"]


def state(law: Callable[..., dict[str, sympy.Matrix]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the kind state this law instead of its own."""
    kinds = exercise.all_kinds()
    monkeypatch.setitem(kinds, "rlhf", replace(kinds["rlhf"], law=law))


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_the_law_lacks_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    law = rlhf.law

    def lacking(*given: object) -> dict[str, sympy.Matrix]:
        return {line: value for line, value in law(*given).items() if line != name}

    state(lacking, monkeypatch)
    sheet = sheets(3, "free")[0]
    step = sheet.graph.lines[name].step.number
    assert faults(prove(sheet)) == [f"step {step} {name}: the law does not state it"]


def test_a_line_that_the_key_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    law = rlhf.law
    more = {"moral": sympy.Matrix([1])}
    state(lambda *given: {**law(*given), **more}, monkeypatch)
    assert faults(prove(sheets(1, "free")[0])) == [
        "moral: the law states it, the key has no such line"
    ]


def test_a_matrix_of_another_shape_is_named() -> None:
    sheet = sheets(1, "free")[0]
    values = {**sheet.values, "loser_sentence": [["1", "2"]]}
    assert faults(prove(replace(sheet, values=values))) == [
        "step 5 loser_sentence: the key says 1×2 cells, the law says 4×1 cells"
    ]


def test_a_report_reads_well() -> None:
    sheet = sheets(3, "free")[7]
    verification = verify(sheet)
    lines = list(report_of(verification))
    assert verification.proved
    assert "step 4    loser_features                12 cells  proved" in lines
    assert lines[-1] == f"{sheet.id}: 53 lines, 304 cells, all proved by the law"
    assert len(lines) == 54


def test_a_report_ends_with_what_is_not_proved() -> None:
    sheet = sheets(3, "free")[7]
    verification = verify(replace(sheet, values={**sheet.values, "gap": [["5"]]}))
    lines = list(report_of(verification))
    assert not verification.proved
    assert "step 8    gap                            1 cell   NOT PROVED" in lines
    gap = sheet.values["gap"][0][0]
    assert lines[-1] == (
        f"NOT PROVED: step 8 gap row 1 column 1: the key says 5, the law says {gap}"
    )


def test_the_law_takes_the_derivatives_that_the_papers_state() -> None:
    g = sympy.Symbol("g", real=True)
    sigma = 1 / (1 + sympy.exp(-g))
    loss = _preference_loss(np.array([[g]]))[0, 0]
    assert sympy.simplify(loss.diff(g) - (sigma - 1)) == 0

    z, R = sympy.symbols("z:3", real=True), sympy.symbols("R:3")
    powers = [sympy.exp(score) for score in z]
    p = [power / sum(powers) for power in powers]
    loss = _alignment_loss(*(np.array([some], object).T for some in (powers, R)))[0, 0]
    for v in range(3):
        policy_gradient = -p[v] * (R[v] - sum(a * b for a, b in zip(p, R, strict=True)))
        assert sympy.simplify(loss.diff(z[v]) - policy_gradient) == 0


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [("5/2", 0, "3"), ("-5/2", 0, "-3"), ("-1/20", 1, "-1/10"), ("0", 1, "0"), ("7/3", 1, "23/10")],
)
def test_the_law_rounds_half_away_from_zero(value: str, decimals: int, rounded: str) -> None:
    assert _written(np.array([[Fraction(value)]]), decimals).tolist() == [[Fraction(rounded)]]


def test_a_closed_unit_passes_no_gradient() -> None:
    x = sympy.Symbol("x", real=True)
    weights, one = np.array([[1, 0]], object), np.array([[1]], object)
    relu = _language_model(weights, weights, np.array([[x]]), one, relu=True)[-1][0, 0]
    slopes = [relu.diff(x).subs(x, at) for at in (-1, 0, 1)]
    assert slopes == [0, 0, 1]


@pytest.mark.parametrize(
    ("function", "by", "shapes"),
    [
        (_gap, 0, [(4, 4), (1, 5), (3, 3), (3, 3)]),
        (_gap, 1, [(4, 4), (1, 5), (3, 3), (3, 3)]),
        (_alignment_loss, 0, [(5, 1), (5, 1)]),
        (_by_output, 1, [(5, 3), (2, 1), (5, 1)]),
        (_by_model, 1, [(5, 3), (2, 4), (3, 3), (3, 3), (5, 1)]),
    ],
)
def test_compiled_derivatives_are_exact_and_those_of_difference_quotients(
    function: Callable[..., Exact], by: int, shapes: list[tuple[int, int]]
) -> None:
    """On a line, a quotient of differences is off by no more than a multiple of its step."""
    pick = random.Random(1)
    values = [
        np.array([[Fraction(pick.randint(1, 9)) for _ in range(c)] for _ in range(r)])
        for r, c in shapes
    ]
    found = _gradient(function, by, *values)
    step = Fraction(1, 10**9)
    for place, slope in np.ndenumerate(found):
        assert isinstance(slope, int | Fraction)
        moved = values[by].copy()
        moved[place] += step
        there = function(*values[:by], moved, *values[by + 1 :])
        assert abs((there - function(*values))[0, 0] / step - slope) < Fraction(1, 10**6)
