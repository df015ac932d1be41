"""The kind `constitutional` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction
from math import log

from plain import (
    Key,
    Matrix,
    as_written,
    column,
    flat,
    givens,
    layer,
    near_border,
    relu,
    rounded,
    sigma,
    softmax,
    transpose,
    without_bias,
)

Vector = list[Fraction]
TENTH = Fraction(1, 10)


def said(key: Key, scores: Matrix) -> str:
    """The word of the highest score."""
    values = flat(scores)
    assert values.count(max(values)) == 1
    word: str = key["words"]["vocabulary"][values.index(max(values))]
    return word


def embedding(key: Key, word: str) -> Vector:
    """Its column of the table, which begins with the start symbol's."""
    place = ["[S]", *key["words"]["vocabulary"]].index(word)
    return flat(column(givens(key)["embeddings"], place))


def gap_of(first: Matrix, second: Matrix, answers: Matrix) -> Fraction:
    """How much more the second answer gets than the first one."""
    one, other = flat(layer(second, relu(layer(first, answers))))
    return other - one


def grown(weights: Matrix, row: int, place: int, by: Fraction) -> Matrix:
    """The same weights but for one."""
    copy = [list(cells) for cells in weights]
    copy[row][place] += by
    return copy


def slopes(gap: object, weights: Matrix, g: Fraction) -> Matrix:
    """The loss by each weight: how the gap changes if that weight grows by next to nothing.

    Between its kinks the gap is linear in each weight, so a small step gives the exact slope.
    """
    small = Fraction(1, 10**6)
    before = gap(weights)  # type: ignore[operator]
    return [
        [g * (gap(grown(weights, row, place, small)) - before) / small  # type: ignore[operator]
         for place in range(len(cells))]
        for row, cells in enumerate(weights)
    ]  # fmt: skip


def step_down(weights: Matrix, gradient: Matrix) -> Matrix:
    """A tenth of the slope taken off."""
    return [
        [w - TENTH * g for w, g in zip(*rows, strict=True)]
        for rows in zip(weights, gradient, strict=True)
    ]


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    return revision(key) | as_written(reward_model(key))


def revision(key: Key) -> dict[str, list[list[str]]]:
    """The first answer, its critique, and the answer with the critique read."""
    given = givens(key)
    W, x = given["word_weights"], given["context"]
    against = key["words"]["against"][-1]
    first = said(key, layer(W, x))
    k = column(given["critiques"], int(first == against))
    again = [[a + b] for (a,), (b,) in zip(x, k, strict=True)]
    revised = said(key, layer(W, again))
    lines = as_written({"scores": layer(W, x)})
    lines |= {"first_word": [[first]], "critique": [["yes" if first == against else "no"]]}
    numbers = {"critique_read": k, "revised_context": again, "revised_scores": layer(W, again)}
    lines |= as_written(numbers) | {"revised_word": [[revised]]}
    return lines | {"revised_critique": [["yes" if revised == against else "no"]]}


def two_answers(key: Key) -> list[str]:
    """The two words that the critic compares, (A) and (B), which are given."""
    ((first, second),) = (line["values"][0] for line in key["lines"] if line["name"] == "samples")
    return [first, second]


def reward_model(key: Key) -> dict[str, Matrix]:
    """The label of two answers, and what a reward model makes of it."""
    given, level = givens(key), key["level"]
    answers = transpose([embedding(key, word) for word in two_answers(key)])
    rest = {"answers": answers}
    judged = [
        sum((c * a for (c,), a in zip(given["critic"], one, strict=True)), Fraction(0))
        for one in transpose(answers)
    ]
    labels = [rounded(share, 1) for share in softmax(judged)]
    rest |= {"critic_scores": transpose([judged]), "labels": transpose([labels])}
    if level >= 2:
        labels = [sorted([Fraction(2, 5), label, Fraction(3, 5)])[1] for label in labels]
        rest["clamped"] = transpose([labels])
    first, second = given["hidden_weights"], given["output_weights"]
    hidden = layer(first, answers)
    active = relu(hidden)
    gap = gap_of(first, second, answers)
    p = rounded(sigma(gap), 1)
    g, hard = p - labels[1], Fraction(labels[1] > labels[0])
    rest |= {"hidden": hidden, "active": active, "rewards": layer(second, active)}
    rest |= {"gap": [[gap]], "prediction": [[p]], "gap_gradient": [[g]]}
    rest |= {"hard_label": [[hard]], "hard_gradient": [[p - hard]]}
    if level == 1:
        return rest
    dW2 = slopes(lambda weights: gap_of(first, weights, answers), second, g)
    W2 = step_down(second, dW2)
    rest |= {"reward_gradient": [[-g, g]], "output_weights_gradient": dW2}
    rest |= {"trained_output_weights": W2}
    if level == 3:
        dW1 = slopes(lambda weights: gap_of(weights, second, answers), first, g)
        mask = [[Fraction(h > 0) for h in row] for row in hidden]
        by_active = [[-g * weight, g * weight] for weight in flat(without_bias(second))]
        rest |= {"active_gradient": by_active, "relu_mask": mask}
        rest["hidden_gradient"] = [
            [slope * shut for slope, shut in zip(*rows, strict=True)]
            for rows in zip(by_active, mask, strict=True)
        ]
        W1 = step_down(first, dW1)
        rest |= {"hidden_weights_gradient": dW1, "trained_hidden_weights": W1}
        hidden = layer(W1, answers)
        active = relu(hidden)
        rest |= {"trained_hidden": hidden, "trained_active": active}
    rewards = layer(W2, active)
    if level == 3:
        rewards = [[rounded(reward, 1) for reward in flat(rewards)]]
    (one, other), *_ = rewards
    rest |= {"trained_rewards": rewards, "trained_gap": [[other - one]]}
    return rest | {"trained_prediction": [[rounded(sigma(other - one), 1)]]}


def loss(gap: Fraction, label: Fraction) -> float:
    """The cross-entropy -t·log σ(gap) - (1 - t)·log σ(-gap), exact enough to compare."""
    return -float(label) * log(sigma(gap)) - float(1 - label) * log(sigma(-gap))


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, lines = givens(key), recompute(key)
    found = []
    worse, better = key["words"]["against"][-1], key["words"]["in order"][-1]
    words = [lines[name][0][0] for name in ("first_word", "revised_word")]
    if words not in ([worse, better], [worse, worse], [better, better]):
        found.append("revision: it makes an answer worse, or says another word")
    judged = [Fraction(cell) for (cell,) in lines["critic_scores"]]
    by_word = dict(zip(two_answers(key), judged, strict=True))
    if by_word[better] - by_word[worse] not in (1, 2):
        found.append("critic: it prefers what goes against the principle, or is too sure")
    gap = Fraction(lines["gap"][0][0])
    if gap not in (-2, -1, 1, 2):
        found.append("gap: not in the table, or 0")
    if near_border(softmax(judged)[0], 1) or near_border(sigma(gap), 1):
        found.append("labels, prediction: near a border of rounding")
    if sum(Fraction(cell) for (cell,) in lines["labels"]) != 1:
        found.append("labels: they do not come to 1")
    if lines["gap_gradient"] == [["0"]]:
        found.append("gap_gradient: nothing to learn")
    hidden = [Fraction(cell) for row in lines["hidden"] for cell in row]
    if min(hidden) >= 0 or 0 in hidden:
        found.append("hidden: nothing closed, or not clear what is")
    for name in ("word_weights", "hidden_weights", "output_weights"):
        weights = without_bias(given[name])
        if not all(any(line) for line in [*weights, *transpose(weights)]):
            found.append(f"{name}: a row or a column is all 0")
    columns = transpose(given["embeddings"])
    if any(columns.count(one) > 1 for one in columns):
        found.append("embeddings: two words are the same")
    if any(abs(cell) > 3 for matrix in given.values() for cell in flat(matrix)):
        found.append("a given beyond ±3")
    return found + (not_learned(key) if key["level"] >= 2 else [])


def not_learned(key: Key) -> list[str]:
    """What training, of one layer or both, does not do although the page says so."""
    lines, found = recompute(key), []
    numbers = ("gap", "trained_gap", "prediction", "trained_prediction")
    before, after, p, q = (Fraction(lines[name][0][0]) for name in numbers)
    label = Fraction(lines["clamped"][1][0])
    if loss(after, label) >= loss(before, label):
        found.append("loss: training raises it")
    if abs(q - label) >= abs(p - label):
        found.append("trained_prediction: no nearer to the label")
    if (after > 0) != (label > Fraction(1, 2)) or after == 0:
        found.append("trained_gap: the reward model contradicts its critic")
    if near_border(sigma(after), 1):
        found.append("trained_prediction: near a border of rounding")
    if key["level"] == 3:
        second = [[Fraction(cell) for cell in row] for row in lines["trained_output_weights"]]
        active = [[Fraction(cell) for cell in row] for row in lines["trained_active"]]
        if any(
            (20 * reward).denominator == 1 and (20 * reward) % 2
            for reward in flat(layer(second, active))
        ):
            found.append("trained_rewards: halfway between two tenths")
    return found
