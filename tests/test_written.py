"""What a law rounds, against the decimal module's rounding half away from zero."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from worksheets.written import written

WHOLE = st.integers(-(10**6), 10**6)


@given(WHOLE, st.sampled_from([1, 2, 4, 5, 8, 10, 16, 20, 32, 80]), st.integers(0, 3))
def test_a_fraction_is_rounded_exactly(numerator, denominator, decimals):
    right = Decimal(numerator) / denominator  # which ends
    right = right.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert written(sympy.Rational(numerator, denominator), decimals) == sympy.Rational(str(right))


@given(WHOLE, WHOLE.filter(bool), st.integers(0, 3))
def test_any_fraction_is_at_most_half_a_unit_away(numerator, denominator, decimals):
    rounded = written(sympy.Rational(numerator, denominator), decimals)
    away = abs(Fraction(numerator, denominator) - Fraction(rounded.p, rounded.q))
    assert away <= Fraction(1, 2 * 10**decimals)


@given(st.integers(-60, 60), st.integers(0, 9))
def test_a_power_of_e_is_rounded_as_decimals_are(tenths, decimals):
    with localcontext() as context:
        context.prec = 60
        right = (Decimal(tenths) / 10).exp().quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert written(-sympy.exp(sympy.Rational(tenths, 10)), decimals) == -sympy.Rational(str(right))


@pytest.mark.parametrize(("value", "right"), [("1/2", 1), ("-1/2", -1), ("49/100", 0), ("0", 0)])
def test_a_half_goes_away_from_zero(value, right):
    assert written(sympy.Rational(value), 0) == right
