"""Which answers others give away: from these they are had without what the step is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from math import prod

from worksheets.engine.graph import Line
from worksheets.engine.node import Node


def largest_worked_out(answers: Sequence[Line]) -> Line:
    """The largest answer that the others do not give away; if they do each, the largest of all.

    Beside Z = S ÷ 2, S is had by doubling, though its step is a product, and Z by halving; a
    gradient and trained weights give each other away by a subtraction.
    """
    nodes = {line.node for line in answers}
    told = {node for one in nodes for node in _told(one, nodes)}
    hard = [line for line in answers if line.node not in told and not _is_copy(line.node, nodes)]
    return max(hard or answers, key=lambda line: prod(line.node.shape))


def _told(node: Node, answers: Set[Node]) -> Iterator[Node]:
    """What is had from an answer entry by entry, and the answer too if it is so had from that."""
    for one in _undone(node, answers):
        if _is_once(one, node, answers):
            yield one
            if prod(one.shape) == prod(node.shape):
                yield node


def _undone(node: Node, answers: Set[Node]) -> Iterator[Node]:
    """The answers whose every entry is had from this matrix, going back entry by entry."""
    for parent in _reversible(node):
        if parent in answers:
            yield parent
        else:
            yield from _undone(parent, answers)


def _reversible(node: Node) -> Sequence[Node]:
    """The operands that are had from the result and the other operand, entry by entry."""
    whole = node.traits.rearranges and not node.traits.leaves_out
    if whole or node.operation in ("sum", "difference"):
        return node.parents
    if node.operation == "step_down":
        return node.parents[:2]  # not the rate
    return _scaled(node)


def _scaled(node: Node) -> Sequence[Node]:
    """What is multiplied or divided by one number, if that is all that is done."""
    if node.operation not in ("times", "quotient"):
        return ()
    left, right = node.parents
    if _is_number(right):
        return (left,)
    return (right,) if node.operation == "times" and _is_number(left) else ()


def _is_number(node: Node) -> bool:
    """Whether it is the same in every entry: 1×1, or a constant."""
    return node.shape == (1, 1) or node.operation == "constant"


def _is_once(one: Node, node: Node, answers: Set[Node]) -> bool:
    """Whether an answer stands once alone in what another is worked out from."""
    return list(_used(node, answers)).count(one) == 1


def _used(node: Node, answers: Set[Node]) -> Iterator[Node]:
    for parent in node.parents:
        if parent in answers:
            yield parent
        else:
            yield from _used(parent, answers)


def _is_copy(node: Node, answers: Set[Node]) -> bool:
    """Whether it only repeats what stands there already, or a multiple of it."""
    parents = node.parents if node.traits.rearranges else _scaled(node)
    return bool(parents) and all(
        parent in answers or not parent.parents or _is_copy(parent, answers) for parent in parents
    )
