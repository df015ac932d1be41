"""Rounding as schools do, and sigma and softmax rounded as the exact numbers are."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import plain
import pytest
from exact import answer, number
from hypothesis import given
from hypothesis import strategies as st

from worksheets.engine.rounding import round_half_away, softmax_rounded

DECIMALS = range(4)
# Closer to a tie than this no double can tell the sides apart.
CLOSE = Fraction(1, 10**20)


def half_away(numerator: int, denominator: int, decimals: int) -> Fraction:
    return Fraction(
        int(round_half_away(np.array([numerator]), denominator, decimals)[0]), 10**decimals
    )


@given(
    numerator=st.integers(-(10**9), 10**9),
    denominator=st.integers(1, 10**5),
    decimals=st.sampled_from(DECIMALS),
)
def test_rounding_is_half_up_on_the_magnitude(
    numerator: int, denominator: int, decimals: int
) -> None:
    magnitude = plain.decimal(Fraction(abs(numerator), denominator))
    rounded = Fraction(magnitude.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    right = -rounded if numerator < 0 else rounded
    assert half_away(numerator, denominator, decimals) == right


@pytest.mark.parametrize("decimals", DECIMALS)
def test_a_tie_goes_away_from_zero(decimals: int) -> None:
    unit = 10**decimals
    for k in range(200):
        tie = 2 * k + 1  # over twice the unit
        assert half_away(tie, 2 * unit, decimals) == Fraction(k + 1, unit)
        assert half_away(-tie, 2 * unit, decimals) == Fraction(-k - 1, unit)
        for steps in (-1, 1):  # a hair beside the tie
            near = Fraction(k + (steps + 1) // 2, unit)
            assert half_away(tie * 10**6 + steps, 2 * unit * 10**6, decimals) == near
            assert half_away(-tie * 10**6 - steps, 2 * unit * 10**6, decimals) == -near


def shares_by_mpmath(scores: tuple[Fraction, ...], decimals: int) -> tuple[int, ...]:
    """Softmax to more digits than any case here is close to a tie."""
    with mpmath.workdps(80):
        powers = [mpmath.exp(mpmath.mpf(s.numerator) / s.denominator) for s in scores]
        total = mpmath.fsum(powers)
        half = mpmath.mpf(1) / 2
        return tuple(int(mpmath.floor(p / total * 10**decimals + half)) for p in powers)


def rounded_sigma(gap: Fraction, decimals: int) -> int:
    return softmax_rounded((gap, Fraction(0)), decimals)[0]


@pytest.mark.parametrize("decimals", [0, 1, 2, 3, 6])
def test_sigma_is_right_for_every_gap(decimals: int) -> None:
    gaps = [Fraction(n) for n in range(-1000, 1001)]
    gaps += [Fraction(n, 7) for n in range(-150, 151)]
    for gap in gaps:
        if gap == 0 and decimals == 0:
            continue  # exactly a half: see below
        assert rounded_sigma(gap, decimals) == shares_by_mpmath((gap, Fraction(0)), decimals)[0]


TIES = [(k, decimals) for decimals in (0, 1, 2) for k in range(10**decimals)]


@pytest.mark.parametrize("places", [15, 40, 70])
def test_sigma_is_right_next_to_a_tie(places: int) -> None:
    """At log(t / (1 - t)), with t halfway between two roundings, cut off to some places."""
    for k, decimals in TIES:
        if (k, decimals) == (0, 0):
            continue
        with mpmath.workdps(places + 30):
            tie = (mpmath.mpf(k) + 0.5) / 10**decimals
            below = Fraction(
                int(mpmath.floor(mpmath.log(tie / (1 - tie)) * 10**places)), 10**places
            )
        assert rounded_sigma(below, decimals) == k
        assert rounded_sigma(below + Fraction(1, 10**places), decimals) == k + 1


def test_the_operation_decides_as_well_as_the_function_next_to_a_tie() -> None:
    with mpmath.workdps(40):
        logit = Fraction(int(mpmath.floor(mpmath.log(17 / mpmath.mpf(3)) * 10**15)), 10**15)
    for gap, right in ((logit, "0.8"), (logit + Fraction(1, 10**15), "0.9")):  # σ is near 0.85
        found, _ = answer(lambda m, gap=gap: (m * number(gap)).sigma(1), [[1]])
        assert found == [[Fraction(right)]]


@pytest.mark.parametrize(("decimals", "half"), [(0, 1), (1, 5), (2, 50)])
def test_equal_scores_share_equally(decimals: int, half: int) -> None:
    assert rounded_sigma(Fraction(0), decimals) == half
    for count in range(1, 41):
        right = int(plain.rounded(Fraction(1, count), decimals) * 10**decimals)
        for score in (Fraction(0), Fraction(-7, 3)):
            assert softmax_rounded((score,) * count, decimals) == (right,) * count


@pytest.mark.parametrize("decimals", [1, 2])
def test_softmax_is_right_for_small_scores(decimals: int) -> None:
    for below in product(range(-9, 1), repeat=3):
        scores = (Fraction(0), *map(Fraction, below))
        if len(set(scores)) > 1:
            assert softmax_rounded(scores, decimals) == shares_by_mpmath(scores, decimals)


@given(
    scores=st.lists(st.fractions(-60, 60, max_denominator=12), min_size=2, max_size=6, unique=True),
    decimals=st.integers(0, 6),
)
def test_softmax_is_right_for_any_scores(scores: list[Fraction], decimals: int) -> None:
    assert softmax_rounded(tuple(scores), decimals) == shares_by_mpmath(tuple(scores), decimals)


@pytest.mark.parametrize("others", [2, 3, 4])
def test_softmax_is_right_next_to_a_tie(others: int) -> None:
    """One score above several zeros, whose share passes halfway between two roundings."""
    zeros = (Fraction(0),) * others
    for k in range(10):
        with mpmath.workdps(60):
            tie = (mpmath.mpf(k) + 0.5) / 10
            score = mpmath.log(others * tie / (1 - tie))
            below = Fraction(int(mpmath.floor(score * 10**25)), 10**25)
        if below:  # else the scores are equal, and the tie is exact
            assert softmax_rounded((below, *zeros), 1)[0] == k
        assert softmax_rounded((below + CLOSE, *zeros), 1)[0] == k + 1


@pytest.mark.parametrize("gap", [10**4, 10**6, 2**40, 2**62])
def test_a_huge_gap_leaves_nothing_to_the_other(gap: int) -> None:
    for decimals in (0, 1, 3):
        assert softmax_rounded((Fraction(gap), Fraction(0)), decimals) == (10**decimals, 0)
        assert rounded_sigma(Fraction(-gap), decimals) == 0
