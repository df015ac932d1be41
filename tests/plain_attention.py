"""The kind `attention` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import Key, Matrix, as_written, flat, givens, near_border, rounded, softmax, transpose

Vector = list[Fraction]
# e^0, e^-1 and e^-2 in thousandths, as the page prints them.
TABLE = (Fraction(1), Fraction(368, 1000), Fraction(135, 1000))


def dot(left: Vector, right: Vector) -> Fraction:
    """Entry times entry, summed."""
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def by_query(keys: Matrix, queries: Matrix) -> list[Vector]:
    """For each position its scores of all positions, over the root of 4."""
    return [[dot(key, query) / 2 for key in transpose(keys)] for query in transpose(queries)]


def weights_of(scores: Vector, level: int) -> Vector:
    """How a position weighs those positions whose scores these are."""
    if level == 1:
        powers = [Fraction(3) ** int(score) for score in scores]
        return [power / sum(powers) for power in powers]
    return [rounded(share, 1) for share in softmax(scores)]


def spread(some: Vector, sees: Vector) -> Vector:
    """Each in the place of one that is seen, and 0 where the mask has 0."""
    left = iter(some)
    return [next(left) if seen else Fraction(0) for seen in sees]


def mixed(weights: list[Vector], values: Matrix) -> Matrix:
    """Each position's weighted sum of the columns of the values."""
    return transpose([[dot(one, row) for row in values] for one in weights])


def softmax_slope(weights: Vector, slopes: Vector) -> Vector:
    """The slopes times the matrix of softmax's derivatives: share_j · ((j is k) - share_k)."""
    size = range(len(weights))
    return [
        sum((slopes[j] * weights[j] * ((j == k) - weights[k]) for j in size), Fraction(0))
        for k in size
    ]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given, level = givens(key), key["level"]
    Q, K, V = given["queries"], given["keys"], given["values"]
    scores = by_query(K, Q)
    masks = transpose(given["mask"])
    visible = [
        [z for z, seen in zip(*rows, strict=True) if seen]
        for rows in zip(scores, masks, strict=True)
    ]
    weights = [
        spread(weights_of(row, level), sees) for row, sees in zip(visible, masks, strict=True)
    ]
    lines = {"scores": transpose([[2 * z for z in row] for row in scores])}
    lines["scaled"] = transpose(scores)
    if level == 1:
        powers = [[Fraction(3) ** int(z) for z in row] for row in scores]
        seen = [
            [power * sees for power, sees in zip(*rows, strict=True)]
            for rows in zip(powers, masks, strict=True)
        ]
        lines |= {"powers": transpose(powers), "seen": transpose(seen)}
    lines["weights"] = transpose(weights)
    lines["output"] = mixed(weights, V)
    if level >= 2:
        slope = transpose(given["upstream_gradient"])
        lines["value_gradient"] = [
            [sum((g[row] * w[j] for g, w in zip(slope, weights, strict=True)), Fraction(0))
             for j in range(3)]
            for row in range(2)
        ]  # fmt: skip
    if level >= 3:
        by_weight = [[dot(g, value) for value in transpose(V)] for g in slope]
        weighted = [
            [a * b for a, b in zip(*rows, strict=True)]
            for rows in zip(weights, by_weight, strict=True)
        ]
        means = [[sum(row, Fraction(0))] * 3 for row in weighted]
        by_score = [softmax_slope(*rows) for rows in zip(weights, by_weight, strict=True)]
        lines["weights_gradient"], lines["weighted_slopes"] = (
            transpose(by_weight),
            transpose(weighted),
        )
        lines["weighted_means"] = transpose(means)
        lines["centred_slopes"] = transpose(
            [[b - c for b, c in zip(*rows, strict=True)]
             for rows in zip(by_weight, means, strict=True)]
        )  # fmt: skip
        lines["scaled_gradient"] = transpose(by_score)
        halves = [[slope / 2 for slope in row] for row in by_score]
        lines["score_gradient"] = transpose(halves)
        lines["query_gradient"] = transpose([[dot(row, one) for row in K] for one in halves])
        lines["key_gradient"] = transpose(
            [[dot(list(column), row) for row in Q] for column in zip(*halves, strict=True)]
        )
    return as_written(lines)


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, level = givens(key), key["level"]
    found = []
    scores = by_query(given["keys"], given["queries"])
    if any(z.denominator != 1 for row in scores for z in row):
        found.append("scaled: not whole")
    if level == 1 and any(not -1 <= z <= 2 for row in scores for z in row):
        found.append("scaled: exponents beyond -1 and 2")
    for position, row in enumerate(scores):
        visible = row[: position + 1]
        below = [max(visible) - z for z in visible]
        shares = weights_of(visible, level)
        if max(below) > 2:
            found.append("scaled: further apart than the table reaches")
            continue
        if level == 1:
            if any(share.denominator > 13 for share in shares):
                found.append("weights: not simple fractions")
            continue
        powers = [TABLE[int(distance)] for distance in below]
        by_hand = [power / sum(powers) for power in powers]
        if [rounded(share, 1) for share in by_hand] != shares:
            found.append("weights: the printed table gives others")
        if any(near_border(share, 1) for share in softmax(visible)):
            found.append("weights: near a border of rounding")
        if sum(shares) != 1 or min(shares) <= 0:
            found.append("weights: not shares of 1")
    if given["mask"] != [[1, 1, 1], [0, 1, 1], [0, 0, 1]]:
        found.append("mask: not that of a causal model")
    for name in set(given) - {"mask"}:
        if not all(any(line) for line in [*given[name], *transpose(given[name])]):
            found.append(f"{name}: a row or a column is all 0")
        if any(abs(cell) > 3 for cell in flat(given[name])):
            found.append(f"{name}: beyond ±3")
    for name in ("queries", "keys", "values"):
        columns = transpose(given[name])
        if any(columns.count(column) > 1 for column in columns):
            found.append(f"{name}: two positions are the same")
    return found
