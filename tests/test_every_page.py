"""One sheet of every kind and level as PDF, read back: the key, nothing else, and accessible."""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import page as page_validation
import pages
import pypdfium2
import pytest
import rendered
import whole_run
from every_kind import IN_TURN, LEVELS, identity, level_now

from worksheets import exercise, minutes
from worksheets.engine.notation import on_paper
from worksheets.exports.answer_sheet import answer_sheet
from worksheets.ids import LANGUAGES
from worksheets.language import ENGLISH
from worksheets.layouts.specification import Specification
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.submission import Submission
from worksheets.render.page import filled, html
from worksheets.render.texts import texts
from worksheets.sheet import Sheet, make
from worksheets.stamp.document import alone
from worksheets.stamp.slots import mark, tokens

pytestmark = pytest.mark.slow  # two PDFs a level
POINTS = 72 / 25.4
NUMBER = 1
EACH_OTHER = pytest.mark.parametrize("language", sorted(set(LANGUAGES.values()) - {ENGLISH}))
DARK, LONGEST_GAP, FOOT = 235, 70, 266


@cache
def sheet(kind: str, level: int) -> Sheet:
    return make([identity(kind, level, NUMBER)])[0]


@cache
def pdf(kind: str, level: int, *, solved: bool) -> bytes:
    return rendered.pdf(sheet(kind, level), solved=solved)


@cache
def tables(kind: str, level: int, *, solved: bool) -> list[pages.Table]:
    return pages.tables(pdf(kind, level, solved=solved))


def shown_values(values: list[list[str]]) -> list[list[str]]:
    return [[on_paper(cell) for cell in row] for row in values]


def part_of(small: list[list[str]], whole: list[list[str]]) -> bool:
    """Whether neighbouring rows and columns of a matrix, turned or not, are these."""
    rows, columns = len(small), len(small[0])
    return any(
        [row[left : left + columns] for row in one[top : top + rows]] == small
        for one in (whole, [list(column) for column in zip_longest(*whole)])
        for top in range(len(one) - rows + 1)
        for left in range(len(one[0]) - columns + 1)
    )


@IN_TURN
def test_the_solved_page_shows_the_key_and_no_other_handwriting(kind: str, level: int) -> None:
    key = {line["name"]: line for line in sheet(kind, level).key()["lines"]}
    answers = [line for line in key.values() if line["role"] == "answer"]
    found = tables(kind, level, solved=True)
    written = []
    for table in found:
        rows = [
            (label, [cell.text for cell in row if cell.hand])
            for label, row in zip(table.row_labels, table.cells, strict=True)
            if any(cell.hand for cell in row)
        ]
        columns = [
            label
            for place, label in enumerate(table.column_labels)
            if any(cell.hand for row in table.cells for cell in row[place : place + 1])
        ]
        if rows:
            written.append(([label for label, _ in rows], columns, [cells for _, cells in rows]))
    for line in answers:
        values = shown_values(line["values"])
        upright = (line["row_labels"], line["column_labels"], values)
        lying = (
            line["column_labels"],
            line["row_labels"],
            [list(row) for row in zip(*values, strict=True)],
        )
        as_row = len(values[0]) == 1 and lying in written  # a column of items lies as a row
        assert upright in written or as_row, line["name"]
    for _, _, values in written:
        assert any(part_of(values, shown_values(line["values"])) for line in answers), values
    characters = pages.characters(pdf(kind, level, solved=True))
    drawn = sum(pages.HAND in one["fontname"] for one in characters)
    in_cells = sum(len(cell) for *_, values in written for row in values for cell in row)
    assert drawn == in_cells, "handwriting outside a cell"


@IN_TURN
@pytest.mark.parametrize("solved", [False, True])
def test_what_is_given_is_printed(kind: str, level: int, solved: bool) -> None:
    printed = [
        [[cell.text for cell in row if not cell.hand] for row in table.cells]
        for table in tables(kind, level, solved=solved)
    ]
    drawn = pages.characters(pdf(kind, level, solved=solved))
    words = "".join(one["text"] for one in drawn).replace(" ", "")
    for line in sheet(kind, level).key()["lines"]:
        if line["role"] == "given":
            values = shown_values(line["values"])
            said = all(cell in words for row in values for cell in row)
            is_word = exercise.graph(kind, level).lines[line["name"]].node.is_word
            assert any(part_of(values, one) for one in printed if all(one)) or (is_word and said), (
                line["name"]
            )


@LEVELS
def test_no_answer_changes_a_byte_of_the_blank_page(kind: str, level: int) -> None:
    """A page is what its HTML says, and nothing else."""
    one = sheet(kind, level)
    hidden = {line.name for line in one.graph.answers}
    values = {
        name: [["42" for _ in row] for row in rows] if name in hidden else rows
        for name, rows in one.values.items()
    }
    blank, other = (html(x, solved=False) for x in (one, replace(one, values=values)))
    assert blank == other
    assert html(replace(one, values=values), solved=True).count(">42<") > len(hidden)


@IN_TURN
def test_no_blank_page_has_the_font_of_answers(kind: str, level: int) -> None:
    assert pages.HAND in pages.faces(pdf(kind, level, solved=True))
    assert pages.HAND not in pages.faces(pdf(kind, level, solved=False))


@IN_TURN
def test_blank_and_solved_are_laid_out_alike(kind: str, level: int) -> None:
    def printed(solved: bool) -> set[tuple[object, ...]]:
        return {
            (one["page_number"], one["text"], round(one["x0"], 1), round(one["top"], 1))
            for one in pages.characters(pdf(kind, level, solved=solved))
            if pages.HAND not in one["fontname"]
        }

    assert not printed(False) - printed(True)


@IN_TURN
def test_the_pdf_is_accessible_and_nothing_is_logged(kind: str, level: int) -> None:
    content, records = rendered.logged(sheet(kind, level), solved=True)
    assert not records
    report = page_validation.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant, [(one.rule_id, one.message) for one in report.failures]


@IN_TURN
def test_text_lies_on_the_page_and_cells_have_room(kind: str, level: int) -> None:
    on_the_page(pages.characters(pdf(kind, level, solved=True)))
    for table in tables(kind, level, solved=True):
        for row in table.cells:
            boxes = [one.box for one in row if one.hand and one.box]
            if len(boxes) == len(row):
                # Numbers stand on their points: whole ones end alike in their cells of 8 mm.
                whole = not any("." in one.text for one in row)
                places = [box[2] if whole else (box[0] + box[2]) / 2 for box in boxes]
                least = 7 if whole else 5
                assert all(b - a >= least * POINTS for a, b in pairwise(places))
        tops = [row[0].box[1] for row in table.cells if row[0].hand and row[0].box]
        if len(tops) == len(table.cells):
            assert all(b - a >= 7 * POINTS for a, b in pairwise(tops))


@IN_TURN
def test_no_page_is_left_half_empty(kind: str, level: int) -> None:
    """Between a frame's sides, nowhere for long is there neither a drawing nor room to write.

    But for the end of the last page: what is worked out last need not fill it.
    """
    with pypdfium2.PdfDocument(pdf(kind, level, solved=False)) as document:
        for number, page in enumerate(document, start=1):
            pixels = page.render(scale=1).to_numpy().min(axis=2)
            edge = int(12.5 * POINTS)
            inside = (pixels[:, edge:-edge] < DARK).any(axis=1)
            inked = [row for row, ink in enumerate(inside) if ink]
            if number == len(document):
                inked = [row for row in inked if row < FOOT * POINTS]
            assert max(b - a for a, b in pairwise(inked)) < LONGEST_GAP * POINTS


@IN_TURN
@pytest.mark.parametrize("solved", [False, True])
def test_what_differs_between_sheets_can_be_stamped(kind: str, level: int, solved: bool) -> None:
    one = sheet(kind, level)
    names = list(texts(one, "Ada"))
    for length in (1, 3, 7):
        html = filled(one.kind, one.identity, tokens(names, length), solved=solved, code="")
        marked = mark(html, names)
        parts = {part for slot in marked.slots for part in slot.parts[1::2]}
        givens = {f"{line.name}[0,0]" for line in one.graph.givens if not line.node.is_word}
        assert givens <= parts


@IN_TURN
def test_minutes_count_the_cells_that_the_blank_page_asks_to_copy(kind: str, level: int) -> None:
    """Four seconds each, beside the same sheet without any; so their count is of these pages."""
    cells = re.findall(r'<td class="[^"]*\bcopy\b', html(sheet(kind, level), solved=False))
    graph = exercise.graph(kind, level)
    answers = minutes.writing("none of the kinds", level, graph)
    assert minutes.writing(kind, level, graph) == answers + 4 * len(cells)


@IN_TURN
def test_there_are_a_workbook_and_a_form_that_are_read_back(
    kind: str, level: int, tmp_path: Path
) -> None:
    one = sheet(kind, level)
    handed_in = tmp_path / "handed in.pdf"  # the name says nothing
    for content in (answer_sheet(one), pages.form(one)):
        handed_in.write_bytes(content)
        (found,) = read_file(handed_in)
        assert isinstance(found, Submission), found.reason
        assert (found.id, found.entries) == (one.id, {})


@IN_TURN
@EACH_OTHER
def test_a_page_fits_in_other_languages_and_nothing_is_logged(
    kind: str, level: int, language: str
) -> None:
    one = make([replace(identity(kind, level, NUMBER), language=language)])[0]
    content, records = rendered.logged(one, solved=True)
    assert not records
    drawn = pages.characters(content)
    english = pages.characters(pdf(kind, level, solved=True))
    # A story and notes in longer words may take a page more.
    assert drawn[-1]["page_number"] <= english[-1]["page_number"] + 1
    on_the_page(drawn)


def on_the_page(characters: list[dict[str, Any]]) -> None:
    for char in characters:
        assert 9 * POINTS <= char["x0"] <= char["x1"] <= (210 - 9) * POINTS
        assert 6 * POINTS <= char["top"] <= char["bottom"] <= (297 - 6) * POINTS


@pytest.mark.parametrize("kind", whole_run.chosen(5, list(exercise.all_kinds())))
def test_a_stamped_page_is_the_rendered_one(kind: str) -> None:
    """The solved one; the texts of another sheet than the layout has seen."""
    level = level_now(kind)
    maker = Specification(kind, level, solved=True).stamp()
    shown = texts(sheet(kind, level))
    stamped = alone(maker, maker.shown(shown), maker.title(shown))

    def drawn(content: bytes) -> list[tuple[object, ...]]:
        return sorted(
            (one["page_number"], one["text"], round(one["x0"]), round(one["top"]))
            for one in pages.characters(content)
        )

    ours, oracle = drawn(stamped), drawn(pdf(kind, level, solved=True))
    assert len(ours) == len(oracle)
    for one, other in zip(ours, oracle, strict=True):
        assert one[:2] == other[:2]
        assert one[2:] == pytest.approx(other[2:], abs=1)
