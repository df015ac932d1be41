"""Lists as real systems export them: who is read, with what identifier, and what is told."""

import random
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from worksheets.cli.remedies import remedy
from worksheets.errors import InputError
from worksheets.roster.headings import heading_matcher
from worksheets.roster.students import Roster, read_roster, roster_of
from worksheets.roster.table import read_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (101),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,10.00,(read only)
"Rivera, Ana",11,0071,arivera,Block 3,9.00,90
"Chen, Ben",12,0072,bchen,Block 3 and Lab 2,8.00,80
"Student, Test",15,,5f0e9d,Block 3,,
"""
CANVAS_NO_SIS = CANVAS.replace("0071", "").replace("0072", "")
GOOGLE = """Last Name,First Name,Email Address,Quiz 1
,,Date,2026-09-10
,,Points,10
Rivera,Ana,ana@s.example,9
Chen,Ben,ben@s.example,8
"""
SUFFIX = {"webuntis": ".txt", "blackboard": ".xls", "webwork": ".lst", "peoplesoft": ".xls"}
TEXTS = {
    "canvas": CANVAS,
    "canvas without SIS": CANVAS_NO_SIS,
    "google classroom": GOOGLE,
    "moodle": "First name,Surname,ID number,Email address,Groups,Roles,Status\n"
    "Ana,Rivera,0071,ana@s.example,G1,Student,Active\n"
    "Ben,Chen,0072,ben@s.example,G1,Student,Active\n"
    "Tom,Smith,0099,tom@s.example,,Teacher,Active\n"
    "Eve,Gone,0074,eve@s.example,,Student,Suspended\n",
    "moodle without ID numbers": "First name,Surname,ID number,Email address\n"
    "Ana,Rivera,,ana@s.example\nBen,Chen,,ben@s.example\n",
    "webuntis": "name\tlongName\tforeName\tklasse.name\ttext\tid\texternKey\temail\n"
    "RiveAna\tRivera\tAna\t7a\t\t\t1001\t\nChenBen\tChen\tBen\t7a\t\t\t1002\t\n",
    "untis": "Langname;Vorname;Klasse;Schülernummer\nRivera;Ana;7a;0071\nChen;Ben;7a;0072\n",
    "oneroster": "sourcedId,status,role,username,givenName,familyName,email,identifier,grades\n"
    "u1,active,student,arivera,Ana,Rivera,ana@s.example,0071,07\n"
    "u3,active,student,bchen,Ben,Chen,ben@s.example,0072,07\n"
    "u4,tobedeleted,student,egone,Eve,Gone,eve@s.example,0074,07\n"
    "u2,active,teacher,tsmith,Tom,Smith,tom@s.example,T1,\n",
    "synergy": '"Last, First",PERM ID,Grade\n"Rivera, Ana",0071,7\n"Chen, Ben",0072,7\n',
    "powerschool": "Students.Last_Name,Students.First_Name,Students.Student_Number\n"
    "Rivera,Ana,0071\nChen,Ben,0072\n",
    "sims": "Class list for 7A/Ma1,,,\nPrinted 28/11/2026,,,\n,,,\n"
    "Adno,Legal Surname,Legal Forename,Reg Group\n0071,Rivera,Ana,7A\n0072,Chen,Ben,7A\n",
    "tumonline": "REGISTRATION_NUMBER,FAMILY_NAME_OF_STUDENT,FIRST_NAME_OF_STUDENT,"
    "EMAIL_ADDRESS_OF_STUDENT\n0071,Rivera,Ana,ana@s.example\n0072,Chen,Ben,ben@s.example\n",
    "cmu": "Section,Last Name,Preferred/First Name,MI,Andrew ID,Email\n"
    "W,Rivera,Ana,M,arivera,ana@s.example\nW,Chen,Ben,E,bchen,ben@s.example\n,,,,,\n",
    "ucsb": '"Perm #","Student Last","Student First Middle","Email"\n'
    '"A71","RIVERA","ANA M","ana@s.example"\n"A72","CHEN","BEN","ben@s.example"\n',
    "gradescope": "First Name,Last Name,SID,Email,Sections,Status\n"
    "Ana,Rivera,0071,ana@s.example,7a,Graded\nBen,Chen,0072,ben@s.example,7a,Missing\n",
    "blackboard": '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"\n'
    '"Rivera"\t"Ana"\t"arivera"\t"0071"\t"Yes"\n"Chen"\t"Ben"\t"bchen"\t"0072"\t"Yes"\n'
    '"Smith_PreviewUser"\t"Tom"\t"tsmith_previewuser"\t""\t"Yes"\n',
    "brightspace": "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
    "#0071,#arivera,Rivera,Ana,ana@s.example,#\n#0072,#bchen,Chen,Ben,ben@s.example,#\n",
    "teams": "Name,Email,Role\nAna Rivera,ana@s.example,Student\nBen Chen,ben@s.example,Student\n"
    "Ms Teacher,t@s.example,Teacher\n",
    "webwork": "# Field order: student_id,last_name,first_name,status,comment,section\n"
    "0071,Rivera,Ana,C,,1\n0072,Chen,Ben,C,,1\n0073,Gone,Eve,D,,1\n",
    "google admin": "First Name [Required],Last Name [Required],Email Address [Required]\n"
    "Ana,Rivera,ana@s.example\nBen,Chen,ben@s.example\n",
    "peoplesoft": "<html><meta charset='utf-8'><table><tr><th>ID<th>Name<th>Status</tr>"
    "<tr><td>0071</td><td>Rivera,Ana</td><td>Enrolled<tr><td>0072<td>Chen,Ben<td>Enrolled"
    "<tr><td>0074<td>Gone,Eve<td>Dropped</table>",
}
READ = {  # the two identifiers, and words that the told lines have
    "canvas": ("0071 0072", ["row 2 ('Manual Posting')", "row 3 ('Points Possible')",
                             "test student: row 6 ('Student, Test')"]),
    "canvas without SIS": ("11 12", ["column B ('ID') identifies",
                                     "column C ('SIS User ID') is empty"]),
    "google classroom": ("ana@s.example ben@s.example", ["row 2 ('Date'), row 3 ('Points')"]),
    "moodle": ("0071 0072", ["column F ('Roles') says 'Teacher': row 4 ('Tom Smith')",
                             "column G ('Status') says 'Suspended': row 5 ('Eve Gone')"]),
    "moodle without ID numbers": ("ana@s.example ben@s.example",
                                  ["column C ('ID number') is empty"]),
    "webuntis": ("1001 1002", ["column F ('id') is empty"]),
    "untis": ("0071 0072", []),
    "oneroster": ("0071 0072", ["says 'tobedeleted'", "says 'teacher'"]),
    "synergy": ("0071 0072", []),
    "powerschool": ("0071 0072", []),
    "sims": ("0071 0072", ["headings are those in row 4", "row 2 ('Printed 28/11/2026')"]),
    "tumonline": ("0071 0072", []),
    "cmu": ("arivera bchen", []),
    "ucsb": ("A71 A72", []),
    "gradescope": ("0071 0072", []),
    "blackboard": ("0071 0072", ["test student: row 4"]),
    "brightspace": ("0071 0072", ["'#0071' is read as '0071'"]),
    "teams": ("ana@s.example ben@s.example", ["says 'Teacher': row 4 ('Ms Teacher')"]),
    "webwork": ("0071 0072", ["column D ('status') says 'D': row 4"]),
    "google admin": ("ana@s.example ben@s.example", []),
    "peoplesoft": ("0071 0072", ["says 'Dropped': row 4"]),
}  # fmt: skip


def written(folder: Path, text: str, suffix: str = ".csv", encoding: str = "utf-8") -> Path:
    path = folder / f"list{suffix}"
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path) -> Roster:
    return roster_of(read_table(path, heading_matcher({})), {})


@pytest.mark.parametrize("system", TEXTS)
def test_lists_of_real_systems(tmp_path, system):
    encoding = "utf-16" if system == "blackboard" else "utf-8"
    roster = read(written(tmp_path, TEXTS[system], SUFFIX.get(system, ".csv"), encoding))
    identifiers, told = READ[system]
    assert [student.identifier for student in roster.students] == identifiers.split()
    for student, parts in zip(roster.students, [("ana", "rivera"), ("ben", "chen")], strict=True):
        assert set(parts) <= set(re.findall(r"\w+", student.name.casefold()))
    for words in told:
        assert any(words in note for note in roster.notes), roster.notes
    assert len(roster.notes) == len(set(roster.notes))


@pytest.mark.parametrize(
    ("text", "identifiers", "told"),
    [
        ("Nr.,Name,Vorname\n1,Beispiel,Max\n2,Muster,Lea", "Max Beispiel|Lea Muster",
         "column A ('Nr.') only counts the rows"),
        ("Nr.,Name,Vorname\n2.,Beispiel,Max\n5.,Muster,Lea", "Max Beispiel|Lea Muster",
         "only counts"),
        ("ID,Name\n1,Ann\n2,Bo\n3,Cy", "Ann|Bo|Cy", "column A ('ID') only counts the rows"),
        ("ID,Login,Name\n7,ann,A\n7,bo,B\n8,cy,C\n9,di,D", "ann|bo|cy|di",
         "says the same of several students"),
        ("ID,Email,Name\n7,a@x,A\n,b@x,B\n8,c@x,C", "a@x|b@x|c@x", "empty in row 3"),
        ("Name,Section\nAnn,7a\nBo,7a", "Ann|Bo", "a name that is corrected later"),
        ("ID,Name\n4711.0,Ann\n4712.0,Bo", "4711|4712", "'4711.0' is read as '4711'"),
        ("ID,Name\n'0071,Ann\n'0072,Bo", "0071|0072", "is read as '0071'"),
        ('ID,Name\n"=""0071""",Ann\n"=""0072""",Bo', "0071|0072", "is read as '0071'"),
        ("ID,Name\n0071,Ann\n72,Bo", "0071|72", "'72' is shorter than '0071'"),
        ("ID,Name\n3-Jan,Ann\n4711,Bo", "3-Jan|4711", "looks like a date"),
        ("ID,Name\n1E5,Ann\n4711,Bo", "1E5|4711", "'1E5' may be a number"),
        ("ID,Name\n12e7,Ann\n1E11,Bo", "12e7|1E11", "'12e7' may be a number"),
        ("ID,Name,Class\n7,Ann,7a\n8,Bo,7a\nTotal,2,", "7|8", "row 4 ('Total')"),
        ("Name,ID,Class\nAnn,7,7a\nBo,8,7a\nTotal,2,", "7|8", "row 4 ('Total')"),
        ("ID,Name,Class\n7,Ann,7a\n8,Bo,7a\n,Klassendurchschnitt: 2,4,", "7|8", "row 4"),
        ("ID,Name\n7,Ann\nID,Name\n8,Bo", "7|8", "the headings again: row 3"),
        ("No.,ID,Name\n1,7,Ann\n2,8,Bo\n3,,\n4,,", "7|8", "row 4 ('3'), row 5 ('4')"),
        ("ID,Name,Comment\n7,Ann,points possible\n8,Bo,Total", "7|8", "not used"),
        ("ID,Name\n7,Max Total\n8,Page\n9,Total", "7|8|9", ""),
        ("ID,First,Last\n7,Max,Date\n8,Bo,Summe", "7|8", ""),
        ("ID,Name,Active\n7,Ann,yes\n8,Bo,no", "7", "says 'no': row 3 ('Bo')"),
        ("ID,Name,Role\n7,Ann,StudentEnrollment\n8,Bo,TaEnrollment", "7", "row 3 ('Bo')"),
        ("ID,Name,Role\n7,Ann,Student\n8,Bo,StudentViewEnrollment", "7", "row 3 ('Bo')"),
        ("ID,Name,Status\n7,Ann,Active\n8,Bo,Dropped 10/3", "7", "row 3 ('Bo')"),
        ("ID,Name,Status\n7,Ann,Enrolled\n8,Bo,Waitlisted", "7|8",
         "read as a student, though column C ('Status') says 'Waitlisted': row 3 ('Bo')"),
        ("ID,Name\n7,Ann (Annie)\n8,Bo (dropped)", "7|8", "'(dropped)': row 3 ('Bo (dropped)')"),
        ("sourcedId,userSourcedId,role\ne1,7,student\ne2,8,teacher", "7", "row 3 ('e2')"),
        ("ID,Name,Roles\n7,Ann,Student\n8,Bo,\"Teacher, Student\"", "7|8", "though column C"),
        ("ID,Name,Status\n7,Ann,Graded\n8,Bo,Ungraded", "7|8", "not used: column C ('Status')"),
        ("ID,Name,Exit Date\n7,Ann,\n8,Bo,1.2.2026", "7|8", "says '1.2.2026': row 3 ('Bo')"),
        ("ID,Name,\n7,Lee,Ann\n8,Lee,Bo", "7|8", "not used: column C (without a heading)"),
        ("Nr.,ID,Name,Mark\n1,7,Ann,3\n2,8,Bo,4\nSumme,,2,", "7|8", "row 4 ('Summe')"),
        ("ID,Name,Mark,\n7,Ann,3,\n8,Bo,4,\n,,3.5,Average", "7|8", "row 4"),
        ("ID,Name\n`0071,Ann\n`0072,Bo", "0071|0072", "is read as '0071'"),
        ("ID,Name\n100.045,Ann\n100.046,Bo", "100.045|100.046", "has separators"),
    ],
)  # fmt: skip
def test_what_stands_in_a_list_decides_and_is_told(tmp_path, text, identifiers, told):
    roster = read(written(tmp_path, text))
    assert [student.identifier for student in roster.students] == identifiers.split("|")
    assert not told or any(told in note for note in roster.notes), roster.notes


def test_who_joins_a_numbered_list_changes_nobodys_identifier(tmp_path):
    before = read(written(tmp_path, "Nr.,Name\n1,Ann\n2,Cy")).students
    after = read(written(tmp_path, "Nr.,Name\n1,Ann\n2,Bo\n3,Cy")).students
    assert {one.identifier for one in before} < {one.identifier for one in after}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ID,Name\n1.23457E+11,Ann\n7,Bo", ["row 2", "'1.23457E+11'", "--column id=HEADING"]),
        ("ID,Name\n,Ann\n7,Bo", ["row 2", "--column id=HEADING", "delete the row"]),
        ("ID,Last name,Artist Name\n7,Lee,Ann", ["'Last name'", "--column first=C",
                                                 "--column name=B"]),
        ("Section,Room\n7a,2", ["none of the headings", "--column id=HEADING", "delete the rows"]),
        ("ID,Name,Role\n7,Ann,Teacher", ["no students", "says 'Teacher': row 2 ('Ann')"]),
        ("Student ID,SIS User ID,Name\n7,8,Ann", ["--column id=A"]),
    ],
)  # fmt: skip
def test_a_refusal_names_the_remedy(tmp_path, text, parts):
    with pytest.raises(InputError) as caught:
        read(written(tmp_path, text))
    for part in parts:
        assert part in f"{caught.value}{remedy(caught.value)}"


def book(path: Path, rows: list[list[str]], change=lambda sheet: None) -> Path:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    change(workbook.active)
    workbook.save(path)
    return path


def rewritten(path: Path, change) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


ROWS = [["Class 7a", None], ["ID", "Name", "Note"], ["7", "Ann"], ["8", "Bo"]]


def test_rows_hidden_by_a_filter_are_passed_over(tmp_path):
    def hide(sheet):
        sheet.row_dimensions[4].hidden = True

    roster = read(book(tmp_path / "list.xlsx", ROWS, hide))
    assert [student.identifier for student in roster.students] == ["7"]
    assert any("hides them: row 4 ('Bo')" in note for note in roster.notes)


@pytest.mark.parametrize("cells", ["A1:C1", "C3:C4", "C2:E2"])
def test_merged_cells_that_nobody_needs(tmp_path, cells):
    roster = read(book(tmp_path / "list.xlsx", ROWS[1:] if cells == "C2:E2" else ROWS,
                       lambda sheet: sheet.merge_cells(cells)))  # fmt: skip
    assert [student.identifier for student in roster.students] == ["7", "8"]


def test_strict_open_xml_is_read(tmp_path):
    def strict(name, content):
        return re.sub(rb"http://schemas\.openxmlformats\.org/(spreadsheetml|officeDocument)/2006/",
                      rb"http://purl.oclc.org/ooxml/\1/", content)  # fmt: skip

    path = rewritten(book(tmp_path / "list.xlsx", ROWS), strict)
    with zipfile.ZipFile(path) as archive:
        assert MAIN.encode() not in archive.read("xl/workbook.xml")
    assert [student.name for student in read_roster(path)] == ["Ann", "Bo"]


def test_a_style_in_the_last_column_costs_nothing(tmp_path):
    def widen(name, content):
        if name != SHEET:
            return content
        return re.sub(rb'(<row r="(\d+)".*?)</row>', rb'\1<c r="XFD\2"/></row>', content)

    path = rewritten(book(tmp_path / "list.xlsx", ROWS), widen)
    table = read_table(path, heading_matcher({}))
    assert max(len(row.cells) for row in table.rows) <= 3
    assert len(roster_of(table, {}).students) == 2


def test_a_sheet_of_far_too_many_cells(tmp_path, monkeypatch):
    monkeypatch.setattr("worksheets.roster.workbook.MOST_CELLS", 5)
    with pytest.raises(InputError, match="more than 5 rows and cells"):
        read(book(tmp_path / "list.xlsx", ROWS))


def test_columns_that_no_list_needs(tmp_path):
    roster = read(written(tmp_path, "ID,Name" + ",Quiz" * 300 + "\n7,Ann" + ",9" * 300))
    assert len(roster.students) == 1
    assert any("only the first 200 columns" in note for note in roster.notes)
    with pytest.raises(InputError, match="line 2: it has 30,001 columns"):
        read(written(tmp_path, "ID,Name\n" + "," * 30_000))
    short = "\r".join(["ID,Name", *(f"s{number},N" for number in range(20_000))])
    assert len(read(written(tmp_path, short)).students) == 20_000


def test_an_old_workbook_and_a_text_with_its_name(tmp_path):
    path = tmp_path / "list.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest")
    with pytest.raises(InputError, match=r"old \.xls workbook; save it as XLSX or CSV"):
        read(path)


PIECES = [
    ",",
    ";",
    "|",
    '"',
    "0",
    "7.0",
    "#",
    "'",
    "=",
    "@",
    "é",
    "ID",
    "Name",
    "Nr.",
    "Total",
    "Teacher",
    "Dropped",
    "1.2E+11",
]
PIECES += ["\n", "\r", "\t", "\x00", "Points Possible", "Test Student"]


def mutated(draws: random.Random) -> str:
    text = draws.choice([text for text in TEXTS.values() if "<html" not in text])
    for _ in range(draws.randint(1, 6)):
        start = draws.randrange(len(text) + 1)
        end = start + draws.choice([0, 0, 1, 5, 40])
        repeated = draws.choice(["", draws.choice(PIECES), text[start:end] * 2])
        text = text[:start] + repeated + text[end:]
    return text


def check_mutations(folder: Path, numbers: range) -> int:
    """Assert of each mutated list that it is read, and adds up, or is refused in words."""
    sound = 0
    for number in numbers:
        path = written(folder, mutated(random.Random(number)))
        try:
            table = read_table(path, heading_matcher({}))
            roster = roster_of(table, {})
        except InputError as error:
            unnamed = [] if "list.csv" in str(error) else [str(error)]
            assert not unnamed, number
            continue
        assert len(roster.students) + roster.passed_over + 1 == len(table.rows), number
        identifiers = [student.identifier for student in roster.students]
        assert len(set(identifiers)) == len(identifiers), number
        assert sum(len(row.cells) for row in table.rows) <= 200 * len(table.rows), number
        sound += 1
    return sound


def test_mutated_lists_are_read_or_refused(tmp_path):
    assert check_mutations(tmp_path, range(200)) > 50


@pytest.mark.sweep
def test_many_mutated_lists_are_read_or_refused(tmp_path):
    assert check_mutations(tmp_path, range(5_000)) > 1_250


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ID,First,Tussenvoegsel,Last\n7,Jan,van,Dijk\n8,Eva,,Bos", "Jan van Dijk|Eva Bos"),
        ("ID,Nombre,Primer apellido,Segundo apellido\n7,Ana,Ruiz,Gil", "Ana Ruiz Gil"),
        ("ID,Nombre,Apellido paterno,Apellido materno\n7,Ana,Ruiz,Gil", "Ana Ruiz Gil"),
        ("ID,Last Name,First Name,Preferred Name\n7,Rivera,Ana Maria,Ani", "Ana Maria Rivera"),
        ("ID,Preferred Name\n7,Ani Rivera", "Ani Rivera"),
    ],
)
def test_a_name_is_whole(tmp_path, text, names):
    roster = read(written(tmp_path, text))
    assert [student.name for student in roster.students] == names.split("|")


@pytest.mark.parametrize("text", ["7E1,7E2", "7E12,7E3", "1E5,A17", "12E3,3F07,4711"])
def test_identifiers_that_look_like_numbers_among_others_that_do_not_are_taken(tmp_path, text):
    rows = [f"{one},{chr(ord('A') + place)}nn" for place, one in enumerate(text.split(","))]
    roster = read(written(tmp_path, "\n".join(["ID,Name", *rows])))
    assert [student.identifier for student in roster.students] == text.split(",")
    assert roster.notes == []


@pytest.mark.parametrize(
    "lost", ["#N/A", "#REF!", "#WERT!", "########", "1.2E-05", "1,2E+11", "1.23457E11"]
)
def test_an_identifier_that_a_spreadsheet_has_lost_is_refused(tmp_path, lost):
    with pytest.raises(InputError, match="save"):
        read(written(tmp_path, f'ID,Name\n"{lost}",Ann\n0072,Bo'))
