"""The kind `reward_ranking` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    decimal,
    flat,
    givens,
    layer,
    near_border,
    rounded,
    sigma,
    transpose,
    without_bias,
)

# Winner's and loser's place of each pair.
DUELS = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def duels(key: Key) -> list[tuple[int, int]]:
    """The winner and the loser of each pair, as answers."""
    ranked = [column.index(1) for column in transpose(givens(key)["ranking"])]
    return [(ranked[better], ranked[worse]) for better, worse in DUELS]


def gaps(key: Key, rewards: Matrix) -> list[Fraction]:
    """The winner's reward less the loser's."""
    return [rewards[0][winner] - rewards[0][loser] for winner, loser in duels(key)]


def logarithm(share: Fraction) -> Fraction:
    """The natural one, to one decimal."""
    return rounded(Fraction(decimal(share).ln()), 1)


def pulls(key: Key, predictions: list[Fraction]) -> list[Fraction]:
    """What each answer's lost pairs lack to 1, less what its won ones do."""
    pull = [Fraction(0)] * 4
    for (winner, loser), prediction in zip(duels(key), predictions, strict=True):
        pull[winner] -= 1 - prediction
        pull[loser] += 1 - prediction
    return pull


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    features = layer(given["hidden_weights"], given["inputs"])
    rewards = layer(given["output_weights"], features)
    gap = gaps(key, rewards)
    predictions = [rounded(sigma(one), 1) for one in gap]
    logs = [logarithm(share) for share in predictions]
    lines = {"features": features, "rewards": rewards}
    lines["pairs"] = [
        [Fraction((answer == winner) - (answer == loser)) for winner, loser in duels(key)]
        for answer in range(4)
    ]
    lines |= {"gaps": [gap], "agrees": [[Fraction(one > 0) for one in gap]]}
    lines |= {"predictions": [predictions], "logs": [logs], "total": [[sum(logs)]]}
    lines["loss"] = [[rounded(-sum(logs) / 6, 1)]]
    if key["level"] >= 2:
        lines["slopes"] = [[share - 1 for share in predictions]]
        lines["pulls"] = [pulls(key, predictions)]
        slopes = [rounded(pull / 6, 1) for pull in lines["pulls"][0]]
        lines["reward_gradient"] = [slopes]
    if key["level"] >= 3:
        gradient = [
            sum((slope * one for slope, one in zip(slopes, feature, strict=True)), Fraction(0))
            for feature in [*features, [1, 1, 1, 1]]
        ]
        lines["output_gradient"] = [gradient]
        weights = given["output_weights"][0]
        lines["trained_weights"] = [[w - g for w, g in zip(weights, gradient, strict=True)]]
        lines["trained_rewards"] = layer(lines["trained_weights"], features)
        lines["trained_gaps"] = [gaps(key, lines["trained_rewards"])]
    return as_written(lines)


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = givens(key)
    lines = {name: [Fraction(one) for one in flat(rows)] for name, rows in recompute(key).items()}
    gap, shares = lines["gaps"], [sigma(one) for one in lines["gaps"]]
    found = []
    if not all(
        sorted(line) == [0, 0, 0, 1] for line in [*given["ranking"], *transpose(given["ranking"])]
    ):
        found.append("ranking: not one place for each answer")
    if given["ranking"] == transpose(given["ranking"]):
        found.append("ranking: the same by rows and by columns")
    for name in ("inputs", "hidden_weights", "output_weights"):
        weights = given[name] if name == "inputs" else without_bias(given[name])
        if not all(any(line) for line in [*weights, *transpose(weights)]):
            found.append(f"{name}: a row or a column is all 0")
    columns = transpose(given["inputs"])
    if any(columns.count(column) > 1 for column in columns):
        found.append("inputs: two answers are the same")
    if min(gap) >= 0:
        found.append("gaps: no pair is the wrong way round")
    if any(near_border(share, 1) for share in shares):
        found.append("predictions: near a border")
    if sum(share > Fraction(19, 20) for share in shares) > 3:
        found.append("predictions: fewer than three pairs have a slope")
    if near_border(-lines["total"][0] / 6, 1):
        found.append("loss: near a border")
    if key["level"] >= 2 and any(near_border(pull / 6, 1) for pull in lines["pulls"]):
        found.append("reward_gradient: near a border")
    if key["level"] >= 2 and sum(lines["reward_gradient"]) != 0:
        found.append("reward_gradient: what the winners gain is not what the losers lose")
    if key["level"] >= 3 and lines["output_gradient"][-1] != 0:
        found.append("output_gradient: the bias moves")
    if key["level"] >= 3 and min(lines["trained_gaps"]) <= 0:
        found.append("trained_gaps: a pair is still the wrong way round")
    return found
