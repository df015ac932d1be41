"""The kind `rlhf` a second time, in plain Python: the tests' independent witness.

Nothing here comes from the package: it is written from the method and its table of lines alone.
A key goes in as a dict; only its level, words, constants and *given* lines are read.

- `expected_lines(level)`  the table: which lines a sheet has, in order
- `recompute(key)`         every answer, from the givens alone
- `constants(key)`         the learning rates, from the givens alone
- `violations(key)`        every guarantee that the sheet breaks, as sentences
- `effort(key)`            how much work the sheet asks for
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from plain import (
    Key,
    Matrix,
    column,
    flat,
    layer,
    layer_effort,
    mean,
    mean_effort,
    near_border,
    number,
    plus,
    product,
    product_effort,
    relu,
    rounded,
    scale,
    scale_effort,
    sigma,
    softmax,
    softmax_by_hand,
    subtract,
    subtract_effort,
    times,
    trained,
    transpose,
    update_effort,
    with_row,
    without_bias,
    written,
)

Line = tuple[str, int, str, tuple[int, int], int | None]

START = "[S]"


# --- The table of lines ---

# (first level with the line, name, step, role, shape, decimals)
TABLE: list[tuple[int, str, int, str, tuple[int, int], int | None]] = [
    (1, "embeddings", 1, "given", (3, 6), None),
    (1, "rm_linear", 1, "given", (4, 4), None),
    (1, "rm_output", 1, "given", (1, 5), None),
    (1, "attention", 1, "given", (3, 3), None),
    (1, "llm_feed_forward", 1, "given", (2, 4), None),
    (1, "llm_output", 1, "given", (5, 3), None),
    (1, "preference", 2, "given", (1, 2), None),
    (1, "loser_inputs", 3, "answer", (3, 3), None),
    (1, "loser_features", 4, "answer", (4, 3), None),
    (1, "loser_sentence", 5, "answer", (4, 1), None),
    (1, "loser_reward", 6, "answer", (1, 1), None),
    (1, "winner_inputs", 7, "answer", (3, 3), None),
    (1, "winner_features", 7, "answer", (4, 3), None),
    (1, "winner_sentence", 7, "answer", (4, 1), None),
    (1, "winner_reward", 7, "answer", (1, 1), None),
    (1, "gap", 8, "answer", (1, 1), None),
    (1, "prediction", 9, "answer", (1, 1), 1),
    (1, "gap_gradient", 9, "answer", (1, 1), None),
    (2, "sentence_difference", 9, "answer", (4, 1), None),
    (2, "rm_output_gradient", 9, "answer", (1, 5), None),
    (3, "input_difference", 9, "answer", (3, 1), None),
    (3, "rm_linear_gradient", 9, "answer", (4, 4), None),
    (2, "rm_output_trained", 9, "answer", (1, 5), None),
    (3, "rm_linear_trained", 9, "answer", (4, 4), None),
    (3, "trained_sentence_difference", 9, "answer", (4, 1), None),
    (2, "trained_gap", 9, "answer", (1, 1), None),
    (1, "prompt_inputs", 10, "answer", (3, 3), None),
    (1, "attended", 11, "answer", (3, 3), None),
    (3, "feed_forward", 11, "answer", (2, 3), None),
    (1, "transformed", 11, "answer", (2, 3), None),
    (1, "scores", 12, "answer", (5, 3), None),
    (1, "probabilities", 12, "answer", (5, 1), 1),
    (1, "next_words", 13, "answer", (1, 3), None),
    (1, "sampled_inputs", 14, "answer", (3, 3), None),
    (1, "sampled_features", 14, "answer", (4, 3), None),
    (1, "sampled_sentence", 14, "answer", (4, 1), None),
    (1, "sampled_reward", 14, "answer", (1, 1), None),
    (1, "loss", 15, "answer", (1, 1), None),
    (1, "reward_gradient", 15, "answer", (1, 1), None),
    (2, "rewards", 15, "answer", (5, 1), None),
    (2, "expected_reward", 15, "answer", (1, 1), None),
    (2, "score_gradient", 15, "answer", (5, 1), 0),
    (2, "llm_output_gradient", 15, "answer", (5, 3), None),
    (3, "transformed_gradient", 15, "answer", (2, 1), None),
    (3, "llm_feed_forward_gradient", 15, "answer", (2, 4), None),
    (2, "llm_output_trained", 15, "answer", (5, 3), None),
    (3, "llm_feed_forward_trained", 15, "answer", (2, 4), None),
    (3, "aligned_feed_forward", 16, "answer", (2, 3), None),
    (3, "aligned_transformed", 16, "answer", (2, 3), None),
    (2, "aligned_scores", 16, "answer", (5, 3), None),
    (2, "aligned_words", 16, "answer", (1, 3), None),
    (3, "second_subject", 17, "given", (3, 1), None),
    (3, "second_inputs", 17, "answer", (3, 3), None),
    (3, "second_attended", 17, "answer", (3, 1), None),
    (3, "second_feed_forward", 17, "answer", (2, 1), None),
    (3, "second_transformed", 17, "answer", (2, 1), None),
    (3, "second_scores", 17, "answer", (5, 1), None),
    (3, "second_word", 17, "answer", (1, 1), None),
    (3, "generalised", 17, "answer", (1, 1), None),
]


def expected_lines(level: int) -> list[Line]:
    """Name, step, role, shape and decimals of every line at this level, in order."""
    return [
        (name, step, role, shape, decimals)
        for first_level, name, step, role, shape, decimals in TABLE
        if first_level <= level
    ]


def answer_names(level: int) -> list[str]:
    """The names of the lines that the student fills in, in order."""
    return [name for name, _, role, _, _ in expected_lines(level) if role == "answer"]


# --- A sheet ---


@dataclass(frozen=True)
class Sheet:
    """A key's words and givens; solving it adds the answers and the learning rates."""

    level: int
    vocabulary: list[str]
    loser: list[str]
    winner: list[str]
    prompt: list[str]
    rates: dict[str, Fraction]
    numbers: dict[str, Matrix]
    picks: dict[str, list[str]]

    @property
    def biased(self) -> str:
        """The last word that the LLM says before training (him)."""
        return self.loser[2]

    @property
    def preferred(self) -> str:
        """The last word that humans preferred (them)."""
        return self.winner[2]

    @property
    def reward_model(self) -> tuple[Matrix, Matrix]:
        """W₁ and W₂, trained if they are trained by now."""
        lines = self.numbers
        return (
            lines.get("rm_linear_trained", lines["rm_linear"]),
            lines.get("rm_output_trained", lines["rm_output"]),
        )

    def row(self, word: str) -> int:
        """The word's row in the scores."""
        return self.vocabulary.index(word)

    def look_up(self, words: list[str]) -> Matrix:
        """The words' columns of `embeddings`."""
        places = [0 if word == START else 1 + self.row(word) for word in words]
        return [[row[place] for place in places] for row in self.numbers["embeddings"]]

    def greedy(self, scores: Matrix) -> list[str]:
        """The word with the highest score of each column."""
        return [self.vocabulary[cells.index(max(cells))] for cells in transpose(scores)]

    def number(self, name: str) -> Fraction:
        """The value of a 1×1 line."""
        return self.numbers[name][0][0]


def read(key: Key) -> Sheet:
    """The sheet as a student gets it: no answer of the key is looked at."""
    given = {line["name"]: line["values"] for line in key["lines"] if line["role"] == "given"}
    picks = {"preference": given.pop("preference")[0]}
    words = key["words"]
    return Sheet(
        key["level"],
        words["vocabulary"],
        words["loser"],
        words["winner"],
        words["prompt"],
        {name: Fraction(rate) for name, rate in key.get("constants", {}).items()},
        {name: [[number(cell) for cell in row] for row in rows] for name, rows in given.items()},
        picks,
    )


def solve(key: Key) -> Sheet:
    """The sheet with every answer of its level."""
    sheet = read(key)
    compare_pairs(sheet)
    if sheet.level >= 2:
        train_reward_model(sheet)
    run_language_model(sheet)
    sample(sheet)
    if sheet.level >= 2:
        train_language_model(sheet)
        run_aligned_model(sheet)
    if sheet.level >= 3:
        try_second_subject(sheet)
    return sheet


def learning_rate(sheet: Sheet, name: str, gradient: Matrix) -> Fraction:
    """The key's own rate, else 1 / the largest of the gradient; the sheet keeps it."""
    if name not in sheet.rates:
        largest = max(abs(cell) for cell in flat(gradient))
        if largest == 0:
            raise ValueError(f"{name}: the gradient is 0")
        sheet.rates[name] = 1 / largest
    return sheet.rates[name]


# --- Steps 3 to 9: train the reward model ---


def read_sentence(sheet: Sheet, name: str, words: list[str]) -> None:
    """Steps 3 to 6 on three words: inputs, features, sentence, reward."""
    linear, output = sheet.reward_model
    inputs = sheet.look_up(words)
    features = layer(linear, inputs)
    sentence = mean(features)
    sheet.numbers[f"{name}_inputs"] = inputs
    sheet.numbers[f"{name}_features"] = features
    sheet.numbers[f"{name}_sentence"] = sentence
    sheet.numbers[f"{name}_reward"] = layer(output, sentence)


def compare_pairs(sheet: Sheet) -> None:
    """Steps 3 to 9 of level 1: two rewards, their gap, the gradient of the gap."""
    lines = sheet.numbers
    read_sentence(sheet, "loser", sheet.loser)
    read_sentence(sheet, "winner", sheet.winner)
    lines["gap"] = subtract(lines["winner_reward"], lines["loser_reward"])
    lines["prediction"] = [[rounded(sigma(sheet.number("gap")), 1)]]
    lines["gap_gradient"] = [[sheet.number("prediction") - 1]]


def train_reward_model(sheet: Sheet) -> None:
    """Step 9 of levels 2 and 3: gradients, trained weights, the gap they make."""
    lines = sheet.numbers
    slope = sheet.number("gap_gradient")
    rate = learning_rate(sheet, "rm_learning_rate", lines["gap_gradient"])

    difference = subtract(lines["winner_sentence"], lines["loser_sentence"])
    output_gradient = scale(slope, transpose(with_row(difference, 0)))
    output = trained(lines["rm_output"], rate, output_gradient)
    lines["sentence_difference"] = difference
    lines["rm_output_gradient"] = output_gradient

    if sheet.level >= 3:
        input_difference = subtract(mean(lines["winner_inputs"]), mean(lines["loser_inputs"]))
        back = scale(slope, transpose(without_bias(lines["rm_output"])))
        linear_gradient = product(back, transpose(with_row(input_difference, 0)))
        linear = trained(lines["rm_linear"], rate, linear_gradient)
        difference = product(linear, with_row(input_difference, 0))
        lines["input_difference"] = input_difference
        lines["rm_linear_gradient"] = linear_gradient
        lines["rm_linear_trained"] = linear
        lines["trained_sentence_difference"] = difference

    lines["rm_output_trained"] = output
    lines["trained_gap"] = product(output, with_row(difference, 0))


# --- Steps 10 to 15: align the LLM ---


def run_language_model(sheet: Sheet) -> None:
    """Steps 10 to 13: prompt, attention, feed forward, scores, next words."""
    lines = sheet.numbers
    lines["prompt_inputs"] = sheet.look_up(sheet.prompt)
    lines["attended"] = product(lines["prompt_inputs"], lines["attention"])
    transformed = layer(lines["llm_feed_forward"], lines["attended"])
    if sheet.level >= 3:
        lines["feed_forward"] = transformed
        transformed = relu(transformed)
    lines["transformed"] = transformed
    lines["scores"] = layer(lines["llm_output"], transformed)
    exact = softmax(flat(column(lines["scores"], -1)))
    lines["probabilities"] = [[rounded(share, 1)] for share in exact]
    sheet.picks["next_words"] = sheet.greedy(lines["scores"])


def sample(sheet: Sheet) -> None:
    """Steps 14 and 15 of level 1: the RM on the new sentence; the loss."""
    sentence = [*sheet.prompt[1:], sheet.picks["next_words"][2]]
    read_sentence(sheet, "sampled", sentence)
    sheet.numbers["loss"] = scale(Fraction(-1), sheet.numbers["sampled_reward"])
    sheet.numbers["reward_gradient"] = [[Fraction(-1)]]


def reward_of(sheet: Sheet, last_word: str) -> Fraction:
    """The reward of the new prompt with this last word, by a full pass of the RM."""
    linear, output = sheet.reward_model
    features = layer(linear, sheet.look_up([*sheet.prompt[1:], last_word]))
    return layer(output, mean(features))[0][0]


def exact_score_gradient(sheet: Sheet) -> list[Fraction]:
    """reward_gradient · p · (R - expected reward) of each word, before rounding."""
    lines, expected = sheet.numbers, sheet.number("expected_reward")
    return [
        sheet.number("reward_gradient") * share * (reward - expected)
        for share, reward in zip(flat(lines["probabilities"]), flat(lines["rewards"]), strict=True)
    ]


def train_language_model(sheet: Sheet) -> None:
    """Step 15 of levels 2 and 3: rewards, gradients, trained weights."""
    lines = sheet.numbers
    shares = lines["probabilities"]
    lines["rewards"] = [
        [reward_of(sheet, word) if share else Fraction(0)]
        for word, share in zip(sheet.vocabulary, flat(shares), strict=True)
    ]
    lines["expected_reward"] = product(transpose(shares), lines["rewards"])
    score_gradient = [[rounded(cell, 0)] for cell in exact_score_gradient(sheet)]
    rate = learning_rate(sheet, "llm_learning_rate", score_gradient)

    last = column(lines["transformed"], -1)
    output_gradient = product(score_gradient, transpose(with_row(last, 1)))
    lines["score_gradient"] = score_gradient
    lines["llm_output_gradient"] = output_gradient
    lines["llm_output_trained"] = trained(lines["llm_output"], rate, output_gradient)

    if sheet.level >= 3:
        back = product(transpose(without_bias(lines["llm_output"])), score_gradient)
        lines["transformed_gradient"] = back
        gradient = product(where_open(sheet), last_attended(sheet))
        lines["llm_feed_forward_gradient"] = gradient
        lines["llm_feed_forward_trained"] = trained(lines["llm_feed_forward"], rate, gradient)


def where_open(sheet: Sheet) -> Matrix:
    """`transformed_gradient` where ReLU was open at the last position, else 0."""
    before = column(sheet.numbers["feed_forward"], -1)
    return [
        [slope if value > 0 else Fraction(0)]
        for slope, value in zip(
            flat(sheet.numbers["transformed_gradient"]), flat(before), strict=True
        )
    ]


def last_attended(sheet: Sheet) -> Matrix:
    """[attended₃; 1]ᵀ."""
    return transpose(with_row(column(sheet.numbers["attended"], -1), 1))


# --- Steps 16 and 17: celebrate ---


def run_aligned_model(sheet: Sheet) -> None:
    """Step 16: the prompt again, through the trained LLM."""
    lines = sheet.numbers
    transformed = lines["transformed"]
    if sheet.level >= 3:
        lines["aligned_feed_forward"] = layer(lines["llm_feed_forward_trained"], lines["attended"])
        transformed = relu(lines["aligned_feed_forward"])
        lines["aligned_transformed"] = transformed
    lines["aligned_scores"] = layer(lines["llm_output_trained"], transformed)
    sheet.picks["aligned_words"] = sheet.greedy(lines["aligned_scores"])


def try_second_subject(sheet: Sheet) -> None:
    """Step 17: the trained LLM on a subject that nobody rated."""
    lines = sheet.numbers
    start, verb = sheet.look_up([START]), sheet.look_up([sheet.loser[1]])
    lines["second_inputs"] = [
        [*cells[0], *cells[1], *cells[2]]
        for cells in zip(start, lines["second_subject"], verb, strict=True)
    ]
    lines["second_attended"] = product(lines["second_inputs"], column(lines["attention"], 2))
    lines["second_feed_forward"] = layer(
        lines["llm_feed_forward_trained"], lines["second_attended"]
    )
    lines["second_transformed"] = relu(lines["second_feed_forward"])
    lines["second_scores"] = layer(lines["llm_output_trained"], lines["second_transformed"])
    word = sheet.greedy(lines["second_scores"])
    sheet.picks["second_word"] = word
    sheet.picks["generalised"] = ["yes" if word == [sheet.preferred] else "no"]


# --- What the tests compare with ---


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer line of the key's level, in the table's order, as a key writes it.

    The learning rates are the key's own; `violations` says if they are not right.
    """
    sheet = solve(key)
    return {
        name: [sheet.picks[name]]
        if name in sheet.picks
        else [[written(cell) for cell in row] for row in sheet.numbers[name]]
        for name in answer_names(sheet.level)
    }


def constants(key: Key) -> dict[str, str]:
    """1/|gap_gradient| and 1/|largest score gradient|, whatever the key says."""
    if key["level"] == 1:
        return {}
    rates = solve({**key, "constants": {}}).rates
    return {name: written(rates[name]) for name in ("rm_learning_rate", "llm_learning_rate")}


# --- What every sheet guarantees ---

WEIGHTS = ("rm_linear", "rm_output", "llm_feed_forward", "llm_output")


def violations(key: Key) -> list[str]:
    """Every guarantee and every bound of hand-friendly numbers that the sheet breaks."""
    try:
        sheet, rates = solve(key), constants(key)
    except (KeyError, IndexError, ValueError) as error:
        return [f"the sheet cannot be solved: {error!r}"]
    found = [
        *wrong_words(sheet),
        *wrong_rewards(sheet),
        *wrong_predictions(sheet),
        *idle_parts(sheet),
        *wrong_givens(sheet),
        *unfriendly_answers(sheet),
        *values_at_a_border(sheet),
        *wrong_probabilities(sheet),
    ]
    if set(key.get("constants", {})) != set(rates):
        found.append(f"constants: not {list(rates)} at level {sheet.level}")
    if sheet.level >= 2:
        found += [*wrong_rates(sheet, rates), *wrong_training(sheet)]
    if key["edition"] == "published":
        found += wrong_publication(sheet)
    return found


def wrong_words(sheet: Sheet) -> Iterator[str]:
    """The two pairs differ in the last word only; the prompt has a new subject."""
    subject, verb, biased = sheet.loser
    if sheet.winner[:2] != [subject, verb] or sheet.preferred == biased:
        yield f"words: {sheet.loser} and {sheet.winner} do not differ in the last only"
    if sheet.picks["preference"] != [biased, sheet.preferred]:
        yield f"preference: {sheet.picks['preference']} is not loser's, winner's word"
    if sheet.prompt[0] != START or sheet.prompt[2] != verb:
        yield f"words: the prompt {sheet.prompt} is not [S], a subject, {verb}"
    if sheet.prompt[1] in sheet.loser:
        yield f"words: the prompt's {sheet.prompt[1]} received feedback"
    if len(set(sheet.vocabulary)) < len(sheet.vocabulary):
        yield f"words: {sheet.vocabulary} has a word twice"


def wrong_rewards(sheet: Sheet) -> Iterator[str]:
    """The gap is small, it grows, and it carries over to the new subject."""
    gap = sheet.number("gap")
    if gap not in ((-2, -1, 0, 1, 2) if sheet.level == 1 else (0, 2)):
        yield f"gap: {written(gap)} at level {sheet.level}"
    if sheet.level == 1:
        return
    after = sheet.number("trained_gap")
    if after <= gap:
        yield f"trained_gap: {written(after)} is no larger than {written(gap)}"
    carried = reward_of(sheet, sheet.preferred) - reward_of(sheet, sheet.biased)
    if carried != after:
        yield f"trained_gap: {written(after)}, but {written(carried)} on the prompt"


def wrong_predictions(sheet: Sheet) -> Iterator[str]:
    """The prompt's own words, then the biased or the preferred one; no ties."""
    own = sheet.prompt[1:]
    said = {"next_words": [*own, sheet.biased]}
    columns = {"scores": sheet.numbers["scores"]}
    if sheet.level >= 2:
        said["aligned_words"] = [*own, sheet.preferred]
        columns["aligned_scores"] = sheet.numbers["aligned_scores"]
    if sheet.level >= 3:
        columns["second_scores"] = sheet.numbers["second_scores"]
    for name, words in said.items():
        if sheet.picks[name] != words:
            yield f"{name}: {sheet.picks[name]} instead of {words}"
    for name, scores in columns.items():
        for position, cells in enumerate(transpose(scores), 1):
            if cells.count(max(cells)) > 1:
                yield f"{name}: the highest of column {position} is not unique"


def idle_parts(sheet: Sheet) -> Iterator[str]:
    """Attention, gradients and ReLU all have something to do."""
    lines = sheet.numbers
    if not any(flat(column(lines["attention"], 2))[:2]):
        yield "attention: position 3 looks at no earlier word"
    if not any(flat(column(lines["transformed"], 2))):
        yield "transformed: the last column is all 0"
    gradients = {2: ["rm_output_gradient"], 3: ["rm_output_gradient", "llm_feed_forward_gradient"]}
    for name in gradients.get(sheet.level, []):
        if sum(cell != 0 for cell in flat(lines[name])) < 2:
            yield f"{name}: fewer than two entries that are not 0"
    if sheet.level < 3:
        return
    if min(flat(lines["feed_forward"])) >= 0:
        yield "feed_forward: no entry is negative"
    if 0 in flat(column(lines["feed_forward"], 2)):
        yield "feed_forward: a 0 in the last column"
    for name in ("feed_forward", "aligned_feed_forward"):
        if max(flat(column(lines[name], 2))) <= 0:
            yield f"{name}: no unit is open at position 3"


def wrong_givens(sheet: Sheet) -> Iterator[str]:
    """Small given numbers, different embeddings, weights and attention in shape."""
    lines = sheet.numbers
    names = [
        name
        for name, _, role, _, _ in expected_lines(sheet.level)
        if role == "given" and name not in ("embeddings", "preference")
    ]
    for name in names:
        if max(abs(cell) for cell in flat(lines[name])) > 3:
            yield f"{name}: a given number beyond ±3"

    embedded = dict(zip([START, *sheet.vocabulary], transpose(lines["embeddings"]), strict=True))
    if sheet.level >= 3:
        embedded["second_subject"] = flat(lines["second_subject"])
    for word, cells in embedded.items():
        bound = 4 if word in (sheet.biased, sheet.preferred) else 3
        if max(abs(cell) for cell in cells) > bound:
            yield f"embeddings: {word} is beyond ±{bound}"
        twins = [other for other in embedded if embedded[other] == cells]
        if twins[0] != word:
            yield f"embeddings: {word} equals {twins[0]}"

    for name in WEIGHTS:
        weights = without_bias(lines[name])
        if not all(any(cells) for cells in [*weights, *transpose(weights)]):
            yield f"{name}: a row or a column is all 0"
    if 0 in without_bias(lines["rm_output"])[0]:
        yield "rm_output: a weight is 0"
    for i, row in enumerate(lines["attention"]):
        for j, cell in enumerate(row):
            if cell not in ({1} if i == j else {0, 1} if i < j else {0}):
                yield f"attention: {written(cell)} at row {i + 1}, column {j + 1}"


def unfriendly_answers(sheet: Sheet) -> Iterator[str]:
    """Two digits before the point, two after; whole means; small aligned scores."""
    for name in answer_names(sheet.level):
        for cell in flat(sheet.numbers.get(name, [])):
            if abs(cell) >= 100 or (cell * 100).denominator > 1:
                yield f"{name}: {written(cell)} has too many digits"
    for name in ("loser_sentence", "winner_sentence", "sampled_sentence"):
        if any(cell.denominator > 1 for cell in flat(sheet.numbers[name])):
            yield f"{name}: the mean is not whole"
    for cell in flat(sheet.numbers.get("aligned_scores", [])):
        if abs(cell) > 50:
            yield f"aligned_scores: {written(cell)} is beyond ±50"
    for name in WEIGHTS:
        for cell in flat(sheet.numbers.get(f"{name}_trained", [])):
            if (cell * 10).denominator > 1:
                yield f"{name}_trained: {written(cell)} is not whole or in tenths"


def values_at_a_border(sheet: Sheet) -> Iterator[str]:
    """No value is within 0.005 of the border of its rounding."""
    exact = {"prediction": ([sigma(sheet.number("gap"))], 1)}
    exact["probabilities"] = (softmax(flat(column(sheet.numbers["scores"], -1))), 1)
    if sheet.level >= 2:
        exact["score_gradient"] = (exact_score_gradient(sheet), 0)
    for name, (values, decimals) in exact.items():
        for value in values:
            if near_border(value, decimals):
                yield f"{name}: {float(value):.4f} is at a border of its rounding"


def wrong_rates(sheet: Sheet, rates: dict[str, str]) -> Iterator[str]:
    """The learning rates are those of steps 9 and 15; a tenth is allowed in 15."""
    first = Fraction(rates["rm_learning_rate"])
    second = Fraction(rates["llm_learning_rate"])
    allowed = {"rm_learning_rate": [first], "llm_learning_rate": [second, second / 10]}
    for name, values in allowed.items():
        if sheet.rates[name] not in values:
            yield f"{name}: {written(sheet.rates[name])}, not {written(values[0])}"
    if first.denominator > 1:
        yield f"rm_learning_rate: {written(first)} is not whole"


def wrong_training(sheet: Sheet) -> Iterator[str]:
    """The score gradient sums to 0 and moves both words; R(them) = R(him) + gap."""
    gradient = flat(sheet.numbers["score_gradient"])
    if sum(gradient) != 0:
        yield f"score_gradient: sums to {written(sum(gradient, Fraction(0)))}"
    for word in (sheet.biased, sheet.preferred):
        if abs(gradient[sheet.row(word)]) < 2:
            yield f"score_gradient: less than 2 for {word}"
    rewards = flat(sheet.numbers["rewards"])
    sampled, gap = sheet.number("sampled_reward"), sheet.number("trained_gap")
    for word, reward in ((sheet.biased, sampled), (sheet.preferred, sampled + gap)):
        if rewards[sheet.row(word)] != reward:
            yield f"rewards: {word}'s is not {written(reward)}"


def wrong_probabilities(sheet: Sheet) -> Iterator[str]:
    """.7 and .3 or .9 and .1, for two words only, and the same by hand."""
    shares = flat(sheet.numbers["probabilities"])
    two = {sheet.biased, sheet.preferred}
    for word, share in zip(sheet.vocabulary, shares, strict=True):
        if (share != 0) != (word in two):
            yield f"probabilities: {written(share)} for {word}"
    pair = sorted(share for share in shares if share)
    if pair not in ([Fraction(3, 10), Fraction(7, 10)], [Fraction(1, 10), Fraction(9, 10)]):
        yield f"probabilities: {[written(share) for share in pair]}"
    by_hand = softmax_by_hand(flat(column(sheet.numbers["scores"], -1)))
    if by_hand is None:
        yield "probabilities: a difference of scores is not in the table of e^k"
    elif [rounded(share, 1) for share in by_hand] != shares:
        yield "probabilities: the table of e^k gives others"


def wrong_publication(sheet: Sheet) -> Iterator[str]:
    """The words and rewards of the original walkthrough."""
    words = {
        "vocabulary": (sheet.vocabulary, ["doc", "CEO", "is", "him", "them"]),
        "loser": (sheet.loser, ["doc", "is", "him"]),
        "winner": (sheet.winner, ["doc", "is", "them"]),
        "prompt": (sheet.prompt, [START, "CEO", "is"]),
    }
    for name, (found, right) in words.items():
        if found != right:
            yield f"published: {name} is {found} instead of {right}"
    fixed = {
        "loser_reward": "3",
        "winner_reward": "5",
        "gap": "2",
        "prediction": "0.9",
        "gap_gradient": "-0.1",
        "sampled_reward": "3",
        "reward_gradient": "-1",
    }
    for name, value in fixed.items():
        if sheet.number(name) != Fraction(value):
            yield (f"published: {name} is {written(sheet.number(name))} instead of {value}")


# --- Effort ---


def effort(key: Key) -> int:
    """Multiplications (no factor 0 or ±1) and additions, over all answer lines."""
    sheet = solve(key)
    total = walkthrough_effort(sheet)
    if sheet.level >= 2:
        total += output_layers_effort(sheet)
    if sheet.level >= 3:
        total += backpropagation_effort(sheet) + second_subject_effort(sheet)
    return total


def sentence_effort(sheet: Sheet, name: str, linear: Matrix, output: Matrix) -> int:
    """Steps 4 to 6."""
    lines = sheet.numbers
    return (
        layer_effort(linear, lines[f"{name}_inputs"])
        + mean_effort(lines[f"{name}_features"])
        + layer_effort(output, lines[f"{name}_sentence"])
    )


def walkthrough_effort(sheet: Sheet) -> int:
    """The lines of level 1, at any level; ReLU costs nothing."""
    lines = sheet.numbers
    untrained = lines["rm_linear"], lines["rm_output"]
    return (
        sentence_effort(sheet, "loser", *untrained)
        + sentence_effort(sheet, "winner", *untrained)
        + subtract_effort(lines["winner_reward"], lines["loser_reward"])  # gap
        + plus(sheet.number("prediction"), Fraction(-1))  # gap_gradient
        + product_effort(lines["prompt_inputs"], lines["attention"])
        + layer_effort(lines["llm_feed_forward"], lines["attended"])
        + layer_effort(lines["llm_output"], lines["transformed"])
        + sentence_effort(sheet, "sampled", *sheet.reward_model)
    )


def output_layers_effort(sheet: Sheet) -> int:
    """The lines that level 2 adds, at level 2 or 3."""
    lines, rates = sheet.numbers, sheet.rates
    difference = lines["sentence_difference"]
    last = column(lines["transformed"], -1)
    aligned = lines.get("aligned_transformed", lines["transformed"])
    return (
        subtract_effort(lines["winner_sentence"], lines["loser_sentence"])
        + scale_effort(sheet.number("gap_gradient"), difference)
        + update_effort(lines["rm_output"], rates["rm_learning_rate"], lines["rm_output_gradient"])
        + product_effort(  # trained_gap
            lines["rm_output_trained"],
            with_row(lines.get("trained_sentence_difference", difference), 0),
        )
        + plus(sheet.number("sampled_reward"), sheet.number("trained_gap"))
        + product_effort(transpose(lines["probabilities"]), lines["rewards"])
        + score_gradient_effort(sheet)
        + product_effort(lines["score_gradient"], transpose(with_row(last, 1)))
        + update_effort(
            lines["llm_output"], rates["llm_learning_rate"], lines["llm_output_gradient"]
        )
        + layer_effort(lines["llm_output_trained"], aligned)
    )


def score_gradient_effort(sheet: Sheet) -> int:
    """Of each word: R - expected, times p, times the reward gradient."""
    expected, slope = sheet.number("expected_reward"), sheet.number("reward_gradient")
    return sum(
        plus(reward, -expected)
        + times(reward - expected, share)
        + times((reward - expected) * share, slope)
        for reward, share in zip(
            flat(sheet.numbers["rewards"]), flat(sheet.numbers["probabilities"]), strict=True
        )
    )


def backpropagation_effort(sheet: Sheet) -> int:
    """The lines that level 3 adds, step 17 aside."""
    lines, rates = sheet.numbers, sheet.rates
    winner, loser = lines["winner_inputs"], lines["loser_inputs"]
    slope = sheet.number("gap_gradient")
    output = transpose(without_bias(lines["rm_output"]))
    difference = with_row(lines["input_difference"], 0)
    return (
        mean_effort(winner)
        + mean_effort(loser)
        + subtract_effort(mean(winner), mean(loser))
        + scale_effort(slope, output)
        + product_effort(scale(slope, output), transpose(difference))
        + update_effort(lines["rm_linear"], rates["rm_learning_rate"], lines["rm_linear_gradient"])
        + product_effort(lines["rm_linear_trained"], difference)
        + product_effort(transpose(without_bias(lines["llm_output"])), lines["score_gradient"])
        + product_effort(where_open(sheet), last_attended(sheet))
        + update_effort(
            lines["llm_feed_forward"],
            rates["llm_learning_rate"],
            lines["llm_feed_forward_gradient"],
        )
        + layer_effort(lines["llm_feed_forward_trained"], lines["attended"])
    )


def second_subject_effort(sheet: Sheet) -> int:
    """Step 17."""
    lines = sheet.numbers
    return (
        product_effort(lines["second_inputs"], column(lines["attention"], 2))
        + layer_effort(lines["llm_feed_forward_trained"], lines["second_attended"])
        + layer_effort(lines["llm_output_trained"], lines["second_transformed"])
    )
