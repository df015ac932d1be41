"""Best of n, and Goodhart's law: what a judge prefers ever more of, and what people make of it.

Best-of-n sampling draws n answers and keeps the one that a reward model likes best. How likely an
answer then is follows Beirami and others 2024 (arXiv:2401.01879): πₙ = Fⁿ − F₋ⁿ, where F is the
chance of an answer no better, and F₋ of a worse one. That a proxy's reward goes on rising while a
gold reward falls is the over-optimisation of Gao, Schulman and Hilton 2023. From level 2 on the
model learns its best of four, as in best-of-n distillation (Sessa and others 2024), by
cross-entropy, whose slope by a score is p − p₄. Where ours departs: five answers are all that there
are, in the order of the proxy; F⁴ is rounded to hundredths, p₄, logarithms and trained
probabilities to tenths; scores are the logarithms, and one step is made, at learning rate 2. It
lowers the loss and raises the proxy's reward on every sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import Matrix
from worksheets.engine.node import Array, Mask
from worksheets.engine.rounding import round_half_away
from worksheets.language import message
from worksheets.sampling.attempts import Arrays, first_accepted
from worksheets.sampling.counter import Draws
from worksheets.sampling.digits import two_digits
from worksheets.sampling.givens import Givens
from worksheets.sampling.ranked import ASKED, ranked_answers
from worksheets.sampling.shares import SURPRISES, shares
from worksheets.written import written

if TYPE_CHECKING:
    import sympy

CODE = "BEST"
TITLE = "Best of n by hand"
LEVELS = (1, 2, 3)
BUILDS_ON = ("reward_ranking",)
# Of sheets 0 to 29,999 two have the same numbers at level 2, and none do at the others: the
# birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 90_000_000, 3: 150_000_000}
EFFORT = {1: 59, 2: 66, 3: 100}
CHECKPOINTS = (
    "best_of_two", "best_of_four", "gold_of_four", "gold_gain", "score_gradient", "trained_loss",
    "trained_gold",
)  # fmt: skip
WORKED = {1: "best_of_two", 2: "score_gradient"}
PHRASES = ASKED

ANSWERS = tuple(f"{{choice{place}}}" for place in range(1, 6))
SIZE, TENTHS, RATE = len(ANSWERS), 10, 2
HIGHEST_PROXY, FARTHEST_GOLD = 9, 7
FARTHEST = 4  # of trained scores
MOST_HARD = 3  # squares of numbers of two digits, in F⁴, below level 3
PEAKS = (0, 1, 1, 2)  # at which of one, two and four samples gold is best
NO_BETTER = message("p + the next F")
SHARES = message("softmax of z′")
SAMPLE = Part("Best of n", "orange")
JUDGE = Part("Proxy and gold", "purple")
LEARN = Part("Learn the best of four", "orange")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw a model, a proxy, and gold rewards that are best at one, two or four samples."""
    peak = draws.one_of("peak", PEAKS, 1)
    models = _models(level)

    def propose(some: Draws, rows: Array) -> tuple[Arrays, Mask]:
        return _propose(some, models, peak[rows])

    found, accepted = first_accepted(draws, "judges", propose, at_once=1000, limit=4000)
    givens = {name: cells[:, None] for name, cells in found.items()}
    return Givens(givens, ranked_answers(draws, found["gold_rewards"]), accepted)


def _propose(draws: Draws, models: Arrays, peak: Array) -> tuple[Arrays, Mask]:
    """Draw a model and both rewards, the proxy's falling from left to right."""
    chosen = draws.below("model", len(models["p"]))[:, 0]
    p, *more = (models[name][chosen] for name in ("p", "p₂", "p₄", "finer p₄"))
    proxy = -np.sort(-draws.order("proxy", HIGHEST_PROXY + 1)[:, :SIZE], axis=1)
    gold = draws.integers("gold", -FARTHEST_GOLD, FARTHEST_GOLD, SIZE)
    two, four, finer = more[0], TENTHS * more[1], more[2]  # in hundredths
    seen, earned, exact = (
        np.stack([(q * rewards).sum(axis=1) for q in (TENTHS * p, two, last)], axis=1)
        for rewards, last in ((proxy, four), (gold, four), (gold, finer))
    )
    good = (np.diff(seen, axis=1) > 0).all(axis=1) & (gold[:, 0] < gold.max(axis=1))
    # Gold is best where the page says, before p₄ is rounded to tenths as well.
    for real in (earned, exact):
        good &= real.argmax(axis=1) == peak[:, 0]
        good &= (real == real.max(axis=1, keepdims=True)).sum(axis=1) == 1
    good &= (np.diff(np.sort(gold, axis=1), axis=1) > 0).sum(axis=1) >= SIZE - 2
    if "p′" in models:
        good &= ((models["p′"][chosen] - p) * proxy).sum(axis=1) > 0
    found = {"probabilities": p, "proxy_rewards": proxy, "gold_rewards": gold}
    return {name: cells[good] for name, cells in found.items()}, good


@cache
def _models(level: int) -> Arrays:
    """List all probabilities, in tenths, that suit a level, and what becomes of each.

    The best of two, p₂, is in hundredths, that of four, p₄, in tenths, and so is p′, which a step
    makes of p. There are 126, and 50 of which p₄ comes to 1. Of these levels 1 and 2 take the 45
    with few squares of numbers of two digits, and level 3 the 19 whose step is as the page says: 6
    to 8 % of all products are of two numbers of two digits then.
    """
    cuts = np.array(list(combinations(range(1, TENTHS), SIZE - 1)), dtype=np.int64)
    p = np.pad(cuts, ((0, 0), (0, 1)), constant_values=TENTHS) - np.pad(cuts, ((0, 0), (1, 0)))
    two = p[:, ::-1].cumsum(axis=1)[:, ::-1] ** 2
    four = round_half_away(two**2, 100, 0)
    best2, finer = (sums - np.pad(sums[:, 1:], ((0, 0), (0, 1))) for sums in (two, four))
    best4 = round_half_away(finer, TENTHS, 0)
    good = (best4.sum(axis=1) == TENTHS) & (finer % TENTHS != TENTHS // 2).all(axis=1)
    good &= (two_digits(two).sum(axis=1) <= MOST_HARD) | (level == 3)
    found = {"p": p, "p₂": best2, "p₄": best4, "finer p₄": finer}
    if level == 3:
        found["p′"], learns = _learns(p, best4)
        good &= learns
    return {name: cells[good] for name, cells in found.items()}


def _learns(p: Array, target: Array) -> tuple[Array, Mask]:
    """Make a step; find the models of which it lowers the loss, as written, and keeps every answer.

    Probabilities are in tenths, the target, p₄, too. Returns the new probabilities, and which.
    """
    scores = -SURPRISES[p] - RATE * (p - target)  # in tenths
    now, clear = shares(scores[:, :, None], 1)
    now = now[:, :, 0]
    good: Mask = clear[:, 0] & (now.sum(axis=1) == TENTHS)
    good &= ((now > 0) & (now < TENTHS)).all(axis=1)
    before, after = ((target * SURPRISES[q]).sum(axis=1) for q in (p, now))
    return now, good & (after < before)


def steps(sheet: Tracer, level: int) -> None:
    """Work out what the best of two and of four are, what they earn, and learn the latter."""
    with sheet.step(1, "No better", SAMPLE):
        p = sheet.given("probabilities", ("p",), ANSWERS, bound=1, symbol="p", finest=TENTHS)
        F = p.discounted(1, finest=TENTHS)
        F = sheet.answer("cumulative", F, limit=1, finest=TENTHS, symbol="F", how=NO_BETTER)
    with sheet.step(2, "Best of two", SAMPLE):
        two = sheet.answer("none_better_of_two", F * F, limit=1, symbol="F²")
        p2 = sheet.answer("best_of_two", two - two.following(), limit=1, symbol="p₂")
    with sheet.step(3, "Best of four", SAMPLE):
        four = sheet.answer("none_better_of_four", (two * two).rounded(2), limit=1, symbol="F⁴")
        p4 = (four - four.following()).rounded(1)
        p4 = sheet.answer("best_of_four", p4, limit=1, symbol="p₄")
    with sheet.step(4, "What the proxy sees", JUDGE):
        r = sheet.given("proxy_rewards", ("r",), ANSWERS, bound=HIGHEST_PROXY, symbol="r")
        sheet.answer("proxy_of_one", _expected(p, r), symbol="proxy 1")
        proxy2 = sheet.answer("proxy_of_two", _expected(p2, r), symbol="proxy 2")
        proxy4 = sheet.answer("proxy_of_four", _expected(p4, r), symbol="proxy 4")
    with sheet.step(5, "What people see", JUDGE):
        g = sheet.given("gold_rewards", ("g",), ANSWERS, bound=FARTHEST_GOLD, symbol="g")
        sheet.answer("gold_of_one", _expected(p, g), symbol="gold 1")
        gold2 = sheet.answer("gold_of_two", _expected(p2, g), symbol="gold 2")
        gold4 = sheet.answer("gold_of_four", _expected(p4, g), symbol="gold 4")
    with sheet.step(6, "From two to four", JUDGE):
        sheet.answer("proxy_gain", proxy4 - proxy2, symbol="proxy gain")
        sheet.answer("gold_gain", gold4 - gold2, symbol="gold gain")
    if level == 1:
        return
    with sheet.step(7, "Log-probabilities", LEARN):
        z = sheet.answer("log_probabilities", p.logarithm(1), symbol="log p")
    with sheet.step(8, "Loss", LEARN):
        sheet.answer("loss", -_expected(p4, z), symbol="L")
    with sheet.step(9, "Gradient of the scores", LEARN):
        G = sheet.answer("score_gradient", p - p4, symbol="dz")
    if level == 2:
        return
    with sheet.step(10, "One step", LEARN):
        z = z - G * sheet.constant("learning_rate", RATE)
        z = sheet.answer("trained_scores", z, limit=FARTHEST, finest=TENTHS, symbol="z′")
    with sheet.step(11, "Probabilities again", LEARN):
        p = z.transposed.softmax(1).transposed
        p = sheet.answer("trained_probabilities", p, symbol="p′", how=SHARES)
    with sheet.step(12, "Loss again", LEARN):
        z = sheet.answer("trained_log_probabilities", p.logarithm(1), symbol="log p′")
        sheet.answer("trained_loss", -_expected(p4, z), symbol="L′")
    with sheet.step(13, "What it earns now", LEARN):
        sheet.answer("trained_proxy", _expected(p, r), symbol="proxy′")
        sheet.answer("trained_gold", _expected(p, g), symbol="gold′")


def _expected(probabilities: Matrix, rewards: Matrix) -> Matrix:
    """Return the mean reward, each as often as its answer is given, 1×1."""
    return (probabilities * rewards).sum_of_all()


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """Let all pairs of answers meet, and the best of pairs again; SymPy differentiates the loss."""
    from sympy import Expr, Integer, Matrix, exp, log, symbols

    p, r, g = (given[name] for name in ("probabilities", "proxy_rewards", "gold_rewards"))

    def best_of_two(of: sympy.Matrix) -> sympy.Matrix:
        """Give each pair's probability to the answer with the higher proxy's reward."""
        met = [Integer(0)] * SIZE
        for first, second in product(range(SIZE), repeat=2):
            met[max(first, second, key=lambda answer: r[answer])] += of[first] * of[second]
        return Matrix([met])

    def no_better(of: sympy.Matrix) -> sympy.Matrix:
        chances = ([q for q, seen in zip(of, r, strict=True) if seen <= at] for at in r)
        return Matrix([[sum(some) for some in chances]])

    def less_the_next(sums: sympy.Matrix) -> sympy.Matrix:
        return Matrix([[a - b for a, b in zip(sums, [*sums[1:], 0], strict=True)]])

    def row(of: sympy.Matrix, decimals: int) -> sympy.Matrix:
        return of.applyfunc(lambda value: written(value, decimals))

    p2 = best_of_two(p)
    four = row(no_better(best_of_two(p2)), 2)
    p4 = row(less_the_next(four), 1)
    stated = {"cumulative": no_better(p), "none_better_of_two": no_better(p2), "best_of_two": p2}
    stated |= {"none_better_of_four": four, "best_of_four": p4}
    for name, rewards in (("proxy", r), ("gold", g)):
        one, two, more = (of.dot(rewards) for of in (p, p2, p4))
        stated |= {f"{name}_of_one": [one], f"{name}_of_two": [two], f"{name}_of_four": [more]}
        stated[f"{name}_gain"] = [more - two]
    if level > 1:
        z = Matrix([symbols("z:5")])
        whole = sum(map(exp, z))

        def loss(scores: sympy.Matrix) -> Expr:
            return -sum(q * score for q, score in zip(p4, scores, strict=True))

        # The slope of −Σ p₄·log softmax(z), at powers that come to 1.
        powers = dict(zip(map(exp, z), p, strict=True)) | {whole: Integer(1)}
        slopes = z.applyfunc(loss(z.applyfunc(lambda score: score - log(whole))).diff)
        slopes = slopes.applyfunc(lambda slope: slope.expand().xreplace(powers))
        logs = row(p.applyfunc(log), 1)
        stated |= {"log_probabilities": logs, "loss": [loss(logs)]}
        stated["score_gradient"] = slopes
    if level == 3:
        scores = logs - RATE * slopes
        powers = scores.applyfunc(exp)
        now = row(powers / sum(powers), 1)
        logs = row(now.applyfunc(log), 1)
        stated |= {"trained_scores": scores, "trained_probabilities": now}
        stated |= {"trained_log_probabilities": logs, "trained_loss": [loss(logs)]}
        stated |= {"trained_proxy": [now.dot(r)], "trained_gold": [now.dot(g)]}
    return {name: Matrix([list(cells)]) for name, cells in stated.items()}


MISTAKES = (
    Mistake(
        "added up from the best",
        {"cumulative": lambda m: 1 - m["probabilities"].discounted(1, TENTHS) + m["probabilities"]},
    ),
    Mistake(
        "probabilities squared",
        {"none_better_of_two": lambda m: m["probabilities"] * m["probabilities"]},
    ),
    Mistake("doubled instead of squared", {"none_better_of_two": lambda m: m["cumulative"] * 2}),
    Mistake(
        "third power instead of the fourth",
        {"none_better_of_four": lambda m: (m["none_better_of_two"] * m["cumulative"]).rounded(2)},
    ),
    Mistake(
        "next one not taken off",
        {
            "best_of_two": lambda m: m["none_better_of_two"],
            "best_of_four": lambda m: m["none_better_of_four"],
        },
    ),
    Mistake(
        "mean of the rewards",
        {
            "proxy_of_one": lambda m: m["proxy_rewards"].mean(),
            "gold_of_one": lambda m: m["gold_rewards"].mean(),
        },
    ),
    Mistake(
        "one sample’s probabilities",
        {
            "gold_of_two": lambda m: _expected(m["probabilities"], m["gold_rewards"]),
            "gold_of_four": lambda m: _expected(m["probabilities"], m["gold_rewards"]),
        },
    ),
    Mistake(
        "proxy taken for gold",
        {
            "gold_of_two": lambda m: _expected(m["best_of_two"], m["proxy_rewards"]),
            "gold_of_four": lambda m: _expected(m["best_of_four"], m["proxy_rewards"]),
        },
    ),
    Mistake(
        "gain the wrong way round", {"gold_gain": lambda m: m["gold_of_two"] - m["gold_of_four"]}
    ),
    Mistake(
        "sign of the loss",
        {"loss": lambda m: _expected(m["best_of_four"], m["log_probabilities"])},
    ),
    Mistake(
        "own probabilities in the loss",
        {"loss": lambda m: -_expected(m["probabilities"], m["log_probabilities"])},
    ),
    Mistake(
        "error with the wrong sign",
        {"score_gradient": lambda m: m["best_of_four"] - m["probabilities"]},
    ),
    Mistake("target not taken off", {"score_gradient": lambda m: m["probabilities"]}),
    Mistake(
        "step up instead of down",
        {"trained_scores": lambda m: m["log_probabilities"] + m["score_gradient"] * RATE},
    ),
    Mistake(
        "learning rate forgotten",
        {"trained_scores": lambda m: m["log_probabilities"] - m["score_gradient"]},
    ),
    Mistake(
        "old probabilities used again",
        {
            "trained_proxy": lambda m: _expected(m["probabilities"], m["proxy_rewards"]),
            "trained_gold": lambda m: _expected(m["probabilities"], m["gold_rewards"]),
        },
    ),
)
