"""Names in every script, cover sheets and several print files: read back from what is printed."""

import csv
import json
import re
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from unicodedata import normalize

import numpy as np
import page as page_validation
import pikepdf
import pymupdf
import pypdfium2
import pytest
import whole_run
from file_names import own_file

from worksheets.class_set import name_lines
from worksheets.class_set.build import build
from worksheets.class_set.order import MOST_SECTIONS, Order
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.layouts.specification import Specification
from worksheets.render.pdf import render_pdf
from worksheets.roster.students import read_roster
from worksheets.sheet import make, read_id
from worksheets.stamp.fallback import draw

pytestmark = pytest.mark.slow
# Each with its section: the first five are of scripts that are written from left to right, one
# letter after the other, so that what is read back is what was written.
NAMES = (
    ("王小明", "7a"), ("山田 太郎", "7a"), ("Nguyễn Thị Ánh Tuyết", "7a"), ("Γιώργος Παππάς", "7a"),
    ("გიორგი", "7b"), ("محمد بن سلمان", "7b"), ("דוד לוי", "7b"), ("अनिल शर्मा", "7b"),
    ("민준 김", "丙"), ("กานดา ศรีสุข", "丙"), ("Ada 🎓", "丙"), ("Ada Lovelace", "丙"),
)  # fmt: skip
LEGIBLE = 5
AT_150_DPI = 150 / 72


def roster(folder, students):
    path = folder / "roster.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Student ID", "Name", "Section"])
        table.writerows(students)
    return path


def built(folder, students, force=False, **options):
    path = roster(folder, students)
    order = Order(
        specification=Specification("rlhf", 1, solved=False),
        set_name="秋 26",
        students=tuple(read_roster(path, {})),
        roster=path.name,
        identity=Identity("RLHF", 1, 0),
        **options,
    )
    with ProcessPoolExecutor(2, get_context("fork")) as executor:
        build(order, folder / "out", executor, workers=2, force=force)
    return folder / "out"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    students = [(f"n{place}", *one) for place, one in enumerate(NAMES)]
    folder = tmp_path_factory.mktemp("names")
    return built(folder, students, formats=frozenset({"pdf"}), covers=True)


def rows(output):
    return json.loads((output / "manifest.json").read_text(encoding="utf-8"))["students"]


def test_every_name_stands_on_its_sheet_in_its_own_letters(made):
    for (name, section), row in zip(NAMES, rows(made), strict=True):
        with pymupdf.open(made / f"blanks-{section}.pdf") as file:
            text = normalize("NFKC", file[row["first_page"] - 1].get_text())
            assert row["name"] == name
            assert row["id"] in text
            assert row["student"] in text
            if name in [one for one, _ in NAMES[:LEGIBLE]]:
                assert name in text
            else:  # in the order in which it is drawn, which may be from right to left
                letters = {letter for letter in normalize("NFKC", name) if letter.isalpha()}
                assert letters <= set(text)


@pytest.mark.parametrize("place", whole_run.chosen(4, list(range(len(NAMES)))))
def test_a_name_is_drawn_where_and_as_the_renderer_draws_it(made, place):
    row = rows(made)[place]
    (sheet,) = make([read_id(row["id"])])
    line = " · ".join((NAMES[place][0], row["student"], row["section"]))
    plain = render_pdf(sheet, solved=False, student=line)
    stamped = own_file(made, "forms", f"_{row['id']}-blank.pdf").read_bytes()
    inks = [ink(data) for data in (plain, stamped)]
    edges = [[(where.min(), where.max()) for where in np.nonzero(one > 90)] for one in inks]
    down, across = np.abs(np.array(edges[0]) - np.array(edges[1]))
    assert across.max() <= 1
    assert down.max() <= 3  # the renderer lowers a line for some fonts; a stamped one stays put
    assert inks[1].sum() == pytest.approx(inks[0].sum(), rel=0.02)


def ink(data):
    """How dark the line with the student's name is, pixel by pixel."""
    with pypdfium2.PdfDocument(data) as document:
        image = document[0].render(scale=AT_150_DPI).to_numpy()
    top, bottom, left = (round(mm / 25.4 * 150) for mm in (29.5, 32.7, 102))
    return 255 - image[top:bottom, left:].mean(axis=2)


def test_a_name_with_emoji_is_drawn_with_the_same_bytes_at_another_time(monkeypatch):
    name = "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} \N{GRINNING FACE}"
    first = draw([name])
    assert name in first.forms
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1000)
    assert draw([name]).objects == first.objects


def test_print_files_and_single_files_are_valid(made):
    singles = [one for name in ("forms", "keys") for one in sorted((made / name).iterdir())[:2]]
    files = [made / "blanks-丙.pdf", made / "solved-7a.pdf", made / "answers.pdf", *singles]
    for file in files:
        with pikepdf.open(file) as document:
            assert not document.check_pdf_syntax()
        report = page_validation.validate_pdf_bytes(file.read_bytes(), profile="ua1")
        assert report.is_compliant, report


def test_the_answer_booklet_has_every_name_and_the_sets(made):
    with pymupdf.open(made / "answers.pdf") as file:
        text = normalize("NFKC", "".join(page.get_text() for page in file))
    assert "秋 26" in text
    assert all(name in text for name, _ in NAMES[:LEGIBLE])
    assert all(row["id"] in text for row in rows(made))


def test_a_name_that_no_font_has_is_refused_with_its_row_and_nothing_is_written(tmp_path):
    students = [("1", "Ada Lovelace", ""), ("2", "\U0001e290\U0001e291", "")]  # a young script
    with pytest.raises(InputError, match=r"roster\.csv row 3: the name .* no font .*make fonts"):
        built(tmp_path, students)
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("what", ["blanks", "solved"])
@pytest.mark.parametrize("section", ["7a", "7b", "丙"])
def test_a_cover_stands_before_each_section_and_sheets_start_on_odd_pages(made, what, section):
    with pymupdf.open(made / f"{what}-{section}.pdf") as document:
        texts = [normalize("NFKC", page.get_text()) for page in document]
    assert [number for number, text in enumerate(texts, 1) if "秋 26" in text] == [1]
    assert texts[0].split("\n")[0] == section
    assert "4 sheets" in texts[0]
    firsts = {row["first_page"]: row for row in rows(made) if row["section"] == section}
    assert list(firsts) == [3, 5, 7, 9]
    assert all(row["id"] in texts[number - 1] for number, row in firsts.items())
    assert len(texts) == 2 * 4 + 2


def test_the_booklet_has_pages_for_each_section(made):
    with pymupdf.open(made / "answers.pdf") as file:
        texts = [normalize("NFKC", page.get_text()) for page in file]
    for text, section in zip(texts, ["7a", "7b", "丙"], strict=True):
        (heading,) = (line for line in text.split("\n") if "RLHF" in line and "·" in line)
        assert heading.startswith(section)
        assert [row["section"] for row in rows(made) if row["id"] in text] == [section] * 4


def test_a_large_class_is_spread_over_several_print_files(tmp_path, monkeypatch):
    names = [NAMES[place % len(NAMES)][0] for place in range(23)]
    students = [(f"n{place}", one, "7a") for place, one in enumerate(names)]
    whole = built(tmp_path, students, covers=True)
    ids = [row["id"] for row in rows(whole)]
    monkeypatch.setattr(name_lines, "VOLUME", 10)
    output = built(tmp_path, students, covers=True)
    files = sorted(path.name for path in output.iterdir() if "answers" not in path.name)
    assert [name for name in files if name.endswith(".pdf")] == [
        *(f"blanks-{number}.pdf" for number in (1, 2, 3)),
        *(f"solved-{number}.pdf" for number in (1, 2, 3)),
    ]
    assert [row["id"] for row in rows(output)] == ids
    opened = {}
    for place, row in enumerate(rows(output)):
        assert re.fullmatch(rf"blanks-{place // 10 + 1}\.pdf", row["blank_file"])
        for name in (row["blank_file"], row["solved_file"]):
            file = opened.setdefault(name, pymupdf.open(output / name))
            assert row["id"] in file[row["first_page"] - 1].get_text()
            assert row["id"] in file[row["last_page"] - 1].get_text()
    for name, file in opened.items():
        file.close()
        with pikepdf.open(output / name) as document:
            assert not document.check_pdf_syntax()
    keys = json.loads((output / "key.json").read_text(encoding="utf-8"))
    assert [key["id"] for key in keys] == ids


def test_sections_that_are_scattered_over_the_roster_are_put_together(tmp_path):
    students = [("1", "Ada", "7b"), ("2", "Bob", "7/a"), ("3", "Cy", "7b"), ("4", "Dee", "")]
    students.append(("5", "Eve", "7 A"))
    output = built(tmp_path, students, covers=True)
    assert [row["name"] for row in rows(output)] == ["Ada", "Cy", "Bob", "Dee", "Eve"]
    files = {row["name"]: (row["blank_file"], row["first_page"]) for row in rows(output)}
    # No two alike where case does not count; a cover takes two pages.
    assert files == {
        "Ada": ("blanks-7b.pdf", 3),
        "Cy": ("blanks-7b.pdf", 5),
        "Bob": ("blanks-7-a.pdf", 3),
        "Dee": ("blanks-without-section.pdf", 3),
        "Eve": ("blanks-7-A-2.pdf", 3),
    }
    for row in rows(output):
        with pymupdf.open(output / row["blank_file"]) as file:
            assert row["id"] in file[row["first_page"] - 1].get_text()
    students[1:3] = []  # forced: the print files of a section that is gone go with it
    (tmp_path / "out" / "blanks-of-mine.pdf").write_bytes(b"mine")
    output = built(tmp_path, students, force=True)
    printed = {path.name for path in output.glob("*.pdf")} - {"answers.pdf"}
    assert printed == {
        "blanks-of-mine.pdf",
        *(f"{what}-{end}.pdf" for what in ("blanks", "solved")
          for end in ("7b", "without-section", "7-A")),
    }  # fmt: skip


def test_a_class_of_very_many_sections_is_in_one_file(tmp_path):
    students = [
        (f"s{place}", f"Ada {place}", f"room {place}") for place in range(MOST_SECTIONS + 1)
    ]
    output = built(tmp_path, students)
    assert {row["blank_file"] for row in rows(output)} == {"blanks.pdf"}


def test_a_long_foreign_name_stays_in_its_column_of_the_booklet(tmp_path):
    output = built(tmp_path, [("1", "محمد بن سلمان بن عبد العزيز آل سعود", "7a")])
    with pypdfium2.PdfDocument(output / "answers.pdf") as document:
        page = document[0]
        text = page.get_textpage()
        place = text.get_text_range().index("RLHF-1F10E")
        left, bottom, _, top = text.get_charbox(place)
        scale = AT_150_DPI * 2
        image = page.render(scale=scale).to_numpy()[:, :, :3].min(axis=2)
        lines_of_pixels = [round((page.get_height() - y) * scale) for y in (top, bottom)]
    line = image[slice(*lines_of_pixels)]
    below = image[slice(*(y + round(5.4 / 25.4 * 300) for y in lines_of_pixels))]  # an empty row
    edge = max(x for x in np.nonzero((below < 230).all(axis=0))[0] if x < left * scale)
    assert (line[:, : edge - 20] < 100).any()
    assert (line[:, edge - 8 : round(left * scale) - 2] > 100).all()  # the table's lines are grey
