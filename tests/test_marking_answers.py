"""Answers as people type them are read, or listed as unreadable, and never guessed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.engine.notation import write
from worksheets.marking.answer import read_number, read_word, spellings


@pytest.mark.parametrize(
    ("typed", "value", "decimals"),
    [
        ("-3", "-3", 0),
        ("\N{MINUS SIGN}3", "-3", 0),
        ("\N{EN DASH}3", "-3", 0),
        ("\N{EM DASH} 3", "-3", 0),
        ("\N{FULLWIDTH HYPHEN-MINUS}３", "-3", 0),
        ("\N{SMALL HYPHEN-MINUS}3", "-3", 0),
        ("- 3", "-3", 0),
        ("+3", "3", 0),
        ("3.", "3", 0),
        ("3.0", "3", 1),
        ("03", "3", 0),
        ("-0", "0", 0),
        (".75", "3/4", 2),
        ("-.5", "-1/2", 1),
        ("0,75", "3/4", 2),
        ("12,5", "25/2", 1),
        ("0,125", "1/8", 3),
        ("3/4", "3/4", None),
        ("\N{MINUS SIGN}6/8", "-3/4", None),
        ("6/-8", "-3/4", None),
        ("-6/-8", "3/4", None),
        ("3 \N{FRACTION SLASH} 4", "3/4", None),
        ("1 1/2", "3/2", None),
        ("-1 1/2", "-3/2", None),
        ("1½", "3/2", None),
        ("½", "1/2", None),
        ("75 %", "3/4", 2),
        ("75\N{NO-BREAK SPACE}%", "3/4", 2),
        ("7,5%", "3/40", 3),
        ("٣٫٥", "7/2", 1),
        ("٧٥٪", "3/4", 2),
        ("−३", "-3", 0),
        ("\N{NO-BREAK SPACE}3\N{ZERO WIDTH SPACE}", "3", 0),
        ("\N{BYTE ORDER MARK}3", "3", 0),
        ("≈ 0.9", "9/10", 1),
        ("= 3", "3", 0),
    ],
)
def test_numbers(typed, value, decimals):
    answer = read_number(typed)
    assert answer.value == Fraction(value)
    assert answer.decimals == decimals
    assert not answer.is_blank
    assert not answer.is_unreadable


@pytest.mark.parametrize("typed", ["", " ", "\t\n", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"])
def test_blanks(typed):
    for answer in (read_number(typed), read_word(typed, spellings(["him", "them"]))):
        assert answer.is_blank
        assert not answer.is_unreadable


@pytest.mark.parametrize(
    "typed",
    [
        "--3", "-", "+", ".", "/", "3/", "/4", "3/0", "three", "3 4", "1,000", "1.234,5", "1,2,3",
        "1e3", "0x10", "3²", "²", "①", "1/2/3", "3%4", "nan", "inf", "3a", "?", "1_000", "3;4",
        "9" * 13, "9" * 100_000, "=1+2", "½½",
    ],
)  # fmt: skip
def test_unreadable(typed):
    answer = read_number(typed)
    assert answer.is_unreadable
    assert answer.value is None
    assert not answer.is_blank


@given(st.fractions(-99, 99, max_denominator=1000))
def test_what_a_key_shows_is_read_as_it_stands(value):
    text = write(value)
    for typed in (text, text.replace("-", "\N{MINUS SIGN}"), text.replace(".", ",")):
        answer = read_number(typed)
        if answer.is_unreadable:  # 1,125 could be a thousand
            assert "," in typed
            assert answer.reason.startswith("its comma")
        else:
            assert answer.value == value


@pytest.mark.slow
@given(st.text(max_size=40))
def test_nothing_typed_makes_it_stumble(text):
    answer = read_number(text)
    assert (answer.value is None) == (answer.is_blank or answer.is_unreadable)


def test_words_in_any_case_and_spacing():
    words = ["[S]", "CEO", "don’t", "them"]
    indices = spellings(words)
    for place, forms in enumerate(
        [("[S]", "s", "[s]"), ("ceo", " CEO "), ("DON’T", "dont"), ("Them", "them.")]
    ):
        for form in forms:
            assert read_word(form, indices).value == place, form
    assert read_word("thm", indices).is_unreadable
    assert read_word("3", indices).is_unreadable


def test_words_that_differ_in_signs_alone_are_told_apart():
    indices = spellings(["no", "no!"])
    assert read_word("NO", indices).value == 0
    assert read_word("no!", indices).value == 1
