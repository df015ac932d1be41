"""A learner fills a sheet in on the screen, is told what is wrong, and goes on another day."""

from collections import Counter

import pytest
import whole_run
from page_made import READY, faults, of_cell, pages_of, saved
from pdfium import read

import worksheets as ws
from worksheets.sentences import Sentences

MARKS = """Object.fromEntries(Array.from(document.querySelectorAll("#solve-pages input"),
    (one) => [one.name, one.dataset.mark]))"""
DRAWN = """Array.from(document.querySelectorAll(".sheet-page"), (page) =>
    page.querySelector("canvas").width >= page.clientWidth).every(Boolean)"""
COUNTED = "document.getElementById('solve-count').textContent"


def texts_without_relu(sheet):
    """What a learner types who forgets ReLU and goes on with it, and the cells that differ."""
    hidden = [[int(one) for one in row] for row in sheet.values["hidden"]]
    outputs = [
        [
            sum(int(w) * x for w, x in zip(weights, [*column, 1], strict=True))
            for column in zip(*hidden, strict=True)
        ]
        for weights in sheet.values["output_weights"]
    ]
    slips = [
        f"active.r{row}.c{column}"
        for row, entries in enumerate(hidden, 1)
        for column, one in enumerate(entries, 1)
        if one < 0
    ]
    return {**sheet.values, "active": hidden, "outputs": outputs}, slips


def begun(page, sheet):
    page.value(
        f"location.hash = '#solve'; document.getElementById('solve-id').value = '{sheet.id}';"
        "document.querySelector('#solve-form button').click(); 1"
    )
    page.until(f"document.getElementById('solve-work').dataset.id === '{sheet.id}'")
    page.until("!document.getElementById('solve-work').ariaBusy")


@pytest.mark.slow
def test_a_learner_fills_a_sheet_in_by_keyboard_is_told_a_slip_and_mends_it(opened, address):
    sheet = ws.sheet("linear_relu", number=whole_run.seed())
    own, slips = texts_without_relu(sheet)
    assert slips
    cells = [one.name for one in ws.screen_cells(sheet) if one.to_do]
    begun(opened, sheet)
    for name in cells:
        assert opened.value("document.activeElement.name") == name
        opened.type(of_cell(own, name))
        opened.press("Tab", 9)
    assert "✓" not in opened.value("document.getElementById('solve').innerText")
    opened.value("document.getElementById('check-all').click(); 1")
    opened.until("document.getElementById('solve-said').textContent")
    marks = opened.value(MARKS)
    assert {marks.pop(slip) for slip in slips} == {"wrong"}
    for name, mark in marks.items():
        same = of_cell(own, name) == of_cell(sheet.values, name)
        assert mark == ("right" if same else "follows"), name
    said = opened.value("document.getElementById('solve-said').textContent")
    assert Sentences("linear_relu").advice("ReLU forgotten") in said
    opened.open(f"{address}#solve")  # another day
    opened.until(READY)
    opened.until(f"document.getElementById('solve-work').dataset.id === '{sheet.id}'")
    opened.until(f"{COUNTED}.startsWith('{len(cells) - len(slips)} ')")
    assert opened.value(DRAWN)
    for name in cells:
        if of_cell(own, name) != of_cell(sheet.values, name):
            opened.value(f"document.querySelector('[name=\"{name}\"]').select(); 1")
            opened.type(of_cell(sheet.values, name))
    opened.press("Enter", 13)
    opened.value("document.getElementById('check-all').click(); 1")
    opened.until(
        "!document.getElementById('solve-end').hidden && !!document.querySelector('#solve-save a')"
    )
    assert opened.value("document.activeElement.id") == "solve-done"
    opened.value("document.querySelector('#solve-save a').id = 'solved-file'; 1")
    assert read(saved(opened, "solved-file")) == read(list(pages_of(sheet.id))[1])


@pytest.mark.slow
def test_a_hint_frames_the_row_and_the_column_that_meet(opened):
    sheet = ws.sheet("linear_relu", number=whole_run.seed() + 1)
    begun(opened, sheet)
    opened.value("document.querySelector('[name=\"hidden.r2.c1\"]').focus(); 1")
    opened.value("document.getElementById('hint').click(); 1")
    opened.until("!!document.querySelector('#solve-pages .lit')")
    lit = opened.value("document.querySelectorAll('#solve-pages .lit').length")
    width = len(sheet.values["hidden_weights"][0])
    assert faults(opened) == []
    assert lit >= 2 * width - 1  # a row of weights, and a column of inputs without its one
    assert ws.hint(sheet, "hidden.r2.c1").cells == (
        *(f"inputs.r{row + 1}.c1" for row in range(width - 1)),
        *(f"hidden_weights.r2.c{column + 1}" for column in range(width)),
    )


@pytest.mark.slow
def test_each_cell_has_a_name_of_its_own_for_whoever_hears_the_page(opened):
    sheet = ws.sheet("linear_relu", number=whole_run.seed() + 2)
    begun(opened, sheet)
    opened.send("Accessibility.enable")
    nodes = opened.send("Accessibility.getFullAXTree")["nodes"]
    opened.send("Accessibility.disable")
    heard = Counter(
        node["name"]["value"]
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in {"textbox", "combobox", "image"}
    )
    cells = {one.name: one for one in ws.screen_cells(sheet)}
    fields = [one.label for one in cells.values() if one.to_do]
    assert {heard[label] for label in fields} == {1}
    givens = {
        f"{one.label}: {of_cell(sheet.values, name).replace('-', MINUS)}"
        for name, one in cells.items()
        if not one.to_do
    }
    assert set(heard) == {*fields, *givens, "Sheet’s ID", "Language"}
    assert len(givens) == sum(len(row) for name in GIVENS for row in sheet.values[name])


MINUS = "\N{MINUS SIGN}"
GIVENS = ("inputs", "hidden_weights", "output_weights")
