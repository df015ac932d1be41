"""The kind `backprop` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    hard,
    in_tenths,
    layer,
    logarithm,
    near_border,
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

RATE, MOST_HARD = Fraction(1, 10), 3  # products of two numbers of two digits in Z′


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    return as_written(lines_of(key))


def lines_of(key: Key) -> dict[str, Matrix]:
    """The same as numbers."""
    given = givens(key)
    X, W1, W2 = given["inputs"], given["hidden_weights"], given["output_weights"]
    lines = {"hidden": layer(W1, X)}
    lines["active"] = active = relu(lines["hidden"])
    lines["scores"] = layer(W2, active)
    lines["probabilities"] = in_tenths(lines["scores"])
    if key["level"] == 1:
        return lines
    lines |= surprise(lines["probabilities"], given["targets"], "")
    lines["error"] = error = subtract(lines["probabilities"], given["targets"])
    lines["output_weights_gradient"] = product(error, transpose(with_row(active, 1)))
    if key["level"] == 2:
        return lines
    lines["active_gradient"] = back = product(transpose(without_bias(W2)), error)
    lines["relu_mask"] = [[Fraction(cell > 0) for cell in row] for row in lines["hidden"]]
    lines["hidden_gradient"] = closed = [
        [slope if before > 0 else Fraction(0) for slope, before in zip(*rows, strict=True)]
        for rows in zip(back, lines["hidden"], strict=True)
    ]
    lines["hidden_weights_gradient"] = product(closed, transpose(with_row(X, 1)))
    lines["trained_output_weights"] = trained(W2, RATE, lines["output_weights_gradient"])
    lines["trained_hidden_weights"] = trained(W1, RATE, lines["hidden_weights_gradient"])
    lines["trained_hidden"] = layer(lines["trained_hidden_weights"], X)
    lines["trained_active"] = relu(lines["trained_hidden"])
    again = layer(lines["trained_output_weights"], lines["trained_active"])
    lines["trained_scores"] = [[rounded(score, 1) for score in row] for row in again]
    lines["trained_probabilities"] = in_tenths(lines["trained_scores"])
    return lines | surprise(lines["trained_probabilities"], given["targets"], "trained_")


def surprise(shares: Matrix, targets: Matrix, name: str) -> dict[str, Matrix]:
    """What the right words are given, and minus the sum of its logarithms, to tenths each."""
    right = [
        one[target.index(1)]
        for one, target in zip(transpose(shares), transpose(targets), strict=True)
    ]
    logs = [rounded(logarithm(share), 1) for share in right]
    lines = {"right_probabilities": [right], "log_probabilities": [logs]}
    lines["loss"] = [[-sum(logs, Fraction(0))]]
    return {f"{name}{line}": cells for line, cells in lines.items()}


def exact_loss(W1: Matrix, W2: Matrix, given: dict[str, Matrix]) -> Fraction:
    """The cross-entropy of the network with these weights, without rounding."""
    scores = transpose(layer(W2, relu(layer(W1, given["inputs"]))))
    targets = transpose(given["targets"])
    return -sum(
        (logarithm(softmax(one)[y.index(1)]) for one, y in zip(scores, targets, strict=True)),
        Fraction(0),
    )


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
    return found + (not_learned(key) if key["level"] == 3 else [])


def not_learned(key: Key) -> list[str]:
    """What the step does not do although the page says so."""
    given, lines, found = givens(key), lines_of(key), []
    if sum(map(any, lines["hidden_weights_gradient"])) < 2:
        found.append("hidden_weights_gradient: fewer than two units that learn")
    before = exact_loss(given["hidden_weights"], given["output_weights"], given)
    now = lines["trained_hidden_weights"], lines["trained_output_weights"]
    if exact_loss(*now, given) >= before or lines["trained_loss"] >= lines["loss"]:
        found.append("loss: the step raises it")
    weights, active = without_bias(lines["trained_output_weights"]), lines["trained_active"]
    each = [(w, a) for row in weights for w, units in zip(row, active, strict=True) for a in units]
    if sum(hard(w, a) for w, a in each) > MOST_HARD:
        found.append("trained_scores: too many products of two numbers of two digits")
    exact = flat(layer(lines["trained_output_weights"], lines["trained_active"]))
    if any(20 * score % 2 == 1 for score in exact):
        found.append("trained_scores: halfway between two tenths")
    for scores in transpose(lines["trained_scores"]):
        if any(near_border(share, 1) for share in softmax(scores)):
            found.append("trained_probabilities: near the border of their rounding")
    if 1 in flat(lines["trained_probabilities"]):
        found.append("trained_probabilities: one-hot")
    if any(sum(one) != 1 for one in transpose(lines["trained_probabilities"])):
        found.append("trained_probabilities: they do not come to 1")
    return found
