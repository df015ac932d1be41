"""Class sets and courses that are made in a browser are those of this machine."""

import subprocess
from csv import DictReader
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest
from page_made import faults, saved
from pdfium import read

import worksheets as ws

STUDENTS = ["Ada Lovelace", "Alan Turing", "Nguyễn Văn An", "王小明"]
STUDENTS += map("Pat {}".format, range(26))
OF_FONTS = [*STUDENTS[:2], "Zoë Álvarez", "Jürgen Groß", *STUDENTS[4:]]


# A box is ticked, or not, as somebody does it.
TICKED = "{{ const box = document.getElementById('{}'); if (box.checked !== {}) box.click(); }}"


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
        page=ws.Page(grey=bool(look)), formats={"form"},
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
        f"{TICKED.format('class-form', 'true')}"
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


@pytest.mark.slow
def test_a_list_that_says_not_who_is_who_is_read_by_the_column_that_is_named(opened, tmp_path):
    roster = tmp_path / "list.csv"
    roster.write_text("foo,bar\n17,x\n18,y\n", "utf-8")
    with pytest.raises(ws.InputError) as error:
        ws.read_roster(roster)
    opened.value("location.hash = '#class'; 1")
    opened.give("#list", roster)
    fault = "document.getElementById('list-fault').textContent"
    assert opened.until(fault) == str(error.value).replace(str(roster), roster.name)
    assert opened.value("document.getElementById('class-make').disabled")
    assert faults(opened) == []
    name_it = (
        "document.querySelector('#list-columns input').value = '{}';"
        "document.querySelector('#list-columns button').click(); 1"
    )
    opened.value(name_it.format("baz"))
    assert "'baz'" in opened.until(f"{fault}.includes('baz') && {fault}")
    opened.value(name_it.format("foo"))
    told = opened.until("document.getElementById('list-said').innerText")
    assert told.startswith("2 students in list.csv")
    assert opened.value(fault) == ""
    assert not opened.value("document.getElementById('class-make').disabled")


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
    opened.value(f"location.hash = '#class'; {TICKED.format('class-form', 'false')} 1")
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
    assert faults(opened) == []
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
