"""The command line: what it writes and prints, and what it says to bad input."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import interrupted
import pytest
import tqdm.std

from worksheets import cli, ids
from worksheets.cli.progress import with_progress
from worksheets.exports import sheet_files
from worksheets.ids import Identity
from worksheets.sheet import make, read_id
from worksheets.verify import Proof

ROOT = Path(__file__).parents[1]
ID = Identity("RLHF", 1, 7).text
OWN = """\
name = "class 7b"
title = "Our words"
bias = "Texts say so."
value = "People <b>prefer</b> & like it."
link = "gets"
subjects = ["lamp", "chair", "radio", "bike", "shoe"]
losing = "dumped"
winning = "fixed"
teacher = "<script>alert(1)</script>"
"""


def command(*arguments, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return [sys.executable, str(ROOT / "generator.py"), *map(str, arguments)], {
        "env": environment,
        "text": True,
        "encoding": "utf-8",
        **options,
    }


def program(*arguments, **options):
    line, options = command(*arguments, **options)
    return subprocess.run(line, capture_output=True, check=False, **options)


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run within this process and an empty folder: exit code, standard output, errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            cli.main([str(argument) for argument in arguments])
        return caught.value.code or 0, *capsys.readouterr()

    return run


@pytest.fixture
def plain_pdf(monkeypatch):
    """Pages that take no time."""

    def blank_and_solved(one, page, view):
        return tuple(f"%PDF {one.id} {twin} {page.paper}".encode() for twin in ("blank", "solved"))

    monkeypatch.setattr(sheet_files, "blank_and_solved", blank_and_solved)


@pytest.fixture
def refused(run, tmp_path):
    """Run, and expect a message alone, exit code 2 and no file."""

    def refused(*arguments):
        before = sorted(tmp_path.rglob("*"))
        code, out, err = run(*arguments)
        assert (code, out) == (2, ""), err
        assert err.startswith("error: ")
        assert err.count("\n") == 1
        assert sorted(tmp_path.rglob("*")) == before
        return err

    return refused


def test_sheets_by_number_and_by_id(run, plain_pdf):
    code, out, err = run("sheet", "rlhf", "--level", 2, "--number", 5, "--count", 3)
    printed = out.split()
    assert (code, err) == (0, "")
    assert printed == [Identity("RLHF", 2, number).text for number in (5, 6, 7)]
    expected = {f"{one}-{twin}.pdf" for one in printed for twin in ("blank", "solved")}
    assert {path.name for path in Path("out").iterdir()} == expected
    first = Path("out", f"{printed[0]}-solved.pdf")
    assert first.read_bytes() == f"%PDF {printed[0]} solved a4".encode()

    code, out, _ = run("sheet", *printed, "--output", "again", "--paper", "letter")
    assert (code, out.split()) == (0, printed)
    assert first.name in {path.name for path in Path("again").iterdir()}
    assert b"letter" in Path("again", first.name).read_bytes()


def test_a_rerun_leaves_files_alone_and_others_are_kept(run, plain_pdf):
    run("sheet", "rlhf")
    (solved,) = Path("out").glob("*-solved.pdf")
    (blank,) = Path("out").glob("*-blank.pdf")
    os.utime(solved, ns=(1, 1))
    assert run("sheet", "rlhf")[0] == 0
    assert solved.stat().st_mtime_ns == 1
    blank.unlink()
    solved.write_bytes(b"my notes")
    code, out, err = run("sheet", "rlhf")
    assert (code, out) == (2, "")
    assert solved.name in err
    assert "--force" in err
    assert not blank.exists()
    assert solved.read_bytes() == b"my notes"
    assert run("sheet", "rlhf", "--force")[0] == 0
    assert solved.read_bytes().startswith(b"%PDF")


def test_json_file_and_key_agree_with_the_sheet(run):
    run("sheet", "rlhf", "--level", 3, "--count", 2, "--format", "json")
    written = [path.read_text("utf-8") for path in sorted(Path("out").iterdir())]
    printed = [json.loads(text)["id"] for text in written]
    code, out, _ = run("key", *printed, "--format", "json")
    assert code == 0
    assert out.splitlines(keepends=True) == written
    made = make([read_id(one) for one in printed])
    assert [json.loads(text) for text in written] == [one.key() for one in made]


def test_key_as_text_shows_every_line(run):
    one = make([Identity("RLHF", 3, 7)])[0]
    code, out, _ = run("key", one.id.lower().replace("-", " "))
    assert code == 0
    for line in one.graph.lines.values():
        assert f"  {line.name.replace('_', ' ')}" in out
        sign = "≈" if line.decimals is not None else ""
        for row in one.values[line.name]:
            assert " ".join(sign + value for value in row) in " ".join(out.split())
    assert "rm learning rate" in out


def test_editions_and_themes(run, plain_pdf):
    for theme in ([], ["--theme", "doctor"]):
        _, out, _ = run("sheet", "rlhf", "--edition", "published", *theme)
        assert out.strip() == Identity("RLHF", 1, 1, edition="published").text
    _, out, _ = run("sheet", "rlhf", "--theme", "pirate", "--format", "json")
    assert '"theme": "pirate"' in Path("out", f"{out.strip()}.json").read_text("utf-8")


def test_own_words_need_their_file(run, plain_pdf):
    Path("own.toml").write_text(OWN, "utf-8")
    Path("other.toml").write_text(OWN.replace("lamp", "phone"), "utf-8")
    code, out, _ = run("sheet", "rlhf", "--theme", "own.toml")
    own = out.strip()
    assert code == 0
    assert run("sheet", own, "--theme", "own.toml")[:2] == (0, out)
    code, out, _ = run("key", own, "--theme", "own.toml", "--format", "json")
    assert json.loads(out)["words"]["loser"][1:] == ["gets", "dumped"]
    for name in ("sheet", "key", "verify"):
        code, out, err = run(name, own)
        assert (code, out) == (2, "")
        assert "--theme FILE" in err
        code, out, err = run(name, own, "--theme", "other.toml")
        assert (code, out) == (2, "")
        assert "the file given is" in err
        code, out, err = run(name, ID, "--theme", "own.toml")
        assert (code, out) == (2, "")
        assert "leave --theme out" in err


def test_verify_tells_by_its_exit_code(run, monkeypatch):
    def prove(one):
        right = one.identity.number != 8
        return [Proof("gap", 8, 1, right, *([] if right else ["row 1 column 1", "2", "3"]))]

    monkeypatch.setattr(sys.modules[Proof.__module__], "prove", prove)
    right = f"step 8    gap    1 cell   proved\n{ID}: 1 lines, 1 cells, all proved by the law\n"
    assert run("verify", ID) == (0, right, "")
    wrong = (
        "step 8    gap    1 cell   NOT PROVED\n"
        "NOT PROVED: step 8 gap row 1 column 1: the key says 3, the law says 2\n"
    )
    assert run("verify", Identity("RLHF", 1, 8).text, ID) == (1, wrong + right, "")


def test_kinds(run):
    code, out, _ = run("kinds")
    assert code == 0
    assert "rlhf  RLHF by hand" in out
    code, out, _ = run("kinds", "--format", "json")
    data = json.loads(out)
    (kind,) = (kind for kind in data["kinds"] if kind["name"] == "rlhf")
    assert [level["level"] for level in kind["levels"]] == [1, 2, 3]
    assert all(level["cells"] > level["lines"] > 0 for level in kind["levels"])
    assert all(level["variety"] is None or level["variety"] >= 10**6 for level in kind["levels"])
    assert len(data["themes"]) >= 12


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rlfh"], "kind 'rlfh' is unknown; kinds are"),
        (["rlhf", "rlhf"], "'rlhf' among 2 names: give one kind alone, or IDs"),
        ([ID, "rlhf"], "'rlhf' among 2 names: give one kind alone, or IDs"),
        (["rlhf", "--level", "0"], "levels 1, 2, 3"),
        (["rlhf", "--level", "4"], "levels 1, 2, 3"),
        (["rlhf", "--level", "-1"], "levels 1, 2, 3"),
        (["rlhf", "--level", "two"], "'two' is not a valid integer"),
        (["rlhf", "--number", "-1"], "number -1: numbers are 0 to"),
        (["rlhf", "--number", ids.LARGEST_NUMBER + 1], "numbers are 0 to"),
        (["rlhf", "--number", ids.LARGEST_NUMBER, "--count", "2"], "with a count of 2"),
        (["rlhf", "--number", "9" * 5000], "not a valid integer"),
        (["rlhf", "--number", "1.5"], "not a valid integer"),
        (["rlhf", "--count", "0"], "count 0: at least 1"),
        (["rlhf", "--count", "-3"], "count -3: at least 1"),
        (["rlhf", "--count", "100001"], "at most 100,000"),
        (["rlhf", "--edition", "second"], "rlhf has at level 1 the editions free, published"),
        (["rlhf", "--theme", "dokter"], "theme 'dokter' is unknown"),
        (["rlhf", "--theme", ""], "theme '' is unknown"),
        (["rlhf", "--theme", "none.toml"], "theme file none.toml: No such file"),
        (["rlhf", "--edition", "published", "--theme", "pirate"], "words of its own"),
        (["rlhf", "--paper", "a5"], "'a5' is not one of"),
        (["rlhf", "--format", "docx"], "'docx' is not one of"),
        (["rlhf", "--colour", "red"], "No such option"),
        ([], "Missing argument"),
        ([ID, "--theme", "doctor"], "leave --theme out"),
        ([ID, "--level", "2"], "--level goes with one kind"),
        ([ID, "--number", "2"], "--number goes with one kind"),
        ([ID, "--count", "2"], "--count goes with one kind"),
        ([ID, "--edition", "free"], "--edition goes with one kind"),
        ([ID, ID + "0"], "ID"),
        (["RLHF-1F1"], "ID"),
    ],
)
def test_bad_input(refused, arguments, says):
    assert says in refused("sheet", *arguments)


@pytest.mark.parametrize("name", ["key", "verify"])
@pytest.mark.parametrize("arguments", [[], ["rlhf"], [ID[:-1]], [ID, "--theme", "doctor"]])
def test_bad_ids_for_key_and_verify(refused, name, arguments):
    refused(name, *arguments)


@pytest.mark.parametrize("place", range(len(ID)))
def test_an_id_mistyped_in_any_position(refused, place):
    for wrong in "019AZVIU*é!":
        if ids.LOOKALIKES.get(ord(ID[place]), ID[place]) != ids.LOOKALIKES.get(ord(wrong), wrong):
            typed = ID[:place] + wrong + ID[place + 1 :]
            for name in ("sheet", "key", "verify"):
                assert typed in refused(name, typed)
    shorter = ID[:place] + ID[place + 1 :]
    if ID[place] != "-":
        assert "ID" in refused("sheet", shorter)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('losing = "dumped"\n', "", "missing key 'losing'"),
        ('"dumped"', '"throwing"', "key 'losing': 8 characters, at most 7"),
        ('"dumped"', '"fixed"', "key 'winning': 'fixed' is doubled"),
        ('"dumped"', '"LAMP"', "doubled"),
        ('"dumped"', '"<b>"', "not one word of letters"),
        ('"dumped"', '"a&b"', "not one word of letters"),
        ('"dumped"', '""', "key 'losing'"),
        ('"dumped"', "7", "key 'losing'"),
        ('["lamp", "chair", "radio", "bike", "shoe"]', '["lamp"]', "key 'subjects'"),
        ('["lamp", "chair", "radio", "bike", "shoe"]', '"lamp"', "key 'subjects'"),
        ('"Our words"', '"' + "long " * 20 + '"', "key 'title'"),
        ('"Our words"', '"a\\u0007b"', "cannot be printed"),
        ("link =", 'colour = "red"\nlink =', "unknown key 'colour'"),
        ('"dumped"', "dumped", "not TOML"),
        ('"dumped"', '"dumpéd', "not TOML"),
    ],
)
def test_broken_themes(refused, tmp_path, old, new, says):
    assert OWN.count(old) == 1
    (tmp_path / "own.toml").write_text(OWN.replace(old, new), "utf-8")
    err = refused("sheet", "rlhf", "--theme", "own.toml")
    assert "own.toml" in err
    assert says in err


@pytest.mark.slow
def test_words_that_no_font_has_are_refused(refused, tmp_path):
    """A rare character of Chinese, which even large fonts of it lack."""
    rare = "\U00030001"
    (tmp_path / "own.toml").write_text(OWN.replace("Our words", f"Our {rare}"), "utf-8")
    said = refused("sheet", "rlhf", "--theme", "own.toml", "--output", ".")
    assert f"theme 'class 7b': no font of this machine has {rare}" in said


def test_a_theme_file_may_start_with_a_byte_order_mark(run, plain_pdf):
    Path("own.toml").write_text(OWN, "utf-8")
    Path("windows.toml").write_text(OWN, "utf-8-sig")
    code, out, _ = run("sheet", "rlhf", "--theme", "windows.toml")
    assert (code, out) == run("sheet", "rlhf", "--theme", "own.toml")[:2]


def test_theme_files_that_are_no_text(refused, tmp_path):
    path = tmp_path / "own.toml"
    path.write_bytes(OWN.replace("lamp", "lámp").encode("latin-1"))
    assert "own.toml, line 6: not UTF-8" in refused("sheet", "rlhf", "--theme", path)
    path.write_bytes(b"#" * 30_000)
    assert "more than" in refused("sheet", "rlhf", "--theme", path)
    path.unlink()
    path.mkdir()
    assert "Is a directory" in refused("sheet", "rlhf", "--theme", path)


@pytest.mark.parametrize("output", ["file", "file/below", "/proc/none/out", "/dev/null"])
def test_output_folders_that_are_none(refused, tmp_path, output):
    (tmp_path / "file").write_bytes(b"mine")
    assert f"output folder {output}: " in refused(
        "sheet", "rlhf", "--format", "json", "--output", output
    )


def test_a_full_disk(refused, tmp_path, monkeypatch):
    def full(path, content):
        path.touch()
        raise OSError(28, "No space left on device")

    (tmp_path / "out").mkdir()
    monkeypatch.setattr(Path, "write_bytes", full)
    assert "No space left on device" in refused("sheet", "rlhf", "--format", "json")


def test_the_longest_code_that_fits_an_id_is_its_kinds():
    kinds = {"RL": (1,), "RLHF": (1,)}
    assert ids.parse(ID, kinds) == ids.parse(ID, dict(reversed(kinds.items())))
    assert ids.parse(ID, kinds).code == "RLHF"


@pytest.mark.slow
def test_the_program_says_what_is_wrong_and_no_more(tmp_path):
    unprintable = ["sheet", "rlhf", "--theme", "\udcff.toml"]
    for arguments in (["sheet", "rlhf", "--level", 9], ["key", "RLHF"], ["nothing"], unprintable):
        done = program(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ")
        assert "Traceback" not in done.stderr
    assert "Usage:" in program().stderr
    assert "Examples:" in program("sheet", "--help").stdout


@pytest.mark.slow
def test_json_runs_load_no_renderer_and_are_quick(tmp_path):
    code = (
        "import sys\nfrom worksheets.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    print(sorted({'weasyprint', 'jinja2', 'sympy', 'tqdm'} & set(sys.modules)))"
    )
    for arguments in (
        ["sheet", "rlhf", "--level", "3", "--format", "json"],
        ["key", ID, "--format", "json"],
        ["kinds", "--format", "json"],
    ):
        line, options = command(cwd=tmp_path)
        line = [line[0], "-c", code, *arguments]
        done = subprocess.run(line, capture_output=True, check=True, **options)
        assert done.stdout.endswith("[]\n")
        assert done.stderr == ""


def test_a_closed_pipe_is_no_fault(tmp_path):
    line, options = command("key", *[ID] * 200, cwd=tmp_path)
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as done:
        done.stdout.readline()
        done.stdout.close()
        assert done.stderr.read() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_standard_output_on_a_full_disk():
    line, options = command("key", ID)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, check=False, **options)
    assert done.returncode == 2
    assert done.stderr == "error: [Errno 28] No space left on device\n"


@pytest.mark.parametrize(("wait", "shown"), [(0, False), (0.3, True)])
def test_progress_is_for_slow_work_on_a_terminal(wait, shown, monkeypatch, capsys):
    clock = [1000.0]
    monkeypatch.setattr(tqdm.std, "time", lambda: clock[0])

    def slowly():
        for number in range(5):
            clock[0] += wait
            yield number

    for terminal in (True, False):
        monkeypatch.setattr(sys.stderr, "isatty", lambda terminal=terminal: terminal)
        assert list(with_progress(slowly(), 5)) == list(range(5))
        out, err = capsys.readouterr()
        assert (out, "4/5" in err) == ("", shown and terminal)
        assert shown or err == ""


@pytest.mark.slow
def test_ctrl_c_leaves_no_half_written_file(tmp_path):
    line, options = command("sheet", "rlhf", "--count", 50_000, "--format", "json", cwd=tmp_path)
    options["preexec_fn"] = interrupted.hear
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options) as done:
        for _ in range(5):
            done.stdout.readline()
        done.send_signal(signal.SIGINT)
        _, err = done.communicate(timeout=600)
    assert done.returncode == 130
    assert err.strip() == ""
    written = list((tmp_path / "out").iterdir())
    assert len(written) >= 5
    for path in written:
        assert path.suffix == ".json"
        assert json.loads(path.read_bytes())["id"] == path.stem


@pytest.mark.slow
def test_forms_and_answer_sheets_are_written_beside_the_pages(run, tmp_path):
    assert run("sheet", ID, "--fillable", "--format", "xlsx", "--output", "a")[0] == 0
    assert sorted(path.name for path in Path("a").iterdir()) == [f"{ID}-fillable.pdf", f"{ID}.xlsx"]
    assert run("sheet", ID, "--fillable", "--output", "b")[0] == 0
    assert sorted(path.name for path in Path("b").iterdir()) == [
        f"{ID}-{name}.pdf" for name in ("blank", "fillable", "solved")
    ]
    form, other = (Path(name, f"{ID}-fillable.pdf").read_bytes() for name in "ab")
    assert form == other


def test_a_set_code_that_is_not_utf_8_is_refused(refused, tmp_path):
    """As Python has it from a terminal that writes Latin-1."""
    roster, ladder = (ROOT / "docs" / name for name in ("roster.csv", "ladder.toml"))
    for command in (["class", "matmul", roster], ["course", ladder, roster]):
        said = refused(*command, "--set", "Gr\udcf6\udcdfe", "--output", tmp_path / "o")
        assert "it is not UTF-8" in said
        assert not (tmp_path / "o").exists()
