"""The kind `dpo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    column,
    flat,
    givens,
    layer,
    logarithm,
    near_border,
    power_of_e,
    rounded,
    scale,
    sigma,
    subtract,
    trained,
    transpose,
    without_bias,
)

BETA, RATE = Fraction(1, 2), Fraction(2)


def margins(policy: Matrix, reference: Matrix) -> list[Fraction]:
    """β times: how much likelier the policy makes the winner than the loser, less the reference."""
    return [
        BETA * ((winner - loser) - (winner_before - loser_before))
        for winner, loser, winner_before, loser_before in zip(*policy, *reference, strict=True)
    ]


def judged(margins: list[Fraction], name: str) -> dict[str, Matrix]:
    """How sure the rewards are of each winner, and the mean of minus the logarithms of that."""
    shares = [rounded(sigma(one), 1) for one in margins]
    logs = [rounded(logarithm(share), 2) for share in shares]
    lines = {"predictions": shares, "log_predictions": logs, "loss": [rounded(-sum(logs) / 5, 2)]}
    return {f"{name}{line}": [cells] for line, cells in lines.items()}


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    return as_written(lines_of(key))


def lines_of(key: Key) -> dict[str, Matrix]:
    """The same as numbers."""
    given = givens(key)
    states, weights, reference = given["states"], given["output_weights"], given["reference"]
    policy = layer(weights, states)
    ratios = subtract(policy, reference)
    margin = margins(policy, reference)
    lines = {"log_probabilities": policy, "log_ratios": ratios, "rewards": scale(BETA, ratios)}
    last = judged(margin, "")
    lines |= {"margins": [margin], "predictions": last["predictions"]}
    lines["log_predictions"] = last["log_predictions"]
    lines |= {"log_sum": [[sum(flat(last["log_predictions"]))]], "loss": last["loss"]}
    if key["level"] >= 2:
        shares = lines["predictions"][0]
        lines["margin_gradient"] = [[share - 1 for share in shares]]
        lift = [BETA * (1 - share) / 5 for share in shares]
        lines["log_probability_gradient"] = gradient = [[-one for one in lift], lift]
    if key["level"] >= 3:
        inputs = [*states, [Fraction(1)] * 5]
        lines["output_weights_gradient"] = [
            [sum(g * x for g, x in zip(side, one, strict=True)) for one in inputs]
            for side in gradient
        ]
        after = trained(weights, RATE, lines["output_weights_gradient"])
        scores = layer(after, states)
        lines |= {"trained_output_weights": after, "trained_scores": scores}
        lines["trained_rewards"] = scale(BETA, subtract(scores, reference))
        lines["trained_margins"] = [[rounded(m, 1) for m in margins(scores, reference)]]
        lines |= judged(lines["trained_margins"][0], "trained_")
    return lines


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, lines = givens(key), lines_of(key)
    found = []
    for name, logs in (("policy", lines["log_probabilities"]), ("reference", given["reference"])):
        if not all(-9 <= cell <= -1 for cell in flat(logs)):
            found.append(f"{name}: not log-probabilities of two answers among others")
    for name in ("states", "output_weights"):
        matrix = without_bias(given[name]) if name == "output_weights" else given[name]
        if not all(any(line) for line in [*matrix, *transpose(matrix)]):
            found.append(f"{name}: a row or a column is all 0")
    if given["output_weights"][0] == given["output_weights"][1]:
        found.append("output_weights: the answers are as likely as each other everywhere")
    prompts = transpose(given["states"])
    if any(prompts.count(prompt) > 1 for prompt in prompts):
        found.append("states: two prompts are the same")
    margin = lines["margins"][0]
    agreed = [place for place in range(5) if not any(flat(column(lines["log_ratios"], place)))]
    if len(agreed) != 1 or any(
        lines["log_predictions"][0][place] != Fraction(-69, 100) for place in agreed
    ):
        found.append(
            "log_ratios: not in one place the policy is its reference, with a loss of log 2"
        )
    if min(margin) >= 0 or max(margin) <= 0:
        found.append("margins: not of both signs")
    if any(near_border(sigma(one), 1) for one in margin):
        found.append("predictions: near a border")
    if {0, 1} & set(lines["predictions"][0]):
        found.append("predictions: quite sure")
    if margin.count(0) > 1:
        found.append("margins: 0 although policy and reference differ")
    return found + (not_learned(key, lines) if key["level"] == 3 else [])


def not_learned(key: Key, lines: dict[str, Matrix]) -> list[str]:
    """What the step does not do although the page says so."""
    reference, scores, found = givens(key)["reference"], lines["trained_scores"], []
    if any(2 * power_of_e(max(pair)) >= 1 for pair in transpose(scores)):
        found.append("trained_scores: not log-probabilities of two answers among others")
    exact = margins(scores, reference)
    before, after = (
        -sum(logarithm(sigma(one)) for one in some) for some in (lines["margins"][0], exact)
    )
    if after >= before or lines["trained_loss"] >= lines["loss"]:
        found.append("loss: the step raises it")
    if any(20 * margin % 2 == 1 for margin in exact):
        found.append("trained_margins: halfway between two tenths")
    if any(near_border(sigma(one), 1) for one in lines["trained_margins"][0]):
        found.append("trained_predictions: near a border")
    if {0, 1} & set(lines["trained_predictions"][0]):
        found.append("trained_predictions: quite sure")
    return found
