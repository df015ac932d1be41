"""What the table says of an operation is so, on thousands of small matrices of either sign."""

from fractions import Fraction

import numpy as np
import pytest
from exact import traced
from test_drawn_operations import OPERATIONS as EXPRESSIONS

from worksheets.engine.evaluate import extend
from worksheets.engine.matrix import beside
from worksheets.engine.node import Node
from worksheets.engine.operation import OPERATIONS

SHEETS = 3000
ONLY_GIVEN = {"given", "word", "written"}


def expressions():
    """Every operation on two matrices 3×2, and those on words."""
    yield from (expression for expression, _ in EXPRESSIONS.values())
    yield lambda X, Y: beside(X, Y).columns(Y.highest().column(0))
    yield lambda X, Y: X.maximum(Y)
    yield lambda X, Y: (X * Fraction(1, 2)).logarithm(2)
    yield lambda X, Y: (X * X).shares(1000)
    yield lambda X, Y: X.highest().column(0).same_word(Y.highest().column(0))


def nodes_of(node):
    """A node and all that it is worked out from."""
    return {node}.union(*map(nodes_of, node.parents))


def computed():
    """Each node of these expressions with its values, and its parents' ones, sheet by sheet."""
    random = np.random.default_rng(1)
    for expression in expressions():
        graph = traced(expression, [(3, 2), (3, 2)], limit=99_999, finest=10_000)
        arrays = {
            graph.lines[name].node: random.integers(-3, 4, (SHEETS, 3, 2))
            for name in ("given0", "given1")
        }
        node = graph.lines["answer"].node
        extend(arrays, [node], SHEETS)
        for one in nodes_of(node) - {graph.lines["given0"].node, graph.lines["given1"].node}:
            yield one, arrays


FOUND = list(computed())


@pytest.mark.parametrize("name", sorted(set(OPERATIONS) - ONLY_GIVEN))
def test_what_the_table_says_of_signs_and_entries_is_so(name):
    found = [(node, arrays) for node, arrays in FOUND if node.operation == name]
    assert found, "no expression of the tests has it"
    operation = OPERATIONS[name]
    for node, arrays in found:
        assert node.never_negative or not operation.never_negative
        if node.never_negative:
            refused = (
                node.refuses(arrays[node], *(arrays[p] for p in node.parents))
                if (node.refuses)
                else np.zeros(SHEETS, dtype=bool)
            )
            assert arrays[node][~refused].min() >= 0
        if operation.rearranges:
            for sheet in range(20):
                came_in = {
                    Fraction(int(n), p.denominator)
                    for p in node.parents
                    for n in arrays[p][sheet].ravel()
                }
                came_out = {Fraction(int(n), node.denominator) for n in arrays[node][sheet].ravel()}
                added = set(node.settings) if name == "with_row" else set()
                assert came_out <= came_in | added
                if not operation.leaves_out:
                    assert came_in <= came_out


def test_what_may_be_negative_is_so_on_some_sheet():
    """But a word, which is an index, and what the tests clip to positive numbers."""
    positive = {
        name
        for name in OPERATIONS
        if min((arrays[n].min() for n, arrays in FOUND if n.operation == name), default=-1) >= 0
    }
    declared = {name for name, one in OPERATIONS.items() if one.never_negative}
    assert positive - declared == {"highest", "same_word", "clip"}


def test_an_operation_without_a_row_is_refused_by_name():
    with pytest.raises(KeyError, match=r"operation 'cube' has no row in engine/operation\.py"):
        Node("cube", (), (1, 1), 1, 1, lambda: np.zeros((1, 1, 1), dtype=np.int64))


def test_a_rounded_node_is_made_again_to_other_decimals():
    for node, arrays in FOUND:
        assert (node.decimals is None) == (node.again is None)
        if node.again is not None:
            other = node.again(0)
            assert (other.decimals, other.operation, other.shape) == (0, node.operation, node.shape)
            extend(arrays, [other], SHEETS)
            finer = node.again(4)
            extend(arrays, [finer], SHEETS)
            # Half a unit of rounding each, at most.
            apart = np.abs(arrays[other] * finer.denominator - arrays[finer])
            assert apart.max() <= finer.denominator // 2 + 1
