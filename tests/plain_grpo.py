"""The kind `grpo` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction
from math import isqrt

from plain import Key, as_written, givens, rounded

LOW, HIGH = Fraction(4, 5), Fraction(6, 5)


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    rewards, new, old = columns(key)
    size = len(rewards)
    mean = sum(rewards) / size
    apart = [reward - mean for reward in rewards]
    variance = sum(d**2 for d in apart) / size
    std = Fraction(isqrt(int(variance)))
    advantages = [d / std for d in apart]
    ratios = [now / before for now, before in zip(new, old, strict=True)]
    clipped = [clip(ratio) for ratio in ratios]
    free = [p * a for p, a in zip(ratios, advantages, strict=True)]
    bounded = [p * a for p, a in zip(clipped, advantages, strict=True)]
    least = [min(pair) for pair in zip(free, bounded, strict=True)]
    lines = {"mean": [mean], "deviations": apart, "squares": [d**2 for d in apart]}
    lines |= {"variance": [variance], "standard_deviation": [std], "advantages": advantages}
    lines |= {"ratio": ratios, "clipped": clipped, "free": free, "bounded": bounded}
    lines |= {"least": least, "objective": [rounded(sum(least) / size, 2)]}
    if key["level"] >= 2:
        stops = [stopped(a, p) for a, p in zip(advantages, ratios, strict=True)]
        kept = [Fraction(0) if stop else f for stop, f in zip(stops, free, strict=True)]
        gradient = [rounded(slope / size, 2) for slope in kept]
        lines |= {"stopped": map(Fraction, stops), "kept": kept, "gradient": gradient}
    if key["level"] >= 3:
        total = sum(gradient)
        pull = [rounded(share / 100 * total, 2) for share in new]
        lines |= {"total": [total], "pull": pull}
        lines["score_gradient"] = [g - p for g, p in zip(gradient, pull, strict=True)]
    return as_written({name: [[cell] for cell in cells] for name, cells in lines.items()})


def columns(key: Key) -> list[list[Fraction]]:
    """Rewards, and probabilities now and before in per cent."""
    given = givens(key)
    return [[cell for (cell,) in given[name]] for name in ("rewards", "new", "old")]


def stopped(advantage: Fraction, ratio: Fraction) -> bool:
    """Whether the policy has moved far enough already, the way that the advantage asks for."""
    return ratio > HIGH if advantage > 0 else ratio < LOW and advantage < 0


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    rewards, new, old = columns(key)
    size, found = len(rewards), []
    mean = sum(rewards) / size
    variance = sum((r - mean) ** 2 for r in rewards) / size
    if mean.denominator != 1:
        found.append("rewards: the mean is not whole")
    if variance not in (4, 25):
        return [*found, "rewards: the standard deviation is neither 2 nor 5"]
    if max(sum(new), sum(old)) > 95:
        found.append("probabilities: other answers have less than 5 %")
    advantages = [(r - mean) / isqrt(int(variance)) for r in rewards]
    ratios = [now / before for now, before in zip(new, old, strict=True)]
    if {LOW, HIGH} & set(ratios):
        found.append("ratio: on the edge of the clip")
    stops = [stopped(a, p) for a, p in zip(advantages, ratios, strict=True)]
    for side in (LOW, HIGH):
        if not any(stop and clip(p) == side for stop, p in zip(stops, ratios, strict=True)):
            found.append(f"stopped: no answer at {side}")
    if not any(LOW < p < HIGH for p in ratios):
        found.append("ratio: none within the clip")
    free = [p * a for p, a in zip(ratios, advantages, strict=True)]
    kept = [Fraction(0) if stop else f for stop, f in zip(stops, free, strict=True)]
    least = [min(f, clip(p) * a) for f, p, a in zip(free, ratios, advantages, strict=True)]
    gradient = [rounded(slope / size, 2) for slope in kept]
    if abs(sum(gradient)) < Fraction(1, 10):
        found.append("total: too small to show")
    exact = [sum(least) / size, *(slope / size for slope in kept)]
    exact += [share / 100 * sum(gradient) for share in new]
    if any((200 * value).denominator == 1 and (200 * value) % 2 for value in exact):
        found.append("a value halfway between two hundredths")
    return found


def clip(ratio: Fraction) -> Fraction:
    """The ratio within 0.8 and 1.2."""
    return min(max(ratio, LOW), HIGH)
