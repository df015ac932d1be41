"""Reinforcement learning from human feedback: a reward model, then a language model aligned by it.

The reward model's loss is -log σ(r_winner - r_loser): Ouyang et al. 2022, equation 1, for one pair.
The language model's is minus the expected reward, whose gradient is the policy gradient of
Williams 1992. Where ours departs: a feature is a row and a position a column, σ and softmax are
rounded to one decimal and every later line uses the written value, attention is given in zeros and
ones, and there is no KL penalty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from worksheets.draw.feedback import draw
from worksheets.engine.graph import Mistake, Part, Tracer
from worksheets.engine.matrix import BIAS, Matrix, beside

if TYPE_CHECKING:
    import sympy

__all__ = ["CODE", "LEVELS", "MISTAKES", "PHRASES", "SUMMARY", "TITLE", "draw", "law", "steps"]

CODE = "RLHF"
TITLE = "RLHF by hand"
SUMMARY = "train a reward model on one human preference, then align a language model with it"
LEVELS = {
    1: "forward passes and both loss gradients",
    2: "and the gradients and updates of both output layers",
    3: "and full backpropagation with ReLU, the aligned model, and a second subject",
}
# Sentences of the theme's words, as the key names them.
PHRASES = {
    "loser": ("{subject}", "{link}", "{losing}"),
    "winner": ("{subject}", "{link}", "{winning}"),
    "prompt": ("{start}", "{prompt}", "{link}"),
}

FEATURES = ("1", "2", "3")
REWARD_FEATURES = ("1", "2", "3", "4")
TRANSFORMED = ("1", "2")
VOCABULARY = ("{word1}", "{word2}", "{word3}", "{word4}", "{word5}")
PROMPT = ("[S]", "{prompt}", "{link}")

REWARD = Part("Train the reward model", "higher rewards for winners", "purple")
LANGUAGE = Part("Align the LLM", "weights that earn more reward", "orange")


def steps(sheet: Tracer, level: int) -> None:
    """The sheet, line by line in the order of the key."""
    start, subject, prompt, link, losing, winning = (
        sheet.word(role) for role in ("start", "subject", "prompt", "link", "losing", "winning")
    )
    with sheet.step(1, "Given", REWARD):
        E = sheet.given("embeddings", FEATURES, ("[S]", *VOCABULARY), bound=4)
        W1 = sheet.given("rm_linear", REWARD_FEATURES, (*FEATURES, BIAS), bound=3)
        W2 = sheet.given("rm_output", ("reward",), (*REWARD_FEATURES, BIAS), bound=3)
        A = sheet.given("attention", PROMPT, PROMPT, bound=1)
        Wf = sheet.given("llm_feed_forward", TRANSFORMED, (*FEATURES, BIAS), bound=3)
        Wo = sheet.given("llm_output", VOCABULARY, (*TRANSFORMED, BIAS), bound=3)
    with sheet.step(2, "Preference", REWARD):
        pair = beside(losing, winning).labelled(("preference",), ("loser", "winner"))
        sheet.given_words("preference", pair)

    with sheet.step(3, "Word embeddings", REWARD):
        loser = sheet.answer("loser_inputs", E.columns(subject, link, losing))
    with sheet.step(4, "Linear layer", REWARD):
        loser_features = sheet.answer("loser_features", W1 @ loser.with_ones())
    with sheet.step(5, "Mean pool", REWARD):
        loser_sentence = sheet.answer("loser_sentence", loser_features.mean(), finest=1)
    with sheet.step(6, "Output layer", REWARD):
        loser_reward = sheet.answer("loser_reward", W2 @ loser_sentence.with_ones())
    with sheet.step(7, "The winner’s reward", REWARD):
        winner = sheet.answer("winner_inputs", E.columns(subject, link, winning))
        winner_features = sheet.answer("winner_features", W1 @ winner.with_ones())
        winner_sentence = sheet.answer("winner_sentence", winner_features.mean(), finest=1)
        winner_reward = sheet.answer("winner_reward", W2 @ winner_sentence.with_ones())
    with sheet.step(8, "Winner against loser", REWARD):
        gap = sheet.answer("gap", winner_reward - loser_reward)

    with sheet.step(9, "Loss gradient", REWARD):
        prediction = sheet.answer("prediction", gap.sigma(1))
        slope = sheet.answer("gap_gradient", prediction - 1)
        W1_now, W2_now = W1, W2
        if level >= 2:
            change = sheet.answer("sentence_difference", winner_sentence - loser_sentence)
            dW2 = (slope @ change.with_zeros().transposed).labelled(rows=("reward",))
            dW2 = sheet.answer("rm_output_gradient", dW2)
            rm_rate = sheet.rate("rm_learning_rate", slope.largest_magnitude())
        if level == 3:
            input_change = sheet.answer("input_difference", winner.mean() - loser.mean())
            flow = W2.without_bias().transposed * slope
            dW1 = sheet.answer("rm_linear_gradient", flow @ input_change.with_zeros().transposed)
        if level >= 2:
            W2_now = sheet.answer("rm_output_trained", W2.descended(dW2, rm_rate))
        if level == 3:
            W1_now = sheet.answer("rm_linear_trained", W1.descended(dW1, rm_rate))
            change = W1_now @ input_change.with_zeros()
            change = sheet.answer("trained_sentence_difference", change)
        if level >= 2:
            trained_gap = sheet.answer("trained_gap", W2_now @ change.with_zeros())

    with sheet.step(10, "Prompt to embeddings", LANGUAGE):
        inputs = sheet.answer("prompt_inputs", E.columns(start, prompt, link))
    with sheet.step(11, "Transformer", LANGUAGE):
        attended = sheet.answer("attended", inputs @ A)
        transformed = Wf @ attended.with_ones()
        if level == 3:
            feed_forward = sheet.answer("feed_forward", transformed)
            transformed = feed_forward.relu()
        transformed = sheet.answer("transformed", transformed)
    with sheet.step(12, "Output probabilities", LANGUAGE):
        scores = sheet.answer("scores", Wo @ transformed.with_ones())
        if level >= 2:
            p = sheet.answer("probabilities", scores.column(-1).softmax(1))
    with sheet.step(13, "Sample", LANGUAGE):
        next_words = sheet.answer("next_words", scores.highest())

    with sheet.step(14, "Reward model", LANGUAGE):
        picked = E.columns(prompt, link, next_words.column(-1))
        sampled = sheet.answer("sampled_inputs", picked)
        sampled_features = sheet.answer("sampled_features", W1_now @ sampled.with_ones())
        sampled_sentence = sheet.answer("sampled_sentence", sampled_features.mean(), finest=1)
        reward = sheet.answer("sampled_reward", W2_now @ sampled_sentence.with_ones())
    with sheet.step(15, "Loss gradient", LANGUAGE):
        sheet.answer("loss", -reward)
        minus_one = sheet.answer("reward_gradient", reward.minus_ones())
        if level == 1:
            return
        R = losing.one_hot(VOCABULARY) * reward + winning.one_hot(VOCABULARY) * (
            reward + trained_gap
        )
        R = sheet.answer("rewards", R.labelled(columns=("reward",)))
        expected = sheet.answer("expected_reward", p.transposed @ R)
        policy_gradient = minus_one * (p * (R - expected))
        dz = sheet.answer("score_gradient", policy_gradient.rounded(0))
        dWo = dz @ transformed.column(-1).with_ones().transposed
        dWo = sheet.answer("llm_output_gradient", dWo)
        rate = sheet.rate("llm_learning_rate", dz.largest_magnitude())
        if level == 3:
            dt = sheet.answer("transformed_gradient", Wo.without_bias().transposed @ dz)
            dWf = (dt * feed_forward.column(-1).open()) @ attended.column(
                -1
            ).with_ones().transposed
            dWf = sheet.answer("llm_feed_forward_gradient", dWf)
        Wo_now = sheet.answer("llm_output_trained", Wo.descended(dWo, rate))
        if level == 3:
            Wf_now = sheet.answer("llm_feed_forward_trained", Wf.descended(dWf, rate))

    with sheet.step(16, "Celebrate", LANGUAGE):
        if level == 3:
            aligned = sheet.answer("aligned_feed_forward", Wf_now @ attended.with_ones())
            transformed = sheet.answer("aligned_transformed", aligned.relu())
        aligned_scores = Wo_now @ transformed.with_ones()
        aligned_scores = sheet.answer("aligned_scores", aligned_scores, limit=50)
        sheet.answer("aligned_words", aligned_scores.highest())
    if level == 3:
        with sheet.step(17, "Did the value generalise?", LANGUAGE):
            unrated = sheet.given("second_subject", FEATURES, ("{second}",), bound=3)
            second = beside(E.columns(start), unrated, E.columns(link))
            second = sheet.answer("second_inputs", second)
            second_attended = sheet.answer("second_attended", second @ A.column(-1))
            raw = sheet.answer("second_feed_forward", Wf_now @ second_attended.with_ones())
            second_transformed = sheet.answer("second_transformed", raw.relu())
            second_scores = Wo_now @ second_transformed.with_ones()
            second_scores = sheet.answer("second_scores", second_scores, limit=50)
            word = sheet.answer("second_word", second_scores.highest())
            sheet.answer("generalised", word.same_word(winning), entries="verdict")


Lines = Mapping[str, Matrix]


def _now(line: Lines, weights: str) -> Matrix:
    """The reward model's weights as step 14 uses them."""
    return line.get(f"{weights}_trained", line[weights])


MISTAKES = (
    Mistake(
        "bias forgotten in the linear layer",
        "The row of ones meets the grey bias column: add the bias to every column.",
        {
            "loser_features": lambda m: m["rm_linear"].without_bias() @ m["loser_inputs"],
            "winner_features": lambda m: m["rm_linear"].without_bias() @ m["winner_inputs"],
            "sampled_features": lambda m: (
                _now(m, "rm_linear").without_bias() @ m["sampled_inputs"]
            ),
        },
    ),
    Mistake(
        "bias forgotten in the output layer",
        "The last weight stands over the 1 under the sentence: add it.",
        {
            "loser_reward": lambda m: m["rm_output"].without_bias() @ m["loser_sentence"],
            "winner_reward": lambda m: m["rm_output"].without_bias() @ m["winner_sentence"],
            "sampled_reward": lambda m: (
                _now(m, "rm_output").without_bias() @ m["sampled_sentence"]
            ),
        },
    ),
    Mistake(
        "bias forgotten in the language model",
        "Each layer adds its grey column once: the row of ones stands under its inputs.",
        {
            "feed_forward": lambda m: m["llm_feed_forward"].without_bias() @ m["attended"],
            "scores": lambda m: m["llm_output"].without_bias() @ m["transformed"],
        },
    ),
    Mistake(
        "sum taken for the mean",
        "Mean pool weighs each of the three columns by 1/3.",
        {
            "loser_sentence": lambda m: m["loser_features"].total(),
            "winner_sentence": lambda m: m["winner_features"].total(),
            "sampled_sentence": lambda m: m["sampled_features"].total(),
        },
    ),
    Mistake(
        "loser and winner swapped",
        "The gap is the winner’s reward minus the loser’s.",
        {
            "gap": lambda m: m["loser_reward"] - m["winner_reward"],
            "sentence_difference": lambda m: m["loser_sentence"] - m["winner_sentence"],
            "input_difference": lambda m: m["loser_inputs"].mean() - m["winner_inputs"].mean(),
        },
    ),
    Mistake(
        "prediction rounded too early",
        "Write one decimal: a whole number loses what there was to learn.",
        {"prediction": lambda m: m["gap"].sigma(0)},
    ),
    Mistake(
        "sign of the loss gradient",
        "The gradient is prediction minus target, and the target is 1.",
        {"gap_gradient": lambda m: 1 - m["prediction"]},
    ),
    Mistake(
        "attention multiplied the wrong way round",
        "Inputs stand at the left and the attention matrix above: inputs times attention.",
        {"attended": lambda m: m["attention"] @ m["prompt_inputs"]},
    ),
    Mistake(
        "attention read by rows",
        "Column i of the attention matrix says what position i looks at.",
        {"attended": lambda m: m["prompt_inputs"] @ m["attention"].transposed},
    ),
    Mistake(
        "attention skipped",
        "Add up the columns that the attention matrix marks with 1.",
        {"attended": lambda m: m["prompt_inputs"]},
    ),
    Mistake(
        "sign of the loss",
        "The loss is minus the reward: a high reward is a low loss.",
        {"loss": lambda m: m["sampled_reward"]},
    ),
    Mistake(
        "sign of the reward’s gradient",
        "The loss falls by 1 when the reward grows by 1.",
        {"reward_gradient": lambda m: -m["sampled_reward"].minus_ones()},
    ),
    Mistake(
        "update in the wrong direction",
        "Descend: subtract the learning rate times the gradient.",
        {
            "rm_output_trained": lambda m: m["rm_output"].ascended(
                m["rm_output_gradient"], m["gap_gradient"].largest_magnitude()
            ),
            "rm_linear_trained": lambda m: m["rm_linear"].ascended(
                m["rm_linear_gradient"], m["gap_gradient"].largest_magnitude()
            ),
            "llm_output_trained": lambda m: m["llm_output"].ascended(
                m["llm_output_gradient"], m["score_gradient"].largest_magnitude()
            ),
            "llm_feed_forward_trained": lambda m: m["llm_feed_forward"].ascended(
                m["llm_feed_forward_gradient"], m["score_gradient"].largest_magnitude()
            ),
        },
    ),
    Mistake(
        "learning rate forgotten",
        "Multiply the gradient by the learning rate η before you subtract it.",
        {
            "rm_output_trained": lambda m: m["rm_output"] - m["rm_output_gradient"],
            "llm_output_trained": lambda m: m["llm_output"] - m["llm_output_gradient"],
        },
    ),
    Mistake(
        "untrained reward model used",
        "From step 9 on, the reward model has its trained weights.",
        {
            "sampled_features": lambda m: m["rm_linear"] @ m["sampled_inputs"].with_ones(),
            "sampled_reward": lambda m: m["rm_output"] @ m["sampled_sentence"].with_ones(),
        },
        needs="rm_output_trained",
    ),
    Mistake(
        "expected reward forgotten",
        "Compare each reward with the expected one: only the difference teaches.",
        {
            "score_gradient": lambda m: (
                m["reward_gradient"] * (m["probabilities"] * m["rewards"])
            ).rounded(0),
        },
    ),
    Mistake(
        "bias entry of the gradient forgotten",
        "The layer’s inputs end with a 1: the bias’s gradient is the score’s.",
        {
            "llm_output_gradient": lambda m: (
                m["score_gradient"] @ m["transformed"].column(-1).with_zeros().transposed
            ),
        },
    ),
    Mistake(
        "ReLU forgotten",
        "ReLU turns every negative number into 0.",
        {
            "transformed": lambda m: m["feed_forward"],
            "aligned_transformed": lambda m: m["aligned_feed_forward"],
            "second_transformed": lambda m: m["second_feed_forward"],
        },
        needs="feed_forward",
    ),
)
