"""Marks as gradebooks and other programs read them: the same digits everywhere, no formulas."""

import csv
import json
from fractions import Fraction
from io import BytesIO, StringIO

import marked as m
import openpyxl
import pytest

from worksheets.marking import gradebook, record, workbook
from worksheets.marking.marks import Mark
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import SetAside
from worksheets.tabular.spreadsheet_text import acts_as_formula

EVIL = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n@x", " =cmd|' /C calc'!A0", "＝1", "\x00=1", "#N/A",
    "_x003D_1", "TRUE", "1e5", 'a"b,c;d', "Zoë", "", "\x00",
)  # fmt: skip


@pytest.fixture(scope="module")
def marking():
    """Sheets of two levels, in two sections; one of them superseded, one file set aside."""
    some = [m.sheet(1, n) for n in range(len(EVIL))]
    papers = [
        m.submission(sheet, m.slips(sheet) if n % 2 else {}, source=f"{EVIL[n]}.csv", modified=2)
        for n, sheet in enumerate(some)
    ]
    papers += [m.submission(some[0], source="old.csv"), m.submission(m.sheet(2, 5), source="=b")]
    register = {
        sheet.id: RegisteredStudent(n, f"{EVIL[n]}{n}", EVIL[n], "7a")
        for n, sheet in enumerate(some)
    }
    register[m.sheet(2, 5).id] = RegisteredStudent(99, "s-99", "Ada", "7b")
    return mark_all([*papers, SetAside("../x\n.pdf", "encrypted")], Scheme(), register)


def csv_bytes(marking):
    return gradebook.as_csv(gradebook.table(marking.marked))


def workbook_bytes(marking):
    return workbook.as_workbook(gradebook.table(marking.marked), gradebook.steps(marking.marked))


def as_csv(marking):
    text = csv_bytes(marking).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def as_workbook(marking, tab="marks"):
    book = openpyxl.load_workbook(BytesIO(workbook_bytes(marking)))
    return list(book[tab].iter_rows())


def as_json(marking):
    students = record.students(marking, {0: "feedback/x.pdf"})
    return json.loads(b"".join(record.as_json(marking, students, {"a": "b"})))


def test_the_csv_has_a_row_for_each_and_columns_in_their_order(marking):
    rows = as_csv(marking)
    assert csv_bytes(marking).startswith(b"\xef\xbb\xbfstudent,name,section,id,points,out of")
    assert len(rows) == len(marking.marked) == len(EVIL) + 1
    first, last = rows[1], rows[-1]
    assert list(first)[7:10] == ["step 3", "step 4", "step 5"]
    assert list(first)[-7:] == [*(mark.value for mark in Mark), "commonest mistake", "source"]
    assert first["commonest mistake"] == "bias forgotten in the linear layer"
    assert (last["student"], last["name"], last["section"]) == ("s-99", "Ada", "7b")
    assert (first["step 16"], last["commonest mistake"]) == ("", "")
    assert float(last["step 16"]) > 0


def test_shown_and_reported_marks_agree_to_the_digit(marking):
    book = as_workbook(marking)
    headings = [cell.value for cell in book[0]]
    told = as_json(marking)["marked"]
    for one, row, cells, student in zip(
        marking.marked, as_csv(marking), book[1:], told, strict=True
    ):
        values = dict(zip(headings, (cell.value for cell in cells), strict=True))
        points, out_of = one.shown(one.earned), one.shown(one.points)
        assert (row["points"], row["out of"]) == (points, out_of)
        assert (str(values["points"]), str(values["out of"])) == (points, out_of)
        assert (student["points"], student["out_of"]) == (points, out_of)
        for (step, earned), told_step in zip(one.shown_steps, student["steps"], strict=True):
            name = f"step {step.number}"
            assert row[name] == str(values[name]) == told_step["earned"] == earned
        assert sum(Fraction(text) for _, text in one.shown_steps) == Fraction(points)
        for mark in Mark:
            assert int(row[mark.value]) == values[mark.value] == one.counts[mark]
            assert student["counts"][mark.value] == one.counts[mark]


def test_percent_is_what_the_points_beside_it_come_to(marking):
    """Two thirds of two points are shown as 1.3 of 2, which is 65 % and not 66.7."""
    rows = as_csv(marking)
    for row in rows:
        exact = 100 * Fraction(row["points"]) / Fraction(row["out of"])
        assert abs(Fraction(row["percent"]) - exact) <= Fraction(1, 20)
    assert rows[0]["percent"] == "100"


@pytest.mark.parametrize("text", EVIL[:9])
def test_what_may_act_as_a_formula_is_known(text):
    assert acts_as_formula(text)


@pytest.mark.parametrize("text", ["", "Ada", "1-2", "a=b", "#N/A", "'=1"])
def test_what_is_plain_text_is_known(text):
    assert not acts_as_formula(text)


def test_no_text_reaches_a_spreadsheet_as_a_formula(marking):
    for row in csv.reader(StringIO(csv_bytes(marking).decode("utf-8-sig"), newline="")):
        for text in row:
            assert not text.startswith(tuple("=+-@\t\r\n＝"))
    assert as_csv(marking)[0]["name"] == "'=1+1"
    book = as_workbook(marking)
    for row in book[1:]:
        for cell in row:
            assert cell.data_type in "ns"
    names = [row[1] for row in book[1:]]
    assert (names[0].value, names[0].data_type, names[0].quotePrefix) == ("=1+1", "s", True)
    # openpyxl leaves escapes as they are; a spreadsheet shows "_x003D_1".
    assert [names[n].value for n in (9, 10, 11, 12)] == ["#N/A", "_x005F_x003D_1", "TRUE", "1e5"]
    assert not names[9].quotePrefix


def test_a_workbook_says_what_the_steps_are_and_is_the_same_bytes_each_time(marking):
    steps = [[cell.value for cell in row] for row in as_workbook(marking, "steps")]
    assert steps[:2] == [
        ["kind", "level", "step", "title", "points"],
        ["rlhf", 1, 3, "Word embeddings", 1],
    ]
    assert len(steps) == 1 + 13 + 14
    first = workbook_bytes(marking)
    assert b"1980-01-01T00:00:00Z" in openpyxl_core(first)
    assert workbook_bytes(marking) == first


def openpyxl_core(content):
    from zipfile import ZipFile

    with ZipFile(BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return parts.read("docProps/core.xml")


def test_the_record_has_every_cell_and_adds_up(marking):
    told = as_json(marking)
    counts = [len(told[name]) for name in ("marked", "superseded", "set_aside")]
    assert counts == [len(EVIL) + 1, 1, 1]
    assert told["read"] == sum(counts)
    assert told["set_aside"] == [{"source": "../x\n.pdf", "reason": "encrypted"}]
    assert told["superseded"][0]["source"] == "old.csv"
    assert told["superseded"][0]["newer"] == "=1+1.csv"
    assert told["marked"][0]["feedback"] == "feedback/x.pdf"
    for one, student in zip(marking.marked, told["marked"], strict=True):
        for line in student["lines"]:
            for row, marks in enumerate(line["marks"]):
                for column, mark in enumerate(marks):
                    cell = one.cells[line["name"], row, column]
                    assert mark == cell.mark
                    assert line["written"][row][column] == cell.written
                    assert line["right"][row][column] == cell.right
            for remark in line["remarks"]:
                cell = one.cells[line["name"], remark.pop("row"), remark.pop("column")]
                fields = {name: {"expected": "follow_value"}.get(name, name) for name in remark}
                assert remark == {name: getattr(cell, field) for name, field in fields.items()}
        named = {(one["line"], one["mistake"]) for one in student["mistakes"]}
        assert named == {(finding.line, finding.mistake) for finding in one.findings}
    wrong = [line for line in told["marked"][1]["lines"] if line["name"] == "sampled_features"]
    assert "bias forgotten in the linear layer" in {r.get("mistake") for r in wrong[0]["remarks"]}


def test_a_file_name_that_is_no_text_is_written_all_the_same():
    marking = m.marking(m.submission(m.sheet(1), source="\udcff.csv"))
    assert as_json(marking)["marked"][0]["source"] == "\udcff.csv"
    assert as_csv(marking)[0]["source"] == ".csv"


def test_nothing_marked_is_headings_alone():
    marking = m.marking(SetAside("a.pdf", "truncated"))
    assert as_csv(marking) == []
    assert "section" not in [cell.value for cell in as_workbook(marking)[0]]
    assert as_json(marking)["read"] == 1
