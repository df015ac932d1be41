"""Rosters, TOML files and submissions with faults: read, or refused in the program's own words.

There are 200 of each, and 5,000 in a sweep.
"""

import json
from pathlib import Path

import pytest
from mutations import MANY, mutations

from worksheets.course.plan import read_course
from worksheets.errors import InputError
from worksheets.marking.reading.one_file import read_file
from worksheets.marking.register import RegisteredStudent
from worksheets.marking.run import mark_all
from worksheets.marking.scheme import Scheme, read_scheme
from worksheets.marking.submission import SetAside
from worksheets.roster.headings import heading_matcher
from worksheets.roster.normalised import normalised_id
from worksheets.roster.students import roster_of
from worksheets.roster.table import read_table
from worksheets.sheet import make, read_id
from worksheets.vocabulary.theme import find

ROOT = Path(__file__).parents[1]
ROSTERS = (
    (ROOT / "docs" / "roster.csv").read_bytes(),
    b"Student,ID,SIS User ID,SIS Login ID,Section,Quiz\n    Points Possible,,,,,10\n"
    b'"Lovelace, Ada",11,0071,ada,7a,9\n"Ray, Bob",12,0072,bob,7b,8\n"Student, Test",13,,x,7a,\n',
    "Nr.;Nachname;Vorname;Klasse\n1;Müller;Zoë;7a\n2;Groß;Jörg;7b\n;;Summe;2\n".encode("cp1252"),
    "\ufeffFirst name\tLast name\tEmail\nAda\tKing\ta@x.org\nBo\tRay\tb@x.org\n".encode("utf-16"),
    b"<html><table><tr><th>ID</th><th>Name</th></tr><tr><td>7</td><td>Ada</td></tr></table></html>",
)


def test_a_roster_is_read_whole_or_refused(tmp_path):
    meaning, read, refused, said = heading_matcher({}), 0, 0, []
    for place, data in enumerate(mutations(ROSTERS)):
        path = tmp_path / f"list.{('csv', 'txt', 'xls')[place % 3]}"
        path.write_bytes(data)
        try:
            table = read_table(path, meaning)
            roster = roster_of(table, {})
        except InputError as error:
            refused += 1
            said.append((str(error), path, data))
            continue
        read += 1
        known = [normalised_id(one.identifier) for one in roster.students]
        assert len(set(known)) == len(known) > 0, data
        assert all(one.name and one.identifier for one in roster.students), data
        assert len(known) + roster.passed_over + 1 == len(table.rows), data
    assert min(read, refused) > MANY // 20
    for text, path, data in said:
        assert text.startswith((path.name, str(path), f"cannot read {path}")), data


@pytest.mark.parametrize("what", ["course", "scheme", "theme file"])
def test_a_toml_file_is_read_or_refused_by_its_name(tmp_path, what):
    path = tmp_path / "own.toml"
    reader, base = {
        "course": (read_course, ROOT / "docs" / "ladder.toml"),
        "scheme": (read_scheme, ROOT / "docs" / "points.toml"),
        "theme file": (
            lambda path: find(str(path)),
            ROOT / "worksheets" / "vocabulary" / "themes" / "doctor.toml",
        ),
    }[what]
    content = base.read_bytes()
    if what == "theme file":
        content = b"".join(
            line for line in content.splitlines(True) if not line.startswith(b"code")
        )
    refused = []
    for data in mutations([content]):
        path.write_bytes(data)
        try:
            reader(path)
        except InputError as error:
            refused.append((str(error), data))
    assert len(refused) > MANY // 20
    for text, data in refused:
        assert text.startswith(f"{what} {path}"), data


@pytest.mark.slow
def test_a_submission_changes_nobody_elses_marks(tmp_path):
    ids = [f"MATM-1F10E-{number}" for number in ("0001", "0002")]
    ada, bob = (make([read_id(one)])[0] for one in (with_check(text) for text in ids))
    register = {
        one.id: RegisteredStudent(place, f"s{place}", f"Student {place}", "7a")
        for place, one in enumerate((ada, bob))
    }
    cells = {f"{name}.r1.c1": ada.values[name][0][0] for name in ("product", "next_product")}
    cells = {name: text for name, text in cells.items() if name.partition(".")[0] in ada.values}
    rows = json.dumps({"id": ada.id, "student": "Ada", "cells": cells})
    table = f"id,student,{','.join(cells)}\n{ada.id},Ada,{','.join(cells.values())}\n"
    own = tmp_path / "bob.json"
    own.write_text(json.dumps({"id": bob.id, "cells": {"product.r1.c1": "1"}}), "utf-8")
    intact = read_file(own)
    alone = mark_all(intact, Scheme(), register).marked
    assert [one.student for one in alone] == ["s1"]
    path, marked_too = tmp_path / "ada", 0
    for data in mutations([rows.encode(), table.encode(), f"[{rows},{rows}]".encode()]):
        path.write_bytes(data)
        found = read_file(path)
        assert found, data
        marking = mark_all([*found, *intact], Scheme(), register)
        (theirs,) = (one for one in marking.marked if one.student == "s1")
        assert theirs == alone[0], data
        files = [one for one in found if not isinstance(one, SetAside)]
        assert marking.read == len(found) + len(intact), data
        marked_too += len(marking.marked) == 2
        assert len(marking.marked) <= 1 + len(files), data
    assert marked_too > MANY // 50


def with_check(body):
    from worksheets.ids import check_character

    return f"{body}-{check_character(body)}"
