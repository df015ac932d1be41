"""Marked sheets read back: what stands in each cell and where, and what the last page says."""

import re
from functools import cache
from io import BytesIO
from itertools import pairwise, product
from random import Random

import marked as m
import page as page_validation
import pages
import pdfium
import pdfplumber
import pikepdf
import pypdfium2
import pytest
import whole_run
from numpy import ndindex

from worksheets import exercise
from worksheets.ids import Identity
from worksheets.marking.feedback import Feedback, feedback
from worksheets.marking.marks import Mark
from worksheets.marking.remarks import remarks
from worksheets.marking.sanitise import tidy
from worksheets.marking.submission import Submission
from worksheets.sheet import make

pytestmark = pytest.mark.slow
LEVELS = pytest.mark.parametrize("level", whole_run.chosen(2, [1, 2, 3]))
SIGNS = {
    Mark.RIGHT: "✓",
    Mark.FOLLOWS: "→",
    Mark.WRONG: "✗",
    Mark.BLANK: "○",
    Mark.UNREADABLE: "?",
}
CORRECTED = (Mark.WRONG, Mark.UNREADABLE)
POINTS = 72 / 25.4
HOSTILE = (
    "x" * 500, "0.3333333333", "−12 345 678", "\x00\x1b[31m\n7", "<b>&amp;</b>", "😀👩‍🚀", "٣٫٥",
    "３．５", "\u202e123", "ﷺ" * 20, "e\u0301\u0327\u0489" * 9, "'=1+1", "\ud800",
    "ffi fl", "½", "\u200b",
)  # fmt: skip
NAMES = (
    "Ольга Ким", "김민준", "محمد علي", "A · Б · 😀", "W" * 300, "\x00", "=HYPERLINK(1)",
    "Zoë\n\u202eŠ", "鈴木 " * 40, "\U000f1234", "नेहा शर्मा",
)  # fmt: skip


@cache
def one(level, number=0, name="Ada Lovelace"):
    """A sheet with some of everything; and in step 4 what follows from a slip in step 3."""
    sheet = m.sheet(level, number)
    changes = m.slips(sheet)
    weights = [int(row[0]) for row in sheet.values["rm_linear"]]
    for row, text in enumerate(sheet.values["loser_features"]):
        if weights[row]:  # 5 more in the first input
            changes["loser_features", row, 0] = m.other(text[0], 5 * weights[row])
    return m.marking(m.submission(sheet, changes, name)).marked[0]


@cache
def pdf(level, number=0, paper="a4", name="Ada Lovelace"):
    return feedback("rlhf", level, paper).pdf(one(level, number, name))


def expected(marked, line):
    """A line's cells as a reader meets them: what was written, the sign, what is right."""

    def cell(row, column):
        mark = marked.cells[line.name, row, column]
        return mark.written + SIGNS[mark.mark] + (mark.right if mark.mark in CORRECTED else "")

    rows, columns = line.node.shape
    return [[cell(row, column) for column in range(columns)] for row in range(rows)]


def last_page(content):
    """The page of feedback, looked for from the end: to read a page takes a tenth of a second."""
    with pdfplumber.open(BytesIO(content)) as document:
        texts = (page.extract_text() for page in reversed(document.pages))
        return next(text for text in texts if text.startswith("Feedback") or "\nFeedback" in text)


def valid(content):
    with pikepdf.open(BytesIO(content)) as document:
        assert not document.check_pdf_syntax()
    report = page_validation.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant, [(fault.rule_id, fault.message) for fault in report.failures]


@LEVELS
def test_every_cell_shows_what_was_written_its_sign_and_what_is_right(level):
    marked = one(level)
    assert {mark for mark in Mark if not marked.counts[mark]} == set()
    tables = [table.values for table in pages.tables(pdf(level))]
    for line in marked.sheet.graph.answers:
        rows = expected(marked, line)
        if line.name == "scores":  # the longest text is cut where its cell ends
            rows[1][1] = re.sub(r"^12 or 13\?", "12…", rows[1][1])
        assert rows in [table[: len(rows)] for table in tables], line.name


def cells(content):
    """The characters of each cell with a sign, by its marked content, in the order drawn."""
    found = []
    for page in pdfium.read(content)[:-1]:
        chars = {}
        for char in page.characters:
            chars.setdefault(char["mcid"], []).append(char)
        for table in pages.elements(page.elements, "Table"):
            for row in pages.elements(table["children"], "TR"):
                some = []
                for cell in pages.elements(row["children"], "TD"):
                    parts = [chars[mcid] for mcid in pages.places(cell) if mcid in chars]
                    if any(part[0]["text"] in "✓→✗○?" for part in parts):
                        some.append(parts)
                found.append(some)
    return found


def box(chars):
    return min(char["x0"] for char in chars), max(char["x1"] for char in chars)


def check_places(content):
    """Nothing overlaps: in a cell the value stands above the rest, which stands side by side."""
    for row in cells(content):
        for parts in row:
            *value, sign, right = (
                (parts if pages.HAND not in parts[-2][0]["fontname"] else [*parts, None])
                if len(parts) > 1
                else [parts[0], None]
            )
            if value:
                above, below = value[0][0], sign[0]
                assert below["baseline"] - above["baseline"] >= 0.75 * below["size"]
            if right:
                assert box(sign)[1] <= box(right)[0]
                assert right[0]["baseline"] == pytest.approx(sign[0]["baseline"], abs=0.1)
        for left, after in pairwise(row):
            ends = max(box(part)[1] for part in left)
            assert ends <= min(box(part)[0] for part in after)


@LEVELS
def test_nothing_in_a_cell_overlaps(level):
    check_places(pdf(level))


@LEVELS
def test_the_last_page_says_of_each_step_what_it_earned_and_what_to_look_at(level):
    marked, text = one(level), last_page(pdf(level))
    assert f"{marked.shown(marked.earned)} / {marked.shown(marked.points)} points" in text
    for step, earned in marked.shown_steps:
        points = f"{earned} / {marked.shown(step.points)}"
        assert f"{step.number} {step.title} {points}" in text
    assert "Bias forgotten in the linear layer" in text
    assert "The row of ones meets the grey bias column: add the bias to every column." in text
    subject = marked.sheet.texts["{subject}"]
    assert f"Look first at loser inputs, row 1, column {subject}." in text
    assert "Not read: “12 or 13?”, “3/0”." in text
    follows = marked.counts[Mark.FOLLOWS]
    assert f"{follows} cell" in text
    assert f"→ {follows} followed through" in text
    assert f"✓ {marked.counts[Mark.RIGHT]} right" in text
    assert "2 cells blank." in text


@pytest.mark.parametrize(
    ("share", "paper"), whole_run.chosen(2, list(product([0.1, 0.25, 0.6], ["a4", "letter"])))
)
def test_every_sentence_stands_on_the_last_page_or_is_counted(share, paper):
    sheet, chance = m.sheet(3, 3), Random(7)
    cells = [
        (line.name, *place) for line in sheet.graph.answers for place in ndindex(line.node.shape)
    ]
    typed = ("12", "-3", "1.5", "what is this", None, None)
    changes = {cell: chance.choice(typed) for cell in cells if chance.random() < share}
    marked = m.marking(m.submission(sheet, {**m.slips(sheet), **changes})).marked[0]
    content = feedback("rlhf", 3, paper).pdf(marked)
    text = " ".join(last_page(content).split())
    sentences = [one for step in remarks(marked).values() for one in step.advice]
    missing = [one for one in sentences if one not in text]
    counted = re.search(r"(\d+) more remarks?: see the signs", text)
    assert len(missing) == (int(counted[1]) if counted else 0) < len(sentences)
    assert "…" not in text
    assert f"{marked.shown(marked.earned)} / {marked.shown(marked.points)} points" in text


def test_a_perfect_sheet_has_all_points_and_a_cheerful_end():
    marked = m.marking(m.submission(m.sheet(1))).marked[0]
    content = feedback("rlhf", 1, "a4").pdf(marked)
    text = last_page(content)
    assert text.count("All right") == 13
    assert "Every single cell is right. Celebrate!" in text
    assert not any(sign in text.replace("→ is", "").split("Step")[1] for sign in "→✗○")
    assert "✗" not in "".join(char["text"] for char in pages.characters(content)[:-2000])


def test_every_page_says_marked_with_the_points_and_the_name():
    marked = one(2)
    with pdfplumber.open(BytesIO(pdf(2))) as document:
        for page in document.pages[:-1]:
            head = page.crop((0, 0, page.width, 40 * POINTS)).extract_text()
            assert "MARKED" in head
            assert "SOLVED" not in head
            assert f"{marked.shown(marked.earned)} / {marked.shown(marked.points)}" in head
            assert "Ada Lovelace" in head


def places(content):
    """Where the fixed texts of the last page stand."""
    with pdfplumber.open(BytesIO(content)) as document:
        words = document.pages[-1].extract_words(extra_attrs=["size"])
        fixed = ("Step", "Points", "Feedback", *map(str, range(3, 18)))
        found = {(w["text"], round(w["x0"], 1), round(w["top"], 1)) for w in words}
        return len(document.pages), {one for one in found if one[0] in fixed and one[1] < 60}


def test_the_geometry_is_the_same_whoever_wrote_what():
    perfect = feedback("rlhf", 1, "a4").pdf(m.marking(m.submission(m.sheet(1, 3))).marked[0])
    assert places(perfect) == places(pdf(1)) == places(pdf(1, 2))
    assert len(places(perfect)[1]) >= 15


@pytest.mark.parametrize(("level", "paper"), [(1, "a4"), (2, "a4"), (3, "a4"), (1, "letter")])
def test_it_is_valid_and_accessible(level, paper):
    content = pdf(level, paper=paper)
    valid(content)
    with pikepdf.open(BytesIO(content)) as document:
        assert f"{one(level).sheet.id}, marked" in str(document.open_metadata()["dc:title"])
        assert len(document.pages) == level + 2
        width, height = (float(side) / POINTS for side in document.pages[-1].mediabox[2:])
    size = {"a4": (210, 297), "letter": (215.9, 279.4)}[paper]
    assert (width, height) == pytest.approx(size, abs=0.1)


def test_any_text_is_shown_as_far_as_it_can_be():
    sheet = m.sheet(1, 1)
    names = [
        (line.name, row, column)
        for line in sheet.graph.answers
        for row in range(line.node.shape[0])
        for column in range(line.node.shape[1])
    ]
    changes = {name: HOSTILE[place % len(HOSTILE)] for place, name in enumerate(names)}
    marked = m.marking(m.submission(sheet, changes)).marked[0]
    content = feedback("rlhf", 1, "a4").pdf(marked)
    valid(content)
    check_places(content)
    for start, end in (box(part) for row in cells(content) for cell in row for part in cell):
        assert end - start <= 15 * POINTS  # a wide cell; neighbours do not touch either
    text = "".join(char["text"] for char in pages.characters(content))
    assert "…" in text
    assert "□" in text
    assert "3.5" in text  # full width, as it is read


@pytest.mark.parametrize("name", NAMES)
def test_any_name_is_shown_as_far_as_it_can_be(name):
    marked = m.marking(m.submission(m.sheet(1), student=name)).marked[0]
    maker = feedback("rlhf", 1, "a4")
    content = maker.pdf(marked)
    valid(content)
    assert content == maker.pdf(marked)
    for char in pages.characters(content):
        assert 9 * POINTS <= char["x0"] <= char["x1"] <= (210 - 9) * POINTS


def test_the_bytes_are_the_same_whatever_was_made_before():
    alone = Feedback("rlhf", 1, "a4").pdf(one(1))
    maker = Feedback("rlhf", 1, "a4")
    maker.pdf(one(1, 5, "Ольга"))
    assert maker.pdf(one(1)) == alone == pdf(1)


def test_a_line_taken_as_right_shows_the_keys_values():
    sheet = m.sheet(1)
    gap = ("gap", 0, 0)
    whole = m.submission(sheet)
    entries = {name: entry for name, entry in whole.entries.items() if name != gap}
    paper = Submission("quick entry", 1, sheet.id, "Ada", entries, frozenset({"gap"}))
    marked = m.marking(paper).marked[0]
    assert marked.cells[gap].mark is Mark.RIGHT
    printed = [t.values for t in pages.tables(feedback("rlhf", 1, "a4").pdf(marked))]
    assert [[f"{sheet.values['gap'][0][0]}✓"]] in printed


def check_room(maker, sheets):
    for sheet in sheets:
        for line in sheet.graph.answers:
            for row, texts in enumerate(sheet.values[line.name]):
                for column, text in enumerate(texts):
                    name = f"{line.name}[{row},{column}].right"
                    slot = maker.rooms.slots[name].places[0]
                    style = maker.stamp.layout.styles[slot.style]
                    face = maker.stamp.layout.faces[style.font]
                    width = face.shape(text.replace("-", "−"), style.size).width
                    assert width <= slot.width, (name, text)


@LEVELS
def test_every_value_of_a_key_has_room_in_the_corner_of_its_cell(level):
    sheets = make([Identity("RLHF", level, number) for number in range(100)])
    check_room(feedback("rlhf", level, "a4"), sheets)


@pytest.mark.parametrize("kind", whole_run.chosen(3, list(exercise.all_kinds())))
def test_every_kind_has_feedback_for_its_highest_level(kind):
    level = max(exercise.find(kind).LEVELS)
    maker = feedback(kind, level, "a4")
    sheet = m.sheet(level, code=exercise.find(kind).CODE)
    numbers = [line for line in sheet.graph.answers if not line.node.is_word]
    first, last = numbers[0].name, numbers[-1].name
    wrong = m.other(sheet.values[first][0][0], 7)
    changes = {(first, 0, 0): wrong, (last, 0, 0): None}
    marked = m.marking(m.submission(sheet, changes)).marked[0]
    content = maker.pdf(marked)
    valid(content)
    check_places(content)
    tables = [table.values for table in pages.tables(content)]
    for line in sheet.graph.answers:
        rows = expected(marked, line)
        lying = [list(row) for row in zip(*rows, strict=True)]  # a column of items as a row
        assert rows in [table[: len(rows)] for table in tables] or lying in tables, line.name
    assert f"{marked.shown(marked.earned)} / {marked.shown(marked.points)} points" in last_page(
        content
    )
    check_room(maker, make([Identity(sheet.identity.code, level, number) for number in range(50)]))


def test_tidy_leaves_what_a_reader_sees():
    assert tidy(" a\tb\n\x00c ") == "a b c"
    assert tidy("\u202eabc") == "abc"
    assert tidy("x" * 900) == "x" * 499 + "…"
    assert tidy("नेहा\u200dशर्मा") == "नेहा\u200dशर्मा"


@pytest.mark.parametrize("kind", ["attention", "rlhf"])
def test_what_was_not_tried_is_left_to_do(kind):
    """Nobody who stopped half way, or has not begun, finds the answers on the pages."""
    sheet = m.sheet(1, code=exercise.find(kind).CODE)
    half = sheet.graph.answers[len(sheet.graph.answers) // 2].step.number
    for stop, says in ((half, "Go on where you stopped!"), (0, "begin with the first step")):
        changes = {
            (line.name, *place): None
            for line in sheet.graph.answers
            for place in ndindex(line.node.shape)
            if line.step.number >= stop
        }
        marked = m.marking(m.submission(sheet, changes)).marked[0]
        content = feedback(kind, 1, "a4").pdf(marked)
        tables = [table.values for table in pages.tables(content)]
        for line in sheet.graph.answers:
            rows = expected(marked, line)
            assert rows in [table[: len(rows)] for table in tables], line.name
            if line.step.number >= stop:
                assert {text for row in rows for text in row} == {"○"}
        assert says in last_page(content)
        if not stop:
            assert not [c for c in pages.characters(content) if pages.HAND in c["fontname"]]


def test_an_answer_too_long_for_its_cell_is_said_whole_by_its_place():
    """A cell shows “123…” of 1234/5678, which alone would look like another answer."""
    sheet, long = m.sheet(1), {("scores", 0, 0): "-123.45678", ("scores", 1, 2): "1234/5678"}
    marked = m.marking(
        m.submission(sheet, {**long, ("gap", 0, 0): "about 12.345, I think"})
    ).marked[0]
    content = feedback("rlhf", 1, "a4").pdf(marked)
    text = " ".join(last_page(content).split())
    (line,) = [one for one in sheet.key()["lines"] if one["name"] == "scores"]
    rows, columns = line["row_labels"], line["column_labels"]
    said = "; ".join(
        f"“{typed.replace('-', '−')}” (scores, row {rows[row]}, column {columns[column]})"
        for (_, row, column), typed in long.items()
    )
    assert f"You wrote {said}." in text
    assert "Not read: “about 12.345, I think”." in text
    assert "You wrote" not in " ".join(last_page(pdf(1)).split())


@pytest.mark.parametrize("code", ["GRPO", "CNST"])
def test_sixteen_steps_have_room_on_one_page(code):
    """A page that held nothing but an ID and a code followed it."""
    sheet = m.sheet(3, 3, code)
    assert len({line.step.number for line in sheet.graph.answers}) == 16
    content = feedback(sheet.kind.name, 3, "a4").pdf(m.marking(m.submission(sheet)).marked[0])
    with pypdfium2.PdfDocument(content) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert texts[-1].startswith("Feedback")
    assert sum(text.startswith("Feedback") for text in texts) == 1
