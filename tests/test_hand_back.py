"""The print file of feedback: everybody's pages in the roster's order, as in their own files."""

import json
import re
from dataclasses import replace
from hashlib import sha256

import marked as m
import page as page_validation
import pdfium
import pytest

from worksheets.ids import Identity
from worksheets.marking import hand_back, output, report_section
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.sheet import make

pytestmark = pytest.mark.slow
NAMES = ("Ada Lovelace", "王小明", "Zoë Ångström", "مريم علي", "Bob O’Hara")


@pytest.fixture(autouse=True)
def no_report(monkeypatch):
    """A report's PDF is read back elsewhere, and takes a second."""
    monkeypatch.setattr(output.report, "as_pdf", lambda html: b"%PDF" + html.encode())
    monkeypatch.setattr(report_section, "heat_map", lambda *_: [])


def handed_in(sections, spanish=()):
    """A class's sheets, some with slips, and its register: as many students as sections."""
    register, papers = {}, []
    for number, section in enumerate(sections):
        language = "es" if number in spanish else "en"
        identity = Identity("MATM", 2, m.FIRST + number, language=language)
        one = make([identity])[0]
        cell = (one.graph.answers[0].name, 0, 0)
        slip = {cell: m.other(one.values[cell[0]][0][0])} if number % 2 else {}
        papers.append(m.submission(one, slip, NAMES[number]))
        register[one.id] = RegisteredStudent(number, f"47{number}", NAMES[number], section)
    return mark_all(reversed(papers), Scheme(), register)


def write(marking, folder):
    return output.write(marking, folder, feedback=True, paper="a4", force=False)


def texts(path):
    return [
        "".join(one["text"] for one in page.characters) for page in pdfium.read(path.read_bytes())
    ]


def own_pages(marking, folder):
    """Everybody's own file, page by page, with an empty page where their number is odd."""
    names = hand_back.file_names(marking.marked)
    every = []
    for place in range(len(marking.marked)):
        pages = texts(folder / names[place])
        every.append(pages + [""] * (len(pages) % 2))
    return every


@pytest.mark.parametrize("spanish", [(), (1, 3)])
def test_it_has_everybodys_own_pages_in_the_rosters_order_for_print_on_both_sides(
    tmp_path, spanish, monkeypatch
):
    monkeypatch.setattr(hand_back, "CHUNK", 2)
    monkeypatch.setattr(hand_back, "DRAWN", 1)
    marking = handed_in([""] * 5, spanish)
    assert "feedback.pdf" in write(marking, tmp_path)
    every = own_pages(marking, tmp_path)
    assert texts(tmp_path / "feedback.pdf") == [page for pages in every for page in pages]
    record = json.loads((tmp_path / "marks.json").read_bytes())
    assert [one["name"] for one in record["marked"]] == list(NAMES)
    content = (tmp_path / "feedback.pdf").read_bytes()
    assert record["files"]["feedback.pdf"] == sha256(content).hexdigest()
    for place, pages in enumerate(every):  # and they are whose they should be
        assert marking.marked[place].sheet.id in pages[0]
    report = page_validation.validate_pdf_bytes(content, profile="ua1")
    assert report.is_compliant, [fault.message for fault in report.failures]


def test_each_section_has_a_print_file_of_its_own(tmp_path):
    marking = handed_in(["7a", "7a", "7b", "7b", "7c/x"])
    written = write(marking, tmp_path)
    files = {"feedback-7a.pdf": (0, 1), "feedback-7b.pdf": (2, 3), "feedback-7c-x.pdf": (4,)}
    assert {one for one in written if re.fullmatch(r"feedback[^/]*\.pdf", one)} == files.keys()
    every = own_pages(marking, tmp_path)
    for name, places in files.items():
        assert texts(tmp_path / name) == [page for place in places for page in every[place]]
    again = handed_in(["", "", "", "", ""])
    write(again, tmp_path)
    assert not [one for one in files if (tmp_path / one).exists()]
    assert (tmp_path / "feedback.pdf").exists()


def test_own_files_are_named_by_student_and_sheet(tmp_path):
    marking = handed_in([""] * 5)
    names = [
        path.name for path in sorted((write(marking, tmp_path), tmp_path / "feedback")[1].iterdir())
    ]
    assert "Ada-Lovelace_470_" + marking.marked[0].sheet.id + "-feedback.pdf" in names
    assert "王小明_471_" + marking.marked[1].sheet.id + "-feedback.pdf" in names
    unknown = m.marking(m.submission(m.sheet(1), {}, "../Ada"))
    assert list(hand_back.file_names(unknown.marked).values()) == [
        f"feedback/Ada_{m.sheet(1).id}-feedback.pdf"
    ]


def test_own_files_do_not_depend_on_who_is_marked_with_them(tmp_path):
    marking = handed_in([""] * 5)
    write(marking, tmp_path / "all")
    for place in (0, 1):
        alone = replace(marking, marked=(marking.marked[place],))
        write(alone, tmp_path / str(place))
        (path,) = (tmp_path / str(place) / "feedback").iterdir()
        assert path.read_bytes() == (tmp_path / "all" / "feedback" / path.name).read_bytes()


def test_nothing_else_is_left_behind(tmp_path):
    write(handed_in([""] * 5), tmp_path)
    assert not list(tmp_path.rglob(".*"))
