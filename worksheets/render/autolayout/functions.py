"""What functions are called on the page, over an arrow or before a bracket."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.node import Node
from worksheets.engine.notation import on_paper, write
from worksheets.engine.shapes import taken
from worksheets.language import Say, message

NAMES = {
    "relu": "ReLU",
    "open": message("1 if > 0, else 0"),
    "exceeds": message("1 if so, else 0"),
    "softmax": "softmax",
    "softmax_where": "softmax",
    "sigma": "σ",
    "logarithm": "log",
    "square_root": "√",
    "powers": "{}ᵏ",
    "shares": message("÷ sum"),
    "sum_of_all": message("add all"),
    "largest": message("largest size"),
    "clip": message("clip {} … {}"),
    "minimum": message("smaller"),
    "maximum": message("larger"),
    "rounded": "≈",
    "highest": message("highest"),
    "look_up": message("look up"),
    "one_hot": message("one-hot"),
    "same_word": message("same word?"),
    "transpose": message("turned"),
    "beside": message("side by side"),
    "stacked": message("one on the other"),
}
BY_COLUMN = {
    "shares": message("÷ its column’s sum"),
    "highest": message("highest of each column"),
}
BRACKETS = {
    "minimum": "min",
    "maximum": "max",
    "open": message("open"),
    "shares": message("shares"),
}
ONE_COLUMN, COLUMNS = message("column {}"), message("columns {} to {}")
ONE_ROW, ROWS = message("row {}"), message("rows {} to {}")
MEAN, MEANS = message("mean"), message("mean of each row")
SUM, SUMS = message("add all"), message("add up each row")
ONES, ZEROS = message("a row of ones below"), message("a row of zeros below")
DECIMALS = (message("whole number"), message("1 decimal"), message("{} decimals"))


def is_function(node: Node) -> bool:
    """Whether a name says what is done, not a sign between two matrices."""
    return node.operation in (*NAMES, "columns", "rows", "with_row") or averages(node) is not None


def over_arrow(node: Node, say: Say) -> str:
    """What an arrow from the arguments to the value is called."""
    if _looks_up(node):
        node = next(iter(node.parents)) if node.operation == "beside" else node
        return say(NAMES[node.operation])
    if node.operation in ("columns", "rows"):
        one, several = (ONE_COLUMN, COLUMNS) if node.operation == "columns" else (ONE_ROW, ROWS)
        places = taken(node)
        text = one if len(places) == 1 else several
        return say(text).format(places[0] + 1, places[-1] + 1)
    if node.operation == "with_row":
        row = ONES if node.settings[0] else ZEROS
        return say(row)
    if whole := averages(node):
        one, each = (MEAN, MEANS) if whole == "mean" else (SUM, SUMS)
        return say(one if node.shape[0] == 1 else each)
    if node.shape[1] > 1 and node.operation in BY_COLUMN:
        return say(BY_COLUMN[node.operation])
    settings = (on_paper(write(Fraction(one))) for one in node.settings)
    return say(NAMES[node.operation]).format(*settings)


def before_bracket(node: Node, say: Say) -> str:
    """What it is called within a longer expression."""
    if whole := averages(node):
        name = MEAN if whole == "mean" else SUM
        return say(name)
    return say(BRACKETS.get(node.operation, "")) or over_arrow(node, say)


def rounding(node: Node, say: Say) -> str:
    """To how many decimals a function is rounded, if it is."""
    return "" if node.decimals is None else decimals(node.decimals, say)


def decimals(count: int, say: Say) -> str:
    """How finely a line is rounded."""
    return say(DECIMALS[min(count, 2)]).format(count)


def averages(node: Node) -> str | None:
    """Whether a product means "mean" or "sum" of a matrix's columns."""
    if node.operation != "product" or node.parents[1].operation != "constant":
        return None
    weights = node.parents[1]
    count, columns = weights.shape
    if columns > 1 or count == 1:
        return None
    first, *others = weights.settings
    if any(entry != first for entry in others):
        return None
    return {Fraction(1): "sum", Fraction(1, count): "mean"}.get(Fraction(first))


def _looks_up(node: Node) -> bool:
    """Whether all are columns of words in one table."""
    parts = node.parents if node.operation == "beside" else (node,)
    return (
        all(part.operation == "look_up" for part in parts)
        and len({part.parents[0] for part in parts}) == 1
    )
