"""The kind `softmax` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    product,
    rounded,
    scale,
    softmax,
    subtract,
    transpose,
    undoable,
)

TEMPERATURE = {1: 1, 2: 1, 3: Fraction(1, 2)}


def exponents(key: Key) -> Matrix:
    """The scores over the temperature: a column an example."""
    given = givens(key)
    return scale(
        1 / Fraction(TEMPERATURE[key["level"]]), product(given["weights"], given["inputs"])
    )


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    lines = {"scores": product(given["weights"], given["inputs"])}
    lines["powers"] = [[Fraction(3) ** int(cell) for cell in row] for row in lines["scores"]]
    columns = transpose(lines["powers"])
    lines["sums"] = [[sum(column, Fraction(0)) for column in columns]]
    lines["fractions"] = transpose([[cell / sum(column) for cell in column] for column in columns])
    if key["level"] == 3:
        lines["scaled"] = exponents(key)
    if key["level"] >= 2:
        examples = transpose(exponents(key))
        lines["probabilities"] = transpose(
            [[rounded(share, 1) for share in softmax(scores)] for scores in examples]
        )
        lines["error"] = subtract(lines["probabilities"], given["targets"])
    if key["level"] == 3:
        lines["score_gradient"] = scale(1 / TEMPERATURE[3], lines["error"])
        lines["weights_gradient"] = [
            [
                sum((g * x for g, x in zip(row, feature, strict=True)), Fraction(0))
                for feature in given["inputs"]
            ]
            for row in lines["score_gradient"]
        ]
    return as_written(lines)


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = givens(key)
    found = []
    scores = product(given["weights"], given["inputs"])
    if any(not -1 <= cell <= 2 for cell in flat(scores)):
        found.append("scores: not one of -1, 0, 1 and 2")
    if any(max(example) - min(example) > 2 for example in transpose(scores)):
        found.append("scores: an example's lie more than 2 apart")
    if any(transpose(scores).count(example) > 1 for example in transpose(scores)):
        found.append("scores: two examples have the same")
    for name in ("weights", "inputs"):
        if not all(any(line) for line in [*given[name], *transpose(given[name])]):
            found.append(f"{name}: a row or a column is all 0")
    if key["level"] == 1:
        return found
    for example in transpose(exponents(key)):
        if len(set(example)) == 1:
            found.append("scores: an example's are all the same")
        found += undoable(example)
        if any(rounded(share, 1) == 1 for share in softmax(example)):
            found.append("probabilities: one is 1 as written, and hides the others")
    if any(sorted(column) != [0, 0, 1] for column in transpose(given["targets"])):
        found.append("targets: not one right word for each example")
    return found
