"""The kind `sft` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    flat,
    givens,
    in_tenths,
    layer,
    logarithm,
    near_border,
    product,
    rounded,
    softmax,
    subtract,
    trained,
    transpose,
    undoable,
    with_row,
    without_bias,
)

RATE = Fraction(2)


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    numbers = lines_of(key)
    lines = as_written(numbers)
    for name, scores in (("next_words", "scores"), ("trained_words", "trained_scores")):
        if scores in numbers:
            words = said(key, numbers[scores])
            after = list(lines).index("probabilities" if name == "next_words" else scores) + 1
            lines = dict(
                [*list(lines.items())[:after], (name, words), *list(lines.items())[after:]]
            )
    return lines


def lines_of(key: Key) -> dict[str, Matrix]:
    """The answers that are numbers."""
    given = givens(key)
    H, W, Y = given["states"], given["weights"], given["targets"]
    scores = layer(W, H)
    lines = {"scores": scores, "probabilities": in_tenths(scores)}
    lines |= likelihood(lines["probabilities"], given, "")
    if key["level"] == 1:
        return lines
    mask = flat(given["loss_mask"])
    lines["error"] = error = subtract(lines["probabilities"], Y)
    lines["masked_error"] = masked = [
        [slope * m / sum(mask) for slope, m in zip(row, mask, strict=True)] for row in error
    ]
    lines["weights_gradient"] = gradient = product(masked, transpose(with_row(H, 1)))
    if key["level"] == 2:
        return lines
    lines["trained_weights"] = trained(W, RATE, gradient)
    lines["trained_scores"] = layer(lines["trained_weights"], H)
    lines["trained_probabilities"] = in_tenths(lines["trained_scores"])
    return lines | likelihood(lines["trained_probabilities"], given, "trained_")


def likelihood(shares: Matrix, given: dict[str, Matrix], name: str) -> dict[str, Matrix]:
    """What the text's words are given, its logarithms, and minus their mean over the answer."""
    right = of_text(shares, given)
    logs = [rounded(logarithm(p), 1) for p in right]
    lines = {"right_probabilities": [right], "log_probabilities": [logs]}
    lines["loss"] = [[loss(logs, given)]]
    return {f"{name}{line}": cells for line, cells in lines.items()}


def of_text(shares: Matrix, given: dict[str, Matrix]) -> list[Fraction]:
    """Each position's share of the word that the text has there."""
    each = zip(transpose(shares), transpose(given["targets"]), strict=True)
    return [one[target.index(1)] for one, target in each]


def loss(logs: list[Fraction], given: dict[str, Matrix]) -> Fraction:
    """Minus the mean of the answer's logarithms."""
    mask = flat(given["loss_mask"])
    answer = [log for log, m in zip(logs, mask, strict=True) if m]
    return -sum(answer, Fraction(0)) / len(answer)


def exact_loss(scores: Matrix, given: dict[str, Matrix]) -> Fraction:
    """The same without any rounding."""
    shares = transpose([softmax(one) for one in transpose(scores)])
    return loss([logarithm(p) for p in of_text(shares, given)], given)


def said(key: Key, scores: Matrix) -> list[list[str]]:
    """The word with the highest score of each column."""
    words = key["words"]["vocabulary"]
    return [[words[one.index(max(one))] for one in transpose(scores)]]


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given, lines, found = givens(key), lines_of(key), []
    text = [key["words"]["prompt"][-1], *key["words"]["answer"]]
    if said(key, given["targets"]) != [text] or given["loss_mask"] != [[0, 1, 1]]:
        found.append("targets: not the text's words, of which the last two are the answer")
    for matrix in (given["states"], without_bias(given["weights"])):
        if not all(any(line) for line in [*matrix, *transpose(matrix)]):
            found.append("a row or a column is all 0")
    if len({tuple(one) for one in transpose(given["states"])}) < 3:
        found.append("states: two positions are the same")
    found += [fault for one in transpose(lines["scores"]) for fault in undoable(one)]
    if not all(0 < p < 1 for p in flat(lines["probabilities"])):
        found.append("probabilities: one is 0 or 1")
    before = [a == b for a, b in zip(said(key, lines["scores"])[0], text, strict=True)][1:]
    if all(before):
        found.append("next_words: nothing to learn")
    return found + (not_learned(key, before) if key["level"] == 3 else [])


def not_learned(key: Key, before: list[bool]) -> list[str]:
    """What the step does not do although the page says so; `before` says which words were right."""
    given, lines, found = givens(key), lines_of(key), []
    text = [key["words"]["prompt"][-1], *key["words"]["answer"]]
    scores = lines["trained_scores"]
    if any(one.count(max(one)) > 1 for one in transpose(scores)):
        found.append("trained_words: two words are as good")
    now = [a == b for a, b in zip(said(key, scores)[0], text, strict=True)][1:]
    if not any(now) or any(was and not is_ for was, is_ in zip(before, now, strict=True)):
        found.append("trained_words: none is right, or one is no longer")
    if exact_loss(scores, given) >= exact_loss(lines["scores"], given):
        found.append("loss: the step raises it")
    if lines["trained_loss"] >= lines["loss"]:
        found.append("trained_loss: no smaller, as it is written")
    if any(near_border(p, 1) for one in transpose(scores) for p in softmax(one)):
        found.append("trained_probabilities: near the border of their rounding")
    if any(sum(one) != 1 for one in transpose(lines["trained_probabilities"])):
        found.append("trained_probabilities: they do not come to 1")
    if not all(0 < p < 1 for p in flat(lines["trained_right_probabilities"])):
        found.append("trained_right_probabilities: one is 0 or 1")
    return found
