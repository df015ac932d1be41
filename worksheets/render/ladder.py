"""Draw the ladder as a picture: each kind a box, above those that it builds on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import uharfbuzz as hb

from worksheets import exercise
from worksheets.ladder import nearest, rungs
from worksheets.language import ENGLISH, say_in
from worksheets.render.rows import Item, layers, places
from worksheets.render.texts import folder

# In mm: the room between boxes, in which arrows lead past them, between rows, and beside a title;
# how far apart the heads of two arrows are that lead to one box.
BESIDE, ABOVE, INSIDE, HEADS = 7.0, 8.0, 1.5, 7.0
Point: TypeAlias = tuple[float, float]
Arrow: TypeAlias = tuple[Point, ...]


@dataclass(frozen=True)
class BoxForm:
    """Hold a box's width and least height, and the largest size of letters, all in mm.

    A title that is wider breaks into as many `lines`; then all boxes have smaller letters. A row
    has so many boxes at `most` as keep their size on a page.
    """

    width: float
    height: float
    size: float
    most: int
    lines: int = 1


USUAL, LARGE = BoxForm(42, 10, 4.2, 5), BoxForm(53.3, 15, 6.4, 3, 2)  # 6.35 mm are 18 point


@dataclass(frozen=True)
class LadderBox:
    """Hold a kind's box: its upper left corner, in mm, and its title's lines."""

    kind: str
    lines: tuple[str, ...]
    x: float
    y: float

    @property
    def title(self) -> str:
        """Return the title as one line."""
        return " ".join(self.lines)


@dataclass(frozen=True)
class Picture:
    """Hold boxes, all of a form, with letters' size in mm, and arrows.

    An arrow leads from a box's upper edge, straight past other rows, to another's lower edge: its
    points are pairs of x and y, in mm. It is in `results` if a sheet of the upper kind goes on with
    what one of the lower has come to.
    """

    width: float
    height: float
    form: BoxForm
    size: float
    boxes: tuple[LadderBox, ...]
    arrows: tuple[Arrow, ...]
    results: tuple[Arrow, ...]


def picture(
    names: Iterable[str],
    language: str = ENGLISH,
    form: BoxForm = USUAL,
    results: Collection[tuple[str, str]] | None = None,
) -> Picture:
    """Draw these kinds as boxes.

    `results` are pairs of kinds of which the second goes on with what the first comes to: all that
    may do so, if they are not given.
    """
    wanted = set(names)
    chosen = [name for name in rungs() if name in wanted]
    pairs = {
        pair
        for pair in (continued_pairs() if results is None else results)
        if wanted.issuperset(pair)
    }
    below = {name: dict.fromkeys(nearest(name, chosen)) for name in chosen}
    for lower, upper in sorted(pairs):
        below[upper][lower] = None
    chains, rows = layers({name: list(others) for name, others in below.items()}, form.most)
    across = places(chains, rows, form.width, BESIDE)
    halves = {item: form.width / 2 if isinstance(item, str) else 0 for item in across}
    left = min(x - halves[item] for item, x in across.items())
    right = max(x + halves[item] for item, x in across.items())
    height = len(rows) * (form.height + ABOVE) - ABOVE
    tops = {  # of each one's upper edge, the middle
        item: (across[item] - left, height - form.height - level * (form.height + ABOVE))
        for level, row in enumerate(rows)
        for item in row
    }
    say = say_in(language)
    titles = {name: say(exercise.find(name).TITLE) for name in chosen}
    size, lines = _fitted(titles, form)
    boxes = (
        LadderBox(name, lines[name], tops[name][0] - form.width / 2, tops[name][1])
        for name in chosen
    )
    arrows = _arrows(chains, tops, form)
    thick = tuple(arrow for ends, arrow in arrows if ends in pairs)
    every = tuple(arrow for _, arrow in arrows)
    return Picture(right - left, height, form, size, tuple(boxes), every, thick)


def continued_pairs() -> set[tuple[str, str]]:
    """Return each kind that goes on with another's result, after that one."""
    kinds = exercise.all_kinds().items()
    return {(kind.CONTINUES.kind, name) for name, kind in kinds if kind.CONTINUES}


def _arrows(
    chains: Sequence[Sequence[Item]], tops: Mapping[Item, Point], form: BoxForm
) -> list[tuple[tuple[Item, Item], Arrow]]:
    """Return each arrow's ends and points. Those that end at one box do so side by side."""
    coming = defaultdict(list)
    for chain in chains:
        coming[chain[-1]].append(chain)
    arrows = []
    for box, some in coming.items():
        some.sort(key=lambda chain: tops[chain[-2]][0])
        for place, chain in enumerate(some):
            points = []
            for item in chain[:-1]:
                x, y = tops[item]
                points += [(x, y + form.height), (x, y)]
            x, y = tops[box]
            points.append((x + HEADS * (place - (len(some) - 1) / 2), y + form.height))
            arrows.append(((chain[0], box), tuple(points[1:])))
    return arrows


def _fitted(titles: Mapping[str, str], form: BoxForm) -> tuple[float, dict[str, tuple[str, ...]]]:
    """Return the largest letters with which every title fits its box, and the titles' lines."""
    lines = {name: _broken(title, form) for name, title in titles.items()}
    widest = max(_width(line) for some in lines.values() for line in some)
    return min(form.size, (form.width - 2 * INSIDE) / widest), lines


def _broken(title: str, form: BoxForm) -> tuple[str, ...]:
    """Break a title into as many lines as needed and allowed, the longest one shortest."""
    words = title.split()
    if form.lines == 1 or _width(title) * form.size <= form.width - 2 * INSIDE:
        return (title,)
    ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return min(ways, key=lambda way: max(map(_width, way)), default=(title,))


@cache
def _width(text: str) -> float:
    """Return the width of a text in the sheets' font, in ems."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(_font(), buffer)
    advances = sum(position.x_advance for position in buffer.glyph_positions)
    return float(advances / _font().face.upem)


@cache
def _font() -> hb.Font:
    return hb.Font(
        hb.Face(hb.Blob.from_file_path(str(folder() / "fonts" / "SheetSans-Regular.ttf")))
    )
