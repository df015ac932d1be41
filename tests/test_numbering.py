"""Streams that are compressed once and numbered often, against zlib and plain digits."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from worksheets.stamp.numbering import Numbered
from worksheets.stamp.table import FREE, INSIDE, NEVER, PLACED, Table

TEXTS = some.sampled_from([b"", b" ", b"<</S/TD/P ", b"/K[", b"\xfe\xff\x00Q", bytes(range(256))])
BASES = some.integers(1, 8_000_000)


def with_gaps(pieces):
    data, gaps = b"", []
    for text, offset in pieces:
        data += text
        gaps.append((len(data), offset))
        data += b" " * 7 + b" 0 R"
    return data, gaps


def filled(data, gaps, base):
    found = data
    for place, offset in gaps:
        number = f"{(base + offset) // 1000:4}{(base + offset) % 1000:03}".encode()
        found = found[:place] + number + found[place + 7 :]
    return found


@given(some.lists(some.tuples(TEXTS, some.integers(0, 4000)), max_size=60), BASES, BASES)
def test_any_base_with_the_same_ending_can_be_filled_in(pieces, first, second):
    data, gaps = with_gaps(pieces)
    stream = Numbered(data, gaps, first % 1000)
    for base in (first, second // 1000 * 1000 + first % 1000):
        assert zlib.decompress(stream.compressed(base // 1000)) == filled(data, gaps, base)


def test_what_is_far_apart_is_stored_again():
    data, gaps = with_gaps([(b"<</K ", 0), (np.random.default_rng(1).bytes(40_000), 1)])
    stream = Numbered(data, gaps, 7)
    assert zlib.decompress(stream.compressed(123)) == filled(data, gaps, 123_007)


def test_a_stream_that_cannot_be_patched_is_compressed_anew():
    """Every byte occurs, so none is left to stand for digits that are not known yet."""
    data, gaps = with_gaps([(bytes(range(256)), place) for place in range(900)])
    stream = Numbered(data, gaps, 500)
    assert not stream.sound
    assert zlib.decompress(stream.compressed(42)) == filled(data, gaps, 42_500)


def test_a_structure_takes_no_compression_of_its_own():
    data, gaps = with_gaps([(b"<</S/TD/P ", place) for place in range(900)])
    stream = Numbered(data, gaps, 500)
    assert stream.sound
    assert len(stream.compressed(42)) < len(data) / 4


@pytest.mark.parametrize("unused", [0, 1, 5])
def test_the_table_says_where_everything_is(unused):
    table = Table()
    table.add(FREE, [0], [NEVER])
    table.add(PLACED, [15, 300], 0)
    starts = np.array([[1000, 2000], [3000, 70_000], [80_000, 90_000]], dtype=np.uint64)
    inside, count = 300, 302 + unused
    bases = np.arange(3, 3 + 3 * count, count)
    table.add_sheets(starts, bases, inside, unused)
    table.add(PLACED, [99_999], 0)
    expected = [(0, 0, NEVER), (1, 15, 0), (1, 300, 0)]
    for base, places in zip(bases, starts, strict=True):
        expected += [(PLACED, place, 0) for place in places]
        expected += [(INSIDE, base, index) for index in range(inside)]
        expected += [(FREE, 0, NEVER)] * unused
    expected.append((1, 99_999, 0))
    assert rows(table.finish()) == expected


def rows(stream):
    """Type, place and index of each object, PNG's filter "up" undone row by row."""
    data, above, found = zlib.decompress(stream), bytes(8), []
    for at in range(0, len(data), 9):
        assert data[at] == 2
        above = bytes(
            (one + up) % 256 for one, up in zip(data[at + 1 : at + 9], above, strict=True)
        )
        numbers = above[:1], above[1:6], above[6:]
        found.append(tuple(int.from_bytes(number, "big") for number in numbers))
    return found
