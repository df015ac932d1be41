"""What is handed in is read to the letter or set aside in words; no file harms or is lost."""

import csv
import json
import os
import random
import socket
import subprocess
import sys
import threading
import zipfile
import zlib
from io import BytesIO, StringIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

import worksheets as ws
from worksheets.errors import InputError
from worksheets.ids import Identity
from worksheets.marking.reading import one_file, read, reader
from worksheets.marking.reading.limits import Limits
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.seal import sealed
from worksheets.marking.submission import SetAside, Submission
from worksheets.sheet import make

SHEET = make([Identity("RLHF", 1, 7)])[0]
ID = SHEET.id
OTHER = Identity("RLHF", 3, 8).text
ANSWERS = {
    (line["name"], row, column): value
    for line in SHEET.key()["lines"]
    if line["role"] == "answer"
    for row, values in enumerate(line["values"])
    for column, value in enumerate(values)
}
TYPED = ["-3", "0,75", "3/4", "−2", "75 %", "", "  ", "them", 'a "b"', "٣", "１", "½"]


def name_of(cell):
    line, row, column = cell
    return f"{line}.r{row + 1}.c{column + 1}"


def some_answers(seed=0):
    """Cells as somebody typed them, by their names in files."""
    draw = random.Random(seed)
    return {name_of(cell): draw.choice(TYPED) for cell in ANSWERS}


def written(values):
    return {name: text for name, text in values.items() if text.strip()}


def found_in(one):
    return {name_of(cell): entry.text for cell, entry in one.entries.items()}


def file_of(folder, content, name="file"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def only(path):
    (one,) = read_file(path)
    return one


def taken(folder, content):
    found = read_file(file_of(folder, content))
    assert all(isinstance(one, Submission) for one in found), found
    return found


def refused(folder, content):
    one = only(file_of(folder, content))
    assert isinstance(one, SetAside), one
    return one.reason


def table(rows, delimiter=","):
    file = StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


# Texts


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_wide_csv_has_a_row_for_each_student(delimiter, encoding, tmp_path):
    rows = [some_answers(seed) for seed in range(5)]
    head = ["ID", "Name", *(name.upper() for name in rows[0])]
    body = [[ID.lower(), f"Student {n}", *row.values()] for n, row in enumerate(rows)]
    found = taken(tmp_path, table([head, *body], delimiter).encode(encoding))
    assert [found_in(one) for one in found] == [written(row) for row in rows]
    assert [one.student for one in found] == [f"Student {n}" for n in range(5)]
    assert [one.id for one in found] == [ID.lower()] * 5
    assert found[1].source == f"{tmp_path / 'file'}, row 3"
    assert {entry.where for entry in found[1].entries.values()} == {"row 3"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_long_csv_has_a_row_for_each_cell_in_any_order(delimiter, tmp_path):
    sheets = {f"Student {seed}": some_answers(seed) for seed in range(3)}
    rows = [
        [text, name.split(".")[1][1:], ID, name.split(".")[0], name.split(".")[2][1:], who]
        for who, values in sheets.items()
        for name, text in values.items()
    ]
    random.Random(1).shuffle(rows)
    head = ["value", "row", "id", "line", "column", "student"]
    found = taken(tmp_path, table([head, *rows], delimiter))
    assert {one.student: found_in(one) for one in found} == {
        who: written(values) for who, values in sheets.items()
    }


def test_lines_may_be_called_as_the_page_calls_them(tmp_path):
    written = {"loser_features.r1.c2": "3", "gap.r1.c1": "2"}
    rows = f"id,line,row,column,value\n{ID},Loser  features,1, 2,3\n{ID},Gap,1,1,2\n"
    for text in (f"id,Loser features.r1.c2,GAP.R1.C1\n{ID},3,2\n", rows):
        assert found_in(*taken(tmp_path, text)) == written
    cells = {"loser features.r1.c2": 3, "gap.r1.c1": "2", "Gap.r1.c1": "2 "}
    assert found_in(*taken(tmp_path, json.dumps({"id": ID, "cells": cells}))) == written


@pytest.mark.parametrize("forged", [{}, {"seal": "0" * 64}, {"seal": 7}, {"seal": "é"}])
def test_a_file_that_is_handed_in_claims_nothing_of_itself(tmp_path, forged):
    """What `enter` wrote does, as long as nobody changes anything in it."""
    content = {"id": ID, "cells": {"gap.r1.c1": "2"}, "taken_as_right": ["scores"], "fade": ""}
    (one,) = taken(tmp_path, json.dumps(sealed(content)))
    assert (one.taken_as_right, one.sealed, one.notes) == (frozenset({"scores"}), True, ())
    changed = [content | forged, sealed(content) | {"taken_as_right": ["scores", "gap"]}]
    for other in (*changed, sealed(content) | {"cells": {}}):
        (one,) = taken(tmp_path, json.dumps(other))
        assert (one.taken_as_right, one.sealed) == (frozenset(), False)
        assert one.notes


def test_an_unknown_line_of_what_was_entered_is_named(tmp_path):
    content = sealed({"id": ID, "cells": {}, "taken_as_right": ["gab"]})
    assert "line 'gab' is unknown; the nearest is gap" in refused(tmp_path, json.dumps(content))


def test_the_reason_does_not_name_the_file_again(tmp_path):
    assert refused(tmp_path, b"id,gap.r1.c1\n\xff\xfe\xfd").startswith("line 2: not UTF-8")


def test_json_is_an_object_a_list_or_one_after_another(tmp_path):
    rows = [some_answers(seed) for seed in range(3)]
    objects = [
        sealed({"id": ID, "student": f"S{place}", "cells": row, "taken_as_right": ["gap"]})
        for place, row in enumerate(rows)
    ]
    lines = "\n".join(map(json.dumps, objects))
    for text in (json.dumps(objects), json.dumps(objects, indent=2), lines):
        found = taken(tmp_path, text)
        assert [found_in(one) for one in found] == [written(row) for row in rows]
        assert [one.student for one in found] == ["S0", "S1", "S2"]
        assert {one.taken_as_right for one in found} == {frozenset({"gap"})}
    (one,) = taken(tmp_path, json.dumps(objects[0]))
    assert one.source == str(tmp_path / "file")


def test_json_may_have_the_lines_of_a_key_and_numbers_as_they_are_written(tmp_path):
    lines = [
        {"name": line["name"], "values": line["values"], "role": line["role"]}
        for line in SHEET.key()["lines"]
    ]
    (one,) = taken(tmp_path, json.dumps({"id": ID, "lines": lines}))
    assert {cell: entry.text for cell, entry in one.entries.items()} == ANSWERS
    content = f'{{"id": "{ID}", "cells": {{"gap.r1.c1": 2.50, "prediction.r1.c1": null}}}}'
    (one,) = taken(tmp_path, content)
    assert found_in(one) == {"gap.r1.c1": "2.50"}


def test_the_key_itself_is_not_taken_for_somebodys_work(tmp_path):
    assert refused(tmp_path, json.dumps(SHEET.key())).startswith("this is the key of a sheet")


def test_the_time_of_a_submission_is_its_files(tmp_path):
    path = file_of(tmp_path, json.dumps({"id": ID, "cells": {}}))
    os.utime(path, ns=(1, 1_700_000_000_123_456_789))
    assert only(path).modified == 1_700_000_000_123_456_789


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"loser_featuers.r1.c2": "1"}, "'loser_featuers.r1.c2' is unknown; the nearest is loser_"),
        ({"loser_features.r9.c2": "1"}, "'loser_features.r9.c2' is unknown; the nearest is loser_"),
        ({"gap": "1"}, "cell 'gap' is unknown; the nearest is gap.r1.c1"),
        ({"gap.r0.c1": "1"}, "the nearest is gap.r1.c1"),
        ({"Gap.r1.c1": "1", "gap.r1.c1": "2"}, "'gap.r1.c1' has two values, '1' and '2'"),
        ({"gap.r1.c1": " 1", "gap.r1.C1 ": "-1"}, "has two values, ' 1' and '-1'"),
        ({"gap.r1.c1": True}, "true or false is neither a text nor a number"),
        ({"gap.r1.c1": [1]}, "a list is neither a text nor a number"),
        ({"gap.r1.c1": {"a": 1}}, "an object is neither a text nor a number"),
        ([1], '"cells" is no object'),
    ],
)
def test_an_unknown_cell_in_json_is_refused_with_the_nearest_right_one(cells, says, tmp_path):
    good = {"id": ID, "cells": {"gap.r1.c1": "2"}}
    path = file_of(tmp_path, json.dumps([good, {"id": ID, "cells": cells}, good]))
    first, bad, last = read_file(path)
    assert says in bad.reason
    assert bad.source == f"{path}, object 2"
    assert found_in(first) == found_in(last) == {"gap.r1.c1": "2"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        (" \n\ufeff", "the file is empty"),
        ("{", "line 1, column 2: this is no JSON"),
        ('{"id": 1}\n{]', "line 2, column 2: this is no JSON"),
        ("[]", "the list is empty"),
        ("[1]", "'1' is no object"),
        ("{}", 'neither "cells" nor "lines"'),
        (f'{{"id": "{ID}", "lines": 3}}', '"lines" is no list'),
        (f'{{"id": "{ID}", "lines": [{{"name": "gap"}}]}}', 'number 1: it has no "name"'),
        (f'{{"id": "{ID}", "lines": [{{"name": "gap", "values": [1]}}]}}', "no list of rows"),
        (f'{{"id": "{ID}", "cells": {{}}, "taken_as_right": "gap"}}', "no list of lines"),
        ('{"cells": {"gap.r1.c1": 1, "gap.r1.c1": 2}}', "'gap.r1.c1' stands twice"),
        ('{"id": {"a": 1}, "cells": {}}', "id: an object is neither a text nor a number"),
        ("id,gap.r1.c1\n", "row 1: this is the only row"),
        ("name,gap.r1.c1\na,2\n", "row 1: there is no heading “id”"),
        (f"id,gap.r1.c1,gap.r1.c1\n{ID},2,2\n", "the heading 'gap.r1.c1' stands twice"),
        (f"id,gapp.r1.c1\n{ID},2\n", "'gapp.r1.c1' is unknown; the nearest cell is gap.r1.c1"),
        (f"id,loser features\n{ID},2\n", "'loser features' is unknown; the nearest cell is loser_"),
        (f"id,gap.r1.c1\n{ID},2,3\n", "row 2: '3' stands under no heading"),
        (f"id,trained_gap.r1.c1\n{ID},2\n", "row 2: cell 'trained_gap.r1.c1' is unknown; the"),
        (f"id,line,row,column,value\n{ID},gap,2,1,5\n", "row 2: cell 'gap.r2.c1' is unknown"),
        (
            f"id,line,row,column,value\n{ID},gap,1,1,5\n{ID},gap,1,1,6\n",
            "row 3: cell 'gap.r1.c1' has two values, '5' and '6'",
        ),
        ('id,gap.r1.c1\n"a,1\n', "quotes open on line 2 and do not close"),
        ("%PDF-1.7\nrubbish", "the PDF is damaged or not complete"),
        ("PK\x03\x04rubbish", "this is not a whole XLSX workbook"),
        (b"\x89PNG\r\n\x1a\n....", "this is a picture; fillable PDFs, XLSX"),
        (b"<html><body>", "this is a web page"),
        (b"\0\0\0\x18ftypheic\0\0", "this is a picture or a film"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "an old .xls workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"id,gap.r1.c1\n\xff\xfe\xfd", "not UTF-8"),
        (b"id,gap\0.r1.c1\nx,2\n", "NUL"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_the_reason(text, says, tmp_path):
    assert says in refused(tmp_path, text)


def test_a_wrong_id_is_handed_on_as_typed_for_marking_to_judge(tmp_path):
    (one,) = taken(tmp_path, '{"id": "RLHF-1F10E-0001-X", "cells": {"gap.r1.c1": "2"}}')
    assert one.id == "RLHF-1F10E-0001-X"
    (one,) = taken(tmp_path, '{"cells": {"gap.r1.c1": "2"}}')
    assert one.id == ""


def test_control_characters_and_endless_answers_do_no_harm(tmp_path):
    cells = {"gap.r1.c1": "1\x00\x1b[2J", "prediction.r1.c1": "7" * 100_000}
    content = {"id": ID, "student": "A\nB\x07" + "c" * 9999, "cells": cells}
    (one,) = taken(tmp_path, json.dumps(content))
    assert found_in(one)["gap.r1.c1"] == "1��[2J"
    assert found_in(one)["prediction.r1.c1"] == "7" * 200 + "…"
    assert one.student.startswith("A B�c")
    assert len(one.student) <= 201


@pytest.mark.slow
@settings(max_examples=300)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
def test_any_bytes_are_a_submission_or_set_aside(tmp_path_factory, content):
    path = file_of(tmp_path_factory.getbasetemp(), content, "any")
    found = read_file(path)
    assert found
    assert all(isinstance(one, Submission | SetAside) for one in found)


@pytest.mark.slow
@settings(max_examples=100)
@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "student", "cells", "lines", "name", "values", "gap.r1.c1"]), inner
    ),
))  # fmt: skip
def test_any_json_is_a_submission_or_set_aside(tmp_path_factory, value):
    path = file_of(tmp_path_factory.getbasetemp(), json.dumps(value), "any")
    assert read_file(path)


# Files and folders


def json_file(folder, name, **content):
    folder.mkdir(parents=True, exist_ok=True)
    return file_of(folder, json.dumps({"id": ID, "cells": {}, **content}), name)


def sources(found):
    return [one.source for one in found]


def test_folders_are_searched_in_the_order_of_names_and_every_file_counts_once(tmp_path):
    folder = tmp_path / "class"
    json_file(folder / "b", "2.json")
    json_file(folder / "b", "1.json")
    json_file(folder, "z.json")
    json_file(folder / "a" / "deep", "3.txt")
    (folder / "empty").mkdir()
    single = json_file(tmp_path, "single.pdf")  # by its content
    found = list(read([single, folder, folder / "b", folder / "z.json", single]))
    names = ["single.pdf", "class/z.json", "class/a/deep/3.txt", "class/b/1.json", "class/b/2.json"]
    assert sources(found) == [str(tmp_path / name) for name in names]
    assert list(read([folder / "empty"])) == []


@pytest.mark.slow
def test_hidden_and_temporary_files_are_passed_over_but_not_when_named_themselves(tmp_path):
    for name in [".DS_Store", "~$a.xlsx", ".~lock.a.xlsx#", "a.tmp", "b.part", "c~", "Thumbs.db",
                 "d.crdownload", "desktop.ini"]:  # fmt: skip
        json_file(tmp_path, name)
    json_file(tmp_path / "__MACOSX", "e.json")
    json_file(tmp_path / ".git", "f.json")
    json_file(tmp_path, "g.json")
    assert sources(read([tmp_path])) == [str(tmp_path / "g.json")]
    assert sources(read([tmp_path / "a.tmp"])) == [str(tmp_path / "a.tmp")]


@pytest.mark.slow
def test_folders_with_marks_or_sheets_among_what_is_handed_in_are_not_entered(tmp_path):
    marks, work = tmp_path / "work" / "marks", tmp_path / "work"
    for folder in (marks, work, tmp_path / "work" / "marks-2"):
        json_file(folder, "a.json")
    expected = [str(work / "a.json"), str(work / "marks-2" / "a.json")]
    link = tmp_path / "link"
    link.symlink_to(marks)
    assert sources(read([work], besides=[tmp_path / "nothere", link])) == expected
    assert sources(read([marks], besides=[marks])) == [str(marks / "a.json")]


def test_a_path_that_does_not_exist_is_bad_input(tmp_path):
    with pytest.raises(InputError, match="nothere: there is no such file or folder"):
        list(read([tmp_path, tmp_path / "nothere"]))


def test_names_with_any_characters_are_shown_on_one_line(tmp_path):
    for name in (
        b"a\nb.json",
        b"c\x1b[2J.json",
        b"\xff.json",
        b"d..\\..\\etc.json",
        "é.json".encode(),
    ):
        path = os.fsencode(tmp_path) + b"/" + name
        Path(os.fsdecode(path)).write_text(json.dumps({"id": ID, "cells": {}}))
    found = list(read([tmp_path]))
    assert sorted(sources(found)) == sorted(
        f"{tmp_path}/{name}"
        for name in ("a\\nb.json", "c\\x1b[2J.json", "\\xff.json", "d..\\..\\etc.json", "é.json")
    )
    assert all(isinstance(one, Submission) for one in found)


@pytest.mark.slow
def test_links_pipes_sockets_and_devices_are_set_aside_unread(tmp_path):
    outside = json_file(tmp_path / "outside", "secret.json")
    folder = tmp_path / "class"
    json_file(folder, "a.json")
    (folder / "link.json").symlink_to(outside)
    (folder / "linked").symlink_to(outside.parent)
    (folder / "dangling").symlink_to("/nowhere")
    (folder / "zero").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
        found = {Path(one.source).name: one for one in read([folder])}
    assert {name for name, one in found.items() if isinstance(one, Submission)} == {"a.json"}
    for name in ("link.json", "linked", "dangling", "zero"):
        assert found[name].reason == "it is a link; links in a folder are not followed"
    assert found["pipe"].reason == "it is a pipe"
    assert found["socket"].reason == "it is a socket"
    assert len(found) == 7
    (one,) = read([folder / "link.json"])  # somebody has named it
    assert isinstance(one, Submission)
    (one,) = read([Path("/dev/zero")])
    assert one.reason == "it is a device"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_set_aside(tmp_path):
    json_file(tmp_path / "closed", "a.json")
    json_file(tmp_path, "b.json").chmod(0)
    (tmp_path / "closed").chmod(0)
    reasons = [one.reason for one in read([tmp_path])]
    (tmp_path / "closed").chmod(0o700)
    assert reasons == [
        "it cannot be read: Permission denied",
        "the folder cannot be read: Permission denied",
    ]


def test_a_file_that_goes_away_while_others_are_read_is_set_aside(tmp_path):
    path = json_file(tmp_path, "a.json")
    path.unlink()
    assert only(path).reason == "it cannot be read: No such file or directory"


# Hostile files


PROGRAM = """
import json, resource, sys
from pathlib import Path
from worksheets.marking.reading import read
from worksheets.marking.reading.limits import Limits

limits = Limits(seconds=600, **json.loads(sys.argv[2]))
found = list(read([Path(sys.argv[1])], limits))
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([[getattr(one, "reason", "") for one in found], memory]))
"""


def measured(path, **limits):
    """Return why a file is set aside, however slowly, and the most kilobytes of a worker."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path), json.dumps(limits)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    (reason,), memory = json.loads(done.stdout)
    return reason, memory


@pytest.mark.slow
def test_a_csv_of_a_million_columns_and_a_very_long_line_are_refused(tmp_path):
    for text, says in [
        ("id" + ",a" * 1_000_000 + "\nx\n", "line 1: it has 1,000,001 columns"),
        (f"id,gap.r1.c1\n{ID},1\n" + ";" * 3_000_000, "line 3: it has 3,000,001 columns"),
        ("x" * 41_000_000, "more than 40,000,000 bytes"),
    ]:
        reason, _ = measured(file_of(tmp_path, text))
        assert says in reason


@pytest.mark.slow
def test_a_file_with_more_sheets_than_any_class_is_set_aside_in_one_line(tmp_path):
    """A megabyte made 333,333 lines of a report, and 4 MB a traceback."""
    reason, _ = measured(file_of(tmp_path, f"[{'{},' * 333_332}{{}}]"))
    assert reason == "it holds 333,333 sheets; at most 5,000, a class's, are read from one file"
    reason, _ = measured(file_of(tmp_path, f"[{'{},' * 1_999_999}{{}}]"))
    assert reason.startswith("it holds some 2,000,000 objects; 5,000 sheets, a class's, have")
    for text in ("[" + "{}," * 6_000 + "{}]", "[" + "1," * 100_000 + "1]"):
        (aside,) = read_file(file_of(tmp_path, text), 30)
        assert aside.reason.startswith("it holds some ")
    rows = "id,gap.r1.c1\n" + f"{ID},1\n" * 5_001
    assert measured(file_of(tmp_path, rows))[0].startswith("it holds 5,001 sheets")


def test_a_file_with_more_sheets_than_its_class_is_set_aside_whole(tmp_path):
    """Whoever hands in all sheets of a class three times over is told so, and gets no marks."""
    ids = [Identity("MATM", 1, number).text for number in range(3)]
    students = [{"id": one, "student": one, "name": one, "section": ""} for one in ids[:2]]
    manifest = {"kind": "matmul", "level": 1, "code": "x", "students": students}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    folder = tmp_path / "in"
    folder.mkdir()
    cells = {"product.r1.c1": "1"}
    for name, some in {"whole.json": ids[:2], "more.json": ids}.items():
        (folder / name).write_text(json.dumps([{"id": one, "cells": cells} for one in some]))
    marking = ws.mark([folder], register=tmp_path)
    assert [one.sheet.id for one in marking.marked] == ids[:2]
    assert all("whole.json" in one.submission.source for one in marking.marked)
    (aside,) = marking.set_aside
    assert aside.source.endswith("more.json")
    assert aside.reason == "it holds 3 sheets; at most 2, a class's, are read from one file"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_a_worker_that_met_its_bound_is_replaced(tmp_path, monkeypatch):
    """It would keep what it was given, and set good files aside after that."""
    names = [f"{place:02}.json" for place in range(12)]
    for name in names:
        json_file(tmp_path, name)
    pids = tmp_path / "pids"
    pids.mkdir()

    def reads(path, most, kept=[]):  # noqa: B006  (kept for as long as the process lives)
        (pids / str(os.getpid())).touch()
        if path.name == "03.json":
            kept.append(None)
            return [SetAside(path.name, one_file.NO_MEMORY)]
        return [SetAside(path.name, one_file.NO_MEMORY)] if kept else read_file(path)

    monkeypatch.setattr(one_file, "read_file", reads)
    monkeypatch.setattr(reader, "cores", lambda: 1)
    found = list(read([tmp_path / name for name in names]))
    assert [place for place, one in enumerate(found) if isinstance(one, SetAside)] == [3]
    assert found[3].reason == one_file.NO_MEMORY
    assert len(list(pids.iterdir())) > 1


def test_patience_shrinks_with_each_file_that_has_met_it():
    patience = reader.Patience(20)
    spent = []
    for _ in range(100):
        spent.append(patience.left)
        patience.met += 1
    assert spent[:4] == [20, 20, 20, 20]
    assert spent[6] == 10
    assert min(spent) == 1
    assert sum(spent) < 300  # a hundred times 20 seconds are 2,000
    assert reader.Patience(0.5, met=50).left == 0.5


def test_a_file_larger_than_memory_is_refused_unread(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"id,gap.r1.c1\n")
        file.truncate(20_000_000_000)
    reason, _ = measured(path)
    assert "more than 40,000,000 bytes" in reason


@pytest.mark.slow
def test_deep_json_is_refused(tmp_path):
    for text in ("[" * 1_000_000, '{"a":' * 1_000_000, "[" * 90_000 + "]" * 90_000):
        reason, _ = measured(file_of(tmp_path, text))
        assert "nested too deeply" in reason


@pytest.mark.slow
def test_json_that_takes_more_memory_than_a_file_may_is_refused(tmp_path):
    path = file_of(tmp_path, "[" + "[]," * 13_000_000 + "[]]")
    reason, memory = measured(path, memory=300_000_000)
    assert reason == "reading it needs more memory than a file may"
    assert memory < 1_000_000  # kilobytes


PATIENCE = 3  # seconds: the others are read in a thousandth of it


def without_end(monkeypatch, name):
    """Let it take for ever to read the file of this name."""

    def reads(path, most):
        if path.name == name:
            threading.Event().wait()
        return read_file(path)

    monkeypatch.setattr(one_file, "read_file", reads)


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_given_up_and_the_others_are_read(tmp_path, monkeypatch):
    for name in ("a.json", "b.json", "c.json"):
        json_file(tmp_path, name)
    without_end(monkeypatch, "b.json")
    found = list(read([tmp_path], Limits(seconds=PATIENCE)))
    assert [type(one).__name__ for one in found] == ["Submission", "SetAside", "Submission"]
    assert found[1].reason == "reading it takes more than 3 seconds"


@pytest.mark.slow
def test_files_that_are_read_together_do_not_share_their_time(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "_together", lambda found, _: [list(found)])
    for name in ("a.json", "c.json", "d.json", "e.json"):
        json_file(tmp_path, name)
    (tmp_path / "b.json").symlink_to("a.json")
    without_end(monkeypatch, "d.json")
    one, two, three, four, five = read([tmp_path], Limits(seconds=PATIENCE))
    assert all(isinstance(some, Submission) for some in (one, three, five))
    assert "a link" in two.reason
    assert four.reason == "reading it takes more than 3 seconds"


def test_each_file_is_in_one_task_and_later_tasks_have_more():
    paths = [Path(str(number)) for number in range(500)]
    tasks = list(reader._together(iter(paths), 2))
    assert [one for task in tasks for one in task] == paths
    assert [len(task) for task in tasks][:6] == [1, 1, 2, 2, 3, 3]
    assert max(map(len, tasks)) == reader.MOST_TOGETHER


# Workbooks


def workbook(values=(), sheet_id=ID, change=None):
    """A workbook with a cell on a row of its own for every value, named as an answer sheet does."""
    book = Workbook()
    tab = book.active
    tab.title = "it's one"
    tab["B1"] = sheet_id
    for place, (line, value) in enumerate(values, 2):
        tab.cell(place, 2).value = value
        book.defined_names[line] = DefinedName(line, attr_text=f"'it''s one'!$B${place}")
    book.defined_names["sheet_id"] = DefinedName("sheet_id", attr_text="'it''s one'!$B$1")
    if change:
        change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_that_is_no_answer_sheet_is_set_aside(tmp_path):
    book = Workbook()
    file = BytesIO()
    book.save(file)
    assert "no cell named sheet_id" in refused(tmp_path, file.getvalue())


def test_a_workbook_without_all_lines_is_damaged(tmp_path):
    says = refused(tmp_path, workbook([("gap", "2")]))
    assert says.startswith("129 of 130 answer cells are missing, such as loser_inputs.r1.c1")


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("'[1]other'!$A$1", "the name gap stands for no cells of this workbook: '[1]other'!$A$1"),
        (
            "'it''s one'!$A$1:$B$3",
            'stands for 3 × 2 cells, A1:B3 of tab "it\'s one"; the line has 1',
        ),
        ("'it''s one'!$A:$B", "the name gap stands for no cells: $A:$B"),
        ("#REF!", "the name gap stands for no cells"),
        ("'it''s one'!$A$1:$XFD$1048576", "1048576 × 16384 cells"),
        ("1+1", "the name gap stands for no cells"),
    ],
)
def test_a_name_that_stands_for_no_such_cells_is_refused(reference, says, tmp_path):
    def change(book):
        book.defined_names["gap"] = DefinedName("gap", attr_text=reference)

    assert says in refused(tmp_path, workbook([("gap", "2")], change=change))


@pytest.mark.slow
def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in ("[Content_Types].xml", "xl/workbook.xml"):
            archive.writestr(part, b"<a/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(b" " * 1_000_000)
    reason, _ = measured(file_of(tmp_path, file.getvalue()))
    assert "unpacks from" in reason
    # One that lies about what it unpacks to is damaged.
    lie = file.getvalue().replace(
        (400_000_000).to_bytes(4, "little"), (4_000).to_bytes(4, "little")
    )
    assert "not a whole XLSX workbook" in refused(tmp_path, lie)


@pytest.mark.slow
def test_entities_that_grow_are_refused(tmp_path):
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [{entities}]><a>&e9;</a>'
    file = BytesIO(workbook([("gap", "2")]))
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(tmp_path / "bomb", "w") as new:
        for name in old.namelist():
            new.writestr(name, bomb if name == "xl/workbook.xml" else old.read(name))
    reason, memory = measured(tmp_path / "bomb")
    assert "not a whole XLSX workbook" in reason
    assert memory < 1_000_000  # kilobytes


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "an OpenDocument file"),
        ({"a.json": "{}", "mimetype": "x" * 10**6}, "a ZIP archive; unpack it"),
        ({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}, "a Word document"),
    ],
)
def test_other_archives_are_named(parts, says, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    assert says in only(tmp_path / "a.xlsx").reason


def test_too_many_parts_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "many", "w") as archive:
        for part in range(1001):
            archive.writestr(f"../../{part}", b"")
    assert only(tmp_path / "many").reason.startswith("the workbook has 1,001 parts")


# Forms


def blank_form(change=lambda pdf: None, **save):
    """A PDF with the fields of an answer sheet, made without the exporter, with "5" in each."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    fields = [
        pdf.make_indirect(pikepdf.Dictionary(T=name, FT=pikepdf.Name.Tx, V=value))
        for name, value in [("sheet_id", ID), *((name_of(cell), "5") for cell in ANSWERS)]
    ]
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array(fields)))
    change(pdf)
    file = BytesIO()
    pdf.save(file, **save)
    return file.getvalue()


def first_field(pdf):
    return pdf.Root.AcroForm.Fields[0]


@pytest.mark.usefixtures("pdf_library")
def test_a_form_from_elsewhere_with_the_same_names_is_read(tmp_path):
    (one,) = taken(tmp_path, blank_form())
    assert found_in(one) == dict.fromkeys(map(name_of, ANSWERS), "5")


@pytest.mark.usefixtures("pdf_library")
def test_a_pdf_without_a_form_or_with_another_is_set_aside(tmp_path):
    def no_form(pdf):
        del pdf.Root.AcroForm

    def other(pdf):
        pdf.Root.AcroForm.Fields = pikepdf.Array([pikepdf.Dictionary(T="street")])

    assert "the PDF has no form: it was scanned, or printed" in refused(
        tmp_path, blank_form(no_form)
    )
    assert "no field sheet_id" in refused(tmp_path, blank_form(other))


def test_a_form_without_all_fields_is_damaged(tmp_path):
    def change(pdf):
        del pdf.Root.AcroForm.Fields[-1]

    assert "1 of 130 answer cells are missing, such as" in refused(tmp_path, blank_form(change))


@pytest.mark.usefixtures("pdf_library")
@pytest.mark.parametrize("lock", [{"R": 3, "aes": False, "metadata": False}, {"R": 4}, {"R": 6}])
def test_a_pdf_with_a_password_is_refused_and_one_without_to_open_it_is_read(tmp_path, lock):
    locked = blank_form(encryption=pikepdf.Encryption(owner="o", user="u", **lock))
    assert refused(tmp_path, locked) == "the PDF needs a password; save it without one"
    taken(tmp_path, blank_form(encryption=pikepdf.Encryption(owner="o", user="", **lock)))


@pytest.mark.usefixtures("pdf_library")
def test_a_truncated_pdf_is_refused_wherever_it_ends(tmp_path):
    whole = blank_form()
    for part in range(1, 20):
        says = refused(tmp_path, whole[: len(whole) * part // 20])
        assert "damaged or not complete" in says or "no form" in says


def to_itself(pdf):
    field = first_field(pdf)
    field.Kids = pikepdf.Array([field])


def kids_in_a_ring(pdf):
    one, other = pdf.Root.AcroForm.Fields[0], pdf.Root.AcroForm.Fields[1]
    one.Kids, other.Kids = pikepdf.Array([other]), pikepdf.Array([one])


def parents_in_a_ring(pdf):
    one, other = pdf.Root.AcroForm.Fields[0], pdf.Root.AcroForm.Fields[1]
    one.Parent, other.Parent = other, one


def form_in_itself(pdf):
    pdf.Root.AcroForm.Fields = pikepdf.Array([pdf.Root.AcroForm])
    pdf.Root.AcroForm.Kids = pikepdf.Array([pdf.Root.AcroForm])


def pages_in_a_ring(pdf):
    pdf.Root.Pages.Kids = pikepdf.Array([pdf.Root.Pages])


def fields_to_itself(pdf):
    array = pdf.make_indirect(pikepdf.Array([]))
    array.append(pdf.make_indirect(pikepdf.Dictionary(T="a", Kids=array)))
    pdf.Root.AcroForm.Fields = array


@pytest.mark.usefixtures("pdf_library")
@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [to_itself, kids_in_a_ring, form_in_itself, pages_in_a_ring, fields_to_itself],
)
def test_a_pdf_that_refers_to_itself_is_refused(change, tmp_path):
    path = file_of(tmp_path, blank_form(change))
    reason, _ = measured(path)
    assert reason


@pytest.mark.usefixtures("pdf_library")
def test_parents_are_not_followed(tmp_path):
    taken(tmp_path, blank_form(parents_in_a_ring))


def script(pdf):
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def opens(pdf):
    pdf.Root.OpenAction = script(pdf)


def named(pdf):
    names = pikepdf.Array([pikepdf.String("a"), script(pdf)])
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))


def computes(pdf):
    first_field(pdf).AA = pikepdf.Dictionary(C=script(pdf))


def turns(pdf):
    pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script(pdf))


def afterwards(pdf):
    action = pikepdf.Dictionary(S=pikepdf.Name.Named, Next=script(pdf))
    pdf.Root.OpenAction = action


@pytest.mark.usefixtures("pdf_library")
@pytest.mark.parametrize("change", [opens, named, computes, turns, afterwards])
def test_a_pdf_with_javascript_is_refused(change, tmp_path):
    assert "JavaScript" in refused(tmp_path, blank_form(change))


@pytest.mark.usefixtures("pdf_library")
def test_too_many_fields_names_and_pages_are_refused(tmp_path):
    def fields(pdf):
        one = pikepdf.Dictionary(T="a")
        pdf.Root.AcroForm.Fields = pikepdf.Array([one] * 20_001)

    def deep(pdf):
        kids = pikepdf.Array([pikepdf.Dictionary(T="a")])
        for _ in range(300):
            kids = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(T="a" * 100, Kids=kids))])
        pdf.Root.AcroForm.Fields = kids

    def pages(pdf):
        for _ in range(1000):
            pdf.add_blank_page()

    assert "more than 20,000 fields" in refused(tmp_path, blank_form(fields))
    assert "far too long" in refused(tmp_path, blank_form(deep))
    assert "1,001 pages" in refused(tmp_path, blank_form(pages))


@pytest.mark.slow
def test_a_value_that_unpacks_to_gigabytes_takes_bounded_memory(tmp_path):
    def bomb(pdf):
        packer = zlib.compressobj()
        packed = [packer.compress(b"\0" * 1_000_000) for _ in range(2_000)]
        stream = pdf.make_stream(b"")
        stream.write(b"".join([*packed, packer.flush()]), filter=pikepdf.Name.FlateDecode)
        first_field(pdf).V = stream

    path = file_of(tmp_path, blank_form(bomb))
    assert path.stat().st_size < 3_000_000
    reason, memory = measured(path, memory=500_000_000)
    assert reason == "reading it needs more memory than a file may"
    assert memory < 1_000_000  # kilobytes


@pytest.mark.usefixtures("pdf_library")
def test_two_fields_of_one_name_with_different_values_are_refused(tmp_path):
    def twice(pdf):
        fields = pdf.Root.AcroForm.Fields
        fields.append(pdf.make_indirect(pikepdf.Dictionary(T="gap.r1.c1", V="6")))

    says = "cell 'gap.r1.c1' has two values, '5' and '6'"
    assert refused(tmp_path, blank_form(twice)) == says
