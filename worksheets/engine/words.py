"""Work with words as indices: decide them by scores, look them up in a table, compare them."""

from __future__ import annotations

import numpy as np

from worksheets.engine.node import Array, Mask, Node


def highest(scores: Node) -> Node:
    """Return each column's highest row, plus one, as words: index 0 is never predicted."""

    def compute(a: Array) -> Array:
        # argmax counts in the machine's word, which has 32 bits in a browser.
        rows: Array = a.argmax(axis=1).astype(np.int64)[:, None, :]
        return rows + 1

    def refuses(_: Array, a: Array) -> Mask:
        top = a == a.max(axis=1, keepdims=True)
        tied: Mask = (top.sum(axis=1) > 1).any(axis=1)
        return tied

    return Node(
        "highest",
        (scores,),
        (1, scores.shape[1]),
        1,
        scores.shape[0],
        compute,
        refuses=refuses,
        refusal="two words share the highest score",
        is_word=True,
    )


def look_up(table: Node, word: Node) -> Node:
    """Take the table's column of a word, be it given or decided by an earlier line."""
    if word.shape != (1, 1) or not word.is_word:
        raise ValueError(f"look_up: {word.operation} is no single word; take one of its columns")

    def compute(a: Array, index: Array) -> Array:
        return np.take_along_axis(a, np.broadcast_to(index, (*a.shape[:2], 1)), axis=2)

    shape = (table.shape[0], 1)
    return Node("look_up", (table, word), shape, table.denominator, table.reach, compute)


def one_hot(word: Node, size: int) -> Node:
    """Make a column of `size` zeros with a 1 in the word's row, rows being words 1, 2, ..."""

    def compute(index: Array) -> Array:
        # (1, size, 1) against (sheets, 1, 1): each row asks whether the word is its own.
        hot: Array = (np.arange(1, size + 1)[None, :, None] == index).astype(np.int64)
        return hot

    return Node("one_hot", (word,), (size, 1), 1, 1, compute)


def same_word(first: Node, second: Node) -> Node:
    """Compare: the word 1 where both are the same word, else the word 0."""

    def compute(a: Array, b: Array) -> Array:
        same: Array = (a == b).astype(np.int64)
        return same

    return Node("same_word", (first, second), (1, 1), 1, 1, compute, is_word=True)
