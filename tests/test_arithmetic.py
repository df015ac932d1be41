"""Quotients, roots, powers, shares and choices: what fractions and decimals give, or a refusal."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import chain
from statistics import pvariance

import mpmath
import plain
import pytest
from exact import Fractions, Numbers, answer, answers, evaluated, number, traced
from hypothesis import given
from hypothesis import strategies as st
from test_engine import DENOMINATORS, ENTRIES, MATRICES, PAIRS, each, over

from worksheets.engine.formula import formula
from worksheets.engine.matrix import Matrix, stacked
from worksheets.engine.rounding import log_rounded

FINEST = 27_720  # a multiple of every denominator up to 12
FRACTIONS = st.fractions(-5, 5, max_denominator=6)


@given(pair=PAIRS, first=DENOMINATORS, second=DENOMINATORS, finest=st.sampled_from([1, 2, 10, 12]))
def test_a_quotient_is_exact_or_refused(
    pair: tuple[Numbers, Numbers], first: int, second: int, finest: int
) -> None:
    def expression(a: Matrix, b: Matrix) -> Matrix:
        return (a * number(Fraction(1, first))).divided(b * Fraction(1, second), finest)

    upper, lower = over(pair[0], first), over(pair[1], second)
    cells = list(zip(chain(*upper), chain(*lower), strict=True))
    comes_out = all(b and (a / b * finest).denominator == 1 for a, b in cells)
    found, accepted = answer(expression, *pair, finest=FINEST)
    assert accepted == comes_out
    if accepted:
        assert found == each(lambda a, b: a / b, upper, lower)


@given(numbers=MATRICES, divisor=ENTRIES)
def test_a_slash_divides_by_one_drawn_number(numbers: Numbers, divisor: int) -> None:
    multiples = [[cell * divisor for cell in row] for row in numbers]
    found, accepted = answer(lambda m, d: m / d, multiples, [[divisor]], bound=81)
    assert accepted == (divisor != 0)
    if accepted:
        assert found == over(numbers, 1)
        shape = (len(numbers), len(numbers[0]))
        graph = traced(lambda m, d: m / d, [shape, (1, 1)], bound=81)
        work = sum(abs(cell) > 1 and abs(divisor) > 1 for cell in chain(*multiples))
        assert evaluated(graph, [[multiples], [[[divisor]]]]).effort.tolist() == [work]


@given(numbers=MATRICES, denominator=DENOMINATORS, divisor=st.integers(-9, 9))
def test_a_rounded_quotient_is_the_exact_one_rounded(
    numbers: Numbers, denominator: int, divisor: int
) -> None:
    scale = Fraction(1, denominator)
    found, accepted = answer(
        lambda m, by: (m * scale).divided_rounded(by, 1), numbers, [[divisor]], finest=10
    )
    assert accepted == (divisor != 0)
    if accepted:
        assert found == each(lambda x: plain.rounded(x / divisor, 1), over(numbers, denominator))


def root_by_decimal(value: Fraction, decimals: int) -> Fraction:
    """With 60 digits, of which Python's own decimal rounds off the rest."""
    with localcontext(prec=60):
        root = (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()
        return Fraction(root.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


@given(numbers=MATRICES, denominator=DENOMINATORS, decimals=st.integers(0, 2))
def test_a_root_is_rounded_as_decimals_are_and_negative_ones_are_refused(
    numbers: Numbers, denominator: int, decimals: int
) -> None:
    scale = Fraction(1, denominator)
    found, accepted = answer(lambda m: (m * scale).square_root(decimals), numbers, finest=100)
    values = over(numbers, denominator)
    assert accepted == (min(chain(*values)) >= 0)
    if accepted:
        assert found == each(lambda x: root_by_decimal(x, decimals), values)


@given(numbers=MATRICES, denominator=DENOMINATORS)
def test_the_root_of_a_square_is_what_was_squared(numbers: Numbers, denominator: int) -> None:
    tenths = [[10 * cell for cell in row] for row in numbers]
    found, _ = answer(
        lambda m: ((m * Fraction(1, 10)) * (m * Fraction(1, 10))).square_root(0), tenths, bound=999
    )
    assert found == each(abs, over(numbers, 1))


@pytest.mark.parametrize("root", [2**24 - 1, 7_654_321, 3_000_001])
def test_a_tie_between_two_roots_is_decided_exactly(root: int) -> None:
    """(r + 1/2)² is r² + r + 1/4, so of whole numbers r² + r rounds down and one more rounds up."""
    for slip, right in ((0, root), (1, root + 1)):
        value = root * root + root + slip
        found, _ = answer(lambda m: m.square_root(0), [[value]], bound=2**50 - 1)
        assert found == [[right]]


@given(numbers=MATRICES, base=st.integers(2, 5), ends=st.tuples(*[st.integers(-4, 4)] * 2))
def test_a_power_is_exact_or_refused(numbers: Numbers, base: int, ends: tuple[int, int]) -> None:
    lowest, highest = sorted(ends)
    found, accepted = answer(lambda m: m.power_of(base, lowest, highest), numbers, finest=base**4)
    assert accepted == all(lowest <= cell <= highest for cell in chain(*numbers))
    if accepted:
        assert found == each(lambda k: Fraction(base) ** int(k), over(numbers, 1))
        graph = traced(
            lambda m: m.power_of(base, lowest, highest), [(len(numbers), len(numbers[0]))],
            limit=2**40, finest=base**4,
        )  # fmt: skip
        work = sum(max(abs(k) - 1, 0) for k in chain(*numbers))
        assert evaluated(graph, [[numbers]]).effort.tolist() == [work]


def test_a_power_needs_a_whole_exponent() -> None:
    for numbers, right in (([[4], [2]], [[9], [3]]), ([[4], [1]], None)):
        found, accepted = answer(lambda m: (m * Fraction(1, 2)).power_of(3, 0, 2), numbers)
        assert accepted == (right is not None)
        assert not accepted or found == right


@given(
    numbers=MATRICES, base=st.integers(2, 5), denominator=DENOMINATORS,
    ends=st.tuples(*[st.integers(-4, 4)] * 2),
)  # fmt: skip
def test_an_exponent_is_whole_or_refused(
    numbers: Numbers, base: int, denominator: int, ends: tuple[int, int]
) -> None:
    lowest, highest = sorted(ends)
    known = {Fraction(base) ** k: Fraction(k) for k in range(lowest, highest + 1)}
    cells = over(numbers, denominator)
    found, accepted = answer(
        lambda m: (m * Fraction(1, denominator)).exponent_of(base, lowest, highest), numbers
    )
    assert accepted == all(cell in known for cell in chain(*cells))
    if accepted:
        assert found == each(lambda cell: known[cell], cells)


@given(exponents=st.lists(st.integers(-3, 3), min_size=1, max_size=4), base=st.integers(2, 5))
def test_an_exponent_undoes_a_power(exponents: list[int], base: int) -> None:
    found, accepted = answer(
        lambda m: m.power_of(base, -3, 3).exponent_of(base, -3, 3), [exponents]
    )
    assert accepted
    assert found == over([exponents], 1)


@given(numbers=MATRICES, unit=st.sampled_from([1, 10, 12, 60, 840]), denominator=DENOMINATORS)
def test_shares_are_exact_or_refused(numbers: Numbers, unit: int, denominator: int) -> None:
    def by_hand(matrix: Fractions) -> Fractions | None:
        sums = [sum(column) for column in plain.transpose(matrix)]
        if min(sums) <= 0:
            return None
        shares = [[a / b for a, b in zip(row, sums, strict=True)] for row in matrix]
        return shares if all((a * unit).denominator == 1 for a in chain(*shares)) else None

    expression = lambda m: (m * Fraction(1, denominator)).shares(unit)  # noqa: E731
    found, accepted = answer(expression, numbers, finest=unit)
    right = by_hand(over(numbers, denominator))
    assert accepted == (right is not None)
    if accepted:
        assert found == right


def test_three_to_the_power_gives_the_shares_of_a_softmax() -> None:
    found, accepted = answer(lambda m: m.power_of(3, -2, 2).shares(13), [[2], [1], [0]], finest=13)
    assert accepted
    assert found == [[Fraction(9, 13)], [Fraction(3, 13)], [Fraction(1, 13)]]


CHOICES: dict[str, tuple[Callable[..., Matrix], Callable[..., Fraction]]] = {
    "minimum": (lambda a, b: a.minimum(b), min),
    "maximum": (lambda a, b: a.maximum(b), max),
    "exceeds": (lambda a, b: a.exceeds(b), lambda x, y: Fraction(x > y)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHOICES)
@given(pair=PAIRS, first=DENOMINATORS, second=DENOMINATORS, value=FRACTIONS)
def test_a_choice_between_two_is_exact(
    name: str, pair: tuple[Numbers, Numbers], first: int, second: int, value: Fraction
) -> None:
    engine, by_hand = CHOICES[name]

    def expression(a: Matrix, b: Matrix) -> Matrix:
        return engine(a * Fraction(1, first), b * Fraction(1, second))

    a, b = over(pair[0], first), over(pair[1], second)
    assert answer(expression, *pair)[0] == each(by_hand, a, b)
    assert answer(lambda m: engine(m, value), pair[0])[0] == each(
        lambda x: by_hand(x, value), over(pair[0], 1)
    )


@pytest.mark.slow
@given(numbers=MATRICES, denominator=DENOMINATORS, ends=st.tuples(FRACTIONS, FRACTIONS))
def test_clipping_is_exact(
    numbers: Numbers, denominator: int, ends: tuple[Fraction, Fraction]
) -> None:
    low, high = sorted(ends)
    found, _ = answer(lambda m: (m * Fraction(1, denominator)).clip(low, high), numbers)
    assert found == each(lambda x: max(low, min(high, x)), over(numbers, denominator))


@given(numbers=MATRICES, denominator=DENOMINATORS)
def test_all_entries_are_summed(numbers: Numbers, denominator: int) -> None:
    found, _ = answer(lambda m: (m * Fraction(1, denominator)).sum_of_all(), numbers)
    assert found == [[sum(chain(*over(numbers, denominator)))]]
    shape = (len(numbers), len(numbers[0]))
    done = evaluated(traced(lambda m: m.sum_of_all(), [shape]), [[numbers]])
    assert done.effort.tolist() == [plain.plus(*chain(*over(numbers, 1)))]


@given(row=st.lists(ENTRIES, min_size=1, max_size=6))
def test_the_standard_deviation_is_that_of_the_population(row: list[int]) -> None:
    found, accepted = answer(lambda m: m.standard_deviation(1), [row])
    assert accepted
    assert found == [[root_by_decimal(pvariance(map(Fraction, row)), 1)]]


@given(numbers=MATRICES, data=st.data())
def test_rows_are_taken_and_stacked(numbers: Numbers, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(numbers) - 1))
    last = data.draw(st.integers(first + 1, len(numbers)))
    found, _ = answer(lambda m: m[first:last, :], numbers)
    assert found == over(numbers[first:last], 1)
    found, _ = answer(lambda m: stacked(m, m[first:last, :] * Fraction(1, 3)), numbers)
    assert found == over(numbers, 1) + over(numbers[first:last], 3)


LOGS = st.fractions(min_value=Fraction(1, 99), max_value=99, max_denominator=99)


@given(value=LOGS, decimals=st.integers(0, 4))
def test_a_logarithm_is_rounded(value: Fraction, decimals: int) -> None:
    found, accepted = answer(lambda m: (m * value).logarithm(decimals), [[1]])
    assert accepted
    with mpmath.workdps(50):
        log = mpmath.log(mpmath.mpf(value.numerator) / value.denominator)
        exact = Fraction(Decimal(mpmath.nstr(log, 45)))
    assert found == [[plain.rounded(exact, decimals)]]


@pytest.mark.parametrize("sheets", [[[0]], [[-1]]])
def test_a_number_without_a_logarithm_is_refused(sheets: Numbers) -> None:
    assert not answer(lambda m: m.logarithm(2), sheets)[1]


@pytest.mark.parametrize("places", [15, 40, 70])
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_a_logarithm_is_right_next_to_a_tie(places: int, decimals: int) -> None:
    """At e to a number halfway between two roundings, cut off to some places."""
    for k in range(-12, 12):
        with mpmath.workdps(places + 30):
            tie = (mpmath.mpf(k) + 0.5) / 10**decimals
            below = Fraction(int(mpmath.floor(mpmath.exp(tie) * 10**places)), 10**places)
        above = below + Fraction(1, 10**places)
        if below:
            assert log_rounded(below, decimals) == k
        assert log_rounded(above, decimals) == k + 1


@given(numbers=MATRICES, data=st.data())
def test_softmax_leaves_out_what_is_not_seen(numbers: Numbers, data: st.DataObject) -> None:
    flags = st.lists(st.integers(0, 1), min_size=len(numbers[0]), max_size=len(numbers[0]))
    seen = data.draw(st.lists(flags, min_size=len(numbers), max_size=len(numbers)))
    found, accepted = answer(lambda m, where: m.softmax(1, where), numbers, seen)
    columns = list(zip(plain.transpose(over(numbers, 1)), plain.transpose(seen), strict=True))
    assert accepted == all(any(flags) for _, flags in columns)
    if accepted:
        for (scores, flags), shares in zip(columns, plain.transpose(found), strict=True):
            kept = [score for score, flag in zip(scores, flags, strict=True) if flag]
            exact = iter(plain.softmax(kept))
            assert shares == [
                plain.rounded(next(exact), 1) if flag else Fraction(0) for flag in flags
            ]


@given(numbers=MATRICES)
def test_sigma_works_entry_by_entry(numbers: Numbers) -> None:
    found, _ = answer(lambda m: m.sigma(2), numbers)
    assert found == each(lambda x: plain.rounded(plain.sigma(x), 2), over(numbers, 1))


SAID: dict[str, tuple[Callable[[Matrix], Matrix], str]] = {
    "quotient": (lambda m: m.divided(2, 10), "given0 ÷ 2"),
    "root": (lambda m: m.square_root(1), "square root of given0"),
    "power": (lambda m: m.power_of(3, 0, 2), "3 to the power of given0"),
    "exponent": (lambda m: m.exponent_of(2, 0, 3), "logarithm of given0 to base 2"),
    "shares": (lambda m: m.shares(10), "each entry of given0 over the sum of its column"),
    "sum": (lambda m: m.sum_of_all(), "sum of all entries of given0"),
    "larger": (lambda m: m.maximum(0), "the larger of given0 and 0"),
    "smaller": (lambda m: m.minimum(m), "the smaller of given0 and given0"),
    "clip": (
        lambda m: m.clip(Fraction(4, 5), Fraction(6, 5)),
        "given0, but 0.8 where it is less and 1.2 where it is more",
    ),
    "exceeds": (lambda m: m.exceeds(1), "1 where given0 is greater than 1, else 0"),
    "log": (lambda m: -m.logarithm(2), "−(natural logarithm of given0)"),
    "rows": (lambda m: m[1:, :], "row 2 of given0"),
    "stacked": (lambda m: stacked(m, m[:1, :]), "given0, row 1 of given0, one above the other"),
    "masked": (lambda m: m.softmax(1, m.open()),
               "softmax of given0, only where 1 where given0 is greater than 0, else 0 is 1"),
    "deviation": (
        lambda m: m.standard_deviation(1),
        "square root of mean of the columns of (given0 − mean of the columns of given0) × "
        "(given0 − mean of the columns of given0)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_formulas_say_it(name: str) -> None:
    expression, words = SAID[name]
    rows, columns = (1, 2) if name == "deviation" else (2, 2)
    graph = traced(expression, [(rows, columns)])
    assert formula(graph, graph.lines["answer"]) == words


def test_a_rounded_line_says_its_decimals_whatever_its_sign() -> None:
    for expression in (lambda m: m.logarithm(2), lambda m: -m.logarithm(2)):
        assert traced(expression, [(1, 1)]).lines["answer"].decimals == 2
    assert traced(lambda m: m.logarithm(2) + 1, [(1, 1)]).lines["answer"].decimals is None


def test_a_batch_refuses_only_what_does_not_come_out() -> None:
    done = evaluated(traced(lambda m: m.divided(2, 1), [(1, 1)]), [[[[4]], [[3]], [[-6]]]])
    assert done.accepted.tolist() == [True, False, True]
    assert [answers(done)[0], answers(done)[2]] == [[[2]], [[-3]]]


COMES_TO: dict[str, tuple[Callable[[Matrix], Matrix], list[list[str | None]]]] = {
    "quotient": (lambda m: m.divided(2, 1), [["3/2", "2"], ["-1/2", "0"]]),
    "quotient by 0": (lambda m: (m - m).divided(m, 1), [["0", "0"], ["0", None]]),
    "power": (lambda m: m.power_of(3, 0, 1), [["27", "81"], ["1/3", "1"]]),
    "exponent": (
        lambda m: (m * Fraction(1, 3)).exponent_of(3, 0, 0),
        [["0", "0"], [None, None]],
    ),
    "nearest exponent": (  # 3 to the power of 0.37 is 3/2, of 0.63 is 2
        lambda m: (m * Fraction(1, 2)).exponent_of(3, 0, 0),
        [["0", "1"], [None, None]],
    ),
    "shares": (lambda m: m.shares(1), [["3/2", "1"], ["-1/2", "0"]]),
    "logarithm": (lambda m: m.logarithm(1), [["1.1", "1.4"], [None, None]]),
}


@pytest.mark.parametrize("name", COMES_TO)
def test_whoever_comes_to_a_refused_number_can_be_followed(name: str) -> None:
    expression, right = COMES_TO[name]
    graph = traced(expression, [(2, 2)])
    done = evaluated(graph, [[[[3, 4], [-1, 0]]]])
    assert done.accepted.tolist() == [False]
    node = graph.lines["answer"].node
    parents = [
        [
            [Fraction(int(cell), parent.denominator) for cell in row]
            for row in done.arrays[parent][0]
        ]
        if parent in done.arrays
        else [[Fraction(int(parent.compute()[0, 0, 0]), parent.denominator)]]
        for parent in node.parents
    ]
    found = node.exactly(*parents)
    assert found == [[None if x is None else Fraction(x) for x in row] for row in right]


@given(numbers=MATRICES, denominator=DENOMINATORS)
def test_what_follows_is_the_next_column_and_then_0(numbers: Numbers, denominator: int) -> None:
    scale = Fraction(1, denominator)
    found, accepted = answer(lambda m: (m * scale).following(), numbers, finest=FINEST)
    assert accepted
    assert found == [[*row[1:], Fraction(0)] for row in over(numbers, denominator)]


@given(
    numbers=MATRICES, denominator=DENOMINATORS, factor=FRACTIONS, finest=st.sampled_from([1, 4, 60])
)
def test_a_discounted_sum_has_each_later_column_by_a_power_of_the_factor(
    numbers: Numbers, denominator: int, factor: Fraction, finest: int
) -> None:
    def expression(m: Matrix) -> Matrix:
        return (m * Fraction(1, denominator)).discounted(factor, finest)

    rows = over(numbers, denominator)
    expected = [
        [sum(factor**k * later for k, later in enumerate(row[t:])) for t in range(len(row))]
        for row in rows
    ]
    found, accepted = answer(expression, numbers, finest=finest)
    assert accepted == all((x * finest).denominator == 1 for row in expected for x in row)
    if accepted:
        assert found == expected
    graph = traced(expression, [(len(numbers), len(numbers[0]))], limit=2**40, finest=finest)
    assert graph.lines["answer"].node.exactly(rows) == expected


def test_a_discounted_sum_counts_a_product_and_a_sum_a_column() -> None:
    graph = traced(lambda m: m.discounted(Fraction(1, 2), 8), [(1, 4)])
    # From the right: 4; 0 + ½ · 4 is a product alone; −1 + ½ · 2 both; 3 + ½ · 0 neither.
    assert evaluated(graph, [[[[3, -1, 0, 4]]]]).effort.tolist() == [3]
