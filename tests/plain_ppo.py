"""The kind `ppo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    logarithm,
    near_border,
    product,
    rounded,
    sigma,
    transpose,
)

LOW, HIGH = Fraction(4, 5), Fraction(6, 5)
Places = list[dict[str, Fraction]]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    rows = places(given)
    size = len(rows)
    lines = {name: [row[name] for row in rows] for name in rows[0]}
    lines["objective"] = [sum(lines["surrogate"]) / size]
    if key["level"] >= 2:
        stops = [counts(row["advantages"], row["ratio"]) for row in rows]
        kept = [row["unclipped"] * (not stop) for row, stop in zip(rows, stops, strict=True)]
        lines["clip_mask"] = [Fraction(stop) for stop in stops]
        lines["surrogate_gradient"] = kept
        lines["log_probability_gradient"] = [slope / size for slope in kept]
    done = {name: [[cell] for cell in cells] for name, cells in lines.items()}
    if key["level"] >= 3:
        done |= step_up(given, rows, lines["log_probability_gradient"])
    return as_written(done)


def places(given: dict[str, Matrix]) -> Places:
    """The forward pass of each place."""
    names = ("old_probabilities", "reference_probabilities", "rewards", "values")
    each = [flat(given[name]) for name in (*names, "new_probabilities")]
    return [forward(*cells) for cells in zip(*each, strict=True)]


def forward(
    old: Fraction, reference: Fraction, reward: Fraction, value: Fraction, new: Fraction
) -> dict[str, Fraction]:
    """What is worked out for one place, by line."""
    log = rounded(logarithm(old / reference), 1)
    advantage = reward - 2 * log - value
    return {
        "reference_ratio": old / reference,
        "log_ratio": log,
        "penalised_rewards": reward - 2 * log,
        "advantages": advantage,
        **objective(new / old, advantage),
    }


def objective(ratio: Fraction, advantage: Fraction) -> dict[str, Fraction]:
    """What a place adds to the clipped objective, and what that is made of."""
    clipped = min(max(ratio, LOW), HIGH)
    return {
        "ratio": ratio,
        "clipped_ratio": clipped,
        "unclipped": ratio * advantage,
        "clipped": clipped * advantage,
        "surrogate": min(ratio * advantage, clipped * advantage),
    }


def step_up(given: dict[str, Matrix], rows: Places, slopes: list[Fraction]) -> dict[str, Matrix]:
    """The step of the word's row of weights, and the objective of the policy that it makes."""
    exact = score_slopes(slopes, flat(given["new_probabilities"]))
    score = [rounded(slope, 2) for slope in exact]
    (dw,) = product([score], given["inputs"])
    (w,) = given["weights"]
    trained = [weight + slope for weight, slope in zip(w, dw, strict=True)]
    again = [rounded(z, 1) for z in scores(given, trained)]
    probabilities = [rounded(sigma(z), 2) for z in again]
    old = flat(given["old_probabilities"])
    ratio = [rounded(p / q, 2) for p, q in zip(probabilities, old, strict=True)]
    least = [objective(rho, row["advantages"]) for rho, row in zip(ratio, rows, strict=True)]
    surrogate = [place["surrogate"] for place in least]
    columns = {
        "trained_scores": again,
        "trained_probabilities": probabilities,
        "trained_ratio": ratio,
        "trained_surrogate": surrogate,
        "trained_objective": [rounded(sum(surrogate) / len(rows), 2)],
    }
    done = {"score_gradient": [[slope] for slope in score]}
    done |= {"weights_gradient": [dw], "trained_weights": [trained]}
    return done | {name: [[cell] for cell in cells] for name, cells in columns.items()}


def scores(given: dict[str, Matrix], weights: list[Fraction]) -> list[Fraction]:
    """The word's score in each place, less the log of the sum of all others' powers."""
    own = flat(product(given["inputs"], transpose([weights])))
    return [score - c for score, c in zip(own, flat(given["others"]), strict=True)]


def counts(advantage: Fraction, ratio: Fraction) -> bool:
    """Whether the policy has moved far enough already, the way that the advantage asks for."""
    return ratio > HIGH if advantage > 0 else ratio < LOW and advantage < 0


def score_slopes(gradient: list[Fraction], new: list[Fraction]) -> list[Fraction]:
    """Each place's slope by its score, before it is rounded."""
    return [g * (1 - p) for g, p in zip(gradient, new, strict=True)]


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, found = givens(key), []
    rows = places(given)
    masked = [counts(row["advantages"], row["ratio"]) for row in rows]
    if not any(masked):
        found.append("clip: counts nowhere")
    if all(mask for row, mask in zip(rows, masked, strict=True) if is_outside(row)):
        found.append("clip: counts wherever it changes a ratio")
    if all(is_outside(row) for row in rows):
        found.append("ratio: none within the clip")
    if not min(row["ratio"] for row in rows) < LOW < HIGH < max(row["ratio"] for row in rows):
        found.append("ratio: not on both sides of the clip")
    if {LOW, HIGH} & {row["ratio"] for row in rows}:
        found.append("ratio: on the edge of the clip")
    if any(row["advantages"] not in (-3, -2, -1, 1, 2, 3) for row in rows):
        found.append("advantages: one is not whole, or 0, or large")
    if any(near_border(logarithm(row["reference_ratio"]), 1) for row in rows):
        found.append("logarithm: near the border of its rounding")
    if key["level"] == 3:
        found += broken_step(key)
    return found


def broken_step(key: Key) -> list[str]:
    """What keeps the last steps from raising the objective as the page says, with no tie."""
    given, found = givens(key), []
    right = {name: [Fraction(row[0]) for row in rows] for name, rows in recompute(key).items()}
    new, old = flat(given["new_probabilities"]), flat(given["old_probabilities"])
    before = [rounded(sigma(z), 2) for z in scores(given, given["weights"][0])]
    if before != new:
        found.append("the model's own probabilities are not those printed")
    if right["trained_objective"] <= right["objective"]:
        found.append("the objective does not grow")
    trained = [Fraction(cell) for cell in recompute(key)["trained_weights"][0]]
    ties = [(slope, 2) for slope in score_slopes(right["log_probability_gradient"], new)]
    ties += [(score, 1) for score in scores(given, trained)]
    pairs = zip(right["trained_probabilities"], old, strict=True)
    ties += [(p / q, 2) for p, q in pairs]
    if any(2 * 10**places * value % 2 == 1 for value, places in ties):
        found.append("a value halfway between two that can be written")
    if not all(map(any, [*given["inputs"], *transpose(given["inputs"])])):
        found.append("inputs: a place or a feature is all 0")
    return found


def is_outside(row: dict[str, Fraction]) -> bool:
    """Whether the clip changes the ratio."""
    return row["ratio"] != row["clipped_ratio"]
