"""Faded and inverse sheets: what they show, what they ask for, and that only one solution fits."""

import json
import re
from copy import deepcopy
from itertools import product
from math import prod

import pytest
from every_kind import LEVELS, identity, plain

from worksheets import exercise
from worksheets.errors import InputError
from worksheets.output import contents_maker
from worksheets.render.faded import FADES, USUAL, View, faded, inverse
from worksheets.render.grid import cell_name
from worksheets.render.page import html
from worksheets.sheet import Sheet, make

SOME = (3, 500)
CELL = re.compile(r'<td class="c\d+ (\w+)[^"]*">([^<]*)')


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
    assert sorted(left.values())[:-1] == [0] * (len(every) - 1)
    assert max(left.values()) == max(sizes.values())
    assert set(left_to_do(kind, level, "one-cell").values()) == {1}
    left = left_to_do(kind, level, every[-1])
    assert left == {name: sizes[name] * (name == every[-1]) for name in every}


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
    bound = int(view.note.split()[-1])
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
    return CELL.findall(html(one, solved=solved, paper="a4", view=view))


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
        assert before == ("" if role in ("answer", "copy") else right)
        asked |= {right} if role in ("answer", "copy") else set()
    assert asked == {
        one.values[line.name][row][column].replace("-", "\N{MINUS SIGN}")
        for line in one.graph.givens
        for row, column in product(*map(range, line.node.shape))
        if cell_name(line.name, row, column) in view.hidden
    }


def test_an_unknown_fade_is_refused() -> None:
    with pytest.raises(InputError, match="fade 'half': it is one of alternate, one-matrix, one-ce"):
        faded(exercise.graph("matmul", 1), "half")
    assert "half" not in FADES


@pytest.mark.parametrize(
    "wrong",
    [
        {"fade": "one-cell", "inverse": True},
        {"inverse": True, "fillable": True},
        {"inverse": True, "formats": ["json"]},
        {"inverse": True, "formats": ["pdf", "xlsx"]},
        {"fade": "one-cell", "formats": ["json"]},
    ],
)
def test_what_does_not_go_together_is_refused(wrong) -> None:
    options = {"formats": ["pdf"], "paper": "a4", "large_print": False, "fillable": False} | wrong
    with pytest.raises(InputError, match=r"--(fade|inverse) is for pages"):
        contents_maker(**options)


def test_files_are_named_for_what_they_are() -> None:
    one = sheet("matmul", 1, 1)
    options = {"formats": ["pdf"], "paper": "a4", "large_print": True, "fillable": False}
    assert set(contents_maker(**options, inverse=True)(one)) == {
        f"{one.id}-inverse.pdf",
        f"{one.id}-inverse-solved.pdf",
    }
    assert set(contents_maker(**options, fade="product")(one)) == {
        f"{one.id}-faded-product.pdf",
        f"{one.id}-solved.pdf",
    }
