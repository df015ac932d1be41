"""Cut the renderer's structure tree down to what a screen reader needs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from worksheets.stamp.layout import Element

# These say nothing of their own; what they hold belongs to what holds them.
TRANSPARENT = frozenset({"Span", "NonStruct", "Div", "TBody"})
# A table stays a table where its cells are empty.
KEPT_EMPTY = frozenset({"TD", "TH"})


def elements(
    objects: list[Any], pages: list[int], dropped: Collection[tuple[int, int]]
) -> tuple[Element, ...]:
    """Return the elements below the document, parents first, without the MCIDs in `dropped`.

    `objects` are the renderer's, by their numbers; `pages` are the pages' numbers.
    """
    root = next(one for one in objects if _is(one, "/Document"))
    found: list[Element] = []

    def kids(element: Any, parent: int, page: int) -> list[int]:
        result: list[int] = []
        for kid in element["K"]:
            if isinstance(kid, int):
                if (page, kid) not in dropped:
                    result.append(-1 - kid)
            else:
                result += added(objects[_number(kid)], parent)
        return result

    def added(element: Any, parent: int) -> list[int]:
        tag = element["S"][1:]
        page = pages.index(_number(element["Pg"]))
        if tag in TRANSPARENT:
            return kids(element, parent, page)
        place = len(found)
        found.append(Element(tag, parent, page, (), _more(element, tag)))
        inside = kids(element, place, page)
        if not inside and tag not in KEPT_EMPTY:
            del found[place:]
            return []
        found[place] = Element(tag, parent, page, tuple(inside), found[place].more)
        return [place]

    for kid in root["K"]:
        added(objects[_number(kid)], -1)
    return tuple(found)


def marked_by(
    objects: list[Any], pages: list[int], tag: str, alternative: str
) -> set[tuple[int, int]]:
    """Return the pages and MCIDs of elements of this tag with this alternative text."""
    return {
        (pages.index(_number(one["Pg"])), kid)
        for one in objects
        if _is(one, f"/{tag}") and "Alt" in one and one["Alt"].string == alternative
        for kid in one["K"]
        if isinstance(kid, int)
    }


def _more(element: Any, tag: str) -> bytes:
    """Return what a screen reader is told besides: a header's scope, a figure's place and text."""
    more = b""
    if tag == "TH":
        more = b"/A<</O/Table/Scope%s>>" % element["A"]["Scope"].encode()
    elif tag == "Figure":
        more = b"/A%s/Alt%s" % (element["A"].data, element["Alt"].data)
    return more


def _is(one: Any, tag: str) -> bool:
    return getattr(one, "get", None) is not None and one.get("S") == tag


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
