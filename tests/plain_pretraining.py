"""The kind `pretraining` a second time, in plain Python; nothing here comes from the package."""

from plain import (
    Key,
    Matrix,
    as_written,
    column,
    flat,
    givens,
    layer,
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
    chances = transpose(
        [[rounded(share, 1) for share in softmax(one)] for one in transpose(scores)]
    )
    lines = as_written({"targets": shares}) | {"corpus_words": said(key, shares)}
    lines |= as_written({"scores": scores, "probabilities": chances})
    lines["next_words"] = said(key, scores)
    if key["level"] == 1:
        return lines
    error = subtract(chances, shares)
    gradient = product(error, transpose(with_row(X, 1)))
    lines |= as_written({"error": error, "gradient": gradient})
    if key["level"] == 2:
        return lines
    trained = subtract(W, gradient)
    lines |= as_written({"trained": trained, "trained_scores": layer(trained, X)})
    lines["trained_words"] = said(key, layer(trained, X))
    unread = layer(trained, given["unread"])
    return lines | as_written({"unread_scores": unread}) | {"unread_word": said(key, unread)}


def said(key: Key, scores: Matrix) -> list[list[str]]:
    """The word with the highest score of each column."""
    words = key["words"]["vocabulary"]
    return [[words[one.index(max(one))] for one in transpose(scores)]]


def violations(key: Key) -> list[str]:
    """Every guarantee that the sheet breaks."""
    given = givens(key)
    X, W, counts = given["inputs"], given["weights"], given["counts"]
    losing, winning = key["words"]["frequent"][-1], key["words"]["rare"][-1]
    by_word = dict(zip(key["words"]["vocabulary"], counts, strict=True))
    found = []
    if any(not 0 < b < a for a, b in zip(by_word[losing], by_word[winning], strict=True)):
        found.append("counts: the losing word does not lead, or has no rival")
    if any(by_word[key["words"]["frequent"][1]]):
        found.append("counts: the link follows itself")
    if len({sum(one) for one in transpose(counts)}) > 1:
        found.append("counts: one context has more texts than the other")
    scores = layer(W, X)
    found += [fault for one in transpose(scores) for fault in undoable(one)]
    for matrix in (X, without_bias(W)):
        if not all(any(line) for line in [*matrix, *transpose(matrix)]):
            found.append("a row or a column is all 0")
    if set(flat(said(key, scores))) == {losing}:
        found.append("next_words: nothing to learn")
    if key["level"] == 1:
        return found
    right = recompute(key)
    if not all(any(cell != "0" for cell in row) for row in right["error"]):
        found.append("error: a word that no context is wrong about")
    if key["level"] == 3:
        if set(flat(right["trained_words"])) != {losing} or right["unread_word"] != [[losing]]:
            found.append("the corpus is not learned")
        before = flat(layer(W, given["unread"]))
        if before.count(max(before)) == 1 and said(key, layer(W, given["unread"])) == [[losing]]:
            found.append("unread: said before the update")
        if column(given["unread"], 0) in [column(X, 0), column(X, 1)]:
            found.append("unread: read, as its features are those of a context")
    return found
