"""What a teacher decides by hand counts before all else, is told as theirs, and is checked."""

import csv
import json
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random

import marked as m
import pdfplumber
import pytest

from worksheets import cli
from worksheets.errors import InputError
from worksheets.marking import gradebook, record, report
from worksheets.marking.feedback import feedback
from worksheets.marking.marks import Mark
from worksheets.marking.override import Override, read_overrides
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.remarks import teachers
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme, read_scheme
from worksheets.sheet import make

ROOT = Path(__file__).parents[1]
ADA, BOB = m.sheet(1), m.sheet(1, 1)
REGISTER = {
    ADA.id: RegisteredStudent(0, "s-1", "Ada Lovelace", "7a"),
    BOB.id: RegisteredStudent(1, "s-2", "Bob Moses", "7b"),
}
GAP = ("gap", 0, 0)
QUESTIONS = Scheme(steps={("rlhf", 1): {0: Fraction(4)}})


def last_page(content):
    with pdfplumber.open(BytesIO(content)) as pdf:
        return pdf.pages[-1].extract_text()


def file_of(folder, text, name="override.csv"):
    path = Path(folder) / name
    path.write_text(text, "utf-8")
    return path


def marked(*overrides, scheme=None, register=REGISTER, papers=None):
    papers = papers or [m.submission(ADA, m.slips(ADA), "Ada"), m.submission(BOB, {}, "Bob")]
    return mark_all(papers, scheme or Scheme(), register, overrides=overrides)


def of(marking, sheet=ADA):
    return next(one for one in marking.marked if one.sheet.id == sheet.id)


CSV = f"""id;for;answer;points;comment;done by
{ADA.id};gap.r1.c1;-3/4;;;
s-1;Step 4;;2,5;right idea;
ada lovelace;questions;;3;"well, ""argued"" so";
{BOB.id};;;7;late;
"""
TOML = f"""
[[override]]
id = "{ADA.id}"
for = "gap.r1.c1"
answer = "-3/4"

[[override]]
id = "s-1"
for = "Step 4"
points = 2.5
comment = "right idea"

[[override]]
id = "ada lovelace"
for = "questions"
points = 3
comment = 'well, "argued" so'

[[override]]
id = "{BOB.id}"
points = 7
comment = "late"
"""


@pytest.mark.parametrize(("name", "text"), [("o.csv", CSV), ("o.toml", TOML), ("O.TOML", TOML)])
def test_a_csv_and_a_toml_file_say_the_same(tmp_path, name, text):
    path = file_of(tmp_path, text, name)
    found = read_overrides(path)
    assert [(one.id, one.target, one.answer, one.points, one.comment) for one in found] == [
        (ADA.id, "gap.r1.c1", "-3/4", None, ""),
        ("s-1", "Step 4", "", Fraction(5, 2), "right idea"),
        ("ada lovelace", "questions", "", 3, 'well, "argued" so'),
        (BOB.id, "", "", 7, "late"),
    ]
    assert all(str(path) in one.place for one in found)


def test_a_cells_answer_is_marked_as_if_it_had_stood_there():
    right = ADA.values["gap"][0][0]
    before = of(marked())
    assert before.cells[GAP].mark is Mark.WRONG
    after = of(marked(Override(ADA.id, "gap.r1.c1", right)))
    assert after.cells[GAP].mark is Mark.RIGHT
    assert after.by_teacher.answers == {GAP: before.cells[GAP].written}
    assert after.earned > before.earned
    blank = of(marked(Override(ADA.id, "gap.r1.c1", "-")))
    assert blank.cells[GAP].mark is Mark.BLANK
    # What comes after is followed from the number that the teacher reads.
    reward = Fraction(BOB.values["sampled_reward"][0][0])
    other = of(marked(Override(BOB.id, "sampled_reward.r1.c1", str(reward + 5))), BOB)
    assert other.cells["sampled_reward", 0, 0].mark is Mark.WRONG
    assert other.cells["loss", 0, 0].follow_value == str(-reward - 5)


def test_a_step_and_the_whole_have_the_points_that_a_teacher_gives():
    one = of(marked(Override(ADA.id, "step 9", points=Fraction(1, 2))))
    assert {step.number: step.earned for step in one.steps}[9] == Fraction(1, 2)
    assert one.earned == sum(step.earned for step in one.steps)
    one = of(marked(Override(ADA.id, points=Fraction(25, 2), comment="late")))
    assert (one.earned, one.shown(one.earned)) == (Fraction(25, 2), "12.5")
    parts = sum(Fraction(text) for _, text in one.shown_steps)
    assert parts + one.adjusted == one.earned


def test_written_questions_count_where_a_scheme_says_so(tmp_path):
    path = file_of(tmp_path, "[rlhf.1]\nquestions = 4\n", "points.toml")
    scheme = read_scheme(path)
    assert scheme == QUESTIONS
    without = marked()
    marking = marked(Override(ADA.id, "questions", points=Fraction(3)), scheme=scheme)
    ada, bob = of(marking), of(marking, BOB)
    assert ada.points == of(without).points + 4
    assert ada.earned == of(without).earned + 3
    assert (bob.earned, bob.questions_earned) == (of(without, BOB).earned, None)
    assert any(f"questions of {BOB.id} have no points yet" in note for note in marking.notes)
    table = gradebook.table(marking.marked)
    at = table[0].index("questions")
    assert [row[at] for row in table[1:]] == [3, None]
    with pytest.raises(InputError, match="questions have no points; right is a scheme"):
        marked(Override(ADA.id, "questions", points=Fraction(3)))


def test_a_sheet_counts_for_who_did_it_and_theirs_for_nobody_twice():
    alone = [m.submission(ADA, {}, "Bob")]
    marking = marked(Override(ADA.id, done_by="s-2"), papers=alone)
    one = of(marking)
    assert (one.student, one.name, one.section, one.place) == ("s-2", "Bob Moses", "7b", 1)
    assert [gone.student for gone in marking.missing] == ["s-1"]
    assert not any("the name on it is" in note for note in marking.notes)
    with pytest.raises(InputError, match=f"row 3: done by is 's-2', of whom {BOB.id} is handed in"):
        marked(Override(ADA.id, done_by="s-2", place="row 3"))
    swapped = marked(Override(ADA.id, done_by="Bob Moses"), Override("s-2", done_by="s-1"))
    assert [(one.student, one.sheet.id) for one in swapped.marked] == [
        ("s-1", BOB.id),
        ("s-2", ADA.id),
    ]
    assert swapped.missing == ()
    free = marked(Override(ADA.id, done_by="Cy"), register={})
    assert (of(free).name, of(free).student) == ("Cy", "Cy")


@pytest.mark.slow
def test_what_is_set_by_hand_is_shown_as_the_teachers():
    right = ADA.values["gap"][0][0]
    overrides = [
        Override(ADA.id, "gap.r1.c1", right, comment="your 1 looks like a 7"),
        Override(ADA.id, "step 4", points=Fraction(1, 2), comment="right idea"),
        Override(ADA.id, "questions", points=Fraction(3)),
        Override(ADA.id, points=Fraction(20), comment="handed in late"),
    ]
    marking = marked(*overrides, scheme=QUESTIONS)
    one = of(marking)
    content = feedback("rlhf", 1, "a4").pdf(one)
    text = " ".join(last_page(content).split())
    for sentence in [
        f"Your teacher reads gap as {right.replace('-', '−')}.",
        "Your teacher on gap: your 1 looks like a 7",
        "Your teacher has set the points of this step.",
        "Your teacher: right idea",
        "Written questions, marked by your teacher: 3 / 4 points.",
        "Your teacher: handed in late",
        f"Your teacher has set the points of the sheet ({signed(one.adjusted)}).",
    ]:
        assert sentence in text, text
    assert f"20 / {one.shown(one.points)} points" in text
    (told, _) = (json.loads(part) for part in record.students(marking, {}))
    assert told["points"] == "20"
    assert told["questions"] == {"points": "4", "earned": "3"}
    assert told["by_teacher"]["comments"][0] == {
        "step": 8, "cell": ["gap", 0, 0], "comment": "your 1 looks like a 7",
    }  # fmt: skip
    total = sum(Fraction(step["earned"]) for step in told["steps"])
    assert total + 3 + Fraction(told["adjusted"]) == 20
    html = report.as_html(marking, "a4")
    assert "Set by hand" in html
    assert "Your teacher: right idea" in html
    assert teachers(of(marking, BOB)) == {}


def signed(points):
    text = f"{float(abs(points)):g}"
    return f"−{text}" if points < 0 else f"+{text}"


def test_a_sheet_that_was_not_handed_in_is_told():
    marking = marked(
        Override(BOB.id, points=Fraction(3), place="file, row 2"), papers=[m.submission(ADA)]
    )
    assert marking.notes == (
        f"file, row 2: nothing was marked of {BOB.id}, and so nothing is changed",
    )


def test_either_language_of_a_students_sheet_is_theirs():
    theirs = make([replace(ADA.identity, language="es")])[0]
    right = theirs.values["gap"][0][0]
    papers = [m.submission(theirs, {GAP: None})]
    for name in (ADA.id, theirs.id, "s-1"):
        marking = marked(Override(name, "gap.r1.c1", right), papers=papers)
        assert of(marking, theirs).cells[GAP].mark is Mark.RIGHT
        assert of(marking, theirs).student == "s-1"
    marking = marked(Override(theirs.id, done_by="s-2"), papers=papers)
    assert of(marking, theirs).student == "s-2"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{ADA.id[:-1]}x,gap.r1.c1,3,,,", "the check character"),
        (f"{m.sheet(2).id},gap.r1.c1,3,,,", "none of this class set’s sheets or students"),
        ("nobody,gap.r1.c1,3,,,", "id 'nobody': nobody in the class set"),
        ("s1,gap.r1.c1,3,,,", "right is a student’s identifier or name, such as 's-1'"),
        (f"{ADA.id},gab.r1.c1,3,,,", "cell 'gab.r1.c1' is unknown; the nearest is gap.r1.c1"),
        (f"{ADA.id},embeddings.r1.c1,3,,,", "which the sheet shows already"),
        (f"{ADA.id},gap.r1.c1,12 or 13,,,", "answer is '12 or 13': no number; right is a number"),
        (f"{ADA.id},next_words.r1.c1,thing,,,", "right is one of"),
        (f"{ADA.id},gap.r1.c1,,1,,", "points are given for the cell 'gap.r1.c1'; right are those"),
        (f"{ADA.id},step 1,,1,,", "for is 'step 1'; right is one of 3, 4, 5"),
        (f"{ADA.id},step 9,,99,,", "points is 99; right is 0 to 2 with at most 1 decimals"),
        (f"{ADA.id},step 9,,0.25,,", "points is 0.25; right is 0 to 2 with at most 1"),
        (f"{ADA.id},step 9,,-1,,", "points is '-1'; right is a number from 0 on"),
        (f"{ADA.id},step 9,,many,,", "points is 'many'; right is a number from 0 on"),
        (f"{ADA.id},sheet,,1000,,", "points is 1000; right is 0 to"),
        (f"{ADA.id},sheet,3,,,", "answer is '3', but for is 'sheet'; right is a cell"),
        (f"{ADA.id},step 9,,,,s-2", "done by is said of 'step 9'; right is the whole sheet"),
        (f"{ADA.id},,,,,s-3", "done by is 's-3': nobody in the class set"),
        (f"{ADA.id},,,,,", "nothing is said of"),
        (",gap.r1.c1,3,,,", "there is no id"),
        (f"{ADA.id},,,,{'x' * 201},", "comment has 201 characters; right are up to 200"),
        (f"{ADA.id},,,,x,,y", "'y' stands under no heading"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_with_what_would_be_right(row, says, tmp_path):
    head = "id,for,answer,points,comment,done by"
    path = file_of(tmp_path, f"{head}\n{BOB.id},,,,well done,\n{row}\n")
    with pytest.raises(InputError) as refused:
        marked(*read_overrides(path))
    assert f"{path}, row 3: " in str(refused.value)
    assert says in str(refused.value)


def test_what_is_decided_twice_is_refused_with_both_places(tmp_path):
    path = file_of(tmp_path, f"id,for,points\n{ADA.id},step 9,1\ns-1,Step  9,2\n")
    with pytest.raises(InputError, match=r"row 3: 'Step 9' is decided twice, first in .*row 2"):
        marked(*read_overrides(path))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("o.csv", "", "the file is empty"),
        ("o.xlsx", "PK\3\4", "this is a workbook; save it as CSV"),
        ("o.csv", "id,for\n", "it says nothing; right are the headings id, for"),
        ("o.csv", "for,answer\ngap,1\n", "there is no heading “id”"),
        ("o.csv", "id,answr\nx,1\n", "the heading 'answr' is unknown; right are the headings"),
        ("o.csv", "id,points,points\nx,1,2\n", "the heading 'points' stands twice"),
        ("o.toml", "x = 1\n", "'x' is unknown; right is [[override]]"),
        ("o.toml", "override = 3\n", "override is no list of tables"),
        ("o.toml", "\n\n[[override]]\nid = 'x'\nanswr = '1'\n", "line 3: 'answr' is unknown"),
        ("o.toml", "[[override]]\nid = ['x']\n", "line 1: id is"),
        ("o.toml", "[[override]\n", "not TOML"),
        ("none.csv", None, "No such file"),
    ],
)
def test_a_file_that_is_none_is_refused(name, text, says, tmp_path):
    path = tmp_path / name
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        read_overrides(path)
    assert str(path) in str(refused.value)
    assert says in str(refused.value)


def test_a_file_with_few_answers_that_takes_the_place_of_many_is_told():
    whole = m.submission(ADA, {}, source="whole.pdf", modified=1)
    cell = m.submission(ADA, dict.fromkeys(whole.entries, None) | {GAP: "2"}, modified=2)
    marking = marked(papers=[whole, cell])
    assert any("takes the place of whole.pdf" in note for note in marking.notes)


def test_the_command_refuses_a_wrong_row_and_writes_nothing(tmp_path, capsys):
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({"id": ADA.id, "cells": {"gap.r1.c1": "2"}}), "utf-8")
    path = file_of(tmp_path, f"id,for,points\n{ADA.id},step 99,1\n")
    command = ["mark", str(answers), "--override", str(path), "--output", str(tmp_path / "marks")]
    with pytest.raises(SystemExit) as ended:
        cli.main(command)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert f"{path}, row 2: for is 'step 99'; right is one of 3, 4" in said
    assert not (tmp_path / "marks").exists()


def test_the_example_of_the_teachers_page_is_the_file():
    rows = list(csv.reader((ROOT / "docs" / "override.csv").read_text("utf-8").splitlines()))
    page = (ROOT / "docs" / "site" / "teachers.md").read_text("utf-8")
    table = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("| ") and line.count("|") == 7
    ]
    assert table == rows


@pytest.mark.parametrize(
    ("first", "count"), [(0, 200), pytest.param(200, 5000, marks=pytest.mark.sweep)]
)
def test_a_damaged_file_is_read_or_refused(first, count, tmp_path):
    """Whatever is wrong with it, nobody else's marks change."""
    bob = of(marked(), BOB)
    for seed in range(first, first + count):
        draw = Random(seed)
        name, text = draw.choice([("o.csv", CSV), ("o.toml", TOML)])
        text = text.replace(BOB.id, ADA.id)
        for _ in range(draw.choice((1, 2, 5))):
            at = draw.randrange(len(text))
            piece = draw.choice(
                ["", ";", ",", '"', "\n", "[", "step 9", ADA.id, "-", "9", "\0", "é"]
            )
            text = text[:at] + piece + text[at + draw.randrange(3) :]
        path = file_of(tmp_path, text, name)
        try:
            found = marked(*read_overrides(path), scheme=QUESTIONS)
        except InputError:
            continue
        other = of(found, BOB)
        assert (other.earned, other.cells, other.by_teacher) == (
            bob.earned, bob.cells, bob.by_teacher,
        ), seed  # fmt: skip
