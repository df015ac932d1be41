"""The fillable PDF: other programs type into it, and what they save is read back to the letter."""

from collections import defaultdict
from functools import cache
from io import BytesIO
from itertools import islice, product

import chromium
import numpy as np
import page as page_validation
import pages
import pikepdf
import pypdfium2
import pytest
import whole_run
from file_names import sheet_id
from pypdf import PdfReader, PdfWriter
from pypdfium2 import raw

from worksheets.cli import main
from worksheets.exports.fillable import fillable
from worksheets.layouts.specification import Specification
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.submission import Submission
from worksheets.sheet import make, read_id

pytestmark = pytest.mark.slow  # dozens of PDFs
FOR_READERS = 2  # pt: labels for a screen reader alone
LEVELS = pytest.mark.parametrize("level", [1, 2, 3])
TYPED = ["-3", "0,75", " 3/4 ", "−2", "75 %", "them", "x y", "(1)", "\\", "½"]


@cache
def form(level, paper="a4", *, large=False):
    return pages.form(pages.sheet(level), paper=paper, large_print=large)


def cells(level):
    """The answer cells as their names are declared to be, in the order of the key."""
    return [
        f"{line['name']}.r{row + 1}.c{column + 1}"
        for line in pages.sheet(level).key()["lines"]
        if line["role"] == "answer"
        for row, column in np.ndindex(len(line["values"]), len(line["values"][0]))
    ]


def typed(level):
    """Something for every cell, as people type."""
    return {name: TYPED[place % len(TYPED)] for place, name in enumerate(cells(level))}


def read_back(content, folder):
    path = folder / "handed in"
    path.write_bytes(content)
    (one,) = read_file(path)
    assert isinstance(one, Submission), one.reason
    return one, {
        f"{line}.r{row + 1}.c{column + 1}": entry.text
        for (line, row, column), entry in one.entries.items()
    }


# The fields of each level's questions.
WRITTEN = {
    level: [f"written{number + 1}" for number in range(count)]
    for level, count in {1: 2, 2: 3, 3: 4}.items()
}


def widgets(document):
    """Every field's whole name and widget, page by page, in the order of the annotations."""
    for page in document.pages:
        for widget in page.get("/Annots", []):  # a page that pads has none
            name, one = "", widget
            while one is not None:
                name = ".".join(filter(None, (str(one.get("/T", "")), name)))
                one = one.get("/Parent")
            yield name, widget


def names_by_page(level):
    with pikepdf.open(BytesIO(form(level))) as document:
        numbers = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        found = [[] for _ in document.pages]
        for name, widget in widgets(document):
            found[numbers[widget.P.objgen]].append(name)
    return found


@LEVELS
def test_there_is_a_field_for_every_answer_cell_in_the_order_of_the_key(level):
    with pikepdf.open(BytesIO(form(level))) as document:
        names = [name for name, _ in widgets(document)]
        people = [name for name in names if name in {"name", "date"}]
        assert len(people) == 2 * (level + 1)  # on every page
        assert [name for name in names if "." in name] == cells(level)
        assert set(names) - set(people) - set(cells(level)) == {"sheet_id", *WRITTEN[level]}
        assert all(page.Tabs == "/S" for page in document.pages)


@LEVELS
def test_a_screen_reader_meets_the_fields_in_the_order_of_the_key(level):
    found = []

    def walk(element):
        if isinstance(element, pikepdf.Array):
            for one in element:
                walk(one)
        elif isinstance(element, pikepdf.Dictionary):
            if element.get("/Type") == "/OBJR":
                found.append((element.Obj.objgen, depth[-1].S))
            elif "/K" in element:
                depth.append(element)
                walk(element.K)
                depth.pop()

    depth = []
    with pikepdf.open(BytesIO(form(level))) as document:
        walk(document.Root.StructTreeRoot.K)
        names = {widget.objgen: name for name, widget in widgets(document)}
        tree = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
        for _, widget in widgets(document):
            if "/StructParent" in widget:
                assert tree[int(widget.StructParent)].K.Obj.objgen == widget.objgen
    assert {kind for _, kind in found} == {"/Form"}
    order = [names[one] for one, _ in found]
    assert [name for name in order if "." in name] == cells(level)
    people = 2 * (level + 1)
    assert len(order) == len(set(found)) == len(cells(level)) + people + len(WRITTEN[level])


@pytest.mark.parametrize(
    ("level", "paper"), whole_run.chosen(2, list(product([1, 2, 3], ["a4", "letter"])))
)
def test_every_field_lies_in_its_cell(level, paper):
    """The solved page, printed independently of the form, has each value inside its field."""
    values = {
        f"{line['name']}.r{row + 1}.c{column + 1}": line["values"][row][column]
        for line in pages.sheet(level).key()["lines"]
        for row, column in np.ndindex(len(line["values"]), len(line["values"][0]))
    }
    printed = defaultdict(list)
    for one in pages.characters(pages.pdf(level, solved=True, paper=paper)):
        if one["size"] > FOR_READERS:
            printed[one["page_number"]].append(one)
    with pikepdf.open(BytesIO(form(level, paper))) as document:
        height = float(document.pages[0].mediabox[3])
        numbers = {page.obj.objgen: number for number, page in enumerate(document.pages, start=1)}
        for name, widget in widgets(document):
            if "." not in name:
                continue
            left, low, right, high = map(float, widget.Rect)
            assert right - left > 8 * 72 / 25.4
            assert high - low > 7 * 72 / 25.4
            inside = "".join(
                one["text"]
                for one in printed[numbers[widget.P.objgen]]
                if left < (one["x0"] + one["x1"]) / 2 < right
                and low < height - (one["top"] + one["bottom"]) / 2 < high
            )
            assert inside.replace("\N{MINUS SIGN}", "-") == values[name], name


@LEVELS
@pytest.mark.parametrize("large", [False, True])
def test_the_form_is_accessible(level, large):
    report = page_validation.validate_pdf_bytes(form(level, large=large), profile="ua1")
    assert report.is_compliant, [(one.rule_id, one.message) for one in report.failures]


def test_the_validator_notices_a_field_that_is_not_tagged():
    with pikepdf.open(BytesIO(form(1))) as document:
        widget = dict(widgets(document))["gap.r1.c1"]
        del widget["/StructParent"]
        changed = BytesIO()
        document.save(changed)
    assert not page_validation.validate_pdf_bytes(changed.getvalue(), profile="ua1").is_compliant


@LEVELS
def test_what_a_field_says_of_itself_is_where_it_stands_and_no_answer(level):
    sheet = pages.sheet(level)
    labels = {
        line["name"]: (line["step"], line["row_labels"], line["column_labels"])
        for line in sheet.key()["lines"]
    }
    with pikepdf.open(BytesIO(form(level))) as document:
        for name, widget in widgets(document):
            if "." not in name:
                assert str(widget.TU) in {
                    "the sheet’s ID", "your name and number", "date", "your answer to the question"
                }  # fmt: skip
                continue
            line, row, column = name.split(".")
            step, rows, columns = labels[line]
            what = f"step {step}, {line.replace('_', ' ')}"
            if len(rows) > 1 or len(columns) > 1:
                what += f", row {rows[int(row[1:]) - 1]}, column {columns[int(column[1:]) - 1]}"
            assert str(widget.TU) == what
            assert not {"/V", "/DV", "/MK", "/AA", "/A"} & set(widget.keys())
            assert widget.AP.N.read_bytes() == b"/Tx BMC\nEMC\n"


@LEVELS
def test_nothing_but_the_words_of_the_page_is_in_the_form(level):
    """Two sheets that differ in their numbers alone have forms that differ in the ID alone."""
    forms = []
    for number in (1, 9):
        sheet = pages.sheet(level, number, "published")  # of the same words
        content = pages.form(sheet)
        with pikepdf.open(BytesIO(content)) as document:
            forms.append(
                [
                    (name, str(one.TU), [float(x) for x in one.Rect], one.AP.N.read_bytes())
                    for name, one in widgets(document)
                ]
            )
            assert str(dict(widgets(document))["sheet_id"].V) == sheet.id
            names = document.Root.get("/Names", pikepdf.Dictionary())
            assert not {"/JavaScript", "/EmbeddedFiles"} & set(names.keys())
            assert "/OpenAction" not in document.Root
    assert forms[0] == forms[1]


@LEVELS
def test_the_page_under_the_form_is_the_blank_one(level):
    with (
        pypdfium2.PdfDocument(form(level)) as filled,
        pypdfium2.PdfDocument(pages.pdf(level, solved=False)) as blank,
    ):
        for one, other in zip(filled, blank, strict=True):
            pictures = [page.render(may_draw_forms=False).to_numpy() for page in (one, other)]
            assert np.abs(np.subtract(*pictures, dtype=np.int16)).max() <= 2


def test_the_same_bytes_each_time():
    assert pages.form(pages.sheet(2)) == form(2)


def test_the_font_of_the_form_is_embedded_and_as_wide_as_it_says():
    with pikepdf.open(BytesIO(form(1))) as document:
        font = document.Root.AcroForm.DR.Font.Sans
        assert len(font.FontDescriptor.FontFile2.read_bytes()) > 10_000
        widths = [int(width) for width in font.Widths]
    digits = widths[ord("0") - 32 : ord("9") - 32 + 1]
    assert len(set(digits)) == 1  # tabular
    assert digits[0] == pytest.approx(580, abs=30)


@LEVELS
def test_pypdf_fills_it(level, tmp_path):
    writer = PdfWriter(clone_from=BytesIO(form(level)))
    values = typed(level)
    for page in writer.pages:
        writer.update_page_form_field_values(
            page, values | {"name": "Émile Noether"}, auto_regenerate=False
        )
    file = BytesIO()
    writer.write(file)
    one, texts = read_back(file.getvalue(), tmp_path)
    assert texts == values
    assert (one.id, one.student) == (pages.sheet(level).id, "Émile Noether")
    assert one.entries["gap", 0, 0].where == "page 1"
    fields = PdfReader(file).get_fields()
    assert fields["sheet_id"].flags & 1  # read-only


@LEVELS
def test_pdfium_is_typed_into(level, tmp_path):
    """As in Chromium's viewer: click into a page's first field, type, go on with the Tab key."""
    values = {name: text.strip() for name, text in typed(level).items()}
    values |= {name: "-1" for name, text in values.items() if not text.isascii()}
    tab = 9
    with pikepdf.open(BytesIO(form(level))) as layout:
        firsts = {}
        for name, widget in widgets(layout):
            if name == "name":
                left, low, right, high = map(float, widget.Rect)
                firsts[widget.P.objgen] = ((left + right) / 2, (low + high) / 2)
    fields = iter(values.items())
    on_page = [sum(name in values for name in names) for names in names_by_page(level)]
    with pypdfium2.PdfDocument(form(level)) as document:
        document.init_forms()
        for page, place, count in zip(document, firsts.values(), on_page, strict=True):
            raw.FORM_OnMouseMove(document.formenv, page, 0, *place)
            raw.FORM_OnLButtonDown(document.formenv, page, 0, *place)
            raw.FORM_OnLButtonUp(document.formenv, page, 0, *place)
            raw.FORM_OnKeyDown(document.formenv, page, tab, 0)  # to the date
            for name, text in islice(fields, count):
                raw.FORM_OnKeyDown(document.formenv, page, tab, 0)
                for sign in text:
                    assert raw.FORM_OnChar(document.formenv, page, ord(sign), 0), (name, text)
            raw.FORM_ForceToKillFocus(document.formenv)
        file = BytesIO()
        document.save(file)
    _, texts = read_back(file.getvalue(), tmp_path)
    assert texts == values


@pytest.mark.skipif(chromium.PROGRAM is None, reason="there is no Chromium: make viewers")
def test_a_browsers_viewer_is_typed_into(tmp_path):
    path = tmp_path / "form.pdf"
    path.write_bytes(form(1))
    values = {name: f"{place % 19 - 9}" for place, name in enumerate(cells(1))}
    values |= {"gap.r1.c1": "0,75", "next_words.r1.c3": "them", "loss.r1.c1": "−3/4"}
    first, second = names_by_page(1)
    more = {"name": "Ada L.", "date": "1.2.", "written1": "Both begin", "written2": "By words"}
    texts = [more.get(name) or values[name] for name in first[1:]]
    # The name stands there already.
    texts += ["", "", *(more.get(name) or values[name] for name in second[2:])]
    with pikepdf.open(path) as document:
        left, low, right, high = map(float, dict(widgets(document))["name"].Rect)
        _, _, width, height = map(float, document.pages[0].mediabox)
    place = (left + right) / 2 / width, 1 - (low + high) / 2 / height
    saved = chromium.typed(path, place, texts, tmp_path / "profile")
    one, read = read_back(saved, tmp_path)
    assert read == values
    assert (one.student, one.written) == ("Ada L.", ("Both begin", "By words"))


def test_large_print_has_its_form_too(tmp_path):
    writer = PdfWriter(clone_from=BytesIO(form(1, large=True)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, {"gap.r1.c1": "2"}, auto_regenerate=False)
    file = BytesIO()
    writer.write(file)
    assert read_back(file.getvalue(), tmp_path)[1] == {"gap.r1.c1": "2"}


# Many at once


@pytest.fixture(scope="module")
def of_a_class(tmp_path_factory):
    """A class's single files, made twice; some names need another font."""
    folder = tmp_path_factory.mktemp("class")
    names = ["Ada", "学生", "Грейс", "Emmy"]
    rows = [f"s{place},{names[place % 4]} {place}" for place in range(8)]
    (folder / "roster.csv").write_text("\n".join(["id,name", *rows]), "utf-8")
    for name in ("one", "two"):
        with pytest.raises(SystemExit) as done:
            main(
                f"class rlhf {folder / 'roster.csv'} --set x --level 2 --single --fillable "
                f"--output {folder / name} --workers 1".split()
            )
        assert not done.value.code
    return [folder / name / "forms" for name in ("one", "two")]


def test_forms_of_a_class_are_the_blank_sheets_with_the_form_of_one(of_a_class, tmp_path):
    forms = sorted(of_a_class[0].glob("*-fillable.pdf"))
    assert len(forms) == 8
    for path in forms:
        assert path.read_bytes() == (of_a_class[1] / path.name).read_bytes()
        blank = path.with_name(path.name.replace("fillable", "blank")).read_bytes()
        assert path.read_bytes().startswith(blank)
        (sheet,) = make([read_id(sheet_id(path))])
        facts = []
        layout = Specification("rlhf", 2, solved=False).layout()
        for content in (path.read_bytes(), fillable(sheet, blank, layout)):
            with pikepdf.open(BytesIO(content), attempt_recovery=False) as document:
                assert document.check_pdf_syntax() == []
                facts.append(
                    [
                        (name, str(one.TU), list(map(float, one.Rect)), one.get("/V"))
                        for name, one in widgets(document)
                    ]
                )
        assert [one[:3] for one in facts[0]] == [one[:3] for one in facts[1]]
        one, texts = read_back(path.read_bytes(), tmp_path)
        assert (one.id, texts) == (sheet.id, {})


def test_forms_of_a_class_are_accessible_and_can_be_filled(of_a_class, tmp_path):
    for path in sorted(of_a_class[0].glob("*-fillable.pdf"))[:4]:
        report = page_validation.validate_pdf_bytes(path.read_bytes(), profile="ua1")
        assert report.is_compliant, [(one.rule_id, one.message) for one in report.failures]
        writer = PdfWriter(clone_from=path)
        for page in writer.pages[:3]:
            writer.update_page_form_field_values(page, typed(2), auto_regenerate=False)
        file = BytesIO()
        writer.write(file)
        assert read_back(file.getvalue(), tmp_path)[1] == typed(2)


def test_forms_are_files_of_their_own(tmp_path, capsys):
    (tmp_path / "roster.csv").write_text("id,name\ns1,Ada\n", "utf-8")
    with pytest.raises(SystemExit) as done:
        main(["class", "rlhf", str(tmp_path / "roster.csv"), "--set", "x", "--fillable"])
    assert done.value.code == 2
    assert "--fillable goes with --single" in capsys.readouterr().err
