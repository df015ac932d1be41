"""The code of every page, read back from a page that was printed and scanned a little askew."""

import json
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
import whole_run
import zxingcpp
from PIL import Image

import worksheets as ws
from worksheets import cli, secret
from worksheets.errors import InputError
from worksheets.exercise import all_kinds, graph, levels_by_code
from worksheets.ids import ALPHABET, Identity, look_scanned, parse
from worksheets.layouts.single import blank
from worksheets.marking.walk import Walk
from worksheets.secret import mark_of, take
from worksheets.sheet import make
from worksheets.views.look import fade_scanned, look, read_look
from worksheets.views.page import Page
from worksheets.views.view import USUAL

ROSTER = Path(__file__).parents[1] / "docs" / "roster.csv"
DPI, ASKEW = 150, 3  # a usual scan; degrees
SECRET = b"b5bb9d8014a0f9b1d61e21e796d78dcc"


def scanned(content):
    """What a reader finds on every page, black and white as office scanners make them."""
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.render(scale=DPI / 72).to_pil().convert("L") for page in document]
    turned = (
        page.rotate(ASKEW, expand=True, resample=Image.Resampling.BILINEAR, fillcolor=255)
        for page in pages
    )
    return [[code.text for code in zxingcpp.read_barcodes(page)] for page in turned]


def expected(sheet, content, letters):
    """One code a page: the sheet's ID, the page's number, and these letters."""
    with pypdfium2.PdfDocument(content) as document:
        return [[f"{sheet.id}/{page}/{letters}"] for page in range(1, len(document) + 1)]


PAGES = {
    "1AN00": Page(),
    "1LN00": Page(paper="letter"),
    "1AL00": Page(large_print=True),
    "1AN01": Page(fade="alternate"),
    "1LN03": Page(paper="letter", fade="one-cell"),
    "1AN0Z": Page(inverse=True),  # not stamped, but rendered
    "1AL0Z": Page(large_print=True, inverse=True),
}


@pytest.mark.slow
@pytest.mark.parametrize(("letters", "page"), PAGES.items())
def test_every_page_says_which_it_is_and_what_it_looks_like(letters, page):
    sheet = make([Identity("MATM", 1, 7)])[0]
    unsolved, solved = ws.files(sheet, formats={"pdf"}, page=page).values()
    assert scanned(unsolved) == expected(sheet, unsolved, letters)
    plain = letters if page.inverse else f"{letters[:3]}00"  # solved, it is the same whatever faded
    assert scanned(solved) == expected(sheet, solved, plain)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "large"), whole_run.chosen(4, list(product(all_kinds(), [False, True])))
)
def test_every_kinds_longest_sheet_is_read(kind, large, tmp_path, monkeypatch):
    """Its ID as long as can be: with the marks of a teacher's words and of a secret."""
    monkeypatch.setattr(secret, "_given", {})
    take({mark_of(SECRET): SECRET})
    level = max(all_kinds()[kind].LEVELS)
    identity = Identity(all_kinds()[kind].CODE, level, 32**8 - 1, secret=mark_of(SECRET))
    sheet = make([identity])[0]
    page = Page(large_print=large, paper="letter")
    content = blank(sheet, page, USUAL)
    found = scanned(content)
    assert found == expected(sheet, content, f"1L{'L' if large else 'N'}00")
    assert [parse(text, levels_by_code()) for (text,) in found] == [identity] * len(found)


@pytest.mark.slow
def test_a_sets_sheets_have_codes_and_its_empty_pages_and_covers_have_none(tmp_path):
    order = [str(ROSTER), "--level", "1", "--set", "codes", "--fade", "one-cell"]
    with pytest.raises(SystemExit) as caught:
        cli.main(["class", "rlhf", *order, "--covers", "--output", str(tmp_path)])
    assert not caught.value.code
    sheets = json.loads((tmp_path / "manifest.json").read_bytes())["students"]
    files = sorted(tmp_path.glob("*blank*.pdf"))
    found = [texts for file in files for texts in scanned(file.read_bytes()) if texts]
    right = [[f"{one['id']}/{page}/1AN03"] for one in sheets for page in (1, 2)]
    assert sorted(found) == sorted(right)


LOOKS = [
    Page(paper=paper, large_print=large, fade=fade)
    for paper in ("a4", "letter")
    for large in (False, True)
    for fade in (
        "",
        "alternate",
        "one-matrix",
        "one-cell",
        *(one.name for one in graph("rlhf", 3).answers),
    )
]


def test_no_two_looks_have_the_same_letters_and_each_is_read_back():
    found = graph("rlhf", 3)
    looks = [*LOOKS, *(Page(paper=paper, inverse=True) for paper in ("a4", "letter"))]
    letters = [look(page, found) for page in looks]
    assert len(set(letters)) == len(looks) > 100
    assert all(len(one) == 5 and set(one) <= set(ALPHABET + "LNA") for one in letters)
    assert [read_look(one, found) for one in letters] == looks
    first = found.answers[0].name
    assert look(Page(fade=first), found) == "1AN10"


@pytest.mark.parametrize(
    "letters", ["2AN00", "1XN00", "1AX00", "1AN04", "1AN0Y", "1ANZZ", "1AN+0", "1AN-1", "1ANU0"]
)
def test_letters_of_no_page_are_refused(letters):
    with pytest.raises(InputError, match="no program of this version has printed such a page"):
        read_look(letters, graph("rlhf", 1))


def test_what_a_scanner_types_is_the_sheets_id():
    identity = Identity("RLHF", 3, 7)
    for text in (identity.text, f"{identity.text}/2/1AN00", f" {identity.text.lower()}/12/1an0z\n"):
        assert parse(text, levels_by_code()) == identity
    assert look_scanned(f"{identity.text.lower()}/2/1an0z") == "1AN0Z"
    assert look_scanned(identity.text) == ""
    for wrong in ("/2", "/2/1AN0", "/0/1AN00", "/2/1AN00/3", "//1AN00", "/2/1AN000", "/-1/1AN00"):
        with pytest.raises(InputError):
            parse(identity.text + wrong, levels_by_code())


def test_a_scanned_code_tells_the_fade_of_its_sheet():
    sheet = make([Identity("RLHF", 1, 7)])[0]
    for fade in ("", "one-cell", "scores"):
        code = f"{sheet.id}/1/{look(Page(fade=fade), sheet.graph)}"
        assert fade_scanned(code, sheet.graph, "") == fade
        assert fade_scanned(code, sheet.graph, fade) == fade
    assert fade_scanned(sheet.id, sheet.graph, "alternate") == "alternate"
    with pytest.raises(
        InputError, match=r"fade 'alternate': the code .* is of a page faded 'scores'"
    ):
        fade_scanned(code, sheet.graph, "alternate")
    with pytest.raises(InputError, match="an inverse sheet is not marked"):
        fade_scanned(f"{sheet.id}/1/1AN0Z", sheet.graph, "")


def test_a_class_is_walked_by_scanned_codes(tmp_path):
    students = [
        {
            "id": Identity("MATM", 1, number).text,
            "student": str(number),
            "name": name,
            "section": "",
        }
        for number, name in ((7, "Ada"), (8, "Bob"))
    ]
    manifest = {"kind": "matmul", "level": 1, "code": "x", "students": students}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    walk = Walk(tmp_path)
    for one in students:
        assert walk.find(f"{one['id'].lower()}/2/1an00") == [one["id"]]
