"""Faded class sets: what their pages and forms show and ask for, read back from the files."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from itertools import product
from math import prod
from pathlib import Path

import fades
import numpy as np
import page as page_validation
import pages
import pikepdf
import pypdfium2
import pytest
from every_kind import LEVELS

from worksheets import exercise
from worksheets.class_set import work
from worksheets.class_set.build import build
from worksheets.class_set.checkpoints import checkpoints, in_booklet
from worksheets.class_set.order import Order
from worksheets.cli import main
from worksheets.errors import InputError
from worksheets.exports.answer_sheet import answer_sheet
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.render.pdf import render_pdf
from worksheets.render.texts import texts
from worksheets.roster.students import read_roster
from worksheets.sheet import make
from worksheets.stamp.document import alone
from worksheets.views.faded import FADES, faded, shown_already
from worksheets.views.page import Page

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
STUDENT = "Ada Łukasiewicz-O’Brien · 0017 · 7b"
ASIDE, APART = 8, 4  # points, of a cell of 25 by 22
SOME = pytest.mark.parametrize(
    ("kind", "level", "fade"),
    [
        ("matmul", 2, "alternate"),
        ("rlhf", 2, "one-cell"),
        ("attention", 1, "alternate"),
        ("softmax", 2, "one-matrix"),
        ("grpo", 2, "advantages"),
    ],
)


def roster(folder: Path, count: int) -> Path:
    path = folder / "roster.csv"
    rows = [f"s-{number:04d},Ada Lovelace {number}" for number in range(count)]
    path.write_text("\n".join(["Student ID,Name", *rows]), "utf-8")
    return path


def order(folder: Path, count: int, specification: Specification, **options: bool) -> Order:
    students = tuple(read_roster(roster(folder, count)))
    code = exercise.find(specification.kind_name).CODE
    identity = Identity(code, specification.level, 0, language=specification.language)
    return Order(
        specification=specification,
        set_name="Autumn 26",
        students=students,
        roster="roster.csv",
        identity=identity,
        **options,
    )


def built(one: Order, output: Path, **options: bool) -> Path:
    with ThreadPoolExecutor(1) as executor:
        build(one, output, executor, workers=1, **options)
    return output


def files(output: Path) -> dict[str, bytes]:
    return {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*.*f*")} | {
        path.name: path.read_bytes() for path in output.iterdir() if path.is_file()
    }


@SOME
def test_each_students_pages_show_what_the_fade_says_and_no_more(tmp_path, kind, level, fade):
    specification = Specification(kind, level, solved=False, page=Page(fade=fade))
    output = built(order(tmp_path, 3, specification, formats=frozenset({"pdf"})), tmp_path / "out")
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    certificate = json.loads((output / "certificate.json").read_text("utf-8"))
    keys = json.loads((output / "key.json").read_text("utf-8"))
    assert manifest["fade"] == certificate["fade"] == fade
    assert f"Faded, {fade}:" in (output / "certificate.txt").read_text("utf-8")
    for row, key in zip(manifest["students"], keys, strict=True):
        assert row["blank_file"].startswith("forms/")
        assert row["blank_file"].endswith(f"{row['id']}-faded-{fade}.pdf")
        assert row["solved_file"].startswith("keys/")
        assert row["solved_file"].endswith(f"{row['id']}-solved.pdf")
        blank, solved = ((output / row[f"{one}_file"]).read_bytes() for one in ("blank", "solved"))
        answers, expected = fades.answers(key), fades.left(fade, key)
        cells = sum(prod(np.shape(values)) for values in answers.values())
        assert certificate["answer_cells"] == cells
        assert certificate["shown_already"] == cells - sum(expected.values())
        assert not pages.in_handwriting(blank)
        found = empties(blank, solved)
        values = [json.dumps(one, ensure_ascii=False) for one in answers.values()]
        for (name, cells), text in zip(answers.items(), values, strict=True):
            lying = json.dumps([list(row) for row in zip(*cells, strict=True)], ensure_ascii=False)
            left = found.get(text, []) + found.get(lying, [])  # a column of items lies as a row
            assert expected[name] in left, name
            if values.count(text) == 1 and (lying == text or lying not in values):
                assert set(left) == {expected[name]}, name


def empties(blank: bytes, solved: bytes) -> dict[str, list[int]]:
    """How many cells are empty of each matrix that is in handwriting when solved, by its values.

    In place of the handwriting the blank sheet has nothing, or the same text. What it says first
    may move a matrix down or up, but all of it, and no cell aside.
    """
    found: dict[str, list[int]] = {}
    for before, after in zip(pages.tables(blank), pages.tables(solved), strict=True):
        down, to_do = [], 0
        for cells, right in zip(before.cells, after.cells, strict=True):
            shown = [one for one in cells if one.text]  # a cell without a text need not be told of
            for one in shown:
                (own,) = (other for other in right if abs(middle(one) - middle(other)) < ASIDE)
                assert one.text == own.text
                down.append(one.box[3] - own.box[3])
            to_do += len(right) - len(shown)
        assert not down or max(down) - min(down) < APART
        if written := pages.handwritten(after):
            key = json.dumps(written[2], ensure_ascii=False).replace("\N{MINUS SIGN}", "-")
            found.setdefault(key, []).append(to_do)
        else:
            assert to_do == 0
    return found


def middle(cell: pages.Text) -> float:
    return (cell.box[0] + cell.box[2]) / 2


@SOME
def test_a_stamped_page_is_the_faded_one_pixel_by_pixel(kind, level, fade):
    compare(Specification(kind, level, solved=False, page=Page(paper="letter", fade=fade)))


@pytest.mark.parametrize(
    ("language", "how"),
    [("en", {"paper": "letter", "large_print": True}), ("es", {})],
    ids=["large print", "another language"],
)
def test_so_it_is_in_large_print_and_in_another_language(language, how):
    page = Page(fade="one-cell", **how)
    compare(Specification("linear_relu", 2, solved=False, page=page, language=language))


def compare(one: Specification) -> None:
    code = exercise.find(one.kind_name).CODE
    (sheet,) = make([Identity(code, one.level, 32**4 + 7, language=one.language)])
    stamp, shown = one.stamp(), texts(sheet, STUDENT)
    ours = pixels(alone(stamp, stamp.shown(shown), stamp.title(shown)))
    oracle = pixels(
        render_pdf(
            sheet,
            solved=False,
            page=one.page,
            student=STUDENT,
            view=faded(sheet.graph, one.page.fade),
        )
    )
    assert len(ours) == len(oracle) + len(oracle) % 2
    for page, other in zip(ours, oracle, strict=False):
        assert page.shape == other.shape
        assert np.abs(page - other).max() <= 2  # of 255, as for sheets that are not faded


def pixels(content: bytes) -> list[np.ndarray]:
    document = pypdfium2.PdfDocument(content)
    return [page.render(scale=150 / 72).to_numpy().astype(np.int16) for page in document]


def test_grey_pages_show_the_same_numbers(tmp_path):
    usual = Specification("matmul", 2, solved=False, page=Page(fade="one-cell"))
    found = []
    for place, specification in enumerate(
        (usual, replace(usual, page=replace(usual.page, grey=True)))
    ):
        output = built(order(tmp_path, 2, specification), tmp_path / str(place))
        document = pypdfium2.PdfDocument(output / "blanks.pdf")
        found.append([page.get_textpage().get_text_range() for page in document])
    assert found[0] == found[1]
    for page in document:
        image = page.render(scale=1).to_numpy().astype(int)
        assert (image.max(axis=2) - image.min(axis=2)).max() <= 2


def test_solved_sheets_and_keys_are_those_of_a_set_that_is_not_faded(tmp_path):
    usual = Specification("matmul", 1, solved=False)
    plain = built(order(tmp_path, 2, usual), tmp_path / "usual")
    other = built(order(tmp_path, 2, replace(usual, page=Page(fade="product"))), tmp_path / "faded")
    for name in ("solved.pdf", "key.json"):
        assert (plain / name).read_bytes() == (other / name).read_bytes()
    assert (plain / "blanks.pdf").read_bytes() != (other / "blanks.pdf").read_bytes()


@pytest.fixture
def interrupted(monkeypatch):
    """Makes a class of three chunks of which the first two are finished when it is stopped."""

    def stop(one: Order, output: Path) -> list[Path]:
        written, before = work.part.written, set(output.glob(".*-parts/*.part"))

        def some(chunks, paths, folder, key):
            if len(list(output.glob(".*-parts/*.part"))) >= 2 + len(before):
                raise KeyboardInterrupt
            written(chunks, paths, folder, key)

        monkeypatch.setattr(work, "TOGETHER", 1)
        monkeypatch.setattr(work.part, "written", some)
        with pytest.raises(KeyboardInterrupt):
            built(one, output)
        monkeypatch.undo()
        return [path for path in output.glob(".*-parts/*.part") if path not in before]

    return stop


def test_a_set_that_was_stopped_goes_on_with_its_own_parts_to_the_same_bytes(tmp_path, interrupted):
    usual = Specification("matmul", 1, solved=False)
    one = order(
        tmp_path, 230, replace(usual, page=Page(fade="product")), formats=frozenset({"pdf"})
    )
    undisturbed = files(built(one, tmp_path / "undisturbed"))
    output = tmp_path / "out"
    others = interrupted(replace(one, specification=usual), output)
    parts = interrupted(one, output)
    assert len(others) == len(parts) == 2
    assert {path.parent for path in others}.isdisjoint(path.parent for path in parts)
    assert {path.name for path in others}.isdisjoint(path.name for path in parts)
    built(one, output)
    assert [path.exists() for path in (*others, *parts)] == [True, True, False, False]
    for path in others:
        path.unlink()
    made = files(output)
    assert {name: made[name] for name in undisturbed} == undisturbed


def test_a_set_of_another_fade_is_left_alone(tmp_path):
    usual = Specification("matmul", 1, solved=False)
    one = order(tmp_path, 2, replace(usual, page=Page(fade="product")))
    output = built(one, tmp_path / "out")
    before = files(output)
    with pytest.raises(InputError, match="exists and belongs to something else"):
        built(replace(one, specification=usual), output)
    assert files(output) == before
    built(replace(one, specification=usual), output, force=True)
    assert json.loads((output / "manifest.json").read_text("utf-8"))["fade"] is None


@SOME
def test_forms_have_fields_for_what_is_left_to_do(tmp_path, kind, level, fade):
    specification = Specification(kind, level, solved=False, page=Page(fade=fade))
    one = order(tmp_path, 2, specification, formats=frozenset({"pdf", "form"}))
    output = built(one, tmp_path / "out")
    row, key = (
        json.loads((output / name).read_text("utf-8")) for name in ("manifest.json", "key.json")
    )
    content = (output / row["students"][0]["fillable_file"]).read_bytes()
    fields = Counter(name.partition(".")[0] for name in names(content) if "." in name)
    expected = fades.left(fade, key[0])
    assert fields == Counter({name: count for name, count in expected.items() if count})
    assert "sheet_fade" in set(names(content))
    report = page_validation.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant, [fault.message for fault in report.failures]


def names(content: bytes) -> list[str]:
    """The whole names of a form's fields."""
    found = []
    with pikepdf.open(BytesIO(content)) as document:
        waiting = [(field, "") for field in document.Root.AcroForm.Fields]
        while waiting:
            field, above = waiting.pop()
            name = ".".join(filter(None, (above, str(field.get("/T", "")))))
            kids = [kid for kid in field.get("/Kids", []) if "/T" in kid]
            waiting += [(kid, name) for kid in kids]
            found += [] if kids else [name]
    return found


def test_a_workbook_has_what_is_shown_in_cells_that_are_locked():
    from openpyxl import load_workbook
    from openpyxl.utils import range_boundaries

    (sheet,) = make([Identity("RLHF", 1, 5)])
    book = load_workbook(BytesIO(answer_sheet(sheet, "one-cell")))
    for line in sheet.graph.answers:
        title, corners = book.defined_names[line.name].attr_text.split("!")
        west, north, east, south = range_boundaries(corners)
        rows = book[title.strip("'")].iter_rows(north, south, west, east)
        cells = [cell for row in rows for cell in row]
        caption = book[title.strip("'")].cell(north - 2, west).value
        assert caption == f"{line.step.number} {line.label}"  # whatever its corner shows
        right = [text for row in sheet.values[line.name] for text in row]
        assert sum(cell.value is None for cell in cells) == 1
        for cell, text in zip(cells, right, strict=True):
            assert cell.protection.locked is (cell.value is not None)
            assert cell.value in (None, text.replace("-", "\N{MINUS SIGN}"))


def left_in_booklet(kind, level, fade):
    """What the answer booklet has of a faded sheet: a line's name, and its cells."""
    found = in_booklet(kind, level, fade)
    return {one.line.name: [cell for row in one.rows for cell in row] for one in found}


@LEVELS
@pytest.mark.parametrize("fade", FADES)
def test_the_booklet_has_what_is_left_to_do_and_nothing_else(kind, level, fade):
    booklet = left_in_booklet(kind, level, fade)
    assert booklet
    shown = shown_already(exercise.graph(kind, level), fade)
    for line in exercise.graph(kind, level).answers:
        rows, columns = line.node.shape
        left = [
            cell for cell in product(range(rows), range(columns)) if (line.name, *cell) not in shown
        ]
        if line.name in booklet:
            assert booklet[line.name] == left != []


def test_all_of_a_small_kind_is_in_the_booklet():
    assert left_in_booklet("matmul", 1, "next_product").keys() == {"next_product"}
    assert left_in_booklet("matmul", 1, "product").keys() == {"product"}
    cells = left_in_booklet("matmul", 1, "one-cell")
    assert {name: len(some) for name, some in cells.items()} == {"product": 1, "next_product": 1}


def test_what_was_given_is_no_checkpoint():
    kind, graph = exercise.find("transformer"), exercise.graph("transformer", 1)
    assert graph.lines["attention"].role == "given"
    assert "attention" not in checkpoints(kind, graph)


def test_the_command_refuses_what_is_no_fade(tmp_path, capsys):
    output = tmp_path / "out"
    arguments = ["class", "matmul", str(roster(tmp_path, 2)), "--set", "x", "--fade", "half"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--output", str(output)])
    assert ended.value.code == 2
    said = "error: fade 'half': it is one of alternate, one-matrix, one-cell, or an answer's name: "
    assert capsys.readouterr().err == f"{said}product, next_product\n"
    assert not output.exists()
