"""DPO: a policy learns from preferences alone, its log-ratio to a reference being the reward.

The loss is that of Rafailov et al. 2023, eq. 7, as a mean over five preferences:
−log σ(β log π(winner)/π_ref(winner) − β log π(loser)/π_ref(loser)). Where ours departs: a prompt is
a column, an answer is one token, and β is 1/2. Of the vocabulary there are but the two answers; the
scores of the others are such that at first all e^score sum to 1, so that a score is a
log-probability. After the update they do not, but that is the same for both answers and cancels.
σ is rounded to tenths, log and the loss to hundredths, trained margins to tenths, and later lines
use the written value. The learning rate is 2; the step lowers the loss on every sheet, which is
worked out again, and leaves every score a log-probability: below 0, with room for other answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix, constant, stacked
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import log_rounded, round_half_away, softmax_rounded
from worksheets.language import message
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.layer import affine, busy, small
from worksheets.sampling.small import small_rows
from worksheets.written import preference_loss, written

if TYPE_CHECKING:
    import sympy

CODE = "DPO"
BUILDS_ON = ("kl_optimum",)
TITLE = "DPO by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 38, 2: 54, 3: 143}
CHECKPOINTS = ("margins", "loss", "log_probability_gradient", "trained_margins", "trained_loss")
WORKED = {3: "output_weights_gradient"}

FEATURES, SIDES = ("1", "2"), ("{winning}", "{losing}")
PROMPTS = tuple(f"{{subject{place}}}" for place in range(1, 6))
# Sentences of the theme's words, as the key names them.
PHRASES = {
    "winner": ("{subject}", "{link}", "{winning}"),
    "loser": ("{subject}", "{link}", "{losing}"),
}
BETA, RATE = Fraction(1, 2), 2
# Log-probabilities are from −9 to −1, so that two answers' probabilities sum to less than 1.
LEAST = -9
# σ in tenths of trained margins in tenths, whether it is clear, and −log of tenths in hundredths.
FARTHEST = 29
_SHARES = [
    softmax_rounded((Fraction(margin, 10), Fraction(0)), 4)[0]
    for margin in range(-FARTHEST, FARTHEST + 1)
]
SIGMA = np.array([(share + 500) // 1000 for share in _SHARES], dtype=np.int64)
CLEAR = np.array([abs(share % 1000 - 500) > 51 for share in _SHARES])
SURPRISES = np.array([0, *(-log_rounded(Fraction(p, 10), 2) for p in range(1, 11))], dtype=np.int64)
MARGIN = message("the winner’s less the loser’s")
PULL = message("0.1 · dm (winner), −0.1 · dm (loser)")
JUDGE = Part("Judge", "purple")
LEARN = Part("Learn", "orange")
STATES = small_rows(2, len(FEATURES)).astype(np.int64)
# Both log-ratios of a prompt, not the same, nor so far apart that σ would be 0 or 1.
RATIOS = np.array(
    [pair for pair in product(range(-3, 4), repeat=2) if 0 < abs(pair[0] - pair[1]) <= 4],
    dtype=np.int64,
)


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a policy and its reference; at level 3 a step of one in thirty is as the page says."""
    givens, accepted = first_accepted(
        draws, "policies", lambda some, _: _propose(some, level), at_once=1000, limit=600
    )
    return Givens(givens, accepted=accepted)


def _propose(draws: Draws, level: int) -> tuple[Arrays, Mask]:
    """Draw a policy, and a reference with which it agrees on one prompt, as on all at the start."""
    weights = small(draws, "weights", len(SIDES), len(FEATURES))
    W = np.concatenate([weights, draws.integers("bias", -3, -1, len(SIDES), 1)], axis=2)
    usable = _probable(affine(W, STATES.T))
    found = [usable.sum(axis=1) >= len(PROMPTS)]
    # Usable states by random bits, the others after them: the first five are a random choice.
    order = np.where(usable, draws.bits("prompts", len(STATES)) >> np.uint64(1), 2**63)
    H = STATES[order.argsort(axis=1)[:, : len(PROMPTS)]].transpose(0, 2, 1)
    policy = affine(W, H)
    ratios = np.zeros_like(policy)
    same = draws.below("same", len(PROMPTS))[:, 0]
    for place, prompt in enumerate("abcde"):
        # The reference is the policy less a log-ratio, and has to be probable as well.
        fits = _probable(policy[:, :, place, None] - RATIOS.T)
        chosen, some = draws.pick_one(prompt, fits)
        ratios[:, :, place] = np.where(same[:, None] == place, 0, RATIOS[chosen])
        found.append(some)
    difference = ratios[:, :1] - ratios[:, 1:]
    accepted = busy(weights, H) & (W[:, 0] != W[:, 1]).any(axis=1) & np.all(found, axis=0)
    accepted &= (difference < 0).any(axis=(1, 2)) & (difference > 0).any(axis=(1, 2))
    if level == 3:
        accepted &= _learns(H, policy, difference)
    reference = np.clip(policy - ratios, LEAST, -1)  # those beyond are not accepted
    givens = {"states": H, "output_weights": W, "reference": reference}
    return {name: values[accepted] for name, values in givens.items()}, accepted


def _learns(H: Array, policy: Array, difference: Array) -> Mask:
    """Find the sheets whose step lowers the loss, as it is written, and keeps log-probabilities.

    `difference` is the winner's log-ratio less the loser's: of half of it σ is, in tenths, 5 more.
    """
    again = np.concatenate([H, np.ones_like(H[:, :1])], axis=1)
    # Twice β/5 of what p lacks to 1 is in hundredths: so a winner's score grows, a loser's falls.
    rise = RATE * (5 - difference) @ again.transpose(0, 2, 1) @ again
    scores = 100 * policy + np.concatenate([rise, -rise], axis=1)
    margins = (50 * difference + rise)[:, 0]
    tenths = round_half_away(margins, 100, 1)
    place = np.clip(tenths, -FARTHEST, FARTHEST) + FARTHEST
    # e^−0.7 is less than a half: both answers' probabilities come to less than 1.
    learns: Mask = (scores <= -70).all(axis=(1, 2)) & (np.abs(margins) % 10 != 5).all(axis=1)
    learns &= (np.abs(tenths) <= FARTHEST).all(axis=1) & CLEAR[place].all(axis=1)
    losses = SURPRISES[SIGMA[place]].sum(axis=1), SURPRISES[5 + difference[:, 0]].sum(axis=1)
    return learns & (round_half_away(losses[0], 5, 0) < round_half_away(losses[1], 5, 0))


def _probable(logs: Array) -> Mask:
    """Find the states whose two scores are log-probabilities for hand work, (sheets, states)."""
    both: Mask = np.logical_and.reduce((logs < 0) & (logs >= LEAST), axis=1)
    return both


def steps(sheet: Tracer, level: int) -> None:
    """Work out log-ratios, margins, loss; its gradients; the update and what comes of it."""
    beta = sheet.constant("beta", BETA)
    with sheet.step(1, "Policy", JUDGE):
        H = sheet.given("states", FEATURES, PROMPTS, bound=2, symbol="H")
        W = sheet.given("output_weights", SIDES, (*FEATURES, BIAS), bound=3, symbol="W")
        policy = sheet.answer("log_probabilities", W @ H.with_ones(), symbol="log π")
    with sheet.step(2, "Log-ratios", JUDGE):
        reference = sheet.given("reference", SIDES, PROMPTS, bound=-LEAST, symbol="log π ref")
        ratios = sheet.answer("log_ratios", policy - reference, symbol="log-ratio")
    with sheet.step(3, "Rewards", JUDGE):
        rewards = sheet.answer("rewards", ratios * beta, symbol="r")
    with sheet.step(4, "Margins", JUDGE):
        margins = sheet.answer("margins", _sides() @ rewards, symbol="m", how=MARGIN)
    with sheet.step(5, "Prediction", JUDGE):
        p = sheet.answer("predictions", margins.sigma(1), symbol="p")
    with sheet.step(6, "Loss", JUDGE):
        logs = sheet.answer("log_predictions", p.logarithm(2), symbol="log p")
        total = sheet.answer("log_sum", logs.sum_of_all(), symbol="sum")
        sheet.answer("loss", (total * Fraction(-1, 5)).rounded(2), symbol="L")
    if level == 1:
        return
    with sheet.step(7, "Slope of each margin", LEARN):
        slopes = sheet.answer("margin_gradient", p - 1, symbol="dm")
    with sheet.step(8, "Gradient of the log-probabilities", LEARN):
        gradient = (_sides().transposed @ slopes) * (beta / 5)
        gradient = sheet.answer("log_probability_gradient", gradient, symbol="G", how=PULL)
    if level == 2:
        return
    with sheet.step(9, "Gradient of W", LEARN):
        dW = gradient @ H.with_ones().transposed
        dW = sheet.answer("output_weights_gradient", dW, symbol="dW")
    with sheet.step(10, "Update", LEARN):
        trained = sheet.answer(
            "trained_output_weights", W - dW * sheet.constant("learning_rate", RATE), symbol="W′"
        )
    with sheet.step(11, "The policy again", LEARN):
        again = sheet.answer("trained_scores", trained @ H.with_ones(), symbol="score′")
        rewards = sheet.answer("trained_rewards", (again - reference) * beta, symbol="r′")
        margins = (_sides() @ rewards).rounded(1)
        margins = sheet.answer(
            "trained_margins", margins, limit=3, finest=10, symbol="m′", how=MARGIN
        )
    with sheet.step(12, "Loss again", LEARN):
        p = sheet.answer("trained_predictions", margins.sigma(1), symbol="p′")
        logs = sheet.answer("trained_log_predictions", p.logarithm(2), symbol="log p′")
        loss = (logs.sum_of_all() * Fraction(-1, 5)).rounded(2)
        sheet.answer("trained_loss", loss, symbol="L′")


def _sides() -> Matrix:
    """Return each side’s part in a margin: the winner’s counts, the loser’s is taken off."""
    return constant(("margin",), SIDES, [[1, -1]])


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State eq. 7 of symbolic log-probabilities; SymPy differentiates, and σ is as written."""
    from sympy import Matrix as Exact
    from sympy import Rational, Symbol, exp, log, symbols

    H, W, reference = (given[name] for name in ("states", "output_weights", "reference"))
    beta, prompts = Rational(1, 2), range(5)

    def scores_of(weights: sympy.Matrix) -> sympy.Matrix:
        return weights[:, :-1] * H + weights[:, -1] * Exact([[1] * 5])

    def margin_of(logs: sympy.Matrix, prompt: int) -> sympy.Expr:
        winner, loser = (logs[side, prompt] - reference[side, prompt] for side in (0, 1))
        return beta * winner - beta * loser

    def row(values: Iterable[sympy.Expr]) -> sympy.Matrix:
        return Exact([list(values)])

    policy = scores_of(W)
    margins = [margin_of(policy, prompt) for prompt in prompts]
    stated = preference_loss(margins, 1)
    stated |= {
        "log_probabilities": policy,
        "log_ratios": policy - reference,
        "rewards": beta * (policy - reference),
        "margins": row(margins),
        "log_sum": row([sum(stated["log_predictions"])]),
    }
    if level == 1:
        return stated
    m, log_pi, w = Symbol("m"), Exact(2, 5, symbols("l:10")), Exact(2, 3, symbols("w:6"))
    slope = (-log(1 / (1 + exp(-m)))).diff(m)
    slopes = [slope.subs(exp(-m), 1 / share - 1) for share in stated["predictions"]]

    def changed(logs: sympy.Matrix) -> sympy.Expr:
        """Return the mean loss, linearised in the margins: Σ slope · margin / 5."""
        each = (s * margin_of(logs, prompt) for s, prompt in zip(slopes, prompts, strict=True))
        return sum(each) / 5

    stated |= {
        "margin_gradient": row(slopes),
        "log_probability_gradient": log_pi.applyfunc(changed(log_pi).diff),
    }
    if level == 2:
        return stated
    # Each prompt's scores less the log of the sum of all e^score, those of the other words as well.
    scores, others = scores_of(w), symbols("others:5")
    sums = [log(exp(scores[0, k]) + exp(scores[1, k]) + others[k]) for k in prompts]
    dW = w.applyfunc(changed(scores - Exact([sums, sums])).expand().diff)
    trained = W - 2 * dW
    after = scores_of(trained)
    margins = [written(margin_of(after, prompt), 1) for prompt in prompts]
    stated |= {"output_weights_gradient": dW, "trained_output_weights": trained}
    stated |= {"trained_scores": after, "trained_rewards": beta * (after - reference)}
    stated["trained_margins"] = row(margins)
    return stated | preference_loss(margins, 1, "trained_")


MISTAKES = (
    Mistake(
        "bias forgotten",
        {
            "log_probabilities": lambda m: m["output_weights"].without_bias() @ m["states"],
            "trained_scores": lambda m: m["trained_output_weights"].without_bias() @ m["states"],
        },
    ),
    Mistake(
        "log-ratio upside down", {"log_ratios": lambda m: m["reference"] - m["log_probabilities"]}
    ),
    Mistake("reference forgotten", {"rewards": lambda m: m["log_probabilities"] * BETA}),
    Mistake(
        "β forgotten",
        {
            "rewards": lambda m: m["log_ratios"],
            "log_probability_gradient": lambda m: (
                (_sides().transposed @ m["margin_gradient"]) * Fraction(1, 5)
            ),
        },
    ),
    Mistake("loser minus winner", {"margins": lambda m: -_sides() @ m["rewards"]}),
    Mistake("rewards added", {"margins": lambda m: m["rewards"].transposed.total().transposed}),
    Mistake("sign of the loss", {"loss": lambda m: (m["log_sum"] * Fraction(1, 5)).rounded(2)}),
    Mistake(
        "sum taken for the mean",
        {
            "loss": lambda m: -m["log_sum"],
            "log_probability_gradient": lambda m: (
                (_sides().transposed @ m["margin_gradient"]) * BETA
            ),
        },
    ),
    Mistake("sign of the slope", {"margin_gradient": lambda m: 1 - m["predictions"]}),
    Mistake(
        "both pulled the same way",
        {
            "log_probability_gradient": lambda m: (
                stacked(m["margin_gradient"], m["margin_gradient"]) * (BETA / 5)
            )
        },
    ),
    Mistake(
        "bias left out of the gradient",
        {
            "output_weights_gradient": lambda m: (
                m["log_probability_gradient"] @ m["states"].with_zeros().transposed
            )
        },
    ),
    Mistake(
        "update in the wrong direction",
        {
            "trained_output_weights": lambda m: (
                m["output_weights"] + m["output_weights_gradient"] * RATE
            )
        },
    ),
    Mistake(
        "learning rate forgotten",
        {"trained_output_weights": lambda m: m["output_weights"] - m["output_weights_gradient"]},
    ),
)
