"""A reward model learns from a ranking: four answers, six pairs, one loss of all of them.

The answers stand in the order in which a person ranked them, the best one first.

The loss is that of Ouyang et al. 2022, eq. 1, for one prompt and K = 4 answers: the mean over the
K·(K − 1)/2 pairs of −log σ(r(winner) − r(loser)). Where ours departs: an answer is a column, the
model is two layers whose bias is the last weight, and only the output layer learns, at learning
rate 1; σ, log, the loss and the gradient of a reward are rounded to hundredths, trained rewards to
tenths. The step lowers the loss on every sheet, which is worked out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix, constant
from worksheets.kinds.reward_ranking.ranking import (
    FARTHEST,
    FARTHEST_TRAINED,
    PAIRS,
    WINS,
    human_ranking,
)
from worksheets.language import message
from worksheets.sampling.counter import Draws
from worksheets.sampling.givens import Givens
from worksheets.sampling.ranked import ASKED, ranked_answers
from worksheets.written import preference_loss, written

if TYPE_CHECKING:
    import sympy

CODE = "RANK"
BUILDS_ON = ("rlhf",)
TITLE = "A ranking by hand"
LEVELS = (1, 2, 3)
# Of sheets 0 to 29,999 of each level no two have the same numbers: the birthday bound, at 95 %.
VARIETY = {1: 150_000_000, 2: 150_000_000, 3: 150_000_000}
EFFORT = {1: 40, 2: 58, 3: 95}
CHECKPOINTS = ("rewards", "loss", "reward_gradient", "output_weights_gradient", "trained_loss")
WORKED = {1: "predictions", 2: "pulls", 3: "output_weights_gradient"}

INPUTS, FEATURES, ANSWERS = (
    ("1", "2", "3"),
    ("1", "2"),
    tuple(f"{{choice{n}}}" for n in range(1, 5)),
)
PHRASES = ASKED
LABELS = tuple(f"{better + 1}>{worse + 1}" for better, worse in PAIRS)
GAP = message("the winner’s less the loser’s")
PULL = message("dg of its wins − of its losses")
COMPARE = Part("Compare", "purple")
LEARN = Part("Learn", "orange")


def draw(draws: Draws, level: int, published: bool) -> Givens:
    """Draw two layers, and answers that they rank partly wrong, the best one first."""
    givens, accepted = human_ranking(draws, learned=level == 3)
    # The human's ranking is the theme's.
    order = np.tile(-np.arange(len(ANSWERS)), (len(draws.keys), 1))
    return Givens(givens, ranked_answers(draws, order), accepted)


def steps(sheet: Tracer, level: int) -> None:
    """Work out rewards, pairs, loss; its gradients; the update and what comes of it."""
    with sheet.step(1, "Linear layer", COMPARE):
        X = sheet.given("inputs", INPUTS, ANSWERS, bound=3, symbol="X")
        W1 = sheet.given("hidden_weights", FEATURES, (*INPUTS, BIAS), bound=3, symbol="W₁")
        F = sheet.answer("features", W1 @ X.with_ones(), symbol="F")
    with sheet.step(2, "Output layer", COMPARE):
        W2 = sheet.given("output_weights", ("reward",), (*FEATURES, BIAS), bound=3, symbol="W₂")
        r = sheet.answer("rewards", W2 @ F.with_ones(), symbol="r")
    pairs = _pairs()
    with sheet.step(3, "Gaps of six pairs", COMPARE):
        gaps = (r @ pairs).labelled(("gap",))
        gaps = sheet.answer("gaps", gaps, limit=FARTHEST, finest=1, symbol="g", how=GAP)
    with sheet.step(4, "Agreement", COMPARE):
        sheet.answer("agreement", gaps.exceeds(0).labelled(("agrees",)))
    with sheet.step(5, "Prediction", COMPARE):
        p = sheet.answer("predictions", gaps.sigma(2).labelled(("prediction",)), symbol="p")
    with sheet.step(6, "Loss", COMPARE):
        logs = p.logarithm(2).labelled(("log",))
        logs = sheet.answer("log_predictions", logs, symbol="log p")
        total = sheet.answer("log_sum", logs.sum_of_all(), symbol="sum")
        sheet.answer("loss", (total * Fraction(-1, 6)).rounded(2), symbol="L")
    if level == 1:
        return
    with sheet.step(7, "Slope of each pair", LEARN):
        slopes = sheet.answer("gap_gradient", (p - 1).labelled(("slope",)), symbol="dg")
    with sheet.step(8, "Gradient of each reward", LEARN):
        pulls = (slopes @ pairs.transposed).labelled(("reward",))
        pulls = sheet.answer("pulls", pulls, symbol="pull", how=PULL)
        dr = (pulls * Fraction(1, 6)).rounded(2)
        dr = sheet.answer("reward_gradient", dr, symbol="dr")
    if level == 2:
        return
    with sheet.step(9, "Gradient of W₂", LEARN):
        dW2 = dr @ F.with_ones().transposed
        dW2 = sheet.answer("output_weights_gradient", dW2, symbol="dW₂")
    with sheet.step(10, "Update", LEARN):
        sheet.constant("learning_rate", 1)
        trained = sheet.answer("trained_output_weights", W2 - dW2, symbol="W₂′")
    with sheet.step(11, "The ranking again", LEARN):
        again = (trained @ F.with_ones()).rounded(1)
        again = sheet.answer("trained_rewards", again, symbol="r′")
        gaps = (again @ pairs).labelled(("gap",))
        limit = FARTHEST_TRAINED
        gaps = sheet.answer("trained_gaps", gaps, limit=limit, finest=10, symbol="g′", how=GAP)
        p = sheet.answer(
            "trained_predictions", gaps.sigma(2).labelled(("prediction",)), symbol="p′"
        )
    with sheet.step(12, "Loss again", LEARN):
        logs = p.logarithm(2).labelled(("log",))
        logs = sheet.answer("trained_log_predictions", logs, symbol="log p′")
        loss = (logs.sum_of_all() * Fraction(-1, 6)).rounded(2)
        sheet.answer("trained_loss", loss, symbol="L′")


def _pairs() -> Matrix:
    """Return each answer's part in each pair: 1 if it wins, −1 if it loses."""
    return constant(ANSWERS, LABELS, WINS.tolist())


def law(
    given: Mapping[str, sympy.Matrix], word: Mapping[str, int], level: int
) -> Mapping[str, sympy.Matrix]:
    """State eq. 1 of symbolic rewards; SymPy differentiates, and σ has the value written."""
    from sympy import Integer, Symbol, exp, log, symbols
    from sympy import Matrix as Exact

    X, W1, W2 = (given[name] for name in ("inputs", "hidden_weights", "output_weights"))

    def layer(weights: sympy.Matrix, inputs: sympy.Matrix) -> sympy.Matrix:
        def output(row: int, answer: int) -> sympy.Expr:
            return weights[row, -1] + weights[row, :-1].dot(inputs[:, answer])

        return Exact(weights.rows, 4, output)

    def gaps_of(rewards: sympy.Matrix) -> list[sympy.Expr]:
        return [rewards[winner] - rewards[loser] for winner, loser in combinations(range(4), 2)]

    def row(values: Iterable[sympy.Expr]) -> sympy.Matrix:
        return Exact([list(values)])

    r, w, g = Exact(1, 4, symbols("r:4")), Exact(1, 3, symbols("w:3")), Symbol("g")
    features = layer(W1, X)
    rewards = layer(W2, features)
    gaps = gaps_of(rewards)
    stated = preference_loss(gaps, 2)
    stated |= {
        "features": features,
        "rewards": rewards,
        "gaps": row(gaps),
        "agreement": row(Integer(bool(gap > 0)) for gap in gaps),
        "log_sum": row([sum(stated["log_predictions"])]),
    }
    if level == 1:
        return stated
    slope = (-log(1 / (1 + exp(-g)))).diff(g)
    slopes = [slope.subs(exp(-g), 1 / share - 1) for share in stated["predictions"]]
    all_pairs = sum(s * gap for s, gap in zip(slopes, gaps_of(r), strict=True))
    dr = r.applyfunc((all_pairs / 6).diff).applyfunc(lambda slope: written(slope, 2))
    stated |= {
        "gap_gradient": row(slopes),
        "pulls": r.applyfunc(all_pairs.diff),
        "reward_gradient": dr,
    }
    if level == 2:
        return stated
    dW2 = w.applyfunc(layer(w, features).dot(dr).diff)
    after = layer(W2 - dW2, features).applyfunc(lambda reward: written(reward, 1))
    stated |= {"output_weights_gradient": dW2, "trained_output_weights": W2 - dW2}
    stated |= {"trained_rewards": after, "trained_gaps": row(gaps_of(after))}
    return stated | preference_loss(gaps_of(after), 2, "trained_")


MISTAKES = (
    Mistake(
        "bias forgotten",
        {
            "features": lambda m: m["hidden_weights"].without_bias() @ m["inputs"],
            "rewards": lambda m: m["output_weights"].without_bias() @ m["features"],
            "trained_rewards": lambda m: (
                m["trained_output_weights"].without_bias() @ m["features"]
            ).rounded(1),
        },
    ),
    Mistake("winner and loser swapped", {"gaps": lambda m: m["rewards"] @ -_pairs()}),
    Mistake("sign of the loss", {"loss": lambda m: (m["log_sum"] * Fraction(1, 6)).rounded(2)}),
    Mistake(
        "sum taken for the mean",
        {"loss": lambda m: -m["log_sum"], "reward_gradient": lambda m: m["pulls"]},
    ),
    Mistake(
        "divided by the four answers",
        {
            "loss": lambda m: (m["log_sum"] * Fraction(-1, 4)).rounded(2),
            "reward_gradient": lambda m: (m["pulls"] * Fraction(1, 4)).rounded(2),
        },
    ),
    Mistake("sign of the slope", {"gap_gradient": lambda m: 1 - m["predictions"]}),
    Mistake(
        "loser left alone",
        {"pulls": lambda m: m["gap_gradient"] @ _pairs().maximum(0).transposed},
    ),
    Mistake(
        "gradient taken from the first layer’s inputs",
        {"output_weights_gradient": lambda m: m["reward_gradient"] @ m["inputs"].transposed},
    ),
    Mistake(
        "update in the wrong direction",
        {"trained_output_weights": lambda m: m["output_weights"] + m["output_weights_gradient"]},
    ),
    Mistake(
        "old weights used again",
        {"trained_rewards": lambda m: (m["output_weights"] @ m["features"].with_ones()).rounded(1)},
    ),
)
