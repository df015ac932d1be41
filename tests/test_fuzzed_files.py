"""Forms and answer sheets with faults: read or set aside, and nobody else's marks change."""

import re
import zipfile
from functools import cache
from io import BytesIO
from random import Random

import openpyxl
import pikepdf
import pytest
import whole_run
from mutations import MANY, TOKENS, mutated
from openpyxl.utils import range_boundaries
from pages import form

from worksheets.exports.answer_sheet import answer_sheet
from worksheets.ids import Identity
from worksheets.marking.marks import Mark
from worksheets.marking.reading import read
from worksheets.marking.reading.limits import Limits
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme
from worksheets.marking.submission import SetAside
from worksheets.sheet import make
from worksheets.views.names import name_of_cell

pytestmark = pytest.mark.slow
ADA, BOB = make([Identity("MATM", 1, number) for number in (7, 8)])
ANSWERS = {
    name_of_cell(line.name, row, column): text
    for line in ADA.graph.answers
    for row, texts in enumerate(ADA.values[line.name])
    for column, text in enumerate(texts)
}
PDF_TOKENS = (
    b"<<", b">>", b"[", b"]", b"(", b")", b"endobj", b"stream", b"endstream", b"xref", b"trailer",
    b"startxref", b"%%EOF", b"/Kids", b"/Parent", b"/V", b"/T", b"/FT/Tx", b"/FT/Btn", b"/Fields",
    b"/Annots", b"/Filter/FlateDecode", b"/Length 99999999", b"/Type/ObjStm", b"/Encrypt 5 0 R",
    b"1 0 R", b"9 0 R", b"R", b"obj", b"/Size 1", b"/Prev 0", b"/W[9 9 9]", b"null", b"-1",
)  # fmt: skip
XML_TOKENS = (
    b"<", b">", b"</", b"/>", b"&", b"&amp;", b"&#0;", b"&x;", b"<!DOCTYPE a [", b"]]>",
    b"<![CDATA[", b"<!ENTITY x 'y'>", b't="s"', b't="str"', b"<f>1+1</f>", b"<v>9</v>",
    b'r="XFD1048576"',
    b"<is><t>", b'ref="A1:XFD9"', b"sheet_id", b"'1 ", b"!$A$1", b"#REF!", b"999999999999",
)  # fmt: skip
# What Python or a library says of itself stands in no reason.
FOREIGN = re.compile(r"0x[0-9a-f]{4}|Traceback|object at|\bobjects?\.|\w+Error\b|<class")


@cache
def filled_form():
    with pikepdf.open(BytesIO(form(ADA))) as pdf:
        for page in pdf.pages:
            for one in page.obj.get("/Annots", []):
                name, part = "", one
                while part is not None:
                    name = ".".join(filter(None, (str(part.get("/T", "")), name)))
                    part = part.get("/Parent")
                if name in ANSWERS:
                    one.V = pikepdf.String(ANSWERS[name])
        packed, plain = BytesIO(), BytesIO()
        pdf.save(packed)
        pdf.save(
            plain,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return packed.getvalue(), plain.getvalue()


@cache
def filled_workbook():
    book = openpyxl.load_workbook(BytesIO(answer_sheet(ADA)))
    for line in ADA.graph.answers:
        title, corners = book.defined_names[line.name].attr_text.rsplit("!", 1)
        left, top, _, _ = range_boundaries(corners)
        for row, texts in enumerate(ADA.values[line.name]):
            for column, text in enumerate(texts):
                book[title.strip("'")].cell(top + row, left + column).value = text
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def mutated_form(random):
    """Bytes of a form, of which most are compressed, or of one in which all can be read.

    A third has one change alone, so that enough of them are still read.
    """
    packed, plain = filled_form()
    some = random.choice((packed, plain, plain))
    return mutated(some, random, TOKENS + PDF_TOKENS, most=random.choice((1, 6, 6)))


def mutated_workbook(random):
    """Bytes of the archive, or of one of the files in it."""
    data = filled_workbook()
    if not random.randrange(4):
        return mutated(data, random)
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        victim = random.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == victim:
                content = mutated(content, random, TOKENS + XML_TOKENS)
            new.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("make_file", [mutated_form, mutated_workbook])
def test_what_is_damaged_is_read_or_set_aside_and_changes_nobody_elses_marks(tmp_path, make_file):
    register = {
        one.id: RegisteredStudent(place, f"s{place}", f"Student {place}", "7a")
        for place, one in enumerate((ADA, BOB))
    }
    random, folder = Random(whole_run.seed()), tmp_path / "in"
    folder.mkdir()
    for place in range(MANY):
        (folder / f"{place:04}.bin").write_bytes(make_file(random))
    theirs = {
        "bob.xlsx": answer_sheet(BOB, student="Bob"),
        "whole.pdf": filled_form()[0],
        "whole.xlsx": filled_workbook(),
    }
    for name, content in theirs.items():
        (tmp_path / name).write_bytes(content)
    (bob,) = read([tmp_path / "bob.xlsx"])
    alone = mark_all([bob], Scheme(), register).marked
    for name in ("whole.pdf", "whole.xlsx"):  # what is mutated is right as it is
        (whole,) = mark_all(read([tmp_path / name]), Scheme(), register).marked
        assert whole.counts[Mark.RIGHT] == len(ANSWERS) == len(whole.cells)

    found = list(read([folder, tmp_path / "bob.xlsx"], Limits(seconds=10)))
    assert len(found) == MANY + 1
    aside = [one for one in found if isinstance(one, SetAside)]
    for one in aside:
        assert one.reason, one
        assert not FOREIGN.search(one.reason), one
    # Of the same sheet many count as handed in again and again: each is judged by itself.
    for one in found[:-1]:
        marking = mark_all([one, found[-1]], Scheme(), register)
        assert marking.read == 2
        assert marking.marked[-1] == alone[0], one
    assert min(len(aside), len(found) - len(aside)) > MANY // 20
