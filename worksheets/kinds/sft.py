"""Supervised finetuning: a model learns an answer that a person wrote, and not its prompt.

The loss is the first step's of Ouyang and others 2022 (their section 3.5), the negative
log-likelihood of demonstrations: the mean of −log π(word | what stands before it) over the words of
the answer, a mask leaving the prompt's out, as Touvron and others 2023 do (Llama 2, their
section 3.1: no loss on tokens of the prompt). The slope by a score is that of Hinton, Vinyals
and Dean 2015, equation 2: probability less target. Where ours departs: a text is one prompt and one
answer, a position is a column, its features are given instead of a transformer's, softmax and log
are rounded to tenths, and one step is made, at learning rate 2. It lowers the loss on every sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix, filled
from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import busy, small, unlike
from worksheets.sampling.shares import SURPRISES, shares
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "SFT"
TITLE = "Finetuning by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("pretraining",)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 16, 2: 36, 3: 87}
CHECKPOINTS = ("next_words", "loss", "masked_error", "trained_words", "trained_loss")
WORKED = {1: "loss", 2: "masked_error"}
# Sentences of the theme's words, as the key names them.
PHRASES = {"prompt": ("{start}", "{subject}"), "answer": ("{link}", "{winning}")}

ROLES = ("subject", "link", "losing", "winning")
WORDS = tuple(f"{{word{place}}}" for place in range(1, len(ROLES) + 1))
FEATURES, POSITIONS = ("1", "2", "3"), ("{start}", "{subject}", "{link}")
# Of each position the role of the word that comes next, and whether it is the answer's.
RIGHT, ANSWER = np.array([0, 1, 3]), np.array([0, 1, 1], dtype=np.int64)
COUNT, RATE = int(ANSWER.sum()), 2
LARGEST_INPUT, LARGEST_WEIGHT = 1, 2
FARTHEST = 5  # trained scores, whose differences are looked up, lie within it
TENTHS = 10
TARGETS = (np.arange(len(ROLES))[:, None] == RIGHT).astype(np.int64)
# How far a position's scores lie below the highest: all probabilities are a tenth or more.
BELOW = [
    below
    for below in product(range(3), repeat=len(ROLES))
    if sorted(below) in ([0, 1, 2, 2], [0, 2, 2, 2], [0, 1, 1, 2])
]
PATTERNS = -np.array(BELOW, dtype=np.int64)
PATTERN_SHARES = shares(TENTHS * PATTERNS.T, 1)[0].T
TRIED = 24  # triples of columns of scores that are looked at
EVERY_ROW = np.array(
    [
        (*row, bias)
        for row in product(range(-LARGEST_WEIGHT, LARGEST_WEIGHT + 1), repeat=len(FEATURES))
        for bias in range(-3, 4)
    ],
    dtype=np.int64,
)
# Of three sheets one has a word of the answer that is yet to be learned after the step.
LEARNED = (2, 2, 1)
SAY = Part("Say the text", "orange")
COMPARE = Part("Compare with the answer", "purple")
LEARN = Part("Learn the answer", "orange")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a model that does not say the answer, and that one step brings closer to it."""
    learned = draws.one_of("learned", LEARNED, 1)[:, 0]

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return in_turn(some, {"learned": learned[rows]}, (_features, _scores, _weights))

    found, accepted = first_accepted(draws, "model", propose, at_once=1000, limit=2000)
    order = draws.order("vocabulary", len(ROLES))
    weights = np.take_along_axis(found["weights"], order[:, :, None], axis=1)
    givens = {"states": found["states"], "weights": weights, "targets": TARGETS[order]}
    givens["loss_mask"] = np.broadcast_to(ANSWER, (len(order), 1, len(POSITIONS)))
    place = order.argsort(axis=1).astype(np.int64) + 1
    words = {role: place[:, row] for row, role in enumerate(ROLES)}
    words["start"] = np.zeros(len(order), dtype=np.int64)
    return Givens(givens, words, accepted)


def _features(draws: Draws, _: Arrays) -> tuple[Arrays, Mask]:
    """Draw features of which none is idle or like another."""
    H = small(draws, "states", len(FEATURES), len(POSITIONS), LARGEST_INPUT)
    return {"states": H}, busy(H) & unlike(H)


def _scores(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw scores that a step brings closer to the answer; rows are those of roles.

    What the step adds to scores, −(P − Y) ⊙ mask · (HᵀH + 1) in tenths, does not depend on weights.
    Arrays are (roles, positions, sheets, tried): sums over the first axes are several times as fast
    as those over the last.
    """
    H = known["states"]
    chosen = draws.below("patterns", len(PATTERNS), TRIED * len(POSITIONS))
    chosen = chosen.reshape(len(H), TRIED, len(POSITIONS)).transpose(2, 0, 1)
    offset = draws.integers("offset", -1, 3, len(POSITIONS)).T[:, :, None]
    before = PATTERNS.T[:, chosen] + offset
    P, weigh = PATTERN_SHARES.T[:, chosen], ANSWER[:, None, None]
    error = (P - TENTHS * TARGETS[:, :, None, None]) * weigh
    step = np.einsum("rpst,spq->rqst", error, H.transpose(0, 2, 1) @ H + 1)
    after = TENTHS * before - step
    good = (np.abs(after) <= TENTHS * FARTHEST).all(axis=(0, 1))
    good &= ((after == after.max(axis=0)).sum(axis=0) == 1).all(axis=0)
    right = RIGHT[:, None, None]
    was, now = ((scores.argmax(axis=0) == right) & (weigh == 1) for scores in (before, after))
    good &= (was.sum(axis=0) < COUNT) & (now >= was).all(axis=0)
    good &= now.sum(axis=0) == known["learned"][:, None]
    # Softmax takes most of the time, and few tries are left for it.
    good[good] = _nearer(P[:, :, good], after[:, :, good])
    picked, found = draws.pick_one("scores", good)
    return {
        "states": H,
        "scores": before[:, :, np.arange(len(H)), picked].transpose(2, 0, 1),
    }, found


def _nearer(P: Array, scores: Array) -> Mask:
    """Find where these scores, (roles, positions, tries), have clear probabilities, and less loss.

    P are the probabilities before the step, in tenths, and the scores are in tenths.
    """
    found, clear = shares(scores.transpose(2, 0, 1), 1)
    P_now = found.transpose(1, 2, 0)
    good = clear.all(axis=1) & (P_now.sum(axis=0) == TENTHS).all(axis=0)
    right, right_now = ((TARGETS[:, :, None] * some).sum(axis=0) for some in (P, P_now))
    good &= (right_now > 0).all(axis=0) & (right_now < TENTHS).all(axis=0)
    before, after = (ANSWER @ SURPRISES[p] for p in (right, right_now))
    nearer: Mask = good & (after < before)
    return nearer


def _weights(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw, for each word, one of the rows of weights that give its scores.

    A row's three scores, of at most 9, are told apart by one number: the digits of one in base 32.
    """
    H, digits = known["states"], 32 ** np.arange(len(POSITIONS), dtype=np.int64)
    biased = np.concatenate([H, np.ones_like(H[:, :1])], axis=1)
    reached, asked = (biased @ digits) @ EVERY_ROW.T, known["scores"] @ digits
    picked = [
        draws.pick_one(role, reached == asked[:, word, None]) for word, role in enumerate(ROLES)
    ]
    W = np.stack([EVERY_ROW[row] for row, _ in picked], axis=1)
    found = np.logical_and.reduce([some for _, some in picked])
    return {"weights": W}, found & busy(W[:, :, :-1])


def steps(sheet: Tracer, level: int) -> None:
    """Work out what the model says, its loss on the answer, one update, and the same again."""
    with sheet.step(1, "Scores", SAY):
        H = sheet.given("states", FEATURES, POSITIONS, bound=LARGEST_INPUT, symbol="H")
        W = sheet.given("weights", WORDS, (*FEATURES, BIAS), bound=3, symbol="W")
        scores = sheet.answer("scores", W @ H.with_ones(), symbol="Z")
    with sheet.step(2, "Probabilities", SAY):
        P = sheet.answer("probabilities", scores.softmax(1), symbol="P")
    with sheet.step(3, "Next words", SAY):
        sheet.answer("next_words", scores.highest())
    with sheet.step(4, "The text’s words", COMPARE):
        Y = sheet.given("targets", WORDS, POSITIONS, bound=1, symbol="Y")
        p = _right(Y, P)
        p = sheet.answer("right_probabilities", p, limit=1, finest=10, symbol="p")
    with sheet.step(5, "Loss of the answer", COMPARE):
        logs = sheet.answer("log_probabilities", p.logarithm(1), symbol="log p")
        mask = sheet.given("loss_mask", ("mask",), POSITIONS, bound=1, symbol="mask")
        sheet.answer("loss", _mean(logs * mask), symbol="L")
    if level == 1:
        return
    with sheet.step(6, "Error", COMPARE):
        error = sheet.answer("error", P - Y, symbol="P − Y")
    with sheet.step(7, "Error of the answer", COMPARE):
        of_all = filled(WORDS, ("mask",), Fraction(1, COUNT)) @ mask
        G = sheet.answer("masked_error", error * of_all, symbol="G")
    with sheet.step(8, "Gradient of W", LEARN):
        # The prompt's columns of G are 0 and add nothing.
        dW = G[:, -COUNT:] @ H[:, -COUNT:].with_ones().transposed
        dW = sheet.answer("weights_gradient", dW, symbol="dW")
    if level == 2:
        return
    with sheet.step(9, "Update", LEARN):
        W = W - dW * sheet.constant("learning_rate", RATE)
        W = sheet.answer("trained_weights", W, finest=10, symbol="W′")
    with sheet.step(10, "The model again", LEARN):
        scores = W @ H.with_ones()
        scores = sheet.answer("trained_scores", scores, limit=FARTHEST, finest=10, symbol="Z′")
        sheet.answer("trained_words", scores.highest())
    with sheet.step(11, "Probabilities again", LEARN):
        P = sheet.answer("trained_probabilities", scores.softmax(1), symbol="P′")
    with sheet.step(12, "Loss again", LEARN):
        p = _right(Y, P)
        p = sheet.answer("trained_right_probabilities", p, limit=1, finest=10, symbol="p′")
        logs = sheet.answer("trained_log_probabilities", p.logarithm(1), symbol="log p′")
        sheet.answer("trained_loss", _mean(logs * mask), symbol="L′")


def _right(targets: Matrix, shares: Matrix) -> Matrix:
    """Pick each position's probability of the word that the text has there."""
    return filled(("right",), WORDS, Fraction(1)) @ (targets * shares)


def _mean(masked: Matrix) -> Matrix:
    """Return minus the mean over the answer's words."""
    return masked.sum_of_all() * Fraction(-1, COUNT)


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State the answer's negative log-likelihood by the scores; SymPy differentiates it."""
    from sympy import Integer, Matrix, exp, log, ones, symbols

    H, W, Y, mask = (given[name] for name in ("states", "weights", "targets", "loss_mask"))
    z, w = Matrix(4, 3, symbols("z:12")), Matrix(4, 4, symbols("w:16"))
    totals = [sum(map(exp, z[:, k])) for k in range(3)]

    def scores(weights: sympy.Matrix) -> sympy.Matrix:
        return weights[:, :-1] * H + weights[:, -1] * ones(1, 3)

    def said(scored: sympy.Matrix) -> sympy.Matrix:
        """Return each position's word of the highest score, counted from 1."""
        columns = (list(scored[:, k]) for k in range(3))
        return Matrix([[1 + column.index(max(column)) for column in columns]])

    def shares(of: sympy.Matrix) -> sympy.Matrix:
        """Return the slope of Σ log Σ exp z by each score, in tenths: its share of the powers."""
        at = dict(zip(z, of, strict=True))
        return z.applyfunc(sum(map(log, totals)).diff).applyfunc(lambda p: written(p.subs(at), 1))

    def likelihood(P: sympy.Matrix, name: str) -> dict[str, sympy.Matrix]:
        right = [P[list(Y[:, k]).index(1), k] for k in range(3)]
        logs = [written(log(p), 1) for p in right]
        answer = [log for log, m in zip(logs, mask, strict=True) if m]
        lines = {"right_probabilities": right, "log_probabilities": logs}
        lines["loss"] = [-sum(answer) / Integer(len(answer))]
        return {f"{name}{line}": Matrix([cells]) for line, cells in lines.items()}

    Z = scores(W)
    P = shares(Z)
    stated = {"scores": Z, "probabilities": P, "next_words": said(Z)} | likelihood(P, "")
    if level == 1:
        return stated
    # What is a power's share of its sum in the loss has the written value.
    as_written = dict.fromkeys(totals, Integer(1)) | dict(zip(map(exp, z), P, strict=True))
    each = [log(totals[k]) - Y[:, k].dot(z[:, k]) for k in range(3)]

    def slopes(loss: sympy.Expr) -> sympy.Matrix:
        return z.applyfunc(lambda score: loss.diff(score).expand().xreplace(as_written))

    of_answer = sum(loss for loss, m in zip(each, mask, strict=True) if m) / Integer(sum(mask))
    stated |= {"error": slopes(sum(each)), "masked_error": slopes(of_answer)}
    changed = sum(g * s for g, s in zip(stated["masked_error"], scores(w), strict=True))
    stated["weights_gradient"] = dW = w.applyfunc(changed.diff)
    if level == 2:
        return stated
    Z = scores(W - RATE * dW)
    stated |= {"trained_weights": W - RATE * dW, "trained_scores": Z, "trained_words": said(Z)}
    P = shares(Z)
    return stated | {"trained_probabilities": P} | likelihood(P, "trained_")


MISTAKES = (
    Mistake(
        "bias forgotten",
        {
            "scores": lambda m: m["weights"].without_bias() @ m["states"],
            "trained_scores": lambda m: m["trained_weights"].without_bias() @ m["states"],
        },
    ),
    Mistake(
        "softmax along the row",
        {"probabilities": lambda m: m["scores"].transposed.softmax(1).transposed},
    ),
    Mistake(
        "the model’s word instead of the text’s",
        {
            "right_probabilities": lambda m: (
                filled(("right",), WORDS, Fraction(1))
                @ (m["probabilities"] * m["probabilities"].exceeds(Fraction(4, 10)))
            )
        },
    ),
    Mistake(
        "prompt learned as well",
        {
            "loss": lambda m: m["log_probabilities"].sum_of_all() * Fraction(-1, len(POSITIONS)),
            "masked_error": lambda m: m["error"] * Fraction(1, len(POSITIONS)),
        },
    ),
    Mistake(
        "sum taken for the mean",
        {
            "loss": lambda m: -(m["log_probabilities"] * m["loss_mask"]).sum_of_all(),
            "masked_error": lambda m: (
                m["error"] * (filled(WORDS, ("mask",), Fraction(1)) @ m["loss_mask"])
            ),
        },
    ),
    Mistake(
        "sign of the loss",
        {
            "loss": lambda m: (
                (m["log_probabilities"] * m["loss_mask"]).sum_of_all() * Fraction(1, COUNT)
            )
        },
    ),
    Mistake("error with the wrong sign", {"error": lambda m: m["targets"] - m["probabilities"]}),
    Mistake("target not taken off", {"error": lambda m: m["probabilities"]}),
    Mistake(
        "bias left out of the gradient",
        {"weights_gradient": lambda m: m["masked_error"] @ m["states"].with_zeros().transposed},
    ),
    Mistake(
        "step up instead of down",
        {"trained_weights": lambda m: m["weights"] + m["weights_gradient"] * RATE},
    ),
    Mistake(
        "learning rate forgotten",
        {"trained_weights": lambda m: m["weights"] - m["weights_gradient"]},
    ),
    Mistake(
        "old weights used again",
        {"trained_scores": lambda m: m["weights"] @ m["states"].with_ones()},
    ),
)
