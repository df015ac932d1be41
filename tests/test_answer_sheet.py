"""The XLSX answer sheet: laid out as on paper, filled in by a library, read back to the letter."""

import re
import zipfile
from functools import cache
from io import BytesIO

import pages
import pytest
from numpy import ndindex
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from worksheets.exports.answer_sheet import answer_sheet, line_name
from worksheets.exports.spread import Span, laid_out
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.submission import SetAside, Submission

LEVELS = pytest.mark.parametrize(  # to lay out their pages takes seconds
    "level", [1, *(pytest.param(level, marks=pytest.mark.slow) for level in (2, 3))]
)
TYPED = ["-3", "0,75", "3/4", "−2", "75 %", "them", "½"]


@cache
def content(level):
    return answer_sheet(pages.sheet(level))


def book(level):
    return load_workbook(BytesIO(content(level)))


def lines(level, role="answer"):
    return {one["name"]: one for one in pages.sheet(level).key()["lines"] if one["role"] == role}


def place(workbook, name):
    """The tab, first row and first column that a name stands for, and how many of them."""
    title, corners = workbook.defined_names[name].attr_text.rsplit("!", 1)
    left, top, right, bottom = range_boundaries(corners)
    return workbook[title.strip("'")], top, left, bottom - top + 1, right - left + 1


def filled(level, change=lambda book: None, values=None):
    """The sheet with every cell typed into, and what was typed."""
    workbook = book(level)
    typed = {}
    for name, line in lines(level).items():
        tab, top, left, *_ = place(workbook, name)
        for row, column in ndindex(len(line["values"]), len(line["values"][0])):
            text = (values or TYPED)[len(typed) % len(values or TYPED)]
            tab.cell(top + row, left + column).value = text
            typed[name, row, column] = text
    tab, top, left, *_ = place(workbook, "student_name")
    tab.cell(top, left).value = "Ada L."
    change(workbook)
    file = BytesIO()
    workbook.save(file)
    return file.getvalue(), typed


def read_back(folder, data):
    path = folder / "handed in.pdf"  # the name says nothing
    path.write_bytes(data)
    (one,) = read_file(path)
    return one


def texts(one):
    return {cell: entry.text for cell, entry in one.entries.items()}


@pytest.mark.slow
@LEVELS
def test_what_is_typed_is_read_back(level, tmp_path):
    data, typed = filled(level)
    one = read_back(tmp_path, data)
    assert isinstance(one, Submission), one.reason
    assert texts(one) == typed
    assert (one.id, one.student) == (pages.sheet(level).id, "Ada L.")
    assert re.fullmatch(r"cell [A-Z]+\d+ of tab '1 Train.*'", one.entries["gap", 0, 0].where)


@LEVELS
def test_it_is_blank_as_it_comes(level, tmp_path):
    one = read_back(tmp_path, content(level))
    assert isinstance(one, Submission), one.reason
    assert one.entries == {}


@LEVELS
def test_answers_alone_may_be_typed_and_everything_is_text(level):
    workbook = book(level)
    answers, others = 0, 0
    for name, line in lines(level).items():
        tab, top, left, rows, columns = place(workbook, name)
        assert (rows, columns) == (len(line["values"]), len(line["values"][0]))
        for row, column in ndindex(rows, columns):
            cell = tab.cell(top + row, left + column)
            assert cell.value is None
            assert not cell.protection.locked
            assert cell.number_format == "@"
            assert cell.border.left.style == "thin"
            answers += 1
    for tab in workbook:
        assert tab.protection.sheet
        for cells in tab.iter_rows():
            for cell in cells:
                assert cell.data_type in {"s", "n"}
                assert cell.data_type == "s" or cell.value is None
                if cell.value is not None:
                    assert cell.protection.locked
                    others += 1
    assert answers == sum(len(x["values"]) * len(x["values"][0]) for x in lines(level).values())
    assert others > 100


@pytest.mark.slow
@LEVELS
def test_no_answer_is_in_it(level):
    """Two sheets that differ in their numbers alone differ in what is given alone."""
    one, other = (
        load_workbook(BytesIO(answer_sheet(pages.sheet(level, number, "published"))))
        for number in (1, 9)
    )
    given = {
        value.replace("-", "\N{MINUS SIGN}")
        for number in (1, 9)
        for line in pages.sheet(level, number, "published").key()["lines"]
        if line["role"] == "given"
        for row in line["values"]
        for value in row
    }
    differences = 0
    for tab in one:
        for cells in tab.iter_rows():
            for cell in cells:
                twin = other[tab.title][cell.coordinate]
                if cell.value != twin.value and not {cell.value, twin.value} <= given:
                    assert (
                        pages.sheet(level, 1, "published").id in cell.value or "rate" in cell.value
                    )
                    differences += 1
    assert differences <= 2 * len(one.worksheets)
    with zipfile.ZipFile(BytesIO(content(level))) as archive:
        assert not [name for name in archive.namelist() if "comment" in name.casefold()]


@LEVELS
def test_givens_stand_there_as_on_paper(level):
    """Every given line's labels, and its rows, somewhere on the part's tab."""
    blocks = set()
    for tab in book(level):
        rows = [[cell.value for cell in cells] for cells in tab.iter_rows()]
        for row in rows:
            blocks |= {tuple(row[start : start + 9]) for start in range(len(row))}
    starts = {block[:length] for block in blocks for length in range(1, 9)}
    for name, line in lines(level, "given").items():
        if name == "preference":
            continue  # the page tells it in a sentence
        for label, row in zip(line["row_labels"], line["values"], strict=True):
            shown = tuple(value.replace("-", "\N{MINUS SIGN}") for value in row)
            assert (label, *shown) in starts, (name, row)
        assert tuple(line["column_labels"]) in starts


@LEVELS
def test_products_are_laid_out_crosswise(level):
    """What is computed stands to the right of the weights and below the inputs."""
    workbook = book(level)
    tab, top, left, rows, columns = place(workbook, "loser_inputs")
    same, below, column, _, width = place(workbook, "loser_features")
    assert same is tab
    assert (column, width) == (left, columns)
    assert below >= top + rows
    sentence = place(workbook, "loser_sentence")
    assert sentence[:2] == (tab, below)
    assert sentence[2] > column + width
    weights = lines(level, "given")["rm_linear"]["values"]
    written = [
        [str(tab.cell(below + row, place).value) for place in range(2, column)]
        for row in range(len(weights))
    ]
    for row, values in zip(written, weights, strict=True):
        assert " ".join(values).replace("-", "\N{MINUS SIGN}") in " ".join(row)


def test_there_is_a_tab_for_each_part():
    titles = [tab.title for tab in book(3)]
    assert titles == ["1 Train the reward model", "2 Align the LLM"]


def test_the_same_bytes_each_time_and_no_time_in_it():
    assert answer_sheet(pages.sheet(2)) == content(2)
    with zipfile.ZipFile(BytesIO(content(2))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", properties)) == {"1980-01-01T00:00:00Z"}


def move(workbook, tab, rows):
    """Insert rows at the top, as a spreadsheet does, which moves what names stand for."""
    tab.merged_cells.ranges.clear()
    tab.insert_rows(1, rows)
    for name in workbook.defined_names.values():
        title, corners = name.attr_text.rsplit("!", 1)
        if title.strip("'") == tab.title:
            moved = re.sub(r"(\$[A-Z]+\$)(\d+)", lambda at: f"{at[1]}{int(at[2]) + rows}", corners)
            name.attr_text = f"{title}!{moved}"


def test_reading_survives_inserted_rows_and_renamed_tabs(tmp_path):
    data, typed = filled(1, lambda book: move(book, book.worksheets[1], 3))
    assert texts(read_back(tmp_path, data)) == typed


def test_a_row_inserted_in_the_midst_of_a_line_is_told(tmp_path):
    def change(workbook):
        name = workbook.defined_names["scores"]
        title, corners = name.attr_text.rsplit("!", 1)
        left, top, right, bottom = range_boundaries(corners)
        tab = workbook[title.strip("'")]
        end = tab.cell(bottom + 1, right).coordinate
        name.attr_text = f"{title}!{tab.cell(top, left).coordinate}:{end}"

    says = read_back(tmp_path, filled(1, change)[0]).reason
    assert "the name scores stands for 6 × 3 cells" in says
    assert "the line has 5 × 3" in says


def test_a_lost_name_is_told(tmp_path):
    def change(workbook):
        del workbook.defined_names["scores"]

    one = read_back(tmp_path, filled(1, change)[0])
    assert isinstance(one, SetAside)
    assert "15 of 130 answer cells are missing, such as scores.r1.c1" in one.reason


@pytest.mark.slow
def test_numbers_dates_errors_and_formulas_are_read_as_what_they_are(tmp_path):
    """A spreadsheet's numbers as shown; formulas never computed, and nothing guessed."""
    values = [0.1, -3, 1.0, 0.30000000000000004, True, "=1+2", "=HYPERLINK(\"http://a\")",
              "='[1]other'!A1", "#DIV/0!", 1e300]  # fmt: skip
    shown = {"0.1", "-3", "1", "0.3", "TRUE", "=1+2", "=HYPERLINK(\"http://a\")",
             "='[1]other'!A1", "#DIV/0!", "1e+300"}  # fmt: skip
    data, _ = filled(1, values=values)
    one = read_back(tmp_path, data)
    assert set(texts(one).values()) == shown
    by_cell = texts(one)
    assert by_cell["loser_inputs", 0, 0] == "0.1"
    assert by_cell["loser_inputs", 1, 2] == "=1+2"


def test_names_that_a_spreadsheet_takes_for_cells_get_a_mark():
    assert [line_name(name) for name in ("gap", "w1", "x", "r", "c2", "r1c1", "abcd1")] == [
        "gap", "w1_", "x", "r_", "c2_", "r1c1_", "abcd1",
    ]  # fmt: skip


def test_tables_keep_their_order_and_never_overlap():
    # Three in a row, then one below the first two that begins beside the second.
    spans = [Span(0, 20, 2), Span(0, 10, 1), Span(10, 40, 3), Span(25, 35, 1), Span(45, 55, 1)]
    assert laid_out(spans, 1) == [1, 1, 3, 5, 7]
