"""The kind `rloo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import Key, as_written, flat, givens, misordered, near_border, rounded, softmax

RATE = Fraction(5)
Column = list[Fraction]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    lines = lines_of(key)
    return as_written({name: [[cell] for cell in cells] for name, cells in lines.items()})


def lines_of(key: Key) -> dict[str, Column]:
    """The answers, each as a list of numbers."""
    given = givens(key)
    scores, checks = flat(given["scores"]), flat(given["checks"])
    shares = policy(scores)
    lines = {"probabilities": shares, "expected_reward": [expected(shares, checks)]}
    rewards = flat(given["rewards"])
    baselines = [mean(rewards[:k] + rewards[k + 1 :]) for k in range(len(rewards))]
    advantages = [r - b for r, b in zip(rewards, baselines, strict=True)]
    lines |= {"reward_sum": [sum(rewards, Fraction(0))], "baselines": baselines}
    lines["advantages"] = advantages
    said = [row.index(1) for row in given["sampled"]]
    lines["advantage_sums"] = by_answer(advantages, said, len(scores))
    if key["level"] == 1:
        return lines
    lines["score_gradient"] = gradient = slopes(advantages, said, shares)
    lines["reward_sums"] = by_answer(rewards, said, len(scores))
    lines["reinforce_gradient"] = slopes(rewards, said, shares)
    if key["level"] == 2:
        return lines
    trained = [z + RATE * g for z, g in zip(scores, gradient, strict=True)]
    again = policy(trained)
    lines |= {"trained_scores": trained, "trained_probabilities": again}
    return lines | {"trained_expected_reward": [expected(again, checks)]}


def policy(scores: Column) -> Column:
    """The softmax, in tenths."""
    return [rounded(share, 1) for share in softmax(scores)]


def expected(shares: Column, checks: Column) -> Fraction:
    """The mean reward of what a policy says."""
    return sum((p * c for p, c in zip(shares, checks, strict=True)), Fraction(0))


def mean(values: Column) -> Fraction:
    """The mean."""
    return sum(values, Fraction(0)) / len(values)


def by_answer(weights: Column, said: list[int], size: int) -> Column:
    """What the samples of each answer have together."""
    return [
        sum((w for w, answer in zip(weights, said, strict=True) if answer == row), Fraction(0))
        for row in range(size)
    ]


def slopes(weights: Column, said: list[int], shares: Column) -> Column:
    """The mean over samples of a weight times the slope of log π, 1 at what is said, less π."""
    return [
        mean([w * ((row == answer) - p) for w, answer in zip(weights, said, strict=True)])
        for row, p in enumerate(shares)
    ]


def labels(key: Key, name: str) -> list[str]:
    """The words beside the rows of a line."""
    return next(line["row_labels"] for line in key["lines"] if line["name"] == name)


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, lines, found = givens(key), lines_of(key), []
    checks = flat(given["checks"])
    shares = lines["probabilities"]
    if not all(0 < p < Fraction(8, 10) for p in shares) or sum(shares) != 1:
        found.append("probabilities: one is 0 or nearly 1, or they do not come to 1")
    if any(near_border(share, 1) for share in softmax(flat(given["scores"]))):
        found.append("probabilities: near the border of their rounding")
    answers, samples = labels(key, "checks"), labels(key, "rewards")
    said = [answers.index(word) for word in samples]
    if [row.index(1) for row in given["sampled"]] != said:
        found.append("sampled: not the words beside them")
    if samples != key["words"]["samples"]:
        found.append("samples: not the key's words")
    rewards = flat(given["rewards"])
    if [checks[answer] for answer in said] != rewards:
        found.append("rewards: not what the samples' words pass")
    if misordered(key, "checks", checks) or max(checks) - min(checks) < 2:
        found.append("checks: a better answer passes fewer, or they are too alike")
    if len(set(said)) < 3:
        found.append("samples: fewer than three answers")
    if len(set(rewards)) == 1 or min(lines["baselines"]) <= 0:
        found.append("rewards: nothing to compare")
    if sum(lines["advantages"]) != 0:
        found.append("advantages: they do not come to 0")
    return found + (not_learned(lines, flat(given["scores"]), checks) if key["level"] == 3 else [])


def not_learned(lines: dict[str, Column], scores: Column, checks: Column) -> list[str]:
    """What the step does not do although the page says so."""
    found, shares = [], lines["trained_probabilities"]
    if lines["trained_expected_reward"] <= lines["expected_reward"]:
        found.append("trained_expected_reward: no more")
    before, after = (expected(softmax(some), checks) for some in (scores, lines["trained_scores"]))
    if after <= before:
        found.append("trained_expected_reward: no more, before rounding")
    if any(near_border(share, 1) for share in softmax(lines["trained_scores"])):
        found.append("trained_probabilities: near the border of their rounding")
    if sum(shares) != 1 or max(shares) > Fraction(8, 10):
        found.append("trained_probabilities: one answer alone, or they do not come to 1")
    return found
