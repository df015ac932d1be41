"""The kind `dpo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    column,
    decimal,
    flat,
    givens,
    layer,
    near_border,
    rounded,
    scale,
    sigma,
    subtract,
    trained,
    transpose,
    without_bias,
)

BETA, RATE = Fraction(1, 2), Fraction(10)


def margins(policy: Matrix, reference: Matrix) -> list[Fraction]:
    """β times: how much likelier the policy makes the winner than the loser, less the reference."""
    return [
        BETA * ((winner - loser) - (winner_before - loser_before))
        for winner, loser, winner_before, loser_before in zip(*policy, *reference, strict=True)
    ]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    states, weights, reference = given["states"], given["output_weights"], given["reference"]
    policy = layer(weights, states)
    ratios = subtract(policy, reference)
    margin = margins(policy, reference)
    shares = [rounded(sigma(one), 1) for one in margin]
    logs = [rounded(Fraction(decimal(share).ln()), 2) for share in shares]
    lines = {"log_probabilities": policy, "log_ratios": ratios, "rewards": scale(BETA, ratios)}
    lines |= {"margins": [margin], "predictions": [shares], "logs": [logs]}
    lines |= {"total": [[sum(logs)]], "loss": [[rounded(-sum(logs) / 5, 2)]]}
    if key["level"] >= 2:
        lines["slopes"] = [[share - 1 for share in shares]]
        lift = [BETA * (1 - share) / 5 for share in shares]
        lines["gradient"] = gradient = [[-one for one in lift], lift]
    if key["level"] >= 3:
        inputs = [*states, [Fraction(1)] * 5]
        lines["output_gradient"] = [
            [sum(g * x for g, x in zip(side, one, strict=True)) for one in inputs]
            for side in gradient
        ]
        after = trained(weights, RATE, lines["output_gradient"])
        scores = layer(after, states)
        lines |= {"trained_weights": after, "trained_scores": scores}
        lines["trained_rewards"] = scale(BETA, subtract(scores, reference))
        lines["trained_margins"] = [margins(scores, reference)]
    return as_written(lines)


def constants(key: Key) -> dict[str, str]:
    """The learning rate."""
    return {"learning_rate": str(RATE)} if key["level"] >= 3 else {}


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = givens(key)
    lines = {
        name: [[Fraction(cell) for cell in row] for row in rows]
        for name, rows in recompute(key).items()
    }
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
    if not agreed or any(lines["logs"][0][place] != Fraction(-69, 100) for place in agreed):
        found.append("log_ratios: nowhere is the policy its reference, with a loss of log 2")
    if min(margin) >= 0 or max(margin) <= 0:
        found.append("margins: not of both signs")
    if any(near_border(sigma(one), 1) for one in margin):
        found.append("predictions: near a border")
    if {0, 1} & set(lines["predictions"][0]):
        found.append("predictions: quite sure")
    if key["level"] >= 3 and min(lines["trained_margins"][0]) <= 0:
        found.append("trained_margins: a loser is still preferred")
    return found
