"""The kind `best_of_n` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction
from itertools import accumulate, pairwise

from plain import (
    Key,
    as_written,
    flat,
    givens,
    hard,
    logarithm,
    misordered,
    near_border,
    rounded,
    softmax,
)

RATE, NUMBERS = 2, ("one", "two", "four")
MOST_HARD = 3  # squares of numbers of two digits, below level 3
Row = list[Fraction]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    return as_written({name: [row] for name, row in rows_of(key).items()})


def rows_of(key: Key) -> dict[str, Row]:
    """The answers as fractions."""
    given = {name: flat(matrix) for name, matrix in givens(key).items()}
    p, r, g = (given[name] for name in ("probabilities", "proxy_rewards", "gold_rewards"))
    no_better = list(accumulate(reversed(p)))[::-1]
    two = [F**2 for F in no_better]
    four = [rounded(F**4, 2) for F in no_better]
    rows = {"cumulative": no_better, "none_better_of_two": two, "best_of_two": steps_of(two)}
    rows |= {"none_better_of_four": four}
    rows["best_of_four"] = [rounded(q, 1) for q in steps_of(four)]
    for name, rewards in (("proxy", r), ("gold", g)):
        means = [mean(of, rewards) for of in (p, rows["best_of_two"], rows["best_of_four"])]
        rows |= {f"{name}_of_{n}": [one] for n, one in zip(NUMBERS, means, strict=True)}
    for name in ("proxy", "gold"):
        rows[f"{name}_gain"] = [rows[f"{name}_of_four"][0] - rows[f"{name}_of_two"][0]]
    if key["level"] == 1:
        return rows
    rows["log_probabilities"] = scores = [rounded(logarithm(q), 1) for q in p]
    rows["loss"] = [cross_entropy(rows, scores)]
    rows["score_gradient"] = [q - wanted for q, wanted in zip(p, rows["best_of_four"], strict=True)]
    if key["level"] == 2:
        return rows
    slopes = rows["score_gradient"]
    scores = [z - RATE * slope for z, slope in zip(scores, slopes, strict=True)]
    now = [rounded(share, 1) for share in softmax(scores)]
    logs = [rounded(logarithm(q), 1) for q in now]
    rows |= {"trained_scores": scores, "trained_probabilities": now}
    rows |= {"trained_log_probabilities": logs, "trained_loss": [cross_entropy(rows, logs)]}
    return rows | {"trained_proxy": [mean(now, r)], "trained_gold": [mean(now, g)]}


def steps_of(sums: Row) -> Row:
    """How much each is above the next; the last above 0."""
    return [one - other for one, other in zip(sums, [*sums[1:], Fraction(0)], strict=True)]


def mean(probabilities: Row, rewards: Row) -> Fraction:
    """Each reward as often as its answer is given."""
    return sum((p * r for p, r in zip(probabilities, rewards, strict=True)), Fraction(0))


def cross_entropy(rows: dict[str, Row], logs: Row) -> Fraction:
    """Of the best of four, and these logarithms."""
    return -mean(rows["best_of_four"], logs)


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = {name: flat(matrix) for name, matrix in givens(key).items()}
    rows, found = rows_of(key), []
    p, r, g = (given[name] for name in ("probabilities", "proxy_rewards", "gold_rewards"))
    for name, some in (("p", p), ("p₂", rows["best_of_two"]), ("p₄", rows["best_of_four"])):
        if sum(some) != 1 or min(some) < 0:
            found.append(f"{name}: no probabilities")
    if min(p) <= 0:
        found.append("probabilities: one is 0")
    if any(one <= other for one, other in pairwise(r)):
        found.append("proxy_rewards: not in order, best first")
    if misordered(key, "gold_rewards", g):
        found.append("gold_rewards: a worse answer has more")
    if g[0] == max(g):
        found.append("gold_rewards: the proxy is right about the best answer")
    seen, real = ([rows[f"{name}_of_{n}"][0] for n in NUMBERS] for name in ("proxy", "gold"))
    if not seen[0] < seen[1] < seen[2]:
        found.append("proxy: more samples do not raise it")
    if real.count(max(real)) > 1:
        found.append("gold: two numbers of samples are as good")
    if key["level"] < 3 and sum(hard(F, F) for F in rows["none_better_of_two"]) > MOST_HARD:
        found.append("none_better_of_four: too many squares of numbers of two digits")
    if key["level"] > 1 and sum(rows["score_gradient"]) != 0:
        found.append("score_gradient: it does not come to 0")
    finer = steps_of(rows["none_better_of_four"])
    if any(20 * q % 2 == 1 for q in finer):
        found.append("best_of_four: halfway between two tenths")
    if (mean(finer, g) > max(real[:2])) != (real[2] > max(real[:2])):
        found.append("gold: two digits of the best of four say otherwise")
    return found + (not_learned(p, r, rows) if key["level"] == 3 else [])


def not_learned(p: Row, r: Row, rows: dict[str, Row]) -> list[str]:
    """What the step does not do although the page says so."""
    found, now = [], rows["trained_probabilities"]
    before, after = (softmax(rows[name]) for name in ("log_probabilities", "trained_scores"))
    if [rounded(share, 1) for share in before] != p:
        found.append("log_probabilities: no scores of these probabilities")
    if any(near_border(share, 1) for share in after) or sum(now) != 1 or min(now) <= 0:
        found.append("trained_probabilities: near a border, one of 0, or not 1 in all")
    if rows["trained_loss"] >= rows["loss"]:
        found.append("trained_loss: no smaller, as it is written")
    exact = [cross_entropy(rows, list(map(logarithm, some))) for some in (before, after)]
    if exact[1] >= exact[0]:
        found.append("loss: the step raises it")
    if mean(now, r) <= mean(p, r):
        found.append("trained_proxy: no higher")
    return found
