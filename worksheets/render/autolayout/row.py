"""Set drawings side by side, and below each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from worksheets.engine.graph import Step
from worksheets.language import Say
from worksheets.render.autolayout.drawing import Drawing, continued
from worksheets.render.autolayout.line_placer import BESIDE

LEFT, RIGHT = 4.5, 185.5  # of what stands in a frame
BELOW = 3.0  # between rows of drawings


@dataclass
class Row:
    """Hold drawings side by side, or in columns where several are as low as the highest alone."""

    columns: list[list[Drawing]] = field(default_factory=list)

    @property
    def width(self) -> float:
        """Return its width in mm, with what lies between."""
        return sum(map(width_of, self.columns)) + BESIDE * (len(self.columns) - 1)

    @property
    def height(self) -> float:
        """Return the height of its highest column, in mm."""
        return max(map(height_of, self.columns))

    @property
    def first(self) -> Step | None:
        """Return the step that it begins with; None if there are tables alone."""
        return next((one.first for column in self.columns for one in column if one.first), None)

    def is_of(self, step: Step | None) -> bool:
        """Tell whether it shows this step alone."""
        own = (one for column in self.columns for one in column if one.first)
        return all(one.first == one.step == step for one in own)

    def begun_anew(self, say: Say) -> Row:
        """Return the same for a place where nothing above it says which step it belongs to."""
        at = next(at for at, one in enumerate(self.columns) if any(one.first for one in one))
        return Row([*self.columns[:at], _headed(self.columns[at], say), *self.columns[at + 1 :]])


def width_of(column: list[Drawing]) -> float:
    """Return the width of the widest, in mm."""
    return max(one.size[0] for one in column)


def height_of(column: list[Drawing]) -> float:
    """Return the height in mm, with what lies between."""
    return sum(one.size[1] for one in column) + BELOW * (len(column) - 1)


def lowest(drawings: tuple[Drawing, ...], say: Say) -> Row | None:
    """Return drawings in the columns of one row, the lowest way; None if they are too wide."""
    found = _columns(drawings, say)
    return Row(list(min(found, key=lambda way: way.height).columns)) if found else None


def _headed(column: list[Drawing], say: Say) -> list[Drawing]:
    """Return a column whose first drawing says which step it goes on with."""
    first = next((one for one in column if one.first), None)
    return [continued(one, say) if one is first else one for one in column]


def _is_low_in(before: list[Drawing], column: list[Drawing]) -> bool:
    """Tell whether the step that a column goes on with begins low in the one before it."""
    step = next((one.first for one in column if one.first), None)
    return any(one.first not in (step, None) for one in before)


def _sized(column: list[Drawing]) -> tuple[list[Drawing], float, float]:
    """Return a column with its width and height, in mm."""
    return column, width_of(column), height_of(column)


@dataclass(frozen=True)
class _Columns:
    """Hold drawings in columns side by side, with their width and height in mm."""

    width: float = -BESIDE
    height: float = 0.0
    columns: tuple[list[Drawing], ...] = ()

    def and_(self, column: list[Drawing], width: float, height: float) -> _Columns:
        """Return it with one column more, of this width and height in mm."""
        high = height if height > self.height else self.height
        return _Columns(self.width + BESIDE + width, high, (*self.columns, column))


# Kept for the drawings that stay while others are tried after them: a search takes a third of the
# time.
@lru_cache(2_000)
def _columns(drawings: tuple[Drawing, ...], say: Say) -> list[_Columns]:
    """Return the ways in columns that fit the page, of which none is wider and higher."""
    if not drawings:
        return [_Columns()]
    ways: list[_Columns] = []
    for start in range(len(drawings)):
        column = list(drawings[start:])
        own = _sized(column)  # once for all ways before it
        for before in _columns(drawings[:start], say):
            low = before.columns and _is_low_in(before.columns[-1], column)
            ways.append(before.and_(*(_sized(_headed(column, say)) if low else own)))
    found: list[_Columns] = []
    for way in sorted(ways, key=lambda way: (way.width, way.height)):
        fits = way.width <= RIGHT - LEFT or len(drawings) == 1
        if fits and (not found or way.height < found[-1].height):
            found.append(way)
    return found
