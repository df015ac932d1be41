"""What is refused while the steps are written down, and what is refused of a sheet."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import plain
import pytest
import sympy
from exact import PART, Numbers, answer, answers, evaluated, given, labels, number, traced
from hypothesis import given as prove_for
from hypothesis import strategies as st

from worksheets.engine.evaluate import evaluate
from worksheets.engine.graph import Tracer
from worksheets.engine.matrix import Matrix, filled, stacked

DECISIONS = {
    "if": lambda m: 1 if m else 0,
    "not": lambda m: not m,
    "==": lambda m: m == given(2, 2),
    "== 0": lambda m: m == 0,
    "!=": lambda m: m != 0,
    "<": lambda m: m < 1,
    "<=": lambda m: m <= 1,
    ">": lambda m: m > 1,
    ">=": lambda m: m >= 1,
    "iteration": lambda m: [row for row in m],  # noqa: C416  (it is the loop that is refused)
    "unpacking": lambda m: (*m,),
    "max": lambda m: max(m, 0),
    "len": len,
    "int": int,
    "float": float,
}


@pytest.mark.parametrize("name", DECISIONS)
def test_python_cannot_decide_on_a_traced_matrix(name: str) -> None:
    with pytest.raises(TypeError) as caught:
        DECISIONS[name](given(2, 2))
    said = str(caught.value)
    assert "has no value while the steps are written down" in said
    for instead in ("relu()", "open()", "highest()", "columns(word)", "same_word()"):
        assert instead in said


def test_a_traced_matrix_is_no_key_of_a_dict() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(given(2, 2))


MISFITS = {
    "product": (lambda: given(2, 3) @ given(2, 3), "(2, 3) matrix cannot be multiplied by a (2, 3"),
    "sum": (lambda: given(2, 3) + given(3, 2), "(2, 3) and a (3, 2) matrix have no entries"),
    "difference": (lambda: given(1, 3) - given(3, 1), "have no entries in common"),
    "entry by entry": (lambda: given(2, 2) * given(2, 1), "have no entries in common"),
    "quotient": (lambda: given(2, 2) / given(1, 2), "have no entries in common"),
    "minimum": (lambda: given(2, 2).minimum(given(3, 2)), "have no entries in common"),
    "exceeds": (lambda: given(2, 2).exceeds(given(3, 2)), "have no entries in common"),
    "above": (
        lambda: stacked(given(2, 2), given(2, 3)),
        "stacked: matrices of 2, 3 columns do not fit above each other",
    ),
    "softmax where": (
        lambda: given(2, 2).softmax(1, where=given(2, 1)),
        "softmax: (2, 1) says where in (2, 2)",
    ),
    "exponent": (
        lambda: given(2, 2).exponent_of(3, 2, 0),
        "exponents: base 3, from 2 to 0",
    ),
    "power": (
        lambda: given(2, 2).power_of(3, 2, 0),
        "powers: base 3, exponents from 2 to 0",
    ),
    "clip": (lambda: given(2, 2).clip(2, 1), "clip: from 2 to 1"),
    "update": (
        lambda: given(2, 2).step_down(given(2, 1), number(2)),
        "a (2, 1) gradient does not fit (2, 2) weights",
    ),
    "labels": (
        lambda: given(2, 2).labelled(rows=("a", "b", "c")),
        "given is 2×2 but has 3 row and 2 column labels",
    ),
    "both": (lambda: given(2, 2)[:1, :1], "only columns or rows can be taken: write m[:, first"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_shapes_that_do_not_fit_are_refused_at_load(name: str) -> None:
    expression, says = MISFITS[name]
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (its text is looked at below)
        expression()
    assert says in str(caught.value)


FROM_THE_LEFT: dict[str, tuple[Callable[[Matrix], Matrix], Callable[[Fraction], Fraction]]] = {
    "sum": (lambda m: 3 + m, lambda x: 3 + x),
    "difference": (lambda m: 3 - m, lambda x: 3 - x),
    "product": (lambda m: 3 * m, lambda x: 3 * x),
    "fraction": (lambda m: Fraction(1, 2) * m, lambda x: x / 2),
    "quotient": (lambda m: 12 / m, lambda x: 12 / x),
}


@pytest.mark.parametrize("name", FROM_THE_LEFT)
def test_a_number_may_stand_on_the_left(name: str) -> None:
    traced_one, plain_one = FROM_THE_LEFT[name]
    rows: Numbers = [[1, -2, 3], [-4, 6, 6]]
    found, accepted = answer(traced_one, rows)
    assert accepted
    assert found == [[plain_one(Fraction(x)) for x in row] for row in rows]


HINTS = {
    "one entry": (lambda m: m[0, 1], TypeError, "write m[0:1, :][:, 1:2]"),
    "the last entry": (lambda m: m[-1, -1], TypeError, "write m[-1:, :][:, -1:]"),
    "T": (lambda m: m.T, AttributeError, "write m.transposed"),
    "@ a number": (lambda m: m @ 2, TypeError, "write m * 2"),
    "a number @": (lambda m: Fraction(1, 2) @ m, TypeError, "write 1/2 * m"),
    "a float": (lambda m: m * 0.1, TypeError, "0.1 is not exact: write Fraction(1, 10)"),
    "a float on the left": (lambda m: 2.5 - m, TypeError, "write Fraction(5, 2)"),
    "infinity": (lambda m: m.maximum(float("inf")), TypeError, "inf is not exact"),
    "SymPy's product": (lambda m: m @ sympy.eye(2), TypeError, "sympy.matrices.dense"),
    "SymPy's sum": (lambda m: sympy.eye(2) + m, TypeError, "for the law"),
    "SymPy's product, left": (lambda m: sympy.eye(2) @ m, TypeError, "for the law"),
    "SymPy's number": (lambda m: sympy.Rational(1, 2) * m, TypeError, "for the law"),
    "numpy's sum": (lambda m: np.eye(2, dtype=np.int64) + m, TypeError, "numpy.ndarray beside"),
    "numpy's product": (lambda m: np.eye(2, dtype=np.int64) @ m, TypeError, "numpy.ndarray beside"),
    "a text": (lambda m: m + "1", TypeError, "builtins.str beside"),
}


@pytest.mark.parametrize("name", HINTS)
def test_what_is_no_exact_operand_is_refused_with_what_to_write(name: str) -> None:
    make, error, says = HINTS[name]
    with pytest.raises(error) as caught:
        make(given(2, 2))
    assert says in str(caught.value)


def test_one_entry_is_taken_as_the_hint_says() -> None:
    assert answer(lambda m: m[1:2, :][:, 0:1], [[1, 2], [3, 4]]) == ([[3]], True)
    assert answer(lambda m: m[-1:, :][:, -1:], [[1, 2], [3, 4]]) == ([[4]], True)


def test_a_line_is_declared_once() -> None:
    tracer = Tracer()
    with tracer.step(1, "Given", PART):
        W = tracer.given("weights", labels(1), labels(1), 3)
        for declare in (
            lambda: tracer.given("weights", labels(1), labels(1), 3),
            lambda: tracer.answer("weights", W @ W),
            lambda: tracer.given_words("weights", tracer.word("subject")),
        ):
            with pytest.raises(ValueError, match="line 'weights' is declared twice"):
                declare()


def test_a_line_stands_under_a_step() -> None:
    tracer = Tracer()
    outside = "line 'weights' stands under no step: use `with sheet.step"
    with pytest.raises(ValueError, match=outside):
        tracer.given("weights", labels(1), labels(1), 3)
    with tracer.step(1, "Given", PART):
        pass
    with pytest.raises(ValueError, match=outside):
        tracer.answer("weights", number(1))


LARGE = 2**31
TOO_LARGE = {
    "product": lambda m: m @ m,
    "entry by entry": lambda m: m * m,
    "sum of products": lambda m: (m * filled(labels(2), labels(2), Fraction(LARGE))) + m,
    "finer and finer": lambda m: (
        m * number(Fraction(1, LARGE)) + m * number(Fraction(1, LARGE - 1))
    ),
    "update": lambda m: m.step_down(m * number(Fraction(LARGE)), number(1)),
    "rounded": lambda m: (m * number(Fraction(LARGE // 8))).rounded(6),
    "constant": lambda m: m + 2**62,
    "quotient": lambda m: m.divided(Fraction(1, LARGE), finest=1),
    "square root": lambda m: (m * LARGE).square_root(1),
    "powers": lambda m: m.power_of(3, 0, 40),
    "exponents": lambda m: m.exponent_of(3, -20, 0),
    "shares": lambda m: m.shares(LARGE),
    "sum of all": lambda m: (m * (LARGE - 1)).sum_of_all(),
    "clip": lambda m: m.clip(0, Fraction(1, LARGE)),
    "exceeds": lambda m: m.exceeds(Fraction(1, LARGE)),
    "maximum": lambda m: m.maximum(Fraction(1, LARGE)),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_may_not_fit_into_64_bits_is_refused_at_load(name: str) -> None:
    with pytest.raises(OverflowError):
        TOO_LARGE[name](given(2, 2, bound=LARGE))


GROWING: dict[str, tuple[Callable[[Matrix], Matrix], Callable[[Fraction], Fraction]]] = {
    # of a 4×4 matrix with the same number in every cell
    "product": (lambda m: m @ m, lambda x: 4 * x * x),
    "cube": (lambda m: m @ m @ m, lambda x: 16 * x**3),
    "entry by entry": (lambda m: m * m + m, lambda x: x * x + x),
    "two denominators": (
        lambda m: m * number(Fraction(1, 10)) - m * number(Fraction(-1, 4)),
        lambda x: x * Fraction(7, 20),
    ),
    "rounded": (
        lambda m: (m * number(Fraction(1, 7))).rounded(2),
        lambda x: plain.rounded(x / 7, 2),
    ),
    "update": (lambda m: m.step_down(m * number(10), number(1)), lambda x: -9 * x),
    "small update": (
        lambda m: m.open().step_down(m * number(Fraction(1, 1000)), number(1)),
        lambda x: int(x > 0) - x / 1000,
    ),
}


def largest_bound(expression: Callable[[Matrix], Matrix]) -> int:
    """The largest bound of a given matrix with which the expression can be traced."""
    fits, too_large = 1, 2**62
    while too_large - fits > 1:
        middle = (fits + too_large) // 2
        try:
            traced(expression, [(4, 4)], bound=middle)
            fits = middle
        except OverflowError:
            too_large = middle
    return fits


@pytest.mark.parametrize("name", GROWING)
def test_the_largest_numbers_that_can_be_traced_are_exact(name: str) -> None:
    expression, by_hand = GROWING[name]
    bound = largest_bound(expression)
    assert bound > 10**5
    value = bound - bound % 100  # so that updates come out in tenths
    for sign in (1, -1):
        graph = traced(expression, [(4, 4)], bound=bound)
        found = answers(evaluated(graph, [[[[sign * value] * 4] * 4]]))
        assert found == [[[by_hand(Fraction(sign * value))] * 4] * 4]


REFUSED = {
    "limit kept": (lambda m: m + 90, 9, True),
    "limit broken": (lambda m: m + 91, 9, False),
    "limit kept below": (lambda m: m - 90, -9, True),
    "limit broken below": (lambda m: m - 91, -9, False),
    "just beyond the limit": (lambda m: m * number(Fraction(9901, 100)), 1, False),
    "hundredths": (lambda m: m * number(Fraction(1, 100)), 7, True),
    "eighths": (lambda m: m * number(Fraction(1, 8)), 1, False),
    "eighths that are whole": (lambda m: m * number(Fraction(1, 8)), 8, True),
    "thirds": (lambda m: m * number(Fraction(1, 3)), 1, False),
    "thirds that are whole": (lambda m: m * number(Fraction(1, 3)), -6, True),
    "thousandths": (lambda m: m * number(Fraction(1, 1000)), 1, False),
}


@pytest.mark.parametrize("name", REFUSED)
def test_two_digits_before_the_point_and_two_after(name: str) -> None:
    expression, value, accepted = REFUSED[name]
    done = evaluated(traced(expression, [(1, 1)]), [[[[value]]]])
    assert done.accepted.tolist() == [accepted]


@pytest.mark.parametrize(
    ("rules", "value", "says"),
    [
        ({"limit": 50}, 51, "product: a value beyond ±50"),
        ({"finest": 1}, Fraction(1, 2), "product: finer than 1/1"),
        ({"limit": 5, "finest": 10}, Fraction(1, 100), "product: finer than 1/10"),
    ],
)
def test_a_refusal_says_what_is_wrong(rules: dict[str, int], value: Fraction, says: str) -> None:
    graph = traced(lambda m: m @ number(Fraction(1, 100)), [(1, 1)], bound=10**4, **rules)
    done = evaluated(graph, [[[[int(value * 100)]], [[0]]]])
    assert done.accepted.tolist() == [False, True]
    assert [said for mask, said in done.refusals if mask.any()] == [says]


MIXED: dict[str, Callable[..., Matrix]] = {
    "a word and a decided word": lambda m, E, w: E.columns(w, m.highest().column(0)),
    "softmax of a word": lambda m, E, w: E.columns(w).softmax(1),
    "update": lambda m, E, w: m.step_down(m @ m.relu(), m.largest_magnitude()),
    "mean": lambda m, E, w: m @ E.mean() - E.columns(w),
    "rounded": lambda m, E, w: (m * number(Fraction(1, 7))).rounded(1) @ E,
}


def numbers_of(columns: int) -> st.SearchStrategy[list[list[int]]]:
    row = st.lists(st.integers(-9, 9), min_size=columns, max_size=columns)
    return st.lists(row, min_size=2, max_size=2)


SHEETS = st.lists(
    st.tuples(numbers_of(2), numbers_of(3), st.integers(0, 2)), min_size=2, max_size=5
)


@pytest.mark.slow
@pytest.mark.parametrize("name", MIXED)
@prove_for(batch=SHEETS)
def test_a_sheet_alone_is_the_sheet_in_a_batch(
    name: str, batch: list[tuple[Numbers, Numbers, int]]
) -> None:
    graph = traced(MIXED[name], [(2, 2), (2, 3)], words=1)
    first, second, words = zip(*batch, strict=True)
    together = evaluated(graph, [first, second], [words])
    for place, (m, E, word) in enumerate(batch):
        alone = evaluated(graph, [[m], [E]], [[word]])
        assert answers(alone)[0] == answers(together)[place]
        assert alone.accepted[0] == together.accepted[place]
        assert alone.effort[0] == together.effort[place]


def test_givens_beyond_their_bound_or_shape_are_refused() -> None:
    graph = traced(lambda m: m + 1, [(1, 2)], bound=3)
    for numbers, says in (
        ([[[3, -4]]], "given0 holds 4, more than its bound 3"),
        ([[[3], [2]]], r"given0 is \(1, 2\), not \(2, 1\)"),
    ):
        with pytest.raises(ValueError, match=says):
            evaluate(graph, {"given0": np.array(numbers)}, {}, 1)
    with pytest.raises(KeyError, match="given0"):
        evaluate(graph, {}, {}, 1)
