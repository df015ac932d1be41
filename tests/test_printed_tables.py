"""A pencil with the tables that the sheet prints comes to the key's rounded numbers."""

import math
from fractions import Fraction

import pages
import pytest
from samples import FAMILIES, LEVELS, keys

from worksheets.engine.notation import read


def printed(level, function):
    """The table of a function that is printed on the blank sheet, as a mapping of texts."""
    for one in pages.tables(pages.pdf(level, solved=False)):
        if one.row_labels == (f"{function} ≈",):
            labels = [label.replace("\N{MINUS SIGN}", "-") for label in one.column_labels]
            return dict(zip(labels, one.values[0], strict=True))
    raise AssertionError(f"no table of {function}")


def value(key, name):
    return next(line["values"] for line in key["lines"] if line["name"] == name)


def one_decimal(number):
    """Half away from zero, of numbers that are not negative."""
    return Fraction(int(number * 10 + Fraction(1, 2)), 10)


@FAMILIES
def test_the_printed_table_of_sigma_gives_the_prediction(level, edition):
    table = printed(level, "σ")
    for key in keys(level, edition):
        assert table[value(key, "gap")[0][0]] == value(key, "prediction")[0][0]


def test_the_printed_table_of_sigma_has_a_value_for_the_gap_of_every_slip():
    table = printed(1, "σ")
    ends = {"less": min(map(int, table.keys() - {"less", "more"})), "more": 2}
    assert ends == {"less": -2, "more": 2}
    for gap in range(-99, 100):
        name = str(gap) if str(gap) in table else "less" if gap < ends["less"] else "more"
        sigma = Fraction(1 / (1 + math.exp(-gap)))
        assert read(table[name]) == one_decimal(sigma), gap


@pytest.mark.parametrize("edition", ["free", "published"])
@pytest.mark.parametrize("level", [2, 3])
def test_the_printed_powers_of_e_give_the_probabilities(level, edition):
    table = printed(level, "eᵏ")
    less = read(table.pop("less"))
    powers = {read(k): read(power) for k, power in table.items()}
    for key in keys(level, edition):
        last = [read(row[-1]) for row in value(key, "scores")]
        terms = [powers.get(score - max(last), less) for score in last]
        shares = [one_decimal(term / sum(terms)) for term in terms]
        assert shares == [read(row[0]) for row in value(key, "probabilities")], key["id"]


@LEVELS
def test_learning_rates_are_printed(level):
    text = "".join(char["text"] for char in pages.characters(pages.pdf(level, solved=False)))
    for rate in pages.sheet(level).constants.values():
        assert f"\N{MINUS SIGN} {rate} · gradient" in text
