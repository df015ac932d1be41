"""The blank page alone says how each line is worked, and nothing runs into a border."""

from functools import cache

import pages
import pytest
from samples import LEVELS

pytestmark = pytest.mark.slow  # PDFs are read
POINTS = 72 / 25.4
CELL, BORDER = 8.8, 1.1  # mm: a cell's width, and how far the border of a model's weights reaches
FROM_2 = pytest.mark.parametrize("level", [2, 3])


@cache
def printed(level):
    """All that the blank page says, without spaces, since lines break anywhere."""
    shown = pages.characters(pages.pdf(level, solved=False))
    return "".join(char["text"] for char in shown).replace(" ", "")


def says(level, sentence):
    return sentence.replace(" ", "") in printed(level)


@LEVELS
def test_a_product_is_explained(level):
    assert says(level, "Each cell of a product is its row times its column, added up.")


@FROM_2
def test_the_learning_rate_is_called_so(level):
    assert says(level, "learning rate")


def test_relu_is_explained_where_it_first_stands():
    said = printed(3)
    assert said.index("ReLUturnsnegativenumbersinto0") < said.index("aligned")


@pytest.mark.parametrize(
    ("level", "source", "copies"),
    [
        (2, "Transformer", "step 11, column 3"),
        (3, "attended", "copy attended"),
        (3, "attended", "attended, column 3"),
        (3, "transformed", "transformed, column 3"),
    ],
)
def test_what_is_to_be_copied_is_named_as_where_it_stands(level, source, copies):
    assert says(level, copies)
    assert printed(level).index(source) < printed(level).index(copies.replace(" ", ""))


@LEVELS
def test_words_beside_weights_keep_clear_of_their_border(level):
    words = tuple(pages.sheet(level).key()["words"]["vocabulary"])
    weights = next(
        table
        for table in pages.tables(pages.pdf(level, solved=False))
        if table.row_labels == words and len(table.column_labels) == 3 and table.values[0][0]
    )
    first = weights.cells[0][0].box
    left = (first[0] + first[2]) / 2 / POINTS - CELL / 2
    right = max(head.box[2] for head in weights.row_heads) / POINTS
    assert right <= left - BORDER - 0.3
