"""The kind `grpo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    PRECISE,
    Key,
    as_written,
    decimal,
    flat,
    givens,
    hard,
    logarithm,
    misordered,
    near_border,
    rounded,
    softmax,
)

MOST_HARD = 7  # products and quotients of two numbers of two digits, in the last steps
LOW, HIGH, BETA = Fraction(4, 5), Fraction(6, 5), Fraction(3, 5)
# A standard deviation by its square.
ROOTS = {root**2: root for root in map(Fraction, ("1/2", "2", "3", "4"))}
Column = list[Fraction]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    lines = columns(key)
    return as_written({name: [[cell] for cell in cells] for name, cells in lines.items()})


def columns(key: Key) -> dict[str, Column]:
    """Every answer as a column."""
    given = {name: flat(rows) for name, rows in givens(key).items()}
    rewards, new, old = (
        given[name] for name in ("rewards", "new_probabilities", "old_probabilities")
    )
    size = len(rewards)
    mean = sum(rewards) / size
    apart = [reward - mean for reward in rewards]
    variance = sum(d**2 for d in apart) / size
    std = ROOTS.get(variance) or rounded(Fraction(PRECISE.sqrt(decimal(variance))), 2)
    lines = {"mean": [mean], "deviations": apart, "squares": [d**2 for d in apart]}
    lines |= {"variance": [variance], "standard_deviation": [std]}
    lines["advantages"] = advantages = [d / std for d in apart]
    ratios = over(new, old)
    clipped = [clip(ratio) for ratio in ratios]
    least = surrogate(ratios, advantages)
    lines |= {"ratio": ratios, "clipped_ratio": clipped}
    lines |= {"unclipped": times(ratios, advantages), "clipped": times(clipped, advantages)}
    lines |= {"surrogate": least, "objective": [rounded(sum(least) / size, 2)]}
    if key["level"] == 1:
        return lines
    if key["level"] == 3:
        u = over(given["reference_probabilities"], new)
        lines |= {"reference_ratio": u, "kl_estimate": [estimate(ratio) for ratio in u]}
        penalty = BETA * sum(lines["kl_estimate"]) / size
        lines["whole_objective"] = [lines["objective"][0] - penalty]
    mask = [Fraction(counts(a, p)) for a, p in zip(advantages, ratios, strict=True)]
    kept = times([1 - stop for stop in mask], lines["unclipped"])
    lines |= {"clip_mask": mask, "surrogate_gradient": kept}
    slopes = [slope / size for slope in kept]
    if key["level"] == 3:
        # β·(u − log u − 1) by log π, of which u = π_ref / π falls as fast as it is large.
        slopes = [slope + BETA * (ratio - 1) / size for slope, ratio in zip(slopes, u, strict=True)]
    lines["log_probability_gradient"] = [rounded(slope, 2) for slope in slopes]
    if key["level"] == 3:
        lines |= step_up(given, lines)
    return lines


def step_up(given: dict[str, Column], lines: dict[str, Column]) -> dict[str, Column]:
    """A step of the scores, and the whole objective of the policy that it makes."""
    new, gradient = given["new_probabilities"], lines["log_probability_gradient"]
    total = sum(gradient)
    pull = [rounded(share * total, 2) for share in new]
    step = [g - p for g, p in zip(gradient, pull, strict=True)]
    scores = [rounded(z + dz, 1) for z, dz in zip(given["scores"], step, strict=True)]
    now = [rounded(share, 2) for share in softmax([*scores, Fraction(0)])]
    ratios = over(now[:-1], given["old_probabilities"])
    least = surrogate(ratios, lines["advantages"])
    u = [rounded(x, 1) for x in over(given["reference_probabilities"], now[:-1])]
    divergence = [estimate(ratio) for ratio in u]
    whole = (sum(least) - BETA * sum(divergence)) / len(new)
    return {
        "gradient_sum": [total], "pull": pull, "score_gradient": step, "trained_scores": scores,
        "trained_probabilities": now, "trained_ratio": ratios, "trained_surrogate": least,
        "trained_reference_ratio": u, "trained_kl_estimate": divergence,
        "trained_objective": [rounded(whole, 2)],
    }  # fmt: skip


def over(upper: Column, lower: Column) -> Column:
    """Entry by entry."""
    return [a / b for a, b in zip(upper, lower, strict=True)]


def times(left: Column, right: Column) -> Column:
    """Entry by entry."""
    return [a * b for a, b in zip(left, right, strict=True)]


def surrogate(ratios: Column, advantages: Column) -> Column:
    """The smaller of both products."""
    each = zip(ratios, advantages, strict=True)
    return [min(ratio * a, clip(ratio) * a) for ratio, a in each]


def estimate(ratio: Fraction) -> Fraction:
    """Of the KL divergence from the reference, by its ratio to the policy; log to tenths."""
    return ratio - rounded(logarithm(ratio), 1) - 1


def clip(ratio: Fraction) -> Fraction:
    """The ratio within 0.8 and 1.2."""
    return min(max(ratio, LOW), HIGH)


def counts(advantage: Fraction, ratio: Fraction) -> bool:
    """Whether the policy has moved far enough already, the way that the advantage asks for."""
    return ratio > HIGH if advantage > 0 else ratio < LOW and advantage < 0


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, found = {name: flat(rows) for name, rows in givens(key).items()}, []
    rewards, new, old = (
        given[name] for name in ("rewards", "new_probabilities", "old_probabilities")
    )
    size = len(rewards)
    variance = sum((r - sum(rewards) / size) ** 2 for r in rewards) / size
    if variance not in ROOTS:
        return ["rewards: the standard deviation is none of 1/2, 2, 3, 4"]
    if variance == Fraction(1, 4) and set(rewards) != {0, 1}:
        found.append("rewards: neither right and wrong nor far enough apart")
    if key["edition"] == "continued":
        if not sum(new) == sum(old) == 1:
            found.append("probabilities: there are other answers than the earlier sheet's")
    elif max(sum(new), sum(old)) > Fraction(95, 100):
        found.append("probabilities: other answers have less than 0.05")
    lines = columns(key)
    for name, values in (("rewards", rewards), ("advantages", lines["advantages"])):
        if misordered(key, name, values):
            found.append(f"{name}: a better answer has a lower one")
    ratios, advantages = lines["ratio"], lines["advantages"]
    if {LOW, HIGH} & set(ratios):
        found.append("ratio: on the edge of the clip")
    stops = [counts(a, p) for a, p in zip(advantages, ratios, strict=True)]
    for side in (LOW, HIGH):
        if not any(stop and clip(p) == side for stop, p in zip(stops, ratios, strict=True)):
            found.append(f"clip: counts for no answer at {side}")
    if not any(LOW < p < HIGH for p in ratios):
        found.append("ratio: none within the clip")
    exact = [sum(lines["surrogate"]) / size]
    if key["level"] == 2:
        exact += [slope / size for slope in lines["surrogate_gradient"]]
    if any(is_tie(value, 2) for value in exact):
        found.append("a value halfway between two hundredths")
    return found + (broken_step(given, lines) if key["level"] == 3 else [])


def is_tie(value: Fraction, places: int) -> bool:
    """Whether it lies halfway between two numbers of so many decimals."""
    return 2 * 10**places * value % 2 == 1


def broken_step(given: dict[str, Column], lines: dict[str, Column]) -> list[str]:
    """What keeps the last steps from raising the objective as the page says, with no tie."""
    found = []
    new, reference, scores = (
        given[name] for name in ("new_probabilities", "reference_probabilities", "scores")
    )
    if [rounded(share, 2) for share in softmax([*scores, Fraction(0)])][:-1] != new:
        found.append("scores: they do not make the policy")
    if sum(reference) > Fraction(95, 100):
        found.append("reference: other answers have less than 0.05")
    if lines["trained_objective"][0] <= lines["whole_objective"][0]:
        found.append("the objective does not grow")
    before, after = (
        unrounded(given, lines["advantages"], some) for some in (scores, lines["trained_scores"])
    )
    if after <= before:
        found.append("the objective does not grow, before rounding")
    if abs(lines["gradient_sum"][0]) < Fraction(1, 10):
        found.append("gradient_sum: too small to show")
    now = lines["trained_probabilities"][:-1]
    pairs = [(p, lines["gradient_sum"][0]) for p in new]
    pairs += [*zip(reference, new, strict=True), *zip(reference, now, strict=True)]
    pairs += zip(lines["trained_ratio"], lines["advantages"], strict=True)
    if sum(hard(left, right) for left, right in pairs) > MOST_HARD:
        found.append("too many products and quotients of numbers of two digits")
    if any(near_border(logarithm(u), 1) for u in REFERENCES):
        found.append("logarithm: near the border of its rounding")
    slopes = zip(lines["surrogate_gradient"], lines["reference_ratio"], strict=True)
    ties = [((kept + BETA * (u - 1)) / len(new), 2) for kept, u in slopes]
    ties += [(p * lines["gradient_sum"][0], 2) for p in new]
    steps = zip(scores, lines["score_gradient"], strict=True)
    ties += [(z + dz, 1) for z, dz in steps]
    ties += [(u, 1) for u in over(reference, lines["trained_probabilities"][:-1])]
    if any(is_tie(value, places) for value, places in ties):
        found.append("a value halfway between two that can be written")
    if any(abs(p) > 1 and 100 % p.denominator for p in lines["trained_surrogate"]):
        found.append("trained_surrogate: three decimals, which a comma makes a thousand")
    shares = softmax([*lines["trained_scores"], Fraction(0)])
    if any(abs(100 * share % 1 - Fraction(1, 2)) <= Fraction(1, 20) for share in shares):
        found.append("trained_probabilities: near the border of their rounding")
    return found


def unrounded(given: dict[str, Column], advantages: Column, scores: Column) -> Fraction:
    """Six times the whole objective of these scores, nothing rounded."""
    p = softmax([*scores, Fraction(0)])[:-1]
    least = surrogate(over(p, given["old_probabilities"]), advantages)
    u = over(given["reference_probabilities"], p)
    return sum(least) - BETA * sum(ratio - logarithm(ratio) - 1 for ratio in u)


# The reference's probability over the policy's, as sheets have it.
REFERENCES = [Fraction(tenths, 10) for tenths in (5, 6, 8, 10, 12, 15, 20)]
