"""Checks and hints for somebody who fills a sheet in: what marking says, and no answer."""

import pytest
import whole_run
from every_kind import HIGHEST, sheets

import worksheets as ws
from worksheets.views.names import name_of_cell


def key_of(sheet):
    return {
        name_of_cell(line.name, row, column): text
        for line in sheet.graph.answers
        for row, texts in enumerate(sheet.values[line.name])
        for column, text in enumerate(texts)
    }


@HIGHEST
def test_a_key_is_right_in_every_cell(kind, level):
    sheet = sheets(kind, level, "free")[0]
    found = ws.check(sheet, key_of(sheet))
    assert found.marks.keys() == key_of(sheet).keys()
    assert set(found.marks.values()) == {"right"}
    assert not found.remarks


def test_a_row_and_a_column_meet_in_a_product():
    sheet = ws.sheet("matmul", number=whole_run.seed())
    rows, inner = len(sheet.values["left"]), len(sheet.values["right"])
    for row in range(1, rows + 1):
        for column in range(1, 4):
            found = ws.hint(sheet, f"product.r{row}.c{column}").cells
            assert set(found) == {
                *(f"left.r{row}.c{place}" for place in range(1, inner + 1)),
                *(f"right.r{place}.c{column}" for place in range(1, inner + 1)),
            }


@pytest.mark.slow
@HIGHEST
def test_hints_name_cells_that_stand_before_and_no_others(kind, level):
    sheet = sheets(kind, level, "free")[0]
    lines = list(sheet.graph.lines)
    for line in whole_run.chosen(4, list(sheet.graph.answers)):
        for cell in ws.hint(sheet, name_of_cell(line.name, 0, 0)).cells:
            assert lines.index(cell.split(".")[0]) < lines.index(line.name)


def test_only_what_was_tried_is_marked_and_earlier_slips_are_followed():
    sheet = ws.sheet("matmul", number=whole_run.seed())
    key = key_of(sheet)
    wrong = str(int(key["product.r1.c1"]) + 1)
    left = int(sheet.values["next"][0][0])
    follows = str(int(key["next_product.r1.c1"]) + left)
    answers = {"product.r1.c1": wrong, "next_product.r1.c1": follows, "product.r2.c2": " "}
    found = ws.check(sheet, answers)
    expected = {"product.r1.c1": "wrong", "next_product.r1.c1": "follows" if left else "right"}
    assert found.marks == expected


def test_a_cell_that_is_not_there_is_refused_by_name():
    sheet = ws.sheet("matmul")
    for ask in (
        lambda: ws.check(sheet, {"product.r9.c1": "1"}),
        lambda: ws.hint(sheet, "product.r9.c1"),
    ):
        with pytest.raises(ws.InputError, match=r"has no cell product\.r9\.c1 to fill in"):
            ask()
