"""Quick entry: what is typed at the terminal is what is written, asked for no more than needed."""

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import samples
from students import worked

from worksheets.engine.graph import Graph
from worksheets.exercise import graph
from worksheets.ids import Identity
from worksheets.marking.enter import entered
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.remarks import teachers
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import Entry, Submission
from worksheets.sheet import make

ROOT = Path(__file__).parents[1]
LEVELS = samples.LEVELS
PERFECT = 9  # questions of a sheet of level 1 without a slip


def sheet(level):
    return make([Identity("RLHF", level, 3)])[0]


class Teacher:
    """Answers by the question's start; Enter to all else. Keeps what was asked and said."""

    def __init__(self, replies=None):
        self.replies = {name: list(some) for name, some in (replies or {}).items()}
        self.asked, self.told = [], []

    def ask(self, prompt):
        self.asked.append(prompt)
        for name, some in self.replies.items():
            if some and name in prompt:
                return some.pop(0) + "\n"
        return "\n"

    def enter(self, level):
        return entered(sheet(level), self.ask, self.told.append)


def needs(level):
    """What each line is computed from, told from the names in the steps of the kind."""
    found: Graph = graph("rlhf", level)
    lines = {id(line.node): name for name, line in found.lines.items()}

    def behind(node):
        for parent in node.parents:
            if id(parent) in lines:
                yield lines[id(parent)]
            yield from behind(parent)

    return {name: set(behind(line.node)) for name, line in found.lines.items()}


@LEVELS
def test_of_a_perfect_sheet_the_checkpoints_alone_are_asked(level):
    teacher = Teacher()
    result = teacher.enter(level)
    answers = {line.name for line in graph("rlhf", level).answers}
    typed = {name.partition(".")[0] for name in result.cells}
    # The probabilities of level 1, on which nothing depends, are a column: one question.
    asked = {1: PERFECT, 2: 9, 3: 11}[level]
    assert len(typed) == result.asked == len(teacher.asked) == asked
    assert typed | set(result.taken_as_right) == answers
    assert not typed & set(result.taken_as_right)
    key = {line["name"]: line["values"] for line in sheet(level).key()["lines"]}
    for name, text in result.cells.items():
        line, row, column = name.split(".")
        assert text == key[line][int(row[1:]) - 1][int(column[1:]) - 1]


@pytest.mark.slow
@LEVELS
def test_whatever_is_taken_as_right_is_behind_a_right_checkpoint(level):
    """Each checkpoint wrong in turn: the lines it needs are asked, unless shown right before."""
    behind = needs(level)
    answers = {line.name for line in graph("rlhf", level).answers}
    for point in ("winner_reward", "gap", "next_words", "sampled_reward"):
        wrong = "[S] [S] [S]" if point == "next_words" else "-77"
        teacher = Teacher({point.replace("_", " ") + " [": [wrong]})
        result = teacher.enter(level)
        asked = {name.partition(".")[0] for name in result.cells}
        assert asked | set(result.taken_as_right) == answers
        right = asked - {point}
        for name in result.taken_as_right:
            assert any(name in behind[one] for one in right), (point, name)
        assert result.cells[f"{point}.r1.c1"] in {"-77", "[S]"}
        if point == "winner_reward":
            assert {"winner_inputs", "winner_features", "winner_sentence"} <= asked
            assert "loser_features" not in asked


def test_rows_blanks_typing_styles_help_and_unreadable_values():
    teacher = Teacher({
        "winner reward [": ["?", ".", "-"],
        "winner inputs, row 1": ["1 2", "1  0,5   -3/4"],
        "winner inputs, row 2": ["- 1 x"],
        "winner inputs, row 3": ["-"],
    })  # fmt: skip
    result = teacher.enter(1)
    rows = [[result.cells[f"winner_inputs.r{r}.c{c}"] for c in (1, 2, 3)] for r in (1, 2, 3)]
    assert rows == [["1", "0,5", "-3/4"], ["", "1", "x"], ["", "", ""]]
    assert result.cells["winner_reward.r1.c1"] == ""
    assert any("as in the brackets" in text for text in teacher.told)
    assert any("Ctrl-C stops here" in text for text in teacher.told)
    assert "2 given, but the row has 3 cells; ? shows help" in teacher.told
    assert "'x' is no number; it is kept as written; b goes back" in teacher.told


@pytest.mark.parametrize("text", ["{0}", "+{0}", "{0}.0", "{0},00", " {0} ", "{1}/2"])
def test_a_right_value_is_right_however_it_is_typed(text):
    value = int(sheet(1).values["gap"][0][0])
    assert value > 0
    teacher = Teacher({"gap [": [text.format(value, 2 * value)]})
    result = teacher.enter(1)
    assert len(teacher.asked) == PERFECT
    assert result.cells["gap.r1.c1"] == text.format(value, 2 * value).strip()


def test_words_are_right_in_any_case_and_wrong_ones_are_not():
    words = sheet(1).values["next_words"][0]
    teacher = Teacher({"next words [": [" ".join(words).upper()]})
    assert len(teacher.enter(1).taken_as_right) == len(Teacher().enter(1).taken_as_right)
    other = next(word for word in sheet(1).texts.values() if word != words[0])
    teacher = Teacher({
        "next words [": [" ".join([other, *words[1:]])],
        "probabilities [": ["0.5 0.5 0.5 0.5 0.5"],
    })  # fmt: skip
    assert "scores" not in teacher.enter(1).taken_as_right


def test_b_goes_back_as_far_as_one_likes():
    teacher = Teacher({
        "loser reward [": ["b", "99", "b", ""],
        "loser inputs, row 1": ["b"],
        "gap [": ["b", ""],
        "winner reward [": ["55", ""],
        "winner inputs, row 1": ["7 7 7", "b"],
        "winner inputs, row 2": ["b"],
    })  # fmt: skip
    result = teacher.enter(1)
    assert teacher.told[0] == "this is the first question"
    assert result == Teacher().enter(1)


# The command


def enter(text, *arguments, folder):
    line = [sys.executable, str(ROOT / "generator.py"), "enter", *arguments]
    return subprocess.run(
        line,
        input=text if isinstance(text, bytes) else text.encode(),
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
def test_a_pipe_fills_sheets_that_are_read_back(tmp_path):
    one, two = sheet(1), make([Identity("RLHF", 1, 4)])[0]
    text = "\n\n9\n" + "\n" * 3 + "- 1 x\n" + "\n" * 100
    done = enter("\n" * PERFECT + text, one.id, two.id.lower(), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (first,) = read_file(tmp_path / "submissions" / f"{one.id}.json")
    (second,) = read_file(tmp_path / "submissions" / f"{two.id}.json")
    assert first.id == one.id
    assert {entry.text for (line, _, _), entry in first.entries.items() if line == "gap"} == {
        one.values["gap"][0][0]
    }
    assert "scores" in first.taken_as_right
    assert second.entries["gap", 0, 0].text == "9"
    assert f"{one.id}  (1 of 2; ? shows help)" in done.stdout.decode()


@pytest.mark.slow
def test_what_was_finished_before_the_end_of_the_input_stays(tmp_path):
    one, two = sheet(1), make([Identity("RLHF", 1, 4)])[0]
    done = enter("\n" * (PERFECT + 3), one.id, two.id, folder=tmp_path)
    assert done.returncode == 130
    assert [path.name for path in (tmp_path / "submissions").iterdir()] == [f"{one.id}.json"]
    content = (tmp_path / "submissions" / f"{one.id}.json").read_bytes()
    # Nothing is asked in vain: what is there is said before.
    done = enter("\n" * 50, two.id, one.id, folder=tmp_path)
    assert done.returncode == 2
    assert b"--force overwrites it" in done.stderr
    assert done.stdout == b""
    done = enter("\n" * 50, two.id, one.id, "--force", folder=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "submissions" / f"{one.id}.json").read_bytes() == content


@pytest.mark.slow
def test_bad_input_to_enter(tmp_path):
    one = sheet(1).id
    assert b"is given twice" in enter("", one, one.lower(), folder=tmp_path).stderr
    done = enter("", one[:-1] + "Z", folder=tmp_path)
    assert done.returncode == 2
    assert b"check character" in done.stderr
    assert not (tmp_path / "submissions").exists()
    done = enter(b"\xff\xfe\n" + b"\n" * 60, one, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    content = json.loads((tmp_path / "submissions" / f"{one}.json").read_text("utf-8"))
    assert content["cells"]["loser_reward.r1.c1"] == "\N{REPLACEMENT CHARACTER}" * 2


# With a slip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "slip"),
    [
        (1, ("loser_features", 1, 1)),
        (2, ("loser_inputs", 0, 0)),
        (2, ("winner_features", 0, 0)),
        (2, ("transformed", 1, 2)),
        (2, ("gap", 0, 0)),
        (3, ("loser_sentence", 0, 0)),
    ],
)
def test_after_a_slip_the_brackets_hold_what_follows_from_it(level, slip):
    """Who copies the paper is asked little more, and gets the marks of the whole paper."""
    one = sheet(level)
    paper = worked(one, slip)
    typed, questions = 0, 0

    def ask(prompt):
        nonlocal typed, questions
        head, _, bracket = prompt.rpartition(" [")
        name = head.split(" ", 1)[1].split(", row ")[0].replace(" ", "_")
        rows = one.labels(one.graph.lines[name].row_labels)
        label = head.partition(", row ")[2]
        row = rows.index(label) if label else 0
        height, width = one.graph.lines[name].node.shape
        cells = (
            [(row, at) for at in range(width)] if width > 1 else [(at, 0) for at in range(height)]
        )
        reply = " ".join(paper[name, *cell] for cell in cells)
        questions += 1
        if reply == bracket.removesuffix("]: "):
            return "\n"
        typed += len(reply)
        return f"{reply}\n"

    result = entered(one, ask, print)
    entries = {cell: Entry(text) for cell, text in paper.items()}
    (whole,) = mark_all([Submission("", 1, one.id, "", entries)], Scheme()).marked
    cells = {
        cell: Entry(result.cells[name])
        for cell in paper
        if (name := f"{cell[0]}.r{cell[1] + 1}.c{cell[2] + 1}") in result.cells
    }
    taken = frozenset(result.taken_as_right)
    quick = Submission("", 1, one.id, "", cells, taken, sealed=True)
    (marked,) = mark_all([quick], Scheme()).marked
    assert marked.earned == whole.earned < whole.points
    assert marked.counts == whole.counts
    assert marked.taken_as_right > 0
    least = {1: 9, 2: 9, 3: 11}[level]  # of a perfect sheet
    assert questions <= least + 12
    assert typed > 0


def test_points_of_the_written_questions_and_a_note_are_typed_with_the_sheet(tmp_path):
    teacher = Teacher({
        "gap [": [
            *("points many", "points 9", "points 2,5", "note " + "x" * 201),
            *("note Well argued!", ""),
        ],
    })  # fmt: skip
    result = teacher.enter(1)
    assert (result.questions, result.note) == ("2,5", "Well argued!")
    assert result.cells == Teacher().enter(1).cells
    assert "points is 'many'; right is a number from 0 on" in teacher.told
    path = tmp_path / "entered.json"
    path.write_bytes(result.as_json(sheet(1)))
    scheme = Scheme(steps={("rlhf", 1): {0: Fraction(4)}})
    one = mark_all(read_file(path), scheme).marked[0]
    assert (one.questions_earned, one.points - one.earned) == (Fraction(5, 2), Fraction(3, 2))
    assert teachers(one)[0][-1] == "Your teacher: Well argued!"
    for less, shown in ((Scheme(), "0"), (Scheme(steps={("rlhf", 1): {0: Fraction(2)}}), "2")):
        marking = mark_all(read_file(path), less)
        assert marking.marked[0].questions_earned is None
        assert any(f"do not count; the scheme gives them {shown}" in n for n in marking.notes)
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(content | {"questions": "4"}), "utf-8")  # the seal is broken
    marking = mark_all(read_file(path), scheme)
    assert marking.marked[0].questions_earned is None
    assert not marking.marked[0].by_teacher.comments
    assert any("only what was entered here says so" in note for note in marking.notes)


# A class


@pytest.fixture
def a_class(tmp_path):
    students = [
        ("4711", "Ada Lovelace", "7a"),
        ("4712", "José García", "7b"),
        ("13", "Ada Yonath", "7b"),
    ]
    sheets = [make([Identity("RLHF", 1, number)])[0] for number in (3, 4, 5)]
    rows = [
        {"id": one.id, "student": who, "name": name, "section": section}
        for one, (who, name, section) in zip(sheets, students, strict=True)
    ]
    manifest = {"kind": "rlhf", "level": 1, "code": "x", "fade": None, "students": rows}
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return [one.id for one in sheets]


@pytest.mark.slow
def test_a_class_is_walked_and_goes_on_where_it_was(a_class, tmp_path):
    sheet = "\n" * PERFECT
    done = enter("\n" + sheet + ".\n", "--class", "set", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode()
    assert f"whose sheet? [Ada Lovelace (4711, 7a), {a_class[0]}; . stops]: " in said
    assert "1 of 3 entered" in said
    text = "ada\nnobody\nyon\n" + sheet + f"{a_class[1].lower()}\n" + sheet
    done = enter(text, "--class", "set", folder=tmp_path)
    said = done.stdout.decode()
    assert "2 students fit 'ada'" in said
    assert "nobody fits 'nobody'" in said
    assert said.endswith("3 of 3 entered\n")
    written = {path.stem for path in (tmp_path / "submissions").iterdir()}
    assert written == set(a_class)


@pytest.mark.slow
def test_a_section_alone_and_a_sheet_again(a_class, tmp_path):
    done = enter("\n" + "\n" * PERFECT + "4712\nn\n4712\ny\n" + "\n" * PERFECT, "--class", "set",
                 "--section", "7B", folder=tmp_path)  # fmt: skip
    said = done.stdout.decode()
    assert "0 of 2 entered" in said
    assert said.count("José García (4712, 7b)") >= 3
    assert "is entered already; again? [n]: " in said
    assert {path.stem for path in (tmp_path / "submissions").iterdir()} == {a_class[1]}
    for arguments, says in [
        (["--class", "set", "--section", "9"], b"section '9' is unknown; right is one of 7a, 7b"),
        (["--section", "7a"], b"--section goes with --class"),
        ([], b"an ID is needed"),
        ([a_class[0], "--class", "set"], b"IDs go without --class"),
    ]:
        refused = enter("", *arguments, folder=tmp_path)
        assert refused.returncode == 2
        assert says in refused.stderr
