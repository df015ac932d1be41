"""What marking leaves in a folder: all of a run and nothing of earlier ones, and others' files."""

import csv
import gc
import json
import re
from hashlib import sha256

import marked as m
import openpyxl
import pytest
from click.testing import CliRunner

from worksheets.cli.marking import mark as command
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.marking import hand_back, output, report_section, workbook

pytestmark = pytest.mark.slow
ALWAYS = {"marks.csv", "marks.json", "marks.xlsx", "report.html", "report.pdf"}
ALL = "feedback.pdf"  # everybody’s, for print


@pytest.fixture(autouse=True)
def quick_report(monkeypatch):
    """A report's PDF is read back elsewhere, and takes a second."""
    monkeypatch.setattr(output.report, "as_pdf", lambda html: b"%PDF" + html.encode())
    monkeypatch.setattr(report_section, "heat_map", lambda *_: [])


def papers(*numbers, slips=()):
    return [
        m.submission(m.sheet(1, n), m.slips(m.sheet(1, n)) if n in slips else {}, f"Student {n}")
        for n in numbers
    ]


def write(folder, *handed_in, feedback=True, force=False):
    marking = m.marking(*handed_in)
    return output.write(marking, folder, feedback=feedback, paper="a4", force=force)


def held(folder):
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def name(number):
    return f"feedback/Student-{number}_{m.sheet(1, number).id}-feedback.pdf"


def test_a_run_writes_all_its_files_and_names_them(tmp_path):
    names = write(tmp_path / "new", *papers(0, 1))
    assert set(names) == set(held(tmp_path / "new")) == ALWAYS | {ALL} | {name(0), name(1)}
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    record = json.loads((tmp_path / "new" / "marks.json").read_text("utf-8"))
    digests = held(tmp_path / "new")
    assert record["files"] == {one: digests[one] for one in digests if one != "marks.json"}
    assert [one["feedback"] for one in record["marked"]] == [name(0), name(1)]


def test_the_same_marking_gives_the_same_bytes_and_touches_nothing(tmp_path):
    write(tmp_path, *papers(0, 1))
    before = held(tmp_path)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "feedback").iterdir()}
    write(tmp_path, *papers(1, 0))
    assert held(tmp_path) == before
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "feedback").iterdir()}


def test_one_more_submission_changes_nothing_for_the_others(tmp_path):
    write(tmp_path, *papers(0, 1))
    before = held(tmp_path)
    write(tmp_path, *papers(0, 1, 2))
    after = held(tmp_path)
    assert after.keys() - before.keys() == {name(2)}
    assert {one for one in before if before[one] != after[one]} == ALWAYS | {ALL}


def test_feedback_of_an_earlier_run_is_replaced_or_removed(tmp_path):
    write(tmp_path, *papers(0, 1, 2))
    before = held(tmp_path)
    write(tmp_path, *papers(0, 1, slips=[1]))
    after = held(tmp_path)
    assert set(after) == ALWAYS | {ALL} | {name(0), name(1)}
    assert after[name(0)] == before[name(0)]
    assert after[name(1)] != before[name(1)]
    write(tmp_path, *papers(0, 1), feedback=False)
    assert set(held(tmp_path)) == ALWAYS
    assert not (tmp_path / "feedback").exists()


def test_other_peoples_files_are_left_alone(tmp_path):
    write(tmp_path, *papers(0))
    (tmp_path / "feedback" / "letter.pdf").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine")
    write(tmp_path, *papers(0), feedback=False)
    assert (tmp_path / "feedback" / "letter.pdf").read_text() == "mine"
    assert set(held(tmp_path)) == ALWAYS | {"feedback/letter.pdf", "notes.txt"}


@pytest.mark.parametrize("other", ["marks.csv", "report.pdf", "marks.json", name(0)])
def test_somebody_elses_file_is_refused_unless_forced(tmp_path, other):
    path = tmp_path / other
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    with pytest.raises(InputError, match=f"{path.name} exists and holds something else"):
        write(tmp_path, *papers(0))
    assert set(held(tmp_path)) == {other}
    assert path.read_text() == "mine"
    write(tmp_path, *papers(0), force=True)
    assert set(held(tmp_path)) == ALWAYS | {ALL} | {name(0)}


@pytest.mark.parametrize("again", [[0], [1]])  # it would be replaced, or be stale
def test_feedback_that_somebody_wrote_into_is_refused_unless_forced(tmp_path, again):
    write(tmp_path, *papers(0, 1, 2))
    path = tmp_path / name(0)
    path.write_bytes(path.read_bytes() + b"% well done!")
    before = held(tmp_path)
    with pytest.raises(InputError, match="something else than marking wrote"):
        write(tmp_path, *papers(*again))
    assert held(tmp_path) == before
    write(tmp_path, *papers(*again), force=True)
    assert set(held(tmp_path)) == ALWAYS | {ALL} | {name(one) for one in again}


def test_another_classs_marks_are_refused_unless_forced(tmp_path):
    write(tmp_path, *papers(0, 1))
    before = held(tmp_path)
    with pytest.raises(InputError, match="marks of other sheets"):
        write(tmp_path, *papers(2))
    assert held(tmp_path) == before
    write(tmp_path, *papers(2), force=True)
    assert set(held(tmp_path)) == ALWAYS | {ALL} | {name(2)}


def test_a_record_that_names_files_elsewhere_removes_none(tmp_path):
    folder = tmp_path / "marks"
    write(folder, *papers(0))
    victim = tmp_path / "victim.pdf"
    victim.write_text("mine")
    digest = sha256(b"mine").hexdigest()
    path = folder / "marks.json"
    text = path.read_text("utf-8")
    (folder / "thesis.pdf").write_text("mine")
    more = {"../victim.pdf": digest, "thesis.pdf": digest, "feedback/../../victim.pdf": digest}
    path.write_text(text.replace('"files": {', f'"files": {json.dumps(more)[:-1]}, ', 1), "utf-8")
    write(folder, *papers(0))
    assert victim.read_text() == (folder / "thesis.pdf").read_text() == "mine"


def test_a_run_that_fails_leaves_everything_as_it_was(tmp_path, monkeypatch):
    write(tmp_path, *papers(0))
    before = held(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device", "marks.xlsx")

    with monkeypatch.context() as patch:
        patch.setattr(workbook, "as_workbook", full)
        with pytest.raises(InputError, match="No space left on device"):
            write(tmp_path, *papers(0, 1, slips=[0]))
    assert held(tmp_path) == before


def test_a_run_that_is_killed_while_it_replaces_files_goes_on(tmp_path, monkeypatch):
    write(tmp_path, *papers(0, 1, 2))
    original, replaced = output.Path.replace, []

    def replace(path, target):
        if len(replaced) == 2:
            raise KeyboardInterrupt
        replaced.append(path)
        return original(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(output.Path, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, *papers(0, 1, slips=[0, 1]))
    assert len(replaced) == 2
    write(tmp_path, *papers(0, 1, slips=[0, 1]))
    fresh = tmp_path / "fresh"
    write(fresh, *papers(0, 1, slips=[0, 1]))
    assert {one: digest for one, digest in held(tmp_path).items() if "fresh" not in one} == held(
        fresh
    )


def test_students_with_the_same_sheet_have_files_of_their_own(tmp_path):
    sheet = m.sheet(1)
    names = write(tmp_path, m.submission(sheet, student="Ada"), m.submission(sheet, student="Bob"))
    files = [one for one in names if one.startswith("feedback/")]
    assert len(set(files)) == 2
    assert all(
        re.fullmatch(rf"feedback/(Ada|Bob)_{sheet.id}-\w{{8}}-feedback.pdf", one) for one in files
    )
    assert set(held(tmp_path)) == ALWAYS | {ALL} | set(files)


def test_many_are_made_by_several_processes_as_one_makes_them(tmp_path, monkeypatch):
    write(tmp_path / "one", *papers(*range(6)))
    monkeypatch.setattr(hand_back, "CHUNK", 2)
    monkeypatch.setattr(output, "FEW", 1)
    monkeypatch.setattr(output, "cores", lambda: 2)
    write(tmp_path / "two", *papers(*range(6)))
    assert held(tmp_path / "one") == held(tmp_path / "two")


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InputError, match="it is a file"):
        write(tmp_path / "out", *papers(0))
    (tmp_path / "feedback").write_text("mine")
    with pytest.raises(InputError, match="feedback: it is a file"):
        write(tmp_path, *papers(0))
    assert set(held(tmp_path)) == {"out", "feedback"}


@pytest.fixture
def mark(tmp_path, monkeypatch):
    """The command, in a folder with one submission: exit code and all that it says."""
    sheet = m.sheet(1)
    cells = {
        f"{line}.r{row + 1}.c{column + 1}": entry.text
        for (line, row, column), entry in m.submission(sheet).entries.items()
    }
    (tmp_path / "ada.json").write_text(json.dumps({"id": sheet.id, "cells": cells}), "utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        result = CliRunner().invoke(command, arguments)
        gc.enable()
        error = str(result.exception) if isinstance(result.exception, InputError) else ""
        return result.exit_code, result.output + error

    return run


def test_marking_the_folder_in_which_the_marks_stand_gives_the_same_again(mark, tmp_path):
    code, first = mark(".")
    before = held(tmp_path)
    assert code == 0
    assert first.startswith("1 read: 1 marked, 0 superseded by newer ones, 0 set aside")
    assert mark(".") == (0, first)
    assert held(tmp_path) == before


@pytest.mark.parametrize("folder", [".", "../{name}", "link"])
def test_marks_are_not_written_among_what_is_handed_in(mark, tmp_path, folder):
    (tmp_path / "link").symlink_to(tmp_path)
    before = held(tmp_path)
    code, said = mark(".", "--output", folder.format(name=tmp_path.name))
    assert code
    assert "submissions lie there; right is a folder of its own" in said
    assert held(tmp_path) == before


def class_set(folder, *sheets, level=1):
    """A manifest of a class in which student 0 has the first of these sheets, and so on."""
    students = [
        {"student": str(n), "name": f"Student {n}", "section": "7a", "id": sheet.id}
        for n, sheet in enumerate(sheets)
    ]
    head = {"code": "autumn7", "kind": "rlhf", "level": level, "fade": None}
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(head | {"students": students}), "utf-8")


def test_who_handed_in_nothing_is_named_and_has_no_mark(mark, tmp_path):
    """The one in the middle has handed in, and two have not."""
    class_set(tmp_path / "class", m.sheet(1, 1), m.sheet(1), m.sheet(1, 2))
    code, said = mark("ada.json", "--class", "class")
    assert code == 0
    assert said.splitlines()[1:] == ["nothing from 2 of 3 students: see marks/report.html"]
    text = (tmp_path / "marks" / "marks.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [(row["student"], row["percent"]) for row in rows] == [("1", "100")]
    book = openpyxl.load_workbook(tmp_path / "marks" / "marks.xlsx")
    headings, *rows = book["marks"].values
    rows = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [row["student"] for row in rows] == ["0", "1", "2"]
    assert [row["percent"] for row in rows] == [None, 100, None]
    for row in (rows[0], rows[2]):
        number = int(row["student"]) // 2 + 1
        said_of = {name: value for name, value in row.items() if value is not None}
        assert said_of == {
            "student": row["student"],
            "name": f"Student {row['student']}",
            "section": "7a",
            "id": m.sheet(1, number).id,
            "source": "nothing was marked",
        }
    record = json.loads((tmp_path / "marks" / "marks.json").read_text("utf-8"))
    assert [one["student"] for one in record["missing"]] == ["0", "2"]
    report = (tmp_path / "marks" / "report.html").read_text("utf-8")
    assert "<h3>Nothing from 2 of 3 students</h3>" in report
    named = report[report.index("<h3>Nothing from") :]
    assert re.findall(r"<li>([^<]*)</li>", named)[:2] == ["Student 0 · 0", "Student 2 · 2"]


def test_cells_that_could_not_be_read_are_told(mark, tmp_path):
    path = tmp_path / "ada.json"
    handed_in = json.loads(path.read_text("utf-8"))
    for count, cell in enumerate(("gap.r1.c1", "loser_inputs.r2.c1"), 1):
        handed_in["cells"][cell] = "12?"
        path.write_text(json.dumps(handed_in), "utf-8")
        _, said = mark("ada.json")
        cells = ("1 cell", "2 cells")[count - 1]
        assert said.splitlines()[1:] == [f"{cells} could not be read: see marks/report.html"]


def test_nothing_is_written_if_nothing_could_be_marked(mark, tmp_path):
    class_set(tmp_path / "class", m.sheet(2), level=2)
    before = held(tmp_path)
    code, said = mark("ada.json", "--class", "class")
    assert code
    assert f"set aside: ada.json: ID {m.sheet(1).id}: it is none of this class set" in said
    assert said.endswith(
        "nothing could be marked, so nothing is written; the class set in class is of rlhf, "
        "level 2, code autumn7"
    )
    (tmp_path / "answers").mkdir()
    code, said = mark("answers")
    assert code
    assert said.startswith("answers: nothing was handed in there; fillable PDFs, XLSX")
    assert held(tmp_path) == before
    assert not (tmp_path / "marks").exists()


def test_what_is_set_aside_says_which_option_helps(mark, tmp_path):
    """A sheet of somebody's own words, without the file of them."""
    own = Identity("RLHF", 1, 7, theme="Z", own_theme="ABCD").text
    (tmp_path / "own.json").write_text(json.dumps({"id": own, "cells": {}}), "utf-8")
    code, said = mark("ada.json", "own.json", "--no-feedback")
    assert code == 0
    assert (
        f"set aside: own.json: ID {own}: its words come from a theme file of your own, marked "
        "ABCD; give its file with --theme FILE.toml\n"
    ) in said


def test_a_courses_folder_is_refused_with_those_of_its_class_sets(mark, tmp_path):
    for rung in ("2-rlhf-1", "1-rlhf-1-alternate"):
        class_set(tmp_path / "course" / rung, m.sheet(1))
    code, said = mark("ada.json", "--class", "course")
    assert code
    assert said == (
        "class set course: it is the folder of a course; right is that of one of its class sets: "
        "course/1-rlhf-1-alternate, course/2-rlhf-1"
    )
    assert mark("ada.json", "--class", "course/2-rlhf-1")[0] == 0
