"""Draw four answers that a human ranks, and two layers whose rewards rank them partly otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations, product

import numpy as np

from worksheets.engine.node import Mask
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.layer import affine, busy, small, unlike
from worksheets.sampling.small import small_rows

# The places that meet in each pair, and each place's part in it: 1 if it wins, −1 if it loses.
MEETINGS = tuple(combinations(range(4), 2))
WINS = np.array(
    [[(place == one) - (place == other) for one, other in MEETINGS] for place in range(4)],
    dtype=np.int64,
)
LARGEST_FEATURE = 9
# σ of a gap, and −log of that, in tenths. σ(3) is close to a border; below −2 its log is too large.
SIGMA = {-2: 1, -1: 3, 0: 5, 1: 7, 2: 9, 4: 10, 5: 10, 6: 10}
LOSS = {1: 23, 3: 12, 5: 7, 7: 4, 9: 1, 10: 0}


def _learnable() -> Iterator[tuple[tuple[int, ...], list[int]]]:
    """Yield rewards by place, the least being 0, and their gradients in tenths.

    Some pair is the wrong way round, at least three have a slope, neither the loss nor a gradient
    lies on a border, and the gradients sum to 0 although they are rounded.
    """
    for rewards in product(range(7), repeat=4):
        gaps = [rewards[better] - rewards[worse] for better, worse in MEETINGS]
        if min(rewards) > 0 or min(gaps) >= 0 or not set(gaps) <= set(SIGMA):
            continue
        shares = [SIGMA[gap] for gap in gaps]
        # Slopes σ − 1, each added to its pair's winner and taken from its loser; then the loss.
        sums = [*(WINS @ shares - 10 * WINS.sum(axis=1)), sum(LOSS[share] for share in shares)]
        gradients = [round(pull / 6) for pull in sums[:4]]
        border = any(total % 6 == 3 for total in sums)
        if shares.count(10) <= 3 and not border and sum(gradients) == 0:
            yield rewards, gradients


LEARNABLE, GRADIENTS = map(np.array, zip(*_learnable(), strict=True))
# By place, the answer; not those that are the same ranking when rows are read as columns.
RANKINGS = np.array([one for one in permutations(range(4)) if any(one[one[k]] != k for k in one)])
COLUMNS = small_rows(3, 3)


def ranked_answers(draws: Draws, *, learned: bool) -> tuple[Arrays, Mask]:
    """Draw inputs, weights and ranking; if `learned`, one update gets all pairs right.

    The update descends the mean of −log σ(gap) over the pairs with a learning rate of 1, σ and the
    gradient of each reward being rounded to one decimal; some 25 proposals have to be made for it.
    """
    return first_accepted(
        draws, "answers", lambda some, _: _propose(some, learned=learned), at_once=2000, limit=1000
    )


def _propose(draws: Draws, *, learned: bool) -> tuple[Arrays, Mask]:
    """Draw rewards by place, then weights, then answers that earn those rewards."""
    which = draws.below("rewards", len(LEARNABLE))[:, 0]
    by_place = LEARNABLE[which] + draws.integers("lowest", -4, 2, 1)
    W1 = small(draws, "hidden", 2, 4)
    W2 = draws.one_of("output", (-3, -2, -1, 1, 2, 3), 1, 3)
    features = affine(W1, COLUMNS.T)
    friendly = (np.abs(features) <= LARGEST_FEATURE).all(axis=1)
    rewards = affine(W2, features)[:, 0]
    picked = [
        draws.pick_one(f"answer {place}", friendly & (rewards == by_place[:, [place]]))
        for place in range(4)
    ]
    ranked = np.stack([COLUMNS[answer] for answer, _ in picked], axis=2)
    ranking = RANKINGS[draws.below("ranking", len(RANKINGS))[:, 0]]
    holds = (ranking[:, None, :] == np.arange(4)[:, None]).astype(np.int64)
    # A permutation matrix: answer k's column is that of the place which holds it.
    X = ranked @ holds.transpose(0, 2, 1)
    accepted = busy(W1[:, :, :-1], X, affine(W1, X)) & unlike(X)
    accepted &= np.all([found for _, found in picked], axis=0)
    if learned:
        came_in = affine(W1, ranked)  # the bias, which all rewards share, stays as it is
        trained = 10 * W2[:, :, :-1] - GRADIENTS[which][:, None, :] @ came_in.transpose(0, 2, 1)
        accepted &= (np.diff(trained @ came_in) < 0).all(axis=(1, 2))
    givens = {"inputs": X, "hidden_weights": W1, "output_weights": W2, "ranking": holds}
    return {name: values[accepted] for name, values in givens.items()}, accepted
