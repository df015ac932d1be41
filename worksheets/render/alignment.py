"""Find how long the numbers of a column may be, which are aligned on their points.

How far one moves follows from itself and from this, not from the others on its sheet: so nothing on
a page tells of what is hidden.
"""

from __future__ import annotations

from worksheets.engine.graph import Graph
from worksheets.engine.node import Node
from worksheets.engine.notation import MINUS
from worksheets.render.autolayout.bands import Bands
from worksheets.render.autolayout.piece import decimals_of, digits_of

ONE = (1, 1)  # a number of its own stands in the middle of its cell


def size_of(node: Node) -> tuple[int, int, int] | None:
    """Count the longest number's sign, digits and decimals; None if it has no point to align."""
    if node.is_word or node.shape == ONE or (decimals := decimals_of(node)) is None:
        return None
    return int(not node.never_negative), digits_of(node), decimals


def longest_numbers(graph: Graph) -> dict[str, str]:
    """Return the longest number that a column may hold, by the name of each line whose it is.

    Rows of a ledger stand above each other, and so have one. Words and fractions have no point.
    """
    found: dict[Node, str] = {}
    for nodes in Bands(graph).stacked:
        sizes = {node: size for node in nodes if (size := size_of(node))}
        if sizes:
            sign, digits, decimals = map(max, zip(*sizes.values(), strict=True))
            text = MINUS * sign + "0" * digits + "." * bool(decimals) + "0" * decimals
            found |= dict.fromkeys(sizes, text)
    return {line.name: found[line.node] for line in graph.lines.values() if line.node in found}
