"""The kind `kl_optimum` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    logarithm,
    misordered,
    power_of_e,
    transpose,
)

TARGET, SIZE, PAIRS = Fraction(8, 10), 6, 3
Column = list[Fraction]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    return as_written(lines_of(key))


def lines_of(key: Key) -> dict[str, Matrix]:
    """The answers as fractions."""
    given = {name: flat(matrix) for name, matrix in givens(key).items()}
    r, (beta,), reference = given["rewards"], given["beta"], given["reference_probabilities"]
    k = [reward / beta for reward in r]
    powers = [Fraction(2) ** int(one) for one in k]
    weights = [p * power for p, power in zip(reference, powers, strict=True)]
    best = [weight / sum(weights) for weight in weights]
    doubled = bits(best, reference)
    implicit = [beta * one for one in doubled]
    lines = {"exponents": k, "powers": powers, "tilted": weights}
    lines |= {"partition_function": [sum(weights, Fraction(0))], "optimal_probabilities": best}
    lines |= {"optimal_log_ratios": doubled, "optimal_implicit_rewards": implicit}
    lines["reward_offsets"] = less(r, implicit)
    reward, distance = expected(best, r), expected(best, doubled)
    lines |= {"optimal_reward": [reward], "optimal_kl": [distance]}
    lines["optimal_objective"] = [reward - beta * distance]
    policy = given["policy_probabilities"]
    logs = bits(policy, reference)
    reward, distance = expected(policy, r), expected(policy, logs)
    worth = reward - beta * distance
    lines |= {"reference_objective": [expected(reference, r)], "log_ratios": logs}
    lines |= {"expected_reward": [reward], "kl_divergence": [distance], "objective": [worth]}
    if key["level"] > 1:
        paid = [reward - beta * log for reward, log in zip(r, logs, strict=True)]
        above = [one - worth for one in paid]
        lines |= {"penalised_rewards": paid, "advantages": above}
        lines["score_gradient"] = [p * one for p, one in zip(policy, above, strict=True)]
    columns = {name: [[cell] for cell in cells] for name, cells in lines.items()}
    if key["level"] == 3:
        columns |= of_pairs(transpose(givens(key)["winner_less_loser"]), logs, beta)
    return columns


def of_pairs(pairs: Matrix, logs: Column, beta: Fraction) -> dict[str, Matrix]:
    """What a policy says of pairs, DPO's gradient, and one step."""
    margins = [beta * expected(pair, logs) for pair in pairs]
    odds = [Fraction(2) ** int(margin) for margin in margins]
    predictions = [one / (one + 1) for one in odds]
    slopes = [p - TARGET for p in predictions]
    gradient = [
        beta * expected([pair[answer] for pair in pairs], slopes) / PAIRS for answer in range(SIZE)
    ]
    after = less(logs, gradient)
    lines = {"implicit_rewards": [beta * log for log in logs], "margins": margins, "odds": odds}
    lines |= {"predictions": predictions, "margin_gradient": slopes}
    lines |= {"log_probability_gradient": gradient, "trained_log_ratios": after}
    lines["trained_margins"] = [beta * expected(pair, after) for pair in pairs]
    return {name: [[cell] for cell in cells] for name, cells in lines.items()}


def expected(weights: Column, values: Column) -> Fraction:
    """Each value times its weight, added up."""
    return sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0))


def less(some: Column, others: Column) -> Column:
    """Cell by cell."""
    return [one - other for one, other in zip(some, others, strict=True)]


def bits(some: Column, others: Column) -> Column:
    """How often each of the others is doubled to be one of these; a whole number, or it is -99."""
    powers = {Fraction(2) ** k: Fraction(k) for k in range(-9, 10)}
    return [powers.get(p / q, Fraction(-99)) for p, q in zip(some, others, strict=True)]


def dpo_loss(margins: Matrix) -> Fraction:
    """Of preferences of eight in ten, in bits, to many digits."""
    odds = [logarithm(Fraction(2)) * margin for (margin,) in margins]
    whole = [logarithm(1 + power_of_e(one)) for one in odds]
    return sum((log - TARGET * one for one, log in zip(odds, whole, strict=True)), Fraction(0))


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = {name: flat(matrix) for name, matrix in givens(key).items()}
    lines, found = lines_of(key), []
    r, reference, policy = (
        given[name] for name in ("rewards", "reference_probabilities", "policy_probabilities")
    )
    best = flat(lines["optimal_probabilities"])
    for name, some in (("reference", reference), ("policy", policy), ("optimum", best)):
        if sum(some) != 1 or not all(0 < p < 1 for p in some):
            found.append(f"{name}: no probabilities")
    if len({*map(tuple, (reference, policy, best))}) < 3:
        found.append("two policies are the same")
    if any(
        abs(log) > 3 for name in ("optimal_log_ratios", "log_ratios") for log in flat(lines[name])
    ):
        found.append("log-ratios: not whole, or beyond 3")
    (best_of_all,) = flat(lines["optimal_objective"])
    if {*flat(lines["reward_offsets"])} != {best_of_all}:
        found.append("reward_offsets: not J* everywhere")
    if best_of_all <= max(flat(lines["objective"]) + flat(lines["reference_objective"])):
        found.append("optimal_objective: not above the others")
    if expected(policy, r) <= expected(reference, r):
        found.append("policy: it earns no more than the reference")
    if any(100 % cell.denominator for matrix in lines.values() for cell in flat(matrix)):
        found.append("an answer has three decimals, which a comma makes a thousand")
    if len({*r}) < 3:
        found.append("rewards: fewer than three different ones")
    if misordered(key, "rewards", r):
        found.append("rewards: a worse answer earns more")
    if key["level"] > 1:
        slopes = flat(lines["score_gradient"])
        towards = less(flat(lines["optimal_log_ratios"]), flat(lines["log_ratios"]))
        if sum(slopes) != 0 or expected(slopes, towards) <= 0:
            found.append("score_gradient: not 0 in all, or not towards the optimum")
    return found + (not_learned(key) if key["level"] == 3 else [])


def not_learned(key: Key) -> list[str]:
    """What the step by preferences alone does not do although the page says so."""
    given, lines, found = givens(key), lines_of(key), []
    pairs, r = transpose(given["winner_less_loser"]), flat(given["rewards"])
    if any(sorted(pair) != [-1, 0, 0, 0, 0, 1] for pair in pairs) or len({*map(tuple, pairs)}) < 3:
        found.append("winner_less_loser: no three pairs")
    if any(expected(pair, r) != 2 for pair in pairs):
        found.append("winner_less_loser: rewards that are not 2 apart")
    before, after = flat(lines["margins"]), flat(lines["trained_margins"])
    if any(abs(2 - now) > abs(2 - was) for was, now in zip(before, after, strict=True)):
        found.append("trained_margins: one is farther from 2")
    if dpo_loss(lines["trained_margins"]) >= dpo_loss(lines["margins"]):
        found.append("trained_margins: the step raises the loss")
    return found
