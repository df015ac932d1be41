"""Find the places of a page's tables and cells: boxes as drawn, and what the solved page says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worksheets.render.pdf import UnstyledPage
from worksheets.stamp.places import FIELDS, POINTS, PageBox, PlacedCell, PlacedTable, Places
from worksheets.stamp.slots import named

CELLS = ("td", "th")
# Cells and fields that have no id as a slot has one.
NAMELESS = re.compile(rf'<(?:(?:td|th)\b|p(?= class="field (?:{"|".join(FIELDS)})"))(?![^<>]* id=)')
# An element of the page: the renderer's tree carries no types.
Node = Any


def with_ids(html: str) -> str:
    """Give an id to every cell and field that has none: boxes are drawn by their ids."""
    count = iter(range(len(html)))
    return NAMELESS.sub(lambda found: f'{found[0]} id="place{next(count)}"', html)


def find_places(
    blank: str,
    solved: str,
    names: Sequence[str],
    parts: Sequence[str],
    drawn: Sequence[Mapping[str, tuple[float, float, float, float]]],
) -> Places:
    """Return the places on a blank page with ids, which was drawn with these boxes.

    The solved page says by tokens of these names what goes into the cells. `parts` are the titles
    that the parts' headings begin with; `drawn` has the edges by id, page by page, in pixels.

    Raises:
        ValueError: if the two pages have other cells.
    """
    boxes = {
        name: PageBox(page, *(edge * POINTS for edge in edges))
        for page, anchors in enumerate(drawn)
        for name, edges in anchors.items()
    }
    page, answers = (UnstyledPage(string=html).etree_element for html in (blank, solved))
    pairs = list(zip(_cells(page), _cells(answers), strict=True))
    if any((one.tag, _classes(one)) != (other.tag, _classes(other)) for one, other in pairs):
        raise ValueError("the blank and the solved page have other cells")
    placed = {
        cell: PlacedCell(
            cell.tag == "th",
            # A matrix's cell has the class of its column, and then its role.
            "".join(_classes(cell)[1:2]),
            named(_text(answer), names),
            boxes[cell.get("id")],
        )
        for cell, answer in pairs
    }
    fields: dict[str, tuple[PageBox, ...]] = dict.fromkeys(FIELDS, ())
    for one in page.iter("p"):
        if "id" in one.attrib and (name := "".join(_classes(one)[-1:])) in fields:
            fields[name] += (boxes[one.get("id")],)
    return Places(tuple(_tables(page, parts, placed)), fields)


def _tables(
    page: Node, parts: Sequence[str], placed: Mapping[Node, PlacedCell]
) -> Iterator[PlacedTable]:
    """Yield the tables, each under the last heading that is a part's title."""
    part = parts[0]
    for one in page.iter():
        if one.tag == "h1":
            title = _text(one).strip()
            part = next((name for name in parts if title.startswith(name)), part)
        elif one.tag == "table":
            rows = list(one.iter("tr"))
            cells = tuple(tuple(map(placed.__getitem__, row)) for row in rows)
            yield PlacedTable(part, "labels" in _classes(rows[0]), cells)


def _cells(page: Node) -> list[Node]:
    return [one for one in page.iter() if one.tag in CELLS]


def _text(element: Node) -> str:
    return "".join(element.itertext())


def _classes(element: Node) -> list[str]:
    return str(element.get("class", "")).split()
