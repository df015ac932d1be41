"""How many keys a teacher presses: a simulated one at a real terminal, with a sheet on paper."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import whole_run
from students import worked

from worksheets.exercise import all_kinds
from worksheets.ids import Identity
from worksheets.marking.enter import entered
from worksheets.marking.marks import Mark
from worksheets.marking.reading import read
from worksheets.marking.register import read_register
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.sheet import make

ROOT = Path(__file__).parents[1]
PROMPT = re.compile(
    r"(\d+) ([\w ]+?)(?:, row (.+?))?(?:, column (.+?))?"
    r" \[([^\]]*(?:\[S\][^\]]*)*)\]: $"
)
RIGHT, MORE = 9, 12  # keys of a right sheet, and beyond what a slip needs
SHEETS = make([Identity("RLHF", 2, number) for number in range(3)])
EARLY = ("loser_inputs", "loser_features", "loser_sentence", "loser_reward", "winner_inputs")


class Teacher:
    """Compare each question's brackets with the paper; Enter where they agree, else type the row.

    `keys` counts all that is pressed, `needed` what a value on paper that nobody could foresee
    takes: its characters, and its Enter where a right sheet is not asked for it.
    """

    def __init__(self, sheet, slip=None):
        self.sheet, self.paper = sheet, worked(sheet, slip)
        self.keys = self.needed = 0

    def answer(self, prompt):
        found = PROMPT.search(prompt)
        assert found, prompt
        _, name, row, _, expected = found.groups()
        line = self.sheet.graph.lines[name.replace(" ", "_")]
        height, width = line.node.shape
        at = self.sheet.labels(line.row_labels).index(row) if row else 0
        cells = (
            [(at, one) for one in range(width)]
            if width > 1
            else [(one, 0) for one in range(height)]
        )
        written = " ".join(self.paper[line.name, *cell] for cell in cells)
        reply = "" if written == expected else written
        self.keys += len(reply) + 1
        self.needed += len(reply)
        return f"{reply}\n"


def early_slips(sheet):
    return [
        (line.name, row, column)
        for line in sheet.graph.answers
        if line.name in EARLY
        for row in range(line.node.shape[0])
        for column in range(line.node.shape[1])
    ]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_a_right_sheet_takes_nine_keys(sheet):
    teacher = Teacher(sheet)
    entered(sheet, teacher.answer, print)
    assert (teacher.keys, teacher.needed) == (RIGHT, 0)


@pytest.mark.slow
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.id)
def test_an_early_slip_takes_twelve_keys_at_most_beyond_what_it_needs(sheet):
    every = early_slips(sheet)
    for slip in whole_run.chosen(len(every) // 5, every):
        teacher = Teacher(sheet, slip)
        entered(sheet, teacher.answer, print)
        assert teacher.keys <= RIGHT + teacher.needed + MORE, slip


@pytest.mark.slow
@pytest.mark.parametrize("kind", whole_run.chosen(5, list(all_kinds())))
def test_no_kind_takes_more(kind):
    """A slip in the first cell of each line, on a sheet of level 2; a column is one question."""
    (sheet,) = make([Identity(all_kinds()[kind].CODE, 2, 3)])
    right = Teacher(sheet)
    entered(sheet, right.answer, print)
    assert right.keys <= RIGHT
    for line in sheet.graph.answers[: len(sheet.graph.answers) // 2]:
        teacher = Teacher(sheet, (line.name, 0, 0))
        entered(sheet, teacher.answer, print)
        assert teacher.keys <= RIGHT + teacher.needed + MORE, line.name


def at_a_terminal(folder, teachers):
    """Run `enter --class` in a pseudo-terminal; each teacher's paper lies next in the pile."""
    arguments = [sys.executable, str(ROOT / "generator.py"), "enter", "--class", str(folder)]
    import pty  # which Windows does not have

    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        arguments, stdin=inside, stdout=inside, stderr=inside, cwd=folder, start_new_session=True
    )
    os.close(inside)
    pile, said, waiting = iter(teachers), "", ""
    teacher = None
    while True:
        try:
            data = os.read(terminal, 65_536)
        except OSError:  # so Linux says that the other side is closed
            break
        if not data:
            break
        waiting += data.decode()
        if waiting.rstrip(" ").endswith("; . stops]:"):
            teacher = next(pile)
            reply = "\n"  # the next one of the class
        elif teacher and PROMPT.search(waiting):
            reply = teacher.answer(waiting.splitlines()[-1])
        else:
            continue
        said, waiting = said + waiting, ""
        os.write(terminal, reply.encode())
    os.close(terminal)
    assert process.wait() == 0, said + waiting
    return said + waiting


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_a_pile_is_entered_at_a_terminal_with_so_few_keys(tmp_path):
    right, slipped = SHEETS[:2]
    slip = ("loser_features", 0, 0)
    students = [
        {"id": one.id, "student": f"s{place}", "name": f"Student {place}", "section": ""}
        for place, one in enumerate((right, slipped))
    ]
    manifest = {"kind": "rlhf", "level": 2, "code": "x", "students": students}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    teachers = [Teacher(right), Teacher(slipped, slip)]
    said = at_a_terminal(tmp_path, teachers)
    assert "2 of 2 entered" in said
    assert teachers[0].keys == RIGHT
    assert RIGHT < teachers[1].keys <= RIGHT + teachers[1].needed + MORE
    register = read_register(tmp_path).students
    marked = mark_all(read([tmp_path / "submissions"]), Scheme(), register).marked
    assert marked[0].counts[Mark.RIGHT] == len(marked[0].cells)
    assert marked[1].cells[slip].mark is Mark.WRONG
    assert marked[1].counts[Mark.WRONG] == 1
