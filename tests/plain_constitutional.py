"""The kind `constitutional` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

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
    given, level = givens(key), key["level"]
    W, x, k = (given[name] for name in ("word_weights", "context", "critique_read"))
    scores = layer(W, x)
    again = [[a + b] for (a,), (b,) in zip(x, k, strict=True)]
    revised = layer(W, again)
    words = [said(key, scores), said(key, revised)]
    lines = as_written({"scores": scores})
    lines["first_word"] = [[words[0]]]
    lines["critique"] = [["yes" if words[0] == key["words"]["first"][-1] else "no"]]
    lines |= as_written({"revised_context": again, "revised_scores": revised})
    lines["revised_word"] = [[words[1]]]
    answers = transpose([embedding(key, word) for word in words])
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
    g = p - labels[1]
    rest |= {"hidden": hidden, "active": active, "rewards": layer(second, active)}
    rest |= {"gap": [[gap]], "prediction": [[p]], "gap_gradient": [[g]], "hard_gradient": [[p - 1]]}
    if level >= 2:
        dW2 = slopes(lambda weights: gap_of(first, weights, answers), second, g)
        trained = step_down(second, dW2)
        rest |= {"reward_gradient": [[-g, g]], "output_gradient": dW2, "output_trained": trained}
        rest["trained_rewards"] = layer(trained, active)
        rest["trained_gap"] = [[gap_of(first, trained, answers)]]
    if level >= 3:
        is_open = [[Fraction(h > 0) for h in row] for row in hidden]
        by_active = [[-g * weight, g * weight] for weight in flat(without_bias(second))]
        dW1 = slopes(lambda weights: gap_of(weights, second, answers), first, g)
        rest |= {"active_gradient": by_active, "open": is_open}
        rest["raw_gradient"] = [
            [slope * shut for slope, shut in zip(*rows, strict=True)]
            for rows in zip(by_active, is_open, strict=True)
        ]
        rest |= {"hidden_gradient": dW1, "hidden_trained": step_down(first, dW1)}
    return lines | as_written(rest)


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, lines = givens(key), recompute(key)
    found = []
    if lines["critique"] != [["yes"]] or lines["revised_word"] != [[key["words"]["revision"][-1]]]:
        found.append("critique: it does not lead from the one word to the other")
    judged = [Fraction(cell) for (cell,) in lines["critic_scores"]]
    gap = Fraction(lines["gap"][0][0])
    if judged[1] - judged[0] not in (-1, 1, 2):
        found.append("critic_scores: too far apart, or equal")
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
    if key["level"] >= 2:
        before, after, g = (
            Fraction(lines[name][0][0]) for name in ("gap", "trained_gap", "gap_gradient")
        )
        if (after - before) * g >= 0:
            found.append("trained_gap: it did not move towards the label")
    return found
