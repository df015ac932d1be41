"""Write in words how a line is computed from others, for pages without a drawing of their own."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from worksheets.engine.graph import Graph, Line
from worksheets.engine.matrix import Labels
from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.engine.shapes import taken
from worksheets.language import Say, message

# Operands of these are put in brackets, unless they have a name or brackets of their own.
TIGHT = frozenset({"product", "multiply_entries", "quotient", "negative", "transpose"})
PLAIN = frozenset({"constant", "with_row"})
SUMS = frozenset({"sum", "difference"})


def formula(graph: Graph, line: Line, say: Say = message) -> str:
    """Say in a language how to compute this line; empty if it is given."""
    if line.how is not None:
        return line.how
    return "" if line.role == "given" else Namer(graph, say).inside(line.node)


class Namer:
    """Name nodes: those of lines and words by their own, others by how they are computed."""

    def __init__(self, graph: Graph, say: Say = message) -> None:
        self.say = say
        self.lines = {line.node: line for line in graph.lines.values()}
        self.names = {line.node: line.title for line in graph.lines.values()}
        self.names |= {node: say(f"the {role} word") for role, node in graph.words.items()}
        self.rates = {node: say(name.replace("_", " ")) for name, node in graph.rates.items()}

    def text(self, node: Node) -> str:
        """Return its name, or else how it is computed."""
        return self.names.get(node) or self.inside(node)

    def factor(self, node: Node) -> str:
        """Return the same, in brackets if it has no name."""
        text = self.text(node)
        return text if node in self.names or node.operation in PLAIN else f"({text})"

    def inside(self, node: Node) -> str:
        """Say how the node itself is computed, whatever its name."""
        writers: dict[str, Callable[[Node], str]] = {
            "product": self._product,
            "beside": self._beside,
            "stacked": self._stacked,
            "columns": self._columns,
            "rows": self._rows,
            "with_row": self._with_row,
            "constant": _constant,
            "step_down": self._descended,
        }
        if node.operation in writers:
            return writers[node.operation](node)
        texts = [self.text(parent) for parent in node.parents]
        if node.operation in TIGHT:
            texts = [self.factor(parent) for parent in node.parents]
        elif node.operation in SUMS and node.parents[1].operation in SUMS:
            texts[1] = self.factor(node.parents[1])
        settings = (on_paper(write(Fraction(one))) for one in node.settings)
        return self.say(WORDS[node.operation]).format(*texts, *settings)

    def _product(self, node: Node) -> str:
        left, right = node.parents
        if right.operation == "constant":  # one number n times
            whole = right.denominator == 1
            what = (
                message("sum of the columns of {}")
                if whole
                else message("mean of the columns of {}")
            )
            return self.say(what).format(self.text(left))
        return f"{self.factor(left)} · {self.factor(right)}"

    def _beside(self, node: Node) -> str:
        if len(node.parents) == 1:
            return self.text(node.parents[0])
        tables = list(dict.fromkeys(part.parents[:1] for part in node.parents if part.parents))
        if all(part.operation == "look_up" for part in node.parents) and len(tables) == 1:
            return self.say("the columns of these words in {}").format(self.text(tables[0][0]))
        parts = ", ".join(self.text(part) for part in node.parents)
        return self.say("{}, side by side").format(parts)

    def _columns(self, node: Node) -> str:
        (whole,) = node.parents
        places = taken(node)
        if len(places) == 1:
            labels = self.lines[whole].column_labels if whole in self.lines else ()
            return self._one(message("column {} of {}"), whole, places[0], labels)
        if places[0] == 0 and len(places) == whole.shape[1] - 1:
            return self.say("{} without its last column").format(self.text(whole))
        first, last = places[0] + 1, places[-1] + 1
        return self.say("columns {} to {} of {}").format(first, last, self.text(whole))

    def _one(self, place_of: str, whole: Node, place: int, labels: Labels) -> str:
        """Name one column or row by its label; by its place if the label is no name of its own."""
        if not labels or labels[place].isdigit() or "{" in labels[place]:
            return self.say(place_of).format(place + 1, self.text(whole))
        return self.say("{label} of {line}").format(label=labels[place], line=self.text(whole))

    def _stacked(self, node: Node) -> str:
        parts = ", ".join(self.text(part) for part in node.parents)
        return self.say("{}, one above the other").format(parts)

    def _rows(self, node: Node) -> str:
        (whole,) = node.parents
        places = taken(node)
        if len(places) == 1:
            labels = self.lines[whole].row_labels if whole in self.lines else ()
            return self._one(message("row {} of {}"), whole, places[0], labels)
        first, last = places[0] + 1, places[-1] + 1
        return self.say("rows {} to {} of {}").format(first, last, self.text(whole))

    def _with_row(self, node: Node) -> str:
        (above,) = node.parents
        ones = message("({} with a row of ones below)")
        row = ones if node.settings[0] else message("({} with a row of zeros below)")
        return self.say(row).format(self.text(above))

    def _descended(self, node: Node) -> str:
        weights, gradient, inverse = node.parents
        return f"{self.text(weights)} − {self.rates[inverse]} · {self.factor(gradient)}"


WORDS = {
    "sum": "{} + {}",
    "difference": "{} − {}",
    "multiply_entries": "{} × {}",
    "transpose": message("{} transposed"),
    "look_up": message("the column of {1} in {0}"),
    "negative": "−{}",
    "relu": message("ReLU of {}: what is negative becomes 0"),
    "open": message("1 where {} is greater than 0, else 0"),
    "rounded": "{}",
    "softmax": message("softmax of {}"),
    "softmax_where": message("softmax of {}, only where {} is 1"),
    "logarithm": message("natural logarithm of {}"),
    "quotient": "{} ÷ {}",
    "square_root": message("square root of {}"),
    "powers": message("{1} to the power of {0}"),
    "exponents": message("logarithm of {0} to base {1}"),
    "shares": message("each entry of {} over the sum of its column"),
    "sum_of_all": message("sum of all entries of {}"),
    "following": message("the next {}"),
    "discounted": message("{} + {} · the next one, from the last to the first"),
    "maximum": message("the larger of {} and {}"),
    "minimum": message("the smaller of {} and {}"),
    "clip": message("{0}, but {1} where it is less and {2} where it is more"),
    "exceeds": message("1 where {} is greater than {}, else 0"),
    "sigma": message("σ of {}"),
    "highest": message("in each column of {}, the word with the highest score"),
    "one_hot": message("1 in the row of {}, else 0"),
    "same_word": message("is {} the same as {}? yes or no"),
    "largest": message("the largest magnitude in {}"),
}


def _constant(node: Node) -> str:
    return on_paper(write(Fraction(node.settings[0])))
