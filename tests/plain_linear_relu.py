"""The kind `linear_relu` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    layer,
    product,
    relu,
    subtract,
    transpose,
    with_row,
    without_bias,
)


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    X, W1, W2 = given["inputs"], given["hidden_weights"], given["output_weights"]
    lines = {"hidden": layer(W1, X)}
    lines["active"] = relu(lines["hidden"])
    lines["outputs"] = layer(W2, lines["active"])
    if key["level"] >= 2:
        lines["error"] = error = subtract(lines["outputs"], given["targets"])
        lines["output_weights_gradient"] = by_example(error, with_row(lines["active"], 1))
    if key["level"] >= 3:
        lines["active_gradient"] = back = product(transpose(without_bias(W2)), error)
        lines["relu_mask"] = [[Fraction(cell > 0) for cell in row] for row in lines["hidden"]]
        lines["hidden_gradient"] = closed = [
            [slope if before > 0 else Fraction(0) for slope, before in zip(*rows, strict=True)]
            for rows in zip(back, lines["hidden"], strict=True)
        ]
        lines["hidden_weights_gradient"] = by_example(closed, with_row(X, 1))
    return as_written(lines)


def by_example(slopes: Matrix, inputs: Matrix) -> Matrix:
    """What each example adds to a gradient, summed: slope of the row times input of the column."""
    return [
        [sum((s * x for s, x in zip(row, other, strict=True)), Fraction(0)) for other in inputs]
        for row in slopes
    ]


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = givens(key)
    found = []
    hidden = layer(given["hidden_weights"], given["inputs"])
    if min(flat(hidden)) >= 0:
        found.append("hidden: ReLU has nothing to do")
    if 0 in flat(hidden):
        found.append("hidden: a 0, of which it is not clear whether it is open")
    if not all(any(row) for row in relu(hidden)):
        found.append("active: a unit that is never open")
    if not all(any(column) for column in transpose(relu(hidden))):
        found.append("active: an example that no unit answers to")
    for name in ("hidden_weights", "output_weights"):
        weights = without_bias(given[name])
        if not all(any(line) for line in [*weights, *transpose(weights)]):
            found.append(f"{name}: a row or a column is all 0")
    columns = transpose(given["inputs"])
    if any(columns.count(column) > 1 for column in columns):
        found.append("inputs: two examples are the same")
    if key["level"] >= 2:
        error = subtract(layer(given["output_weights"], relu(hidden)), given["targets"])
        if any(not 1 <= abs(cell) <= 2 for cell in flat(error)):
            found.append("error: not one of ±1 and ±2")
    return found
