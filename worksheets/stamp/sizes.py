"""Show cells as templates do with longer texts: one of each look, on pages of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, tostring

from worksheets.render.pdf import UnstyledPage
from worksheets.stamp.slots import Marked, anchor, placeholders

STYLED = re.compile(r"<(?:table|tr)\b[^<>]*>")
CLASS = re.compile(r' class="([^"]*)"')
COLUMN = re.compile(r"\bc(\d+)\b")
# An element of the page: the renderer's tree carries no types.
Node = Any


@dataclass(frozen=True)
class Specimens:
    """Hold HTML of cells, no two of one look: cell n has the id and the placeholder of slot n.

    `originals` are the slots that these were made of; `of` has the number of the cell that a slot
    looks like on one of the pages of longer texts, counted from 0, if it looks different there.
    """

    html: str
    originals: tuple[int, ...]
    of: Mapping[tuple[int, int], int]


def specimens(page: Marked, longer: Sequence[Marked]) -> Specimens:
    """Choose a cell of each look that differs on pages whose texts are longer.

    To lay them out takes 0.4 s at level 1 of rlhf, and pages of three more lengths take 3.9.

    Raises:
        ValueError: if the pages differ in more than the classes of tables and rows.
    """
    root = UnstyledPage(string=page.html).etree_element
    parents = {child: parent for parent in root.iter() for child in parent}
    styled = [one for one in root.iter() if one.tag in ("table", "tr")]
    cells = {
        slot: root.find(f".//*[@id='{anchor(slot)}']")
        for group in page.groups
        for slot in group.slots
    }
    numbers: dict[tuple[object, ...], int] = {}
    originals: list[int] = []
    of: dict[tuple[int, int], int] = {}
    head, body = root.find("head"), root.find("body")
    specimen_body = Element("body", body.attrib)
    stand_ins = iter(placeholders())
    for number, other in enumerate(longer):
        if _without_classes(other.html) != _without_classes(page.html):
            raise ValueError("something moves with the lengths of texts")
        changed = dict(zip(styled, _classes(other.html), strict=True))
        chosen: dict[Node, Element] = {}
        for slot, cell in cells.items():
            around = list(_around(cell, parents))
            if all(changed.get(one, _class(one)) == _class(one) for one in around):
                continue
            look = _look(cell, around, changed)
            if look not in numbers:
                numbers[look] = len(originals)
                originals.append(slot)
                own = Element(cell.tag, cell.attrib | {"id": anchor(numbers[look])})
                own.text = next(stand_ins)
                chosen[cell] = own
            of[slot, number] = numbers[look]
        specimen_body.extend(_cut_down(body, chosen, changed))
    html = Element("html", root.attrib)
    html.extend([head, specimen_body])
    return Specimens(tostring(html, "unicode", method="html"), tuple(originals), of)


def _without_classes(html: str) -> str:
    return STYLED.sub(lambda found: CLASS.sub("", found[0]), html)


def _classes(html: str) -> list[str]:
    """Return the classes of every table and row."""
    found = map(CLASS.search, STYLED.findall(html))
    return [one[1] if one else "" for one in found]


def _class(element: Node) -> str:
    return str(element.get("class", ""))


def _around(cell: Node, parents: Mapping[Node, Node]) -> Iterator[Node]:
    """Yield the elements that a cell stands in, from the innermost on."""
    while (cell := parents.get(cell)) is not None:
        yield cell


def _look(cell: Node, around: list[Node], changed: Mapping[Node, str]) -> tuple[object, ...]:
    """Return all that the styles go by: classes, and whether the cell is its row's first.

    Of its column it is whether that has an even number: some labels stand a little higher in
    every other one. So a page has a fifth of the cells to draw.
    """
    columns = COLUMN.sub(lambda found: f"c{int(found[1]) % 2}", _class(cell))
    own = (cell.tag, columns, cell is around[0][0])
    return own, *((one.tag, changed.get(one, _class(one))) for one in around)


def _cut_down(
    element: Node, chosen: Mapping[Node, Element], changed: Mapping[Node, str]
) -> Iterator[Element]:
    """Yield the chosen cells in what they stand in; rows keep their first cell, empty."""
    for child in element:
        if child in chosen:
            yield chosen[child]
        elif inside := list(_cut_down(child, chosen, changed)):
            own = Element(child.tag, child.attrib | {"class": changed.get(child, _class(child))})
            if child.tag == "tr" and child[0] not in chosen:
                own.append(Element(child[0].tag))
            own.extend(inside)
            yield own
