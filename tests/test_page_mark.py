"""What was handed in gets the same marks in a browser as on this machine."""

import json
import os
from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pikepdf
import pytest
import whole_run
from page_made import READY, faults, of_cell, saved

import worksheets as ws
from worksheets.page import classes, desk, marks


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
    older = tmp_path / "zz.json"  # which is read last
    older.write_text(json.dumps({"id": sheets[0].id, "cells": {"product.r1.c1": "55"}}))
    os.utime(older, (1_000_000_000, 1_000_000_000))
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
    assert "zz.json\tone.json" in shown
    assert faults(opened) == []
    report = "document.getElementById('mark-shown').shadowRoot"
    assert "The hardest steps" in opened.value(f"{report}.textContent")
    assert opened.value(f"{report}.querySelectorAll('.map rect').length") > len(keys[0])
    opened.value("document.querySelector('#mark-done a').id = 'marks'; 1")
    with ZipFile(BytesIO(saved(opened, "marks"))) as archive:
        assert {"marks/marks.csv", "marks/report.html"} <= set(archive.namelist())


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section
"Points Possible",,,,
"Lovelace, Ada",7,100,ada,A
"Turing, Alan",8,101,alan,A
"""


@pytest.fixture
def folders(monkeypatch, tmp_path):
    """Folders as the page has them, but on this machine."""
    for module, name in (
        (marks, "HANDED_IN"),
        (marks, "EXPORT"),
        (marks, "MARKS"),
        (classes, "SECRETS"),
    ):
        monkeypatch.setattr(module, name, tmp_path / "page" / name.lower())


@pytest.mark.slow
def test_an_exam_is_marked_with_its_secret_into_what_the_gradebook_imports(
    folders, tmp_path, monkeypatch
):
    (tmp_path / "class.csv").write_text("id,name\n100,Ada Lovelace\n101,Alan Turing\n")
    students = ws.read_roster(tmp_path / "class.csv")
    secret, made = tmp_path / "exam.secret", tmp_path / "set"
    ws.class_set(ws.order("matmul", students, set_name="exam", secret=secret), made, workers=1)
    manifest = (made / "manifest.json").read_bytes()
    first, second = (ws.from_id(one["id"]) for one in json.loads(manifest)["students"])
    whole = {
        one.name: of_cell(first.values, one.name) for one in ws.screen_cells(first) if one.to_do
    }
    handed_in = {
        "one.json": [json.dumps({"id": first.id, "cells": whole}).encode(), 0],
        "two.json": [json.dumps({"id": second.id, "cells": {}}).encode(), 0],
    }
    asked = {
        "files": handed_in, "manifest": manifest, "secret": secret.read_bytes(), "feedback": False,
        "gradebook": "canvas", "export": ["grades.csv", CANVAS.encode()], "item": "Exam",
    }  # fmt: skip
    parts = []

    def send(told):
        parts.append(told.get("part", b""))
        return True

    monkeypatch.setattr("worksheets.secret._given", {})  # another day
    assert len(desk.answer("mark", {**asked, "secret": None}, send)["aside"]) == 2
    parts.clear()
    found = desk.answer("mark", asked, send)
    assert found["aside"] == []
    with ZipFile(BytesIO(b"".join(parts))) as archive:
        rows = archive.read("marks/gradebook-canvas.csv").decode("utf-8-sig").splitlines()
        said = b"".join(map(archive.read, archive.namelist()))
    assert rows[0].endswith(",Exam")
    assert rows[-2].startswith('"Lovelace, Ada",7,100,')
    assert rows[-2].endswith(",2")
    assert str(tmp_path).encode() not in said
    wrong = desk.answer("mark", {**asked, "export": None}, send)
    assert "it needs an export" in wrong["error"]
    other = desk.answer("mark", {**asked, "export": ["grades.csv", b"a,b\n1,2\n"]}, send)
    assert other["error"].startswith("gradebook grades.csv: this is no export")
