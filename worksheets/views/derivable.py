"""Find the answers that can be derived from others without doing their step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from math import prod

from worksheets.engine.graph import Line
from worksheets.engine.node import Node


def largest_worked_out(answers: Sequence[Line]) -> Line:
    """Return the largest answer not derivable from the others; if all are, the largest.

    Beside Z = S ÷ 2, S follows by doubling, though its step is a product, and Z by halving; a
    gradient and trained weights are derivable from each other by a subtraction.
    """
    nodes = {line.node for line in answers}
    told = {node for one in nodes for node in _told(one, nodes)}
    hard = [line for line in answers if line.node not in told and not _is_copy(line.node, nodes)]
    return max(hard or answers, key=lambda line: prod(line.node.shape))


def _told(node: Node, answers: Set[Node]) -> Iterator[Node]:
    """Yield the answers derivable entry by entry from `node`, and `node` if it is from them."""
    for one in _undone(node, answers):
        if _is_once(one, node, answers):
            yield one
            if prod(one.shape) == prod(node.shape):
                yield node


def _undone(node: Node, answers: Set[Node]) -> Iterator[Node]:
    """Yield the answers computable entry by entry from `node`, going back through operations."""
    for parent in _reversible(node):
        if parent in answers:
            yield parent
        else:
            yield from _undone(parent, answers)


def _reversible(node: Node) -> Sequence[Node]:
    """Return the operands computable entry by entry from the result and the other operand."""
    whole = node.traits.rearranges and not node.traits.leaves_out
    if whole or node.operation in ("sum", "difference"):
        return node.parents
    if node.operation == "step_down":
        return node.parents[:2]  # not the rate
    return _scaled(node)


def _scaled(node: Node) -> Sequence[Node]:
    """Return the operand that is only multiplied or divided by one number, if there is one."""
    if node.operation not in ("multiply_entries", "quotient"):
        return ()
    left, right = node.parents
    if _is_number(right):
        return (left,)
    return (right,) if node.operation == "multiply_entries" and _is_number(left) else ()


def _is_number(node: Node) -> bool:
    """Tell whether a node is the same in every entry: 1×1, or a constant."""
    return node.shape == (1, 1) or node.operation == "constant"


def _is_once(one: Node, node: Node, answers: Set[Node]) -> bool:
    """Tell whether an answer stands exactly once in the expression of another."""
    return list(_used(node, answers)).count(one) == 1


def _used(node: Node, answers: Set[Node]) -> Iterator[Node]:
    for parent in node.parents:
        if parent in answers:
            yield parent
        else:
            yield from _used(parent, answers)


def _is_copy(node: Node, answers: Set[Node]) -> bool:
    """Tell whether a node only repeats what stands there already, or a multiple of it."""
    parents = node.parents if node.traits.rearranges else _scaled(node)
    return bool(parents) and all(
        parent in answers or not parent.parents or _is_copy(parent, answers) for parent in parents
    )
