"""Write what a printed page looks like as five letters of its QR code, and read them back.

They are VERSION, paper (A4 or Letter), size (Normal or Large print) and two of the view: 00 plain,
01 to 03 the fades of `FADES` in their order, 0Z inverse, and from 10 on, in base 32, the place of
the one answer that is left to do.
"""

from __future__ import annotations

from worksheets.engine.graph import Graph
from worksheets.errors import InputError
from worksheets.ids import ALPHABET, look_scanned
from worksheets.views.faded import FADES, shown_already
from worksheets.views.page import PAPERS, Page

# A page whose cells stand elsewhere than on those handed out has the next one.
VERSION = "1"
PAPER_LETTERS = dict(zip("AL", PAPERS, strict=True))
SIZE_LETTERS = {"N": False, "L": True}
INVERSE = "0Z"
BASE = len(ALPHABET)


def look(page: Page, graph: Graph) -> str:
    """Return the five letters of a page, on which a sheet of this graph stands."""
    paper = next(letter for letter, name in PAPER_LETTERS.items() if name == page.paper)
    size = next(letter for letter, large in SIZE_LETTERS.items() if large == page.large_print)
    if page.inverse:
        view = INVERSE
    else:
        high, low = divmod(_fades(graph).index(page.fade), BASE)
        view = ALPHABET[high] + ALPHABET[low]
    return VERSION + paper + size + view


def read_look(letters: str, graph: Graph) -> Page:
    """Return the page that five letters tell of, on which a sheet of this graph stands.

    Raises:
        InputError: if no page of this version has these letters.
    """
    version, paper, size, high, low = tuple(letters)
    fades = _fades(graph)
    view = ALPHABET.find(high) * BASE + ALPHABET.find(low)
    inverse = high + low == INVERSE
    known = inverse or (0 <= view < len(fades) and (view == 0 or fades[view]))
    if version != VERSION or paper not in PAPER_LETTERS or size not in SIZE_LETTERS or not known:
        raise InputError(f"look {letters!r}: no program of this version has printed such a page")
    return Page(
        paper=PAPER_LETTERS[paper],
        large_print=SIZE_LETTERS[size],
        fade="" if inverse else fades[view],
        inverse=inverse,
    )


def fade_scanned(text: str, graph: Graph, said: str) -> str:
    """Return a sheet's fade: as it is `said`, or as the code of one of its pages tells.

    Raises:
        InputError: if it is none of the sheet's, or the two differ.
    """
    shown_already(graph, said)
    if not (letters := look_scanned(text)):
        return said
    page = read_look(letters, graph)
    if page.inverse:
        raise InputError(f"code {text!r}: an inverse sheet is not marked")
    if said and page.fade != said:
        raise InputError(f"fade {said!r}: the code {text!r} is of a page faded {page.fade!r}")
    return page.fade


def _fades(graph: Graph) -> list[str]:
    """Return every fade of a graph at its number; between the common ones and lines are none."""
    common = ["", *FADES]
    return [*common, *[""] * (BASE - len(common)), *(line.name for line in graph.answers)]
