"""The kind `ppo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    PRECISE,
    Key,
    Matrix,
    as_written,
    decimal,
    flat,
    givens,
    near_border,
    product,
    rounded,
    transpose,
)

LOW, HIGH = Fraction(4, 5), Fraction(6, 5)


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    rows = places(given)
    size = len(rows)
    lines = {name: [row[name] for row in rows] for name in rows[0]}
    lines["objective"] = [rounded(sum(lines["least"]) / size, 2)]
    if key["level"] >= 2:
        stops = [stopped(row["advantages"], row["ratio"]) for row in rows]
        lines["stopped"] = [Fraction(stop) for stop in stops]
        lines["kept"] = [row["free"] * (not stop) for row, stop in zip(rows, stops, strict=True)]
        lines["gradient"] = [rounded(slope / size, 2) for slope in lines["kept"]]
    done = {name: [[cell] for cell in cells] for name, cells in lines.items()}
    if key["level"] >= 3:
        new = flat(given["new"])
        score = [rounded(x, 2) for x in score_slopes(lines["gradient"], new)]
        done["score_gradient"] = [[slope] for slope in score]
        done["weight_gradient"] = product([score], given["inputs"])
        done["trained"] = [
            [w + 10 * slope for w, slope in zip(*both, strict=True)]
            for both in zip(given["weights"], done["weight_gradient"], strict=True)
        ]
    return as_written(done)


def places(given: dict[str, Matrix]) -> list[dict[str, Fraction]]:
    """The forward pass of each place."""
    names = ("old", "reference", "rewards", "expected", "new")
    return [forward(*cells) for cells in zip(*(flat(given[name]) for name in names), strict=True)]


def forward(
    old: Fraction, reference: Fraction, reward: Fraction, expected: Fraction, new: Fraction
) -> dict[str, Fraction]:
    """What is worked out for one place, by line."""
    times, ratio = old / reference, new / old
    log = rounded(logarithm(times), 1)
    advantage = reward - 2 * log - expected
    clipped = min(max(ratio, LOW), HIGH)
    return {
        "times": times,
        "logarithm": log,
        "penalised": reward - 2 * log,
        "advantages": advantage,
        "ratio": ratio,
        "clipped": clipped,
        "free": ratio * advantage,
        "bounded": clipped * advantage,
        "least": min(ratio * advantage, clipped * advantage),
    }


def logarithm(value: Fraction) -> Fraction:
    """The natural logarithm, to 60 digits."""
    return Fraction(PRECISE.ln(decimal(value)))


def stopped(advantage: Fraction, ratio: Fraction) -> bool:
    """Whether the policy has moved far enough already, the way that the advantage asks for."""
    return ratio > HIGH if advantage > 0 else ratio < LOW and advantage < 0


def score_slopes(gradient: list[Fraction], percent: list[Fraction]) -> list[Fraction]:
    """Each place's slope by its score, before it is rounded."""
    return [g * (100 - p) / 100 for g, p in zip(gradient, percent, strict=True)]


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, found = givens(key), []
    rows = places(given)
    cases = {(row["advantages"] > 0, row["ratio"] > 1) for row in rows if is_outside(row)}
    if len(cases) < 4:
        found.append("advantages and ratio: one of the four cases is missing")
    if all(is_outside(row) for row in rows):
        found.append("ratio: none within the clip")
    if {LOW, HIGH} & {row["ratio"] for row in rows}:
        found.append("ratio: on the edge of the clip")
    if any(row["advantages"] == 0 for row in rows):
        found.append("advantages: one is 0")
    if any(near_border(logarithm(row["times"]), 1) for row in rows):
        found.append("logarithm: near the border of its rounding")
    size = len(rows)
    kept = [row["free"] * (not stopped(row["advantages"], row["ratio"])) for row in rows]
    exact = [sum(row["least"] for row in rows) / size, *(slope / size for slope in kept)]
    if key["level"] >= 3:
        gradient = [rounded(slope / size, 2) for slope in kept]
        exact += score_slopes(gradient, flat(given["new"]))
        if not all(map(any, [*given["inputs"], *transpose(given["inputs"])])):
            found.append("inputs: a place or a feature is all 0")
    if any((200 * value).denominator == 1 and (200 * value) % 2 for value in exact):
        found.append("a value halfway between two hundredths")
    return found


def is_outside(row: dict[str, Fraction]) -> bool:
    """Whether the clip changes the ratio."""
    return row["ratio"] != row["clipped"]
