"""The kind `backprop` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    as_written,
    flat,
    givens,
    layer,
    product,
    relu,
    rounded,
    softmax,
    subtract,
    trained,
    transpose,
    undoable,
    with_row,
    without_bias,
)

RATE = Fraction(1, 2)


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    X, W1, W2 = given["inputs"], given["hidden_weights"], given["output_weights"]
    lines = {"hidden": layer(W1, X)}
    lines["active"] = active = relu(lines["hidden"])
    lines["scores"] = layer(W2, active)
    lines["probabilities"] = transpose(
        [[rounded(share, 1) for share in softmax(scores)] for scores in transpose(lines["scores"])]
    )
    if key["level"] >= 2:
        lines["error"] = error = subtract(lines["probabilities"], given["targets"])
        lines["output_gradient"] = product(error, transpose(with_row(active, 1)))
    if key["level"] >= 3:
        lines["active_gradient"] = back = product(transpose(without_bias(W2)), error)
        lines["open"] = [[Fraction(cell > 0) for cell in row] for row in lines["hidden"]]
        lines["raw_gradient"] = closed = [
            [slope if before > 0 else Fraction(0) for slope, before in zip(*rows, strict=True)]
            for rows in zip(back, lines["hidden"], strict=True)
        ]
        lines["hidden_gradient"] = product(closed, transpose(with_row(X, 1)))
        lines["output_trained"] = trained(W2, RATE, lines["output_gradient"])
        lines["hidden_trained"] = trained(W1, RATE, lines["hidden_gradient"])
    return as_written(lines)


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
    if len(set(map(tuple, transpose(given["inputs"])))) == 1:
        found.append("inputs: the examples are the same")
    examples = transpose(layer(given["output_weights"], relu(hidden)))
    found += [fault for scores in examples for fault in undoable(scores)]
    if key["level"] >= 2:
        for target, scores in zip(transpose(given["targets"]), examples, strict=True):
            if sorted(target) != [0, 0, 1]:
                found.append("targets: not one right word for each example")
            if rounded(softmax(scores)[target.index(1)], 1) in (0, 1):
                found.append("targets: a right word that has probability 0 or 1")
        if not all(any(cell != "0" for cell in row) for row in recompute(key)["error"]):
            found.append("error: a word that no example is wrong about")
    if key["level"] >= 3:
        gradient = recompute(key)["hidden_gradient"]
        if sum(any(cell != "0" for cell in row) for row in gradient) < 2:
            found.append("hidden_gradient: fewer than two units that learn")
    return found
