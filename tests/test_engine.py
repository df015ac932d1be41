"""Exact matrices give what fractions give."""

from collections.abc import Callable
from fractions import Fraction
from itertools import chain

import plain
import pytest
from exact import Fractions, Numbers, answer, answers, evaluated, labels, number, traced
from hypothesis import given
from hypothesis import strategies as st

from worksheets.engine.matrix import Matrix, beside

SIZES = st.integers(1, 4)
DENOMINATORS = st.integers(1, 12)
ENTRIES = st.integers(-9, 9)


def numbers_of(rows: int, columns: int) -> st.SearchStrategy[Numbers]:
    row = st.lists(ENTRIES, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows)


MATRICES = st.tuples(SIZES, SIZES).flatmap(lambda shape: numbers_of(*shape))
PAIRS = st.tuples(SIZES, SIZES).flatmap(lambda shape: st.tuples(*[numbers_of(*shape)] * 2))
FACTORS = st.tuples(SIZES, SIZES, SIZES).flatmap(
    lambda size: st.tuples(numbers_of(size[0], size[1]), numbers_of(size[1], size[2]))
)


def over(numbers: Numbers, denominator: int) -> Fractions:
    return [[Fraction(cell, denominator) for cell in row] for row in numbers]


def each(function: Callable[..., Fraction], *matrices: Fractions) -> Fractions:
    return [
        [function(*cells) for cells in zip(*rows, strict=True)]
        for rows in zip(*matrices, strict=True)
    ]


OF_ONE = {
    "transposed": (lambda m: m.transposed, plain.transpose),
    "with ones": (lambda m: m.with_ones(), lambda m: plain.with_row(m, 1)),
    "with zeros": (lambda m: m.with_zeros(), lambda m: plain.with_row(m, 0)),
    "mean": (lambda m: m.mean(), lambda m: [[sum(row) / len(row)] for row in m]),
    "total": (lambda m: m.total(), lambda m: [[sum(row)] for row in m]),
    "relu": (lambda m: m.relu(), lambda m: each(lambda x: x if x > 0 else Fraction(0), m)),
    "open": (lambda m: m.open(), lambda m: each(lambda x: Fraction(x > 0), m)),
    "negative": (lambda m: -m, lambda m: each(lambda x: -x, m)),
    "minus ones": (lambda m: m.minus_ones(), lambda m: each(lambda _: Fraction(-1), m)),
    "last column": (lambda m: m.column(-1), lambda m: plain.column(m, -1)),
    "first column": (lambda m: m.column(0), lambda m: plain.column(m, 0)),
    "first two columns": (lambda m: m[:, :2], lambda m: [row[:2] for row in m]),
    "largest": (lambda m: m.largest_magnitude(), lambda m: [[max(map(abs, chain(*m)))]]),
    "less 1": (lambda m: m - 1, lambda m: each(lambda x: x - 1, m)),
    "1 less it": (lambda m: 1 - m, lambda m: each(lambda x: 1 - x, m)),
    "and 2": (lambda m: m + 2, lambda m: each(lambda x: x + 2, m)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_ONE)
@given(numbers=MATRICES, denominator=DENOMINATORS)
def test_an_operation_on_one_matrix_is_exact(name: str, numbers: Numbers, denominator: int) -> None:
    engine, by_hand = OF_ONE[name]
    found, _ = answer(lambda m: engine(m * number(Fraction(1, denominator))), numbers)
    assert found == by_hand(over(numbers, denominator))


OF_TWO = {
    "sum": (lambda a, b: a + b, lambda x, y: x + y),
    "difference": (lambda a, b: a - b, lambda x, y: x - y),
    "entry by entry": (lambda a, b: a * b, lambda x, y: x * y),
}


@pytest.mark.parametrize("name", OF_TWO)
@given(pair=PAIRS, first=DENOMINATORS, second=DENOMINATORS)
def test_an_operation_on_two_matrices_is_exact(
    name: str, pair: tuple[Numbers, Numbers], first: int, second: int
) -> None:
    engine, by_hand = OF_TWO[name]

    def expression(a: Matrix, b: Matrix) -> Matrix:
        return engine(a * number(Fraction(1, first)), b * number(Fraction(1, second)))

    found, _ = answer(expression, *pair)
    assert found == each(by_hand, over(pair[0], first), over(pair[1], second))


@pytest.mark.parametrize("name", OF_TWO)
@given(numbers=MATRICES, scale=ENTRIES, denominator=DENOMINATORS)
def test_one_number_fits_every_shape(
    name: str, numbers: Numbers, scale: int, denominator: int
) -> None:
    engine, by_hand = OF_TWO[name]
    value, matrix = Fraction(scale, denominator), over(numbers, 1)
    assert answer(lambda m: engine(m, number(value)), numbers)[0] == each(
        lambda x: by_hand(x, value), matrix
    )
    assert answer(lambda m: engine(number(value), m), numbers)[0] == each(
        lambda x: by_hand(value, x), matrix
    )


@given(factors=FACTORS, first=DENOMINATORS, second=DENOMINATORS)
def test_a_product_is_exact_and_counts_its_work(
    factors: tuple[Numbers, Numbers], first: int, second: int
) -> None:
    def expression(a: Matrix, b: Matrix) -> Matrix:
        return (a * number(Fraction(1, first))) @ (b * number(Fraction(1, second)))

    left, right = over(factors[0], first), over(factors[1], second)
    shapes = [(len(m), len(m[0])) for m in factors]
    done = evaluated(traced(expression, shapes), [[numbers] for numbers in factors])
    assert answers(done) == [plain.product(left, right)]
    scaled = [(Fraction(1, first), factors[0]), (Fraction(1, second), factors[1])]
    on_the_way = sum(plain.scale_effort(scale, over(numbers, 1)) for scale, numbers in scaled)
    assert done.effort.tolist() == [on_the_way + plain.product_effort(left, right)]


@given(pair=PAIRS)
def test_sums_and_products_of_entries_count_their_work(pair: tuple[Numbers, Numbers]) -> None:
    shape, a, b = (len(pair[0]), len(pair[0][0])), over(pair[0], 1), over(pair[1], 1)
    batch = [[numbers] for numbers in pair]
    difference = evaluated(traced(lambda a, b: a - b, [shape] * 2), batch)
    assert difference.effort.tolist() == [plain.subtract_effort(a, b)]
    times = evaluated(traced(lambda a, b: a * b, [shape] * 2), batch)
    assert times.effort.tolist() == [sum(chain(*each(plain.times, a, b)))]


@given(pair=PAIRS, denominator=DENOMINATORS)
def test_matrices_stand_beside_each_other(pair: tuple[Numbers, Numbers], denominator: int) -> None:
    def expression(a: Matrix, b: Matrix) -> Matrix:
        return beside(a, b * number(Fraction(1, denominator)), a)

    a, b = over(pair[0], 1), over(pair[1], denominator)
    found, _ = answer(expression, *pair)
    assert found == [[*x, *y, *x] for x, y in zip(a, b, strict=True)]


@given(table=MATRICES, data=st.data())
def test_words_are_looked_up(table: Numbers, data: st.DataObject) -> None:
    places = st.integers(0, len(table[0]) - 1)
    words = data.draw(st.lists(places, min_size=1, max_size=3))
    found, _ = answer(lambda m, *spoken: m.columns(*spoken), table, words=words)
    assert found == [[Fraction(row[word]) for word in words] for row in table]


@given(size=st.integers(1, 5), data=st.data())
def test_a_word_is_one_hot_in_its_own_row(size: int, data: st.DataObject) -> None:
    word = data.draw(st.integers(0, size))  # word 0, the start, has no row
    found, _ = answer(lambda spoken: spoken.one_hot(labels(size)), words=[word])
    assert found == [[Fraction(row == word)] for row in range(1, size + 1)]


@given(first=st.integers(0, 3), second=st.integers(0, 3))
def test_two_words_are_the_same_or_not(first: int, second: int) -> None:
    found, _ = answer(lambda a, b: a.same_word(b), words=[first, second])
    assert found == [[Fraction(first == second)]]


@given(scores=MATRICES)
def test_the_highest_score_is_the_word_and_a_tie_is_refused(scores: Numbers) -> None:
    found, accepted = answer(lambda m: m.highest(), scores)
    columns = plain.transpose(scores)
    assert accepted == all(column.count(max(column)) == 1 for column in columns)
    if accepted:
        assert found == [[Fraction(1 + column.index(max(column))) for column in columns]]


@pytest.mark.slow
@given(scores=MATRICES, row=st.lists(ENTRIES, min_size=5, max_size=5))
def test_a_decided_word_is_looked_up(scores: Numbers, row: list[int]) -> None:
    def expression(scores: Matrix, table: Matrix) -> Matrix:
        return table.columns(scores.highest().column(-1))

    last = [cells[-1] for cells in scores]
    found, _ = answer(expression, scores, [row])
    assert found[0][0] in {row[1 + n] for n, score in enumerate(last) if score == max(last)}


@given(scores=MATRICES, denominator=DENOMINATORS, decimals=st.integers(0, 3))
def test_softmax_goes_down_each_column(scores: Numbers, denominator: int, decimals: int) -> None:
    found, _ = answer(lambda m: (m * number(Fraction(1, denominator))).softmax(decimals), scores)
    for column, shares in zip(
        plain.transpose(over(scores, denominator)), plain.transpose(found), strict=True
    ):
        assert shares == [plain.rounded(share, decimals) for share in plain.softmax(column)]


@given(value=st.integers(-50, 50), denominator=DENOMINATORS, decimals=st.integers(0, 3))
def test_sigma_is_rounded(value: int, denominator: int, decimals: int) -> None:
    scale = number(Fraction(1, denominator))
    found, _ = answer(lambda m: (m * scale).sigma(decimals), [[value]], bound=50)
    right = plain.sigma(Fraction(value, denominator))
    assert found == [[plain.rounded(right, decimals)]]


UPDATES = st.tuples(SIZES, SIZES).flatmap(
    lambda shape: st.tuples(*[numbers_of(*shape)] * 2, st.booleans())
)


@given(update=UPDATES, inverse=ENTRIES, denominator=DENOMINATORS)
def test_an_update_is_exact_or_refused(
    update: tuple[Numbers, Numbers, bool], inverse: int, denominator: int
) -> None:
    weights, gradient, whole = update
    scale = Fraction(inverse, 10) if whole and inverse else Fraction(1, denominator)

    def expression(W: Matrix, g: Matrix, rate: Matrix) -> Matrix:
        return W.step_down(g * number(scale), rate)

    found, accepted = answer(expression, weights, gradient, [[inverse]])
    slopes = [[cell * scale for cell in row] for row in gradient]
    in_tenths = inverse != 0 and all(
        (cell / inverse * 10).denominator == 1 for cell in chain(*slopes)
    )
    assert accepted == in_tenths
    if accepted:
        rate = Fraction(1, inverse)
        assert found == plain.trained(over(weights, 1), rate, slopes)
        shape = (len(weights), len(weights[0]))
        graph = traced(expression, [shape, shape, (1, 1)])
        done = evaluated(graph, [[weights], [gradient], [[[inverse]]]])
        on_the_way = plain.scale_effort(scale, over(gradient, 1))
        work = plain.update_effort(over(weights, 1), rate, slopes)
        assert done.effort.tolist() == [on_the_way + work]


@given(weights=MATRICES)
def test_the_wrong_direction_goes_as_far_the_other_way(weights: Numbers) -> None:
    def expression(W: Matrix) -> Matrix:
        return W.step_down(W, number(2)) + W.step_up(W, number(2))

    found, accepted = answer(expression, weights)
    assert accepted
    assert found == [[Fraction(2 * cell) for cell in row] for row in weights]
