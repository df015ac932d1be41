"""A course made once more after its ladder has changed: who has a sheet keeps it."""

import json

import pytest

from worksheets import cli
from worksheets.course.folders import move

PLAIN = '[[rung]]\nkind = "matmul"\n'
FADED = f'{PLAIN}fade = "product"\n'
SOFTMAX = '[[rung]]\nkind = "softmax"\n'
CLASS = ("0071,Ada", "0072,Bob")


@pytest.fixture
def run(tmp_path, capsys):
    """Make a course of these rungs for these students, and return the code and what went wrong."""

    def run(rungs, students=CLASS, *options):
        ladder, roster = tmp_path / "ladder.toml", tmp_path / "list.csv"
        ladder.write_text('title = "Products"\n' + "".join(rungs), "utf-8")
        roster.write_text("\n".join(["Student ID,Name", *students]), "utf-8")
        arguments = ["course", str(ladder), str(roster), "--set", "x", "--output"]
        with pytest.raises(SystemExit) as caught:
            cli.main([*arguments, str(tmp_path / "o"), *options])
        return caught.value.code or 0, capsys.readouterr().err

    return run


@pytest.fixture
def stands(tmp_path):
    return lambda: {path: path.read_bytes() for path in (tmp_path / "o").rglob("*.*")}


def ids(tmp_path):
    """The sheets by folder and student."""
    return {
        path.parent.name: {
            one["student"]: one["id"] for one in json.loads(path.read_text("utf-8"))["students"]
        }
        for path in (tmp_path / "o").glob("*/manifest.json")
    }


@pytest.mark.slow
def test_rungs_before_and_after_change_nobodys_sheet(run, tmp_path):
    assert run([PLAIN])[0] == 0
    first = ids(tmp_path)
    assert list(first) == ["1-matmul-1"]
    assert run([FADED, PLAIN, SOFTMAX])[0] == 0
    second = ids(tmp_path)
    assert sorted(second) == ["1-matmul-1-product", "2-matmul-1", "3-softmax-1"]
    assert second["2-matmul-1"] == first["1-matmul-1"]
    assert not set(second["1-matmul-1-product"].values()) & set(first["1-matmul-1"].values())
    assert run([SOFTMAX, PLAIN, FADED])[0] == 0  # two change places
    third = ids(tmp_path)
    assert sorted(third) == ["1-softmax-1", "2-matmul-1", "3-matmul-1-product"]
    assert list(map(third.get, sorted(third))) == [
        second[name] for name in ("3-softmax-1", "2-matmul-1", "1-matmul-1-product")
    ]
    assert sorted(path.name for path in (tmp_path / "o").iterdir()) == [
        *sorted(third),
        "course.pdf",
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rungs", "students", "says"),
    [
        ([SOFTMAX], CLASS, "1-matmul-1: handed out before, and no rung of the ladder any more"),
        ([SOFTMAX, FADED], CLASS, "no rung of the ladder any more"),
        ([SOFTMAX, PLAIN], CLASS[:1], "'0072' (Bob) is not in list.csv"),
        ([SOFTMAX, PLAIN], ("71,Ada", "72,Bob"), "2 of the 2 sheets"),
    ],
)
def test_what_would_take_sheets_away_is_refused_before_anything_is_written(
    run, stands, rungs, students, says
):
    assert run([PLAIN])[0] == 0
    before = stands()
    code, error = run(rungs, students)
    assert code == 2
    assert says in error
    assert stands() == before


def test_a_page_that_is_no_courses_stays_and_nothing_else_is_written(run, tmp_path):
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "course.pdf").write_bytes(b"mine")
    assert "course.pdf exists and belongs to something else" in run([PLAIN])[1]
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["course.pdf"]


@pytest.mark.slow
def test_a_run_that_was_killed_while_folders_changed_places_goes_on(run, tmp_path):
    assert run([PLAIN, SOFTMAX])[0] == 0
    before = ids(tmp_path)
    names = [tmp_path / "o" / name for name in sorted(before)]
    names[0].rename(tmp_path / "o" / ".2-matmul-1-moved")
    assert run([SOFTMAX, PLAIN])[0] == 0
    after = ids(tmp_path)
    assert after == {"1-softmax-1": before["2-softmax-1"], "2-matmul-1": before["1-matmul-1"]}


def test_folders_that_change_places_are_not_mixed_up(tmp_path):
    folders = [tmp_path / name for name in "abc"]
    for one in folders:
        one.mkdir()
        (one / one.name).touch()
    move(folders, [tmp_path / name for name in "bca"])
    assert {one.name: [path.name for path in one.iterdir()] for one in tmp_path.iterdir()} == {
        "a": ["c"],
        "b": ["a"],
        "c": ["b"],
    }
