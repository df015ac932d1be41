"""Draw four answers that a human ranks, and two layers whose rewards rank them partly otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded, round_half_away, softmax_rounded
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.layer import affine, busy, small, unlike
from worksheets.sampling.small import small_rows

# The answers that meet in each pair, the better one first, and each one's part in it: 1 if it
# wins, −1 if it loses.
PAIRS = tuple(combinations(range(4), 2))
WINS = np.array(
    [[(answer == one) - (answer == other) for one, other in PAIRS] for answer in range(4)],
    dtype=np.int64,
)
LARGEST_FEATURE = 5
CLEARLY = 12  # hundredths by which the written loss falls, so that the exact one does as well
# Rewards lie no farther apart, so that no σ is 0 or 1, of which there is no logarithm or slope.
FARTHEST, FARTHEST_TRAINED = 4, 5
# σ in hundredths of gaps in tenths, and −log of that in hundredths.
SIGMA = np.array(
    [
        softmax_rounded((Fraction(gap, 10), Fraction(0)), 2)[0]
        for gap in range(-10 * FARTHEST_TRAINED, 10 * FARTHEST_TRAINED + 1)
    ],
    dtype=np.int64,
)
SURPRISES = np.array([-log_rounded(Fraction(int(p), 100), 2) for p in SIGMA], dtype=np.int64)


def _place(gap: Array) -> Array:
    """Return the place in both tables of a gap in tenths."""
    return np.clip(gap, -10 * FARTHEST_TRAINED, 10 * FARTHEST_TRAINED) + 10 * FARTHEST_TRAINED


def _learnable() -> Iterator[tuple[tuple[int, ...], Array, int]]:
    """Yield rewards of ranked answers, the least 0, their gradients and the loss, in hundredths.

    Some pair is the wrong way round, neither the loss nor a gradient lies on a border, and the
    gradients sum to 0 although they are rounded.
    """
    for rewards in product(range(FARTHEST + 1), repeat=4):
        gaps = np.array([rewards[better] - rewards[worse] for better, worse in PAIRS])
        if min(rewards) > 0 or gaps.min() >= 0:
            continue
        # Slopes σ − 1, each added to its pair's winner and taken from its loser; then the loss.
        sums = WINS @ (SIGMA[_place(10 * gaps)] - 100)
        loss = int(SURPRISES[_place(10 * gaps)].sum())
        gradients = round_half_away(sums, len(PAIRS), 0)
        border = loss % 6 == 3 or (np.abs(sums) % 6 == 3).any()
        if not border and gradients.sum() == 0:
            yield rewards, gradients, round(loss / 6)


LEARNABLE, GRADIENTS, LOSSES = (np.array(some) for some in zip(*_learnable(), strict=True))
COLUMNS = small_rows(3, 3)


def human_ranking(draws: Draws, *, learned: bool) -> tuple[Arrays, Mask]:
    """Draw inputs and weights; if `learned`, one update lowers the loss and no fewer pairs agree.

    The update descends the mean of −log σ(gap) over the pairs with a learning rate of 1, σ and the
    gradient of each reward being rounded to hundredths, trained rewards to tenths.
    """
    return first_accepted(
        draws, "answers", lambda some, _: _propose(some, learned=learned), at_once=2000, limit=2000
    )


def _propose(draws: Draws, *, learned: bool) -> tuple[Arrays, Mask]:
    """Draw rewards, then weights, then answers that earn those rewards."""
    which = draws.below("rewards", len(LEARNABLE))[:, 0]
    rewards_of = LEARNABLE[which] + draws.integers("lowest", -3, 1, 1)
    W1 = small(draws, "hidden", 2, 4)
    W2 = draws.one_of("output", (-3, -2, -1, 1, 2, 3), 1, 3)
    features = affine(W1, COLUMNS.T)
    friendly = (np.abs(features) <= LARGEST_FEATURE).all(axis=1)
    rewards = affine(W2, features)[:, 0]
    picked = [
        draws.pick_one(f"answer {place}", friendly & (rewards == rewards_of[:, [place]]))
        for place in range(4)
    ]
    X = np.stack([COLUMNS[answer] for answer, _ in picked], axis=2)
    accepted = busy(W1[:, :, :-1], X, affine(W1, X)) & unlike(X)
    accepted &= np.all([found for _, found in picked], axis=0)
    if learned:
        accepted &= _learns(affine(W1, X), W2, which)
    givens = {"inputs": X, "hidden_weights": W1, "output_weights": W2}
    return {name: values[accepted] for name, values in givens.items()}, accepted


def _learns(features: Array, W2: Array, which: Array) -> Mask:
    """Find the sheets whose update lowers the loss, as it is written, without a tie to round.

    As many pairs as before, or more, are then in the human's order.
    """
    # The gradient is in hundredths, as trained weights are; the bias, in all rewards, stays.
    step = GRADIENTS[which][:, None, :] @ features.transpose(0, 2, 1)
    trained = np.concatenate([100 * W2[:, :, :-1] - step, 100 * W2[:, :, -1:]], axis=2)
    rewards = affine(trained, features)[:, 0]
    clear = (np.abs(rewards) % 10 != 5).all(axis=1)
    gaps = round_half_away(rewards, 100, 1) @ WINS
    clear &= (np.abs(gaps) <= 10 * FARTHEST_TRAINED).all(axis=1)
    agree, agreed = ((some > 0).sum(axis=1) for some in (gaps, LEARNABLE[which] @ WINS))
    loss = SURPRISES[_place(gaps)].sum(axis=1)
    fell = round_half_away(loss, 6, 0) + CLEARLY <= LOSSES[which]
    learns: Mask = clear & (loss % 6 != 3) & fell & (agree >= agreed)
    return learns
