"""The page in a browser whose only network is this machine: single sheets, shown and saved."""

import pytest
from page_made import READY, SHOWN, page_folder, pages_of, saved, served
from pdfium import read
from tab import tab

import worksheets as ws


def chosen(page, script, before):
    """The ID of the sheet that is shown after what a script does."""
    page.value(f"{script}; 1")
    return page.until(f"({SHOWN}) !== {before!r} && ({SHOWN})")


@pytest.mark.slow
def test_a_sheet_is_shown_and_saved_with_the_same_pages_as_natively(opened):
    first = opened.until(SHOWN)
    same_as_natively(opened, first)
    other = chosen(opened, "document.getElementById('another').click()", first)
    same_as_natively(opened, other)


def same_as_natively(page, id):
    for link, native in zip(("save-blank", "save-solved"), pages_of(id), strict=True):
        assert read(saved(page, link)) == read(native)


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


@pytest.mark.slow
def test_it_shows_a_sheet_before_python_and_opens_again_without_a_connection(tmp_path):
    with tab(tmp_path / "browser") as page:
        with served(page_folder()) as address:
            page.send("Network.setBlockedURLs", urls=["*/pyodide/*", "*.zip"])
            page.open(address)
            first = page.until(SHOWN)
            same_as_natively(page, first)
            page.send("Network.setBlockedURLs", urls=[])
            page.open(address)
            page.value("navigator.serviceWorker.ready.then(() => 1)")
            page.until("!!navigator.serviceWorker.controller")
            page.open(address)  # what it asks for now is kept
            page.until(SHOWN)
        page.open(address)  # nobody serves it any more
        page.until(READY)
        assert page.until(SHOWN) == first
