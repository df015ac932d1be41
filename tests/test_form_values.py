"""What was written into a form is read wherever a program keeps it, or told; never marked blank."""

from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pymupdf
import pypdf
import pytest
import whole_run
from every_kind import IN_TURN
from pages import form

from worksheets.exercise import find
from worksheets.ids import Identity
from worksheets.marking.marks import Mark
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import SetAside, Submission
from worksheets.sheet import make
from worksheets.views.names import name_of_cell

pytestmark = [
    pytest.mark.filterwarnings("ignore:This document has"),  # as is wanted
    pytest.mark.usefixtures("pdf_library"),
]
SHEET = make([Identity("MATM", 1, 7)])[0]
OTHER = make([Identity("MATM", 1, 8)])[0]
ANSWERS = {
    name_of_cell(line["name"], row, column): value
    for line in SHEET.key()["lines"]
    if line["role"] == "answer"
    for row, values in enumerate(line["values"])
    for column, value in enumerate(values)
}
FIRST = next(iter(ANSWERS))


@cache
def blank():
    return form(SHEET)


def changed(change, content=None):
    with pikepdf.open(BytesIO(content or blank())) as pdf:
        change(pdf)
        file = BytesIO()
        pdf.save(file)
    return file.getvalue()


def widgets(pdf):
    """The pages' fields for answers, by their names."""
    found = {}
    for page in pdf.pages:
        for one in page.obj.get("/Annots", []):
            name, part = "", one
            while part is not None:
                name = ".".join(filter(None, (str(part.get("/T", "")), name)))
                part = part.get("/Parent")
            if name in ANSWERS:
                found[name] = one
    assert found.keys() == ANSWERS.keys()
    return found


def filled(values, content=None):
    def fill(pdf):
        for name, one in widgets(pdf).items():
            if name in values:
                one.V = pikepdf.String(values[name])

    return changed(fill, content)


def read(content, folder):
    path = Path(folder) / "form.pdf"
    path.write_bytes(content)
    (one,) = read_file(path)
    return one


def texts(one):
    assert isinstance(one, Submission), one
    return {name_of_cell(*cell): entry.text for cell, entry in one.entries.items()}


def reason(one):
    assert isinstance(one, SetAside), one
    return one.reason


def counts(one):
    (marked,) = mark_all([one], Scheme()).marked
    return {mark: count for mark, count in marked.counts.items() if count}


def copied(pdf):
    """Copies of the fields with their groups, as a program leaves them that breaks the links."""
    for page in pdf.pages:
        if "/Annots" in page.obj:
            page.obj.Annots = pikepdf.Array([copy_of(pdf, one) for one in page.obj.Annots])


def copy_of(pdf, field):
    copy = pdf.make_indirect(pikepdf.Dictionary(dict(field.items())))
    if "/Parent" in copy:
        copy.Parent = copy_of(pdf, copy.Parent)
    return copy


def test_a_forms_fields_and_their_copies_on_the_pages_are_read_together(tmp_path):
    def copies_alone(pdf):
        copied(pdf)
        for name, one in widgets(pdf).items():
            one.V = pikepdf.String(ANSWERS[name])

    def unlisted(pdf):
        copied(pdf)
        pdf.Root.AcroForm.Fields = pikepdf.Array([])

    def no_form(pdf):
        copied(pdf)
        del pdf.Root.AcroForm

    right = filled(ANSWERS)
    for content in (changed(copies_alone), changed(unlisted, right), changed(no_form, right)):
        one = read(content, tmp_path)
        assert texts(one) == ANSWERS
        assert one.notes == ()


def test_a_field_and_its_copy_that_say_different_things_are_told(tmp_path):
    def otherwise(pdf):
        copied(pdf)
        widgets(pdf)[FIRST].V = pikepdf.String("99")

    says = reason(read(changed(otherwise, filled(ANSWERS)), tmp_path))
    assert f"cell '{FIRST}' has two values, '{ANSWERS[FIRST]}' and '99'" in says


def test_a_copy_that_is_blank_takes_nothing_away(tmp_path):
    def emptied(pdf):
        copied(pdf)
        for one in widgets(pdf).values():
            one.V = pikepdf.String("")

    assert texts(read(changed(emptied, filled(ANSWERS)), tmp_path)) == ANSWERS


def noted(kind, names, **more):
    def change(pdf):
        found = widgets(pdf)
        for name in names:
            note = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name("/" + kind),
                Rect=found[name].Rect,
                **more,
            )
            page = next(
                page for page in pdf.pages if any(same(one, found[name]) for one in annots(page))
            )
            page.obj.Annots.append(pdf.make_indirect(note))

    return change


def annots(page):
    return page.obj.get("/Annots", [])


def same(one, other):
    return one.objgen == other.objgen


@pytest.mark.parametrize("kind", ["FreeText", "Ink", "Stamp", "Line", "Square", "Text"])
def test_a_form_with_notes_over_empty_fields_is_not_taken_for_a_blank_one(kind, tmp_path):
    assert isinstance(read(blank(), tmp_path), Submission)
    says = reason(read(changed(noted(kind, ANSWERS)), tmp_path))
    assert f"the pages show something over {len(ANSWERS)}" in says
    says = reason(read(changed(noted(kind, [FIRST])), tmp_path))
    assert "the pages show something over 1" in says


@pytest.mark.parametrize(("kind", "more"), [("Link", {}), ("Popup", {}), ("Ink", {"F": 2})])
def test_what_is_no_note_or_not_seen_is_passed_over(kind, more, tmp_path):
    one = read(changed(noted(kind, [FIRST], **more)), tmp_path)
    assert texts(one) == {}
    assert one.notes == ()


def test_a_drawing_beside_the_fields_of_an_empty_form_is_told(tmp_path):
    def aside(pdf):
        note = pikepdf.Dictionary(Subtype=pikepdf.Name.Ink, Rect=[10, 10, 20, 20])
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))

    assert "a note or a drawing lies on the pages" in reason(read(changed(aside), tmp_path))
    some = read(changed(aside, filled({FIRST: "1"})), tmp_path)
    assert texts(some) == {FIRST: "1"}


def test_cells_under_notes_could_not_be_read_where_others_are_filled_in(tmp_path):
    under = [name for name in ANSWERS if name != FIRST][:3]
    change = noted("FreeText", [FIRST, *under], Contents="7")
    one = read(changed(change, filled({FIRST: ANSWERS[FIRST]})), tmp_path)
    assert texts(one) == {FIRST: ANSWERS[FIRST], **dict.fromkeys(under, "7")}
    assert "3 cells have an empty field under what the page shows" in one.notes[0]
    rest = len(ANSWERS) - 4
    assert counts(one) == {Mark.RIGHT: 1, Mark.UNREADABLE: 3, Mark.BLANK: rest}


def middle(pdf, name):
    left, low, right, high = map(float, widgets(pdf)[name].Rect)
    return (left + right) / 2, (low + high) / 2


def stamped_text(pdf):
    """Text that a program draws into the page, in a form XObject of its own."""
    x, y = middle(pdf, FIRST)
    text = f"BT /F 12 Tf {x:.1f} {y - 4:.1f} Td (5) Tj ET".encode()
    stamp(pdf, text)


def stamped_strokes(pdf):
    x, y = middle(pdf, FIRST)
    stamp(pdf, f"{x} {y} m {x + 2} {y + 3} l {x + 3} {y} 4 4 {x} {y} c S".encode())


def stamp(pdf, drawing):
    helvetica = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    box = [Decimal(0), Decimal(0), Decimal(600), Decimal(850)]
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica))
    form = pdf.make_stream(
        drawing,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=box,
        Resources=resources,
    )
    page = pdf.pages[0]
    page.contents_add(b"q", prepend=True)
    name = page.add_resource(form, pikepdf.Name.XObject)
    page.contents_add(b"Q q " + str(name).encode() + b" Do Q")


def appearance_alone(pdf):
    """The field looks filled in, and has no value."""
    widgets(pdf)[FIRST].AP.N.write(b"/Tx BMC q BT /Sans 12 Tf 2 4 Td (5) Tj ET Q EMC")


@pytest.mark.parametrize("change", [stamped_text, stamped_strokes, appearance_alone])
def test_a_page_that_shows_more_than_the_blank_is_told(change, tmp_path):
    assert "the pages show something over 1 of them" in reason(read(changed(change), tmp_path))
    last = list(ANSWERS)[-1]
    one = read(changed(change, filled({last: ANSWERS[last]})), tmp_path)
    rest = len(ANSWERS) - 2
    assert counts(one) == {Mark.RIGHT: 1, Mark.UNREADABLE: 1, Mark.BLANK: rest}


def test_other_programs_write_over_the_page_too(tmp_path):
    with pymupdf.open("pdf", blank()) as pdf:
        box = next(one for one in pdf[0].widgets() if one.field_name == FIRST).rect
        pdf[0].insert_text((box.x0 + 4, box.y1 - 5), "5")
        assert "over 1 of them" in reason(read(pdf.tobytes(), tmp_path))
    with pymupdf.open("pdf", blank()) as pdf:
        picture = pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 100, 140), 0)
        picture.clear_with(255)
        pdf[0].insert_image(pdf[0].rect, pixmap=picture)  # the page as a scanner sees it
        says = reason(read(pdf.tobytes(), tmp_path))
        assert f"over {len(ANSWERS)} of them" in says


@pytest.mark.slow
@IN_TURN
def test_a_blank_form_shows_nothing_over_its_fields(kind, level, tmp_path):
    large = bool((whole_run.seed() + level + len(kind)) % 2)
    sheet = make([Identity(find(kind).CODE, level, 3)])[0]
    one = read(form(sheet, paper="letter" if large else "a4", large_print=large), tmp_path)
    assert texts(one) == {}
    assert one.notes == ()


def test_a_signature_is_no_answer(tmp_path):
    def signed(pdf):
        sealed = pikepdf.Dictionary(Type=pikepdf.Name.Sig, Contents=b"\0" * 20)
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                T="Signature1",
                FT=pikepdf.Name.Sig,
                V=pdf.make_indirect(sealed),
                Subtype=pikepdf.Name.Widget,
                Rect=[0, 0, 0, 0],
            )
        )
        pdf.Root.AcroForm.Fields.append(field)
        pdf.pages[0].obj.Annots.append(field)

    assert texts(read(changed(signed, filled(ANSWERS)), tmp_path)) == ANSWERS


def test_several_sheets_in_one_pdf_are_named(tmp_path):
    ours, theirs = filled(ANSWERS), form(OTHER)
    writer = pypdf.PdfWriter()
    writer.append(BytesIO(ours))
    writer.append(BytesIO(theirs))
    file = BytesIO()
    writer.write(file)
    with pymupdf.open("pdf", ours) as joined, pymupdf.open("pdf", theirs) as more:
        joined.insert_pdf(more)
        for content in (file.getvalue(), joined.tobytes()):
            says = reason(read(content, tmp_path))
            assert "2 sheets’ forms are in one PDF" in says
            assert SHEET.id in says
            assert OTHER.id in says


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n', b"\r\n--x--\r\n"),
        (b"", b"\0" * 5000),
        (b"\n" * 40, b"\n<script>x</script>" * 200),
    ],
)
def test_bytes_around_a_pdf_do_no_harm(before, after, tmp_path):
    assert texts(read(before + filled(ANSWERS) + after, tmp_path)) == ANSWERS


def test_a_damaged_pdf_says_nothing_of_the_program(tmp_path):
    whole = filled(ANSWERS)
    says = reason(read(whole[: len(whole) // 2], tmp_path))
    assert "0x" not in says
    assert "BytesIO" not in says


PIECES = (
    *(b"/V", b"/Kids", b"/Parent", b"/Rect", b"/AP", b"/Annots", b"/Contents", b"/Subtype"),
    *(b"/Matrix", b"/XObject", b"0 R", b"[", b"]", b"<<", b">>", b"null", b"-1", b"Tj", b"cm"),
    *(b"Do", b"re", b"q", b"Q", b"99999999999999999999"),
)


def plain(content):
    """The same PDF with all its objects and streams as plain text."""
    with pikepdf.open(BytesIO(content)) as pdf:
        file = BytesIO()
        pdf.save(
            file,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
        )
    return file.getvalue()


def damaged(content, draw):
    """Some of its names, numbers and operators for others, at as many bytes."""
    result = bytearray(content)
    for _ in range(draw.choice((1, 2, 4, 8))):
        piece = draw.choice(PIECES)
        at = result.find(piece, draw.randrange(len(result)))
        if at >= 0:
            other = draw.choice(PIECES)[: len(piece)]
            result[at : at + len(piece)] = other.ljust(len(piece))
        result[draw.randrange(len(result))] = draw.choice(b"0123456789 /()<>[]RqQ")
    return bytes(result)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "count"), [(0, 200), (3280, 1), pytest.param(200, 5000, marks=pytest.mark.sweep)]
)
def test_a_damaged_form_is_read_or_set_aside(first, count, tmp_path):
    forms = [
        plain(one)
        for one in (
            filled(ANSWERS),
            changed(noted("FreeText", list(ANSWERS)[:4], Contents="7"), filled({FIRST: "1"})),
            changed(stamped_text),
        )
    ]
    for seed in range(first, first + count):
        draw = Random(seed)
        one = read(damaged(draw.choice(forms), draw), tmp_path)
        assert isinstance(one, Submission | SetAside), seed
