"""Faded and inverse sheets: what they show, what they ask for, and that only one solution fits."""

import json
import re
from copy import deepcopy
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pdfium
import pdfplumber
import pytest
from every_kind import IN_TURN, LEVELS, identity, plain
from fades import LEFT, TASK

from worksheets import exercise
from worksheets.engine.notation import read
from worksheets.errors import InputError
from worksheets.exports.formats import FORMATS, OWN_FORMATS, Format
from worksheets.exports.sheet_files import sheet_files
from worksheets.render.page import html
from worksheets.render.pdf import render_pdf
from worksheets.sheet import Sheet, make
from worksheets.views.faded import FADES, faded
from worksheets.views.inverse import inverse
from worksheets.views.page import Page
from worksheets.views.view import USUAL, View, cell_name

SOME = (3, 500)
SHOWN = "Some answers are shown already; the empty cells are yours."
POINTS = 72 / 25.4
CELL = re.compile(r'<td class="c\d+ (\w+)[^>]*>([^<]*)')


@cache
def sheet(kind: str, level: int, number: int) -> Sheet:
    return make([identity(kind, level, number)])[0]


def left_to_do(kind: str, level: int, how: str) -> dict[str, int]:
    """How many cells of each answer are not shown."""
    graph = exercise.graph(kind, level)
    hints = faded(graph, how).hints
    return {
        line.name: sum(
            cell_name(line.name, row, column) not in hints
            for row, column in product(*map(range, line.node.shape))
        )
        for line in graph.answers
    }


@LEVELS
def test_a_fade_leaves_what_it_says(kind: str, level: int) -> None:
    sizes = {line.name: prod(line.node.shape) for line in exercise.graph(kind, level).answers}
    every = list(sizes)
    left = left_to_do(kind, level, "alternate")
    assert [left[name] for name in every[::2]] == [0] * len(every[::2])
    assert [left[name] for name in every[1::2]] == [sizes[name] for name in every[1::2]]
    left = left_to_do(kind, level, "one-matrix")
    largest = max(every, key=lambda name: sizes[name])
    only = LEFT.get((kind, level), largest)
    assert left == {name: sizes[name] * (name == only) for name in every}
    assert set(left_to_do(kind, level, "one-cell").values()) == {1}
    left = left_to_do(kind, level, every[-1])
    assert left == {name: sizes[name] * (name == every[-1]) for name in every}


@pytest.mark.slow
@LEVELS
def test_the_one_matrix_that_is_left_is_no_multiple_of_what_is_shown(kind: str, level: int) -> None:
    """Nor is it had by an addition or a subtraction of what is given, on twenty sheets."""
    some = make([identity(kind, level, number) for number in range(20)])
    (name,) = (name for name, count in left_to_do(kind, level, "one-matrix").items() if count)
    numbers = [
        line.name
        for line in some[0].graph.lines.values()
        if not line.node.is_word and line.how != ""
    ]
    values = [{one: fractions(sheet.values[one]) for one in numbers} for sheet in some]
    wanted = [sheet[name] for sheet in values]
    answers, givens = (
        [one.name for one in lines if one.name in numbers and one.name != name]
        for lines in (some[0].graph.answers, some[0].graph.givens)
    )
    for answer in answers:
        for turn in (np.array, np.transpose):
            found = [turn(sheet[answer]) for sheet in values]
            if found[0].shape != wanted[0].shape:
                continue
            assert not proportional(found, wanted), answer
            for given in givens:
                if values[0][given].shape == wanted[0].shape:
                    apart = [f - sheet[given] for f, sheet in zip(found, values, strict=True)]
                    assert not proportional(apart, wanted), (answer, given)


def fractions(rows: list[list[str]]) -> Any:
    return np.array([[read(cell) for cell in row] for row in rows], dtype=object)


def proportional(some: list[Any], others: list[Any]) -> bool:
    """Whether each sheet's entries are those of the other by one factor of all sheets."""
    pairs = [
        pair
        for one, other in zip(some, others, strict=True)
        for pair in zip(one.flat, other.flat, strict=True)
    ]
    a, b = next((pair for pair in pairs if any(pair)), (1, 0))
    return bool(a and b) and all(x * b == y * a for x, y in pairs)


@pytest.mark.slow
@LEVELS
@pytest.mark.parametrize("number", SOME)
def test_only_the_hidden_numbers_give_the_answers(kind: str, level: int, number: int) -> None:
    """Every other choice is tried with the plain implementation."""
    key = json.loads(json.dumps(sheet(kind, level, number).key()))
    view = inverse(sheet(kind, level, number))
    answers = {line["name"]: line["values"] for line in key["lines"] if line["role"] == "answer"}
    hidden = [
        (place, row, column)
        for place, line in enumerate(key["lines"])
        for row, column in product(range(len(line["values"])), range(len(line["values"][0])))
        if cell_name(line["name"], row, column) in view.hidden
    ]
    assert 1 <= len(hidden) == len(view.hidden) <= 3
    assert all(key["lines"][place]["role"] == "given" for place, _, _ in hidden)
    bound = int(view.note.split()[-1].removesuffix("."))
    fits, other = [], deepcopy(key)
    for tried in product(range(-bound, bound + 1), repeat=len(hidden)):
        for (place, row, column), value in zip(hidden, tried, strict=True):
            other["lines"][place]["values"][row][column] = str(value)
        try:
            found = plain(kind).recompute(other)
        except (ArithmeticError, AssertionError, ValueError):  # no sheet has such numbers
            continue
        if found == answers:
            fits.append(tried)
    right = tuple(int(key["lines"][place]["values"][row][column]) for place, row, column in hidden)
    assert fits == [right]


def cells(one: Sheet, *, solved: bool, view: View = USUAL) -> list[tuple[str, str]]:
    """Every cell of the pages in their order: why it stands there, and its text."""
    return CELL.findall(html(one, solved=solved, view=view))


@pytest.mark.slow
@LEVELS
def test_a_faded_page_shows_some_answers_as_given(kind: str, level: int) -> None:
    one = sheet(kind, level, SOME[0])
    view = faded(one.graph, "one-cell")
    every = zip(
        cells(one, solved=True),
        cells(one, solved=False),
        cells(one, solved=False, view=view),
        strict=True,
    )
    emptied = shown = 0
    for (_, right), (before, without), (role, text) in every:
        assert text == (right if role in ("given", "constant") or without else "") or role == "copy"
        emptied += role == "answer"
        shown += role == "given" and before == "answer"
    assert emptied >= len(one.graph.answers)
    assert shown >= len(view.hints)


@pytest.mark.slow
@LEVELS
def test_an_inverse_page_asks_for_the_hidden_numbers_alone(kind: str, level: int) -> None:
    one = sheet(kind, level, SOME[0])
    view = inverse(one)
    every = zip(
        cells(one, solved=True),
        cells(one, solved=False, view=view),
        cells(one, solved=True, view=view),
        strict=True,
    )
    asked = set()
    for (_, right), (role, before), (_, after) in every:
        assert after == right
        assert before == ("" if role == "missing" else right)
        asked |= {right} if role == "missing" else set()
    assert asked == {
        one.values[line.name][row][column].replace("-", "\N{MINUS SIGN}")
        for line in one.graph.givens
        for row, column in product(*map(range, line.node.shape))
        if cell_name(line.name, row, column) in view.hidden
    }


def first_words(page: str) -> list[str]:
    """What each page says below the title of its first part."""
    _, *pages = re.split(r'<section class="page[^"]*">', page)
    assert not any(one.count('class="task"') > 1 for one in pages)
    return ["".join(TASK.findall(one)).replace("\u00a0", " ") for one in pages]


@pytest.mark.slow
@IN_TURN
@pytest.mark.parametrize("how", [*FADES, "the last answer"])
def test_a_faded_sheet_says_so_where_work_begins(kind: str, level: int, how: str) -> None:
    one = sheet(kind, level, SOME[0])
    view = faded(one.graph, one.graph.answers[-1].name if how not in FADES else how)
    first, *others = first_words(html(one, solved=False, view=view))
    assert first == SHOWN
    assert not any(others)
    for solved in (False, True):
        assert not any(first_words(html(one, solved=solved)))
    if how == "one-cell":
        large = html(one, solved=False, page=Page(large_print=True), view=view)
        assert large.count(SHOWN) == 1
        assert large.index(SHOWN) < large.index("<h2")


def test_so_it_does_in_spanish() -> None:
    (one,) = make([replace(identity("ppo", 1, 7), language="es")])
    page = html(one, solved=False, view=faded(one.graph, "alternate"))
    assert first_words(page)[0] == (
        "Algunas respuestas ya están escritas; las celdas vacías son para ti."
    )


@pytest.mark.slow
@LEVELS
def test_an_inverse_sheet_says_first_what_is_to_be_found(kind: str, level: int) -> None:
    one = sheet(kind, level, SOME[0])
    view = inverse(one)
    for solved in (False, True):
        first, *others = first_words(html(one, solved=solved, view=view))
        assert first.startswith("Find what is missing in the cells with a thick border: whole num")
        assert not any(others)
    large = html(one, solved=False, page=Page(large_print=True), view=view)
    assert large.index("Find what is missing") < large.index("<h2")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "edition"), [("rlhf", "free"), ("transformer", "continued"), ("grpo", "free")]
)
def test_what_it_says_stands_clear_of_everything_else(kind: str, edition: str) -> None:
    """In Spanish, where it is longest, and with an ID of a class's."""
    number = 32**8 - 1
    (one,) = make([replace(identity(kind, 1, number), edition=edition, language="es")])
    view = faded(one.graph, "one-cell")
    content = render_pdf(one, solved=False, view=view)
    (page, *_) = pdfium.read(content)
    with pdfplumber.open(BytesIO(content)) as document:
        words = document.pages[0].extract_words()
    (last,) = (word for word in words if word["text"] == "ti.")
    line = [word for word in words if abs(word["bottom"] - last["bottom"]) < 1]
    assert line[0]["text"] == ("A" if edition == "continued" else "Algunas")
    assert last["x1"] < page.width - 12 * POINTS
    below = [word for word in words if word["bottom"] > last["bottom"] + 1]
    assert min(word["top"] for word in below) > last["bottom"] - 0.5 * POINTS


def test_an_unknown_fade_is_refused() -> None:
    with pytest.raises(InputError, match="fade 'half': it is one of alternate, one-matrix, one-ce"):
        faded(exercise.graph("matmul", 1), "half")
    assert "half" not in FADES


@pytest.mark.parametrize(
    "wrong",
    [
        {"fade": "one-cell", "inverse": True},
        {"inverse": True, "formats": ["pdf", "form"]},
        {"inverse": True, "formats": ["json"]},
        {"inverse": True, "formats": ["pdf", "xlsx"]},
        {"fade": "one-cell", "formats": ["json"]},
    ],
)
def test_what_does_not_go_together_is_refused(wrong) -> None:
    formats, page = wrong.pop("formats", ["pdf"]), wrong
    with pytest.raises(InputError, match=r"an inverse sheet|that is for pages"):
        sheet_files(sheet("matmul", 1, 1), formats, Page(**page))


@pytest.mark.slow
def test_files_are_named_for_what_they_are() -> None:
    one = sheet("matmul", 1, 1)
    assert set(sheet_files(one, {"pdf"}, Page(large_print=True, inverse=True))) == {
        f"{one.id}-inverse.pdf",
        f"{one.id}-inverse-solved.pdf",
    }
    assert set(sheet_files(one, {"pdf"}, Page(large_print=True, fade="product"))) == {
        f"{one.id}-faded-product.pdf",
        f"{one.id}-solved.pdf",
    }


def test_a_format_more_is_one_row(monkeypatch) -> None:
    ids = Format(
        ends=lambda view: {"id": f"-{view.blank}.txt"},
        faded=True,
        make=lambda sheet, fade, _name: f"{sheet.id} {fade}".encode(),
    )
    monkeypatch.setitem(FORMATS, "id", ids)
    one = sheet("matmul", 1, 1)
    assert sheet_files(one, {"id"}, Page(fade="one-cell")) == {
        f"{one.id}-faded-one-cell.txt": f"{one.id} one-cell".encode()
    }
    with pytest.raises(InputError, match="an inverse sheet is for pages alone"):
        sheet_files(one, {"pdf", "id"}, Page(inverse=True))
    assert "id" not in OWN_FORMATS
