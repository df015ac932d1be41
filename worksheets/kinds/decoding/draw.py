"""Draw scores whose probabilities come to 1 as written, and random numbers clear of their sums."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import round_half_away
from worksheets.kinds.decoding.steps import FARTHEST, HUNDREDTHS, SIZE, TENTHS
from worksheets.sampling.attempts import Arrays, Choose, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.shares import shares

ALL = HUNDREDTHS  # what probabilities come to
TEMPERATURES = (50, 80, 125, 250)  # in hundredths
SPREADS = (15, 20, 30)  # of scores, in tenths: low temperatures ask for close ones
TOP_K = (2, 3)
TOP_P = (60, 65, 70, 75, 80, 85, 90, 95)  # in hundredths
LEAST_KEPT, MOST_KEPT = 2, 4  # words in the nucleus
FIRST_AND_LAST = np.array([1, 0, 0, 0, -1], dtype=np.int64)
NEAR = 5  # hundredths of a unit from where rounding changes


def _softmax(tenths: Array) -> tuple[Array, Mask]:
    """Return the softmax of rows, in hundredths, and which come to 1 clearly and without a 0."""
    found, clear = shares(tenths[:, :, None], 2)
    p = found[:, :, 0]
    good: Mask = clear[:, 0] & (p.sum(axis=1) == ALL) & (p > 0).all(axis=1)
    return p, good


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw scores, a temperature, random numbers, and which of the next words is how likely."""
    every: list[Choose] = [_sampled, _cut, _learned]
    choices = every[:level]
    found, accepted = first_accepted(
        draws, "scores", lambda some, _: in_turn(some, {}, choices), at_once=2000, limit=20_000
    )
    givens = {"scores": found["scores"][:, None]}
    numbers = {"temperature": "T", "dice": "u"}
    numbers |= {"top_k": "k", "top_p": "P"} if level > 1 else {}
    givens |= {name: found[short][:, None, None] for name, short in numbers.items()}
    order = draws.order("words", SIZE)
    words = {f"next{word + 1}": order[:, word] + 1 for word in range(SIZE)}
    return Givens(givens, words, accepted)


def _sampled(draws: Draws, _: Arrays) -> tuple[Arrays, Mask]:
    """Draw scores, a temperature, and a number in any word's part of the probabilities."""
    T = draws.one_of("temperature", TEMPERATURES, 1)
    most = draws.one_of("most", SPREADS, 1)
    z = np.sort(draws.below("scores", 2 * most + 1, SIZE) - most, axis=1)[:, ::-1]
    scaled = np.sign(z) * ((2 * HUNDREDTHS * np.abs(z) + T) // (2 * T))
    (p, clear), (q, clear_T) = _softmax(z), _softmax(scaled)
    tails, tails_T = _tails(p), _tails(q)
    place = draws.below("place", SIZE)
    top, width = (np.take_along_axis(some, place, axis=1) for some in (tails, p))
    first = top - 1 - draws.below("number", np.maximum(width - 1, 1))
    u = np.concatenate([first, ALL - first], axis=1)
    good = clear & clear_T & (z[:, 0] > z[:, 1]) & (scaled[:, 0] > scaled[:, 1])
    good &= (HUNDREDTHS * z % T * 2 != T).all(axis=1)
    # A low temperature makes the first word likelier, the last one rarer, and a high one not.
    sharper = np.where(T < HUNDREDTHS, 1, -1)
    good &= (sharper * (q - p) * FIRST_AND_LAST > 0).sum(axis=1) == 2
    good &= (np.abs(scaled) <= TENTHS * FARTHEST).all(axis=1)
    good &= (width > 1)[:, 0] & (first != ALL // 2)[:, 0]
    good &= (_place(tails, u) + _place(tails_T, u)).any(axis=1)
    for sums in (tails, tails_T):
        good &= (u[:, :, None] != sums[:, None]).all(axis=(1, 2))
    found = {"scores": z, "p": p, "tails": tails, "T": T[:, 0], "u": u[:, 0]}
    found["place"] = place[:, 0]
    return found, good


def _cut(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw k and P, which keep different words, none of two alike without the other."""
    p, u, tails = known["p"], known["u"], known["tails"]
    k, P = draws.one_of("k", TOP_K, 1), draws.one_of("P", TOP_P, 1)
    by_k, by_P = np.arange(SIZE) < k, tails > ALL - P
    count = by_P.sum(axis=1)
    good = (count >= LEAST_KEPT) & (count <= MOST_KEPT) & (count != k[:, 0])
    good &= (tails != ALL - P).all(axis=1)
    for kept in (by_k, by_P):
        alike = (kept[:, :-1] & ~kept[:, 1:]) & (p[:, :-1] == p[:, 1:])
        part, clear = _divided(p * kept)
        good &= ~alike.any(axis=1) & clear & (u[:, None] != _tails(part)).all(axis=1)
    return {"k": k[:, 0], "P": P[:, 0]}, good


def _divided(p: Array) -> tuple[Array, Mask]:
    """Divide hundredths by what they come to, and find the rows that then come to 1 clearly."""
    mass = p.sum(axis=1, keepdims=True)
    upper = ALL * p
    part = (2 * upper + mass) // (2 * mass)
    clear = (np.abs(200 * (upper % mass) - ALL * mass) > 2 * NEAR * mass).all(axis=1)
    good: Mask = clear & (part.sum(axis=1) == ALL)
    return part, good


def _learned(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Find the sheets whose step makes the sampled word likelier, as written.

    Its part of the random numbers then holds the old one, from which only rounding takes some away.
    """
    p, u, place = known["p"], known["u"], known["place"][:, None]
    said = (np.arange(SIZE) == place).astype(np.int64)
    step = 10 * known["scores"] + ALL * said - p  # in hundredths
    good = (np.abs(step) % 10 != 5).all(axis=1)
    z = round_half_away(step, HUNDREDTHS, 1)
    now, clear = _softmax(z)
    good &= clear & (np.abs(z) <= TENTHS * FARTHEST).all(axis=1)
    good &= np.take_along_axis(now > p, place, axis=1)[:, 0]
    tails = _tails(now)
    good &= (_place(tails, u[:, None]) == place)[:, 0]
    return {}, good & (u[:, None] != tails).all(axis=1)


def _tails(p: Array) -> Array:
    sums: Array = p[:, ::-1].cumsum(axis=1, dtype=np.int64)[:, ::-1]
    return sums


def _place(tails: Array, numbers: Array) -> Array:
    """Return, for each number, the last place whose tail is more, (sheets, numbers)."""
    count: Array = (tails[:, None] > numbers[:, :, None]).sum(axis=2, dtype=np.int64) - 1
    return count
