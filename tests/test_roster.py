"""A class list is read to the letter, whatever program wrote it, or refused in words."""

import csv
import os
import re
import sys
import tracemalloc
import unicodedata
import zipfile
from datetime import date
from io import BytesIO, StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

from worksheets.cli.remedies import remedy
from worksheets.errors import InputError
from worksheets.roster import workbook
from worksheets.roster.columns import letters
from worksheets.roster.headings import CLAIMS, WORDS, key, listed
from worksheets.roster.normalised import normalised_id
from worksheets.roster.students import Student, joined, read_roster

ROLES = ["id", "name", "first", "last", "email", "section"]


def text_file(folder, text, name="roster.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def read(folder, text, columns=None, **file):
    return read_roster(text_file(folder, text, **file), columns or {})


def notes(folder, text, columns=None):
    """What is told of how a roster is read."""
    told = []
    read_roster(text_file(folder, text), columns or {}, told.append)
    return told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ID,Name,Section,Email\n1,Ada,7a,a@b.c", []),
        (
            "Vorname,Nachname\nAda,Lovelace",
            [
                "the names identify the students; a name that is corrected later gets another "
                "sheet, so a column of IDs or emails is better"
            ],
        ),
        ("ID,Name,,\n1,Ada,,", []),
        ("ID,Name,Town,Room\n1,Ada,x,y", ["not used: column C ('Town'), column D ('Room')"]),
        (
            "nummer,wer\n1,Ada\n2,Bob",
            [
                "column A ('nummer') only counts the rows, and identifies the students as nothing "
                "else does; who joins in the midst changes others' sheets",
                "no column of names is known; 'nummer' stands in their place; "
                "which one it is may be given, name=HEADING",
                "not used: column B ('wer')",
            ],
        ),
        (
            "ID,Name," + ",".join(f"x{place}" for place in range(13)) + "\n1,Ada" + ",y" * 13,
            [
                "not used: "
                + ", ".join(f"column {'CDEFGHIJKL'[place]} ('x{place}')" for place in range(10))
                + " and 3 more"
            ],
        ),
    ],
)
def test_what_is_not_used_of_a_roster_is_told(tmp_path, text, told):
    assert notes(tmp_path, text) == [f"roster.csv: {one}" for one in told]


def test_nothing_is_told_of_a_column_that_the_user_named(tmp_path):
    assert notes(tmp_path, "kennung,wer\n1,Ada", {"name": "wer"}) == []


def refusal(folder, text, columns=None, **file):
    with pytest.raises(InputError) as caught:
        read(folder, text, columns, **file)
    return f"{caught.value}{remedy(caught.value)}"


def book_file(folder, *sheets, name="roster.xlsx", change=None):
    """A workbook with these sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    book.save(folder / name)
    return folder / name


def book_refusal(path, columns=None):
    with pytest.raises(InputError) as caught:
        read_roster(path, columns or {})
    return f"{caught.value}{remedy(caught.value)}"


def part_changed(path, part, change):
    """The same workbook, with one part's text changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    before = parts[part]
    parts[part] = change(before.decode()).encode()
    assert parts[part] != before
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


PAIR = [Student("7", "Ann Lee", "7b", "ann@x.org", 2), Student("8", "Bo Ek", "7c", "", 3)]
SHEET = "xl/worksheets/sheet1.xml"


# Formats that are read


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be-bom"]
)
def test_delimiters_encodings_and_line_ends(tmp_path, delimiter, end, encoding):
    text = end.join(["id,name,section,email", "7,Ann Lee,7b,ann@x.org", "8,Bo Ek,7c,"])
    text = text.replace(",", delimiter)
    if encoding == "utf-16-be-bom":
        text, encoding = "\ufeff" + text, "utf-16-be"
    assert read(tmp_path, text, encoding=encoding) == PAIR


@pytest.mark.parametrize("name", ["r.csv", "r.tsv", "r.txt", "R.CSV"])
def test_names_of_text_files(tmp_path, name):
    assert read(tmp_path, "id\tname\n7\tAnn\n", name=name) == [Student("7", "Ann", row=2)]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_first_line_of_excel_is_no_row(tmp_path, first):
    assert read(tmp_path, f"{first}\r\nid;name\r\n7;Ann\r\n") == [Student("7", "Ann", row=2)]
    message = refusal(tmp_path, f"{first}\r\nid;name\r\n7;Ann\r\n7;Bo")
    assert "roster.csv row 3 (line 4): column A ('id'): '7'" in message
    assert "row 2 (line 3)" in message


def test_the_delimiter_is_told_by_headings_and_by_rows(tmp_path):
    # Names with commas under headings with semicolons, and a heading with a comma.
    assert read(tmp_path, "Last, First;ID\nLee, Ann;7\nEk, Bo;8", {"name": "A"}) == [
        Student("7", "Lee, Ann", row=2),
        Student("8", "Ek, Bo", row=3),
    ]
    text = 'id,name\n7,"Lee; Ann; of; the; West"\n8,"Ek; Bo; of; the; East"'
    assert read(tmp_path, text)[1].name == "Ek; Bo; of; the; East"


def test_a_delimiter_that_cannot_be_told(tmp_path):
    message = refusal(tmp_path, "foo,bar;baz\n1,2;3")
    assert "roster.csv" in message
    assert "commas or by semicolons" in message
    assert "sep=," in message


def test_quotes_spaces_and_line_breaks_in_other_columns(tmp_path):
    text = 'id, name, note\n7, "Lee, ""Ann""", "two\nlines"\n\n8,Bo "B" Ek,\n'
    assert read(tmp_path, text) == [
        Student("7", 'Lee, "Ann"', row=2),
        Student("8", 'Bo "B" Ek', row=4),
    ]


def test_a_record_is_named_by_its_row_and_by_the_line_where_it_starts(tmp_path):
    text = 'id,name,note\n7,Ann,"one\ntwo\nthree"\n,Bo,"x\ny"\n,Cy,'
    lines = refusal(tmp_path, text).splitlines()
    assert lines[0].startswith("roster.csv row 3 (line 5): column A ('id'): ''")
    assert lines[1].startswith("roster.csv row 4 (line 7): ")


def test_blank_rows_are_skipped_and_counted(tmp_path):
    assert read(tmp_path, "\nid,name\n,\n7,Ann\n  ,\t\n\n8,Bo\n") == [
        Student("7", "Ann", row=4),
        Student("8", "Bo", row=7),
    ]


def test_long_cells(tmp_path):
    assert read(tmp_path, f"id,name,note\n7,Ann,{'x' * 300_000}\n")[0].name == "Ann"


def test_short_rows_lack_only_what_nobody_needs(tmp_path):
    assert read(tmp_path, "id,name,note,more\n7,Ann\n8,Bo,,,,\n") == [
        Student("7", "Ann", row=2),
        Student("8", "Bo", row=3),
    ]


def test_a_single_column(tmp_path):
    assert read(tmp_path, "Name\nAnn\nBo") == [
        Student("Ann", "Ann", row=2),
        Student("Bo", "Bo", row=3),
    ]


# Texts that are refused


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (b"", ["empty"]),
        (b" \r\n\n", ["empty"]),
        (b"\xef\xbb\xbf", ["empty"]),
        (b"\xff\xfe", ["empty"]),
        (",,\n , ,", ["empty"]),
        ("id,name\n", ["row 1", "only row"]),
        (b"%PDF-1.7\n", ["a PDF"]),
        (b"PK\x03\x04rest", ["ZIP", ".xlsx"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", ["Excel workbook"]),
        (b"<!DOCTYPE html>", ["web page"]),
        (b"id,name\n7,Ann\x00a\n8,Bo", ["line 2", "NUL", "UTF-8"]),
        (
            "id,name\n7,Ann\n8,José\n".encode("cp1252"),
            ["line 3", "Windows-1252", "'8,José'", "CSV UTF-8"],
        ),
        (b"id,name\r7,\x81\x81\r", ["0x81", "offset 10", "UTF-8"]),
        ("id,name\n7,Ann".encode("utf-32"), ["UTF-32"]),
        ("id,name\n7,Ann".encode("utf-16") + b"x", ["UTF-16", "damaged"]),
        (b"\xff\xfei\x00d\x00\n\x00\x00\xd8", ["UTF-16", "damaged"]),
        ("sep=:\nid:name\n7:Ann", ["line 1", "':'", "semicolons"]),
        ('id,name\n7,"Ann\n8,Bo\n', ["row 2", "quotes open on line 2", "close them"]),
        ('id,name,x\n7,"An\nn","b\nc\n8,Bo\n', ["row 2", "quotes open on line 3"]),
        ('id,name\n7,"Ann\n8,"Bo"\n', ["row 2", "open on line 2", "line 3", "'B'", '""']),
        ('id,name\n7,"Ann"x\n', ["row 2", "'x'", "doubled"]),
        ("id,name\n7,Lee, Ann\n", ["row 2", "3 cells under 2", "'Ann'", "quotes"]),
        ("Name\nLee, Ann\n", ["row 2", "2 cells under 1", "'Ann'"]),
        ("id,name,section\n7,Ann\n", ["row 2", "column C ('section')", "'Ann'", "fill"]),
        ("foo,bar\n1,2\n", ["row 1", "'foo', 'bar'", "--column id=HEADING"]),
        ("name\nPoints Possible\n", ["no students"]),
    ],
)
def test_texts_that_are_refused(tmp_path, text, parts):
    message = refusal(tmp_path, text)
    for part in ["roster.csv", *parts]:
        assert part in message


def test_files_that_cannot_be_read(tmp_path):
    for path, reason in [
        (tmp_path / "none.csv", "No such file"),
        (tmp_path, "should end"),
        (tmp_path / "nul\0.csv", "null"),
        (tmp_path / "r.ods", "XLSX or CSV"),
        (tmp_path / "r.doc", ".csv"),
    ]:
        with pytest.raises(InputError, match=reason) as caught:
            read_roster(path)
        assert path.name in str(caught.value)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError, match=r"folder\.csv: it is a folder"):
        read_roster(tmp_path / "folder.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match="not an ordinary file"):
        read_roster(tmp_path / "pipe.csv")


def test_a_file_that_may_not_be_read(tmp_path):
    path = text_file(tmp_path, "id,name\n7,Ann")
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read anything")
    with pytest.raises(InputError, match="Permission denied"):
        read_roster(path)


def test_a_file_that_is_far_too_large(tmp_path):
    path = tmp_path / "roster.csv"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(InputError, match=r"roster\.csv: more than 100,000,000 bytes"):
        read_roster(path)


# Columns


def test_no_heading_claims_two_roles():
    claims = [(key(word), role) for role, lines in WORDS.items() for line in lines
              for word in listed(line)]  # fmt: skip
    assert "" not in CLAIMS
    assert len(CLAIMS) == len({heading for heading, _ in claims})
    assert len(CLAIMS) == len(set(claims))


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        ("Student,ID,SIS User ID,SIS Login ID,Section", "name,,id,,section"),
        ("OrgDefinedId,Username,Last Name,First Name,Email", "id,,last,first,email"),
        ("First name,Surname,ID number,Email address,Groups", "first,last,id,email,section"),
        ("Last Name,First Name,Username,Student ID", "last,first,,id"),
        ("No.,STUDENT_ID,Full-Name,Class", ",id,name,section"),
        ("No.,Name,Group,Course", "id,name,section,"),
        ("Matrikelnummer,Name,Vorname,Gruppe,E-Mail-Adresse", "id,last,first,section,email"),
        ("Numéro étudiant,Nom,Prénom,Courriel", "id,last,first,email"),
        ("numero etudiant,Nom complet,Groupe", "id,name,section"),
        ("Matrícula,Nombre,Apellidos,Correo electrónico", "id,first,last,email"),
        ("Nome completo,Turma,Número de aluno", "name,section,id"),
        ("Matricola,Cognome,Nome,Classe", "id,last,first,section"),
        ("Studentnummer,Voornaam,Naam,Klas", "id,first,last,section"),
        ("Numer albumu,Imię,Nazwisko,Grupa", "id,first,last,section"),
        ("STT,Mã số sinh viên,Họ và tên,Lớp", ",id,name,section"),
        ("MSSV,Họ đệm,Tên", "id,last,first"),
        ("ÖĞRENCİ NO,ADI,SOYADI,SINIF", "id,first,last,section"),
        ("Ogrenci No,Adi Soyadi,Sube", "id,name,section"),
        ("Номер студента,Фамилия,Имя,Группа", "id,last,first,section"),
        ("ФИО,Класс,Почта", "name,section,email"),
        ("رقم الطالب,الاسم الكامل,الشعبة", "id,name,section"),
        ("अनुक्रमांक,पूरा नाम,कक्षा,ईमेल", "id,name,section,email"),
        ("学号,姓名,班级,邮箱", "id,name,section,email"),
        ("學號,姓名,班級,電子郵件", "id,name,section,email"),
        ("学籍番号,氏名,クラス,メールアドレス", "id,name,section,email"),
        ("出席番号,姓,名", "id,last,first"),
        ("학번,이름,반,이메일", "id,name,section,email"),
        ("Name,First name,Last name", "name,,"),
        ("Full name,First name", "name,"),
        ("ＩＤ,\xa0Name ", "id,name"),  # noqa: RUF100
    ],
)
def test_usual_headings(tmp_path, headings, roles):
    roles = roles.split(",")
    values = [f"{role or 'x'}{place}" for place, role in enumerate(roles)]
    value = {role: text for role, text in zip(roles, values, strict=True) if role}
    name = value.get("name") or f"{value.get('first', '')} {value.get('last', '')}".strip()
    identifier = value.get("id") or value.get("email") or name
    expected = Student(identifier, name, value.get("section", ""), value.get("email", ""), 2)
    assert read(tmp_path, f"{headings}\n{','.join(values)}") == [expected]


def test_without_an_id_or_a_name(tmp_path):
    assert read(tmp_path, "name,email\nAnn,a@x") == [Student("a@x", "Ann", email="a@x", row=2)]
    assert read(tmp_path, "id,email\n7,a@x") == [Student("7", "7", email="a@x", row=2)]
    assert read(tmp_path, "email,x\na@x,") == [Student("a@x", "a@x", email="a@x", row=2)]
    assert read(tmp_path, "first,x\nAnn,") == [Student("Ann", "Ann", row=2)]


@pytest.mark.parametrize(
    ("headings", "parts"),
    [
        ("id,name,name", ["B ('name')", "C ('name')", "be the name", "--column name=B"]),
        ("Student ID,SIS User ID,name", ["'Student ID'", "'SIS User ID'", "--column id=A"]),
        ("id,Email,E-Mail,name", ["be the email", "--column email=B"]),
        ("id,first,first name,last", ["be the first", "--column first=B"]),
        ("id,Name,Surname", ["'Name'", "'Surname'", "--column name=B", "--column first=B"]),
        ("id,Name,First name", ["'First name'", "--column name=B", "--column last=B"]),
    ],
)
def test_ambiguous_headings(tmp_path, headings, parts):
    message = refusal(tmp_path, f"{headings}\n1,2,3,4")
    for part in ["roster.csv row 1", *parts]:
        assert part in message


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"id": "code"}, Student("c", "Ann Lee", "", "", 2)),
        ({"id": "CODE "}, Student("c", "Ann Lee", "", "", 2)),
        ({"id": "b"}, Student("c", "Ann Lee", "", "", 2)),
        ({"id": "2"}, Student("c", "Ann Lee", "", "", 2)),
        ({"id": "ID"}, Student("i", "Ann Lee", "", "", 2)),
        ({"section": "id", "id": "B"}, Student("c", "Ann Lee", "i", "", 2)),
        ({"name": "Code"}, Student("i", "c", "", "", 2)),
        ({"first": "D"}, Student("i", "Lee Ann", "", "", 2)),
        ({"first": "D", "last": "C"}, Student("i", "Lee Ann", "", "", 2)),
        ({"email": "code"}, Student("i", "Ann Lee", "", "c", 2)),
    ],
)
def test_columns_that_the_user_names(tmp_path, columns, expected):
    last = "Last" if "first" not in columns else "x"
    first = "First" if "first" not in columns else "Last"
    text = f"id,Code,{first},{last}\ni,c,Ann,Lee"
    assert read(tmp_path, text, columns) == [expected]


def test_a_name_is_made_of_the_parts_that_the_user_names(tmp_path):
    text = "id,Name,Surname\n7,Ann,Lee"
    assert read(tmp_path, text, {"first": "Name"})[0].name == "Ann Lee"
    assert read(tmp_path, text, {"name": "Name"})[0].name == "Ann"
    assert read(tmp_path, "id,Student,A,B\n7,x,Ann,Lee", {"first": "A", "last": "B"}) == [
        Student("7", "Ann Lee", row=2)
    ]


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"id": "Nummer"}, ["row 1", "id='Nummer'", "'id', 'name'", "A to B", "1 to 2"]),
        ({"id": "C"}, ["id='C'"]),
        ({"id": "0"}, ["id='0'"]),
        ({"id": ""}, ["id=''"]),
        ({"number": "A"}, ["'number'", "id, name, first"]),
        ({"name": "A", "first": "B"}, ["either name, or first and last"]),
    ],
)
def test_columns_that_the_user_names_wrongly(tmp_path, columns, parts):
    message = refusal(tmp_path, "id,name\n7,Ann", columns)
    for part in parts:
        assert part in message


def test_letters():
    assert [letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


# Students


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        ("Ann", "Lee", "Ann Lee"),
        ("Ann", "", "Ann"),
        ("", "Lee", "Lee"),
        ("明", "王", "王明"),
        ("花子", "佐々木", "佐々木花子"),
        ("さくら", "サトウ", "サトウさくら"),
        ("민수", "김", "김민수"),
        ("Ming", "王", "Ming 王"),
        ("An", "Nguyễn Văn", "An Nguyễn Văn"),
    ],
)
def test_joined_names(tmp_path, first, last, whole):
    assert joined(first, last) == whole
    assert read(tmp_path, f"id,first,last\n7,{first},{last}")[0].name == whole


@pytest.mark.parametrize(
    "name",
    [
        "Lee, Ann",
        "Jos\u00e9",
        "Jose\u0301",  # decomposed, and left so
        "नरेन्द्र\u200d क्\u200cष",
        "علی\u200cرضا",
        "葛\U000e0100城",  # a variation selector
        "Ann 👩\u200d🔬",
        "O’Neill-Smith  III",
        "ﷺ ½ Ａｎｎ",
        "x" * 200,
    ],
)
def test_names_are_kept_exactly(tmp_path, name):
    assert read(tmp_path, f'id,name\n7," \xa0{name}\u3000\n"')[0].name == name


@pytest.mark.parametrize("role", ["id", "name", "section", "email"])
@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("=1+1", ["'=1+1'", "starts with '='", "formula"]),
        ("+1", ["'+1'", "starts with '+'"]),
        ("-1", ["'-1'", "starts with '-'"]),
        ("@x", ["'@x'", "starts with '@'"]),
        (" \xa0=x", ["starts with '='"]),
        ("＝x", ["starts with '＝'"]),
        ("\tx", ["starts with '\\t'"]),
        ("\rx", ["starts with '\\r'"]),
        ("a\nb", ["'a\\nb'", "line break", "U+000A"]),
        ("a\r\nb", ["line break", "U+000D"]),
        ("a\x1bb", ["'a\\x1bb'", "U+001B", "control"]),
        ("a\x1f", ["U+001F"]),  # though str.strip would take it off
        ("a\tb", ["U+0009"]),
        ("a\x85", ["U+0085"]),
        ("a\u2028b", ["U+2028", "line break"]),
        ("a\u2029", ["U+2029"]),
        ("Jos\ufffd", ["U+FFFD", "a letter was lost"]),
        ("a" + "\u0301" * 7, ["more than 6 marks on one letter"]),
        ("a\u202eb", ["U+202E", "direction", "'a\\u202eb'"]),
        ("a\u2066b", ["U+2066"]),
        ("a\u2069", ["U+2069"]),
        ("a\ue000", ["U+E000", "private"]),
        ("a\uffff", ["U+FFFF"]),
        ("a\u0378", ["U+0378"]),
        ("x" * 255, ["255 characters", "x" * 40 + "…"]),
    ],
)
def test_cells_that_are_refused(tmp_path, role, value, parts):
    cells = {"id": "7", "name": "Ann", "section": "7b", "email": "a@x"} | {role: value}
    text = StringIO(newline="")
    csv.writer(text).writerows([cells.keys(), cells.values()])
    message = refusal(tmp_path, text.getvalue())
    column = f"column {letters(list(cells).index(role))} ('{role}')"
    for part in ["roster.csv row 2", column, *parts]:
        assert part in message


@pytest.mark.parametrize(
    ("role", "longest"), [("id", 100), ("name", 200), ("section", 60), ("email", 254)]
)
def test_lengths(tmp_path, role, longest):
    cells = {"id": "7", "name": "Ann", "section": "7b", "email": "a@x"}
    for length in (longest, longest + 1):
        cells[role] = "x" * length
        text = f"{','.join(cells)}\n{','.join(cells.values())}"
        if length == longest:
            assert len(read(tmp_path, text)) == 1
        else:
            message = refusal(tmp_path, text)
            assert f"has {length} characters; at most {longest}" in message


def test_a_joined_name_that_is_too_long(tmp_path):
    message = refusal(tmp_path, f"id,first,last\n7,{'x' * 120},{'y' * 100}")
    assert "row 2: column B ('first'): the whole name" in message
    assert "221 characters; at most 200" in message


@pytest.mark.parametrize("role", ["id", "name", "email"])
def test_a_lone_surrogate_in_a_cell(role):
    from worksheets.roster.cells import clean

    with pytest.raises(InputError, match=r"'a\\ud800' holds U\+D800"):
        clean("a\ud800", role)


def test_characters_that_nobody_sees_tell_no_ids_apart(tmp_path):
    assert "U+200B" in refusal(tmp_path, "id,name\n7\u200b7,Ann")
    assert read(tmp_path, "id,name\n7,An\u200bn")[0].name == "An\u200bn"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("id,name\n,Ann\n7,Bo", ["row 2", "column A ('id')", "''", "identifier", "--column id="]),
        ("id,name\n \xa0,Ann\n7,Bo", ["row 2", "column A ('id')"]),
        ("id,name\n7, ", ["row 2", "column B ('name')", "''", "name"]),
        ("id,first,last\n7,,", ["row 2", "column B ('first')", "name"]),
        ("email,name\n,Ann\na@x,Bo", ["row 2", "column A ('email')"]),
        ("name,section\n,7b", ["no students", "row 2 ('7b')"]),
        ("section\n7b", ["row 1", "none of the headings 'section'", "--column id=HEADING"]),
        ("id,name\na-1,Ann\nb,Bo\nA–1,Cy", ["row 4", "column A ('id')", "'A–1'", "in row 2"]),
        ("name,x\nAnn,\nANN ,", ["row 3", "'ANN'", "in row 2", "column ID"]),
        ("first,last\nAnn,Lee\nAnn,Lee", ["row 3", "'Ann Lee'", "in row 2"]),
        ("Student,ID\nStudent Test,", ["no students", "row 2 ('Student Test')", "test student"]),
    ],
)
def test_students_that_are_refused(tmp_path, text, parts):
    message = refusal(tmp_path, text)
    for part in ["roster.csv", *parts]:
        assert part in message


def test_canvas(tmp_path):
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1\n"
        "    Points Possible,,,,,10\n"
        '"Lee, Ann",11,s7,ann,7b,9\n'
        '"Student, Test",12,s8,test,7b,\n'
    )
    assert read(tmp_path, text) == [
        Student("s7", "Lee, Ann", "7b", row=3),
        Student("s8", "Student, Test", "7b", row=4),
    ]
    assert read(tmp_path, "id,name\n7,Points Possible")[0].name == "Points Possible"
    assert read(tmp_path, "id,name,x\n,,Points possible\n7,Ann,")[0].row == 3
    assert "row 2" in refusal(tmp_path, "id,name,x\n,Ann,Points Possible\n7,Bo,")


def test_ten_faults_are_told_and_the_others_counted(tmp_path):
    rows = [f",=n{number}" for number in range(2, 9)]
    lines = refusal(tmp_path, "\n".join(["id,name", *rows, "7,Ann", "7,Bo"])).splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [f"roster.csv row {n}" for n in
                                                      (*range(2, 9), 10)]  # fmt: skip
    rows = [",Ann"] * 25
    lines = refusal(tmp_path, "\n".join(["id,name", *rows, "7,Bo"])).splitlines()
    assert len(lines) == 12
    assert lines[9].startswith("roster.csv row 11: ")
    assert lines[10] == "and 15 more"
    assert lines[11].endswith("say which with --column id=HEADING")


# Sameness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("abc", "ABC"),
        ("straße", "STRASSE"),
        ("１２３", "123"),
        ("a-1", "a–1"),
        ("a-1", "a−1"),
        ("a-1", "a\u20111"),
        ("  a  b ", "a\xa0b"),
        ("\u00e9", "e\u0301"),
    ],
)
def test_identifiers_that_are_the_same(one, other):
    assert normalised_id(one) == normalised_id(other)


@pytest.mark.parametrize(("one", "other"), [("07", "7"), ("a b", "ab"), ("a-1", "a_1"), ("e", "é")])
def test_identifiers_that_are_not_the_same(one, other):
    assert normalised_id(one) != normalised_id(other)


def test_all_dashes_are_one():
    dashes = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) == "Pd"]
    # NFKC makes two dots of the one, and two or three hyphens are not one.
    assert {normalised_id(f"a{dash}b") for dash in [*dashes, "−"]} == {"a-b"}


@given(st.text())
def test_sameness_is_settled(text):
    assert normalised_id(normalised_id(text)) == normalised_id(text)
    assert normalised_id(f" {text}\n") == normalised_id(text)


# Whatever a spreadsheet writes comes back

LETTERS = st.characters(
    categories=["Lu", "Ll", "Lo", "Lm", "Lt", "Mn", "Nd", "Pd", "Po", "Ps", "Sc", "So", "Zs"],
    include_characters=',;|"\u200d\u200c',
    exclude_characters="\ufffd",  # stands for a letter that was lost, and is refused
)


def texts(longest):
    return (
        st.text(LETTERS, min_size=1, max_size=longest)
        .map(lambda text: text.strip())
        .filter(lambda text: text and text[0] not in "=+-@＝＋－＠")
        .filter(lambda text: text.casefold() != "points possible")
    )


STUDENTS = st.lists(
    st.tuples(
        texts(11).map("k{}".format),  # 1, 2, 3 would only count the rows
        texts(30),
        texts(8) | st.just(""),
        texts(15) | st.just(""),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda cells: normalised_id(cells[0]),
)


def as_students(rows):
    return [
        Student(identifier, name, section, email, number)
        for number, (identifier, name, section, email) in enumerate(rows, 2)
    ]


@pytest.mark.slow
@given(
    STUDENTS,
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_students_written_as_csv_come_back(
    tmp_path_factory, rows, delimiter, encoding, end, quoting
):
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([("Student ID", "Full name", "Section", "Email"), *rows])
    folder = tmp_path_factory.mktemp("csv")
    assert read(folder, text.getvalue(), encoding=encoding) == as_students(rows)


@pytest.mark.slow
@settings(max_examples=30)
@given(STUDENTS)
def test_students_written_as_xlsx_come_back(tmp_path_factory, rows):
    book = Workbook()
    book.active.append(["Student ID", "Full name", "Section", "Email"])
    for row in rows:
        book.active.append([None] * 4)
        for place, value in enumerate(row, 1):
            cell = book.active.cell(book.active._current_row, place, value)
            cell.data_type = "s"  # also what looks like an error, such as #N/A
    path = tmp_path_factory.mktemp("xlsx") / "roster.xlsx"
    book.save(path)
    assert read_roster(path) == as_students(rows)


def is_read_or_refused(path):
    """True if either; any other exception is no way to tell a teacher something."""
    try:
        return bool(read_roster(path))
    except InputError as error:
        return path.name in str(error)


@pytest.mark.slow
@settings(max_examples=300)
@given(st.binary(max_size=60) | st.text('id,;\t|"\r\nname=\x00é', max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    for name in ("any.csv", "any.xlsx"):
        path = text_file(folder, content, name=name)
        assert is_read_or_refused(path)


# Workbooks


def test_numbers_of_a_workbook_are_text(tmp_path):
    rows = [["id", "name", "section", "note"], [7, "Ann", 3.0, None], [8.0, "Bo", None, True]]
    assert read_roster(book_file(tmp_path, rows)) == [
        Student("7", "Ann", "3", row=2),
        Student("8", "Bo", row=3),
    ]


def test_zeros_that_a_format_shows(tmp_path):
    def zeros(book):
        book["S1"]["A2"].number_format = "00000"

    path = book_file(tmp_path, [["id", "name"], [42, "Ann"]], change=zeros)
    assert read_roster(path)[0].identifier == "00042"


def test_empty_rows_and_styled_cells_of_a_workbook(tmp_path):
    def style(book):
        book["S1"]["A9"].font = Font(bold=True)
        book["S1"]["Z1"].font = Font(bold=True)

    rows = [[], ["id", "name", None], [], ["7", " Ann ", None], ["", " "], ["8", "Bo"]]
    assert read_roster(book_file(tmp_path, rows, change=style)) == [
        Student("7", "Ann", row=4),
        Student("8", "Bo", row=6),
    ]


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("=A1", ["cell B3 holds a formula; paste its value"]),
        (date(2025, 1, 2), ["cell B3 holds a date", "2025-01-02", "text"]),
        (True, ["cell B3 holds TRUE or FALSE", "'True'"]),
        ("#N/A", ["cell B3 holds an error", "'#N/A'"]),
        (1.5, ["cell B3", "'1.5'", "not whole"]),
        (-5, ["'-5'", "formula"]),
        (1234567890123456789, ["cell B3", "15 digits"]),
        (1e20, ["cell B3", "15 digits"]),
        ("a_x000D_b", ["cell B3", "'a_x000D_b'", "control"]),
        ("a\nb", ["line break"]),
    ],
)
@pytest.mark.parametrize("role", ["id", "name", "first", "email", "section"])
def test_cells_of_a_workbook_that_are_refused(tmp_path, role, value, parts):
    other = "name" if role == "id" else "id"
    path = book_file(tmp_path, [[other, role], ["x", "y"], ["z", value]])
    message = book_refusal(path)
    for part in [f"roster.xlsx row 3: column B ('{role}')", *parts]:
        assert part in message
    path = book_file(tmp_path, [[other, "note"], ["x", "y"], ["z", value]])
    assert len(read_roster(path)) == 2  # nobody needs it there


def test_an_id_that_shows_with_dashes(tmp_path):
    def dashes(book):
        book["S1"]["A2"].number_format = "000-000"

    path = book_file(tmp_path, [["id", "name"], [123456, "Ann"]], change=dashes)
    assert "cell A2 shows its number as '000-000'" in book_refusal(path)


def test_a_cell_beyond_the_headings_of_a_workbook(tmp_path):
    message = book_refusal(book_file(tmp_path, [["id", "name"], ["7", "Ann", None, "x"]]))
    assert "roster.xlsx row 2: 4 cells under 2 headings, with 'x'" in message


def test_the_one_sheet_that_is_a_roster(tmp_path):
    rows, notes = [["id", "name"], ["7", "Ann"]], [["Some notes"], ["on this"]]

    def hide(book):
        book["S1"].sheet_state = "hidden"

    one = [Student("7", "Ann", row=2)]
    assert read_roster(book_file(tmp_path, [], rows)) == one
    assert read_roster(book_file(tmp_path, notes, rows)) == one
    assert read_roster(book_file(tmp_path, rows, rows, change=hide)) == one
    message = book_refusal(book_file(tmp_path, rows, notes, rows))
    assert "roster.xlsx: the sheets 'S1', 'S3' all hold rows; keep only" in message
    message = book_refusal(book_file(tmp_path, notes, notes))
    assert "the sheets 'S1', 'S2'" in message
    message = book_refusal(book_file(tmp_path, rows, [], change=hide))
    assert "empty" in message
    assert "hidden sheets hold rows: S1" in message
    assert "empty" in book_refusal(book_file(tmp_path, [], []))
    assert "row 1: this is the only row" in book_refusal(book_file(tmp_path, rows[:1]))


def with_shared_strings(path, strings):
    """The same workbook, its texts moved to where Excel writes them."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    place = iter(range(len(strings)))
    parts[SHEET] = re.sub(
        r't="inlineStr"><is>.*?</is>', lambda _: f't="s"><v>{next(place)}</v>', parts[SHEET]
    )
    items = "".join(f"<si>{string}</si>" for string in strings)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{space}">{items}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        "</Types>",
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>',
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_shared_strings_formatted_in_part_and_with_furigana(tmp_path):
    path = book_file(tmp_path, [["id", "name"], ["s7", "?"], ["s8", "?"]])
    furigana = '<t>山田</t><rPh sb="0" eb="2"><t>ヤマダ</t></rPh>'
    formatted = '<r><rPr><b/></rPr><t xml:space="preserve">Ann </t></r><r><t>Lee</t></r>'
    strings = ["<t>id</t>", "<t>name</t>", "<t>s7</t>", furigana, "<t>s8</t>", formatted]
    assert read_roster(with_shared_strings(path, strings)) == [
        Student("s7", "山田", row=2),
        Student("s8", "Ann Lee", row=3),
    ]


@pytest.mark.parametrize("told", ["A1:A1", "A1:XFD1048576", "B3:C3"])
def test_a_sheet_that_lies_about_its_size(tmp_path, told):
    path = book_file(tmp_path, [["id", "name"], ["7", "Ann"], ["8", "Bo"]])
    part_changed(path, SHEET, lambda xml: xml.replace('ref="A1:B3"', f'ref="{told}"'))
    assert [student.name for student in read_roster(path)] == ["Ann", "Bo"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('<row r="3"', '<row r="2"', "row 2 after row 2"),
        ('<row r="2"', '<row r="9"', "row 3 after row 9"),
        ('<row r="3"', '<row r="99999999"', "row 99999999"),
        ('r="B3"', 'r="A3"', "cell A3 out of order"),
        ('r="A3"', 'r="C3"', "cell B3 out of order"),
        ("</sheetData>", "", "not a whole XLSX workbook"),
        ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="B2:B3"/></mergeCells>',
         "cells B2:B3 of sheet 'S1' are merged; unmerge"),
    ],
)  # fmt: skip
def test_nothing_of_an_odd_sheet_is_lost_in_silence(tmp_path, old, new, reason):
    path = book_file(tmp_path, [["id", "name"], ["7", "Ann"], ["8", "Bo"]])
    part_changed(path, SHEET, lambda xml: xml.replace(old, new))
    message = book_refusal(path)
    assert "roster.xlsx" in message
    assert reason in message


def test_far_too_large_a_workbook(tmp_path, monkeypatch):
    path = book_file(tmp_path, [["id", "name"], ["7", "Ann"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("zeros", bytes(100_000_000))
    assert path.stat().st_size < 1_000_000
    assert "roster.xlsx: the workbook unpacks to 100,0" in book_refusal(path)
    path = book_file(tmp_path, [["id", "name"], ["7", "Ann"]])
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(1_000):
            archive.writestr(f"part{number}", b"")
    assert re.search(
        r"roster\.xlsx: 10\d\d parts in the workbook; at most 1000", book_refusal(path)
    )


def test_what_is_no_workbook(tmp_path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    good = book_file(tmp_path, [["id", "name"], ["7", "Ann"]]).read_bytes()
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "a")
    for content, reason in [
        (b"", "empty"),
        (b"id,name\n7,Ann", "not an XLSX workbook"),
        (ole + "EncryptedPackage".encode("utf-16-le"), "password"),
        (ole, r"old \.xls"),
        (good[:-100], "not a whole XLSX workbook"),
        (good[:1000] + b"????" + good[1004:], "not a whole XLSX workbook"),
        (other.getvalue(), "not a whole XLSX workbook"),
    ]:
        with pytest.raises(InputError, match=f"^roster.xlsx.*{reason}"):
            read_roster(text_file(tmp_path, content, name="roster.xlsx"))


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1))
def test_a_damaged_workbook_is_read_or_refused(tmp_path_factory, changes):
    folder = tmp_path_factory.getbasetemp()
    path = book_file(folder, [["id", "name"], ["7", "Ann"]], name="damaged.xlsx")
    content = bytearray(path.read_bytes())
    for place, byte in changes:
        content[int(place * len(content))] = byte
    path.write_bytes(content)
    assert is_read_or_refused(path)


# Large files


@pytest.mark.slow
def test_a_hundred_thousand_rows(tmp_path):
    rows = [f"s{number},Ann Müller {number},7b,a{number}@x.org" for number in range(100_000)]
    path = text_file(tmp_path, "\n".join(["id,name,section,email", *rows]))
    students = read_roster(path)
    assert len(students) == 100_000
    assert students[-1] == Student(
        "s99999", "Ann Müller 99999", "7b", "a99999@x.org", 100_001
    )  # fmt: skip


@pytest.mark.sweep
def test_the_memory_for_a_hundred_thousand_rows(tmp_path):
    rows = [f"s{number},Ann Müller {number},7b,a{number}@x.org" for number in range(100_000)]
    path = text_file(tmp_path, "\n".join(["id,name,section,email", *rows]))
    tracemalloc.start()
    try:
        read_roster(path)
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.sweep
def test_a_workbook_of_a_hundred_thousand_rows(tmp_path):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["id", "name", "section", "email"])
    for number in range(100_000):
        sheet.append([number + 4711, f"Ann {number}", "7b", f"a{number}@x.org"])
    book.save(tmp_path / "roster.xlsx")
    students = read_roster(tmp_path / "roster.xlsx")
    assert students[-1] == Student("104710", "Ann 99999", "7b", "a99999@x.org", 100_001)
    assert len(students) == 100_000
    assert workbook.MOST_BYTES == 100_000_000
