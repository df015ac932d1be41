"""The page in a browser whose only network is this machine: single sheets, shown and saved."""

import re
import shutil
from http import HTTPStatus

import pytest
from page_made import READY, SHOWN, page_folder, pages_of, saved, served
from pdfium import read
from tab import tab

import worksheets as ws
from worksheets.page.serve import Handler


def chosen(page, script, before):
    """The ID of the sheet that is shown after what a script does."""
    page.value(f"{script}; 1")
    return page.until(f"({SHOWN}) !== {before!r} && ({SHOWN})")


@pytest.mark.slow
def test_a_sheet_is_shown_and_saved_with_the_same_pages_as_natively(opened):
    first = opened.until(SHOWN)
    same_as_natively(opened, first)
    other = chosen(opened, ANOTHER, first)
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


ANOTHER = "document.getElementById('another').click()"
KEPT = "document.documentElement.dataset.kept"


@pytest.mark.slow
def test_it_shows_a_sheet_before_python_is_there(tmp_path):
    with tab(tmp_path / "browser") as page, served(page_folder()) as address:
        page.send("Network.setBlockedURLs", urls=["*/pyodide/*", "*.zip"])
        page.open(address)
        same_as_natively(page, page.until(SHOWN))


@pytest.mark.slow
def test_after_one_visit_it_makes_sheets_without_a_connection(tmp_path, monkeypatch):
    sent = []
    monkeypatch.setattr(
        Handler, "log_request", lambda one, code, size="-": sent.append((one.path, int(code)))
    )
    with tab(tmp_path / "browser") as page:
        with served(page_folder()) as address:
            page.open(address)
            first = page.until(SHOWN)
            page.until(READY)
            chosen(page, ANOTHER, first)
            page.until(KEPT)
        whole = [path for path, code in sent if code == HTTPStatus.OK]
        assert {path for path in whole if whole.count(path) > 1} <= {"/sw.js"}
        assert {f"/{name}" for name in ("numpy.zip", "program.zip", "more.zip")} <= set(whole)
        assert "/proofs.zip" not in whole
        page.open(address)  # nobody serves it any more
        page.until(READY)
        assert page.until(SHOWN) == first
        same_as_natively(page, chosen(page, ANOTHER, first))
        assert all(path in whole for path, _ in sent)


@pytest.mark.slow
def test_another_version_of_the_page_takes_over_whole(tmp_path):
    folder, browser = tmp_path / "page", tmp_path / "browser"
    shutil.copytree(page_folder(), folder)
    with served(folder) as address, tab(browser) as page:
        page.open(address)
        first = page.until(SHOWN)
        chosen(page, ANOTHER, first)
        page.until(KEPT)
        worker = (folder / "sw.js").read_text("utf-8")
        (version,) = re.findall(r'VERSION = "(\w+)"', worker)
        (folder / "sw.js").write_text(worker.replace(version, "another"), "utf-8")
        style = folder / "style.css"
        style.write_text(f"{style.read_text('utf-8')}h1 {{ letter-spacing: 7px }}", "utf-8")
        page.open(address)  # the one that is kept, and the other one is fetched meanwhile
        assert page.until(SHOWN) == first
        assert page.value(SPACED) == "normal"
        page.value(WAITING)
    with tab(browser) as page:  # another day, without a connection
        page.open(address)
        page.until(READY)
        assert page.value(SPACED) == "7px"
        assert set(page.value("caches.keys()")) - {"python"} == {"another"}
        same_as_natively(page, chosen(page, ANOTHER, page.until(SHOWN)))


@pytest.mark.slow
def test_a_later_visit_starts_from_the_memory_of_the_first_unless_that_is_damaged(tmp_path):
    with served(page_folder()) as address:
        for changed, remains in ((0, True), (1, False)):  # in one byte
            with tab(tmp_path / "browser") as page:
                page.open(address)
                page.until(READY)
                page.value(MEMORY.format("!found"))
                page.value(MARKED.format(changed))
            with tab(tmp_path / "browser") as page:  # another day
                page.open(address)
                page.until(READY)
                same_as_natively(page, chosen(page, ANOTHER, page.until(SHOWN)))
                page.value(MEMORY.format("!found" if remains else "!found || seen"))
                assert page.value(MEMORY.format("false")) is remains


# Waits while this is so, and returns whether what is kept of Python's memory was marked by a test.
MEMORY = """(async () => {{
    for (;;) {{
        const [found] = await (await caches.open("python")).matchAll();
        const seen = found?.headers.get("X-Test") === "seen";
        if (!({})) return seen;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }}
}})()"""
MARKED = """(async () => {{
    const cache = await caches.open("python");
    const [name] = await cache.keys();
    const found = await cache.match(name);
    const content = new Uint8Array(await found.arrayBuffer());
    content[content.length >> 1] ^= {};
    const headers = {{ ...Object.fromEntries(found.headers), "X-Test": "seen" }};
    await cache.put(name, new Response(content, {{ headers }}));
}})()"""
WAITING = """(async () => {
    while (!(await navigator.serviceWorker.getRegistration()).waiting)
        await new Promise((resolve) => setTimeout(resolve, 100));
})()"""
SPACED = "getComputedStyle(document.querySelector('h1')).letterSpacing"
