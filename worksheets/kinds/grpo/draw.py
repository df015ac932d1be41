"""Draw a group of rewards, policies whose clips count, and a step that raises the objective."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded, round_half_away
from worksheets.kinds.grpo.steps import BEST, FARTHEST, SIZE
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.digits import two_digits
from worksheets.sampling.givens import Givens
from worksheets.sampling.ranked import answers_before, ranked_answers
from worksheets.sampling.shares import shares

RATIOS = (5, 6, 7, 9, 10, 11, 13, 14, 15)  # in tenths: none on an edge of the clip
# Twice the standard deviations: a half is that of three answers right and three wrong.
DOUBLED = (1, 4, 4, 6, 8)
STDS = tuple(dict.fromkeys(DOUBLED))
REFERENCES = (5, 6, 8, 10, 12, 15, 20)  # the reference's probability over the policy's, in tenths
MOST_HARD = 7  # products and quotients of numbers of two digits, in a step and what comes of it


@cache
def _spreads(doubled: int) -> Array:
    """List a group's doubled deviations, rising, at most one 0, with this root mean square.

    They are such multiples that advantages are whole or a half.
    """
    step = {1: 1, 4: 2, 6: 6, 8: 4}[doubled]
    every = (-1, 1) if doubled == 1 else range(-5 * step, 5 * step + 1, step)
    groups = combinations_with_replacement(every, SIZE)
    fits = [d for d in groups if not sum(d) and sum(x * x for x in d) == SIZE * doubled**2]
    return np.array([d for d in fits if d.count(0) <= 1], dtype=np.int64)


@cache
def _logs() -> Array:
    """Tabulate log(p / q) in tenths by p and q, whole numbers up to 100; 0 has none."""
    table = np.zeros((101, 101), dtype=np.int64)
    for p, q in product(range(1, 101), repeat=2):
        table[p, q] = log_rounded(Fraction(p, q), 1)
    return table


@cache
def _references() -> tuple[Array, Array]:
    """Tabulate the ratios that a reference may have to a probability in hundredths, and count.

    The reference's probability is in hundredths as well. Shapes: (31, 7) and (31,).
    """
    table = np.full((31, len(REFERENCES)), 10, dtype=np.int64)
    fits = [[u for u in REFERENCES if u * p % 10 == 0] for p in range(31)]
    for p, some in enumerate(fits):
        table[p, : len(some)] = some
    return table, np.array(list(map(len, fits)), dtype=np.int64)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a group of rewards, and ratios within the clip and on both sides."""
    doubled = draws.one_of("std", DOUBLED, 1)
    # Spreads rise, as answers do from the worst to the best.
    words, order = answers_before(draws) if draws.earlier else ({}, draws.order("order", SIZE))
    some = [_spreads(size)[draws.below("spread", len(_spreads(size)))[:, 0]] for size in STDS]
    spread = np.select([doubled == size for size in STDS], some)
    spread = np.take_along_axis(spread, order, axis=1)
    # The mean keeps all rewards within 0 and BEST; 0 and 1 say wrong and right.
    edge = np.abs(spread).max(axis=1, keepdims=True)
    mean = edge + 2 * draws.below("mean", np.where(doubled == 1, 1, BEST + 1 - edge))
    advantage = 10 * spread // doubled  # in tenths

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        if draws.earlier:
            return _continued(some, advantage[rows])
        return _policies(some, advantage[rows], level)

    columns, accepted = first_accepted(draws, "policies", propose, at_once=2000, limit=2000)
    columns["rewards"] = (mean + spread) // 2
    givens = {name: cells[:, :, None] for name, cells in columns.items()}
    return Givens(givens, words or ranked_answers(draws, columns["rewards"]), accepted)


def _continued(draws: Draws, advantage: Array) -> tuple[Arrays, Mask]:
    """Draw the policy now, in hundredths, of one before that has no other answers than these."""
    old, ratio = draws.earlier["old_probabilities"][:, :, 0], draws.one_of("ratio", RATIOS, SIZE)
    new = ratio * old // 10
    accepted = (new.sum(axis=1) == 100) & _clear(advantage, ratio)
    columns = {"old_probabilities": old, "new_probabilities": new}
    return {name: values[accepted] for name, values in columns.items()}, accepted


def _policies(draws: Draws, advantage: Array, level: int) -> tuple[Arrays, Mask]:
    """Draw the policy before and now, in hundredths, and for level 3 its scores and a reference."""
    ratio, old = draws.one_of("ratio", RATIOS, SIZE), draws.one_of("old", (10, 20), SIZE)
    new = ratio * old // 10
    columns = {"old_probabilities": old, "new_probabilities": new}
    accepted = (np.maximum(old.sum(axis=1), new.sum(axis=1)) <= 95) & _clear(advantage, ratio)
    if level == 3:
        kept = np.flatnonzero(accepted)
        more, learns = _learns(draws.some(kept), advantage[kept], old[kept], new[kept])
        accepted[kept] = learns
        columns = {name: values[accepted] for name, values in columns.items()}
        return columns | {name: values[learns] for name, values in more.items()}, accepted
    return {name: values[accepted] for name, values in columns.items()}, accepted


def _clear(advantage: Array, ratio: Array) -> Mask:
    """Find the sheets with no tie to round, whose clip counts on both sides and not everywhere.

    Advantages and ratios are in tenths.
    """
    # min(ρA, clip(ρ, 0.8, 1.2)·A), in hundredths; where ρA is larger, the clip counts.
    unclipped, clipped = advantage * ratio, advantage * ratio.clip(8, 12)
    kept = np.where(unclipped > clipped, 0, unclipped)
    clear = np.minimum(unclipped, clipped).sum(axis=1) % SIZE != SIZE // 2
    clear &= (kept % SIZE != SIZE // 2).all(axis=1)
    for side in (ratio < 8, ratio > 12):
        clear &= (side & (unclipped > clipped)).any(axis=1)
    both: Mask = clear & ((ratio > 8) & (ratio < 12)).any(axis=1)
    return both


def _learns(draws: Draws, advantage: Array, old: Array, new: Array) -> tuple[Arrays, Mask]:
    """Draw a reference, and find the policies of which a step raises the whole objective.

    Probabilities and slopes are in hundredths; scores, logarithms and advantages in tenths.
    """
    every, count = _references()
    u = every[new, draws.below("reference", count[new], SIZE)]
    reference, logs = u * new // 10, _logs()
    good = reference.sum(axis=1) <= 95
    good &= (np.abs(u - 10) > 0).sum(axis=1) >= SIZE // 2
    others = 100 - new.sum(axis=1, keepdims=True)
    scores = logs[new, others]
    good &= (np.abs(scores) <= FARTHEST).all(axis=1)
    good &= (_probabilities(scores)[0] == new).all(axis=1)

    unclipped, clipped = advantage * new * 10 // old, advantage * (new * 10 // old).clip(8, 12)
    kept = np.where(unclipped > clipped, 0, unclipped)
    # A sixth of the slope of both terms, the second one's being β·(u − 1): six times it is whole.
    slopes = round_half_away(kept + 6 * (u - 10), SIZE, 0)
    good &= ((kept + 6 * (u - 10)) % SIZE != SIZE // 2).all(axis=1)
    total = slopes.sum(axis=1, keepdims=True)
    pull = new * total
    good &= (np.abs(total) >= 10)[:, 0] & (pull % 100 != 50).all(axis=1)
    again = 10 * scores + slopes - round_half_away(pull, 100, 0)
    good &= (again % 10 != 5).all(axis=1)
    trained = round_half_away(again, 10, 0)
    good &= (np.abs(trained) <= FARTHEST).all(axis=1)
    now, clear = _probabilities(np.clip(trained, -FARTHEST, FARTHEST))
    good &= clear & (now > 0).all(axis=1) & (now <= 2 * old).all(axis=1)
    now = np.maximum(now, 1)
    u_now = (20 * reference + now) // (2 * now)  # in tenths, half up
    good &= (20 * reference % (2 * now) != now).all(axis=1)
    good &= (u_now > 0).all(axis=1) & (u_now <= 30).all(axis=1)

    def least(p: Array) -> Array:
        rho = 100 * p // old
        smaller: Array = np.minimum(advantage * rho, advantage * rho.clip(80, 120))
        return smaller  # in thousandths

    # Written with a comma, 1.125 may be a thousand: nobody could mark it.
    good &= ((least(now) % 10 == 0) | (np.abs(least(now)) < 1000)).all(axis=1)

    def objective(p: Array, u: Array) -> Array:
        divergence = u - logs[np.clip(u, 1, 100), 10] - 10
        # Six times it, in thousandths: β is six tenths.
        whole: Array = least(p).sum(axis=1) - 60 * divergence.sum(axis=1)
        return whole

    # By two hundredths at least: by one alone it falls, before rounding, on one of 1,500.
    good &= objective(now, u_now) >= objective(new, u) + 120
    pairs = ((new, total), (reference, new), (reference, now), (100 * now // old, advantage))
    hard = [(two_digits(left) & two_digits(right)).sum(axis=1) for left, right in pairs]
    good &= np.sum(hard, axis=0) <= MOST_HARD
    columns = {"reference_probabilities": reference, "scores": scores}
    return columns, good


def _probabilities(scores: Array) -> tuple[Array, Mask]:
    """Return the softmax of the scores and a 0, in hundredths, and where none is near a border."""
    every = np.concatenate([scores, np.zeros_like(scores[:, :1])], axis=1)
    hundredths, clear = shares(every[:, :, None], 2)
    return hundredths[:, :-1, 0], clear[:, 0]
