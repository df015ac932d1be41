"""Rearrange matrices: turn them, take parts, put them beside or above each other."""

from __future__ import annotations

from math import lcm

import numpy as np

from worksheets.engine.node import Array, Node


def transpose(value: Node) -> Node:
    """Turn rows into columns."""
    rows, columns = value.shape
    return Node(
        "transpose",
        (value,),
        (columns, rows),
        value.denominator,
        value.reach,
        lambda a: a.transpose(0, 2, 1),
        is_word=value.is_word,
    )


def columns(value: Node, which: slice) -> Node:
    """Take some neighbouring columns."""
    places = tuple(range(*which.indices(value.shape[1])))
    return Node(
        "columns",
        (value,),
        (value.shape[0], len(places)),
        value.denominator,
        value.reach,
        lambda a: a[:, :, which],
        is_word=value.is_word,
        settings=places,
    )


def with_row(value: Node, entry: int) -> Node:
    """Add a row of ones, or of zeros, below: the bias's share of a product."""
    filler = entry * value.denominator

    def compute(a: Array) -> Array:
        below = np.full((a.shape[0], 1, a.shape[2]), filler, dtype=np.int64)
        return np.concatenate([a, below], axis=1)

    shape = (value.shape[0] + 1, value.shape[1])
    bound = max(value.reach, filler)
    return Node("with_row", (value,), shape, value.denominator, bound, compute, settings=(entry,))


def rows(value: Node, which: slice) -> Node:
    """Take some neighbouring rows."""
    places = tuple(range(*which.indices(value.shape[0])))
    return Node(
        "rows",
        (value,),
        (len(places), value.shape[1]),
        value.denominator,
        value.reach,
        lambda a: a[:, which],
        is_word=value.is_word,
        settings=places,
    )


def taken(node: Node) -> list[int]:
    """Return which rows or columns of its parent a node takes, counted from 0."""
    return [int(place) for place in node.settings]


def beside(parts: tuple[Node, ...]) -> Node:
    """Put matrices of equal height side by side."""
    return _joined("beside", parts, 1)


def stacked(parts: tuple[Node, ...]) -> Node:
    """Put matrices of equal width one above the other."""
    return _joined("stacked", parts, 0)


def _joined(name: str, parts: tuple[Node, ...], along: int) -> Node:
    """Join parts along an axis (0: down, 1: to the right); they agree in the other.

    Raises:
        ValueError: if they do not.
    """
    across = 1 - along
    if len({part.shape[across] for part in parts}) > 1:
        sizes = ", ".join(str(part.shape[across]) for part in parts)
        unit, fit = (("rows", "side by side"), ("columns", "above each other"))[across]
        raise ValueError(f"{name}: matrices of {sizes} {unit} do not fit {fit}")
    denominator = lcm(*(part.denominator for part in parts))
    scales = [denominator // part.denominator for part in parts]

    def compute(*arrays: Array) -> Array:
        # A constant has one sheet, others the batch's; all are over the common denominator.
        size = max(len(a) for a in arrays)
        scaled = [
            np.broadcast_to(a * s, (size, *a.shape[1:]))
            for a, s in zip(arrays, scales, strict=True)
        ]
        return np.concatenate(scaled, axis=along + 1)

    length = sum(part.shape[along] for part in parts)
    shape = (parts[0].shape[0], length) if along else (length, parts[0].shape[1])
    bound = max(part.reach * scale for part, scale in zip(parts, scales, strict=True))
    is_word = all(part.is_word for part in parts)
    return Node(name, parts, shape, denominator, bound, compute, is_word=is_word)
