"""Columns whose softmax is drawn in tenths, against plain fractions of 60 digits."""

from fractions import Fraction
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from plain import near_border, rounded, softmax, softmax_by_hand

from worksheets.sampling.tenths import tenths


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_pencil_with_the_printed_powers_finds_the_tenths(size: int) -> None:
    some = (
        product(range(9), repeat=size) if size < 5 else combinations_with_replacement(range(9), 5)
    )
    columns = list(some)
    found, doable = tenths(np.array(columns).T[None])
    assert found.shape == (1, size, len(columns))
    assert doable.any()
    for column, shares, good in zip(columns, found[0].T.tolist(), doable[0], strict=True):
        scores = list(map(Fraction, column))
        exact = softmax(scores)
        right = [rounded(share, 1) for share in exact]
        if good:
            assert [Fraction(share, 10) for share in shares] == right
        by_hand = [rounded(share, 1) for share in softmax_by_hand(scores, 3)]
        clear = not any(near_border(share, 1) for share in exact)
        assert good == (by_hand == right and clear and sum(right) == 1), column
