"""A class set made once more: what was handed out stays in it, or the run stops and says so."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import interrupted
import numpy as np
import pymupdf
import pytest

from worksheets import cli
from worksheets.class_set import assignment as assignments
from worksheets.class_set.assignment import Assignment
from worksheets.class_set.order import Order, folder_of
from worksheets.class_set.standing import standing_in
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.marking.register import read_register
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import Entry, Submission
from worksheets.roster.students import Student
from worksheets.sheet import make, read_id

ADA, BOB, CAI = ("0071", "Ada Lovelace"), ("0072", "Bob Ray"), ("s-3", "Cai Xu")


@pytest.fixture
def run(tmp_path, capsys):
    """Run `class` for some students, and return the exit code and what it complained of."""

    def run(students, *options, kind="matmul", name="list.csv"):
        roster = tmp_path / name
        lines = ["Student ID,Name", *(",".join(one) for one in students)]
        roster.write_text("\n".join(lines), "utf-8")
        arguments = ["class", kind, str(roster), "--set", "autumn", "--output", str(tmp_path / "o")]
        with pytest.raises(SystemExit) as caught:
            cli.main([*arguments, *map(str, options)])
        return caught.value.code or 0, capsys.readouterr().err

    return run


@pytest.fixture
def stands(tmp_path):
    """Return every file's bytes, by its name."""
    output = tmp_path / "o"
    return lambda: {
        str(path.relative_to(output)): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }


def sheets(tmp_path):
    text = (tmp_path / "o" / "manifest.json").read_text("utf-8")
    return {one["student"]: one["id"] for one in json.loads(text)["students"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("others", "says"),
    [
        ([ADA], ["2 of the 3 sheets", "'0072' (Bob Ray) is not in list.csv", "'s-3' (Cai Xu)"]),
        (
            [("71", "Ada Lovelace"), BOB, CAI],
            ["1 of the 3 sheets", "'0071' (Ada Lovelace)", "row 2 has '71', as spreadsheets"],
        ),
        (
            [ADA, ("72.0", "B. Ray"), CAI],
            ["1 of the 3", "'0072' (Bob Ray) is not in list.csv; row 3 has '72', as spreadsheets"],
        ),
        (
            [ADA, BOB, ("cai@a.edu", "cai  xu")],
            ["1 of the 3", "'s-3' (Cai Xu) is not in list.csv; row 4 has 'cai@a.edu' with the sam"],
        ),
        ([("x", "X")], ["3 of the 3 sheets"]),
    ],
)
def test_a_list_that_would_take_sheets_out_of_the_set_stops_and_names_them(
    run, stands, others, says
):
    assert run([ADA, BOB, CAI]) == (0, "")
    before = stands()
    code, error = run(others)
    assert code == 2
    for words in says:
        assert words in error
    assert "--force" in error
    assert stands() == before
    assert run(others, "--force")[0] == 0
    assert {one["student"] for one in json.loads(stands()["manifest.json"])["students"]} == {
        one.removesuffix(".0") for one, _ in others
    }


@pytest.mark.slow
@pytest.mark.parametrize("options", [("--theme", "museum"), ("--language", "es")])
def test_other_words_or_another_language_would_be_other_sheets(run, stands, options):
    assert run([ADA, BOB], kind="rlhf")[0] == 0
    before = stands()
    code, error = run([ADA, BOB], *options, kind="rlhf")
    assert code == 2
    assert "2 of the 2 sheets" in error
    assert "'0072' (Bob Ray) would have another sheet" in error
    assert stands() == before


@pytest.mark.slow
def test_who_joins_and_a_name_that_is_corrected_change_nobodys_sheet(run, tmp_path):
    assert run([ADA, BOB]) == (0, "")
    before = sheets(tmp_path)
    assert run([CAI, BOB, ("0071", "Ada King")], "--paper", "letter") == (0, "")
    assert sheets(tmp_path) == before | {"s-3": sheets(tmp_path)["s-3"]}


def test_a_large_class_is_named_in_ten_lines(run):
    many = [(f"s{number}", f"Student {number}") for number in range(25)]
    assert run(many)[0] == 0
    _, error = run(many[:3])
    assert "22 of the 25 sheets" in error
    assert "'s12'" in error
    assert "'s13'" not in error
    assert "and 12 more" in error


def test_a_run_that_was_killed_once_does_not_write_over_another_set(run, stands, tmp_path):
    """Its unfinished parts lie in the folder, in which another set was made since."""
    run([ADA])
    there = stands()
    order = Order(
        specification=Specification("matmul", 1, solved=False),
        set_name="spring",
        students=(Student(*BOB),),
        roster="list.csv",
        identity=Identity("MATM", 1, 0),
    )
    folder_of(order, tmp_path / "o").mkdir()
    code, error = run([BOB], "--set", "spring")
    assert (code, "belongs to something else" in error) == (2, True)
    assert "the class set of matmul, level 1, code " in error
    assert "with the sheets of '0071' (Ada Lovelace);" in error
    assert stands() == there


def test_a_set_of_which_nobody_can_tell_whose_sheets_it_has_is_left_alone(run, tmp_path):
    run([ADA, BOB])
    manifest = tmp_path / "o" / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:100])
    code, error = run([BOB])
    assert code == 2
    assert f"{manifest} is damaged" in error
    manifest.write_bytes(whole)
    assert "'0071' (Ada Lovelace) is not in" in run([BOB])[1]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"set": 1,"students":[\n{"id": 1},\n]}', "\0"]
)
def test_a_damaged_manifest_says_nothing(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content, "utf-8")
    assert standing_in(tmp_path).sheets == {}


def test_who_has_a_sheet_keeps_it_though_somebody_who_joins_would_choose_first(monkeypatch):
    """All first choices are the same sheet; who chooses first keeps it, and others go on."""
    choice = {"old": 7, "new": 3}
    monkeypatch.setattr(
        assignments,
        "number",
        lambda code, student, attempt=0, words="": 2**21 + (choice[student] * attempt),
    )
    monkeypatch.setattr(assignments, "choice_order", lambda code, students: [*range(len(students))])
    order = Order(
        specification=Specification("matmul", 1, solved=False),
        set_name="autumn",
        students=(Student("new", "New"), Student("old", "Old")),
        roster="list.csv",
        identity=Identity("MATM", 1, 0),
    )
    alone = Assignment.first(order)
    assert list(alone.numbers) == [2**21, 2**21 + 7]
    first = Identity("MATM", 1, 2**21).text
    assert list(Assignment.first(order, {"old": first}).numbers) == [2**21 + 3, 2**21]
    second = Identity("MATM", 1, 2**21 + 7).text
    assert list(Assignment.first(order, {"old": second}).numbers) == [2**21, 2**21 + 7]
    # A sheet that is none of a student's own choices is not believed.
    crafted = Identity("MATM", 1, 2**21 + 5).text
    assert list(Assignment.first(order, {"old": crafted}).numbers) == [2**21, 2**21 + 7]


def own_files(tmp_path):
    output = tmp_path / "o"
    return {
        str(path.relative_to(output))
        for name in ("forms", "keys")
        for path in output.glob(f"{name}/*")
    }


def test_students_own_files_say_whose_they_are_and_keys_lie_apart(run, tmp_path):
    odd = ("s/4", "../José  <b> x")
    assert run([ADA, odd], "--single", "--fillable", "--format", "xlsx")[0] == 0
    ids = sheets(tmp_path)
    begins = {f"Ada-Lovelace_0071_{ids['0071']}", f"José-b-x_s-4_{ids['s/4']}"}
    assert own_files(tmp_path) == {
        *(
            f"forms/{one}{end}"
            for one in begins
            for end in ("-blank.pdf", "-fillable.pdf", ".xlsx")
        ),
        *(f"keys/{one}-solved.pdf" for one in begins),
    }


@pytest.mark.slow
def test_files_of_a_name_that_was_corrected_and_of_who_has_left_go(run, stands, tmp_path):
    assert run([ADA, BOB, CAI], "--single", "--fillable")[0] == 0
    changed = [(ADA[0], "Ada King"), BOB]
    assert "3 of the 3" not in run(changed, "--single", "--fillable")[1]
    _, error = run(changed, "--single", "--fillable", "--force")
    assert "6 files of an earlier run, which this one lacks, are removed" in error
    ids = sheets(tmp_path)
    begins = {f"Ada-King_0071_{ids['0071']}", f"Bob-Ray_0072_{ids['0072']}"}
    assert own_files(tmp_path) == {
        *(f"forms/{one}-{end}.pdf" for one in begins for end in ("blank", "fillable")),
        *(f"keys/{one}-solved.pdf" for one in begins),
    }
    before = stands()
    assert run(changed, "--single", "--fillable") == (0, "")
    assert stands() == before


def test_a_file_that_somebody_wrote_into_is_not_replaced(run, tmp_path):
    """A student's form, say, saved under its own name."""
    assert run([ADA, BOB], "--single", "--fillable")[0] == 0
    (form,) = (tmp_path / "o" / "forms").glob("Ada*-fillable.pdf")
    filled = form.read_bytes() + b"% filled in"
    form.write_bytes(filled)
    for students in ([ADA, BOB], [(ADA[0], "Ada King"), BOB, CAI]):
        code, error = run(students, "--single", "--fillable")
        assert code == 2
        assert f"{form} has been changed since it was written" in error
        assert form.read_bytes() == filled
    assert run([(ADA[0], "Ada King"), BOB], "--force")[0] == 0
    assert own_files(tmp_path) == {f"forms/{form.name}"}
    assert form.read_bytes() == filled


@pytest.mark.parametrize("name", ["../x.pdf", "forms/../x.pdf", "x.pdf", "forms/a/x.pdf", "forms/"])
def test_a_manifest_cannot_have_other_files_removed(tmp_path, name):
    digest = sha256(b"mine").hexdigest()
    row = {"id": "A", "student": "1", "name": "x", "section": "", "blank_file": name}
    text = json.dumps({"set": "x"}).removesuffix("}") + ',"students":[\n'
    text += json.dumps(row | {"blank_sha256": digest}) + "\n]}\n"
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    standing = standing_in(tmp_path)
    assert standing.sheets == {"A": ("1", "x")}
    assert standing.own_files == {}


@pytest.mark.slow
def test_one_students_sheet_is_printed_again_with_the_name_and_the_set_stays(run, stands, tmp_path):
    students = [ADA, BOB]
    assert run(students, kind="rlhf")[0] == 0
    before, ids = stands(), sheets(tmp_path)
    assert run(students, "--only", "0072", "--large-print", kind="rlhf") == (0, "")
    assert run(students, "--only", "Ada  LOVELACE", "--language", "es", kind="rlhf") == (0, "")
    spanish = replace(read_id(ids["0071"]), language="es").text
    begins = {
        f"Bob-Ray_0072_{ids['0072']}": ("-blank-large-print", "-solved-large-print", "Bob Ray"),
        f"Ada-Lovelace_0071_{spanish}": ("-blank", "-solved", "Ada Lovelace"),
    }
    made = {name: data for name, data in stands().items() if name.startswith("again/")}
    assert {name: data for name, data in stands().items() if name not in made} == before
    assert set(made) == {
        f"again/{folder}/{one}{end}.pdf"
        for one, (blank, solved, _) in begins.items()
        for folder, end in (("forms", blank), ("keys", solved))
    }
    (key,) = (one for one in json.loads(before["key.json"]) if one["id"] == ids["0072"])
    for one, (blank, solved, name) in begins.items():
        with pymupdf.open(stream=made[f"again/forms/{one}{blank}.pdf"]) as document:
            assert name in document[0].get_text()
            assert len(document) > (5 if "large" in blank else 1)
        with pymupdf.open(stream=made[f"again/keys/{one}{solved}.pdf"]) as document:
            text = "".join(page.get_text() for page in document)
        assert one.rpartition("_")[2] in text
        reward = next(line for line in key["lines"] if line["name"] == "loser_reward")
        assert ("large" not in solved) or reward["values"][0][0].replace("-", "−") in text


@pytest.mark.parametrize(
    ("only", "options", "says"),
    [
        ("0073", (), "nobody is called '0073'; right is an identifier or a whole name"),
        ("ray", (), "'0072' (Bob Ray)"),
        ("Cai Xu", (), "'s-3' (Cai Xu) has no sheet in the set there yet; make the set again"),
        ("0071", ("--level", "2"), "another set stands there: code autumn, kind matmul, level 1"),
        ("Bob", (), "'Bob' are 2 students: 'b1', 'b2'"),
        ("", (), "nobody is called ''"),
    ],
)
def test_what_cannot_be_printed_again_is_named(run, stands, only, options, says):
    two = [("b1", "Bob"), ("b2", "Bob")]
    run([ADA, BOB, *two])
    before = stands()
    code, error = run([ADA, BOB, CAI, *two], "--only", only, *options)
    assert code == 2
    assert says in error
    assert stands() == before


@pytest.mark.slow
def test_a_sheet_in_another_language_counts_as_its_students(run, tmp_path):
    """Words of the other language are right there, and a student is missing once, or not at all."""
    assert run([ADA, BOB, CAI], kind="rlhf")[0] == 0
    register = read_register(tmp_path / "o").students
    (ada, _), (bob, _), (cai, _) = register.items()
    spanish = [make([replace(read_id(one), language="es")])[0] for one in (ada, bob)]

    def handed(sheet, name, when, skip=0):
        cells = [
            (line.name, row, column)
            for line in sheet.graph.answers
            for row, column in np.ndindex(line.node.shape)
        ][skip:]
        entries = {
            (line, row, column): Entry(sheet.values[line][row][column])
            for line, row, column in cells
        }
        return Submission(f"{when}.json", when, sheet.id, name, entries)

    english = make([read_id(ada)])[0]
    marking = mark_all(
        [handed(english, "", 1, 3), handed(spanish[0], "", 2), handed(spanish[1], "", 1)],
        Scheme(),
        register,
    )
    assert [(one.student, one.sheet.id) for one in marking.marked] == [
        ("0071", spanish[0].id),
        ("0072", spanish[1].id),
    ]
    assert all(one.earned == one.points for one in marking.marked)
    assert [one.newer.source for one in marking.superseded] == ["2.json"]
    assert [(one.student, one.id) for one in marking.missing] == [("s-3", cai)]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a signal is what Ctrl-C sends there")
def test_ctrl_c_says_what_is_kept(tmp_path):
    roster, output = tmp_path / "list.csv", tmp_path / "o"
    rows = [f"s{number},Student {number}" for number in range(20_000)]
    roster.write_text("\n".join(["Student ID,Name", *rows]), "utf-8")
    line = [sys.executable, "generator.py", "class", "matmul", roster, "--set", "x"]
    with subprocess.Popen(
        [*map(str, line), "--output", str(output)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        preexec_fn=interrupted.hear,  # noqa: PLW1509 - no thread here forks
    ) as done:
        while not [*output.glob(".*-parts/[0-9]*.part")]:
            assert done.poll() is None
        done.send_signal(signal.SIGINT)
        _, error = done.communicate(timeout=600)
    assert done.returncode == 130, error
    says = f"stopped: what is finished is kept in {output}, and the same command goes on from there"
    assert says in error
    assert "Traceback" not in error
    assert [*output.glob(".*-parts/[0-9]*.part")]
    assert not (output / "manifest.json").exists()
