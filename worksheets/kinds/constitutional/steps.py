"""Write the lines down: critique and revision, AI feedback, a reward model trained on it."""

from __future__ import annotations

from fractions import Fraction

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix, beside

FEATURES, UNITS = ("1", "2", "3"), ("1", "2", "3")
WORDS = tuple(f"{{word{place}}}" for place in range(1, 6))
VERDICTS, ANSWERS = ("no", "yes"), ("(A)", "(B)")
LARGEST = 2  # in weights
LOWEST_LABEL, HIGHEST_LABEL = Fraction(4, 10), Fraction(6, 10)
RATE = Fraction(1, 10)
FARTHEST = 3  # the trained gap, whose σ is looked up

REVISION = Part("Critique and revision", "orange")
FEEDBACK = Part("AI feedback", "purple")
REWARD = Part("Reward model", "purple")


def steps(sheet: Tracer, level: int) -> None:
    """Work out a revision; the label of two answers, and what a reward model learns from it."""
    _revised(sheet)
    X, label = _labelled(sheet, level)
    with sheet.step(7, "Hidden layer", REWARD):
        W1 = sheet.given("hidden_weights", UNITS, (*FEATURES, BIAS), bound=LARGEST, symbol="W₁")
        raw = sheet.answer("hidden", W1 @ X.with_ones(), symbol="H")
        active = sheet.answer("active", raw.relu(), symbol="R")
    with sheet.step(8, "Rewards", REWARD):
        W2 = sheet.given("output_weights", ("reward",), (*UNITS, BIAS), bound=LARGEST, symbol="W₂")
        rewards = sheet.answer("rewards", W2 @ active.with_ones(), symbol="r")
    with sheet.step(9, "Prediction", REWARD):
        gap = sheet.answer("gap", rewards.column(1) - rewards.column(0))
        p = sheet.answer("prediction", gap.sigma(1), symbol="p")
    with sheet.step(10, "Loss gradient", REWARD):
        g = sheet.answer("gap_gradient", p - label[1:, :], symbol="g")
        hard = sheet.answer("hard_label", label[1:, :].exceeds(Fraction(1, 2)), symbol="hard t")
        sheet.answer("hard_gradient", p - hard, symbol="hard g")
    if level == 1:
        return
    with sheet.step(11, "Gradient of W₂", REWARD):
        dr = sheet.answer(
            "reward_gradient", beside(-g, g).labelled(("reward",), ANSWERS), symbol="dr"
        )
        dW2 = sheet.answer(
            "output_weights_gradient", dr @ active.with_ones().transposed, symbol="dW₂"
        )
    with sheet.step(12, "Train W₂", REWARD):
        rate = sheet.constant("learning_rate", RATE)
        W2_now = sheet.answer("trained_output_weights", W2 - dW2 * rate, symbol="W₂′")
        if level == 2:
            rewards = sheet.answer("trained_rewards", W2_now @ active.with_ones(), symbol="r′")
            _predicted(sheet, rewards)
    if level == 3:
        W1_now = _back(sheet, X, raw, (W1, W2), dr)
        with sheet.step(16, "The reward model again", REWARD):
            raw = sheet.answer("trained_hidden", W1_now @ X.with_ones(), symbol="H′")
            active = sheet.answer("trained_active", raw.relu(), symbol="R′")
            rewards = (W2_now @ active.with_ones()).rounded(1)
            _predicted(sheet, sheet.answer("trained_rewards", rewards, symbol="r′"))


def _predicted(sheet: Tracer, rewards: Matrix) -> None:
    gap = rewards.column(1) - rewards.column(0)
    gap = sheet.answer("trained_gap", gap, limit=FARTHEST, finest=10, symbol="gap′")
    sheet.answer("trained_prediction", gap.sigma(1), symbol="p′")


def _revised(sheet: Tracer) -> None:
    """Work out a first answer, whether it goes against the principle, and its revision."""
    with sheet.step(1, "First answer", REVISION):
        x = sheet.given("context", FEATURES, ("x",), bound=3, symbol="x")
        W = sheet.given("word_weights", WORDS, (*FEATURES, BIAS), bound=LARGEST, symbol="W")
        scores = sheet.answer("scores", W @ x.with_ones(), symbol="z")
        first = sheet.answer("first_word", scores.highest(), symbol="answer")
    with sheet.step(2, "Critique", REVISION):
        against = first.same_word(sheet.word("losing"))
        against = sheet.answer("critique", against, entries="verdict", symbol="against?")
    with sheet.step(3, "Revision", REVISION):
        K = sheet.given("critiques", FEATURES, VERDICTS, bound=3, symbol="K")
        k = K.columns(against).labelled(columns=("k",))
        k = sheet.answer("critique_read", k, symbol="k")
        again = sheet.answer("revised_context", x + k, symbol="x + k")
        scores = sheet.answer("revised_scores", W @ again.with_ones(), symbol="z′")
        revised = sheet.answer("revised_word", scores.highest(), symbol="revision")
        against = revised.same_word(sheet.word("losing"))
        sheet.answer("revised_critique", against, entries="verdict", symbol="still against?")


def _labelled(sheet: Tracer, level: int) -> tuple[Matrix, Matrix]:
    """Return two answers, and how likely the critic finds each the better one."""
    with sheet.step(4, "Two answers", FEEDBACK):
        E = sheet.given("embeddings", FEATURES, ("{start}", *WORDS), bound=3, symbol="E")
        words = sheet.word("sampled"), sheet.word("other")
        sheet.given_words("samples", beside(*words).labelled(("next",), ANSWERS))
        X = E.columns(*words).labelled(columns=ANSWERS)
        X = sheet.answer("answers", X, symbol="X")
    with sheet.step(5, "Critic", FEEDBACK):
        c = sheet.given("critic", FEATURES, ("score",), bound=3, symbol="c")
        scores = sheet.answer("critic_scores", X.transposed @ c, symbol="s")
    with sheet.step(6, "Soft label", FEEDBACK):
        label = sheet.answer("labels", scores.softmax(1), symbol="T")
        if level >= 2:
            low = sheet.constant("lowest_label", LOWEST_LABEL)
            high = sheet.constant("highest_label", HIGHEST_LABEL)
            label = sheet.answer("clamped", label.clip(low, high), symbol="C")
    return X, label


def _back(
    sheet: Tracer, X: Matrix, raw: Matrix, weights: tuple[Matrix, Matrix], dr: Matrix
) -> Matrix:
    """Send the gradient back into the first layer, and return its trained weights."""
    W1, W2 = weights
    with sheet.step(13, "Back through W₂", REWARD):
        dR = sheet.answer("active_gradient", W2.without_bias().transposed @ dr, symbol="dR")
    with sheet.step(14, "Back through ReLU", REWARD):
        mask = sheet.answer("relu_mask", raw.open(), symbol="mask")
        dH = sheet.answer("hidden_gradient", dR * mask, symbol="dH")
    with sheet.step(15, "Train W₁", REWARD):
        rate = sheet.constant("learning_rate", RATE)
        dW1 = sheet.answer("hidden_weights_gradient", dH @ X.with_ones().transposed, symbol="dW₁")
        return sheet.answer("trained_hidden_weights", W1 - dW1 * rate, symbol="W₁′")
