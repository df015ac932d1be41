"""Gradebook files hold to their importers' documented rules, and no CSV cell acts as a formula."""

import csv
import json
from io import StringIO
from zipfile import ZipFile

import marked as m
import pytest

from worksheets import cli
from worksheets.errors import InputError
from worksheets.marking import gradebook as marks_csv
from worksheets.marking.output import write
from worksheets.marking.override import Override
from worksheets.marking.platform_import import gradebook
from worksheets.marking.platforms import PLATFORMS
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.tabular.row import FORMULA_STARTS
from worksheets.tabular.spreadsheet_text import in_csv

STUDENTS = [
    ("4711", "Ada Lovelace", "ada@school.example"),
    ("4712", "José García-Márquez", "jose@school.example"),
    ("4713", "Zoë; =cmd", "zoe@school.example"),
]
SHEETS = [m.sheet(1, n) for n in range(len(STUDENTS))]
REGISTER = {
    sheet.id: RegisteredStudent(n, who, name, "7a", "", email)
    for n, (sheet, (who, name, email)) in enumerate(zip(SHEETS, STUDENTS, strict=True))
}


def marking(*overrides):
    """All but the last student's sheet, Ada's with some mistakes."""
    papers = [m.submission(SHEETS[0], m.slips(SHEETS[0])), m.submission(SHEETS[1])]
    return mark_all(papers, Scheme(), REGISTER, overrides=overrides)


def export(folder, text, name="export.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(content):
    return list(csv.reader(StringIO(content.decode("utf-8"))))


def written(*arguments):
    found = gradebook(*arguments)
    assert not found.folders
    return found.content, found.notes


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Essay (77),Sheet (78),Final Score
,,,,,Manual Posting,,
    Points Possible,,,,,10,38,(read only)
"García-Márquez, José",902,4712,jose@school.example,7a,9,,90
"Lovelace, Ada",901,4711,ada@school.example,7a,8,1,80
"Student, Test",999,,,7a,,,
"""


def canvas_takes(rows):
    """Return what Canvas reads: students by their own ID, or None where the header is invalid."""
    head = rows[0]
    if "Student" not in head[0] or "ID" not in head[1]:
        return None
    columns = 3
    if "SIS Login ID" in head[2]:
        columns = 4
    elif "SIS User ID" in head[2] and "SIS Login ID" in head[3]:
        columns = 5 + ("Integration ID" in head[4])
    if "Section" not in head[columns - 1]:
        return None
    points, grades = {}, {}
    for row in rows[1:]:
        values = dict(zip(head[columns:], row[columns:], strict=True))
        if "Points Possible" in row[0]:
            points = values
        else:
            grades[row[1]] = values
    return points, grades


def test_canvas_takes_the_marks_of_the_students_that_it_knows(tmp_path):
    marked = marking().marked
    content, notes = written(marked, "canvas", export(tmp_path, CANVAS), "Sheet")
    rows = rows_of(content)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Sheet (78)"]
    ada, jose = marked
    assert canvas_takes(rows) == (
        {"Sheet (78)": ada.shown(ada.points)},
        {
            "901": {"Sheet (78)": ada.shown(ada.earned)},
            "902": {"Sheet (78)": jose.shown(jose.earned)},
        },
    )
    assert not content.startswith(b"\xef\xbb\xbf")
    assert "the grade 'Sheet (78)' is there" in notes[0]
    assert "found by 'SIS User ID'" in notes[1]
    new = rows_of(written(marked, "canvas", tmp_path / "export.csv", "Another")[0])
    assert canvas_takes(new)[1]["901"] == {"Another": ada.shown(ada.earned)}


@pytest.mark.parametrize(
    ("text", "by"),
    [
        (
            "Student,ID,SIS Login ID,Section\n"
            "Lovelace,1,ada@school.example,x\nM,2,jose@school.example,x\n",
            "SIS Login ID",
        ),
        (
            "Student,ID,SIS User ID,SIS Login ID,Integration ID,Section\n"
            "L,4712,4711,a,,x\nM,9,4712,b,,x\n",
            "SIS User ID",
        ),
    ],
)
def test_one_column_finds_all(text, by, tmp_path):
    """Ada's Canvas ID is José's number: the column that finds more students decides."""
    content, notes = written(marking().marked, "canvas", export(tmp_path, text), "Sheet")
    points, grades = canvas_takes(rows_of(content))
    assert points.keys() == {"Sheet"}
    assert len(grades) == 2
    assert any(f"found by {by!r}" in note for note in notes)


def test_moodle_has_feedback_beside_the_grade(tmp_path):
    text = (
        "First name,Last name,ID number,Email address,Assignment: Sheet (Real),"
        "Assignment: Sheet (Feedback),Course total (Real)\n"
        "Ada,Lovelace,,ada@school.example,-,,-\nJosé,García,,jose@school.example,-,,-\n"
    )
    overrides = [Override(SHEETS[0].id, comment="right idea; well done")]
    marked = marking(*overrides).marked
    content, notes = written(marked, "moodle", export(tmp_path, text), "Sheet")
    head, ada, jose = rows_of(content)
    assert head == [
        *("First name", "Last name", "ID number", "Email address"),
        *("Assignment: Sheet (Real)", "Assignment: Sheet (Feedback)"),
    ]
    assert ada[3:5] == ["ada@school.example", marked[0].shown(marked[0].earned)]
    assert "Your teacher: right idea, well done" in ada[5]
    assert "Bias forgotten" in ada[5]
    assert jose[5] == f"{marked[1].shown(marked[1].points)} / {marked[1].shown(marked[1].points)}."
    assert any("found by 'Email address'" in note for note in notes)
    german = "Vorname,Nachname,ID-Nummer,E-Mail-Adresse\nAda,L,4711,x\nJ,G,4712,y\n"
    head, *_ = rows_of(written(marked, "moodle", export(tmp_path, german), "Blatt")[0])
    assert head == [
        "Vorname",
        "Nachname",
        "ID-Nummer",
        "E-Mail-Adresse",
        "Blatt",
        "Blatt (Feedback)",
    ]


WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Grade,Maximum Grade,"
    "Last modified (grade),Feedback comments\n"
    'Participant 77,"Ada_ Lovelace",4711,ada@school.example,,100,"Friday, 1 May 2026, 10:00",\n'
    "Participant 78,José García,4712,jose@school.example,,100,-,\n"
    "Participant 79,Eve,9,eve@school.example,3,100,-,old\n"
)


@pytest.mark.slow
def test_moodles_grading_worksheet_is_filled_in_and_its_feedback_has_its_folders(tmp_path):
    marked = marking()
    found = gradebook(marked.marked, "moodle", export(tmp_path, WORKSHEET), "unused")
    head, ada, jose = rows_of(found.content)
    assert head == WORKSHEET.splitlines()[0].split(",")
    assert ada[:7] == [
        *("Participant 77", "Ada_ Lovelace", "4711", "ada@school.example"),
        *(marked.marked[0].shown(marked.marked[0].earned), "100", "Friday, 1 May 2026, 10:00"),
    ]
    assert "Bias forgotten" in ada[7]
    assert jose[0] == "Participant 78"
    points = marked.marked[0].shown(marked.marked[0].points)
    assert any(f"the grade is out of 100 there, and of {points} here" in n for n in found.notes)
    names = write(
        marked, tmp_path / "m", feedback=True, paper="a4", force=False, folders=found.folders
    )
    assert "gradebook-feedback.zip" in names
    with ZipFile(tmp_path / "m" / "gradebook-feedback.zip") as archive:
        entries = archive.namelist()
        first = archive.read(entries[0])
    # Moodle takes each part of a path apart by underscores: name, participant, type, plugin.
    parts = [entry.split("/")[0].split("_", 4) for entry in entries]
    assert parts == [
        ["Ada Lovelace", "77", "assignfeedback", "file"],
        ["José García", "78", "assignfeedback", "file"],
    ]
    assert first == (tmp_path / "m" / "feedback" / entries[0].split("/")[1]).read_bytes()


def test_brightspace_has_its_key_its_points_and_its_end_of_line(tmp_path):
    text = (
        "OrgDefinedId,Username,Last Name,Sheet Points Grade <Numeric MaxPoints:38>,"
        "End-of-Line Indicator\n#4711,#ada,Lovelace,,#\n#4712,#jose,García,,#\n"
    )
    marked = marking().marked
    content, _ = written(marked, "brightspace", export(tmp_path, text), "Sheet")
    head, *rows = rows_of(content)
    grade = "Sheet Points Grade <Numeric MaxPoints:38>"
    assert head == ["OrgDefinedId", "Username", grade, "End-of-Line Indicator"]
    assert [row[:2] for row in rows] == [["#4711", "#ada"], ["#4712", "#jose"]]
    assert [row[2] for row in rows] == [one.shown(one.earned) for one in marked]
    assert {row[3] for row in rows} == {"#"}
    head, *_ = rows_of(written(marked, "brightspace", tmp_path / "export.csv", "New one")[0])
    assert head[2] == "New one Points Grade"


@pytest.mark.parametrize(("name", "encoding"), [("gc.csv", "utf-8-sig"), ("gc.xls", "utf-16")])
def test_blackboard_finds_its_column_by_its_number(name, encoding, tmp_path):
    cells = [
        ["Last Name", "First Name", "Username", "Student ID", "Sheet [Total Pts: 38 Score] |123"],
        ["Lovelace", "Ada", "ada", "4711", ""],
        ["García", "José", "jose", "4712", ""],
    ]
    text = "\n".join("\t".join(f'"{cell}"' for cell in row) for row in cells)
    marked = marking().marked
    content, _ = written(marked, "blackboard", export(tmp_path, text, name, encoding), "Sheet")
    head, *rows = rows_of(content)
    assert head == cells[0]
    assert [row[2] for row in rows] == ["ada", "jose"]
    assert [row[4] for row in rows] == [one.shown(one.earned) for one in marked]
    assert all(line.startswith('"') for line in content.decode().splitlines())


def test_who_is_not_there_is_told_and_nobody_is_guessed(tmp_path):
    text = "OrgDefinedId,Username\n#4711,#ada\n"
    content, notes = written(marking().marked, "brightspace", export(tmp_path, text), "Sheet")
    assert len(rows_of(content)) == 2
    assert any("José García-Márquez is not there" in note for note in notes)
    double = "OrgDefinedId,Username\n#4711,#ada\n4711,#eve\n#4712,#jose\n"
    content, notes = written(marking().marked, "brightspace", export(tmp_path, double), "Sheet")
    assert [row[0] for row in rows_of(content)[1:]] == ["#4712"]
    assert any("Ada Lovelace is not there" in note for note in notes)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "text",
    ["Name,Note\nAda,1\n", "Student ID,First Name\n4711,Ada\n", "Student,SIS User ID\nAda,4711\n"],
)
def test_another_programs_file_is_refused(platform, text, tmp_path):
    path = export(tmp_path, text)
    with pytest.raises(InputError, match=f"{path}: this is no export of"):
        gradebook(marking().marked, platform, path, "Sheet")


@pytest.mark.parametrize("name", ["gr\udcf6\udcdfe", "=1+1", "a\nb", "@x", "x" * 201])
def test_a_grades_name_that_no_file_can_hold_is_refused(name, tmp_path):
    with pytest.raises(InputError, match="the grade’s name in canvas: "):
        gradebook(marking().marked, "canvas", export(tmp_path, CANVAS), name)


def test_a_grades_name_is_one_cell_whatever_the_separator(tmp_path):
    content, _ = written(marking().marked, "canvas", export(tmp_path, CANVAS), "Quiz;=1+1")
    assert rows_of(content)[0][-1] == "Quiz,=1+1"


def test_an_export_of_another_course_is_refused(tmp_path):
    path = export(tmp_path, "OrgDefinedId,Username\n#1,#x\n")
    with pytest.raises(InputError, match="none of the 2 students is there by OrgDefinedId"):
        gradebook(marking().marked, "brightspace", path, "Sheet")


@pytest.mark.parametrize("key", ["=4711", "47;=11", "+ada@school.example", "@ada"])
def test_a_key_that_would_be_a_formula_is_left_out_and_told(key, tmp_path):
    path = export(tmp_path, f'OrgDefinedId,Username\n#4711,"{key}"\n#4712,#jose\n')
    content, notes = written(marking().marked, "brightspace", path, "Sheet")
    assert [row[0] for row in rows_of(content)[1:]] == ["#4712"]
    assert any("Ada Lovelace is left out, as a spreadsheet" in note for note in notes)


@pytest.mark.parametrize(
    "text",
    ["Ann;=cmd|' /C calc'!A0", "Bob; Jr", "x;+1;-2", "a;\t=1", "a\t=1", "a\n=1", "=1", "；=1"],
)
def test_no_part_of_a_cell_is_a_formula_whatever_the_separator(text):
    file = StringIO(newline="")
    csv.writer(file).writerow(["first", in_csv(text), "last"])
    for separator in ";\t,":
        rows = list(csv.reader(StringIO(file.getvalue(), newline=""), delimiter=separator))
        assert len(rows) == 1
        assert not any(
            cell.lstrip(" '\"").startswith("=cmd") and ";" in text for cell in rows[0][1:]
        )
        assert not any(cell.lstrip().startswith(FORMULA_STARTS) for cell in rows[0])
        assert len(rows[0]) == (3 if separator == "," else 1)


def test_marks_have_emails_and_one_column_whatever_the_separator():
    found = mark_all([m.submission(one) for one in SHEETS], Scheme(), REGISTER)
    table = marks_csv.table(found.marked)
    assert table[0][:5] == ["student", "name", "section", "email", "id"]
    assert [row[3] for row in table[1:]] == [email for *_, email in STUDENTS]
    text = marks_csv.as_csv(table).decode("utf-8-sig")
    assert {len(row) for row in csv.reader(StringIO(text), delimiter=";")} == {1}


def ended(*arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    return stopped.value.code


@pytest.mark.slow
def test_the_command_writes_it_beside_the_marks(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set").mkdir()
    students = [
        {"id": sheet.id, "student": who, "name": name, "section": "", "email": email}
        for sheet, (who, name, email) in zip(SHEETS, STUDENTS, strict=True)
    ]
    manifest = {"kind": "rlhf", "level": 1, "code": "x", "fade": None, "students": students}
    (tmp_path / "set" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    answers = {"id": SHEETS[0].id, "cells": {"gap.r1.c1": SHEETS[0].values["gap"][0][0]}}
    (tmp_path / "answers.json").write_text(json.dumps(answers), "utf-8")
    export(tmp_path, CANVAS)
    command = ["mark", "answers.json", "--class", "set", "--no-feedback", "--output", "marks"]
    platform = ["--gradebook", "canvas", "--gradebook-from", "export.csv"]
    assert ended(*command, *platform, "--gradebook-item", "Sheet") in (None, 0)
    content = (tmp_path / "marks" / "gradebook-canvas.csv").read_bytes()
    assert canvas_takes(rows_of(content))[1].keys() == {"901"}
    assert "found by 'SIS User ID'" in capsys.readouterr().err
    assert ended(*command) in (None, 0)  # what an earlier run wrote and this one does not is gone
    assert not (tmp_path / "marks" / "gradebook-canvas.csv").exists()
    for wrong in (platform[:2], platform[2:]):
        assert ended(*command, *wrong) == 2
    assert "--gradebook and --gradebook-from go together" in capsys.readouterr().err
