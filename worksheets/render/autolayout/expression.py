"""Lay an expression out as matrices side by side, with signs and functions' arrows between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from worksheets.engine.graph import Graph
from worksheets.engine.node import Node
from worksheets.engine.notation import MINUS, on_paper, write
from worksheets.render.autolayout.functions import (
    averaged,
    before_bracket,
    is_function,
    looks_up,
    over_arrow,
    rounding,
)
from worksheets.render.autolayout.operand import Operands
from worksheets.render.autolayout.piece import Item, Sign

# What binds more needs no brackets inside what binds less; a name has brackets of its own.
RANKS = {"exceeds": 0, "sum": 1, "difference": 1, "step_down": 1, "negative": 1}
RANKS |= {"product": 2, "multiply_entries": 2, "quotient": 2}
ATOM = 3
SIGNS = {"sum": "+", "difference": MINUS, "product": "·", "quotient": "÷", "exceeds": ">"}
BY_ENTRY, BY_ONE_NUMBER = "⊙", "·"
ONE = (1, 1)


class Expressions:
    """Read the right sides of one graph's lines."""

    def __init__(self, graph: Graph, operands: Operands) -> None:
        self.matrix, self.say, self.namer = operands.matrix, operands.say, operands.namer
        self.rates = {node: name for name, node in graph.rates.items()}
        self.words = {node: role for role, node in graph.words.items()}

    def items(self, core: Node) -> list[Item]:
        """Return all that stands before a line's result; what comes last may be an arrow."""
        if not core.parents:  # a constant, or a word of the sheet
            return list(self._ranked(core, 0))
        if core.operation == "multiply_entries":
            return list(self._multiplied_entries(*core.parents))
        if looks_up(core):
            table, *words = _arguments(core)
            said = ", ".join(self._word(word) for word in words)
            return [*self._ranked(table, ATOM), Sign(over_arrow(core, self.say), said, arrow=True)]
        if core.operation in ("minimum", "maximum") or not is_function(core):
            return list(self._inside(core))
        if core.operation == "exceeds":
            inside = list(self._listed(core.parents, ">", 1))
        else:
            arguments = _arguments(core)
            rank = ATOM if len(arguments) == 1 else 0
            inside = list(
                self._listed(arguments, self.say("where") if _is_masked(core) else ",", rank)
            )
        return [*inside, Sign(over_arrow(core, self.say), rounding(core, self.say), arrow=True)]

    def _word(self, word: Node) -> str:
        """Return the name of a word that is looked up, or of the line that holds it."""
        if word in self.words:
            return f"{{{self.words[word]}}}"
        return self.namer.text(word)

    def _listed(self, arguments: Iterable[Node], sign: str, rank: int = 0) -> Iterator[Item]:
        for place, argument in enumerate(arguments):
            if place:
                yield Sign(sign, parts=True)
            yield from self._ranked(argument, rank)

    def _ranked(self, node: Node, rank: int) -> Iterator[Item]:
        """Yield an operand, in brackets if it binds less than this."""
        if (whole := self.matrix(node)) is not None:
            yield whole
        elif node in self.words:
            yield Sign(f"{{{self.words[node]}}}")
        elif node.operation == "constant":
            text = on_paper(write(Fraction(node.settings[0])))
            yield Sign(f"({text})" if text.startswith(MINUS) and rank else text)
        elif _rank(node) < rank:
            yield from (Sign("("), *self._inside(node), Sign(")"))
        else:
            yield from self._inside(node)

    def _inside(self, node: Node) -> Iterator[Item]:
        """Yield the operation itself, whether or not it has a name."""
        operation = node.operation
        if operation == "negative":
            yield Sign(MINUS)
            yield from self._ranked(node.parents[0], 2)
        elif operation in ("sum", "difference", "exceeds"):
            yield from self._two(node, SIGNS[operation], 1, 1 + (operation != "sum"))
        elif operation == "multiply_entries":
            yield from self._multiplied_entries(
                *sorted(node.parents, key=_is_printed, reverse=True)
            )
        elif operation == "step_down":
            weights, gradient, inverse = node.parents
            yield from self._ranked(weights, 1)
            yield from self._step(gradient, inverse)
        elif operation in ("beside", "stacked"):
            yield Sign("(")
            yield from self._listed(_arguments(node), ",")
            yield Sign(")")
        elif is_function(node):
            yield Sign(before_bracket(node, self.say) + " (", rounding(node, self.say))
            yield from self._listed(_arguments(node), ",")
            yield Sign(")")
        elif number := repeated(node):
            yield Sign(on_paper(write(number)))
            yield Sign(BY_ONE_NUMBER)
            yield from self._ranked(node.parents[1], 3)
        else:
            yield from self._two(node, SIGNS[operation], 2, 3)

    def _two(self, node: Node, sign: str, left: int, right: int) -> Iterator[Item]:
        yield from self._ranked(node.parents[0], left)
        yield Sign(sign)
        yield from self._ranked(node.parents[1], right)

    def _multiplied_entries(self, left: Node, right: Node) -> Iterator[Item]:
        """Yield a product entry by entry, or of one number and every entry."""
        yield from self._ranked(left, 2)
        yield Sign(BY_ONE_NUMBER if ONE in (left.shape, right.shape) else BY_ENTRY)
        yield from self._ranked(right, 3)

    def _step(self, gradient: Node, inverse: Node) -> Iterator[Item]:
        """Yield what a step of gradient descent takes away, its rate printed if it has a name."""
        if inverse in self.rates:
            yield Sign(f"{MINUS} {{constant.{self.rates[inverse]}}} {BY_ONE_NUMBER}")
            yield from self._ranked(gradient, 3)
        else:
            yield Sign(MINUS)
            yield from self._ranked(gradient, 2)
            yield Sign(SIGNS["quotient"])
            yield from self._ranked(inverse, 3)


def repeated(node: Node) -> Fraction | None:
    """Return the number by which a product repeats a row, multiplied by it, if it does that."""
    if node.operation != "product" or (left := node.parents[0]).operation != "constant":
        return None
    numbers = set(left.settings)
    return Fraction(numbers.pop()) if left.shape[1] == 1 == len(numbers) else None


def _rank(node: Node) -> int:
    return ATOM if is_function(node) else RANKS.get(node.operation, ATOM)


def _is_printed(node: Node) -> bool:
    return node.operation == "constant"


def _is_masked(node: Node) -> bool:
    return node.operation == "softmax_where"


def _arguments(node: Node) -> tuple[Node, ...]:
    """Return a function's arguments; a table and the words looked up in it, each once."""
    if node.operation == "product":
        return (averaged(node),)
    parts = node.parents if node.operation == "beside" else (node,)
    if any(part.operation != "look_up" for part in parts):
        return node.parents
    tables = dict.fromkeys(part.parents[0] for part in parts)
    words = dict.fromkeys(_words(part.parents[1]) for part in parts)
    if len(tables) > 1:
        return node.parents
    several = len(parts) > 1  # then the labels over the columns say the words of the sheet
    return (*tables, *(word for word in words if word.parents or not several))


def _words(word: Node) -> Node:
    return word.parents[0] if word.operation == "columns" else word
