"""Name functions for the page, over an arrow or before a bracket."""

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
    "exponents": "log{}",
    "shares": message("÷ sum"),
    "sum_of_all": message("add all"),
    "largest": message("largest size"),
    "following": message("next"),
    "discounted": message("+ {} · the next one"),
    "clip": message("clip {} … {}"),
    "minimum": message("smaller"),
    "maximum": message("larger"),
    "rounded": "≈",
    "highest": message("highest"),
    "look_up": message("look up"),
    "one_hot": message("one-hot"),
    "same_word": message("same word?"),
    "transpose": message("transposed"),
    "beside": message("side by side"),
    "stacked": message("one on the other"),
}
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
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
MEAN_OF_COLUMNS = message("mean of each column")
SUM_OF_COLUMNS = message("add up each column")
ONES, ZEROS = message("a row of ones below"), message("a row of zeros below")
DECIMALS = (message("whole number"), message("1 decimal"), message("{} decimals"))


def is_function(node: Node) -> bool:
    """Tell whether a name says what is done, not a sign between two matrices."""
    return node.operation in (*NAMES, "columns", "rows", "with_row") or averages(node) is not None


def over_arrow(node: Node, say: Say) -> str:
    """Return the text over an arrow from the arguments to the value."""
    if looks_up(node):
        node = next(iter(node.parents)) if node.operation == "beside" else node
        return say(NAMES[node.operation])
    if node.operation in ("columns", "rows"):
        single, several = (ONE_COLUMN, COLUMNS) if node.operation == "columns" else (ONE_ROW, ROWS)
        places = taken(node)
        text = single if len(places) == 1 else several
        return say(text).format(places[0] + 1, places[-1] + 1)
    if node.operation == "with_row":
        row = ONES if node.settings[0] else ZEROS
        return say(row)
    if whole := averages(node):
        of_row, of_rows = (MEAN, MEANS) if whole == "mean" else (SUM, SUMS)
        if node.parents[0].operation == "constant":
            of_rows = MEAN_OF_COLUMNS if whole == "mean" else SUM_OF_COLUMNS
        return say(of_row if node.shape == (1, 1) else of_rows)
    if node.shape[1] > 1 and node.operation in BY_COLUMN:
        return say(BY_COLUMN[node.operation])
    settings = [on_paper(write(Fraction(number))) for number in node.settings]
    if node.operation == "exponents":
        settings = [base.translate(SUBSCRIPTS) for base in settings]
    return say(NAMES[node.operation]).format(*settings)


def before_bracket(node: Node, say: Say) -> str:
    """Return a function's name within a longer expression."""
    if whole := averages(node):
        name = MEAN if whole == "mean" else SUM
        return say(name)
    return say(BRACKETS.get(node.operation, "")) or over_arrow(node, say)


def rounding(node: Node, say: Say) -> str:
    """Say to how many decimals a function is rounded, if it is."""
    return "" if node.decimals is None else decimals(node.decimals, say)


def decimals(count: int, say: Say) -> str:
    """Say how finely a line is rounded."""
    return say(DECIMALS[min(count, 2)]).format(count)


def averages(node: Node) -> str | None:
    """Return "mean" or "sum" if a product means that of a matrix's columns, or of its rows."""
    if node.operation != "product":
        return None
    for weights in node.parents:
        count = max(weights.shape)
        if weights.operation != "constant" or min(weights.shape) > 1 or count == 1:
            continue
        first, *others = weights.settings
        if not any(entry != first for entry in others):
            return {Fraction(1): "sum", Fraction(1, count): "mean"}.get(Fraction(first))
    return None


def averaged(node: Node) -> Node:
    """Return the matrix of which a product is the mean or the sum."""
    left, right = node.parents
    return right if left.operation == "constant" else left


def reduced(node: Node) -> Node | None:
    """Return the matrix of which this is the mean, the sum or the largest magnitude, if it is."""
    if averages(node):
        return averaged(node)
    return node.parents[0] if node.operation in ("sum_of_all", "largest") else None


def of_a_number(node: Node) -> Node | None:
    """Return the one number of which this is a function, if it is."""
    alone = node.shape == (1, 1) and len(node.parents) == 1 and node.operation in NAMES
    return node.parents[0] if alone and node.parents[0].shape == (1, 1) else None


def looks_up(node: Node) -> bool:
    """Tell whether all parts are columns of words in one table."""
    parts = node.parents if node.operation == "beside" else (node,)
    return (
        all(part.operation == "look_up" for part in parts)
        and len({part.parents[0] for part in parts}) == 1
    )
