"""Numbers as files and as paper show them."""

import re
from decimal import Decimal
from fractions import Fraction

import plain_rlhf as plain
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.engine.notation import MINUS, on_paper, read, write

INTEGER = re.compile(r"-?(0|[1-9]\d*)")
DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.\d*[1-9]")
FRACTION = re.compile(r"-?[1-9]\d*/[1-9]\d*")
VALUES = st.one_of(
    st.integers().map(Fraction),
    st.fractions(),
    st.fractions(max_denominator=60),
    st.decimals(-(10**6), 10**6, allow_nan=False, places=3).map(Fraction),
)


def ends(denominator: int) -> bool:
    """Whether a division by this number ends: it divides a power of ten."""
    return 10 ** denominator.bit_length() % denominator == 0


@given(value=VALUES)
def test_what_is_written_is_read_again(value: Fraction) -> None:
    assert read(write(value)) == value
    assert read(on_paper(write(value))) == value


@given(value=VALUES)
def test_a_number_is_an_integer_else_a_decimal_else_a_fraction(value: Fraction) -> None:
    text = write(value)
    if value.denominator == 1:
        assert INTEGER.fullmatch(text)
        assert int(text) == value
    elif ends(value.denominator):
        assert DECIMAL.fullmatch(text)
        assert Fraction(Decimal(text)) == value
    else:
        assert FRACTION.fullmatch(text)
        assert [int(part) for part in text.split("/")] == [value.numerator, value.denominator]


@given(value=VALUES)
def test_a_second_writer_agrees(value: Fraction) -> None:
    assert write(value) == plain.written(value)


@given(value=VALUES)
def test_files_have_a_hyphen_and_paper_a_minus_sign(value: Fraction) -> None:
    text, paper = write(value), on_paper(write(value))
    assert text.isascii()
    assert "-" not in paper
    assert paper.startswith("\u2212") == text.startswith("-") == (value < 0)
    assert paper.lstrip("\u2212") == text.lstrip("-")


@pytest.mark.parametrize(
    ("value", "text", "paper"),
    [
        (Fraction(-3), "-3", "−3"),
        (Fraction(0), "0", "0"),
        (Fraction(7, 10), "0.7", "0.7"),
        (Fraction(-1, 10), "-0.1", "−0.1"),
        (Fraction(1, 3), "1/3", "1/3"),
        (Fraction(-22, 7), "-22/7", "−22/7"),
        (Fraction(1, 8), "0.125", "0.125"),
        (Fraction(-2001, 100), "-20.01", "−20.01"),
        (Fraction(10), "10", "10"),
    ],
)
def test_a_number_in_a_file_and_on_paper(value: Fraction, text: str, paper: str) -> None:
    assert write(value) == text
    assert on_paper(text) == paper
    assert paper.count(MINUS) == (value < 0)


@pytest.mark.parametrize("text", ["", "x", "1,5", "--1", "1/", "1/0", "1 2", "1.2.3", "−", "one"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"Invalid literal"):
        read(text)
