"""Draw a model that may have to mend its answer, a critic, and a reward model that learns of it."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np

from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import round_half_away, softmax_rounded
from worksheets.kinds.constitutional.steps import FARTHEST, FEATURES, LARGEST, UNITS, WORDS
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import affine, busy, small, unlike

AT_ONCE, MOST_ATTEMPTS = 2000, 4096
WIDTH = len(FEATURES)
EVERY_CRITIC = np.array(
    [row for row in product(range(-3, 4), repeat=WIDTH) if np.count_nonzero(row) > 1],
    dtype=np.int64,
)
EVERY_OUTPUT = np.array(list(product((-2, -1, 1, 2), repeat=len(UNITS))), dtype=np.int64)
OTHERS = ("subject", "link", "prompt")
# What becomes of the first answer. Of five sheets it is mended on two, on one it takes another
# revision, and on two it is in order.
MENDED, KEPT, IN_ORDER = range(3)
CASES = (MENDED, MENDED, KEPT, IN_ORDER, IN_ORDER)
# In tenths: the better answer's label by how much higher the critic scores it, the least and the
# most that labels are clamped to, and σ of the gaps that a reward model starts with.
LABELS = {1: 7, 2: 9}
CLAMP, CERTAIN = (4, 6), 10
PREDICTIONS = {-2: 1, -1: 3, 1: 7, 2: 9}
# σ in tenths of a gap in tenths, and those that lie no closer than 0.005 to a border.
SHARES = [
    softmax_rounded((Fraction(gap, 10), Fraction(0)), 3)[0]
    for gap in range(-10 * FARTHEST, 10 * FARTHEST + 1)
]
SIGMA = np.array([(share + 50) // 100 for share in SHARES], dtype=np.int64)
CLEAR = np.array([not 44 <= share % 100 <= 55 for share in SHARES])


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw the answers and their label first, then a reward model that has that to learn."""
    case, winner = draws.one_of("case", CASES, 1), draws.below("winner", 2)
    chosen, accepted = first_accepted(
        draws,
        "answers",
        lambda some, rows: _answers(some, case[rows], winner[rows]),
        at_once=AT_ONCE,
        limit=MOST_ATTEMPTS,
    )
    words = {role: chosen.pop(role)[:, 0] for role in ("losing", "winning", *OTHERS)}
    words["start"] = np.zeros(len(draws.keys), dtype=np.int64)
    first = winner[:, 0] == 0
    words["sampled"] = np.where(first, words["winning"], words["losing"])
    words["other"] = np.where(first, words["losing"], words["winning"])
    pair, label = chosen.pop("pair"), chosen.pop("label")
    if level > 1:
        label = np.clip(label, *CLAMP)

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return _reward_model(some, pair[rows], label[rows, 0], level)

    model, learns = first_accepted(
        draws, "reward model", propose, at_once=AT_ONCE, limit=MOST_ATTEMPTS
    )
    return Givens(chosen | model, words, accepted & learns)


def _answers(draws: Draws, case: Array, winner: Array) -> tuple[Arrays, Mask]:
    """Draw words in any order, a model whose answers are those of the case, and a critic.

    `winner` is the place, 0 or 1, of the better of two answers.
    """
    E = small(draws, "embeddings", WIDTH, 1 + len(WORDS))
    W = small(draws, "words", len(WORDS), WIDTH + 1, LARGEST)
    x, K = small(draws, "context", WIDTH, 1), small(draws, "critiques", WIDTH, 2)
    read = np.where(case[:, :, None] == IN_ORDER, K[:, :, :1], K[:, :, 1:])
    scores = np.concatenate([affine(W, x), affine(W, x + read)], axis=2)
    # A tie would leave the word open: the two highest scores must differ.
    second, highest = np.sort(scores, axis=1)[:, -2:].transpose(1, 0, 2)
    before, after = (scores.argmax(axis=1) + 1).T
    acceptable = (second < highest).all(axis=1) & ((before != after) == (case[:, 0] == MENDED))
    acceptable &= busy(W[:, :, :-1], x, K) & unlike(E)
    roles = _roles(draws, before, after, case[:, 0])
    each, losing, winning = np.arange(len(E)), roles["losing"], roles["winning"]
    pair = np.stack([E[each, :, losing], E[each, :, winning]], axis=2)
    # How much higher each possible critic scores the better one; one with the wanted gap is picked.
    apart = EVERY_CRITIC @ (pair[:, :, 1] - pair[:, :, 0])[:, :, None]
    prefers = draws.one_of("prefers", tuple(LABELS), 1)
    critic, found = draws.pick_one("critic", apart[:, :, 0] == prefers)
    label = np.select([prefers == wanted for wanted in LABELS], list(LABELS.values()))
    pair = np.where(winner[:, :, None] == 0, pair[:, :, ::-1], pair)
    chosen = {role: places[:, None] for role, places in roles.items()}
    chosen |= {"embeddings": E, "word_weights": W, "context": x, "critiques": K, "pair": pair}
    chosen |= {"label": np.where(winner == 0, CERTAIN - label, label)}
    chosen["critic"] = EVERY_CRITIC[critic][:, :, None]
    acceptable &= found
    return {name: values[acceptable] for name, values in chosen.items()}, acceptable


def _roles(draws: Draws, before: Array, after: Array, case: Array) -> Arrays:
    """Return each role's place in the vocabulary; those of no answer stand in any order."""
    order = draws.order("order", len(WORDS)) + 1
    # The stable sort of False before True leaves the words not said in front, in their order.
    said = (order == before[:, None]) | (order == after[:, None])
    rest = np.take_along_axis(order, said.argsort(axis=1, kind="stable"), axis=1)
    another = rest[:, len(OTHERS)]  # not said, unless two words were
    losing = np.where(case == IN_ORDER, another, before)
    winning = np.where(case == KEPT, another, after)
    others = dict(zip(OTHERS, rest.T[: len(OTHERS)], strict=True))
    return {"losing": losing, "winning": winning, **others}


def _reward_model(draws: Draws, pair: Array, label: Array, level: int) -> tuple[Arrays, Mask]:
    """Draw units of which some are closed, and one of the output layers that can learn the label.

    All 64 are looked at, as what one learns depends on how far apart the answers' features lie.
    """
    W1 = small(draws, "hidden", len(UNITS), WIDTH + 1, LARGEST)
    raw = affine(W1, pair)
    active = np.maximum(raw, 0)
    acceptable = busy(W1[:, :, :-1], active)
    acceptable &= (raw < 0).any(axis=(1, 2)) & (raw != 0).all(axis=(1, 2))
    apart = active[:, :, 1] - active[:, :, 0]
    good = _fits(apart @ EVERY_OUTPUT.T, label[:, None], (apart**2).sum(axis=1)[:, None], level)
    output, found = draws.pick_one("output", good)
    bias = draws.integers("bias", -LARGEST, LARGEST, 1, 1)
    W2 = np.concatenate([EVERY_OUTPUT[output][:, None, :], bias], axis=2)
    acceptable &= found
    if level == 3:
        # Few are left, and what follows takes longest.
        kept = np.flatnonzero(acceptable)
        acceptable[kept] = _both_learn(W1[kept], W2[kept], pair[kept], label[kept])
    return {"hidden_weights": W1[acceptable], "output_weights": W2[acceptable]}, acceptable


def _fits(gap: Array, label: Array, apart: Array, level: int) -> Mask:
    """Find the gaps whose σ is in the table and not the label, and from which it can be learned.

    Nor is the slope the opposite of a hard label's, so that its sign can be told from it. At level
    2 the output layer learns at rate 1/10, so that the gap falls by a tenth of the slope times the
    squared distance `apart` of the answers' features. Labels and slopes are in tenths.
    """
    prediction = _looked_up(gap)
    hard = np.where(label > CERTAIN // 2, CERTAIN, 0)
    fits: Mask = (prediction > 0) & (prediction != label)
    fits &= label - prediction != prediction - hard
    if level == 2:
        trained = 100 * gap - (prediction - label) * apart  # in hundredths
        fits &= (trained % 10 == 0) & _nearer(trained // 10, prediction, label)
    return fits


def _looked_up(gap: Array) -> Array:
    """Return σ of a whole gap in tenths, 0 where it is not in the table."""
    return np.select([gap == known for known in PREDICTIONS], list(PREDICTIONS.values()))


def _nearer(gap: Array, prediction: Array, label: Array) -> Mask:
    """Find the gaps, in tenths, that prefer what the label does, and lie nearer to it."""
    place = np.clip(gap, -10 * FARTHEST, 10 * FARTHEST) + 10 * FARTHEST
    found: Mask = (np.abs(gap) <= 10 * FARTHEST) & CLEAR[place]
    found &= np.sign(gap) == np.sign(label - CERTAIN // 2)
    found &= np.abs(SIGMA[place] - label) < np.abs(prediction - label)
    return found


def _both_learn(W1: Array, W2: Array, X: Array, label: Array) -> Mask:
    """Find the reward models whose both layers, trained at rate 1/10, learn the label."""
    raw, ones = affine(W1, X), np.ones_like(X[:, :1])
    active = np.concatenate([np.maximum(raw, 0), ones], axis=1)
    prediction = _looked_up(np.diff(affine(W2, active[:, :-1])[:, 0])[:, 0])
    g = (prediction - label)[:, None, None]  # in tenths
    dr = np.concatenate([-g, g], axis=2)
    dH = W2[:, :, :-1].transpose(0, 2, 1) * dr * (raw > 0)
    # Trained weights are in hundredths, as a tenth of a gradient in tenths is.
    W2_now = 100 * W2 - dr @ active.transpose(0, 2, 1)
    W1_now = 100 * W1 - dH @ np.concatenate([X, ones], axis=1).transpose(0, 2, 1)
    now = np.concatenate([np.maximum(affine(W1_now, X), 0), 100 * ones], axis=1)
    rewards = (W2_now @ now)[:, 0]
    clear = (np.abs(rewards) % 1000 != 500).all(axis=1)
    gap = np.diff(round_half_away(rewards, 10_000, 1))[:, 0]
    learned: Mask = clear & _nearer(gap, prediction, label)
    return learned
