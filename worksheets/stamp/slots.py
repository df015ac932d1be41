"""Find the texts of a page that differ from sheet to sheet, and mark them for the layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import product

from worksheets.render.metrics import SPACES

# A token stands for a text: as many times its own private character as the text is long, since
# templates choose a smaller face for longer texts.
FIRST_TOKEN = 0xF0000
PRIVATE = "[\U000f0000-\U000ffffd]"
TOKENS = re.compile(f"({PRIVATE})\\1*")
ELEMENT = re.compile(r"<(table|tr|td|th|title|\w+)\b([^<>]*)>([^<>]*)")
LONGEST = re.compile(r' data-longest="([^"]*)"')
# Narrow letters and digits: three of them fit into every cell, in every face.
NARROW = "0123456789abcdeghijknopqrstuvxyz"


@dataclass(frozen=True)
class Group:
    """Hold the cells, or the labels, of one table, which are all written in one size.

    `longest` is the length of the longest text among those that never change.
    """

    slots: tuple[int, ...]
    longest: int


@dataclass(frozen=True)
class Pattern:
    """Hold a text that differs: literal, name of a text, literal, name, ... literal.

    `wraps` says whether it may take more than one line. A number's point stands where that of the
    `longest` of its column would.
    """

    parts: tuple[str, ...]
    wraps: bool
    longest: str = ""

    def of(self, texts: Mapping[str, str]) -> str:
        """Return the text itself."""
        named = enumerate(self.parts)
        return "".join(texts[part] if place % 2 else part for place, part in named)


@dataclass(frozen=True)
class Marked:
    """Hold HTML whose differing texts are placeholders, each in an element with its own id."""

    html: str
    title: Pattern
    slots: tuple[Pattern, ...]
    groups: tuple[Group, ...]


def tokens(names: Iterable[str], length: int) -> dict[str, str]:
    """Return a token of this length for every text."""
    return {name: chr(FIRST_TOKEN + place) * length for place, name in enumerate(names)}


def named(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Split a text at its tokens: literal, name, literal, name, ... literal."""
    parts = TOKENS.split(SPACES.sub(" ", text.strip(" \n\t")))
    parts[1::2] = [names[ord(token) - FIRST_TOKEN] for token in parts[1::2]]
    return tuple(parts)


def anchor(slot: int) -> str:
    """Return the id of a slot's element."""
    return f"slot{slot}"


def placeholders() -> Iterable[str]:
    """Yield what stands in the slots while the page is laid out: no two alike, all one line."""
    return map("".join, product(NARROW, repeat=3))


def mark(html: str, names: Iterable[str]) -> Marked:
    """Find the texts made of tokens and put placeholders in their stead.

    Raises:
        ValueError: if a token stands elsewhere than at the start of an element.
    """
    known = list(names)
    slots: list[Pattern] = []
    titles: list[Pattern] = []
    members: dict[str, list[int]] = {}
    lengths: dict[str, int] = {}
    stand_ins = iter(placeholders())
    labels = _mixed_labels(html)
    table, row = 0, ""

    def marked(found: re.Match[str]) -> str:
        nonlocal table, row
        tag, attributes, text = found.groups()
        table += tag == "table"
        row = attributes if tag == "tr" else row
        cell = tag in ("td", "th")
        group = f"{table} {tag} {'labels' if 'labels' in row else ''}"
        if not TOKENS.search(text) and not (group in labels and text.strip()):
            if cell:
                lengths[group] = max(lengths.get(group, 0), len(unescape(text).strip()))
            return found[0]
        if tag == "title":
            titles.append(Pattern(named(unescape(text), known), wraps=False))
            return f"<title>{tag}"
        if cell:
            members.setdefault(group, []).append(len(slots))
        slots.append(Pattern(named(unescape(text), known), not cell, _longest(attributes)))
        return f'<{tag}{attributes} id="{anchor(len(slots) - 1)}">{next(stand_ins)}'

    result = ELEMENT.sub(marked, html)
    if left := TOKENS.search(result):
        around = result[max(0, left.start() - 40) : left.end() + 10]
        raise ValueError(f"a text that differs has to start its element: {around!r}")
    groups = (Group(tuple(some), lengths.get(name, 0)) for name, some in members.items())
    return Marked(result, titles[0], tuple(slots), tuple(groups))


def _longest(attributes: str) -> str:
    found = LONGEST.search(attributes)
    return found[1] if found else ""


def _mixed_labels(html: str) -> set[str]:
    """Return the groups of column labels in which some differ: the others change size with them."""
    found = set()
    for table, part in enumerate(re.split(r"<table\b", html)[1:], start=1):
        row = part[part.find("<tr") : part.find("</tr>")]
        if "labels" in row[: row.find(">")] and TOKENS.search(row):
            found.add(f"{table} th labels")
    return found
