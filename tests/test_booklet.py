"""The answer booklet: what it says of every kind, and that it has room for it."""

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pymupdf
import pytest
import whole_run
from every_kind import LEVELS, identity

from worksheets import exercise
from worksheets.class_set.booklet import stamp_of, table_of
from worksheets.class_set.build import build
from worksheets.class_set.checkpoints import ROOM, checkpoints, in_booklet
from worksheets.class_set.chunk import facts
from worksheets.class_set.keys import cells
from worksheets.class_set.order import Order
from worksheets.engine.notation import on_paper
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.roster.students import read_roster
from worksheets.sheet import make
from worksheets.views.page import Page

SHEETS = 40
MILLIMETRE = 72 / 25.4
# Levels whose booklets a run chooses from; only a sweep lays out those below the highest.
LAID_OUT = [
    (name, level)
    for name, kind in exercise.all_kinds().items()
    for level in (kind.LEVELS if whole_run.sweeps() else kind.LEVELS[-1:])
]


@LEVELS
def test_the_columns_fit_on_the_page(kind, level):
    columns = table_of(Specification(kind, level, solved=True)).columns
    assert 0 < sum(column.width for column in columns) <= ROOM


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "level"), whole_run.chosen(6, LAID_OUT))
def test_the_numbers_fit_in_their_columns(kind, level):
    table = table_of(Specification(kind, level, solved=True))
    stamp = stamp_of(table)
    sheets = make([identity(kind, level, number) for number in range(SHEETS)])
    for lines in (fact.checkpoints for fact in facts(sheets, cells(sheets))):
        assert len(lines) == table.cells
        for place, text in enumerate(lines):
            name = f"0.{place}"
            assert stamp.writer.width(name, on_paper(text)) <= stamp.writer.room(name), text


@LEVELS
def test_the_last_checkpoints_are_in_it(kind, level):
    found, graph = exercise.find(kind), exercise.graph(kind, level)
    every = checkpoints(found, graph)
    shown = [one.line.name for one in in_booklet(kind, level)]
    assert shown[-1] == every[-1]
    assert shown == [name for name in every if name in shown]


def test_a_matrix_stands_in_rows_a_vector_in_one_and_words_together():
    booklet = {
        one.line.name: one
        for kind, level in (("dpo", 3), ("rlhf", 3))
        for one in in_booklet(kind, level)
    }
    numbers = [[str(10 * row + column) for column in range(5)] for row in range(2)]
    assert booklet["log_probability_gradient"].line.node.shape == (2, 5)
    assert len(booklet["log_probability_gradient"].rows) == 2
    assert booklet["log_probability_gradient"].written(numbers) == [*numbers[0], *numbers[1]]
    assert booklet["trained_margins"].line.node.shape == (1, 5)
    assert len(booklet["trained_margins"].rows) == 1
    (advantages,) = (one for one in in_booklet("grpo", 1) if one.line.name == "advantages")
    assert advantages.line.node.shape == (6, 1)
    assert advantages.written([[cell] for cell in "abcdef"]) == list("abcdef")
    assert len(advantages.rows) == 1
    assert booklet["next_words"].written([["doc", "is", "them"]]) == ["doc, is, them"]


@pytest.mark.slow
@pytest.mark.parametrize(("paper", "width"), whole_run.chosen(1, [("a4", 297), ("letter", 279.4)]))
def test_every_sheets_matrices_stand_in_their_columns_beside_its_name(tmp_path, paper, width):
    path = tmp_path / "roster.csv"
    path.write_text("Name\n" + "".join(f"Student{number}\n" for number in range(12)))
    specification = Specification("transformer", 3, solved=False, page=Page(paper=paper))
    students = tuple(read_roster(path, {}))
    order = Order(
        specification=specification,
        set_name="s",
        students=students,
        roster=path.name,
        identity=Identity("TRAN", 3, 0),
    )
    with ProcessPoolExecutor(1, get_context("fork")) as executor:
        build(order, tmp_path / "out", executor, workers=1)
    keys = json.loads((tmp_path / "out" / "key.json").read_text(encoding="utf-8"))
    with pymupdf.open(tmp_path / "out" / "answers.pdf") as file:
        pages = [page.get_text("words", sort=True) for page in file]
        assert all(page.rect.width == pytest.approx(width * MILLIMETRE, abs=1) for page in file)
        assert all(
            word[3] < page.rect.height - 9 * MILLIMETRE for page in file for word in pages[0]
        )
    columns = table_of(specification).columns
    assert [column.heading for column in columns][-1] == "residual gradient"
    found = [(page, word) for page in pages for word in page if word[4].startswith("TRAN-")]
    assert [word[4] for _, word in found] == [key["id"] for key in keys]
    for (page, here), key in zip(found, keys, strict=True):
        middle = (here[1] + here[3]) / 2
        row = [word for word in page if abs((word[1] + word[3]) / 2 - middle) < 7.5 * MILLIMETRE]
        lines = {line["name"].replace("_", " "): line["values"] for line in key["lines"]}
        left = ((width - 265) / 2 + 86) * MILLIMETRE
        for column in columns:
            right = left + column.width * MILLIMETRE
            cells = [word for word in row if left <= word[0] and word[2] <= right]
            cells.sort(key=lambda word: (round(word[1]), word[0]))
            right_ones = [cell for values in lines[column.heading] for cell in values]
            assert [word[4].replace("\N{MINUS SIGN}", "-") for word in cells] == right_ones
            left = right
