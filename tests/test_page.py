"""The page in a browser whose only network is this machine: what somebody sees and gets."""

import base64
import re
import subprocess
from csv import DictReader
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pikepdf
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
    let text = "";
    for (const one of new Uint8Array(content)) text += String.fromCharCode(one);
    return btoa(text);
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


STUDENTS = ["Ada Lovelace", "Alan Turing", "Nguyễn Văn An", "王小明"]
STUDENTS += map("Pat {}".format, range(26))
OF_FONTS = [*STUDENTS[:2], "Zoë Álvarez", "Jürgen Groß", *STUDENTS[4:]]


def table(names):
    rows = [f"{100 + place};{name};{'AB'[place % 2]}" for place, name in enumerate(names)]
    return "\n".join(["Nummer;Name;Section", *rows, ""])


def workbook(path):
    book = openpyxl.Workbook()
    for row in table(STUDENTS).splitlines():
        book.active.append(row.split(";"))
    book.save(path)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_class_gets_the_same_set_as_natively(opened, tmp_path, ending):
    roster = tmp_path / f"class.{ending}"
    if ending == "csv":
        roster.write_text(table(OF_FONTS), "utf-8")
    else:
        workbook(roster)
    there = class_made(opened, roster, tmp_path / "there", "autumn")
    students, notes = read_natively(roster)
    native = tmp_path / "autumn-matmul-1"
    order = ws.order("matmul", students, set_name="autumn", level=1, roster=roster.name)
    certificate = ws.class_set(order, native, workers=1, tell=notes.append)
    for file, same in pdfs_of_the_same_set(there / native.name, native):
        if ending == "csv":
            assert read(file) == read(same)
        else:
            assert sorted(words_of(file)) == sorted(words_of(same))
    said = (there / native.name / "certificate.txt").read_text("utf-8")
    assert "were not proved" in said
    assert certificate.proved_by_the_law == len(STUDENTS)
    assert notes[-1] in opened.value("document.getElementById('class-done').innerText")


def class_made(page, roster, folder, code):
    """The folder of the set that the page's archive holds."""
    page.value("location.hash = '#class'; 1")
    page.give("#list", roster)
    page.until(
        f"(document.getElementById('list-count') || {{}}).textContent?.includes('{roster.name}')"
    )
    assert str(len(STUDENTS)) in page.value("document.getElementById('list-count').textContent")
    page.value(
        f"document.getElementById('class-set').value = '{code}';"
        "document.getElementById('class-kind').value = 'matmul';"
        "document.getElementById('class-kind').dispatchEvent(new Event('change'));"
        "document.getElementById('class-make').click(); 1"
    )
    done = "!!document.querySelector('#class-done a')"
    page.until(f"document.getElementById('class-running').hidden && {done}")
    page.value("document.querySelector('#class-done a').id = 'set'; 1")
    with ZipFile(BytesIO(saved(page, "set"))) as archive:
        archive.extractall(folder)
    return folder


def read_natively(roster):
    notes = []
    return ws.read_roster(roster, {}, notes.append), notes


def pdfs_of_the_same_set(there, native):
    names = {path.name for path in native.iterdir()}
    assert {path.name for path in there.iterdir()} == names
    assert (there / "key.json").read_bytes() == (native / "key.json").read_bytes()
    columns = ("student", "name", "section", "id", "first_page", "last_page", "minutes")
    both = [
        list(DictReader((one / "manifest.csv").read_text("utf-8-sig").splitlines()))
        for one in (there, native)
    ]
    assert [[row[one] for one in columns] for row in both[0]] == [
        [row[one] for one in columns] for row in both[1]
    ]
    for name in names:
        if name.endswith(".pdf"):
            with pikepdf.open(there / name) as pdf:
                assert not pdf.check_pdf_syntax()
            yield (there / name).read_bytes(), (native / name).read_bytes()


def words_of(content):
    """A PDF's words as somebody copies it, of names too that are drawn as images."""
    command = ["pdftotext", "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.split()


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
