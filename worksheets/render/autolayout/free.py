"""Tell where a piece would meet nothing, many places at once: one by one, a page took a second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from worksheets.render.autolayout.piece import TOUCH, Piece


class Ground:
    """Hold the edges, in mm, of all that stands on a page."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        boxes = [(one.x, one.x + one.width, one.y, one.y + one.height) for one in pieces]
        self.left, self.right, self.top, self.bottom = np.array(boxes).reshape(-1, 4).T

    def free(self, piece: Piece, places: Sequence[tuple[float, float]]) -> list[bool]:
        """Tell of each place whether the piece, moved so far across and down, meets nothing."""
        x, y = np.array(places, np.float64).T[:, :, None]  # a row a place, a column a piece
        x, y = x + piece.x, y + piece.y
        across = np.minimum(x + piece.width, self.right) - np.maximum(x, self.left)
        down = np.minimum(y + piece.height, self.bottom) - np.maximum(y, self.top)
        met = ((across > TOUCH) & (down > TOUCH)).any(axis=1)
        free: list[bool] = (~met).tolist()
        return free
