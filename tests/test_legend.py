"""The head of a page says what its signs mean, and those of no other page."""

import html
import re

import pytest
from every_kind import LEVELS, identity

from worksheets.render.page import filled
from worksheets.render.texts import texts
from worksheets.sheet import make
from worksheets.views.inverse import inverse

LEGEND = re.compile(r'<p class="legend">(.*?)</p>')

MISSING = re.compile(r'<td class="[^"]*\bmissing\b')


@pytest.mark.slow
@LEVELS
@pytest.mark.parametrize("solved", [False, True])
def test_signs_are_explained_on_their_page(kind: str, level: int, solved: bool) -> None:
    if kind == "rlhf":
        pytest.skip("drawn by a template of its own")
    one = make([identity(kind, level, 1)])[0]
    whole = filled(one.kind, one.identity, texts(one), solved=solved)
    explained(whole)


@pytest.mark.slow
@LEVELS
@pytest.mark.parametrize("solved", [False, True])
def test_a_number_to_be_found_has_a_sign_of_its_own(kind: str, level: int, solved: bool) -> None:
    one = make([identity(kind, level, 1)])[0]
    view = inverse(one)
    whole = filled(one.kind, one.identity, texts(one), solved=solved, view=view)
    _, *pages = re.split(r'<section class="page[^"]*">', whole)
    assert MISSING.search(whole)
    if kind == "rlhf":
        assert all(LEGEND.findall(page) == ["thick border: to find"] for page in pages)
    else:
        explained(whole)


def explained(whole: str) -> None:
    """Each page's legend has the signs that stand on it, and no other."""
    _, *pages = re.split(r'<section class="page[^"]*">', whole)
    for page in pages:
        said = html.unescape("".join(LEGEND.findall(page)))
        rest = LEGEND.sub("", page)
        assert ("dotted: copy" in said) == bool(re.search(r'<td class="[^"]*\bcopy\b', rest))
        assert ("thick border: to find" in said) == bool(MISSING.search(rest))
        assert ("⊙: multiply cell by cell" in said) == ("⊙" in rest)
        assert ("Xᵀ: rows as columns" in said) == ("ᵀ" in rest)
