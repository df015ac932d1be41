"""The kind `transformer` a second time, in plain Python; nothing here comes from the package.

Position by position: a position is a list of features, and a matrix a list of positions.
"""

from fractions import Fraction

import plain
from plain import Key, Matrix, as_written, flat, givens, near_border, rounded, softmax, transpose

Vector = list[Fraction]
TABLE = (Fraction(1), Fraction(368, 1000), Fraction(135, 1000))  # e^0, e^-1, e^-2 as printed


def dot(left: Vector, right: Vector) -> Fraction:
    """Entry times entry, summed."""
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def layer(weights: Matrix, positions: Matrix) -> Matrix:
    """All neurons on all positions."""
    return transpose(plain.layer(weights, transpose(positions)))


def scores_of(given: dict[str, Matrix]) -> tuple[Matrix, Matrix, Matrix]:
    """Queries, keys, and for each query its score of each key before the division."""
    inputs = transpose(given["inputs"])
    queries, keys = (
        [[dot(row, position) for row in given[f"{name}_weights"]] for position in inputs]
        for name in ("query", "key")
    )
    return queries, keys, [[dot(key, query) for key in keys] for query in queries]


def attention_of(scores: Matrix, mask: Matrix) -> Matrix:
    """For each position the tenths of softmax over what the mask lets it see."""
    rows = []
    for row, sees in zip(scores, transpose(mask), strict=True):
        shares = iter(softmax([score / 2 for score, seen in zip(row, sees, strict=True) if seen]))
        rows.append([rounded(next(shares), 1) if seen else Fraction(0) for seen in sees])
    return rows


def grown(inputs: Matrix, weights: tuple[Matrix, Matrix], closed: list[list[bool]]) -> Matrix:
    """What comes out of the residual feed forward, ReLU's units being closed as they are."""
    hidden = [
        [Fraction(0) if shut else h for h, shut in zip(*rows, strict=True)]
        for rows in zip(layer(weights[0], inputs), closed, strict=True)
    ]
    outputs = layer(weights[1], hidden)
    return [
        [a + b for a, b in zip(*rows, strict=True)] for rows in zip(inputs, outputs, strict=True)
    ]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given, level = givens(key), key["level"]
    inputs = transpose(given["inputs"])
    lines: dict[str, Matrix] = {}
    if level == 3:
        queries, keys, scores = scores_of(given)
        looks = attention_of(scores, given["mask"])
        lines |= {"queries": transpose(queries), "keys": transpose(keys)}
        lines |= {"scores": transpose(scores)}
        lines["scaled"] = transpose([[score / 2 for score in row] for row in scores])
        lines["attention"] = transpose(looks)
    else:
        looks = transpose(given["attention"])
    mixed = [[dot(look, list(feature)) for feature in zip(*inputs, strict=True)] for look in looks]
    lines["attended"] = transpose(mixed)
    if level == 3:
        mixed = [
            [a + b for a, b in zip(*rows, strict=True)] for rows in zip(inputs, mixed, strict=True)
        ]
        lines["residual"] = transpose(mixed)
    first, second = given["hidden_weights"], given["output_weights"]
    hidden = layer(first, mixed)
    active = [[max(h, Fraction(0)) for h in position] for position in hidden]
    forward = layer(second, active)
    lines |= {"hidden": transpose(hidden), "active": transpose(active)}
    lines["forward"] = transpose(forward)
    if level == 1:
        return as_written(lines)
    slope = transpose(given["upstream_gradient"])
    if level == 3:
        lines["output"] = transpose(
            [
                [u + f for u, f in zip(*rows, strict=True)]
                for rows in zip(mixed, forward, strict=True)
            ]
        )
    lines["output_weights_gradient"] = by_weight(slope, active)
    if level == 3:
        lines |= backward(given, mixed, hidden, slope)
    return as_written(lines)


def by_weight(slopes: Matrix, inputs: Matrix) -> Matrix:
    """For each weight the slopes of its row times what it met, over the positions; bias last."""
    met = [[*position, Fraction(1)] for position in inputs]
    return [
        [sum((s[row] * x[column] for s, x in zip(slopes, met, strict=True)), Fraction(0))
         for column in range(len(met[0]))]
        for row in range(len(slopes[0]))
    ]  # fmt: skip


def backward(
    given: dict[str, Matrix], mixed: Matrix, hidden: Matrix, slope: Matrix
) -> dict[str, Matrix]:
    """The way back; what the residual connection gets by growing each of its cells by 1."""
    weights = (given["hidden_weights"], given["output_weights"])
    closed = [[h <= 0 for h in position] for position in hidden]
    by_active = [
        [dot([row[unit] for row in weights[1]], g) for unit in range(len(hidden[0]))] for g in slope
    ]
    by_hidden = [
        [Fraction(0) if shut else s for s, shut in zip(*rows, strict=True)]
        for rows in zip(by_active, closed, strict=True)
    ]
    before = dot(flat(slope), flat(grown(mixed, weights, closed)))
    by_mixed = [[Fraction(0)] * len(mixed[0]) for _ in mixed]
    for position in range(len(mixed)):
        for feature in range(len(mixed[0])):
            more = [list(row) for row in mixed]
            more[position][feature] += 1
            after = dot(flat(slope), flat(grown(more, weights, closed)))
            by_mixed[position][feature] = after - before
    through = [
        [s - g for s, g in zip(*rows, strict=True)] for rows in zip(by_mixed, slope, strict=True)
    ]
    return {
        "active_gradient": transpose(by_active),
        "relu_mask": transpose([[Fraction(not shut) for shut in row] for row in closed]),
        "hidden_gradient": transpose(by_hidden),
        "hidden_weights_gradient": by_weight(by_hidden, mixed),
        "through": transpose(through),
        "residual_gradient": transpose(by_mixed),
    }


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, level = givens(key), key["level"]
    lines = {
        name: [[Fraction(cell) for cell in row] for row in rows]
        for name, rows in recompute(key).items()
    }
    found = []
    hidden = lines["hidden"]
    if min(flat(hidden)) >= 0 or 0 in flat(hidden):
        found.append("hidden: nothing closed, or not clear what is")
    if not all(any(line) for line in [*lines["active"], *transpose(lines["active"])]):
        found.append("active: a unit or a position that is never open")
    for name, matrix in given.items():
        square = (
            [row[:-1] for row in matrix]
            if name.endswith(("hidden_weights", "output_weights"))
            else matrix
        )
        if name not in ("mask", "attention") and not all(
            any(line) for line in [*square, *transpose(square)]
        ):
            found.append(f"{name}: a row or a column is all 0")
        if any(abs(cell) > 3 for cell in flat(matrix)):
            found.append(f"{name}: beyond ±3")
    columns = transpose(given["inputs"])
    if any(columns.count(column) > 1 for column in columns):
        found.append("inputs: two positions are the same")
    causal = [[1, 1, 1], [0, 1, 1], [0, 0, 1]]
    if level < 3:
        looks = given["attention"]
        if any(a > b for a, b in zip(flat(looks), flat(causal), strict=True)):
            found.append("attention: a look ahead")
        if any(sum(seen) != 1 for seen in transpose(looks)):
            found.append("attention: not shares of 1")
        if any(
            looks[key_place][query] == 0 for query in range(3) for key_place in range(query + 1)
        ):
            found.append("attention: a position that is seen has no weight")
        return found
    if given["mask"] != causal:
        found.append("mask: not that of a causal model")
    for name in ("queries", "keys"):
        if len({tuple(row) for row in lines[name]}) < 4:
            found.append(f"{name}: two rows are the same")
    for name in ("queries", "keys", "scores"):
        if not all(any(line) for line in [*lines[name], *transpose(lines[name])]):
            found.append(f"{name}: a row or a column is all 0")
    if len({tuple(row) for row in given["inputs"]}) < 3:
        found.append("inputs: two rows are the same")
    for position, row in enumerate(transpose(lines["scaled"])):
        seen = row[: position + 1]
        below = [max(seen) - z for z in seen]
        if any(distance not in (0, 1, 2) for distance in below):
            found.append("scaled: further apart than the table reaches")
            continue
        powers = [TABLE[int(distance)] for distance in below]
        shares = [rounded(power / sum(powers), 1) for power in powers]
        if shares != transpose(lines["attention"])[position][: position + 1]:
            found.append("attention: the printed table gives others")
        if sum(shares) != 1 or min(shares) <= 0:
            found.append("attention: not shares of 1")
        if any(near_border(share, 1) for share in softmax(seen)):
            found.append("attention: near a border of rounding")
    return found
