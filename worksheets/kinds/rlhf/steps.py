"""Write the sheet down once: pages and keys both read what these steps record."""

from __future__ import annotations

from worksheets.engine.graph import Part, Tracer
from worksheets.engine.matrix import BIAS, beside

FEATURES = ("1", "2", "3")
REWARD_FEATURES = ("1", "2", "3", "4")
TRANSFORMED = ("1", "2")
VOCABULARY = ("{word1}", "{word2}", "{word3}", "{word4}", "{word5}")
PROMPT = ("[S]", "{prompt}", "{link}")

REWARD = Part("Train the reward model", "purple")
LANGUAGE = Part("Align the LLM", "orange")


def steps(sheet: Tracer, level: int) -> None:
    """Write the sheet down, line by line in the order of the key."""
    start, subject, prompt, link, losing, winning = (
        sheet.word(role) for role in ("start", "subject", "prompt", "link", "losing", "winning")
    )
    with sheet.step(1, "Given", REWARD):
        E = sheet.given("embeddings", FEATURES, ("[S]", *VOCABULARY), bound=4)
        W1 = sheet.given("rm_linear", REWARD_FEATURES, (*FEATURES, BIAS), bound=3, symbol="W₁")
        W2 = sheet.given("rm_output", ("reward",), (*REWARD_FEATURES, BIAS), bound=3, symbol="W₂")
        A = sheet.given("attention", PROMPT, PROMPT, bound=1, symbol="A")
        Wf = sheet.given("llm_feed_forward", TRANSFORMED, (*FEATURES, BIAS), bound=3, symbol="Wf")
        Wo = sheet.given("llm_output", VOCABULARY, (*TRANSFORMED, BIAS), bound=3, symbol="Wo")
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
            W2_now = sheet.answer("rm_output_trained", W2.step_down(dW2, rm_rate))
        if level == 3:
            W1_now = sheet.answer("rm_linear_trained", W1.step_down(dW1, rm_rate))
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
            dWf = (dt * feed_forward.column(-1).open()) @ attended.column(-1).with_ones().transposed
            dWf = sheet.answer("llm_feed_forward_gradient", dWf)
        Wo_now = sheet.answer("llm_output_trained", Wo.step_down(dWo, rate))
        if level == 3:
            Wf_now = sheet.answer("llm_feed_forward_trained", Wf.step_down(dWf, rate))

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
