"""The page of two small kinds, made once a run, and served; what is taken from it."""

import base64
import os
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import whole_run

import worksheets as ws
from worksheets.ids import LANGUAGES
from worksheets.language import ENGLISH
from worksheets.page.serve import address, server

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "scripts"))

READY = "document.documentElement.dataset.stage === 'ready'"
SHOWN = "!document.getElementById('shown').ariaBusy && document.getElementById('shown').dataset.id"
FETCHED = """(async (id) => {
    const content = await (await fetch(document.getElementById(id).href)).arrayBuffer();
    let text = "";
    for (const one of new Uint8Array(content)) text += String.fromCharCode(one);
    return btoa(text);
})"""
KINDS = {"matmul": tuple(LANGUAGES.values()), "linear_relu": (ENGLISH,)}  # with languages
AXE = """axe.run(document, {resultTypes: ["violations"]}).then((found) =>
    found.violations.map((one) => [one.id, ...one.nodes.map((node) => node.html)]))"""
GREY = "matmul"  # a class of which gets sheets without colours


def page_folder():
    """The folder of the page."""
    return Path(whole_run.once("page", _made).decode())


def tool(name):
    """The archive of what the page's tests look at it by."""
    from page_parts import fetched, pins

    return whole_run.once(name, lambda: fetched(pins(for_tests=True)[name], ROOT / "build/parts"))


def faults(page):
    """What axe-core finds wrong for people with disabilities in what is shown."""
    from page_parts import npm_files, pins

    if not page.value("typeof axe === 'object'"):
        files = npm_files(pins(for_tests=True)["axe"], tool("axe"))
        page.value(f"{files['axe.min.js'].decode()}; 1")
    return page.value(AXE)


def _made():
    import layouts
    import make_page

    run = Path(os.environ[whole_run.FOLDER])
    out, laid_out = run / "out-page", run / "page-layouts"
    laid_out.mkdir()
    for kind, languages in KINDS.items():
        for language in languages:
            blank = layouts.specification(kind, 1, "a4", language)
            layouts.sheet(laid_out, blank, with_form=True)
    layouts.sheet(laid_out, layouts.specification(GREY, 1, "a4", "en", look="grey"), with_form=True)
    make_page.main(out, laid_out, list(KINDS))
    return str(out).encode()


@contextmanager
def served(folder):
    """The address of the page, while it is served."""
    with server(folder) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield address(running)
        finally:
            running.shutdown()
            thread.join()


def saved(page, link):
    return base64.b64decode(page.value(f"{FETCHED}({link!r})"))


def pages_of(id):
    return ws.files(ws.from_id(id), {"pdf"}).values()


def of_cell(values, name):
    line, row, column = name.split(".")
    return str(values[line][int(row[1:]) - 1][int(column[1:]) - 1])
