"""The kind `pretraining` a second time, in plain Python; nothing here comes from the package."""

from fractions import Fraction

from plain import (
    Key,
    Matrix,
    as_written,
    column,
    flat,
    givens,
    layer,
    logarithm,
    near_border,
    product,
    rounded,
    softmax,
    subtract,
    transpose,
    undoable,
    with_row,
    without_bias,
)


def recompute(key: Key) -> dict[str, list[list[str]]]:
    """Every answer of the key's level, from its givens, in order."""
    given = givens(key)
    X, W = given["inputs"], given["weights"]
    shares = transpose(
        [[count / sum(counts) for count in counts] for counts in transpose(given["counts"])]
    )
    scores = layer(W, X)
    chances = probabilities(scores)
    lines = as_written({"targets": shares}) | {"corpus_words": said(key, shares)}
    lines |= as_written({"scores": scores, "probabilities": chances})
    lines["next_words"] = said(key, scores)
    lines |= as_written(surprise(shares, chances, ""))
    if key["level"] == 1:
        return lines
    error = subtract(chances, shares)
    gradient = product(error, transpose(with_row(X, 1)))
    lines |= as_written({"error": error, "weights_gradient": gradient})
    if key["level"] == 2:
        return lines
    trained = subtract(W, gradient)
    scores, unread = layer(trained, X), layer(trained, given["unread"])
    lines |= as_written({"trained_weights": trained, "trained_scores": scores})
    lines["trained_words"] = said(key, scores)
    lines |= as_written({"trained_probabilities": probabilities(scores)})
    lines |= as_written(surprise(shares, probabilities(scores), "trained_"))
    return lines | as_written({"unread_scores": unread}) | {"unread_word": said(key, unread)}


def probabilities(scores: Matrix) -> Matrix:
    """The softmax of each column, to tenths."""
    return transpose([[rounded(share, 1) for share in softmax(one)] for one in transpose(scores)])


def surprise(shares: Matrix, chances: Matrix, name: str) -> dict[str, Matrix]:
    """Logarithms of written probabilities, and the cross-entropy with the corpus's shares."""
    logs = [[rounded(logarithm(chance), 1) for chance in row] for row in chances]
    return {f"{name}log_probabilities": logs, f"{name}loss": [[cross_entropy(shares, logs)]]}


def cross_entropy(shares: Matrix, logs: Matrix) -> Fraction:
    """Of both contexts together."""
    return -sum((y * log for y, log in zip(flat(shares), flat(logs), strict=True)), Fraction(0))


def exact_loss(shares: Matrix, scores: Matrix) -> Fraction:
    """The cross-entropy without any rounding but to 60 digits."""
    logs = [[logarithm(share) for share in softmax(one)] for one in transpose(scores)]
    return cross_entropy(shares, transpose(logs))


def said(key: Key, scores: Matrix) -> list[list[str]]:
    """The word with the highest score of each column."""
    words = key["words"]["vocabulary"]
    return [[words[one.index(max(one))] for one in transpose(scores)]]


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = givens(key)
    X, W, counts = given["inputs"], given["weights"], given["counts"]
    losing, winning = key["words"]["biased"][-1], key["words"]["preferred"][-1]
    by_word = dict(zip(key["words"]["vocabulary"], counts, strict=True))
    found = []
    if 0 in by_word[losing] + by_word[winning] or any(by_word[key["words"]["biased"][1]]):
        found.append("counts: a word has no rival, or the link follows itself")
    if all(b > a for a, b in zip(by_word[losing], by_word[winning], strict=True)):
        found.append("counts: the losing word leads nowhere")
    if len({tuple(one) for one in transpose(counts)}) == 1:
        found.append("counts: both contexts have the same")
    if len({sum(one) for one in transpose(counts)}) > 1:
        found.append("counts: one context has more texts than the other")
    scores = layer(W, X)
    found += [fault for one in transpose(scores) for fault in undoable(one)]
    for matrix in (X, without_bias(W)):
        if not all(any(line) for line in [*matrix, *transpose(matrix)]):
            found.append("a row or a column is all 0")
    right = recompute(key)
    if "0" in [cell for row in right["probabilities"] for cell in row]:
        found.append("probabilities: one is 0, and has no logarithm")
    before = [a == b for a, b in zip(right["next_words"][0], right["corpus_words"][0], strict=True)]
    if all(before):
        found.append("next_words: nothing to learn")
    if key["level"] == 1:
        return found
    if not all(any(cell != "0" for cell in row) for row in right["error"]):
        found.append("error: a word that no context is wrong about")
    return found + (not_learned(key, right, before) if key["level"] == 3 else [])


def not_learned(key: Key, right: dict[str, list[list[str]]], before: list[bool]) -> list[str]:
    """What the step does not do although the page says so; `before` says which words were right."""
    given, found = givens(key), []
    X, W, unread = given["inputs"], given["weights"], given["unread"]
    words = key["words"]["biased"][-1], key["words"]["preferred"][-1]
    now = [a == b for a, b in zip(right["trained_words"][0], right["corpus_words"][0], strict=True)]
    if not any(now) or any(was and not is_ for was, is_ in zip(before, now, strict=True)):
        found.append("trained_words: none is right, or one is no longer")
    trained, shares = (
        [[Fraction(cell) for cell in row] for row in right[name]]
        for name in ("trained_weights", "targets")
    )
    exact = [exact_loss(shares, layer(weights, X)) for weights in (W, trained)]
    if exact[1] >= exact[0] or Fraction(right["trained_loss"][0][0]) >= Fraction(
        right["loss"][0][0]
    ):
        found.append("loss: the step raises it")
    chances = [softmax(one) for one in transpose(layer(trained, X))]
    if any(near_border(chance, 1) for one in chances for chance in one):
        found.append("trained_probabilities: near the border of their rounding")
    written = [[rounded(chance, 1) for chance in one] for one in chances]
    if any(sum(one) != 1 or 0 in one for one in written):
        found.append("trained_probabilities: one is 0, or they do not come to 1")
    scores = flat(layer(W, unread))
    ((word,),) = right["unread_word"]
    if word not in words:
        found.append("unread: says the link")
    if scores.count(max(scores)) == 1 and said(key, layer(W, unread)) == [[word]]:
        found.append("unread: said before the update")
    if not any(column(unread, 0)):
        found.append("unread: no feature, so that the bias alone speaks")
    if column(unread, 0) in [column(X, 0), column(X, 1)]:
        found.append("unread: read, as its features are those of a context")
    return found
