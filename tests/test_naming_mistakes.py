"""Which wrong cells are a mistake's, and which a slip that happens to look like one."""

from collections.abc import Iterable

import marked as m
import numpy as np
import pytest

from worksheets.marking.marks import Mark, Marked
from worksheets.sheet import Sheet


def changed(one: Sheet, cells: Iterable[tuple[int, int]], more: int = 0) -> Marked:
    """A sheet of two factors on which these cells of the product are those of the swapped one.

    So many others are wrong as nobody's mistake makes them.
    """
    left, right = (np.array(one.values[name], int) for name in ("left", "right"))
    swapped = right @ left
    texts = {("product", *cell): str(swapped[cell]) for cell in cells}
    others = [("product", *cell) for cell in np.ndindex(3, 3) if ("product", *cell) not in texts]
    texts |= dict.fromkeys(others[:more], "777")
    return m.marking(m.submission(one, texts)).marked[0]


def differing(one: Sheet) -> list[tuple[int, int]]:
    """Where the two products differ."""
    left, right = (np.array(one.values[name], int) for name in ("left", "right"))
    return [tuple(cell) for cell in np.argwhere(left @ right != right @ left).tolist()]


@pytest.mark.parametrize("number", range(5))
def test_a_slip_that_looks_like_a_mistake_is_a_slip(number):
    """What the other cells of the line say counts: one cell, two, one column, and all of them."""
    one, name = m.sheet(1, number, "MATM"), "factors swapped"
    cells = differing(one)
    assert len(cells) >= 8
    for cell in cells:
        paper = changed(one, [cell])
        assert paper.cells["product", *cell].mark is Mark.WRONG
        assert [finding.mistake for finding in paper.findings] == [""]
    for some, more, named in (
        (cells[:2], 0, True),
        ([cell for cell in cells if cell[1] == cells[0][1]], 0, True),
        (cells, 0, True),
        (cells[:2], 2, True),
        (cells[:2], 3, False),
    ):
        paper = changed(one, some, more)
        found = {paper.cells["product", *cell].mistake for cell in some}
        assert found == {name if named else None}, (some, more)


def test_a_mistake_that_nothing_speaks_against_is_named_by_a_single_cell():
    """All other cells are blank, or unreadable."""
    one, name = m.sheet(1, 0, "MATM"), "factors swapped"
    (first, *others) = differing(one)
    left, right = (np.array(one.values[which], int) for which in ("left", "right"))
    texts = {("product", *cell): None for cell in np.ndindex(3, 3)}
    texts |= {("product", *others[0]): "one", ("product", *first): str((right @ left)[first])}
    paper = m.marking(m.submission(one, texts)).marked[0]
    assert paper.cells["product", *first].mistake == name
