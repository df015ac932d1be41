"""Class sets as a teacher makes them: by the command, then read back from the files."""

import csv
import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import in_process
import page as page_validation
import pages
import pikepdf
import pymupdf
import pypdfium2
import pytest
import whole_run
from openpyxl import load_workbook

from worksheets.class_set import chunk
from worksheets.class_set.assign import must_redraw, number, set_code
from worksheets.class_set.build import build
from worksheets.class_set.order import Order
from worksheets.class_set.papers import ALWAYS
from worksheets.cli import main
from worksheets.errors import InputError, NotProvedError
from worksheets.exports.answer_sheet import answer_sheet
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.render.texts import texts
from worksheets.roster.students import read_roster
from worksheets.sheet import make, read_id
from worksheets.stamp.document import alone
from worksheets.stamp.shape import repertoire
from worksheets.stamp.writing import printable
from worksheets.views.page import Page

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
NAMES = (
    "Ada Lovelace", "José Ángel García-Márquez", "Siobhán O’Brien", "Łukasz Żółć", "Jürgen Groß",
    "Zoë Šimić", "D'Angelo, Jr.", "<b>Bold</b> & Co", "Bobby \"Tables\"", "Anne-Marie  Dubois",
)  # fmt: skip

JOINTS = "-'’ "
# How many files of a set of 230 there are when it is killed: its first part, single files between
# and after parts, all of them before anything is merged, and files merged.
MOMENTS = (0, 1, 40, 120, 201, 202, 230, 262, 330, 400, 463, 464)


def roster(folder, students, name="roster.csv"):
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Student ID", "Name", "Section"])
        table.writerows(students)
    return path


def students(count, start=0):
    return [(f"s-{n:05d}", NAMES[n % len(NAMES)], "7a") for n in range(start, start + count)]


def command(path, output, *options):
    return [
        *(sys.executable, "generator.py", "class", "rlhf", str(path)),
        *("--set", "Autumn 26", "--output", str(output), *options),
    ]


def run(path, output, *options, ok=True):
    done = in_process.ran(command(path, output, *options)[2:], ROOT)
    assert done.returncode == (0 if ok else 2), done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if ok else done.stderr


def contents(output):
    return {
        str(path.relative_to(output)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }


def stem_of(row):
    """How this row's files begin: the first names here are letters, apostrophes and spaces."""
    words = re.split(r"[ '’-]", row["name"])
    return f"{'-'.join(words)}_{row['student']}_"


def manifest(output):
    return json.loads((output / "manifest.json").read_text(encoding="utf-8"))["students"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    output = folder / "out"
    path = roster(folder, students(230))
    alone = command(path, output, "--level", "2", "--single")  # as a process of its own
    subprocess.run(alone, cwd=ROOT, check=True, capture_output=True)
    return output


def test_the_folder_holds_what_the_manifest_says_and_nothing_else(made):
    rows = manifest(made)
    assert sorted(path.name for path in made.iterdir()) == sorted(
        [*ALWAYS, "blanks.pdf", "solved.pdf", "forms", "keys"]
    )
    assert [row["student"] for row in rows] == [student for student, *_ in students(230)]
    assert [row["name"] for row in rows] == [name for _, name, _ in students(230)]
    for row in rows:
        for which in ("blank", "solved"):
            content = (made / row[f"{which}_file"]).read_bytes()
            assert sha256(content).hexdigest() == row[f"{which}_sha256"]
    with (made / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["id"] for row in table] == [row["id"] for row in rows]
    assert len({row["id"] for row in rows}) == 230
    keys = json.loads((made / "key.json").read_text(encoding="utf-8"))
    assert keys == [one.key() for one in make([read_id(row["id"]) for row in rows])]


@pytest.mark.parametrize("name", ["blanks.pdf", "solved.pdf"])
def test_every_student_starts_on_an_odd_page_in_the_rosters_order(made, name):
    with pikepdf.open(made / name) as document:
        assert len(document.pages) == 230 * 4  # three pages, and an empty one for the back
    document = pypdfium2.PdfDocument(made / name)
    rows = manifest(made)
    firsts = [(row["first_page"], row["last_page"]) for row in rows]
    assert firsts == [(4 * place + 1, 4 * place + 4) for place in range(230)]
    for row in (rows[0], *random.Random(3).sample(rows[1:-1], 40), rows[-1]):
        first, last = row["first_page"], row["last_page"]
        for page in range(first, last):
            text = document[page - 1].get_textpage().get_text_range()
            assert row["id"] in text
            assert " ".join(row["name"].split()) in " ".join(text.split())
        assert not document[last - 1].get_textpage().get_text_range()


def test_students_files_read_back_hold_just_their_answers_and_the_blanks_none(made):
    rows = manifest(made)
    chosen = whole_run.chosen(15, random.Random(whole_run.seed()).sample(rows, 50))
    merged = {name: pypdfium2.PdfDocument(made / f"{name}.pdf") for name in ("solved", "blanks")}
    blank_stamp = Specification("rlhf", 2, solved=False).stamp()
    for row, sheet in zip(chosen, make([read_id(row["id"]) for row in chosen]), strict=True):
        contents = [(made / row[f"{which}_file"]).read_bytes() for which in ("solved", "blank")]
        tables = pages.tables(contents[0])
        shown = [pages.handwritten(one) for one in tables]
        answers = pages.answers(sheet)
        for line in answers:
            values = pages.on_paper(line["values"])
            assert (line["row_labels"], line["column_labels"], values) in shown, line["name"]
        matrices = [line["values"] for line in answers] + pages.copied(sheet)
        assert Counter(
            cell.text for one in tables for cells in one.cells for cell in cells if cell.hand
        ) == Counter(cell for some in matrices for cells in pages.on_paper(some) for cell in cells)
        hidden = {line["name"] for line in answers}
        values = {
            name: [["42" for _ in cells] for cells in rows] if name in hidden else rows
            for name, rows in sheet.values.items()
        }
        who = " · ".join((printable(row["name"]), row["student"], row["section"]))
        shown = texts(replace(sheet, values=values), who)
        title = blank_stamp.title(shown)
        assert alone(blank_stamp, blank_stamp.shown(shown), title) == contents[1]
        for content, document in zip(contents, merged.values(), strict=True):
            for place, page in enumerate(pypdfium2.PdfDocument(content)):
                there = document[row["first_page"] - 1 + place]
                assert text_of(there) == text_of(page)


def text_of(page):
    return page.get_textpage().get_text_range()


def test_single_and_merged_files_are_valid_and_accessible(tmp_path, made):
    """Merged ones of as many parts, but of small sheets: of rlhf's a validator takes long.

    So does a check of syntax, 12 s: it reads the drawings of some pages, and all else of the file.
    """
    with pikepdf.open(made / "solved.pdf") as document:
        left = set(whole_run.chosen(150, list(range(len(document.pages)))))
        for place in reversed(range(len(document.pages))):
            if place not in left:
                del document.pages[place]
        assert not document.check_pdf_syntax()
    small = command(roster(tmp_path, students(230)), tmp_path / "out")
    small[small.index("rlhf")] = "matmul"
    assert in_process.ran(small[2:], ROOT).returncode == 0
    printed = whole_run.chosen(1, ["blanks", "solved"])  # which are merged alike
    merged = [tmp_path / "out" / f"{name}.pdf" for name in (*printed, "answers")]
    for path in (*merged, made / manifest(made)[7]["solved_file"]):
        report = page_validation.validate_pdf_bytes(path.read_bytes(), profile="ua1")
        assert report.is_compliant, (path, [fault.message for fault in report.failures])


# How much of a line, from its ascent to its descent, is above the baseline in the sheets' fonts.
ABOVE = 0.79


def digits_by_poppler(path, page):
    text = subprocess.run(
        ["pdftotext", "-f", str(page), "-l", str(page), "-bbox", str(path), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    word = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<'
    return [
        (text, float(x), float(top) + ABOVE * (float(bottom) - float(top)))
        for x, top, bottom, text in re.findall(word, text)
    ]


def digits_by_mupdf(path, page):
    blocks = pymupdf.open(path)[page - 1].get_text("rawdict")["blocks"]
    lines = (line for block in blocks for line in block.get("lines", ()))
    chars = (char for line in lines for span in line["spans"] for char in span["chars"])
    return [(char["c"], *char["origin"]) for char in chars if char["c"].isdigit()]


def digits_by_pdfium(path, page):
    leaf = pypdfium2.PdfDocument(path)[page - 1]
    text = leaf.get_textpage()
    found = []
    for place, character in enumerate(text.get_text_range()):
        if character.isdigit():
            left, bottom, *_ = text.get_charbox(place, loose=False)
            found.append((character, left, leaf.get_height() - bottom))
    return found


def test_three_renderers_see_the_same_numbers_at_the_same_places(made):
    path = made / "solved.pdf"
    for page in (1, 2, 5, 919):
        mupdf, pdfium = digits_by_mupdf(path, page), digits_by_pdfium(path, page)
        poppler = digits_by_poppler(path, page)
        assert len(mupdf) > 100
        digits = sorted(digit for digit, *_ in mupdf)
        assert digits == sorted(digit for digit, *_ in pdfium)
        assert digits == sorted(char for word, *_ in poppler for char in word if char.isdigit())
        for digit, x, y in pdfium:
            assert any(
                (digit == other and abs(x - left) < 2 and abs(y - base) < 2)
                for other, left, base in mupdf
            ), (digit, x, y)
        for word, x, y in poppler:
            if word.isdigit():
                assert any(
                    (word[0] == other and abs(x - left) < 2 and abs(y - base) < 2)
                    for other, left, base in mupdf
                ), (word, x, y)


def awkward_names(count):
    """Every letter that the sheets' fonts know, in names of all lengths; composed and not."""
    letters = [one for one in repertoire("SheetSans-Bold.ttf") if one.isalpha() and one < "\u0220"]
    pick = random.Random(2)
    for place in range(count):
        first, middle, last = ("".join(pick.choices(letters, k=pick.randint(1, 9))) for _ in "123")
        name = f"{first} {middle}{pick.choice(JOINTS)}{last}"
        yield normalize("NFD", name) if place % 3 == 0 else name


def test_hundreds_of_awkward_names_are_printed_as_they_are(tmp_path):
    people = [(str(number), name, "") for number, name in enumerate(awkward_names(600))]
    output = tmp_path / "out"
    run(roster(tmp_path, people), output, "--theme", "doctor")
    rows = manifest(output)
    assert [row["name"] for row in rows] == [name for _, name, _ in people]
    document = pypdfium2.PdfDocument(output / "blanks.pdf")
    for row in rows:
        text = document[row["first_page"] - 1].get_textpage().get_text_range()
        assert normalize("NFC", row["name"]) in normalize("NFC", text)


def test_who_joins_late_changes_nobodys_sheet(tmp_path, made):
    late = students(60, start=85)
    random.Random(1).shuffle(late)
    late.insert(5, ("late", "Kurt Gödel", "7b"))
    run(roster(tmp_path, late), tmp_path / "out", "--level", "2")
    before = {row["student"]: row["id"] for row in manifest(made)}
    after = {row["student"]: row["id"] for row in manifest(tmp_path / "out")}
    assert after.pop("late")
    assert len(after) == 60
    assert after.items() <= before.items()


def test_one_process_makes_the_same_bytes_and_a_code_may_be_typed_anyhow(tmp_path, made):
    path = roster(tmp_path, students(230))
    run(path, tmp_path / "out", "--level", "2", "--single", "--workers", "1")
    again = command(path, tmp_path / "out", "--level", "2", "--single")
    again[again.index("Autumn 26")] = "autumn-26"
    assert contents(tmp_path / "out") == contents(made)
    ids = [row["id"] for row in manifest(made)]
    assert in_process.ran(again[2:], ROOT).returncode == 0
    assert [row["id"] for row in manifest(tmp_path / "out")] == ids


def written(output):
    """How much of a set there is: it grows from nothing to all of it, whatever is killed."""
    return sum(path.is_file() for path in output.rglob("*"))


def test_killed_at_any_moment_it_goes_on_and_ends_with_the_same_bytes(tmp_path, made):
    path, output = roster(tmp_path, students(230)), tmp_path / "out"
    for moment in sorted(whole_run.chosen(3, MOMENTS)):
        with subprocess.Popen(
            command(path, output, "--level", "2", "--single"),
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        ) as process:  # fmt: skip
            while process.poll() is None and written(output) < moment:
                time.sleep(0.01)
            with suppress(ProcessLookupError):  # it was faster
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for file in output.glob("*.pdf"):
            with pikepdf.open(file):  # what stands in its place is whole
                pass
    run(path, output, "--level", "2", "--single")
    assert contents(output) == contents(made)


@pytest.mark.parametrize("parts", whole_run.chosen(1, [0, 1]))
def test_a_cluster_that_loses_a_worker_makes_the_same_bytes(tmp_path, made, parts):
    path, output = roster(tmp_path, students(230)), tmp_path / "out"
    options = ("--level", "2", "--single", "--workers", "2", "--scheduler", "@ADDRESS")
    arguments = command(path, output, *options)
    done = subprocess.run(
        [sys.executable, "tests/cluster.py", str(output), str(parts), *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    killed = re.search(r"killed after (\d) parts", done.stdout)
    assert killed
    assert parts <= int(killed[1]) <= 3  # how many more stand by then is chance
    assert contents(output) == contents(made)


def test_a_full_disk_is_said_and_nothing_finished_is_lost(tmp_path):
    """A limit on the size of files stands in for a disk that is full when all is merged."""
    path, output = roster(tmp_path, students(460)), tmp_path / "out"
    script = (
        "import resource, signal, subprocess, sys; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (6_500_000, 6_500_000)); "
        "sys.exit(subprocess.run(sys.argv[1:]).returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command(path, output)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(output.glob("*.pdf")) == []
    assert len(list(output.glob(".*-parts/*"))) == 5
    run(path, output)
    run(path, tmp_path / "undisturbed")
    assert contents(output) == contents(tmp_path / "undisturbed")


def test_grey_sheets_have_no_colour(tmp_path):
    output = tmp_path / "out"
    run(roster(tmp_path, students(2)), output, "--grey")
    for page in pypdfium2.PdfDocument(output / "solved.pdf"):
        pixels = page.render(scale=1).to_numpy().astype(int)
        assert (pixels.max(axis=2) - pixels.min(axis=2)).max() <= 2


def test_another_sets_files_are_left_alone(tmp_path):
    path, output = roster(tmp_path, students(3)), tmp_path / "out"
    output.mkdir()
    (output / "blanks.pdf").write_text("mine")
    assert "blanks.pdf exists" in run(path, output, ok=False)
    assert (output / "blanks.pdf").read_text() == "mine"
    run(path, output, "--force")
    assert (output / "blanks.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("\U0001e290", "no font here shows"),
        ("x" * 10_000, "10000 characters"),
        ("=HYPERLINK(1)", "formula"),
    ],
)
def test_a_name_that_cannot_be_printed_is_refused_with_its_row(tmp_path, name, said):
    path = roster(tmp_path, [*students(2), ("s-9", name, "")])
    error = run(path, tmp_path / "out", ok=False)
    assert "roster.csv row 4" in error
    assert said in error


LONG = "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine the Elder of Somewhere Else and Beyond"
MIDDLING = "Maximiliane Charlotte Wilhelmine von und zu Hohenstein"


@pytest.mark.parametrize(
    ("large_print", "without_section", "alone"),
    [
        (False, f"{MIDDLING}-Wald", f"{MIDDLING}-Waldenbu"),
        (True, MIDDLING, f"{MIDDLING}-W"),
    ],
)
def test_a_name_that_is_too_long_is_cut_on_its_sheet_and_told(
    tmp_path, large_print, without_section, alone
):
    names = "Ada", LONG, alone, without_section, LONG
    some = [(f"s-{place}", name, "7a") for place, name in enumerate(names, 1)]
    output, told = tmp_path / "out", []
    one = Order(
        specification=Specification("matmul", 1, solved=False, page=Page(large_print=large_print)),
        set_name="Autumn 26",
        students=tuple(read_roster(roster(tmp_path, some))),
        roster="roster.csv",
        identity=Identity("MATM", 1, 0),
    )
    with ThreadPoolExecutor(1) as executor:
        build(one, output, executor, workers=1, tell=told.append)
    wide = 180 if large_print else 98  # as the styles of .student say
    missing = {
        "the name is cut or narrowed, and stands alone, on 2": 3,
        "the identifier and the section cannot stand beside the name on 1": 4,
        "the section cannot stand beside the name on 1": 5,
    }
    assert told == [
        f"roster.csv: {what} of 5 sheets, as the line for them has {wide} mm; the first one is "
        f"that of row {row}"
        for what, row in missing.items()
    ]
    with pymupdf.open(output / "blanks.pdf") as document:
        for (identifier, name, section), row in zip(some, manifest(output), strict=True):
            assert row["name"] == name
            page = document[row["first_page"] - 1]
            assert row["id"] in page.get_text()
            if name != LONG:
                parts = [name, *([identifier] if name != alone else [])]
                parts += [section] if name == "Ada" else []
                assert " · ".join(parts) in page.get_text().splitlines()
                continue
            line = next(text for text in page.get_text().splitlines() if text.endswith("…"))
            assert len(line) > 30
            assert LONG.startswith(line.removesuffix("…"))
            (box,) = page.search_for(line)
            assert (wide - 8) / 25.4 * 72 < box.width <= wide / 25.4 * 72


def test_numbers_depend_on_code_and_identifier_alone():
    assert number("autumn", "S-1") == number("autumn", "s-1 ") != number("spring", "s-1")
    assert set_code("Autumn 26") == set_code("autumn-26") == set_code("AUTUMN  26")
    with pytest.raises(InputError, match="needs a letter or a digit"):
        set_code(" - ")


def test_who_chooses_later_gives_way():
    held = [(1, 5), (2, 6), (1, 7), (3, 6)]
    assert must_redraw([0, 1, 2, 3], held) == [2, 3]
    assert must_redraw([3, 2, 1, 0], held) == [1, 0]


@pytest.fixture
def order(tmp_path):
    """A class of three chunks."""
    return Order(
        specification=Specification("rlhf", 1, solved=False),
        set_name="Autumn 26",
        students=tuple(read_roster(roster(tmp_path, students(210)))),
        roster="roster.csv",
        identity=Identity("RLHF", 1, 0),
        formats=frozenset({"pdf"}),
    )


def with_a_wrong_cell(monkeypatch, wanted, name="gap"):
    """Sheets one of which, the one of this identifier, has a wrong first cell of a line."""

    def wrong(identities, own_theme=None):
        sheets = make(identities, own_theme)
        for place, one in enumerate(sheets):
            if one.identity.number == number("autumn26", wanted):
                (first, *others), *rows = one.values[name]
                wrong_line = [[str(int(first) + 1), *others], *rows]
                sheets[place] = replace(one, values={**one.values, name: wrong_line})
        return sheets

    monkeypatch.setattr(chunk, "make", wrong)


@pytest.mark.parametrize("place", [57, 157])
def test_one_wrong_cell_on_one_sheet_of_a_class_is_told_and_nothing_is_kept(
    tmp_path, monkeypatch, order, place
):
    with_a_wrong_cell(monkeypatch, f"s-{place:05d}")
    output = tmp_path / "out"
    said = (
        rf"roster.csv row {place + 2}: RLHF-\S+ of 's-{place:05d}' is not proved: step 8 gap row 1"
    )
    with ThreadPoolExecutor(1) as executor, pytest.raises(NotProvedError, match=said):
        build(order, output, executor, workers=1)
    assert list(output.iterdir()) == []


def test_a_law_of_symbols_proves_each_sheet_of_a_class_too(tmp_path, monkeypatch, order):
    """Which is slower, so that it is tempting to prove some of them."""
    with_a_wrong_cell(monkeypatch, "s-00187", "product")
    own = replace(
        order,
        specification=replace(order.specification, kind_name="matmul"),
        identity=Identity("MATM", 1, 0),
        formats=frozenset(),
    )
    said = r"row 189: MATM-\S+ of 's-00187' is not proved: step 1 product row 1 column 1"
    with ThreadPoolExecutor(1) as executor, pytest.raises(NotProvedError, match=said):
        build(own, tmp_path / "out", executor, workers=1)


def test_the_command_tells_what_is_not_proved_without_a_traceback(tmp_path, monkeypatch, capsys):
    with_a_wrong_cell(monkeypatch, "s-00002")
    path, output = roster(tmp_path, students(3)), tmp_path / "out"
    with pytest.raises(SystemExit) as ended:
        main(command(path, output, "--workers", "1")[2:])
    assert ended.value.code == 1
    error = capsys.readouterr().err
    assert re.fullmatch(
        r"error: roster.csv row 4: RLHF-\S+ of 's-00002' is not proved: step 8 gap row 1 column 1: "
        r"the key says -?\d+, the law says -?\d+\n",
        error,
    )
    assert list(output.iterdir()) == []


@pytest.mark.parametrize("full_at", [1, 2])
def test_a_disk_that_is_full_while_parts_are_written_loses_none_that_is_finished(
    tmp_path, monkeypatch, order, full_at
):
    write, output = Path.write_bytes, tmp_path / "out"

    def full(path, content):
        if len(list(output.glob(".*-parts/[0-9]*.part"))) >= full_at:
            write(path, content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with (
        ThreadPoolExecutor(1) as executor,
        pytest.raises(InputError, match=r"cannot write .*: No space left .* goes on from there"),
    ):
        build(order, output, executor, workers=1)
    monkeypatch.undo()
    finished = {path: path.stat().st_mtime_ns for path in output.glob(".*-parts/*")}
    assert len(finished) == full_at
    assert [path.name for path in output.iterdir() if path.is_file()] == []
    with ThreadPoolExecutor(1) as executor:
        build(order, output, executor, workers=1, progress=lambda _: same(finished))
        build(order, tmp_path / "undisturbed", executor, workers=1)
    assert contents(output) == contents(tmp_path / "undisturbed")


def same(finished):
    """Parts that were finished before are not done again."""
    assert {path: path.stat().st_mtime_ns for path in finished} == finished


def test_the_manifest_lists_forms_if_there_are_any(tmp_path, made):
    output = tmp_path / "out"
    run(roster(tmp_path, students(3)), output, "--single", "--fillable")
    with (output / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    for row, told in zip(manifest(output), table, strict=True):
        name = f"forms/{stem_of(row)}{row['id']}-fillable.pdf"
        assert row["fillable_file"] == told["fillable_file"] == name
        content = (output / row["fillable_file"]).read_bytes()
        assert sha256(content).hexdigest() == row["fillable_sha256"] == told["fillable_sha256"]
        assert len(pikepdf.open(BytesIO(content)).Root.AcroForm.Fields) > 10
    assert not any("fillable" in name for row in manifest(made) for name in row)


@pytest.mark.parametrize("fade", ["", "gap"])
def test_answer_sheets_of_a_class_are_those_of_its_sheets(tmp_path, made, fade):
    output = tmp_path / "out"
    options = ("--single", "--format", "xlsx", *(("--fade", fade) if fade else ()))
    run(roster(tmp_path, students(3)), output, *options)
    with (output / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    end = f"-faded-{fade}" if fade else ""
    for row, told in zip(manifest(output), table, strict=True):
        name = f"forms/{stem_of(row)}{row['id']}{end}.xlsx"
        assert row["xlsx_file"] == told["xlsx_file"] == name
        content = (output / row["xlsx_file"]).read_bytes()
        assert sha256(content).hexdigest() == row["xlsx_sha256"] == told["xlsx_sha256"]
        (sheet,) = make([read_id(row["id"])])
        book = load_workbook(BytesIO(content))
        tab, cell = next(book.defined_names["student_name"].destinations)
        whose = book[tab][cell].value
        assert whose.split(" · ")[:2] == [row["name"], row["student"]]
        assert content == answer_sheet(sheet, fade, whose)
        with pypdfium2.PdfDocument(output / row["print_file"]) as pages:
            assert row["id"] in pages[row["first_page"] - 1].get_textpage().get_text_range()
            assert row["last_page"] <= len(pages)
        assert row["print_file"] == told["print_file"] == "blanks.pdf" != row["blank_file"]
    assert not any("xlsx" in name for row in manifest(made) for name in row)


def test_answer_sheets_are_files_of_their_own(tmp_path):
    path = roster(tmp_path, students(1))
    error = run(path, tmp_path / "out", "--format", "xlsx", ok=False)
    assert "--format goes with --single" in error
    assert not (tmp_path / "out").exists()
