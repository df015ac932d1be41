"""The kind `ppo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
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
    advantages = flat(given["advantages"])
    size = len(rows)
    lines = {name: [row[name] for row in rows] for name in rows[0]}
    lines["objective"] = [sum(lines["surrogate"]) / size]
    if key["level"] >= 2:
        stops = [counts(a, row["ratio"]) for a, row in zip(advantages, rows, strict=True)]
        kept = [row["unclipped"] * (not stop) for row, stop in zip(rows, stops, strict=True)]
        lines["clip_mask"] = [Fraction(stop) for stop in stops]
        lines["surrogate_gradient"] = kept
        lines["log_probability_gradient"] = [slope / size for slope in kept]
    done = {name: [cells] for name, cells in lines.items()}
    if key["level"] >= 3:
        done |= step_up(given, rows, lines["log_probability_gradient"])
    return as_written(done)


def places(given: dict[str, Matrix]) -> Places:
    """The forward pass of each place."""
    new, old, advantages = (
        flat(given[name]) for name in ("new_probabilities", "old_probabilities", "advantages")
    )
    return [objective(p / q, a) for p, q, a in zip(new, old, advantages, strict=True)]


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
    (dw,) = product([score], transpose(given["inputs"]))
    (w,) = given["weights"]
    trained = [weight + slope for weight, slope in zip(w, dw, strict=True)]
    again = [rounded(z, 1) for z in scores(given, trained)]
    probabilities = [rounded(sigma(z), 2) for z in again]
    old = flat(given["old_probabilities"])
    ratio = [rounded(p / q, 2) for p, q in zip(probabilities, old, strict=True)]
    least = [objective(rho, a) for rho, a in zip(ratio, flat(given["advantages"]), strict=True)]
    surrogate = [place["surrogate"] for place in least]
    columns = {
        "trained_scores": again,
        "trained_probabilities": probabilities,
        "trained_ratio": ratio,
        "trained_surrogate": surrogate,
        "trained_objective": [rounded(sum(surrogate) / len(rows), 2)],
    }
    done = {"score_gradient": [score]}
    done |= {"weights_gradient": [dw], "trained_weights": [trained]}
    return done | {name: [cells] for name, cells in columns.items()}


def scores(given: dict[str, Matrix], weights: list[Fraction]) -> list[Fraction]:
    """The word's score in each place, less the log of the sum of all others' powers."""
    own = flat(product([weights], given["inputs"]))
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
    advantages = flat(given["advantages"])
    masked = [counts(a, row["ratio"]) for a, row in zip(advantages, rows, strict=True)]
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
    if any(a.denominator > 1 or not 0 < abs(a) <= 4 for a in advantages):
        found.append("advantages: one is not whole, or 0, or large")
    if key["level"] == 3:
        found += broken_step(key)
    return found


def broken_step(key: Key) -> list[str]:
    """What keeps the last steps from raising the objective as the page says, with no tie."""
    given, found = givens(key), []
    right = {name: list(map(Fraction, rows[0])) for name, rows in recompute(key).items()}
    new, old = flat(given["new_probabilities"]), flat(given["old_probabilities"])
    before = [rounded(sigma(z), 2) for z in scores(given, given["weights"][0])]
    if before != new:
        found.append("the model's own probabilities are not those printed")
    if right["trained_objective"] <= right["objective"]:
        found.append("the objective does not grow")
    trained = [Fraction(cell) for cell in recompute(key)["trained_weights"][0]]
    if unrounded(given, trained) <= unrounded(given, given["weights"][0]):
        found.append("the objective does not grow, before rounding")
    ties = [(slope, 2) for slope in score_slopes(right["log_probability_gradient"], new)]
    ties += [(score, 1) for score in scores(given, trained)]
    pairs = zip(right["trained_probabilities"], old, strict=True)
    ties += [(p / q, 2) for p, q in pairs]
    if any(2 * 10**places * value % 2 == 1 for value, places in ties):
        found.append("a value halfway between two that can be written")
    if not all(map(any, [*given["inputs"], *transpose(given["inputs"])])):
        found.append("inputs: a place or a feature is all 0")
    return found


def unrounded(given: dict[str, Matrix], weights: list[Fraction]) -> Fraction:
    """Five times the objective of a row of weights, nothing rounded."""
    places = zip(
        scores(given, weights), flat(given["old_probabilities"]), flat(given["advantages"]),
        strict=True,
    )  # fmt: skip
    return sum((objective(sigma(z) / q, a)["surrogate"] for z, q, a in places), Fraction(0))


def is_outside(row: dict[str, Fraction]) -> bool:
    """Whether the clip changes the ratio."""
    return row["ratio"] != row["clipped_ratio"]
