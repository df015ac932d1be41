"""Draw a reference, rewards and a policy for which every power, share and logarithm comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from itertools import permutations
from math import factorial, prod

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.kinds.kl_optimum.steps import BASE, HIGHEST, HUNDREDTHS, LOWEST, MARGIN, PAIRS, SIZE
from worksheets.sampling.attempts import Arrays, Choose, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.ranked import ranked_answers

PARTS = (20, 25)  # of which a reference’s probabilities are so many
LIKELIEST = 80  # probability, in hundredths
BETA = 2  # a reward of 6 wrongly times it gives 2¹², which marking can still follow
EVERY_PAIR = np.array(list(permutations(range(SIZE), 2)), dtype=np.int64)
SIGNS = (np.eye(SIZE, dtype=np.int64)[EVERY_PAIR] * np.array([1, -1])[:, None]).sum(axis=1)


@cache
def _policies() -> tuple[Array, ...]:
    """Tabulate references in hundredths, and policies as log-ratios to them, all of them whole.

    A row is a reference, whose entries do not fall, beside a policy. Returns references and
    log-ratios, (rows, 6); a share of how many sheets the first rows up to each make, in all their
    orders and with all other policies; which row is the first with its reference, and how many
    have it.
    """
    every = [
        tuple(HUNDREDTHS // parts * share for share in shares)
        for parts in PARTS
        for shares in _rising(parts, SIZE)
    ]
    changes = [_changed(reference) for reference in every]
    each = np.array([len(some) for some in changes], dtype=np.int64)
    repeats = each.astype(np.intp)  # as many bits as the machine counts in: 32 in a browser
    count = np.repeat(each, repeats)
    references, ratios = (
        np.repeat(np.array(every, dtype=np.int64), repeats, axis=0),
        np.concatenate(changes),
    )
    both = zip(references.tolist(), ratios.tolist(), strict=True)
    alike = (Counter(zip(*columns, strict=True)).values() for columns in both)
    orders = np.array(
        [factorial(SIZE) // prod(map(factorial, some)) for some in alike], dtype=np.int64
    )
    first = np.repeat(each.cumsum(dtype=np.int64) - each, repeats)
    upto = np.cumsum(orders * count, dtype=np.int64)
    # A draw has 32 bits, and there are 33 bits of sheets.
    return references, ratios, upto // (int(upto[-1] >> 31) + 1), first, count


def _rising(total: int, count: int, least: int = 1) -> Iterator[tuple[int, ...]]:
    """Yield whole numbers from `least` on, none below the one before it, that come to `total`."""
    if count == 1:
        yield (total,)
        return
    for first in range(least, total // count + 1):
        yield from ((first, *rest) for rest in _rising(total - first, count - 1, first))


def _changed(reference: tuple[int, ...]) -> Array:
    """List the log-ratios, not all 0, by which hundredths become other ones, (policies, 6)."""
    unit = BASE**-LOWEST
    exponents = np.arange(LOWEST, HIGHEST + 1, dtype=np.int64)
    times = BASE ** (exponents - LOWEST)  # in parts of `unit`
    allowed = [
        exponents[(p * times % unit == 0) & (p * times <= LIKELIEST * unit)] for p in reference
    ]
    ratios = np.array(np.meshgrid(*allowed)).reshape(SIZE, -1).T
    sums = (reference * times[ratios - LOWEST]).sum(axis=1)
    policies: Array = ratios[(sums == HUNDREDTHS * unit) & ratios.any(axis=1)]
    return policies


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a reference, rewards whose optimum comes out, and a policy that earns more."""
    choices: list[Choose] = [_optimum, partial(_rewarded, level), _ordered]
    choices += [_compared] if level == 3 else []
    found, accepted = first_accepted(
        draws, "policies", lambda some, _: in_turn(some, {}, choices), at_once=2000, limit=20_000
    )
    reference, logs = found["reference"], found["logs"]
    givens = {
        "rewards": found["rewards"],
        "reference_probabilities": reference,
        "policy_probabilities": _times(reference, logs),
    }
    columns = {name: cells[:, :, None] for name, cells in givens.items()}
    columns["beta"] = np.full((len(draws.keys), 1, 1), BETA, dtype=np.int64)
    if level == 3:
        columns["winner_less_loser"] = found["pairs"].transpose(0, 2, 1)
    return Givens(columns, ranked_answers(draws, found["rewards"]), accepted)


def _optimum(draws: Draws, _: Arrays) -> tuple[Arrays, Mask]:
    """Draw a reference, its optimum and log Z, whose rewards over β have powers of 2.

    Probabilities are in hundredths. No order of the answers matters until all else fits.
    """
    references, ratios, last = _policies()[:3]
    row = np.searchsorted(last, draws.below("optimum", int(last[-1]))[:, 0], side="right")
    log_Z = draws.one_of("log Z", (-2, -1, 1, 2), 1)
    k = ratios[row] + log_Z
    good = ((k >= LOWEST) & (k <= HIGHEST)).all(axis=1)
    # What the powers of 2 come to before they are shared out is in hundredths as well.
    good &= (_times(references[row], ratios[row]) % BASE ** np.maximum(-log_Z, 0) == 0).all(axis=1)
    return {"row": row, "exponents": k}, good & _several(k)


def _rewarded(level: int, draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw another policy than the optimum, that earns more than the reference."""
    references, ratios, _, first, count = _policies()
    row, rewards = known["row"], BETA * known["exponents"]
    policy = first[row] + draws.below("policy", count[row][:, None])[:, 0]
    reference, logs = references[row], ratios[policy]
    now = _times(reference, logs)
    good = (ratios[row] != logs).any(axis=1) & _several(logs)
    # Twice the exponents instead of powers: then Z is 0 where the reference's objective is.
    good &= (reference * rewards).sum(axis=1) != 0
    good &= (now * rewards).sum(axis=1) > (reference * rewards).sum(axis=1)
    if level > 1:  # the baseline is whole, so that a slope has hundredths
        J = (now * (rewards - BETA * logs)).sum(axis=1)
        good &= (J % HUNDREDTHS == 0) & (J != 0)
    return {"reference": reference, "logs": logs, "rewards": rewards}, good


def _ordered(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Put the answers in an order."""
    order = draws.order("order", SIZE)
    columns = ("reference", "logs", "rewards")
    ordered = {name: np.take_along_axis(known[name], order, axis=1) for name in columns}
    return ordered, np.ones(len(order), dtype=np.bool_)


def _several(rows: Array) -> Mask:
    """Find the rows with three different entries or more."""
    rising = np.sort(rows, axis=1)
    several: Mask = (rising[:, 1:] != rising[:, :-1]).sum(axis=1) >= 2
    return several


def _compared(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw pairs whose rewards lie a margin apart, and that a step brings closer to it."""
    logs = known["logs"]
    winner, loser = EVERY_PAIR.T
    apart = known["rewards"][:, winner] - known["rewards"][:, loser]
    margins = BETA * (logs[:, winner] - logs[:, loser])
    fits = (apart == MARGIN) & (np.abs(margins) <= MARGIN)
    # Those that fit by random bits, the others after them: the first three are a random choice.
    by_chance = np.where(fits, draws.bits("pairs", len(EVERY_PAIR)) >> np.uint64(1), 2**63)
    chosen = by_chance.argsort(axis=1)[:, : len(PAIRS)]
    pairs = SIGNS[chosen]
    margin = np.take_along_axis(margins, chosen, axis=1)
    # What σ lacks to the target is 0, 3 or 6 tenths; two thirds of it, β being 2, is the rise.
    lacks = 3 * (MARGIN - margin) // 2
    rise = 2 * (pairs.transpose(0, 2, 1) @ lacks[:, :, None]) // 3
    again = 10 * margin + 2 * (pairs @ rise)[:, :, 0]
    good = (fits.sum(axis=1) >= len(PAIRS)) & margin.any(axis=1)
    good &= (lacks > 0).sum(axis=1) >= 2
    good &= (np.abs(10 * MARGIN - again) <= 10 * np.abs(MARGIN - margin)).all(axis=1)
    return {"pairs": pairs}, good & (again != 10 * margin).any(axis=1)


def _times(hundredths: Array, logs: Array) -> Array:
    """Multiply by powers of 2; what is no whole number is cut off."""
    scaled: Array = hundredths * BASE ** (logs - LOWEST) // BASE**-LOWEST
    return scaled
