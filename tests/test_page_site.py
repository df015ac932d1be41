"""The page’s own code: the types of its modules, its texts, and what axe-core says of its views."""

import re
import subprocess
import tarfile
from collections import Counter
from io import BytesIO
from itertools import chain

import pytest
from page_made import ROOT, SHOWN, faults, tool

from worksheets.page.texts import TEXTS

SITE = ROOT / "worksheets" / "page" / "site"


@pytest.mark.slow
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


def test_each_element_that_a_module_names_is_there_once():
    ids = Counter(re.findall(r'\bid="([^"]+)"', text_of(SITE / "index.html")))
    assert set(ids.values()) == {1}, ids.most_common(3)
    named = set()
    for path in SITE.glob("*.js"):
        named |= set(re.findall(r'(?:\bby|getElementById)\("([^"]+)"\)', text_of(path)))
    assert named <= set(ids), named - set(ids)


WIDTHS = (640, 390)  # a laptop's at 200 %, and a telephone's
# A module's globals are those of a page's or of a worker's; each has its own.
ROOTS = {"dom,dom.iterable": ["main.js"], "webworker": ["worker.js", "sw.js"]}
STRICT = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2023"]
MODULES = ["--module", "esnext", "--moduleResolution", "bundler", "--moduleDetection", "force"]


@pytest.mark.slow
def test_the_types_of_its_modules_fit(tmp_path):
    with tarfile.open(fileobj=BytesIO(tool("typescript"))) as archive:
        archive.extractall(tmp_path, filter="data")
    modules = list(SITE.glob("*.js"))
    imported = set(re.findall(r'from "\./(\w+\.js)"', "".join(map(text_of, modules))))
    assert {one.name for one in modules} == {*imported, *chain(*ROOTS.values())}  # none is left out
    for globals_, roots in ROOTS.items():
        files = [ROOT / "tests" / "site.d.ts", *(SITE / name for name in roots)]
        command = ["node", tmp_path / "package/lib/tsc.js", *STRICT, *MODULES, "--lib"]
        done = subprocess.run(
            [*command, f"es2023,esnext.iterator,{globals_}", *files],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert not done.returncode, done.stdout


def text_of(path):
    return path.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_fault_in_any_view_in_spanish(opened, colours):
    opened.until(SHOWN)
    scheme = [{"name": "prefers-color-scheme", "value": colours}]
    opened.send("Emulation.setEmulatedMedia", features=scheme)
    choose = "{const one = document.getElementById('language'); one.value = '%s';"
    tell = "one.dispatchEvent(new Event('change'))}; 1"
    opened.value(choose % "es" + tell)
    opened.until("document.documentElement.lang === 'es'")
    for view in ("sheet", "solve", "class", "mark"):
        opened.value(f"location.hash = '#{view}'; 1")
        opened.until(f"!document.getElementById('{view}').hidden")
        assert faults(opened) == []
        for width in WIDTHS:
            opened.size(width, 844)
            assert opened.value("document.documentElement.scrollWidth") <= width, view
        opened.size(1280, 900)
    opened.value(f"location.hash = '#sheet'; {choose % 'en'}{tell}")
    opened.until("document.documentElement.lang === 'en'")
    opened.send("Emulation.setEmulatedMedia", features=[])
