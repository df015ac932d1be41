"""The kind `reward_ranking` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    layer,
    logarithm,
    misordered,
    rounded,
    sigma,
    transpose,
    without_bias,
)

# Winner and loser of each pair, the answers being ranked from left to right.
DUELS = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def gaps(rewards: Matrix) -> list[Fraction]:
    """The winner's reward less the loser's."""
    return [rewards[0][winner] - rewards[0][loser] for winner, loser in DUELS]


def judged(gaps: list[Fraction], name: str) -> dict[str, Matrix]:
    """How sure the model is of each pair, and the mean of minus the logarithms of that."""
    predictions = [rounded(sigma(gap), 2) for gap in gaps]
    logs = [rounded(logarithm(share), 2) for share in predictions]
    loss = rounded(-sum(logs) / 6, 2)
    lines = {"predictions": predictions, "log_predictions": logs, "loss": [loss]}
    return {f"{name}{line}": [cells] for line, cells in lines.items()}


def exact_loss(gaps: list[Fraction]) -> Fraction:
    """The same without any rounding."""
    return -sum(logarithm(sigma(gap)) for gap in gaps) / 6


def pulls(predictions: list[Fraction]) -> list[Fraction]:
    """What each answer's lost pairs lack to 1, less what its won ones do."""
    pull = [Fraction(0)] * 4
    for (winner, loser), prediction in zip(DUELS, predictions, strict=True):
        pull[winner] -= 1 - prediction
        pull[loser] += 1 - prediction
    return pull


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    return as_written(lines_of(key))


def lines_of(key: Key) -> dict[str, Matrix]:
    """The same as numbers."""
    given = givens(key)
    features = layer(given["hidden_weights"], given["inputs"])
    rewards = layer(given["output_weights"], features)
    gap = gaps(rewards)
    lines = {"features": features, "rewards": rewards}
    lines |= {"gaps": [gap], "agreement": [[Fraction(one > 0) for one in gap]]}
    last = judged(gap, "")
    lines |= {name: last[name] for name in ("predictions", "log_predictions")}
    lines |= {"log_sum": [[sum(flat(last["log_predictions"]))]], "loss": last["loss"]}
    if key["level"] >= 2:
        predictions = lines["predictions"][0]
        lines["gap_gradient"] = [[share - 1 for share in predictions]]
        lines["pulls"] = [pulls(predictions)]
        slopes = [rounded(pull / 6, 2) for pull in lines["pulls"][0]]
        lines["reward_gradient"] = [slopes]
    if key["level"] >= 3:
        gradient = [
            sum((slope * one for slope, one in zip(slopes, feature, strict=True)), Fraction(0))
            for feature in [*features, [1, 1, 1, 1]]
        ]
        lines["output_weights_gradient"] = [gradient]
        weights = given["output_weights"][0]
        trained = [[w - g for w, g in zip(weights, gradient, strict=True)]]
        again = [[rounded(reward, 1) for reward in flat(layer(trained, features))]]
        lines |= {"trained_output_weights": trained, "trained_rewards": again}
        lines["trained_gaps"] = [gaps(again)]
        lines |= judged(gaps(again), "trained_")
    return lines


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, found = givens(key), []
    lines = {name: flat(rows) for name, rows in lines_of(key).items()}
    gap = lines["gaps"]
    if misordered(key, "rewards", [Fraction(-place) for place in range(4)]):
        found.append("inputs: a better answer stands behind a worse one")
    for name in ("inputs", "hidden_weights", "output_weights"):
        weights = given[name] if name == "inputs" else without_bias(given[name])
        if not all(any(line) for line in [*weights, *transpose(weights)]):
            found.append(f"{name}: a row or a column is all 0")
    columns = transpose(given["inputs"])
    if any(columns.count(column) > 1 for column in columns):
        found.append("inputs: two answers are the same")
    if min(gap) >= 0:
        found.append("gaps: no pair is the wrong way round")
    if {0, 1} & set(lines["predictions"]):
        found.append("predictions: 0 or 1, which has no logarithm or no slope")
    if is_tie(lines["log_sum"][0] / 6, 2):
        found.append("loss: halfway between two hundredths")
    if key["level"] >= 2 and any(is_tie(pull / 6, 2) for pull in lines["pulls"]):
        found.append("reward_gradient: halfway between two hundredths")
    if key["level"] >= 2 and sum(lines["reward_gradient"]) != 0:
        found.append("reward_gradient: what the winners gain is not what the losers lose")
    return found + (not_learned(key, lines) if key["level"] == 3 else [])


def is_tie(value: Fraction, places: int) -> bool:
    """Whether it lies halfway between two numbers of so many decimals."""
    return 2 * 10**places * value % 2 == 1


def not_learned(key: Key, lines: dict[str, list[Fraction]]) -> list[str]:
    """What the step does not do although the page says so."""
    given, found = givens(key), []
    if lines["output_weights_gradient"][-1] != 0:
        found.append("output_weights_gradient: the bias moves")
    exact = layer(
        [lines["trained_output_weights"]], layer(given["hidden_weights"], given["inputs"])
    )
    if exact_loss(gaps(exact)) >= exact_loss(lines["gaps"]):
        found.append("loss: the step raises it")
    if lines["trained_loss"] >= lines["loss"]:
        found.append("trained_loss: no smaller, as it is written")
    agree, agreed = (sum(gap > 0 for gap in lines[name]) for name in ("trained_gaps", "gaps"))
    if agree < agreed:
        found.append("trained_gaps: fewer pairs agree with the person than before the step")
    if any(is_tie(reward, 1) for reward in flat(exact)):
        found.append("trained_rewards: halfway between two tenths")
    if is_tie(sum(lines["trained_log_predictions"]) / 6, 2):
        found.append("trained_loss: halfway between two hundredths")
    if {0, 1} & set(lines["trained_predictions"]):
        found.append("trained_predictions: 0 or 1")
    return found
