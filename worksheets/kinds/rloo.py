"""REINFORCE on five samples whose answers a program checks, each judged by the other four.

The gradient of expected reward is that of Williams 1992, the mean of (r − b)·∇ log π(sample); the
leave-one-out baseline b of RLOO, Kool and others 2019, is the mean reward of the other samples, and
Ahmadian and others 2024 took it to language models. By the scores of a softmax the slope of
log π(a) is 1 at a, less π. As advantages with this b sum to 0, π cancels; without b it does not,
and both are worked out. Rewards are verifiable, as Lambert and others 2024 have them (Tülu 3): no
model judges, but a program, here by three checks of which each is worth 1. Where ours departs: an
answer is one token, its scores are given instead of a network's, there is no KL penalty, softmax is
rounded to tenths, and one step is made, at learning rate 5. It raises the expected reward on every
sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.node import Array, Mask
from worksheets.sampling.attempts import Arrays, first_accepted, in_turn
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.ranked import ASKED, ranked_answers
from worksheets.sampling.shares import shares
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "RLOO"
TITLE = "REINFORCE by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("rlhf",)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 26, 2: 45, 3: 57}
CHECKPOINTS = (
    "probabilities", "rewards", "advantages", "score_gradient", "trained_expected_reward",
)  # fmt: skip
WORKED = {1: "baselines"}
# The theme's answers, in the order in which a sheet has them, and those that the policy says.
ANSWERS = tuple(f"{{choice{place}}}" for place in range(1, 7))
SAMPLES = tuple(f"{{sample{place}}}" for place in range(1, 6))
PHRASES = {**ASKED, "samples": SAMPLES}
COUNT, SIZE, RATE = len(ANSWERS), len(SAMPLES), 5
HALVES, QUARTERS, TENTHS = 2, 4, 10
LOWEST, LARGEST_SCORE, FARTHEST = 6, 2, 3
ROUNDED_OFF = 20  # more than six probabilities of four decimals can be off, times what they earn
BEST, LIKELIEST = 3, 8  # the largest reward; tenths, as no sheet ends with one answer alone
ASK = Part("Ask five times", "orange")
JUDGE = Part("Each against the others", "purple")
LEARN = Part("Learn", "orange")


@cache
def _policies() -> Array:
    """List how far six scores lie below their highest, in halves, so that all shares are clear."""
    some = combinations_with_replacement(range(LOWEST + 1), COUNT - 1)
    below = np.array([(0, *rest) for rest in some], dtype=np.int64)
    P, clear = shares(-below[:, :, None], 1, HALVES)
    good = clear[:, 0] & (P[:, :, 0].sum(axis=1) == TENTHS) & (P[:, :, 0] > 0).all(axis=1)
    policies: Array = below[good]
    return policies


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a policy and what it says, such that some samples are better than others."""

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return in_turn(some, {}, (_policy, _samples, _learns))

    found, accepted = first_accepted(draws, "samples", propose, at_once=1000, limit=2000)
    samples = found["samples"]
    words = ranked_answers(draws, found["checks"])
    words |= {f"sample{place + 1}": samples[:, place] + 1 for place in range(SIZE)}
    givens = {"scores": found["scores"][:, :, None], "checks": found["checks"][:, :, None]}
    givens |= {"rewards": found["rewards"][:, :, None], "sampled": _said(samples)}
    return Givens(givens, words, accepted)


def _policy(draws: Draws, _: Arrays) -> tuple[Arrays, Mask]:
    """Draw scores, and how many checks each answer passes: none, one and both are there."""
    every = _policies()
    order = draws.order("order", COUNT)
    below = every[draws.below("policy", len(every))[:, 0]]
    below = np.take_along_axis(below, order, axis=1)
    furthest, largest = below.max(axis=1, keepdims=True), HALVES * LARGEST_SCORE
    highest = furthest - largest + draws.below("highest", 2 * largest - furthest + 1)
    scores = highest - below
    checks = np.sort(draws.integers("checks", 0, BEST, COUNT), axis=1)
    checks = np.take_along_axis(checks, draws.order("rank", COUNT), axis=1)
    P = shares(scores[:, :, None], 1, HALVES)[0][:, :, 0]
    # Were all answers as likely, another reward would be expected.
    found: Mask = checks.max(axis=1) - checks.min(axis=1) > 1
    found &= COUNT * (P * checks).sum(axis=1) != TENTHS * checks.sum(axis=1)
    return {"scores": scores, "checks": checks, "shares": P}, found


def _samples(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Draw five answers as the policy says them: not all as good, at least three different ones."""
    upper = known["shares"].cumsum(axis=1)
    slot = draws.below("slot", TENTHS, SIZE)
    samples = (upper[:, None] <= slot[:, :, None]).sum(axis=2)
    rewards = np.take_along_axis(known["checks"], samples, axis=1)
    different = (_said(samples).sum(axis=1) > 0).sum(axis=1)
    most = rewards.max(axis=1)
    # The others have 2 or more together, so that sheets ask for about the same work.
    found = (most > rewards.min(axis=1)) & (rewards.sum(axis=1) - most > 1) & (different > 2)
    return {"samples": samples, "rewards": rewards}, found


def _said(samples: Array) -> Array:
    """Return 1 where a row's sample is the column's answer, (sheets, samples, answers)."""
    said: Array = (samples[:, :, None] == np.arange(COUNT)).astype(np.int64)
    return said


def _learns(draws: Draws, known: Arrays) -> tuple[Arrays, Mask]:
    """Find the sheets whose step raises the expected reward, as written and before rounding."""
    rewards, checks = known["rewards"], known["checks"]
    # Four times an advantage is 5·r less the sum of all; five times the gradient is their sum.
    fourfold = SIZE * rewards - rewards.sum(axis=1, keepdims=True)
    earned = (_said(known["samples"]) * fourfold[:, :, None]).sum(axis=1)
    trained = QUARTERS // HALVES * known["scores"] + earned
    again, clear = shares(trained[:, :, None], 1, QUARTERS)
    P = again[:, :, 0]
    found = clear[:, 0] & (P.sum(axis=1) == TENTHS) & (P.max(axis=1) <= LIKELIEST)
    found &= np.abs(trained).max(axis=1) <= QUARTERS * FARTHEST
    found &= (P * checks).sum(axis=1) > (known["shares"] * checks).sum(axis=1)
    # Of 200 sheets on which written probabilities earn more, exact ones earn less on one.
    before, after = (
        (shares(scores[:, :, None], 4, unit)[0][:, :, 0] * checks).sum(axis=1)
        for scores, unit in ((known["scores"], HALVES), (trained, QUARTERS))
    )
    return {}, found & (after > before + ROUNDED_OFF)


def steps(sheet: Tracer, level: int) -> None:
    """Work out rewards and advantages; the gradient with and without a baseline; and a step."""
    with sheet.step(1, "The policy", ASK):
        z = sheet.given(
            "scores", ANSWERS, ("score",), bound=LARGEST_SCORE, symbol="z", finest=HALVES
        )
        p = sheet.answer("probabilities", z.softmax(1), symbol="p")
    with sheet.step(2, "Expected reward", ASK):
        c = sheet.given("checks", ANSWERS, ("passed",), bound=BEST, symbol="c")
        J = (p * c).sum_of_all()
        sheet.answer("expected_reward", J, limit=BEST, finest=10, symbol="J")
    with sheet.step(3, "Baselines", JUDGE):
        r = sheet.given("rewards", SAMPLES, ("reward",), bound=BEST, symbol="r")
        n = sheet.answer("reward_sum", r.sum_of_all(), symbol="n")
        b = (n - r) * Fraction(1, SIZE - 1)
        b = sheet.answer("baselines", b, limit=BEST, finest=4, symbol="b")
    with sheet.step(4, "Advantages", JUDGE):
        A = sheet.answer("advantages", r - b, limit=BEST, finest=4, symbol="A")
    with sheet.step(5, "Credit", LEARN):
        S = sheet.given("sampled", SAMPLES, ANSWERS, bound=1, symbol="S")
        U = sheet.answer("advantage_sums", S.transposed @ A, finest=4, symbol="U")
    if level == 1:
        return
    with sheet.step(6, "With the baseline", LEARN):
        g = sheet.answer("score_gradient", U * Fraction(1, SIZE), finest=20, symbol="g")
    with sheet.step(7, "Without a baseline", LEARN):
        C = sheet.answer("reward_sums", S.transposed @ r, symbol="C")
        plain = (C - p * n) * Fraction(1, SIZE)
        sheet.answer("reinforce_gradient", plain, finest=50, symbol="g₀")
    if level == 2:
        return
    with sheet.step(8, "One step up", LEARN):
        z = z + g * sheet.constant("learning_rate", RATE)
        z = sheet.answer("trained_scores", z, limit=FARTHEST, finest=4, symbol="z′")
    with sheet.step(9, "The policy again", LEARN):
        p = sheet.answer("trained_probabilities", z.softmax(1), symbol="p′")
    with sheet.step(10, "Expected reward again", LEARN):
        sheet.answer(
            "trained_expected_reward", (p * c).sum_of_all(), limit=BEST, finest=10, symbol="J′"
        )


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State both surrogates by the samples' log-probabilities; SymPy differentiates them."""
    from sympy import Expr, Integer, Matrix, exp, log, symbols

    r, c = list(given["rewards"]), given["checks"]
    at = symbols("z:6")
    whole = sum(map(exp, at))

    def policy(scores: sympy.Matrix) -> sympy.Matrix:
        """Return the slope of log Σ exp z by each score, in tenths: its share of the powers."""
        here = dict(zip(at, scores, strict=True))
        return Matrix([written(log(whole).diff(z).subs(here), 1) for z in at])

    p = policy(given["scores"])
    others = [[r[k] for k in range(SIZE) if k != sample] for sample in range(SIZE)]
    b = [sum(rest) / Integer(len(rest)) for rest in others]
    A = [mine - theirs for mine, theirs in zip(r, b, strict=True)]
    stated = {
        "probabilities": p,
        "expected_reward": [p.dot(c)],
        "reward_sum": [sum(r)],
        "baselines": b,
        "advantages": A,
    }
    said = [list(given["sampled"][sample, :]).index(1) for sample in range(SIZE)]
    earned, rewarded = (
        [sum(w for w, a in zip(weights, said, strict=True) if a == row) for row in range(COUNT)]
        for weights in (A, r)
    )
    stated["advantage_sums"] = earned
    if level == 1:
        return {name: Matrix(cells) for name, cells in stated.items()}
    # What is a power's share of their sum has the written value.
    as_written = {whole: Integer(1)} | dict(zip(map(exp, at), p, strict=True))

    def slopes(weights: list[Expr]) -> sympy.Matrix:
        """Differentiate Σ weight · log π(sample), the weights being fixed."""
        each = zip(weights, said, strict=True)
        total = sum(weight * (at[answer] - log(whole)) for weight, answer in each)
        return Matrix([total.diff(z).expand().xreplace(as_written) for z in at])

    g = slopes(A) / SIZE
    stated |= {"score_gradient": g, "reward_sums": rewarded}
    stated |= {"reinforce_gradient": slopes(r) / SIZE}
    if level == 3:
        trained = given["scores"] + RATE * g
        p = policy(trained)
        stated |= {"trained_scores": trained, "trained_probabilities": p}
        stated["trained_expected_reward"] = [p.dot(c)]
    return {name: Matrix(cells) for name, cells in stated.items()}


MISTAKES = (
    Mistake(
        "all answers as likely",
        {"expected_reward": lambda m: m["checks"].sum_of_all() * Fraction(1, COUNT)},
    ),
    Mistake(
        "own reward in the baseline",
        {"baselines": lambda m: m["rewards"] * 0 + m["reward_sum"] * Fraction(1, SIZE)},
    ),
    Mistake(
        "divided by all samples",
        {"baselines": lambda m: (m["reward_sum"] - m["rewards"]) * Fraction(1, SIZE)},
    ),
    Mistake("sum of the others", {"baselines": lambda m: m["reward_sum"] - m["rewards"]}),
    Mistake("baseline minus reward", {"advantages": lambda m: m["baselines"] - m["rewards"]}),
    Mistake("baseline not taken off", {"advantages": lambda m: m["rewards"]}),
    Mistake(
        "rewards instead of advantages",
        {"advantage_sums": lambda m: m["sampled"].transposed @ m["rewards"]},
    ),
    Mistake(
        "gradient not divided by the samples", {"score_gradient": lambda m: m["advantage_sums"]}
    ),
    Mistake(
        "probabilities not taken off",
        {"reinforce_gradient": lambda m: m["reward_sums"] * Fraction(1, SIZE)},
    ),
    Mistake(
        "probabilities added",
        {
            "reinforce_gradient": lambda m: (
                (m["reward_sums"] + m["probabilities"] * m["reward_sum"]) * Fraction(1, SIZE)
            )
        },
    ),
    Mistake(
        "step downwards", {"trained_scores": lambda m: m["scores"] - m["score_gradient"] * RATE}
    ),
    Mistake(
        "learning rate forgotten", {"trained_scores": lambda m: m["scores"] + m["score_gradient"]}
    ),
    Mistake(
        "step without a baseline",
        {"trained_scores": lambda m: m["scores"] + m["reinforce_gradient"] * RATE},
    ),
    Mistake("old scores used again", {"trained_probabilities": lambda m: m["scores"].softmax(1)}),
)
