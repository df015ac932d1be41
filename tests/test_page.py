"""The page in a browser whose only network is this machine: what somebody sees and gets."""

import base64
import re

import pytest
from page_made import ROOT, page_folder, served
from pdfium import read
from tab import tab

import worksheets as ws
from worksheets.page.texts import TEXTS

SITE = ROOT / "worksheets" / "page" / "site"
READY = "document.documentElement.dataset.stage === 'ready'"
SHOWN = "!document.getElementById('shown').ariaBusy && document.getElementById('shown').dataset.id"
FETCHED = """(async (id) => {
    const content = await (await fetch(document.getElementById(id).href)).arrayBuffer();
    return btoa(Array.from(new Uint8Array(content), (one) => String.fromCharCode(one)).join(""));
})"""


@pytest.fixture(scope="module")
def address():
    with served(page_folder()) as there:
        yield there


@pytest.fixture(scope="module")
def opened(address, tmp_path_factory):
    with tab(tmp_path_factory.mktemp("browser")) as made:
        made.size(1280, 900)
        made.open(address)
        made.until(READY)
        yield made
        assert all(one.startswith((address, "blob:", "data:")) for one in made.requests)
        assert made.said == []


def chosen(page, script, before):
    """The ID of the sheet that is shown after what a script does."""
    page.value(f"{script}; 1")
    return page.until(f"({SHOWN}) !== {before!r} && ({SHOWN})")


def saved(page, link):
    return base64.b64decode(page.value(f"{FETCHED}({link!r})"))


@pytest.mark.slow
def test_a_sheet_is_shown_and_saved_with_the_same_pages_as_natively(opened):
    first = opened.until(SHOWN)
    other = chosen(opened, "document.getElementById('another').click()", first)
    for link, native in zip(("save-blank", "save-solved"), pages_of(other), strict=True):
        assert read(saved(opened, link)) == read(native)


def pages_of(id):
    return ws.files(ws.from_id(id), {"pdf"}).values()


@pytest.mark.slow
def test_spanish_is_one_choice_away(opened):
    first = opened.until(SHOWN)
    choose = "const one = document.getElementById('language'); one.value = {!r};"
    tell = "one.dispatchEvent(new Event('change'))"
    other = chosen(opened, f"{{{choose.format('es')}{tell}}}", first)
    assert ws.from_id(other).identity.language == "es"
    assert opened.value("document.documentElement.lang") == "es"
    assert "Hoja" in opened.value("document.body.innerText")
    back = chosen(opened, f"{{{choose.format('en')}{tell}}}", other)
    assert back == first


@pytest.mark.slow
def test_a_mistyped_id_is_told_as_on_the_command_line(opened):
    opened.until(SHOWN)
    opened.value(
        "document.getElementById('id').value = 'MATM-1F10E-0001-A';"
        "document.querySelector('#choice [type=submit]').click(); 1"
    )
    said = opened.until("document.getElementById('fault').textContent")
    with pytest.raises(ws.InputError) as error:
        ws.from_id("MATM-1F10E-0001-A")
    assert said == str(error.value)


def test_each_text_of_the_page_is_listed_and_each_listed_text_is_said():
    said = set()
    for path in SITE.glob("*.js"):
        text = path.read_text("utf-8")
        said |= set(re.findall(r'"((?:[^"\\\n]|\\.)*)"', text))
    html = (SITE / "index.html").read_text("utf-8")
    shown = set(re.findall(r"data-t>([^<]+)<", html))
    assert shown <= set(TEXTS), shown - set(TEXTS)
    assert set(TEXTS) <= said | shown, set(TEXTS) - said - shown
    called = set()
    for path in SITE.glob("*.js"):
        called |= set(re.findall(r'\bt\("([^"]+)"', path.read_text("utf-8")))
    assert called <= set(TEXTS), called - set(TEXTS)
