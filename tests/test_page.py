"""The page in a browser whose only network is this machine: what somebody sees and gets."""

import base64
import json
import re
import subprocess
from csv import DictReader
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest
import whole_run
from page_made import ROOT, page_folder, served
from pdfium import read
from tab import tab

import worksheets as ws
from worksheets.page.texts import TEXTS
from worksheets.sentences import Sentences

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
@pytest.mark.parametrize(("ending", "look"), [("csv", ""), ("xlsx", "grey")])
def test_a_class_gets_the_same_set_as_natively(opened, tmp_path, ending, look):
    roster = tmp_path / f"class.{ending}"
    if ending == "csv":
        roster.write_text(table(OF_FONTS), "utf-8")
    else:
        workbook(roster)
    there = class_made(opened, roster, tmp_path / "there", "autumn", look)
    students, notes = read_natively(roster)
    native = tmp_path / "autumn-matmul-1"
    order = ws.order(
        "matmul", students, set_name="autumn", level=1, roster=roster.name,
        grey=bool(look), formats={"form"},
    )  # fmt: skip
    certificate = ws.class_set(order, native, workers=1, tell=notes.append)
    letters = set()
    for file, same in pdfs_of_the_same_set(there / native.name, native):
        letters |= letters_of(file)
        if ending == "csv":
            assert read(file) == read(same)
        else:
            assert len(read(file)) == len(read(same))
    assert letters >= set("".join(student.name for student in students))
    said = (there / native.name / "certificate.txt").read_text("utf-8")
    assert "were not proved" in said
    assert certificate.proved_by_the_law == len(STUDENTS)
    assert notes[-1] in opened.value("document.getElementById('class-done').innerText")


def class_made(page, roster, folder, code, look):
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
        f"document.getElementById('class-look').value = '{look}';"
        "document.getElementById('class-form').checked = true;"
        "document.getElementById('class-make').click(); 1"
    )
    return class_unpacked(page, folder)


def class_unpacked(page, folder):
    done = "!!document.querySelector('#class-done a')"
    fault = "document.getElementById('class-fault').textContent"
    page.until(f"document.getElementById('class-running').hidden && ({done} || {fault})")
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
    forms = sorted(path.name for path in native.glob("forms/*"))
    assert sorted(path.name for path in there.glob("forms/*")) == forms
    for name in forms:
        ours, theirs = (fields_of(one / "forms" / name) for one in (there, native))
        assert ours == theirs
    for name in names:
        if name.endswith(".pdf"):
            with pikepdf.open(there / name) as pdf:
                assert not pdf.check_pdf_syntax()
            yield (there / name).read_bytes(), (native / name).read_bytes()


def fields_of(path):
    """A form's fields as pikepdf finds them: names, values, what each is for, and where it is."""
    with pikepdf.open(path) as pdf:
        assert not pdf.check_pdf_syntax()
        tags = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        found = []
        for number, page in enumerate(pdf.pages):
            for one in page.get("/Annots", ()):
                if not int(one.F) & 2:  # hidden
                    assert tags[one.StructParent].K.Obj.objgen == one.objgen
                box = [float(edge) for edge in one.Rect]
                found.append((number, str(one.get("/T")), str(one.get("/V")), str(one.TU), box))
        return found


def letters_of(content):
    """A PDF's letters as somebody copies it, of names too that are drawn as images."""
    command = ["pdftotext", "-", "-"]
    found = subprocess.run(command, input=content, capture_output=True, check=True)
    return set(found.stdout.decode())


LADDER = """title = "Two of them"
[[rung]]
kind = "matmul"
level = 1
[[rung]]
kind = "linear_relu"
"""


@pytest.mark.slow
def test_a_dropped_ladder_makes_the_same_course_as_natively(opened, tmp_path):
    roster, ladder = tmp_path / "class.csv", tmp_path / "ladder.toml"
    roster.write_text(table(OF_FONTS[:2]), "utf-8")
    ladder.write_text(LADDER, "utf-8")
    opened.value("location.hash = '#class'; document.getElementById('class-form').checked = false;")
    opened.give("#list", roster)
    opened.give("#course-file", ladder)
    opened.until("!!document.querySelector('#course-save a')")
    opened.value("document.querySelector('#course-save a').id = 'ladder-file'; 1")
    (tmp_path / "again.toml").write_bytes(saved(opened, "ladder-file"))
    assert ws.read_course(tmp_path / "again.toml") == ws.read_course(ladder)
    opened.until(
        "document.getElementById('list-count')?.textContent.startsWith('2 ') && "
        "!document.getElementById('class-make').disabled"
    )
    opened.value(
        "document.getElementById('class-done').replaceChildren();"
        "document.getElementById('class-look').value = '';"
        "document.getElementById('class-set').value = 'spring';"
        "document.getElementById('class-make').click(); 1"
    )
    there = class_unpacked(opened, tmp_path / "there") / "spring-course"
    opened.value("document.getElementById('course-none').click(); 1")
    students, _ = read_natively(roster)
    native = tmp_path / "native"
    made = ws.course(ws.read_course(ladder), students, native, set_name="spring", workers=1)
    for name in made:
        for file, same in pdfs_of_the_same_set(there / name, native / name):
            assert read(file) == read(same)
    page = (there / "course.html").read_text("utf-8")
    assert "Two of them" in page
    assert page.count('<th scope="row">') == len(made)


MARKS = """Object.fromEntries(Array.from(document.querySelectorAll("#solve-pages input"),
    (one) => [one.name, one.dataset.mark]))"""
COUNTED = "document.getElementById('solve-count').textContent"


def texts_without_relu(sheet):
    """What a learner types who forgets ReLU and goes on with it, and the cells that differ."""
    hidden = [[int(one) for one in row] for row in sheet.values["hidden"]]
    outputs = [
        [
            sum(int(w) * x for w, x in zip(weights, [*column, 1], strict=True))
            for column in zip(*hidden, strict=True)
        ]
        for weights in sheet.values["output_weights"]
    ]
    slips = [
        f"active.r{row}.c{column}"
        for row, entries in enumerate(hidden, 1)
        for column, one in enumerate(entries, 1)
        if one < 0
    ]
    return {**sheet.values, "active": hidden, "outputs": outputs}, slips


def of_cell(values, name):
    line, row, column = name.split(".")
    return str(values[line][int(row[1:]) - 1][int(column[1:]) - 1])


@pytest.mark.slow
def test_a_learner_fills_a_sheet_in_by_keyboard_is_told_a_slip_and_mends_it(opened, address):
    sheet = ws.sheet("linear_relu", number=whole_run.seed())
    own, slips = texts_without_relu(sheet)
    assert slips
    cells = [one.name for one in ws.screen_cells(sheet) if one.to_do]
    opened.value(
        f"location.hash = '#solve'; document.getElementById('solve-id').value = '{sheet.id}';"
        "document.querySelector('#solve-form button').click(); 1"
    )
    opened.until(f"document.getElementById('solve-work').dataset.id === '{sheet.id}'")
    opened.value("document.querySelector('#solve-pages input').focus(); 1")
    for name in cells:
        assert opened.value("document.activeElement.name") == name
        opened.type(of_cell(own, name))
        opened.press("Tab", 9)
    assert "✓" not in opened.value("document.getElementById('solve').innerText")
    opened.value("document.getElementById('check-all').click(); 1")
    opened.until("document.getElementById('solve-said').textContent")
    marks = opened.value(MARKS)
    assert {marks.pop(slip) for slip in slips} == {"wrong"}
    for name, mark in marks.items():
        same = of_cell(own, name) == of_cell(sheet.values, name)
        assert mark == ("right" if same else "follows"), name
    said = opened.value("document.getElementById('solve-said').textContent")
    assert Sentences("linear_relu").advice("ReLU forgotten") in said
    opened.open(f"{address}#solve")  # another day
    opened.until(READY)
    opened.until(f"document.getElementById('solve-work').dataset.id === '{sheet.id}'")
    opened.until(f"{COUNTED}.startsWith('{len(cells) - len(slips)} ')")
    for name in cells:
        if of_cell(own, name) != of_cell(sheet.values, name):
            opened.value(f"document.querySelector('[name=\"{name}\"]').select(); 1")
            opened.type(of_cell(sheet.values, name))
    opened.press("Enter", 13)
    opened.value("document.getElementById('check-all').click(); 1")
    opened.until(
        "!document.getElementById('solve-end').hidden && !!document.querySelector('#solve-save a')"
    )
    opened.value("document.querySelector('#solve-save a').id = 'solved-file'; 1")
    assert read(saved(opened, "solved-file")) == read(list(pages_of(sheet.id))[1])


@pytest.mark.slow
def test_a_hint_frames_the_row_and_the_column_that_meet(opened):
    sheet = ws.sheet("linear_relu", number=whole_run.seed())
    opened.value("document.querySelector('[name=\"hidden.r2.c1\"]').focus(); 1")
    opened.value("document.getElementById('hint').click(); 1")
    opened.until("!!document.querySelector('#solve-pages .lit')")
    lit = opened.value("document.querySelectorAll('#solve-pages .lit').length")
    width = len(sheet.values["hidden_weights"][0])
    assert lit >= 2 * width - 1  # a row of weights, and a column of inputs without its one
    assert ws.hint(sheet, "hidden.r2.c1").cells == (
        *(f"inputs.r{row + 1}.c1" for row in range(width - 1)),
        *(f"hidden_weights.r2.c{column + 1}" for column in range(width)),
    )


@pytest.mark.slow
def test_it_opens_again_without_a_connection(tmp_path):
    with tab(tmp_path / "browser") as page:
        with served(page_folder()) as address:
            page.open(address)
            first = page.until(SHOWN)
            page.value("navigator.serviceWorker.ready.then(() => 1)")
            page.until("!!navigator.serviceWorker.controller")
            page.open(address)  # what it asks for now is kept
            page.until(SHOWN)
        page.open(address)  # nobody serves it any more
        page.until(READY)
        assert page.until(SHOWN) == first


def filled_form(sheet, folder, values):
    """The sheet's form as another program fills it in."""
    (content,) = ws.files(sheet, {"form"}).values()
    path = folder / "form.pdf"
    with pikepdf.open(BytesIO(content)) as pdf:
        waiting = [(one, "") for one in pdf.Root.AcroForm.Fields]
        while waiting:
            field, above = waiting.pop()
            name = ".".join(filter(None, (above, str(field.get("/T", "")))))
            waiting += [(kid, name) for kid in field.get("/Kids", ())]
            if name in values:
                field.V = pikepdf.String(values[name])
        pdf.save(path)
    return path


def fill_workbook(sheet, path, texts):
    """The sheet's answer sheet as a spreadsheet saves it, with these texts in its cells."""
    (content,) = ws.files(sheet, {"xlsx"}).values()
    book = openpyxl.load_workbook(BytesIO(content))
    for name, text in texts.items():
        line, row, column = name.split(".")
        tab, corners = next(iter(book.defined_names[line].destinations))
        first = book[tab][corners.replace("$", "")]
        first = first[0][0] if isinstance(first, tuple) else first
        first.offset(int(row[1:]) - 1, int(column[1:]) - 1).value = text
    book.save(path)


@pytest.mark.slow
def test_what_was_handed_in_gets_the_same_marks_as_natively(opened, tmp_path):
    sheets = list(ws.sheets("matmul", number=whole_run.seed(), count=4))
    keys = [
        {cell.name: of_cell(one.values, cell.name) for cell in ws.screen_cells(one) if cell.to_do}
        for one in sheets
    ]
    keys[1]["product.r1.c1"] = "99"
    (tmp_path / "one.json").write_text(json.dumps({"id": sheets[0].id, "cells": keys[0]}))
    rows = [["id", "line", "row", "column", "value"]]
    for name, text in keys[1].items():
        line, row, column = name.split(".")
        rows.append([sheets[1].id, line, row[1:], column[1:], text])
    (tmp_path / "two.csv").write_text("".join(",".join(row) + "\n" for row in rows))
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n%%EOF")
    filled_form(sheets[2], tmp_path, {**keys[2], "product.r2.c2": "77"})
    fill_workbook(sheets[3], tmp_path / "four.xlsx", {**keys[3], "product.r1.c1": "5x"})
    native = ws.mark([tmp_path])
    opened.value("location.hash = '#mark'; 1")
    opened.give("#handed-in", *sorted(tmp_path.iterdir()))
    opened.value("document.getElementById('mark-feedback').checked = false;")
    opened.value("document.getElementById('mark-make').click(); 1")
    opened.value("document.getElementById('mark-stop').click(); 1")
    opened.until("document.getElementById('mark-running').hidden")
    opened.until(READY)
    opened.value("document.getElementById('mark-make').click(); 1")
    fault = "document.getElementById('mark-fault').textContent"
    opened.until(f"!!document.querySelector('#mark-done table') || {fault}")
    shown = opened.value("document.getElementById('mark-done').innerText").splitlines()
    assert len(native.marked) == len(sheets)
    for one in native.marked:
        (row,) = (line for line in shown if one.sheet.id in line)
        assert row.split("\t")[-2:] == [one.shown(one.earned), one.shown(one.points)]
    assert any(line.startswith("scan.pdf\t") for line in shown)
    report = "document.getElementById('mark-shown').shadowRoot"
    assert "The hardest steps" in opened.value(f"{report}.textContent")
    assert opened.value(f"{report}.querySelectorAll('.map rect').length") > len(keys[0])
    opened.value("document.querySelector('#mark-done a').id = 'marks'; 1")
    with ZipFile(BytesIO(saved(opened, "marks"))) as archive:
        assert {"marks/marks.csv", "marks/report.html"} <= set(archive.namelist())


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
