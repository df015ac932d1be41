"""Faded sheets marked: what was shown is no answer, and what was left is marked as always."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import fades
import marked as m
import pages
import pdfium
import pikepdf
import pytest
from every_kind import LEVELS, identity

from worksheets.cli import main
from worksheets.engine.notation import write
from worksheets.errors import InputError
from worksheets.exports.answer_sheet import answer_sheet
from worksheets.marking.enter import entered
from worksheets.marking.feedback import feedback
from worksheets.marking.marks import Mark, Marked
from worksheets.marking.paper import answer_cells
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.record import students
from worksheets.marking.register import RegisteredStudent, read_register
from worksheets.marking.report import as_html
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import CellName, SetAside, Submission
from worksheets.sheet import Sheet, make

ROSTER = Path(__file__).parents[1] / "docs" / "roster.csv"
HOWS = pytest.mark.parametrize("fade", ["alternate", "one-matrix", "one-cell"])


def to_do(one: Sheet, fade: str) -> list[CellName]:
    return [
        cell
        for _, cells in answer_cells(one.identity.code, one.identity.level, fade)
        for cell in cells
    ]


def marked(one: Sheet, fade: str, changes: Mapping[CellName, str | None]) -> Marked:
    """Of a student who has filled in what was left to do, and nothing else, but for changes."""
    left = dict.fromkeys(to_do(one, fade))
    every = m.submission(one, changes).entries
    entries = {cell: entry for cell, entry in every.items() if cell in left or cell in changes}
    handed_in = Submission("answers.csv", 1, one.id, "Ada", entries)
    return mark_all([handed_in], Scheme(), fade=fade).marked[0]


@pytest.mark.slow
@LEVELS
@HOWS
def test_what_was_left_to_do_is_all_that_counts(kind: str, level: int, fade: str) -> None:
    (one,) = make([identity(kind, level, 3)])
    left = fades.left(fade, one.key())
    lines = [name for name, count in left.items() if count]
    perfect, blank = marked(one, fade, {}), marked(one, fade, dict.fromkeys(to_do(one, fade)))
    for paper, mark, earned in ((perfect, Mark.RIGHT, len(lines)), (blank, Mark.BLANK, 0)):
        assert Counter(name for name, *_ in paper.cells) == Counter(
            {name: count for name, count in left.items() if count}
        )
        assert {cell.mark for cell in paper.cells.values()} == {mark}
        assert (paper.earned, paper.points) == (earned, len(lines))
        steps = {one.graph.lines[name].step.number for name in lines}
        assert {step.number for step in paper.steps} == steps
    assert perfect.percent == "100"


def test_each_cell_that_was_left_has_an_equal_share_of_its_line() -> None:
    one = m.sheet(1)
    cell = ("loser_features", 2, 1)
    paper = marked(one, "alternate", {cell: None})
    lines = sum(count > 0 for count in fades.left("alternate", one.key()).values())
    assert paper.points - paper.earned == Fraction(1, 12)
    assert paper.points == lines
    where = next(cell for cell in to_do(one, "one-cell") if cell[0] == "loser_features")
    paper = marked(one, "one-cell", {where: None})
    assert paper.points - paper.earned == 1


def test_a_schemes_points_are_for_what_was_left_of_a_step() -> None:
    one = m.sheet(1)
    scheme = Scheme(steps={("rlhf", 1): {3: Fraction(5), 4: Fraction(7)}})
    handed_in = m.submission(one, {("loser_features", 0, 0): None})
    paper = mark_all([handed_in], scheme, fade="alternate").marked[0]
    points = {step.number: (step.points, step.earned) for step in paper.steps}
    assert points[4] == (7, 7 - Fraction(7, 12))
    assert 3 not in points  # loser_inputs is shown
    assert points[6] == (1, 1)


def test_what_somebody_wrote_where_a_value_was_shown_is_passed_over() -> None:
    one = m.sheet(1)
    paper = marked(one, "alternate", {("loser_inputs", 0, 0): "99", ("gap", 0, 0): "??"})
    assert paper.earned == paper.points
    assert not paper.findings


def test_a_slip_is_followed_through_the_cells_that_were_left() -> None:
    """The reward from a sentence whose first cell is the student's and whose others are shown."""
    one = m.sheet(1, 5)
    assert [cell for cell in to_do(one, "one-cell") if cell[0] == "loser_sentence"] == [
        ("loser_sentence", 0, 0)
    ]
    weight = int(one.values["rm_output"][0][0])
    sentence, reward = (int(one.values[f"loser_{name}"][0][0]) for name in ("sentence", "reward"))
    gap = int(one.values["gap"][0][0])
    changes = {
        ("loser_sentence", 0, 0): str(sentence + 3),
        ("loser_reward", 0, 0): str(reward + 3 * weight),
        ("gap", 0, 0): str(gap - 3 * weight),
    }
    paper = marked(one, "one-cell", changes)
    assert [paper.cells[cell].mark for cell in changes] == [Mark.WRONG, *2 * [Mark.FOLLOWS]]
    assert paper.points - paper.earned == 1


def test_who_goes_on_from_what_is_shown_has_nothing_surprising_about_it() -> None:
    """Features are wrong, the sentence is shown, and the reward is right for it."""
    one = m.sheet(1, 5)
    wrong = {("loser_features", 0, column): "88" for column in range(3)}
    paper = marked(one, "alternate", wrong)
    reward = paper.cells["loser_reward", 0, 0]
    assert (reward.mark, reward.note, reward.follow_value) == (Mark.RIGHT, "", None)
    assert paper.counts[Mark.WRONG] == 3
    assert not {name for name, *_ in paper.cells} & {"loser_inputs", "loser_sentence"}


def test_mistakes_are_named_as_on_a_sheet_that_is_not_faded() -> None:
    one = m.sheet(1, 5)
    bias = int(one.values["rm_output"][0][-1])
    reward = int(one.values["loser_reward"][0][0])
    changes = {("loser_reward", 0, 0): str(reward - bias)}
    usual = m.marking(m.submission(one, changes)).marked[0]
    found = marked(one, "one-cell", changes)
    assert bias
    named = [paper.cells["loser_reward", 0, 0].mistake for paper in (usual, found)]
    assert named[0]
    assert named[0] == named[1]


def test_the_class_set_says_what_was_shown_then_the_teacher_then_the_file() -> None:
    one = m.sheet(1)
    left = len(to_do(one, "one-cell"))
    register = {one.id: RegisteredStudent(0, "17", "Ada", "7a", "one-cell")}
    plain, own = m.submission(one), replace(m.submission(one), fade="one-cell")
    for handed_in, more in (
        (plain, {"register": register}),
        (own, {"register": register}),
        (plain, {"fade": "one-cell"}),
        (replace(own, sealed=True), {}),
    ):
        assert len(mark_all([handed_in], Scheme(), **more).marked[0].cells) == left
    assert len(mark_all([plain], Scheme()).marked[0].cells) > left
    (aside,) = mark_all([own], Scheme()).set_aside  # a student may not say it
    assert "faded as 'one-cell', and what is marked here is not faded" in aside.reason


@pytest.mark.parametrize("known", [{"fade": "alternate"}, {"register": ""}])
def test_the_sheet_of_another_fade_is_set_aside(known) -> None:
    one = m.sheet(1)
    if "register" in known:
        known = {"register": {one.id: RegisteredStudent(0, "17", "Ada", "7a")}}
    aside = mark_all([replace(m.submission(one), fade="one-cell")], Scheme(), **known).set_aside
    right = "faded as 'alternate'" if "fade" in known else "not faded"
    assert aside[0].reason == (
        f"ID {one.id}: this is the sheet faded as 'one-cell', and what is marked here is {right}"
    )


def empty_form(path: Path, one: Sheet, fade: str, modified: int) -> Submission:
    """An answer sheet in which nothing is filled in, as it is read."""
    path.write_bytes(answer_sheet(one, fade))
    (found,) = read_file(path)
    assert isinstance(found, Submission)
    return replace(found, source=path.name, modified=modified)


@pytest.mark.slow
@pytest.mark.parametrize("known", ["register", "fade"])
def test_a_newer_form_that_is_not_faded_takes_no_faded_ones_place(tmp_path, known) -> None:
    """Both have the same ID. What is typed in says nothing of a fade, and counts as any."""
    one = m.sheet(1)
    asked = {
        "register": {"register": {one.id: RegisteredStudent(0, "17", "Ada", "7a", "one-cell")}},
        "fade": {"fade": "one-cell"},
    }[known]
    older = replace(empty_form(tmp_path / "faded.xlsx", one, "one-cell", 1), student="Ada")
    filled_in = replace(older, entries=m.submission(one).entries)
    newer = replace(empty_form(tmp_path / "plain.xlsx", one, "", 2), student="Ada")
    marking = mark_all([filled_in, newer], Scheme(), **asked)
    assert [(paper.submission.source, paper.percent) for paper in marking.marked] == [
        ("faded.xlsx", "100")
    ]
    assert not marking.superseded
    assert [(aside.source, aside.reason) for aside in marking.set_aside] == [
        (
            "plain.xlsx",
            f"ID {one.id}: this is the sheet that is not faded, and what is marked here is "
            "faded as 'one-cell'",
        )
    ]
    typed = replace(m.submission(one), student="Ada", modified=3)
    again = mark_all([filled_in, newer, typed], Scheme(), **asked)
    assert [paper.submission.source for paper in again.marked] == [typed.source]


def test_a_fade_that_a_kind_does_not_have_sets_its_sheets_aside() -> None:
    (matmul,) = make([identity("matmul", 1, 3)])
    both = [m.submission(m.sheet(1)), m.submission(matmul)]
    marking = mark_all(both, Scheme(), fade="next_product")
    assert [one.sheet.id for one in marking.marked] == [matmul.id]
    assert marking.set_aside[0].reason.startswith("fade 'next_product': it is one of alternate, ")


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ({"kind": "matmul", "level": 1, "fade": "half"}, "fade 'half': it is one of alternate"),
        ({"kind": "matmul", "fade": "product"}, "it is no manifest"),
        ({"kind": "matmul", "level": 1, "fade": 3}, "fade 3: it is one of"),
    ],
)
def test_a_manifest_with_a_wrong_fade_is_refused(tmp_path, head, says) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(head | {"students": []}), "utf-8")
    with pytest.raises(InputError, match=says):
        read_register(tmp_path)


def filled(content: bytes, texts: Mapping[str, str]) -> bytes:
    """A form with these texts in its fields."""
    with pikepdf.open(BytesIO(content)) as document:
        waiting = [(field, "") for field in document.Root.AcroForm.Fields]
        while waiting:
            field, above = waiting.pop()
            name = ".".join(filter(None, (above, str(field.get("/T", "")))))
            waiting += [(kid, name) for kid in field.get("/Kids", []) if "/T" in kid]
            if name in texts:
                field.V = texts[name]
        file = BytesIO()
        document.save(file)
    return file.getvalue()


@HOWS
@pytest.mark.slow
def test_forms_and_workbooks_are_read_and_know_what_they_showed(tmp_path, fade) -> None:
    one = m.sheet(1)
    right = {
        f"{line}.r{row + 1}.c{column + 1}": one.values[line][row][column]
        for line, row, column in to_do(one, fade)
    }
    form, workbook = tmp_path / "form.pdf", tmp_path / "answers.xlsx"
    form.write_bytes(filled(pages.form(one, fade=fade), right))
    workbook.write_bytes(answer_sheet(one, fade))
    marks = []
    for path in (form, workbook):
        (handed_in,) = read_file(path)
        assert isinstance(handed_in, Submission)
        assert handed_in.fade == fade
        marks.append(mark_all([handed_in], Scheme(), fade=fade).marked[0])
    assert [len(paper.cells) for paper in marks] == [len(right)] * 2
    assert [paper.percent for paper in marks] == ["100", "0"]
    assert marks[1].counts[Mark.BLANK] == len(right)


@pytest.mark.slow
def test_a_form_that_lacks_a_field_or_has_an_unknown_fade_is_set_aside(tmp_path) -> None:
    content = pages.form(m.sheet(1), fade="one-cell")
    for fade, says in (("alternate", "answer cells are missing"), ("half", "fade 'half': it is")):
        path = tmp_path / f"{fade}.pdf"
        path.write_bytes(filled(content, {"sheet_fade": fade}))
        (found,) = read_file(path)
        assert isinstance(found, SetAside)
        assert says in found.reason


def test_quick_entry_asks_for_what_was_left_and_its_file_says_so(tmp_path) -> None:
    one, asked = m.sheet(1), []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "77" if "gap [" in prompt else ""

    result = entered(one, ask, print, "one-cell")
    left = to_do(one, "one-cell")
    assert len(asked) == len(left) == result.asked == result.lines
    assert set(result.cells) == {f"{name}.r{row + 1}.c{column + 1}" for name, row, column in left}
    line, row, column = next(cell for cell in left if cell[0] == "loser_features")
    label = one.labels(one.graph.lines[line].column_labels)[column]
    value = one.values[line][row][column]
    assert f"4 loser features, row {row + 1}, column {label} [{value}]: " in asked
    path = tmp_path / "entered.json"
    path.write_bytes(result.as_json(one))
    (handed_in,) = read_file(path)
    assert isinstance(handed_in, Submission)
    paper = mark_all([handed_in], Scheme()).marked[0]
    # What comes after the gap is asked for as it follows from that of the student.
    counts = [paper.counts[mark] for mark in (Mark.RIGHT, Mark.FOLLOWS, Mark.WRONG)]
    assert counts == [len(left) - 3, 2, 1]


def test_no_line_is_taken_as_right_where_a_checkpoint_tells_nothing_of_it() -> None:
    result = entered(m.sheet(1), lambda _: "", print, "alternate")
    assert result.taken_as_right == []
    names = {name.partition(".")[0] for name in result.cells}
    assert names == {name for name, n in fades.left("alternate", m.sheet(1).key()).items() if n}


@pytest.mark.slow
def test_a_page_of_feedback_has_signs_where_something_was_left_to_do() -> None:
    one = m.sheet(1)
    left = to_do(one, "one-cell")
    paper = marked(one, "one-cell", {left[0]: None, left[1]: "77"})
    content = feedback("rlhf", 1, "a4", fade="one-cell").pdf(paper)
    text = [[char["text"] for char in page.characters] for page in pdfium.read(content)]
    signs = Counter(char for page in text[:-1] for char in page if char in "✓✗○→")
    assert signs == {"✓": len(left) - 2, "✗": 1, "○": 1}
    last = "".join(text[-1])
    assert f"{len(left) - 2}/{len(left)}points" in last.replace(" ", "")


@pytest.mark.slow
def test_a_step_without_anything_left_is_not_on_the_page_of_feedback() -> None:
    one = m.sheet(1)
    content = feedback("rlhf", 1, "a4", fade="loss").pdf(marked(one, "loss", {}))
    last = "".join(char["text"] for char in pdfium.read(content)[-1].characters)
    assert "1/1points" in last.replace(" ", "")
    titles = {line.step.title for line in one.graph.answers if line.name != "loss"}
    left = one.graph.lines["loss"].step.title
    assert left in last
    assert [title for title in titles - {left} if title in last] == []


def test_the_report_and_the_record_leave_out_what_was_shown() -> None:
    one, other = m.sheet(1), m.sheet(1, 1)
    left = to_do(one, "alternate")
    papers = [replace(m.submission(sheet), fade="alternate", sealed=True) for sheet in (one, other)]
    marking = mark_all([*papers, m.submission(m.sheet(1, 2))], Scheme())
    html = as_html(marking, "a4")
    assert "level 1, faded (alternate): 2 sheets" in html
    assert "level 1: 1 sheet<" in html
    section = html.split("faded (alternate)")[1].split("</section>")[0]
    rows = section.split("line by line")[1].split("</table>")[0].count('<th scope="row">')
    assert rows == len({name for name, *_ in left})
    assert section.count('font-size="13" font-weight="700">100<') == len(left)
    of_faded, of_usual = (
        json.loads(part) for place, part in enumerate(students(marking, {})) if place in {0, 2}
    )
    assert (of_faded["fade"], of_usual["fade"]) == ("alternate", None)
    marks = Counter(mark for line in of_faded["lines"] for row in line["marks"] for mark in row)
    assert marks == {"right": len(left), None: len(papers[0].entries) - len(left)}
    assert None not in {m for line in of_usual["lines"] for row in line["marks"] for m in row}


@pytest.mark.slow
def test_a_faded_class_is_marked_by_its_manifest(tmp_path, capsys) -> None:
    """From the command line: a CSV with every cell of one student, right but for one."""
    folder = tmp_path / "class"
    run("class", "matmul", ROSTER, "--set", "x", "--fade", "product", "--output", folder)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    key = json.loads((folder / "key.json").read_text("utf-8"))[0]
    rows = [
        f"{name}.r{r}.c{c},{cell if (name, r, c) != ('product', 1, 1) else '99'}"
        for name, values in fades.answers(key).items()
        for r, row in enumerate(values, 1)
        for c, cell in enumerate(row, 1)
    ]
    names, values = zip(*(row.split(",") for row in rows), strict=True)
    handed_in = tmp_path / "answers.csv"
    handed_in.write_text(f"id,{','.join(names)}\n{key['id']},{','.join(values)}\n", "utf-8")
    run("mark", handed_in, "--class", folder, "--output", tmp_path / "marks", "--no-feedback")
    found = json.loads((tmp_path / "marks" / "marks.json").read_text("utf-8"))["marked"][0]
    left = fades.left("product", key)
    cells = left["product"]
    assert found["name"] == manifest["students"][0]["name"]
    assert found["counts"] == {
        "right": cells - 1, "wrong": 1, "follows": 0, "blank": 0, "unreadable": 0
    }  # fmt: skip
    assert (found["points"], found["out_of"]) == (write(round_up(1 - Fraction(1, cells))), "1")
    capsys.readouterr()
    both = "mark", handed_in, "--class", folder, "--fade", "product", "--output", tmp_path / "no"
    assert run(*both, code=2) == 2
    assert "--fade goes without --class" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()
    assert run("mark", handed_in, "--fade", "half", "--output", tmp_path / "no", code=2) == 2
    assert "fade 'half': it is one of alternate, one-matrix, one-" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()
    run("mark", handed_in, "--fade", "product", "--output", tmp_path / "again", "--no-feedback")
    again = json.loads((tmp_path / "again" / "marks.json").read_text("utf-8"))["marked"][0]
    assert (again["fade"], again["counts"]) == ("product", found["counts"])


def round_up(share: Fraction) -> Fraction:
    """To one decimal, half up."""
    return Fraction(int(10 * share + Fraction(1, 2)), 10)


def run(*arguments: object, code: int = 0) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    assert (ended.value.code or 0) == code
    return code
